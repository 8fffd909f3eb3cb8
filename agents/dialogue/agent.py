"""smolagents' loop with what 1.26 gets wrong put right.

Calls of one step run side by side and none is lost: each keeps its place, and is answered even when another fails. A
call in error is told in one line, without its arguments. The answer is what `submit` took; there is no other. Once
stopped, the agent asks its model nothing and calls no tool.
"""

import asyncio
import difflib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from rich.console import Console
from smolagents import ToolCallingAgent
from smolagents.agents import ToolOutput
from smolagents.memory import ActionStep, ToolCall
from smolagents.models import ChatMessage, MessageRole, Model
from smolagents.monitoring import AgentLogger, LogLevel
from smolagents.tools import validate_tool_arguments

from agents.dialogue.desk_tool import DeskTool, Refused
from agents.dialogue.transcript import Transcript
from core.errors import BudgetSpent, Cancelled, ConsentMissing, DiskFull, Failure, HandsNeeded
from core.quoting import quoted
from core.repetition import Repetition

LONGEST_ERROR = 600
"""Characters of a failure that the model gets to see."""

_UNUSED = {
    "system_prompt": "",
    "planning": {"initial_plan": "", "update_plan_pre_messages": "", "update_plan_post_messages": ""},
    "managed_agent": {"task": "", "report": ""},
    "final_answer": {"pre_messages": "", "post_messages": ""},
}
"""smolagents wants all of them; none is ever sent."""


FOR_THE_RUN = (BudgetSpent, Cancelled, ConsentMissing, DiskFull, HandsNeeded)
"""Failures that no model can do anything about: they end the agent."""

MakeModel = Callable[[], Model]
"""A model for one agent: a question of its own can then be broken off."""


class Stopped(Exception):
    """Nobody waits for this agent any more."""


class Turn(NamedTuple):
    """One step of an agent, for whoever counts and watches."""

    tools: tuple[str, ...]
    tokens_in: int
    tokens_out: int


class Observation(NamedTuple):
    text: str
    accepted: bool = False
    """It is the answer, and it was taken."""


class Agent(ToolCallingAgent):  # type: ignore[misc]  # smolagents is untyped
    """For one task, with a model of its own, which is cancelled with it.

    Must be made in the event loop in which its tools work; `run` goes into a thread of its own.
    """

    def __init__(
        self,
        model: Model,
        instructions: str,
        tools: Sequence[DeskTool],
        submit: str,
        most_steps: int,
        watch: Callable[[Turn], None] = lambda turn: None,
    ) -> None:
        super().__init__(
            tools=list(tools),
            model=model,
            prompt_templates=_UNUSED,
            max_steps=most_steps,
            step_callbacks=[self._tell],
            logger=AgentLogger(level=LogLevel.OFF, console=Console(quiet=True)),
        )
        self.tools = {tool.name: tool for tool in tools}
        self.submit = submit
        self.answered = False
        self._watch = watch
        self._loop = asyncio.get_running_loop()
        self._transcript = Transcript(instructions)
        self._stopped = threading.Event()
        self._waiting: set[Future[Observation]] = set()
        self._repetition = Repetition()

    def stop(self) -> None:
        """Ends a question to the model that is under way, where the model can do that, and every tool at work.

        May be called from any thread, and more than once.
        """
        self._stopped.set()
        self.interrupt()
        if (cancel := getattr(self.model, "cancel", None)) is not None:
            cancel()
        for future in tuple(self._waiting):
            future.cancel()

    # What smolagents calls ----------------------------------------------------------------------------------------

    def initialize_system_prompt(self) -> str:
        return ""

    def write_memory_to_messages(self, summary_mode: bool = False) -> list[ChatMessage]:
        self._go_on()
        return self._transcript.messages(self.memory.steps)

    def provide_final_answer(self, task: str) -> ChatMessage:
        """Nothing: what a model says after its last step was never checked."""
        return ChatMessage(role=MessageRole.ASSISTANT, content="")

    def process_tool_calls(
        self, chat_message: ChatMessage, memory_step: ActionStep
    ) -> Generator[ToolCall | ToolOutput, None, None]:
        self._go_on()
        calls = list(_numbered(chat_message, memory_step.step_number))
        # Before anything runs, so that what was called is known whatever comes of it.
        memory_step.tool_calls = calls
        yield from calls
        waiting = [self._begin(call, alone=len(calls) == 1) for call in calls]
        lines = []
        for call, future in zip(calls, waiting, strict=True):
            seen = self._remembered(call, self._end(future))
            self.answered = self.answered or seen.accepted
            lines.append(f"[{call.id}] {call.name}: {seen.text}")
            yield ToolOutput(
                id=call.id, output=seen.text, is_final_answer=seen.accepted, observation=seen.text, tool_call=call
            )
        memory_step.observations = "\n".join(lines)

    # The calls ----------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Stopped

    def _begin(self, call: ToolCall, alone: bool) -> "Future[Observation]":
        future = asyncio.run_coroutine_threadsafe(self._observe(call, alone), self._loop)
        self._waiting.add(future)
        if self._stopped.is_set():
            future.cancel()
        return future

    def _end(self, future: "Future[Observation]") -> Observation:
        try:
            return future.result()
        finally:
            self._waiting.discard(future)

    async def _observe(self, call: ToolCall, alone: bool) -> Observation:
        tool = self.tools.get(call.name)
        if tool is None:
            near = difflib.get_close_matches(str(call.name), self.tools, 1)
            return Observation(f"there is no such tool; use {near[0] if near else ', '.join(self.tools)}")
        if call.name == self.submit and not alone:
            return Observation(f"not taken: call {call.name} alone, after reading the other answers")
        arguments = call.arguments if call.arguments not in (None, "") else {}
        if not isinstance(arguments, dict):
            return Observation("the arguments are not a JSON object")
        try:
            validate_tool_arguments(tool, arguments)
        except (TypeError, ValueError) as error:
            return Observation(f"{error}; it takes {', '.join(tool.inputs)}")
        try:
            return Observation(await tool.answer(**arguments), call.name == self.submit)
        except Refused as reason:
            return Observation(f"refused: {reason}")
        except FOR_THE_RUN:
            raise
        except Failure as failure:
            return Observation(f"it failed: {quoted(str(failure), call.name, LONGEST_ERROR)}")

    def _remembered(self, call: ToolCall, seen: Observation) -> Observation:
        """The observation, with a word of advice where it came before. Raises GoingInCircles when it came too often."""
        self._repetition = self._repetition.after(call.name, call.arguments, seen.text)
        self._repetition.check()
        advice = self._repetition.advice
        return seen._replace(text=f"{seen.text}\n{advice}") if advice and not seen.accepted else seen

    def _tell(self, step: ActionStep) -> None:
        used = step.token_usage
        names = tuple(call.name for call in step.tool_calls or ())
        turn = Turn(names, used.input_tokens if used else 0, used.output_tokens if used else 0)
        self._loop.call_soon_threadsafe(self._watch, turn)


def _numbered(message: ChatMessage, step: int) -> Iterator[ToolCall]:
    """Ids of our own: a provider's may be empty or double, and those of calls found in text differ every time."""
    for place, call in enumerate(message.tool_calls or ()):
        yield ToolCall(name=call.function.name, arguments=call.function.arguments, id=f"call_{step}_{place}")
