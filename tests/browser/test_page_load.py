"""Twenty people, a run each: no event is lost or mixed, and the page stays quick. Prints its figures with -s."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass
class Visitor:
    """Somebody who looks at one run."""

    run: Chronicle
    there: asyncio.Event = field(default_factory=asyncio.Event)
    """The first picture has come."""
    seen: dict[int, float] = field(default_factory=dict)
    """When each position in the queue was first heard of."""
    told: dict[int, float] = field(default_factory=dict)
    news: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    async def watch(self, client: httpx.AsyncClient, address: str) -> None:
        """Until the last event; another run's picture fails."""
        async with client.stream("GET", f"{address}/page/runs/{self.run.id}/events") as answer:
            async for line in answer.aiter_lines():
                parts = json.loads(line[6:]).get("parts", {}) if line.startswith("data: ") else {}
                assert parts.get("head", {"id": self.run.id})["id"] == self.run.id
                if parts:
                    self.there.set()
                progress = parts.get("step words", {"units": [{"progress": None}]})["units"][0]["progress"]
                if progress and progress["position"] not in self.seen:
                    self.seen[progress["position"]] = time.time()
                    self.news.put_nowait(progress["position"])
                if EVENTS in self.seen:
                    return

    async def write(self) -> None:
        """Each event as soon as the one before was seen."""
        for position in range(1, EVENTS + 1):
            event = {"step": "words", "attempt": 1, "stage": "queued", "position": position}
            self.told[position] = self.run.tell(CallProgressed.model_validate(event)).time
            assert await asyncio.wait_for(self.news.get(), 20) == position

    def late(self) -> list[float]:
        return [self.seen[position] - self.told[position] for position in self.told]


async def answers(client: httpx.AsyncClient, address: str) -> list[float]:
    """How long the page takes while the others look."""
    took = []
    for _ in range(40):
        began = time.monotonic()
        assert (await client.get(address)).status_code == 200
        took.append(time.monotonic() - began)
    return took


async def all_there(people: list[Visitor]) -> None:
    await asyncio.wait_for(asyncio.gather(*(each.there.wait() for each in people)), 30)


async def test_twenty_runs_at_once_are_followed_without_a_loss(runs, address):
    people = [Visitor(Chronicle(runs, f"Make thing {number}")) for number in range(PEOPLE)]
    for each in people:
        each.run.plan()
        each.run.start("words")
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=100)) as client:
        watching = [asyncio.create_task(each.watch(client, address)) for each in people]
        await all_there(people)
        *_, took = await asyncio.gather(*(each.write() for each in people), answers(client, address))
        await asyncio.wait_for(asyncio.gather(*watching), 20)
    for each in people:
        each.run.leave()
    late = [seconds for each in people for seconds in each.late()]
    tail = statistics.quantiles(took, n=20)[-1]
    middle, slow = statistics.median(late), statistics.quantiles(late, n=20)[-1]
    print(f"\n{PEOPLE} runs: an event after {middle:.3f} s (95 %: {slow:.3f} s), the page within {tail:.3f} s (95 %)")
    assert all(list(each.seen) == list(range(1, EVENTS + 1)) for each in people)
    assert (middle < 0.3, tail < 0.3) == (True, True)


async def test_who_only_looks_costs_little(runs, address):
    run = Chronicle(runs, "Make a thing")
    run.plan()
    people = [Visitor(run) for _ in range(40)]
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as client:
        before = resident()
        looking = [asyncio.create_task(each.watch(client, address)) for each in people]
        await all_there(people)
        each = (resident() - before) / 40 / 1e6
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
    run.leave()
    print(f"\n{each:.2f} MB for each who looks on, both ends of the connection counted")
    assert each < 5
