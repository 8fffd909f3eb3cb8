"""A step as the page shows it: what it does where, how each of its items stands, and everything that was tried."""

from collections.abc import Iterator, Mapping

from core.nouns import Argument, Artifact, Attempt, Call, From, Plan, Step
from core.run import Run, Unit, unit_key
from planners.ladder import space_of
from window.page.picture.exhibit import verdict
from window.page.picture.shortening import line, spoken

MOST_ITEMS = 60
"""Items that get a place of their own."""

MOST_TOLD = 60
"""Verdicts and attempts that are told of one step."""


def step_picture(
    step: Step, plan: Plan, run: Run, began: Mapping[str, float], *, asked: bool = False
) -> dict[str, object]:
    """`began` says when the newest attempt of a unit was started, by unit key; `asked` that a person has to say yes."""
    units = run.of(step.id)
    names = item_names(step, plan)
    count = max(len(units), len(names)) if step.each is not None else 1
    by_item = {unit.item: unit for unit in units}
    places = range(min(count, MOST_ITEMS)) if step.each is not None else (None,)
    shown = [by_item.get(item) or Unit(step=step.id, item=item) for item in places]
    call = next((unit.call for unit in reversed(units) if unit.call), step.call)
    return {
        "id": step.id,
        "title": line(step.title, 100),
        "space": space_of(call),
        "planned": space_of(step.call),
        "tool": call.tool,
        "endpoint": line(str(call.arguments.get("endpoint") or ""), 60),
        "reads": sorted({place.step for place in step.reads()}),
        "spread": step.each is not None,
        "count": count,
        "done": sum(unit.done for unit in units),
        "state": standing(units, count, live=run.status == "running"),
        "asked": asked,
        "units": [unit_picture(unit, names, began) for unit in shown],
        "arguments": [list(pair) for pair in arguments(step.call, plan)],
        "expected": [line(check.model_dump_json(exclude_defaults=True), 160) for check in step.checks],
        "fallbacks": [space_of(fallback) or fallback.tool for fallback in step.fallbacks],
        "attempts": [attempt_picture(unit, attempt, names) for unit, attempt in _attempts(units)][:MOST_TOLD],
        "verdicts": [{**verdict(each), "item": _named(unit.item, names)} for unit in units for each in unit.verdicts][
            :MOST_TOLD
        ],
        "source": _revision(units),
    }


def unit_picture(unit: Unit, names: list[str], began: Mapping[str, float]) -> dict[str, object]:
    progress = unit.progress
    made = next((artifact for artifact in unit.artifacts if artifact.file), None)
    return {
        "item": unit.item,
        "name": _named(unit.item, names),
        "state": unit_state(unit),
        "tries": unit.started,
        "began": began.get(unit_key(unit.step, unit.item)) if unit.standing == "running" else None,
        "seconds": unit.seconds,
        "reason": line(unit.reason),
        "progress": progress
        and {
            "stage": progress.stage,
            "position": progress.position,
            "fraction": progress.fraction,
            "text": line(progress.text, 80),
        },
        "made": made and {"sha256": made.sha256, "kind": made.kind, "name": line(made.name, 80)},
        "value": value_of(unit.artifacts),
    }


def unit_state(unit: Unit) -> str:
    """`repaired` passed after an attempt that failed; `again` is between two attempts."""
    if unit.standing == "passed":
        return "repaired" if unit.attempts else "passed"
    if unit.standing == "waiting" and unit.attempts:
        return "again"
    return unit.standing


def standing(units: tuple[Unit, ...], count: int, *, live: bool) -> str:
    """One word for the whole step. Half done it is at work, unless nobody works any more."""
    seen = {unit_state(unit) for unit in units}
    if "failed" in seen:
        return "failed"
    if "running" in seen or (live and "again" in seen):
        return "running"
    if len(units) < count or "waiting" in seen:
        return "running" if live and seen & {"passed", "repaired", "skipped"} else "waiting"
    return "repaired" if "repaired" in seen else "skipped" if seen == {"skipped"} else "passed"


def value_of(artifacts: tuple[Artifact, ...]) -> str:
    """A small answer is told in the picture itself; addresses are not, they have a card of their own."""
    values = [a.value for a in artifacts if a.file is None and a.value is not None and a.origin.tool == "call_space"]
    return spoken(values[0], 60) if values else ""


def attempt_picture(unit: Unit, attempt: Attempt, names: list[str]) -> dict[str, object]:
    fault = attempt.fault
    return {
        "item": _named(unit.item, names),
        "number": attempt.number,
        "space": space_of(attempt.call) or attempt.call.tool,
        "fault": line(fault.message) if fault else "",
        "seconds": attempt.seconds,
    }


def item_names(step: Step, plan: Plan) -> list[str]:
    """What the items of a step are called, as far as the plan says it; empty words where it only says how many."""
    match step.each:
        case tuple():
            return [spoken(item, 60) if isinstance(item, str | int | float) else "" for item in step.each]
        case From() if any(other.id == step.each.step for other in plan.steps):
            return item_names(plan.step(step.each.step), plan)
    return []


def arguments(call: Call, plan: Plan) -> Iterator[tuple[str, str]]:
    """What the call is given, a line each."""
    inputs = call.arguments.get("inputs")
    rows = inputs if isinstance(inputs, dict) else call.arguments
    for name, argument in list(rows.items())[:20]:
        if name not in ("space", "endpoint", "revision", "inputs"):
            yield line(name, 60), _argument(argument, plan)


def _argument(argument: Argument, plan: Plan) -> str:
    match argument:
        case From(step="each"):
            return "each item"
        case From(step="goal"):
            return "your file"
        case From():
            made = next((step.title for step in plan.steps if step.id == argument.step), argument.step)
            return f"what “{line(made, 80)}” makes"
        case list():
            return line(", ".join(_argument(part, plan) for part in argument[:12]))
        case dict():
            return line("; ".join(f"{name}: {_argument(part, plan)}" for name, part in list(argument.items())[:12]))
    return spoken(argument)


def _attempts(units: tuple[Unit, ...]) -> Iterator[tuple[Unit, Attempt]]:
    for unit in units:
        yield from ((unit, attempt) for attempt in unit.attempts)


def _named(item: int | None, names: list[str]) -> str:
    if item is None:
        return ""
    return names[item] if item < len(names) and names[item] else f"item {item + 1}"


def _revision(units: tuple[Unit, ...]) -> str:
    return next((a.origin.revision[:12] for unit in units for a in unit.artifacts if a.origin.revision), "")
