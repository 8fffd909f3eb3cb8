"""The checks that a plan did not ask for, and that its wiring and the endpoints' own words imply.

A planner that says nothing about a step still gets its result looked at as what the next step takes it for.
"""

from collections.abc import Iterator, Mapping

from core.checks import Check, FileCheck
from core.nouns import FILE_KINDS, Argument, Call, Endpoint, Goal, Kind, Plan, Step, references
from planners.catalogue.promises import expectations
from planners.catalogue.quantities import read_quantities

Endpoints = Mapping[tuple[str, str], Endpoint]
"""By Space and name."""


def bounded(plan: Plan, goal: Goal, endpoints: Endpoints) -> Plan:
    """The plan with every implied check added. What it asks for itself stays, and steps of other tools too."""
    return plan.model_copy(update={"steps": tuple(_bounded(step, plan, goal, endpoints) for step in plan.steps)})


def _bounded(step: Step, plan: Plan, goal: Goal, endpoints: Endpoints) -> Step:
    endpoint = _endpoint(step.call, endpoints)
    if endpoint is None:
        return step
    implied = (
        *(() if step.checks else _promised(step, plan, goal, endpoint)),
        *_wired(step, plan, endpoint, endpoints),
    )
    asked = {check.check for check in step.checks}
    fresh = {check.check: check for check in implied if check.check not in asked}
    return step.model_copy(update={"checks": (*step.checks, *fresh.values())}) if fresh else step


def _promised(step: Step, plan: Plan, goal: Goal, endpoint: Endpoint) -> Iterator[Check]:
    """What the endpoint says of its outputs; of what the user asked for, what the last steps have to answer to."""
    asked = read_quantities(goal.text) if any(place.step == step.id for place in plan.results) else ()
    for number in range(len(endpoint.outputs)):
        yield from expectations(endpoint, number, _inputs(step.call), asked)


def _wired(step: Step, plan: Plan, endpoint: Endpoint, endpoints: Endpoints) -> Iterator[Check]:
    """An output that is declared as any file has to be what its reader takes."""
    for reader in plan.steps:
        for output, kind in _taken(step.id, reader, endpoints):
            made = endpoint.outputs[output].kind if output < len(endpoint.outputs) else kind
            if made == "file" and kind in FILE_KINDS and kind != "file":
                yield FileCheck(kind=kind)


def _taken(step: str, reader: Step, endpoints: Endpoints) -> Iterator[tuple[int, Kind]]:
    """Which outputs of `step` the reader takes, and as what."""
    shape = _endpoint(reader.call, endpoints)
    for name, argument in _inputs(reader.call).items():
        parameter = shape.parameter(name) if shape else None
        for place in references(argument):
            if place.step == step and parameter is not None:
                yield place.output, parameter.kind


def _endpoint(call: Call, endpoints: Endpoints) -> Endpoint | None:
    return endpoints.get((str(call.arguments.get("space")), str(call.arguments.get("endpoint"))))


def _inputs(call: Call) -> Mapping[str, Argument]:
    inputs = call.arguments.get("inputs")
    return inputs if isinstance(inputs, dict) else {}
