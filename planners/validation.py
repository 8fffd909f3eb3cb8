"""Whether a plan fits the live Spaces and the known tools, before anything runs."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.checks import Check
from core.errors import Failure
from core.nouns import (
    ATTACHED,
    EACH,
    FILE_KINDS,
    Argument,
    Artifact,
    Call,
    Endpoint,
    From,
    Kind,
    Output,
    Parameter,
    Plan,
    Space,
    Step,
    references,
)
from planners.catalogue.offers import usable
from planners.catalogue.sources import fits
from planners.literals import SCALARS, hint, json_fits, literal, offers, spoken
from planners.wiring import Schema, Wiring, calls_an_endpoint, space_id
from tools.checks.rows import FITS

Read = Callable[[str], Awaitable[Space]]

_CHECKED: Mapping[str, frozenset[str]] = {**FITS, "json": FITS["json"] | {"number", "boolean"}, "file": FILE_KINDS}
_NOTHING: Mapping[str, tuple[Output, ...]] = {}


async def validate(
    plan: Plan,
    read: Read,
    known_tools: Mapping[str, Schema],
    attachments: Sequence[Artifact] = (),
    known_spaces: Iterable[str] = (),
    given: Mapping[str, tuple[Output, ...]] = _NOTHING,
) -> tuple[str, ...]:
    """Reasons against the plan, one line each; none when it fits. `known_spaces` serve to name the nearest id.

    `given` is what each tool gives that calls no endpoint; one JSON value where nothing is said.
    """
    names = {space for step in plan.steps for call in (step.call, *step.fallbacks) if (space := space_id(call))}
    answers = await asyncio.gather(*(_read(read, name) for name in sorted(names)))
    spaces = {name: space for name, space in answers if isinstance(space, Space)}
    unread = {name: reason for name, reason in answers if isinstance(reason, str)}
    wiring = Wiring(plan, spaces, known_tools, tuple(attachments), given)
    return _Inspection(wiring, unread, tuple(known_spaces)).reasons()


async def _read(read: Read, name: str) -> tuple[str, Space | str]:
    try:
        return name, await read(name)
    except Failure as failure:
        return name, str(failure)


@dataclass(frozen=True)
class _Inspection:
    wiring: Wiring
    unread: Mapping[str, str]
    """Why a Space could not be read, by its id."""
    known: tuple[str, ...]

    def reasons(self) -> tuple[str, ...]:
        found = list(self._shape())
        for number, step in enumerate(self.wiring.plan.steps):
            before = {earlier.id for earlier in self.wiring.plan.steps[:number]}
            found += [f"step '{step.id}': {reason}" for reason in self._step(step, before)]
        return tuple(dict.fromkeys(found))

    def _shape(self) -> Iterator[str]:
        ids = [step.id for step in self.wiring.plan.steps]
        if not ids:
            yield "the plan has no steps"
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            yield f"two steps are called '{id}'"
        for id in sorted({EACH, ATTACHED} & set(ids)):
            yield f"no step may be called '{id}'"
        if not self.wiring.plan.results:
            yield "the plan names no results"
        for place in self.wiring.plan.results:
            if place.step not in ids:
                yield f"the result comes from step '{place.step}', which is not in the plan{hint(place.step, ids)}"
            elif self.wiring.plan.step(place.step).optional:
                yield f"the result comes from step '{place.step}', which may be left out"
            elif (missing := self._missing_output(place)) is not None:
                yield f"the result {missing}"

    def _step(self, step: Step, before: Collection[str]) -> Iterator[str]:
        yield from self._places(step, before)
        yield from self._each(step)
        for number, call in enumerate((step.call, *step.fallbacks)):
            prefix = f"fallback {number}: " if number else ""
            yield from (prefix + reason for reason in self._call(step, call))
        kinds = [output.kind for output in self.wiring.outputs(step.call)]
        for check in step.checks:
            yield from _check_reasons(check, kinds)
        yield from self._fallback_outputs(step)

    def _places(self, step: Step, before: Collection[str]) -> Iterator[str]:
        ids = [other.id for other in self.wiring.plan.steps]
        calls: list[Argument] = [call.arguments for call in (step.call, *step.fallbacks)]
        spread: Argument = list(step.each) if isinstance(step.each, tuple) else step.each
        for place in dict.fromkeys(references([*calls, spread])):
            if place.step == ATTACHED and not 0 <= place.output < len(self.wiring.attachments):
                yield f"it reads attachment {place.output}, and the goal has {len(self.wiring.attachments)}"
        for place in step.reads():
            if place.step == step.id:
                yield "it reads its own result"
            elif place.step not in ids:
                yield f"it reads step '{place.step}', which is not in the plan{hint(place.step, before)}"
            elif place.step not in before:
                yield f"it reads step '{place.step}', which comes after it"
            elif self.wiring.plan.step(place.step).optional and not step.optional:
                yield f"it reads step '{place.step}', which may be left out"
            elif (missing := self._missing_output(place)) is not None:
                yield f"it {missing}"

    def _missing_output(self, place: From) -> str | None:
        outputs = self.wiring.outputs(self.wiring.plan.step(place.step).call)
        if not outputs or 0 <= place.output < len(outputs):
            return None
        return f"reads output {place.output} of step '{place.step}', which has {len(outputs)}"

    def _each(self, step: Step) -> Iterator[str]:
        uses = any(place.step == EACH for call in (step.call, *step.fallbacks) for place in references(call.arguments))
        match step.each:
            case None if uses:
                yield f'it reads {{"from": "{EACH}"}} and is not spread over anything: give it `each`'
            case ():
                yield "`each` is an empty list"
            case From(step=source) if source != ATTACHED and not self._many(step.each):
                yield f"`each` is one value of step '{source}', not a list"
        if step.each is not None and not uses:
            yield f'it is spread over `each` and never reads {{"from": "{EACH}"}}'

    def _many(self, place: From) -> bool:
        port = self.wiring.port(place)
        return port is None or port.many

    def _fallback_outputs(self, step: Step) -> Iterator[str]:
        """What later steps read must come from a fallback as well."""
        read = [place for other in self.wiring.plan.steps for place in other.reads() if place.step == step.id]
        read += [place for place in self.wiring.plan.results if place.step == step.id]
        own = self.wiring.outputs(step.call)
        for number, call in enumerate(step.fallbacks, 1):
            outputs = self.wiring.outputs(call)
            for place in dict.fromkeys(read):
                if not outputs or place.output >= len(own):
                    continue
                kind = outputs[place.output].kind if place.output < len(outputs) else None
                if kind is None or not fits(kind, own[place.output].kind):
                    wanted = own[place.output].kind
                    yield f"fallback {number}: its output {place.output} is {kind or 'missing'}, and {wanted} is read"

    def _call(self, step: Step, call: Call) -> Iterator[str]:
        schema = self.wiring.tools.get(call.tool)
        if schema is None:
            yield f"there is no tool '{call.tool}'{hint(call.tool, self.wiring.tools)}"
            return
        for name in sorted(set(call.arguments) - set(schema)):
            yield f"{call.tool} has no argument '{name}'{hint(name, schema)}"
        for name, field in schema.items():
            given = call.arguments.get(name)
            if given is None and not field.get("nullable", False):
                yield f"{call.tool} needs '{name}'"
            elif given is not None and not self._fits(step, given, str(field.get("type", "any"))):
                yield f"{call.tool} takes {field.get('type')} for '{name}', not {spoken(given)}"
        if calls_an_endpoint(schema):
            yield from self._space_call(step, call)

    def _fits(self, step: Step, given: Argument, wanted: str) -> bool:
        if isinstance(given, From) and wanted in SCALARS:
            port = self.wiring.read_port(step, given)
            return port is not None and port.kind == SCALARS[wanted] and not port.many
        return json_fits(given, wanted)

    def _space_call(self, step: Step, call: Call) -> Iterator[str]:
        name = space_id(call)
        if not name:
            return
        space = self.wiring.spaces.get(name)
        if space is None:
            known = [*self.known, *self.wiring.spaces]
            yield f"Space '{name}' cannot be used: {self.unread.get(name, 'it was not read')}{hint(name, known)}"
            return
        if not usable(space):
            yield f"{name} cannot answer: its stage is {space.stage}"
        revision = call.arguments.get("revision")
        if isinstance(revision, str) and revision and revision != space.revision:
            yield f"{name} is at revision {space.revision[:12]}, and the plan was made for {revision[:12]}"
        endpoint_name = str(call.arguments.get("endpoint", ""))
        endpoint = space.endpoint(endpoint_name)
        if endpoint is None:
            offered = [endpoint.name for endpoint in space.endpoints]
            yield f"{name} has no endpoint '{endpoint_name}'{hint(endpoint_name, offered) or offers(offered)}"
            return
        inputs = call.arguments.get("inputs")
        if isinstance(inputs, dict):
            yield from self._inputs(step, f"{name} {endpoint_name}", endpoint, inputs)

    def _inputs(self, step: Step, where: str, endpoint: Endpoint, inputs: Mapping[str, Argument]) -> Iterator[str]:
        names = [parameter.name for parameter in endpoint.parameters]
        for name in sorted(set(inputs) - set(names)):
            yield f"{where} has no parameter '{name}'{hint(name, names) or offers(names)}"
        for parameter in endpoint.parameters:
            if parameter.name not in inputs:
                if parameter.required:
                    yield f"{where} needs '{parameter.name}' ({parameter.kind})"
                continue
            reason = self._argument(step, parameter, inputs[parameter.name])
            if reason:
                yield f"{where}: '{parameter.name}' {reason}"

    def _argument(self, step: Step, parameter: Parameter, value: Argument) -> str:
        """Why this value does not fit this parameter; empty when it does."""
        match value:
            case From():
                return self._handover(step, parameter, value)
            case None:
                return "is required and got nothing" if parameter.required and parameter.default is None else ""
            case list() if parameter.many:
                return next((reason for part in value if (reason := self._argument(step, _one(parameter), part))), "")
            case list() | dict() if any(True for _ in references(value)) and parameter.kind in (
                "json",
                "table",
                "file",
            ):
                return ""
        return literal(parameter, value)

    def _handover(self, step: Step, parameter: Parameter, place: From) -> str:
        if place.step == EACH and isinstance(step.each, tuple):
            reasons = (self._argument(step, parameter, item) for item in step.each)
            return next((reason for reason in reasons if reason), "")
        port = self.wiring.read_port(step, place)
        if port is None:
            return ""
        if not fits(port.kind, parameter.kind):
            return f"takes {parameter.kind}, and step '{_origin(step, place)}' gives {port.kind}"
        if port.many and not parameter.many and parameter.kind in FILE_KINDS:
            return (
                f"takes one {parameter.kind}, and step '{_origin(step, place)}' gives a list: spread the step over it"
            )
        return ""


def _origin(step: Step, place: From) -> str:
    return step.each.step if place.step == EACH and isinstance(step.each, From) else place.step


def _one(parameter: Parameter) -> Parameter:
    return parameter.model_copy(update={"many": False})


def _check_reasons(check: Check, kinds: Sequence[Kind]) -> Iterator[str]:
    if kinds and not any(kind in _CHECKED[check.check] for kind in kinds):
        yield f"the check '{check.check}' does not fit what it makes ({', '.join(kinds)})"
    for low, high in (
        ("min_faces", "max_faces"),
        ("min_texture_px", "max_texture_px"),
        ("min_seconds", "max_seconds"),
        ("min_words", "max_words"),
    ):
        least, most = getattr(check, low, None), getattr(check, high, None)
        if least is not None and most is not None and least > most:
            yield f"the check '{check.check}' can never pass: {low} {least:g} is above {high} {most:g}"
