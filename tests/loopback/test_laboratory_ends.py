"""How the separate process ends: by itself, by somebody else's hand, or in the middle of its work."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.loopback.test_laboratory import gone, zygotes
from tests.unit.checks_samples import picture
from tools.checks.laboratory import Laboratory


@pytest.fixture
def slow(tmp_path):
    """JSON that takes seconds to read."""
    path = tmp_path / "slow"
    path.write_bytes(b"[" + b'{"a":1},' * 1_500_000 + b"1]")
    return path


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(picture())
    return path


def family(pid: int) -> list[int]:
    """The forks of a checking process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def asked(laboratory: Laboratory, path: Path, times: int) -> list[asyncio.Task]:
    """Questions that have reached the separate process."""
    await laboratory.ready()
    tasks = [asyncio.create_task(laboratory.examine(path, "json")) for _ in range(times)]
    await asyncio.sleep(0)
    return tasks


async def test_a_laboratory_that_closes_answers_whoever_still_waits(slow):
    before = set(zygotes(os.getpid()))
    async with asyncio.timeout(10):
        async with Laboratory() as laboratory:
            tasks = await asked(laboratory, slow, 3)
        seen = await asyncio.gather(*tasks)
    assert {examination.gate.status for examination in seen} == {"unknown"}
    assert all("ended" in examination.gate.reason or "closed" in examination.gate.reason for examination in seen)
    assert set(zygotes(os.getpid())) == before


async def test_nothing_can_be_asked_of_a_closed_laboratory(small):
    async with Laboratory() as laboratory:
        await laboratory.ready()
    assert (await laboratory.examine(small, "image")).gate.reason == "unread: the laboratory was closed"


async def test_a_laboratory_may_close_while_it_starts():
    async with asyncio.timeout(10):
        async with Laboratory() as laboratory:
            laboratory.start()


async def test_what_was_asked_of_a_process_that_is_killed_is_asked_again(small):
    before = set(zygotes(os.getpid()))
    async with Laboratory() as laboratory:
        tasks = await asked(laboratory, small, 20)
        (pid,) = set(zygotes(os.getpid())) - before
        os.kill(pid, signal.SIGKILL)
        seen = await asyncio.gather(*tasks)
        assert {examination.gate.reason.partition(":")[0] for examination in seen} == {"type_mismatch"}
        assert (await laboratory.examine(small, "image")).gate.status == "pass"


async def test_a_process_that_is_killed_twice_over_a_question_leaves_it_unknown(slow, small):
    before = set(zygotes(os.getpid()))
    async with Laboratory() as laboratory:
        (task,) = await asked(laboratory, slow, 1)
        killed = set()
        while not task.done():
            for pid in set(zygotes(os.getpid())) - before - killed:
                if len(family(pid)) > 0 and len(killed) < 2:
                    killed.add(pid)
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0)
        assert (task.result().gate.status, task.result().gate.reason) == (
            "unknown",
            "unread: the checking process ended",
        )
        assert (await laboratory.examine(small, "image")).gate.status == "pass"


async def test_the_forks_end_with_the_checking_process(slow):
    before = set(zygotes(os.getpid()))
    async with Laboratory() as laboratory:
        (task,) = await asked(laboratory, slow, 1)
        (pid,) = set(zygotes(os.getpid())) - before
        while not (forks := family(pid)):
            await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        task.cancel()
        assert all([gone(fork) for fork in forks])


async def test_a_spare_fork_that_was_ended_is_passed_over(small):
    before = set(zygotes(os.getpid()))
    async with Laboratory() as laboratory:
        await laboratory.ready()
        (pid,) = set(zygotes(os.getpid())) - before
        while len(spares := family(pid)) < 2:
            await asyncio.sleep(0)
        for spare in spares:
            os.kill(spare, signal.SIGKILL)
        assert all([gone(spare) for spare in spares])
        seen = [await laboratory.examine(small, "image") for _ in range(3)]
    assert [examination.gate.status for examination in seen] == ["pass"] * 3


async def test_a_fork_holds_no_pipe_of_another(small):
    """Or what breaks out of a parser could ask another fork, which has not lost its rights yet."""
    before = set(zygotes(os.getpid()))
    async with Laboratory() as laboratory:
        await laboratory.examine(small, "image")
        (pid,) = set(zygotes(os.getpid())) - before
        while len(spares := family(pid)) != 2:  # the one that has answered goes, another takes its place
            await asyncio.sleep(0)
        while any(len(pipes(spare)) > 2 for spare in spares):  # it has only just been forked
            await asyncio.sleep(0)
        first, second = (pipes(spare) for spare in spares)
    assert first.isdisjoint(second)


def pipes(pid: int) -> set[str]:
    links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    return {link for link in links if link.startswith("pipe:")}
