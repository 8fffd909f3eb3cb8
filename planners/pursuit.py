"""One plan at work: every step starts as soon as what it reads exists, and climbs the repair ladder by itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tools.checks.laboratory import Laboratory

from core.checks import Verdict
from core.errors import AnswerBroken, ConsentMissing, DeadlinePassed, Failure
from core.events import (
    AttemptFailed,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    StepFailed,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from core.nouns import EACH, Argument, Artifact, Call, Fault, From, Plan, Step
from core.run import Unit, unit_key
from core.scope import Scope
from planners import gate
from planners.cache import Cache, cacheable, call_key
from planners.diary import Diary
from planners.ladder import GiveUp, Move, next_move, reseeded, space_of
from tools.artifact_tool import ArtifactTool

Made = tuple[Artifact, ...]
Consent = Callable[[ConsentAsked], Awaitable[bool]]
"""Asks a person; True is yes."""

Value = Artifact | list["Value"] | dict[str, "Value"] | bool | int | float | str | None


@dataclass(frozen=True)
class Crew:
    """What the runner works with: built once by the composition root."""

    tools: Mapping[str, ArtifactTool]
    laboratory: Laboratory
    cache: Cache
    consent: Consent
    local: bool
    """Everything stays on this machine, so nothing that is published needs a yes."""


class Unmade(Exception):
    """What a step reads will not come: a step before it failed."""


@dataclass
class Pursuit:
    crew: Crew
    diary: Diary
    plan: Plan
    calls: int
    """How many more calls the goal allows."""

    _steps: dict[str, "asyncio.Future[list[asyncio.Future[Made]]]"] = field(default_factory=dict)
    _broken: set[str] = field(default_factory=set)

    async def work(self) -> None:
        """Returns when everything that could be done is done. Each unit's fate stands in the journal.

        Raises ConsentMissing when a person has to say yes first, and DiskFull.
        """
        loop = asyncio.get_running_loop()
        self._steps = {step.id: loop.create_future() for step in self.plan.steps}
        self._broken = {
            space
            for unit in self.diary.fold.units.values()
            for attempt in unit.attempts
            if attempt.fault and attempt.fault.kind == "SpaceUnavailable" and (space := space_of(attempt.call))
        }
        try:
            async with asyncio.TaskGroup() as group:
                for step in self.plan.steps:
                    group.create_task(self._spread(step, group))
        except* Failure as failures:
            raise _first(failures) from None

    # Spreading a step over its items -------------------------------------------------------------------------------

    async def _spread(self, step: Step, group: asyncio.TaskGroup) -> None:
        """One unit for the step, or one for each item, each in a task of its own."""
        loop = asyncio.get_running_loop()
        try:
            items = await self._items(step)
        except Unmade as reason:
            self._steps[step.id].set_exception(reason)
            self._steps[step.id].exception()
            return
        futures: list[asyncio.Future[Made]] = [loop.create_future() for _ in items]
        self._steps[step.id].set_result(futures)
        for (number, value), future in zip(items, futures, strict=True):
            group.create_task(self._settle(step, number, value, future))

    async def _items(self, step: Step) -> list[tuple[int | None, Argument | From | Artifact]]:
        match step.each:
            case None:
                return [(None, None)]
            case tuple():
                return list(enumerate(step.each))
            case From(step=source) if self.plan.step(source).each is not None:
                beside = await self._steps[source]
                return [(number, step.each) for number in range(len(beside))]
        (only,) = await self._steps[step.each.step]
        made = [artifact for artifact in await only if artifact.origin.output == step.each.output]
        return list(enumerate(made))

    async def _settle(
        self, step: Step, item: int | None, value: Argument | From | Artifact, future: "asyncio.Future[Made]"
    ) -> None:
        try:
            future.set_result(await self._make(step, item, value))
        except Unmade as reason:
            future.set_exception(reason)
            future.exception()

    # Reading what earlier steps made -------------------------------------------------------------------------------

    async def _read(self, argument: Argument | From | Artifact, step: Step, item: int | None, value: object) -> Value:
        match argument:
            case Artifact():
                return self._plain(argument)
            case From(step=source) if source == EACH:
                return await self._read(value, step, item, None)  # type: ignore[arg-type]  # the item of `each`
            case From():
                return await self._place(argument, step, item)
            case list():
                return [await self._read(part, step, item, value) for part in argument]
            case dict():
                return {name: await self._read(part, step, item, value) for name, part in argument.items()}
        return argument

    async def _place(self, place: From, step: Step, item: int | None) -> Value:
        units = await self._steps[place.step]
        spread = self.plan.step(place.step).each is not None
        if spread and item is not None and self._root(place.step) == self._root(step.id):
            units, spread = [units[item]], False
        made = [a for unit in units for a in await unit if a.origin.output == place.output]
        if not made:
            raise AnswerBroken(f"step {place.step} made no output number {place.output}")
        values = [self._plain(artifact) for artifact in made]
        return values[0] if len(values) == 1 and not spread else list(values)

    def _root(self, id: str) -> object:
        """What a step is spread over: two steps with the same root go item by item."""
        step = self.plan.step(id)
        match step.each:
            case From(step=source) if self.plan.step(source).each is not None:
                return self._root(source)
            case From():
                return step.each
        return step.each

    def _plain(self, artifact: Artifact) -> Value:
        """Files travel as artifacts, everything else as its value."""
        if artifact.kind in ("image", "audio", "video", "model3d", "file"):
            return artifact
        return self.diary.folder.artifacts.value(artifact)

    # Making one unit -----------------------------------------------------------------------------------------------

    async def _make(self, step: Step, item: int | None, value: object) -> Made:
        unit = self._unit(step, item)
        if unit.done and self._whole(unit.artifacts) and gate.passed(gate.judge_again(unit.artifacts, step.checks)):
            return unit.artifacts
        accepted_before = unit.accepted if unit.standing == "waiting" else None
        while True:
            unit = self._unit(step, item)
            move = next_move(step, unit.attempts, self._broken)
            if isinstance(move, GiveUp):
                self.diary.mention(StepFailed(step=step.id, item=item, reason=move.reason))
                raise Unmade(move.reason)
            await asyncio.sleep(move.wait)
            template = reseeded((step.call, *step.fallbacks)[move.rung], move.again)
            arguments = {
                name: await self._read(argument, step, item, value) for name, argument in template.arguments.items()
            }
            call = Call(tool=template.tool, arguments={name: _spoken(part) for name, part in arguments.items()})
            key = call_key(call)
            if (known := self._known(step, item, call, key)) is not None:
                return known
            await self._consent(step, call)
            number = unit.started + 1
            scope = Scope(
                step=step.id,
                title=step.title,
                item=item,
                attempt=number,
                seconds=step.seconds,
                artifacts=self.diary.folder.artifacts,
                announce=self.diary.announce,
                mention=self.diary.mention,
                accepted=accepted_before if unit.call == call else None,
            )
            accepted_before = None
            started = StepStarted(step=step.id, item=item, attempt=number, rung=move.rung, call=call, key=key)
            made = await self._attempt(step, scope, started, arguments)
            if made is not None:
                return made

    async def _attempt(
        self, step: Step, scope: Scope, started: StepStarted, arguments: dict[str, Value]
    ) -> Made | None:
        """One attempt, written down before, and after whatever came of it. None when it failed."""
        if self.calls <= 0:
            raise ConsentMissing("the run has used up the calls its goal allows; resume it with a larger --budget")
        self.calls -= 1
        await self.diary.announce(started)
        begun = time.monotonic()
        artifacts: Made = ()
        verdicts: tuple[Verdict, ...] = ()
        fault: Fault | None = None
        try:
            async with asyncio.timeout(step.seconds):
                tool = self.crew.tools[started.call.tool]
                artifacts = _signed(await tool.work(scope, **arguments), scope, arguments)
                artifacts, verdicts = await gate.examine(
                    artifacts, step.checks, self.crew.laboratory, self.diary.folder.artifacts
                )
        except TimeoutError:
            late = DeadlinePassed(f"{space_of(started.call) or started.call.tool} gave no result in {step.seconds:g} s")
            fault = _fault(late)
        except Failure as failure:
            if failure.kind == "DiskFull":
                raise
            fault = _fault(failure)
        if fault is None and not gate.passed(verdicts):
            reasons = "; ".join(verdict.reason for verdict in verdicts if verdict.status in ("fail", "unknown"))
            fault = Fault(kind="CheckFailed", message=reasons, remedy="again")
        seconds = round(time.monotonic() - begun, 4)
        if fault is not None:
            self._fail(step, started, fault, artifacts, verdicts, seconds)
            return None
        finished = StepFinished(
            step=step.id,
            item=scope.item,
            attempt=scope.attempt,
            key=started.key,
            call=started.call,
            artifacts=artifacts,
            verdicts=verdicts,
            seconds=seconds,
        )
        await self.diary.announce(finished)
        if cacheable(started.call):
            self.crew.cache.keep(started.key, artifacts, self.diary.folder)
        return artifacts

    def _fail(
        self,
        step: Step,
        started: StepStarted,
        fault: Fault,
        artifacts: Made,
        verdicts: tuple[Verdict, ...],
        seconds: float,
    ) -> None:
        space = space_of(started.call)
        if fault.kind == "SpaceUnavailable" and space:
            self._broken.add(space)
        event = AttemptFailed(
            step=step.id,
            item=started.item,
            attempt=started.attempt,
            fault=fault,
            artifacts=artifacts,
            verdicts=verdicts,
            seconds=seconds,
        )
        self.diary.mention(event)

    def _known(self, step: Step, item: int | None, call: Call, key: str) -> Made | None:
        """A result made before, by this run or another, if it passes today's checks."""
        if not cacheable(call):
            return None
        found = self.crew.cache.find(key, self.diary.folder)
        if found is None:
            return None
        artifacts, source = found
        artifacts = tuple(
            a.model_copy(update={"origin": a.origin.model_copy(update={"step": step.id, "item": item})})
            for a in artifacts
        )
        verdicts = gate.judge_again(artifacts, step.checks)
        if not gate.passed(verdicts):
            return None
        skipped = StepSkipped(
            step=step.id, item=item, key=key, artifacts=artifacts, verdicts=verdicts, source=source
        )
        self.diary.mention(skipped)
        return artifacts

    async def _consent(self, step: Step, call: Call) -> None:
        effect = self.crew.tools[call.tool].effect
        if effect == "read" or self.diary.fold.consents.get(step.id) == "given":
            return
        if self.crew.local and effect == "write":
            self.diary.mention(ConsentGiven(step=step.id, by="local"))
            return
        asked = ConsentAsked(step=step.id, effect=effect, question=f"{step.title}: may it be done?")
        await self.diary.announce(asked)
        if not await self.crew.consent(asked):
            await self.diary.announce(ConsentRefused(step=step.id))
            raise ConsentMissing(f"'{step.title}' needs your consent; resume the run with --yes to give it")
        await self.diary.announce(ConsentGiven(step=step.id, by="person"))

    def _unit(self, step: Step, item: int | None) -> Unit:
        return self.diary.fold.units.get(unit_key(step.id, item)) or Unit(step=step.id, item=item)

    def _whole(self, artifacts: Made) -> bool:
        return all(self.diary.folder.artifacts.has(artifact) for artifact in artifacts)


def _fault(failure: Failure) -> Fault:
    return Fault(
        kind=failure.kind, message=str(failure), remedy=failure.remedy, retry_after=failure.retry_after
    )


def _first(failures: ExceptionGroup[Failure]) -> Failure:
    for failure in failures.exceptions:
        return _first(failure) if isinstance(failure, ExceptionGroup) else failure
    raise AssertionError("an exception group is never empty")


def _signed(artifacts: Made, scope: Scope, arguments: dict[str, Value]) -> Made:
    """With the step, the item and everything that went in written on each artifact."""
    inputs = tuple(dict.fromkeys(artifact.sha256 for artifact in _files(arguments)))
    return tuple(
        artifact.model_copy(
            update={
                "origin": artifact.origin.model_copy(
                    update={"step": scope.step, "item": scope.item, "inputs": inputs}
                )
            }
        )
        for artifact in artifacts
    )


def _files(value: Value) -> list[Artifact]:
    match value:
        case Artifact():
            return [value]
        case list():
            return [artifact for part in value for artifact in _files(part)]
        case dict():
            return [artifact for part in value.values() for artifact in _files(part)]
    return []


def _spoken(value: Value) -> Argument:
    """The value as the record says it: an artifact by its sha256."""
    match value:
        case Artifact():
            return f"artifact:{value.sha256}"
        case list():
            return [_spoken(part) for part in value]
        case dict():
            return {name: _spoken(part) for name, part in value.items()}
    return value


__all__ = ["Consent", "Crew", "Move", "Pursuit"]
