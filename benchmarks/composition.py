"""Our own runner on a fixed plan, composed of the real parts: what is measured, and what is killed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.near_zero_space import REVISION, SPACE
from benchmarks.tiny_works import ENDPOINTS, PICTURE
from core.checks import Check, FileCheck, ImageCheck
from core.events import ConsentAsked
from core.hub import Hub
from core.nouns import Argument, Call, Cost, From, Plan, Step
from core.record import Runs
from core.run import Run
from core.transport import Transport
from planners.cache import Cache
from planners.crew import Crew
from planners.runner import Runner
from tools.artifact_tool import ArtifactTool
from tools.call_space import CallSpace
from tools.catalogue import Catalogue
from tools.checks.laboratory import Laboratory


class Link(NamedTuple):
    """One step of a branch."""

    endpoint: str
    seconds: float


Branches = Sequence[Sequence[Link]]


def branches_plan(subjects: Sequence[str], branches: Branches, checked: bool = False, space: str = SPACE) -> Plan:
    """Branches side by side, each a chain that starts from its subject. `checked` asks for checks of every picture."""
    steps = [
        _step(f"b{number}_{place}", From(step=f"b{number}_{place - 1}") if place else subject, link, checked, space)
        for number, (subject, links) in enumerate(zip(subjects, branches, strict=True))
        for place, link in enumerate(links)
    ]
    ends = tuple(From(step=f"b{number}_{len(links) - 1}") for number, links in enumerate(branches))
    return Plan(steps=tuple(steps), results=ends, planner="fixed")


def _step(id: str, subject: Argument, link: Link, checked: bool, space: str) -> Step:
    arguments: dict[str, Argument] = {
        "space": space,
        "revision": REVISION,
        "endpoint": link.endpoint,
        "inputs": {"subject": subject, "seconds": link.seconds},
    }
    picture: tuple[Check, ...] = (FileCheck(), ImageCheck(min_width=16, min_height=16))
    checks = picture if checked and ENDPOINTS[link.endpoint][1] == PICTURE else ()
    return Step(id=id, title=id, call=Call(tool="call_space", arguments=arguments), checks=checks)


@asynccontextmanager
async def crew_on(endpoint: str, root: Path) -> AsyncIterator[Crew]:
    """What a runner works with, on the Hub at `endpoint`; runs are kept below `root`."""
    hub = Hub(endpoint, None)
    async with Transport(loopback=True) as transport, Laboratory() as laboratory:
        catalogue = Catalogue(hub, transport, root / ".catalogue")
        tools: dict[str, ArtifactTool] = {"call_space": CallSpace(catalogue)}
        yield Crew(tools, laboratory, Cache(Runs(root)), _nobody, consented=False, local=True)


def runner_of(crew: Crew, plan: Plan, endpoint: str) -> Runner:
    """A runner whose planner hands in this plan once."""

    async def planner(run: Run) -> Plan | None:
        return plan if run.plan is None else None

    return Runner(planner, "fixed", _nothing_against, crew, endpoint)


async def _nothing_against(plan: Plan, run: Run) -> tuple[tuple[str, ...], tuple[Cost, ...]]:
    return (), ()


async def _nobody(asked: ConsentAsked) -> bool:
    return False
