"""A plan as the language model writes it: as few words as possible, turned into the nouns here.

What the model does not say is not its to decide: revisions come from the catalogue, deadlines and tries from the nouns.
"""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from agents.dialogue.desk_tool import Refused
from core.checks import Check, RungCheck
from core.nouns import Argument, Call, From, Frozen, Plan, Space, Step
from core.quoting import cleaned
from planners.factory.planner import BUILDING, CODING, PROVING

PLANNER = "llm"

MOST_WORDS = 80
"""Characters of a title."""


LONG: Mapping[str, float] = {
    "pi_coder": CODING,
    "space_deployer": BUILDING,
    "validator": PROVING,
    "smoke_test": CODING,
}
"""Seconds for the tools that build and prove Spaces; each tries again by itself where that helps."""

RUNG: Mapping[str, RungCheck] = {
    "space_deployer": RungCheck(at_least="built"),
    "validator": RungCheck(at_least="full_inference_success"),
}
"""What is expected of them where a plan says nothing: a Space that does not work is no success."""


class OutlinedCall(Frozen):
    """An endpoint of a Space, or one of the other tools."""

    space: From | str | None = None
    endpoint: str | None = None
    tool: str | None = None
    inputs: dict[str, Argument] = {}

    @model_validator(mode="after")
    def _one_of_both(self) -> "OutlinedCall":
        if (self.tool is None) == (self.space is None or self.endpoint is None):
            raise ValueError("give `space` and `endpoint`, or `tool`")
        return self

    def call(self, spaces: Mapping[str, Space]) -> Call:
        if self.tool is not None:
            return Call(tool=self.tool, arguments=self.inputs)
        arguments: dict[str, Argument] = {"space": self.space, "endpoint": self.endpoint, "inputs": self.inputs}
        if isinstance(self.space, str):
            known = spaces.get(self.space)
            arguments["revision"] = known.revision if known else ""
        return Call(tool="call_space", arguments=arguments)


class OutlinedStep(OutlinedCall):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    each: From | tuple[Argument, ...] | None = None
    checks: tuple[Check, ...] = ()
    fallbacks: tuple[OutlinedCall, ...] = ()

    def step(self, spaces: Mapping[str, Space]) -> Step:
        named = self.tool or (self.space if isinstance(self.space, str) else self.endpoint)
        step = Step(
            id=self.id,
            title=" ".join(cleaned(self.title).split())[:MOST_WORDS] or f"{named}",
            call=self.call(spaces),
            each=self.each,
            checks=self.checks,
            fallbacks=tuple(each.call(spaces) for each in self.fallbacks),
        )
        return _patient(step)


class Kept(Frozen):
    """A step of the plan before, as it was."""

    keep: str


Outline = Sequence[OutlinedStep | Kept]

_STEP: TypeAdapter[OutlinedStep] = TypeAdapter(OutlinedStep)
_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


def read_outline(steps: Sequence[Any]) -> Outline:
    """Raises Refused, saying for each step what cannot be read."""
    read: list[OutlinedStep | Kept] = []
    wrong: list[str] = []
    for number, step in enumerate(steps, 1):
        try:
            kept = isinstance(step, dict) and "keep" in step
            read.append(_KEPT.validate_python(step) if kept else _STEP.validate_python(step))
        except ValidationError as error:
            wrong += [f"step {number}: {_plainly(problem)}" for problem in _telling(error)]
    if wrong:
        raise Refused("; ".join(wrong[:6]))
    return read


def plan_of(
    outline: Outline,
    results: Sequence[str],
    spaces: Mapping[str, Space],
    passed: Mapping[str, Step],
    reasons: Sequence[str],
) -> Plan:
    """The plan with everything that has passed and is still read. Raises Refused on a step that cannot be kept."""
    steps = [_kept(each, passed) if isinstance(each, Kept) else _same(each.step(spaces), passed) for each in outline]
    places = [_place(result) for result in results]
    steps = [*_missing(steps, places, passed), *steps]
    return Plan(steps=tuple(steps), results=tuple(places), planner=PLANNER, reasons=tuple(reasons))


def outlined(step: Step) -> dict[str, Any]:
    """A step in the model's own words, for the next time it is asked."""
    known = step.model_dump(mode="json", by_alias=True, exclude_defaults=True, include={"id", "title", "each"})
    checks = [{"check": check.check, **check.model_dump(mode="json", exclude_defaults=True)} for check in step.checks]
    fallbacks = [_spoken(call) for call in step.fallbacks]
    more = {"checks": checks, "fallbacks": fallbacks}
    return {**known, **_spoken(step.call), **{name: value for name, value in more.items() if value}}


def _spoken(call: Call) -> dict[str, Any]:
    arguments = call.model_dump(mode="json", by_alias=True)["arguments"]
    if call.tool != "call_space":
        return {"tool": call.tool, "inputs": arguments}
    return {name: arguments[name] for name in ("space", "endpoint", "inputs") if name in arguments}


def _patient(step: Step) -> Step:
    tool = step.call.tool
    if tool not in LONG:
        return step
    checks = step.checks or ((RUNG[tool],) if tool in RUNG else ())
    return step.model_copy(update={"seconds": LONG[tool], "attempts": 1, "checks": checks})


def _kept(each: Kept, passed: Mapping[str, Step]) -> Step:
    if each.keep not in passed:
        near = difflib.get_close_matches(each.keep, passed, 1)
        hint = f"; did you mean '{near[0]}'?" if near else f"; {', '.join(passed) or 'none'} has passed"
        raise Refused(f"step '{each.keep[:40]}' has not passed and cannot be kept{hint}")
    return passed[each.keep]


def _same(step: Step, passed: Mapping[str, Step]) -> Step:
    """The step that has passed when this one asks for the very same work: a Space's new revision makes no new work."""
    old = passed.get(step.id)
    if old is None or outlined(old) | {"title": "", "checks": []} != outlined(step) | {"title": "", "checks": []}:
        return step
    return old.model_copy(update={"checks": step.checks or old.checks})


def _missing(steps: Sequence[Step], results: Sequence[From], passed: Mapping[str, Step]) -> list[Step]:
    """Steps that have passed, are read, and were left out, in the order of the plan before."""
    there = {step.id for step in steps}
    wanted = {place.step for step in steps for place in step.reads()} | {place.step for place in results}
    found: set[str] = set()
    while new := {id for id in wanted if id in passed and id not in there | found}:
        found |= new
        wanted |= {place.step for id in new for place in passed[id].reads()}
    return [step for id, step in passed.items() if id in found]


def _place(result: Any) -> From:
    try:
        return From.model_validate({"from": result} if isinstance(result, str) else result)
    except ValidationError as error:
        raise Refused('`results` is a list of step ids, or of {"from": id, "output": n}') from error


def _telling(error: ValidationError) -> list[Any]:
    """Without what pydantic says of the alternatives of a union: the deepest place is where it went wrong."""
    return sorted(error.errors(include_url=False, include_input=False), key=lambda each: -len(each["loc"]))[:2]


def _plainly(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"][:3])
    return f"{place}: {str(problem['msg']).removeprefix('Value error, ')}".removeprefix(": ")
