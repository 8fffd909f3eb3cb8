"""How well the validator tells a model at work from what only looks so: honest Spaces and cheats on a fresh local Hub.

Prints a table and two figures, cheats accepted and honest refused; the exit code is 1 when either is not 0.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from core.events import ConsentAsked
from core.factory import Validation
from core.nouns import Argument, Goal
from core.record import Runs
from core.rungs import RUNGS
from core.settings import Settings, quiet_libraries
from localhub.bundled import FOLDER
from tests.loopback.cheating_spaces import CHEATS, HONEST, Seeded, install
from tests.loopback.localhub_fixtures import LocalHub, running_hub


class Row(NamedTuple):
    space: Seeded
    honest: bool
    found: Validation
    seconds: float

    @property
    def right(self) -> bool:
        proved = self.found.rung == RUNGS[-1]
        named = self.space.trace in " ".join(self.found.reasons)
        return proved if self.honest else (not proved and named)


def settings_for(hub: LocalHub, root: Path) -> Settings:
    return Settings(endpoint=hub.endpoint, token=hub.token, runs=root / "runs", home=root / "home")


async def _nobody(asked: ConsentAsked) -> bool:
    return False


async def validated(settings: Settings, space: str, **more: Argument) -> Validation:
    """One validation as the command makes it."""
    from planners.factory.planner import proof_of
    from planners.runner import Planned
    from planners.workshop import workshop
    from window.outcomes import validation_of

    folder = Runs(settings.runs).begin(f"Validate {space}")
    async with workshop(settings, _nobody, Planned("validator", proof_of({"space": space, **more}))) as shop:
        run = await shop.pursue(folder, Goal(text=f"Validate {space}"))
    found = validation_of(run, folder)
    if found is None:
        raise SystemExit(f"{space}: the run {run.status}: {run.reason}")
    return found


def measure(names: list[str]) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        with running_hub(root / "hub", FOLDER, fork=True) as hub:
            os.environ["HF_ENDPOINT"] = hub.endpoint
            settings = settings_for(hub, root)
            for honest, spaces in ((True, HONEST), (False, CHEATS)):
                for space in spaces:
                    if names and not any(name in space.name for name in names):
                        continue
                    id = install(hub, space)
                    began = time.monotonic()
                    found = asyncio.run(validated(settings, id))
                    rows.append(Row(space, honest, found, time.monotonic() - began))
                    hub.api().pause_space(id)
    return rows


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="only Spaces with one of these in their name")
    options.add_argument("--json", action="store_true")
    told = options.parse_args()
    quiet_libraries()
    rows = measure(told.names)
    accepted = [row.space.name for row in rows if not row.honest and row.found.rung == RUNGS[-1]]
    refused = [row.space.name for row in rows if row.honest and row.found.rung != RUNGS[-1]]
    unnamed = [row.space.name for row in rows if not row.honest and not row.right and row.space.name not in accepted]
    figures = {
        "cheats": sum(not row.honest for row in rows),
        "cheats_accepted": len(accepted),
        "cheats_without_their_trace": len(unnamed),
        "honest": sum(row.honest for row in rows),
        "honest_refused": len(refused),
    }
    if told.json:
        print(json.dumps(figures | {"which": [*accepted, *refused, *unnamed]}))
    else:
        for row in rows:
            mark = "right" if row.right else "WRONG"
            print(f"{mark}  {row.space.name:26} {row.found.rung:24} {row.seconds:5.1f} s")
            print("".join(f"         - {reason}\n" for reason in row.found.reasons), end="")
        print("; ".join(f"{name.replace('_', ' ')}: {count}" for name, count in figures.items()))
    return 1 if accepted or refused or unnamed else 0


if __name__ == "__main__":
    sys.exit(main())
