"""Where exchanges with language models can be looked at afterwards: a file in the record, or OpenTelemetry spans.

Off unless somebody asks for it, and nothing is imported then. Secrets are taken out before anything leaves.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import JsonValue

from core.errors import RecordUnusable, disk_full
from core.meter import Usage
from core.nouns import Frozen
from core.redact import redact


class Exchange(Frozen):
    """One request to a model, and what came back."""

    model: str
    base_url: str
    began: float
    """Seconds since 1970."""
    seconds: float
    question: str
    """The body, JSON, without secrets."""
    status: int | None
    """None when no answer came."""
    answer: str
    """The body, whatever it is, without secrets."""
    usage: Usage

    @classmethod
    def over(
        cls,
        model: str,
        base_url: str | None,
        began: float,
        question: bytes,
        reply: tuple[int, bytes] | None,
        usage: Usage,
    ) -> "Exchange":
        """One that began at `began` and is over now."""
        return cls(
            model=model,
            base_url=base_url or "",
            began=began,
            seconds=max(0.0, time.time() - began),
            question=redact(question.decode("utf-8", "replace")),
            status=reply[0] if reply else None,
            answer=redact(reply[1].decode("utf-8", "replace")) if reply else "",
            usage=usage,
        )


Watch = Callable[[Exchange], None]


class TraceFile:
    """Writes each exchange as a line of JSON, bodies readable. Safe for many threads of one process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        """Raises DiskFull, or RecordUnusable when the file cannot be written."""
        told = exchange.model_dump(mode="json")
        line = json.dumps(told | {name: _parsed(told[name]) for name in ("question", "answer")}, ensure_ascii=False)
        data = f"{line}\n".encode("utf-8", "replace")
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                place = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(place, data)
                finally:
                    os.close(place)
        except OSError as error:
            raise disk_full(error, str(self._path)) or RecordUnusable(f"{self._path} cannot be written") from error


def spans() -> Watch:
    """Each exchange as a span with OpenInference's names, inside whichever span is current.

    They go to the tracer provider of the process: without one that somebody has set up, nowhere.
    """
    from opentelemetry import trace

    tracer = trace.get_tracer("spacewright")

    def watch(exchange: Exchange) -> None:
        began = int(exchange.began * 1e9)
        span = tracer.start_span("chat.completion", start_time=began, attributes=dict(_attributes(exchange)))
        if exchange.status != 200:
            span.set_status(trace.StatusCode.ERROR, f"status {exchange.status}" if exchange.status else "no answer")
        span.end(began + int(exchange.seconds * 1e9))

    return watch


def _attributes(exchange: Exchange) -> Iterator[tuple[str, str | int | float]]:
    yield "openinference.span.kind", "LLM"
    yield "llm.model_name", exchange.model
    yield "llm.token_count.prompt", exchange.usage.tokens_in
    yield "llm.token_count.completion", exchange.usage.tokens_out
    yield "llm.token_count.total", exchange.usage.tokens
    yield "llm.cost.total", exchange.usage.dollars
    for side, body in (("input", exchange.question), ("output", exchange.answer)):
        yield f"{side}.value", body
        yield f"{side}.mime_type", "application/json"
    question, answer = _parsed(exchange.question), _parsed(exchange.answer)
    asked = question if isinstance(question, dict) else {}
    yield "llm.invocation_parameters", json.dumps({k: v for k, v in asked.items() if k not in ("messages", "tools")})
    yield from _messages("llm.input_messages", asked.get("messages"))
    choices = answer.get("choices") if isinstance(answer, dict) else None
    said = (
        [choice.get("message") for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    )
    yield from _messages("llm.output_messages", said)


def _messages(name: str, messages: JsonValue) -> Iterator[tuple[str, str]]:
    for place, message in enumerate(messages if isinstance(messages, list) else []):
        if not isinstance(message, dict):
            continue
        key = f"{name}.{place}.message"
        yield f"{key}.role", str(message.get("role"))
        content = message.get("content")
        if content is not None:
            yield f"{key}.content", content if isinstance(content, str) else json.dumps(content)
        calls = message.get("tool_calls")
        for index, call in enumerate(calls if isinstance(calls, list) else []):
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                yield f"{key}.tool_calls.{index}.tool_call.function.name", str(function.get("name"))
                yield f"{key}.tool_calls.{index}.tool_call.function.arguments", str(function.get("arguments"))


def _parsed(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value
