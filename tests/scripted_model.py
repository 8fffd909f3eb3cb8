"""A model whose answers are a list: for tests of what happens around a model, without HTTP.

model = ScriptedModel([[Call("look", place="sky")], "It is blue."])
...  # an agent on that model
model.complain()  # or `with ScriptedModel(...) as model:`
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from smolagents.models import (
    ChatMessage,
    ChatMessageToolCall,
    ChatMessageToolCallFunction,
    MessageRole,
    Model,
)
from smolagents.monitoring import TokenUsage


class Call:
    """One call of a tool, its arguments as keywords; `id` None is `call_<answer>_<place>`."""

    def __init__(self, tool: str, /, *, call_id: str | None = None, **arguments: Any) -> None:
        self.tool, self.call_id, self.arguments = tool, call_id, arguments


@dataclass(frozen=True)
class Question:
    """What the model was asked."""

    messages: list[ChatMessage]
    tools: tuple[str, ...]

    @property
    def text(self) -> str:
        """Everything that was said to the model, in order."""
        return "\n".join(_text(message.content) for message in self.messages)

    @property
    def last(self) -> str:
        return _text(self.messages[-1].content)


Said = str | Call | Sequence[Call] | Exception
Line = Said | Callable[[Question], Said]
"""An answer, several calls at once, an error to raise, or a function that makes one of them from the question."""


class ScriptedModel(Model):  # type: ignore[misc]  # smolagents is untyped
    """A list is used up in order; a function answers every question, for agents that ask side by side."""

    def __init__(
        self, script: Sequence[Line] | Callable[[Question], Said], *, tokens: tuple[int, int] = (10, 5)
    ) -> None:
        super().__init__(model_id="scripted")
        self.questions: list[Question] = []
        self._script: list[Line] = [] if callable(script) else list(script)
        self._function = script if callable(script) else None
        self._tokens = tokens
        self._missing = 0
        self._lock = threading.Lock()

    def generate(
        self,
        messages: list[ChatMessage],
        stop_sequences: list[str] | None = None,
        response_format: dict[str, str] | None = None,
        tools_to_call_from: list[Any] | None = None,
        **_: Any,
    ) -> ChatMessage:
        question = Question(list(messages), tuple(tool.name for tool in tools_to_call_from or ()))
        with self._lock:
            self.questions.append(question)
            number = len(self.questions)
        line = self._function or self._line(number, question)
        said = line if isinstance(line, str | Call | Sequence | Exception) else line(question)
        if isinstance(said, Exception):
            raise said
        return self._message(said, number)

    def _line(self, number: int, question: Question) -> Line:
        if number <= len(self._script):
            return self._script[number - 1]
        self._missing += 1
        raise AssertionError(f"the script has no answer to question {number}: {question.last[:500]}")

    def _message(self, said: str | Call | Sequence[Call], number: int) -> ChatMessage:
        calls = [said] if isinstance(said, Call) else [] if isinstance(said, str) else list(said)
        return ChatMessage(
            role=MessageRole.ASSISTANT,
            content=said if isinstance(said, str) else None,
            tool_calls=[_call(call, f"call_{number}_{place}") for place, call in enumerate(calls)] or None,
            token_usage=TokenUsage(*self._tokens),
        )

    def complain(self) -> None:
        """Raises AssertionError when an answer was not asked for, or a question found none."""
        assert not self._missing, f"{self._missing} questions found no answer in the script"
        left = self._script[len(self.questions) :]
        assert not left, f"{len(left)} answers of the script were not asked for"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.complain()


def _call(call: Call, id: str) -> ChatMessageToolCall:
    function = ChatMessageToolCallFunction(name=call.tool, arguments=call.arguments)
    return ChatMessageToolCall(function=function, id=id if call.call_id is None else call.call_id, type="function")


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return content or ""
