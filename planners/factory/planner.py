"""The plans of the Space factory: read the card, write the code, deploy it, prove it; then repair what failed.

A pure function of the run. Repairs hand the evidence of the failure to the coder, who keeps what was written before.
"""

import re
from collections.abc import Awaitable, Callable, Mapping

from core.checks import RungCheck
from core.errors import HandsNeeded
from core.nouns import Argument, Call, From, Plan, Step
from core.run import Run, Unit
from core.rungs import Rung
from planners.factory.order import Order, order_of

PLANNER = "factory"
VALIDATE = "validate"

BUILDING = 2400.0
"""Seconds for a deployment: a build and its first start take half an hour at most."""
CODING = 3600.0
PROVING = 3000.0
WITNESSING = 1800.0

REPAIRABLE: frozenset[Rung] = frozenset({"generated", "built", "api_alive", "output_type_ok"})
"""What other code could mend."""

ROUNDS = 2
"""Repairs after a deployment that failed."""

_GATED = re.compile(r"GatedRepo|gated repo|is gated, and|access to model .{1,120} is restricted", re.IGNORECASE)
"""What the validator says of an app that may not have the weights, and huggingface_hub in the app's log."""

Planner = Callable[[Run], Awaitable[Plan | None]]


def factory(coder: bool) -> Planner:
    """The planner. `coder` says whether somebody can write code, which every repair needs."""

    async def planner(run: Run) -> Plan | None:
        order = order_of(run.goal.text)
        if order is None:
            return None
        if run.plan is None:
            return plan_for(order)
        return after_failure(order, run, run.plan, coder)

    return planner


def proof_of(arguments: Mapping[str, Argument]) -> Planner:
    """The planner of one test of a Space, with what the user gave to be asked of it."""

    async def planner(run: Run) -> Plan | None:
        order = Order(kind="validate", id=str(arguments["space"]))
        if run.plan is not None:
            return after_failure(order, run, run.plan, coder=False)
        made = plan_for(order)
        call = made.steps[0].call.model_copy(update={"arguments": dict(arguments)})
        return made.model_copy(update={"steps": (made.steps[0].model_copy(update={"call": call}),)})

    return planner


def plan_for(order: Order) -> Plan:
    """The whole way at once, with the rung that each step has to reach."""
    if order.kind == "validate":
        step = _validate(order.id, VALIDATE, Call(tool="validator", arguments={"space": order.id}))
        reason = "A Space is proved by several calls with different inputs, and by reading its program."
        return Plan(steps=(step,), results=(_from(VALIDATE),), planner=PLANNER, reasons=(reason,))
    facts = Step(
        id="facts",
        title=f"Read the card of {order.id}",
        call=Call(tool="card_analyst", arguments={"task": order.id}),
    )
    code = Step(
        id="code",
        title="Write the Space",
        call=Call(tool="pi_coder", arguments={"facts": _from("facts")}),
        attempts=1,
        seconds=CODING,
    )
    reasons = (
        "A recipe writes the code where there is one for the task; a coding model writes and repairs the rest.",
        "The Space stays private, and counts as built only when a model at work was proved.",
    )
    return _whole(order, (facts, code), 1, reasons)


def after_failure(order: Order, run: Run, plan: Plan, coder: bool) -> Plan | None:
    """A repair, or None when nothing helps.

    Raises HandsNeeded when a person has to do something first.
    """
    shown = next((unit for unit in run.failures if _rung(unit)), None)
    if shown is None:
        return None
    rung, reasons = _rung(shown), _reasons(shown)
    if rung == "manual_hardware_required":
        raise HandsNeeded(f"manual_hardware_required: {reasons}")
    if order.kind == "build" and _GATED.search(reasons) and _gated(run):
        raise HandsNeeded(
            f"{order.id} is gated: ask for access on its page, give the Space a token that has it as the secret "
            f"HF_TOKEN in its settings, and resume the run. It is {rung} so far"
        )
    if rung not in REPAIRABLE or order.kind == "validate" or not coder:
        return None
    number = _number(plan) + 1
    if number > ROUNDS + 1:
        return None
    return _repair(order, plan, number, f"The Space reached '{rung}' and no further: {reasons}", _space(run, plan))


def _repair(order: Order, plan: Plan, number: int, evidence: str, space: str | None) -> Plan:
    """The same way again from the code on, into the same Space."""
    kept = tuple(step for step in plan.steps if step.call.tool in ("card_analyst", "pi_coder"))
    arguments: dict[str, Argument] = {
        "facts": _from("facts"),
        "workspace": _from(kept[-1].id),
        "evidence": [evidence[:6000]],
    }
    code = Step(
        id=f"code_{number}",
        title="Repair the Space",
        call=Call(tool="pi_coder", arguments=arguments),
        attempts=1,
        seconds=CODING,
    )
    return _whole(order, (*kept, code), number, (*plan.reasons, f"Repair {number - 1}: {evidence[:300]}"), space)


def _whole(
    order: Order, begun: tuple[Step, ...], number: int, reasons: tuple[str, ...], space: str | None = None
) -> Plan:
    """Deployment and proof behind the code that was written last; `space` is one that gets other files."""
    suffix = "" if number == 1 else f"_{number}"
    code, deploy, validate = begun[-1].id, f"deploy{suffix}", f"validate{suffix}"
    arguments: dict[str, Argument] = {
        "workspace": _from(code),
        "facts": _from("facts"),
        "space": space,
        "namespace": order.namespace,
        "hardware": order.hardware,
        "fixed_gpu_allowed": order.fixed_gpu,
    }
    deployment = Step(
        id=deploy,
        title="Deploy it as a private Space",
        call=Call(tool="space_deployer", arguments={name: value for name, value in arguments.items() if value}),
        checks=(RungCheck(at_least="built"),),
        attempts=1,
        seconds=BUILDING,
    )
    made = From.model_validate({"from": deploy, "output": 1})
    proof = _validate("it", validate, Call(tool="validator", arguments={"space": made, "model": order.id}))
    witness = Step(
        id="witness",
        title="Call it from a Job",
        call=Call(tool="smoke_test", arguments={"space": made, "validation": _from(validate)}),
        attempts=1,
        seconds=WITNESSING,
        optional=True,
    )
    return Plan(
        steps=(*begun, deployment, proof, witness),
        results=(_from(validate), _from(deploy)),
        planner=PLANNER,
        reasons=reasons,
    )


def _validate(what: str, id: str, call: Call) -> Step:
    return Step(id=id, title=f"Prove that {what} works", call=call, checks=(RungCheck(),), attempts=1, seconds=PROVING)


def _rung(unit: Unit) -> Rung | None:
    """What the newest attempt at a step showed of the Space."""
    for verdict in unit.attempts[-1].verdicts if unit.attempts else ():
        if verdict.check == "rung" and "rung" in verdict.facts:
            return verdict.facts["rung"]  # type: ignore[return-value]  # tools/checks/risen.py lets no other through
    return None


def _reasons(unit: Unit) -> str:
    for verdict in unit.attempts[-1].verdicts:
        if isinstance(told := verdict.facts.get("reasons"), list):
            return "; ".join(map(str, told))
    return ""


def _gated(run: Run) -> bool:
    """Whether the Hub said so itself: an app whose log only claims it would be handed a token."""
    told = [artifact.value for unit in run.of("facts") for artifact in unit.artifacts]
    return any(isinstance(value, dict) and value.get("gated") is True for value in told)


def _space(run: Run, plan: Plan) -> str | None:
    """What the newest deployment has made, whether or not it was good enough."""
    steps = [step.id for step in plan.steps if step.call.tool == "space_deployer"]
    for unit in (unit for id in reversed(steps) for unit in run.of(id)):
        for artifact in unit.artifacts or (unit.attempts[-1].artifacts if unit.attempts else ()):
            return artifact.origin.space
    return None


def _number(plan: Plan) -> int:
    """How many times code was written."""
    return sum(step.call.tool == "pi_coder" for step in plan.steps)


def _from(step: str) -> From:
    return From.model_validate({"from": step})
