"""What there is to look at so far: what the plan calls its results, and what a published page shows."""

from collections.abc import Iterator
from typing import NamedTuple

from core.checks import Verdict
from core.nouns import Artifact, From, Plan, Step
from core.run import Run, unit_key
from planners.runner import PUBLISHERS
from tools.publish_viewer import PublishViewer
from window.page.picture.step import item_names


class Slot(NamedTuple):
    """The place of a result. It is there from the first result on, so that none has to make room for another."""

    key: str
    artifact: Artifact | None
    verdicts: tuple[Verdict, ...] = ()


def slots(run: Run) -> list[Slot]:
    """In the plan's order, each result once; empty until there is something, without gaps once the run has ended."""
    if run.plan is None:
        return []
    found = [slot for place in dict.fromkeys(_places(run.plan)) for slot in _at(place, run, run.plan)]
    if not any(slot.artifact for slot in found):
        return []
    return [slot for slot in found if slot.artifact or run.status == "running"]


def awaited(run: Run) -> bool:
    """Whether something is to be published that is not there yet."""
    steps = run.plan.steps if run.plan else ()
    return any(_publishes(step) and not _done(run, step) for step in steps)


def published(run: Run) -> Artifact | None:
    """The newest page or Space that the run has published."""
    pages = [
        artifact
        for step in (run.plan.steps if run.plan else ())
        if step.call.tool in PUBLISHERS
        for unit in run.of(step.id)
        if unit.done
        for artifact in unit.artifacts
    ]
    return pages[-1] if pages else None


def _places(plan: Plan) -> Iterator[From]:
    """The results themselves; in the place of a published page, what it shows."""
    for place in plan.results:
        step = plan.step(place.step)
        if _publishes(step):
            yield from step.reads()
        else:
            yield place


def _at(place: From, run: Run, plan: Plan) -> Iterator[Slot]:
    step = plan.step(place.step)
    units = {unit.item: unit for unit in run.of(step.id)}
    items = list(units) if step.each is not None else [None]
    if step.each is not None:
        items = sorted({*(item or 0 for item in items), *range(len(item_names(step, plan)))})
    for item in items:
        unit = units.get(item)
        key = f"{unit_key(step.id, item)} {place.output}"
        made = [a for a in unit.artifacts if a.origin.output == place.output] if unit and unit.done else []
        yield from (Slot(f"{key} {number}", each, unit.verdicts if unit else ()) for number, each in enumerate(made))
        if not made:
            yield Slot(f"{key} 0", None)


def _publishes(step: Step) -> bool:
    return step.call.tool == PublishViewer.name


def _done(run: Run, step: Step) -> bool:
    units = run.of(step.id)
    return bool(units) and all(unit.done for unit in units)
