"""What an agent has said and seen so far, as the messages that are sent to its model.

Written once for each step. smolagents 1.26 writes everything anew for every step, shows arguments that look like JSON
as what they are not, and repeats the arguments of a call that failed.
"""

import json
from collections.abc import Iterator, Sequence

from smolagents.memory import ActionStep, MemoryStep, TaskStep
from smolagents.models import ChatMessage, ChatMessageToolCall, ChatMessageToolCallFunction, MessageRole

NOTHING_CALLED = "Nothing was done: answer with a call of one of the tools."


class Transcript:
    """Grows with the memory it reads."""

    def __init__(self, instructions: str) -> None:
        self._messages = [_message(MessageRole.SYSTEM, instructions)]
        self._read = 0

    def messages(self, steps: Sequence[MemoryStep]) -> list[ChatMessage]:
        for step in steps[self._read :]:
            self._messages += _told(step)
        self._read = len(steps)
        return list(self._messages)


def _told(step: MemoryStep) -> Iterator[ChatMessage]:
    match step:
        case TaskStep():
            yield _message(MessageRole.USER, step.task)
        case ActionStep():
            yield from _acted(step)


def _acted(step: ActionStep) -> Iterator[ChatMessage]:
    said = step.model_output if isinstance(step.model_output, str) else ""
    if step.tool_calls:
        calls = [_call(call.id, call.name, call.arguments) for call in step.tool_calls]
        shown = [{"name": call.name, "arguments": call.arguments} for call in step.tool_calls]
        text = f"{said.strip()}\nCalling tools:\n{json.dumps(shown, ensure_ascii=False)}".strip()
        yield ChatMessage(role=MessageRole.TOOL_CALL, content=_content(text), tool_calls=calls)
        yield _message(MessageRole.TOOL_RESPONSE, f"Observation:\n{step.observations or ''}")
    elif step.error is not None:
        yield _message(MessageRole.ASSISTANT, said.strip() or "(nothing)")
        yield _message(MessageRole.USER, NOTHING_CALLED)


def _call(id: str, name: str, arguments: object) -> ChatMessageToolCall:
    function = ChatMessageToolCallFunction(name=name, arguments=arguments)
    return ChatMessageToolCall(id=id, type="function", function=function)


def _message(role: MessageRole, text: str) -> ChatMessage:
    return ChatMessage(role=role, content=_content(text))


def _content(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]
