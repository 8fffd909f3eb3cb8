"""One scripted reply of a chat completion endpoint, and how it looks on the wire: as a whole or as a stream."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CREATED = 1_700_000_000


@dataclass(frozen=True)
class Asked:
    """What a client said: `headers` has small letters in its names."""

    number: int
    """The first request is 1."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def texts(self) -> list[str]:
        """The text of each message, whichever way it was written down."""
        return [_text(message.get("content")) for message in self.body.get("messages", [])]


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    raw_arguments: str | None = None
    """Sent as it is in place of `arguments`: for JSON that is broken."""

    id: str | None = None
    """None: `call_<request>_<place>`."""


@dataclass(frozen=True)
class Reply:
    """What the endpoint answers. The faults work in both ways of answering: for the one that is not streamed, an
    "event" is a piece of the body of `chunk` characters."""

    text: str | None = None
    tool_calls: Sequence[ToolCall] = ()
    reasoning: str | None = None
    finish_reason: str | None = None
    """None: `tool_calls` or `stop`, whichever fits."""

    usage: Mapping[str, Any] | None = None
    """None: counted, four characters a token; empty: not told."""

    chunk: int = 0
    """Characters of one streamed delta; 0 sends each text in one."""

    delay: float = 0.0
    """Seconds before the answer begins."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | Mapping[str, Any] | None = None
    """Sent as it is in place of a completion: the body of an error, broken JSON, another page."""

    error: Mapping[str, Any] | None = None
    """An error told with status 200: in the stream after the text, or as the whole body."""

    hang: bool = False
    """Take the request and say nothing until the client leaves."""

    stall_after: int | None = None
    """Say nothing more after so many events, until the client leaves."""

    reset_after: int | None = None
    """Break the connection off after so many events; at 0 before the head of the answer."""

    eof_after: int | None = None
    """Stop after so many events: a stream ends properly, with no finish and no usage; a whole answer is cut short."""

    repeat: int = 1
    """How many requests it answers; -1: all that are still to come."""


def completion(reply: Reply, asked: Asked) -> dict[str, Any]:
    """The reply as a `chat.completion`."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    if reply.tool_calls:
        message["tool_calls"] = _calls(reply, asked)
    choice = {"index": 0, "message": message, "finish_reason": _finish(reply)}
    whole = {**_frame(asked, "chat.completion"), "choices": [choice]}
    usage = _usage(reply, asked)
    return {**whole, "usage": usage} if usage else whole


def events(reply: Reply, asked: Asked) -> list[str]:
    """The reply as the data of server-sent events, `[DONE]` last."""
    frame = _frame(asked, "chat.completion.chunk")
    deltas = [{"role": "assistant", "content": ""}, *_deltas(reply, asked)]
    sent = [{**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    if reply.error is not None:
        return [json.dumps(event) for event in [*sent, {"error": dict(reply.error)}]]
    sent.append({**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": _finish(reply)}]})
    if usage := _usage(reply, asked):
        sent.append({**frame, "choices": [], "usage": usage})
    return [*(json.dumps(event) for event in sent), "[DONE]"]


def _deltas(reply: Reply, asked: Asked) -> Iterator[dict[str, Any]]:
    for piece in pieces(reply.reasoning or "", reply.chunk):
        yield {"reasoning_content": piece}
    for piece in pieces(reply.text or "", reply.chunk):
        yield {"content": piece}
    for index, call in enumerate(_calls(reply, asked)):
        function = call["function"]
        opened = {"index": index, **call, "function": {"name": function["name"], "arguments": ""}}
        yield {"tool_calls": [opened]}
        for piece in pieces(function["arguments"], reply.chunk):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def pieces(text: str, size: int) -> list[str]:
    step = size or len(text) or 1
    return [text[start : start + step] for start in range(0, len(text), step)]


def _calls(reply: Reply, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{asked.number}_{place}" if call.id is None else call.id,
            "type": "function",
            "function": {
                "name": call.name,
                "arguments": json.dumps(dict(call.arguments)) if call.raw_arguments is None else call.raw_arguments,
            },
        }
        for place, call in enumerate(reply.tool_calls)
    ]


def _finish(reply: Reply) -> str:
    return reply.finish_reason or ("tool_calls" if reply.tool_calls else "stop")


def _frame(asked: Asked, kind: str) -> dict[str, Any]:
    model = asked.body.get("model", "scripted")
    return {"id": f"chatcmpl-{asked.number}", "object": kind, "created": CREATED, "model": model}


def _usage(reply: Reply, asked: Asked) -> dict[str, Any]:
    if reply.usage is not None:
        return dict(reply.usage)
    heard = len(json.dumps(asked.body)) // 4
    said = (len(reply.text or "") + len(json.dumps(_calls(reply, asked)))) // 4
    return {"prompt_tokens": heard, "completion_tokens": said, "total_tokens": heard + said}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return "" if content is None else str(content)
