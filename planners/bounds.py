"""The checks that a plan did not ask for, and that its wiring and the endpoints' own words imply.

A planner that says nothing about a step still gets its result looked at as what the next step takes it for.
"""

from collections.abc import Iterator, Mapping

from core.checks import Check, FileCheck
from core.nouns import FILE_KINDS, Argument, Call, Endpoint, Goal, Parameter, Plan, Step, references
from planners.catalogue.promises import check_of, demands, expectations
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
    checks = {check.check: check for check in step.checks}
    implied = (
        *(() if step.checks else _promised(step, plan, goal, endpoint)),
        *_wired(step, plan, endpoint, endpoints),
    )
    for check in implied:
        checks[check.check] = _joined(checks.get(check.check), check)
    made = tuple(checks.values())
    return step if made == step.checks else step.model_copy(update={"checks": made})


def _joined(asked: Check | None, implied: Check) -> Check:
    """What was asked for itself stays; what it leaves open is implied."""
    if asked is None:
        return implied
    left_open = implied.model_fields_set - asked.model_fields_set
    return asked.model_copy(update={key: getattr(implied, key) for key in left_open})


def _promised(step: Step, plan: Plan, goal: Goal, endpoint: Endpoint) -> Iterator[Check]:
    """What the endpoint says of its outputs; of what the user asked for, what the last steps have to answer to."""
    asked = read_quantities(goal.text) if any(place.step == step.id for place in plan.results) else ()
    for number in range(len(endpoint.outputs)):
        yield from expectations(endpoint, number, _inputs(step.call), asked)


def _wired(step: Step, plan: Plan, endpoint: Endpoint, endpoints: Endpoints) -> Iterator[Check]:
    """An output has to be what its readers take: of their kind where it is declared as any file, and large enough."""
    for reader in plan.steps:
        for output, parameter, words in _taken(step.id, reader, endpoints):
            made = endpoint.outputs[output].kind if output < len(endpoint.outputs) else parameter.kind
            if made == "file" and parameter.kind in FILE_KINDS and parameter.kind != "file":
                yield FileCheck(kind=parameter.kind)
            if (least := check_of(made, demands(made, words))) is not None:
                yield least


def _taken(step: str, reader: Step, endpoints: Endpoints) -> Iterator[tuple[int, Parameter, str]]:
    """Which outputs of `step` the reader takes, as what, and what it says of them."""
    shape = _endpoint(reader.call, endpoints)
    for name, argument in _inputs(reader.call).items():
        parameter = shape.parameter(name) if shape else None
        if shape is None or parameter is None:
            continue
        # What an endpoint says of its input is said of the only file it takes.
        files = [other for other in shape.parameters if other.kind in FILE_KINDS]
        words = f"{parameter.description}\n{shape.description if files == [parameter] else ''}"
        for place in references(argument):
            if place.step == step:
                yield place.output, parameter, words


def _endpoint(call: Call, endpoints: Endpoints) -> Endpoint | None:
    return endpoints.get((str(call.arguments.get("space")), str(call.arguments.get("endpoint"))))


def _inputs(call: Call) -> Mapping[str, Argument]:
    inputs = call.arguments.get("inputs")
    return inputs if isinstance(inputs, dict) else {}
