"""One plan at work: every step starts as soon as what it reads exists, and climbs the repair ladder by itself."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from core.checks import Verdict
from core.errors import ConsentMissing, DeadlinePassed, DiskFull, Failure, SpaceUnavailable, disk_full
from core.events import (
    AttemptFailed,
    StepFailed,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from core.nouns import Artifact, Call, Fault, Plan, Step
from core.run import Unit, unit_key
from core.scope import Scope
from planners.cache import cacheable, call_key
from planners.consent import asked_for
from planners.crew import Crew
from planners.diary import Diary
from planners.gate import Gate, passed
from planners.ladder import GiveUp, next_move, reseeded, space_of
from planners.places import Item, Made, Places, Reading, Unmade, break_off, spoken
from tools.licences.terms import terms

Read = Callable[[Call], Awaitable[Reading]]
"""Waits for everything a call reads."""


@dataclass
class Pursuit:
    crew: Crew
    diary: Diary
    plan: Plan
    calls: int
    """How many more calls the goal allows."""

    _broken: set[str] = field(default_factory=set)
    """Spaces that are known to be down."""
    _for_cache: list[tuple[str, Made]] = field(default_factory=list)
    """Results for other runs to find; written at the end, so that no step waits for it."""

    @property
    def _gate(self) -> Gate:
        return Gate(self.crew.laboratory, self.diary.folder.artifacts, self.crew.judge)

    async def work(self) -> None:
        """Returns when everything that could be done is done. Each unit's fate stands in the journal.

        Raises ConsentMissing when a person has to say yes first, and DiskFull.
        """
        self._broken = {
            space
            for unit in self.diary.fold.units.values()
            for attempt in unit.attempts
            if attempt.fault and attempt.fault.kind == SpaceUnavailable.__name__ and (space := space_of(attempt.call))
        }
        places = Places(self.plan, self.diary.run().goal.attachments, self.diary.folder.artifacts)
        try:
            async with asyncio.TaskGroup() as group:
                for step in self.plan.steps:
                    group.create_task(self._spread(step, places, group))
        except* Failure as failures:
            raise _first(failures) from None
        finally:
            self._keep_for_others()

    def _keep_for_others(self) -> None:
        for key, artifacts in self._for_cache:
            try:
                self.crew.cache.keep(key, artifacts, self.diary.folder)
            except OSError as error:
                # This run has its results; only the next one misses them when the disk is full.
                if disk_full(error, "the cache") is None:
                    raise

    async def _spread(self, step: Step, places: Places, group: asyncio.TaskGroup) -> None:
        """One unit for the step, or one for each item, each in a task of its own."""
        try:
            items = await places.items(step)
        except Unmade as reason:
            places.close(step, reason)
            return
        for (number, item), place in zip(items, places.open(step, len(items)), strict=True):
            group.create_task(self._settle(step, places, number, item, place))

    async def _settle(
        self, step: Step, places: Places, number: int | None, item: Item, place: "asyncio.Future[Made]"
    ) -> None:
        async def read(call: Call) -> Reading:
            parts = call.arguments.items()
            return Reading(
                {name: await places.read(argument, step, number, item) for name, argument in parts},
                tuple([made for _, argument in parts for made in await places.behind(argument, step, number, item)]),
            )

        try:
            place.set_result(await self._make(step, number, places.name(step, number), read))
        except Unmade as reason:
            break_off(place, reason)
        except OSError as error:
            raise disk_full(error, f"what step {step.id} made") or error from error

    async def _make(self, step: Step, item: int | None, name: str, read: Read) -> Made:
        """Climb the ladder until the unit is made.

        Raises Unmade when every rung was tried, or when something it reads is not there.
        """
        unit = self._unit(step, item)
        if unit.done and self._whole(unit.artifacts) and passed(await self._judge_again(step, unit.artifacts)):
            return unit.artifacts
        # Waits for everything the step reads, so that the first move is made with what is known by then.
        await self._inputs(step, item, read, step.call)
        accepted_before = unit.accepted if unit.standing == "waiting" else None
        while True:
            unit = self._unit(step, item)
            move = next_move(step, unit.attempts, self._broken)
            if isinstance(move, GiveUp):
                raise self._given_up(step, item, move.reason)
            await asyncio.sleep(move.wait)
            template = reseeded((step.call, *step.fallbacks)[move.rung], move.again)
            reading = await self._inputs(step, item, read, template)
            call = Call(tool=template.tool, arguments={name: spoken(part) for name, part in reading.arguments.items()})
            key = call_key(call)
            if (known := await self._known(step, item, call, key)) is not None:
                return known
            await self._consent(step, item, call)
            number = unit.started + 1
            scope = Scope(
                step=step.id,
                title=name,
                item=item,
                attempt=number,
                seconds=step.seconds,
                artifacts=self.diary.folder.artifacts,
                announce=self.diary.announce,
                mention=self.diary.mention,
                reserve=self.diary.reserve,
                settle=self.diary.settle,
                left=self.diary.left,
                accepted=accepted_before if unit.call == call else None,
            )
            accepted_before = None
            started = StepStarted(step=step.id, item=item, attempt=number, rung=move.rung, call=call, key=key)
            made = await self._attempt(step, scope, started, reading)
            if made is not None:
                return made

    async def _consent(self, step: Step, item: int | None, call: Call) -> None:
        """Raises ConsentMissing, and Unmade when the step may be left out."""
        try:
            await asked_for(self.crew, self.diary, step, call)
        except ConsentMissing as reason:
            if not step.optional:
                raise
            raise self._given_up(step, item, str(reason)) from reason

    async def _inputs(self, step: Step, item: int | None, read: Read, call: Call) -> Reading:
        """What the call reads. Something that is there but cannot be read fails this step and no other."""
        try:
            return await read(call)
        except Failure as failure:
            raise self._given_up(step, item, str(failure)) from failure

    async def _attempt(self, step: Step, scope: Scope, started: StepStarted, reading: Reading) -> Made | None:
        """One attempt, written down before, and after whatever came of it. None when it failed."""
        if self.calls <= 0:
            raise self._given_up(step, scope.item, "the calls that the goal allows are used up")
        self.calls -= 1
        await self.diary.announce(started)
        begun = time.monotonic()
        artifacts: Made = ()
        verdicts: tuple[Verdict, ...] = ()
        fault: Fault | None = None
        try:
            async with asyncio.timeout(step.seconds):
                tool = self.crew.tools[started.call.tool]
                artifacts = _signed(await tool.work(scope, **reading.arguments), scope, reading.sources)
                artifacts, verdicts = await self._gate.examine(artifacts, step.checks)
        except TimeoutError:
            late = DeadlinePassed(f"{space_of(started.call) or started.call.tool} gave no result in {step.seconds:g} s")
            fault = _fault(late)
        except DiskFull:
            raise
        except Failure as failure:
            fault = _fault(failure)
        if fault is None and not passed(verdicts):
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
        # On disk for good with the next intent, or with the end of the run; a killed process loses nothing written.
        self.diary.mention(finished)
        if cacheable(started.call) and _as_planned(started.call, artifacts):
            self._for_cache.append((started.key, artifacts))
        return artifacts

    def _given_up(self, step: Step, item: int | None, reason: str) -> Unmade:
        self.diary.mention(StepFailed(step=step.id, item=item, reason=reason))
        return Unmade(reason)

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
        if fault.kind == SpaceUnavailable.__name__ and space:
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

    async def _known(self, step: Step, item: int | None, call: Call, key: str) -> Made | None:
        """A result made before, by this run or another, if it passes today's checks."""
        if not cacheable(call):
            return None
        found = self.crew.cache.find(key, self.diary.folder)
        if found is None:
            return None
        artifacts, source = found
        if self.crew.licences != "report" and any(not _free(artifact) for artifact in artifacts):
            return None
        artifacts = tuple(
            a.model_copy(update={"origin": a.origin.model_copy(update={"step": step.id, "item": item})})
            for a in artifacts
        )
        verdicts = await self._judge_again(step, artifacts)
        if not passed(verdicts):
            return None
        skipped = StepSkipped(step=step.id, item=item, key=key, artifacts=artifacts, verdicts=verdicts, source=source)
        self.diary.mention(skipped)
        return artifacts

    def _unit(self, step: Step, item: int | None) -> Unit:
        return self.diary.fold.units.get(unit_key(step.id, item)) or Unit(step=step.id, item=item)

    async def _judge_again(self, step: Step, artifacts: Made) -> tuple[Verdict, ...]:
        return await self._gate.judge_again(artifacts, step.checks)

    def _whole(self, artifacts: Made) -> bool:
        return all(self.diary.folder.artifacts.has(artifact) for artifact in artifacts)


def _as_planned(call: Call, artifacts: Made) -> bool:
    """Whether the Space was still at the revision that the call names."""
    return all(artifact.origin.revision == call.arguments["revision"] for artifact in artifacts)


def _free(artifact: Artifact) -> bool:
    """Whether nothing that took part in making it stands against commercial use."""
    return terms(artifact.origin.licensed).commercial == "yes"


def _fault(failure: Failure) -> Fault:
    return Fault(kind=failure.kind, message=str(failure), remedy=failure.remedy, retry_after=failure.retry_after)


def _first(failures: ExceptionGroup[Failure]) -> Failure:
    for failure in failures.exceptions:
        return _first(failure) if isinstance(failure, ExceptionGroup) else failure
    raise AssertionError("an exception group is never empty")


def _signed(artifacts: Made, scope: Scope, sources: Made) -> Made:
    """With the step, the item and everything that went in written on each artifact."""
    inputs = tuple(dict.fromkeys(source.sha256 for source in sources))
    return tuple(
        artifact.model_copy(
            update={
                "origin": artifact.origin.model_copy(update={"step": scope.step, "item": scope.item, "inputs": inputs})
            }
        )
        for artifact in artifacts
    )
