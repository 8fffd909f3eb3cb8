"""Waiting until the build of a Space has ended, and saying what came of it."""

import asyncio
import re
import time
from collections.abc import Callable

from core.errors import SpaceUnavailable
from core.hub import Hub
from core.signals import say
from tools.deployment.requests import Machine, last_lines, machine

UNDER_WAY = frozenset({"", "NO_APP_FILE", "BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
"""`NO_APP_FILE` is what a Space says until the Hub has seen its first files."""

UNBUILT = frozenset({"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"})
STOPPED = frozenset({"PAUSED", "STOPPED"})
_NO_MACHINE = re.compile(r"unable to schedule|not enough hardware|hardware quota|quota limit", re.IGNORECASE)


async def ended(hub: Hub, space: str, revision: str, patience: float, tell: Callable[[str], None]) -> Machine:
    """The Space once its build has ended, well or badly.

    Raises SpaceUnavailable after `patience` seconds; a later call may go on waiting.
    """
    deadline = time.monotonic() + patience
    pause = 0.1 if hub.local else 2.0
    stage = ""
    while under_way(seen := await machine(hub, space), revision):
        if seen.stage != stage:
            stage = seen.stage
            tell(stage)
        if time.monotonic() + pause > deadline:
            if seen.stage == "RUNNING" and seen.revision == revision:
                # It runs, on another machine than the Hub has noted: what it is on now is told.
                return seen
            raise SpaceUnavailable(f"{space} is still {seen.stage} after {patience:.0f} s; deploy it again to go on")
        await asyncio.sleep(pause)
    return seen


def under_way(seen: Machine, revision: str) -> bool:
    """Whether the Hub is still at work on this revision."""
    if seen.stage in UNDER_WAY:
        return True
    # What runs may be the version before, or still on the machine before.
    older = seen.revision not in (None, revision)
    moving = seen.current is not None and seen.current != seen.requested
    return seen.stage == "RUNNING" and (older or moving)


def wants_machine(seen: Machine) -> bool:
    """Whether it does not run for want of a machine: stopped, or with no room anywhere."""
    return seen.stage in STOPPED or (seen.stage == "RUNTIME_ERROR" and bool(_NO_MACHINE.search(seen.error)))


async def troubles(hub: Hub, space: str, seen: Machine) -> tuple[str, ...]:
    """Why it does not run, in the Hub's and its log's own words; nothing when it does."""
    if not seen.stage.endswith("_ERROR") and seen.stage not in STOPPED:
        return ()
    said = f": {say(seen.error, 500)}" if seen.error else ""
    found = [f"{space} is {seen.stage}{said}"]
    if seen.stage in ("BUILD_ERROR", "RUNTIME_ERROR"):
        build = seen.stage == "BUILD_ERROR"
        if lines := await last_lines(hub, space, build):
            found.append(f"its {'build' if build else 'run'} log ends with {say(lines, 1500)}")
    return tuple(found)
