"""Plans of earlier runs that passed, as what a new plan can learn from."""

from core.errors import RecordUnusable
from core.nouns import Call, Step
from core.record import RunFolder, Runs
from core.run import Run
from planners.catalogue.sketch.precedents import Precedent

MOST = 50
"""Runs that are looked at, newest first."""


class Earlier:
    """Reads each run once: a run that has ended changes no more."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._known: dict[str, Precedent | None] = {}

    def __call__(self) -> tuple[Precedent, ...]:
        """Newest first. A run that cannot be read, or goes on, teaches nothing."""
        read = [self._precedent(folder) for folder in self._runs.all()[:MOST]]
        return tuple(precedent for precedent in read if precedent)

    def _precedent(self, folder: RunFolder) -> Precedent | None:
        if folder.id in self._known:
            return self._known[folder.id]
        try:
            run = folder.run()
        except RecordUnusable:
            return None
        precedent = precedent_of(run)
        if run.status != "running":
            self._known[folder.id] = precedent
        return precedent


def precedent_of(run: Run) -> Precedent | None:
    """Only of a run that has passed, and of the calls that passed in it."""
    if run.status != "passed" or run.plan is None:
        return None
    keys = {step.id: key for step in run.plan.steps if (key := _key(_passed(run, step)))}
    if not keys:
        return None
    pairs = ((place.step, step.id) for step in run.plan.steps for place in step.reads())
    links = tuple((keys[a], keys[b]) for a, b in pairs if a in keys and b in keys)
    return Precedent(request=run.goal.text, offers=tuple(keys.values()), links=tuple(dict.fromkeys(links)))


def _passed(run: Run, step: Step) -> Call:
    """What was called in the end: the step's own call or one of its fallbacks."""
    return next((unit.call for unit in run.of(step.id) if unit.done and unit.call), step.call)


def _key(call: Call) -> str:
    space, endpoint = call.arguments.get("space"), call.arguments.get("endpoint")
    return f"{space}{endpoint}" if isinstance(space, str) and isinstance(endpoint, str) else ""
