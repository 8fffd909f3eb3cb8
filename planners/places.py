"""What stands where while a plan is at work: the items of each step, and the values that `From` points to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.artifacts import ArtifactStore
from core.errors import AnswerBroken, InputsRefused
from core.nouns import ATTACHED, EACH, FILE_KINDS, Argument, Artifact, From, Plan, Step

Made = tuple[Artifact, ...]
Value: TypeAlias = "Artifact | Sequence[Value] | Mapping[str, Value] | bool | int | float | str | None"
"""What a tool gets for an argument: JSON, with an artifact wherever the plan reads a file."""

Item: TypeAlias = "Argument | Artifact"


@dataclass(frozen=True)
class Reading:
    """What a call reads, as its tool gets it."""

    arguments: dict[str, Value]
    sources: Made
    """Every artifact that went into the arguments."""


class Unmade(Exception):
    """What a step reads will not come: a step before it failed."""


class Places:
    """Futures for every unit of every step. A reader waits for exactly what it reads, and for nothing else."""

    def __init__(self, plan: Plan, attachments: Made, store: ArtifactStore) -> None:
        loop = asyncio.get_running_loop()
        self._plan = plan
        self._attachments = attachments
        self._store = store
        self._units: dict[str, asyncio.Future[list[asyncio.Future[Made]]]] = {
            step.id: loop.create_future() for step in plan.steps
        }

    def open(self, step: Step, count: int) -> list["asyncio.Future[Made]"]:
        """A place for each of the step's units."""
        futures: list[asyncio.Future[Made]] = [asyncio.get_running_loop().create_future() for _ in range(count)]
        self._units[step.id].set_result(futures)
        return futures

    def close(self, step: Step, reason: Unmade) -> None:
        """Nothing will stand here."""
        break_off(self._units[step.id], reason)

    async def items(self, step: Step) -> list[tuple[int | None, Item]]:
        """The number and value of each unit of the step; one without a number when it is not spread.

        Raises Unmade when the list will not come.
        """
        match step.each:
            case None:
                return [(None, None)]
            case tuple():
                return list(enumerate(step.each))
            case From(step=source) if source == ATTACHED:
                return list(enumerate(self._attachments))
            case From(step=source) if self._plan.step(source).each is not None:
                beside = await self._units[source]
                return [(number, step.each) for number in range(len(beside))]
        (only,) = await self._units[step.each.step]
        return list(enumerate(artifact for artifact in await only if artifact.origin.output == step.each.output))

    def name(self, step: Step, number: int | None) -> str:
        """What the unit makes is called: by its item, when the items are words, else by the step."""
        items = self._root(step.id)
        if number is None or not isinstance(items, tuple) or number >= len(items):
            return step.title
        return items[number] if isinstance(items[number], str) else step.title

    async def read(self, argument: Item, step: Step, number: int | None, item: Item) -> Value:
        """The argument with every `From` replaced by what stands there. `item` is what `From(step="each")` means.

        Raises Unmade when a step it reads failed.
        """
        match argument:
            case Artifact():
                return self._plain(argument)
            case From(step=source) if source == EACH:
                return await self.read(item, step, number, None)
            case From(step=source) if source == ATTACHED:
                return self._plain(self._attached(argument))
            case From():
                return await self._stands_at(argument, step, number)
            case list():
                return [await self.read(part, step, number, item) for part in argument]
            case dict():
                return {name: await self.read(part, step, number, item) for name, part in argument.items()}
        return argument

    async def behind(self, argument: Item, step: Step, number: int | None, item: Item) -> list[Artifact]:
        """Every artifact that the argument reads, those too that travel as their value."""
        match argument:
            case Artifact():
                return [argument]
            case From(step=source) if source == EACH:
                return await self.behind(item, step, number, None)
            case From(step=source) if source == ATTACHED:
                return [self._attached(argument)]
            case From():
                return (await self._made_at(argument, step, number))[0]
            case list():
                return [artifact for part in argument for artifact in await self.behind(part, step, number, item)]
            case dict():
                parts = argument.values()
                return [artifact for part in parts for artifact in await self.behind(part, step, number, item)]
        return []

    def _attached(self, place: From) -> Artifact:
        if place.output >= len(self._attachments):
            raise InputsRefused(f"the goal has {len(self._attachments)} attachments, not {place.output + 1}")
        return self._attachments[place.output]

    async def _stands_at(self, place: From, step: Step, number: int | None) -> Value:
        made, spread = await self._made_at(place, step, number)
        values = [self._plain(artifact) for artifact in made]
        return values[0] if len(values) == 1 and not spread else values

    async def _made_at(self, place: From, step: Step, number: int | None) -> tuple[list[Artifact], bool]:
        """The artifacts at the place, and whether they are the list of a step that was spread."""
        units = await self._units[place.step]
        spread = self._plan.step(place.step).each is not None
        if spread and number is not None and self._root(place.step) == self._root(step.id):
            units, spread = [units[number]], False
        made = [artifact for unit in units for artifact in await unit if artifact.origin.output == place.output]
        if not made:
            raise AnswerBroken(f"step {place.step} made no output number {place.output}")
        return made, spread

    def _root(self, id: str) -> object:
        """What a step is spread over: two steps with the same root go item by item."""
        each = self._plan.step(id).each
        match each:
            case From(step=source) if source != ATTACHED and self._plan.step(source).each is not None:
                return self._root(source)
        return each

    def _plain(self, artifact: Artifact) -> Value:
        """Files travel as artifacts, everything else as its value."""
        if artifact.kind in FILE_KINDS:
            return artifact
        try:
            return self._store.value(artifact)
        except ValueError as error:
            raise InputsRefused(f"{artifact.name} is not the {artifact.kind} it is said to be: {error}") from error


def break_off(future: "asyncio.Future[Any]", reason: Unmade) -> None:
    """Let whoever waits know; nobody has to be waiting."""
    future.set_exception(reason)
    future.exception()


def spoken(value: Value) -> Argument:
    """The value as the record says it: an artifact by its sha256."""
    match value:
        case Artifact():
            return f"artifact:{value.sha256}"
        case bool() | int() | float() | str() | None:
            return value
        case Mapping():
            return {name: spoken(part) for name, part in value.items()}
        case _:
            return [spoken(part) for part in value]
