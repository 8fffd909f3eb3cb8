"""Twenty people, a run each: no event is lost or mixed, and the page stays quick. Prints its figures with -s."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.events import CallProgressed
from tests.browser.page_server import Chronicle, served

pytestmark = pytest.mark.slow

PEOPLE = 20
EVENTS = 30


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(runs: Path) -> Iterator[str]:
    with served(runs) as at:
        yield at


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


async def watch(client: httpx.AsyncClient, address: str, run: Chronicle, seen: dict[int, float]) -> None:
    """When each position in the queue was first heard of; another run's picture fails."""
    async with client.stream("GET", f"{address}/page/runs/{run.id}/events") as answer:
        async for line in answer.aiter_lines():
            told = json.loads(line[6:]) if line.startswith("data: ") else {}
            parts = told.get("parts", {})
            assert parts.get("head", {"id": run.id})["id"] == run.id
            progress = parts.get("step words", {"units": [{"progress": None}]})["units"][0]["progress"]
            if progress:
                seen.setdefault(progress["position"], time.time())
                if progress["position"] == EVENTS:
                    return


async def write(run: Chronicle, written: dict[int, float]) -> None:
    for position in range(1, EVENTS + 1):
        event = {"step": "words", "attempt": 1, "stage": "queued", "position": position}
        written[position] = run.tell(CallProgressed.model_validate(event)).time
        await asyncio.sleep(0.12)


async def answers(client: httpx.AsyncClient, address: str) -> list[float]:
    took = []
    for _ in range(40):
        began = time.monotonic()
        assert (await client.get(address)).status_code == 200
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return took


async def test_twenty_runs_at_once_are_followed_without_a_loss(runs, address):
    people = [Chronicle(runs, f"Make thing {number}") for number in range(PEOPLE)]
    for run in people:
        run.plan()
        run.start("words")
    seen: list[dict[int, float]] = [{} for _ in people]
    written: list[dict[int, float]] = [{} for _ in people]
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=100)) as client:
        watching = [asyncio.create_task(watch(client, address, *pair)) for pair in zip(people, seen, strict=True)]
        await asyncio.sleep(0.5)
        writing = [write(*pair) for pair in zip(people, written, strict=True)]
        *_, took = await asyncio.gather(*writing, answers(client, address))
        await asyncio.wait_for(asyncio.gather(*watching), 20)
    for run in people:
        run.leave()
    late = [ears[position] - told[position] for ears, told in zip(seen, written, strict=True) for position in ears]
    tail = statistics.quantiles(took, n=20)[-1]
    middle, slow = statistics.median(late), statistics.quantiles(late, n=20)[-1]
    print(f"\n{PEOPLE} runs: an event after {middle:.3f} s (95 %: {slow:.3f} s), the page within {tail:.3f} s (95 %)")
    assert all(EVENTS in ears for ears in seen)
    assert (middle < 0.3, tail < 0.3) == (True, True)


async def test_who_only_looks_costs_little(runs, address):
    run = Chronicle(runs, "Make a thing")
    run.plan()
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as client:
        before = resident()
        looking = [asyncio.create_task(watch(client, address, run, {})) for _ in range(40)]
        await asyncio.sleep(2)
        each = (resident() - before) / 40 / 1e6
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
    run.leave()
    print(f"\n{each:.2f} MB for each who looks on, both ends of the connection counted")
    assert each < 5
