"""A sub-agent led by a language model: the same tool with the same inputs and the same answer as its routine.

The model decides what to try and which result counts. It writes no result: what it hands in is one that the routine
made, and it is believed when it fits the type, looked at once more after the model has gone. Whatever the caller said,
whose it is, what it costs and who sees it stay as the caller said; the runner asks a person as it does for the routine.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue, ValidationError

from agents.dialogue.agent import Agent, MakeModel, Turn
from agents.dialogue.conversation import Unfinished, converse
from agents.dialogue.desk_tool import DeskTool, Refused
from core.errors import AnswerBroken, Failure, InputsRefused
from core.nouns import FILE_KINDS, Argument, Artifact, Frozen
from core.quoting import quoted
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.call_progress import mention

TRY = "try_it"
HAND_IN = "hand_in"

MOST_STEPS = 8
MOST_TRIES = 4
"""Times that the routine is at work in one call."""

LONGEST = 6_000
"""Characters of a result that the model gets to see."""

LONGEST_TEXT = 800
"""Characters of one text in a result."""

PLUMBING = frozenset({"origin", "sha256", "size", "file"})

Arguments = Mapping[str, Any]
"""What a tool gets: JSON values and artifacts."""


@dataclass(frozen=True)
class Manner:
    """How one kind of sub-agent works when a model leads it."""

    instructions: str
    returns: type[Frozen]
    """What the first artifact of the answer must fit."""

    free: tuple[str, ...] = ()
    """Inputs of the routine that the model may fill in where the caller left them open."""

    look: Callable[[Arguments], Sequence[DeskTool]] = lambda arguments: ()
    """What it may look at besides, made for the caller's arguments."""

    amend: Callable[[Frozen, Arguments, Arguments], Awaitable[Frozen]] | None = None
    """Takes the result, the changes that the model wants and the caller's arguments. Raises Refused."""

    amendments: Mapping[str, Mapping[str, Any]] | None = None
    """Inputs of `hand_in` for that."""


class AgentMode(ArtifactTool):
    """A new agent for each call; nothing is shared between two of them."""

    def __init__(
        self, routine: ArtifactTool, manner: Manner, make_model: MakeModel, most_steps: int = MOST_STEPS
    ) -> None:
        self.name = routine.name
        self.description = routine.description
        self.inputs = routine.inputs
        self.effect = routine.effect  # type: ignore[misc]  # one class for routines of every effect
        self.gives = routine.gives  # type: ignore[misc]  # the same
        super().__init__()
        self.routine = routine
        self.manner = manner
        self._make_model = make_model
        self._most_steps = most_steps

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        return await self.routine.question(arguments)

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """Raises Unfinished when the model handed nothing in, and what kept the routine from any result."""
        bench = _Bench(self.routine, self.manner, scope, arguments)

        def watch(turn: Turn) -> None:
            words = f"{self.name}: {', '.join(turn.tools) or 'nothing called'}"
            mention(scope, "running", text=f"{words}; {turn.tokens_in + turn.tokens_out:,} tokens")

        agent = Agent(self._make_model(), self.manner.instructions, bench.tools(), HAND_IN, self._most_steps, watch)
        try:
            await converse(agent, bench.task())
        except Unfinished as unfinished:
            raise bench.failure or unfinished from unfinished
        return bench.believed()


class _Bench:
    """What one agent does in one call."""

    def __init__(self, routine: ArtifactTool, manner: Manner, scope: Scope, arguments: Arguments) -> None:
        self.failure: Failure | None = None
        """Of the routine, while nothing has come of it."""

        self._routine = routine
        self._manner = manner
        self._scope = scope
        self._arguments = {name: value for name, value in arguments.items() if value is not None}
        self._results: list[tuple[Artifact, ...]] = []
        self._answer: tuple[Artifact, ...] | None = None
        self._tries = 0

    def task(self) -> str:
        told = {name: _told(value) for name, value in self._arguments.items()}
        asked = quoted(json.dumps(told, ensure_ascii=False, default=str), "the order", LONGEST)
        return f"You lead {self._routine.name}: {self._routine.description}\n\nThe order:\n{asked}"

    def tools(self) -> list[DeskTool]:
        free = {
            name: {**schema, "nullable": True}
            for name, schema in self._routine.inputs.items()
            if name in self._manner.free and name not in self._arguments
        }
        handed = {"result": {"type": "integer", "description": "Its number"}, **(self._manner.amendments or {})}
        return [
            *self._manner.look(self._arguments),
            DeskTool(TRY, f"Does the order; says what came of it. At most {MOST_TRIES} times", free, self.try_it),
            DeskTool(HAND_IN, "The answer: one of the results", handed, self.hand_in),
        ]

    async def try_it(self, **chosen: Any) -> str:
        """What the caller said comes last, and so stands."""
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise Refused(f"that was done {MOST_TRIES} times; {HAND_IN} the best result")
        given = {name: value for name, value in chosen.items() if value is not None}
        try:
            made = await self._routine.work(self._scope, **{**given, **self._arguments})
        except Failure as failure:
            self.failure = failure
            raise
        self._results.append(made)
        told = [quoted(self._shown(artifact), self._routine.name, LONGEST // len(made)) for artifact in made]
        return "\n".join([f"result {len(self._results)}:", *told])

    async def hand_in(self, result: int, **changes: Any) -> str:
        if not 1 <= result <= len(self._results):
            raise Refused(f"there is no result {result}; there are {len(self._results)}: use {TRY}")
        made = self._results[result - 1]
        value = self._fitting(made)
        wanted = {name: change for name, change in changes.items() if change not in (None, "")}
        if wanted and self._manner.amend is not None:
            amended = await self._manner.amend(value, wanted, self._arguments)
            made = (self._kept(amended, made[0]), *made[1:])
        self._answer = made
        return "taken"

    def believed(self) -> tuple[Artifact, ...]:
        """The answer, looked at once more. Raises AnswerBroken when it does not fit."""
        if self._answer is None:
            raise AnswerBroken(f"{self._routine.name} ended without a result")
        try:
            self._manner.returns.model_validate(self._value(self._answer))
        except ValidationError as error:
            what = f"{self._routine.name} handed in something that is no {self._manner.returns.__name__}"
            raise AnswerBroken(f"{what}: {error.errors()[0]['msg']}") from error
        return self._answer

    def _fitting(self, made: tuple[Artifact, ...]) -> Frozen:
        try:
            return self._manner.returns.model_validate(self._value(made))
        except ValidationError as error:
            raise Refused(f"this result is no {self._manner.returns.__name__}: {error.errors()[0]['msg']}") from error

    def _kept(self, value: Frozen, like: Artifact) -> Artifact:
        told: JsonValue = value.model_dump(mode="json")
        return self._scope.artifacts.keep_value(told, "json", like.name, like.origin)

    def _shown(self, artifact: Artifact) -> str:
        if artifact.kind in FILE_KINDS:
            return str(_told(artifact))
        return json.dumps(_brief(self._scope.artifacts.value(artifact)), ensure_ascii=False)

    def _value(self, made: tuple[Artifact, ...]) -> JsonValue:
        if not made:
            raise InputsRefused(f"{self._routine.name} gave nothing")
        return self._scope.artifacts.value(made[0])


def _brief(value: JsonValue) -> JsonValue:
    """Without what is empty, without the plumbing of artifacts, and with no text in full length."""
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
        case list():
            return [_brief(part) for part in value]
        case dict():
            kept = {name: _brief(part) for name, part in value.items() if name not in PLUMBING}
            return {name: part for name, part in kept.items() if part not in (None, "", [], {})}
    return value


def _told(value: Any) -> Any:
    """An artifact by what it is; its content comes with the results, where it matters."""
    match value:
        case Artifact():
            return f"artifact: {value.kind}, {value.size} bytes"
        case list() | tuple():
            return [_told(part) for part in value]
        case dict():
            return {name: _told(part) for name, part in value.items()}
    return value
