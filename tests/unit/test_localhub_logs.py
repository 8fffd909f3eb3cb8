"""A log is told line by line, and of a long one only what was asked for is read."""

import json
import tracemalloc
from pathlib import Path

import pytest

from localhub import logs


async def told(path: Path, tail: int | None, style: logs.Style = logs.SPACE) -> list[str]:
    events = [event async for event in logs.follow(path, tail, lambda: False, style)]
    return [json.loads(event.removeprefix("data: "))["data"].removesuffix("\n") for event in events]


def written(path: Path, count: int, end: str = "") -> list[str]:
    lines = [f"line {number}" for number in range(count)]
    path.write_text("".join(f"now\t{line}\n" for line in lines) + end)
    return lines


@pytest.mark.parametrize("count", [0, 1, 2, 5, 1000])
@pytest.mark.parametrize("tail", [None, 0, 1, 2, 5, 999, 10**8])
@pytest.mark.parametrize("end", ["", "now\thalf a li"])
async def test_the_last_complete_lines_are_told(tmp_path: Path, count: int, tail: int | None, end: str) -> None:
    lines = written(tmp_path / "log", count, end)
    assert await told(tmp_path / "log", tail) == (lines if tail is None else lines[max(0, count - tail) :])


@pytest.mark.parametrize("tail", [0, 1, 2, 5, 999])
async def test_a_headed_log_is_told_with_its_first_line(tmp_path: Path, tail: int) -> None:
    first, *rest = written(tmp_path / "log", 100)
    assert await told(tmp_path / "log", tail, logs.JOB) == [first, *rest[max(0, 99 - tail) :]]


async def test_lines_are_whole_wherever_a_block_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BLOCK", 7)
    lines = written(tmp_path / "log", 30)
    assert await told(tmp_path / "log", None) == lines
    for tail in range(32):
        assert await told(tmp_path / "log", tail) == lines[max(0, 30 - tail) :]


async def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"now\tthe same again and again\n" * 500_000)
    tracemalloc.start()
    try:
        assert len(await told(path, 3)) == 3
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


async def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert await told(tmp_path / "log", 3) == []
    assert await told(tmp_path / "log", None, logs.JOB) == []
