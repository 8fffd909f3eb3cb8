"""The stream of a call: server-sent events from raw chunks, and what Gradio's queue says in them.

The parser takes time linear in the size of the stream and limits how long one event may be. It knows `data`, which is
all that the queue uses; names, ids, comments and retry hints are dropped.
"""

import json
from dataclasses import dataclass

from pydantic import JsonValue

from core.errors import AnswerBroken, CallLost, Failure
from core.signals import app_error, flat

_JSON = json.JSONDecoder(parse_constant=lambda _: None)

LONGEST = 8 * 1024 * 1024
"""Bytes of one event. Larger results belong in files."""


class TooLong(ValueError):
    """One event is longer than the limit."""


class Parser:
    """Takes chunks as they come and gives the data of the events that they complete."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        self._rest = bytearray()
        self._searched = 0
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that end in this chunk. Raises TooLong when one has grown beyond the limit."""
        self._rest += chunk
        events = []
        start = 0
        while (end := self._rest.find(b"\n", max(start, self._searched))) >= 0:
            line = bytes(self._rest[start:end]).removesuffix(b"\r")
            start = end + 1
            if line:
                self._take(line)
            elif self._data:
                events.append(b"\n".join(self._data))
                self._data, self._size = [], 0
        del self._rest[:start]
        # The next search begins where this one ended: a long line is never read twice.
        self._searched = len(self._rest)
        self._limit(self._size + len(self._rest))
        return events

    def _take(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" "))
            self._size += len(value)
            self._limit(self._size)

    def _limit(self, size: int) -> None:
        if size > self.longest:
            raise TooLong(f"one message is longer than {self.longest} bytes")


@dataclass(frozen=True)
class Queued:
    position: int | None
    """Calls before this one; 0 is next."""

    eta: float | None
    """Seconds, by the Space's own guess."""


@dataclass(frozen=True)
class Running:
    fraction: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Finished:
    data: list[JsonValue]
    """One value for each output slot of the endpoint, the hidden ones included."""


Message = Queued | Running | Finished


def read_message(space: str, data: bytes, event: str) -> Message | None:
    """One message of Gradio's queue; None for heartbeats, log lines and messages of other calls.

    Raises the `Failure` that the message reports, or AnswerBroken when it is none of Gradio's.
    """
    message = read_json(space, data, "the queue")
    if not isinstance(message, dict):
        raise AnswerBroken(f"{space} sent a message of an unknown shape")
    if message.get("msg") in ("unexpected_error", "server_stopped"):
        raise _stopped(space, message)
    if message.get("event_id") not in (event, None):
        return None
    match message.get("msg"):
        case "estimation":
            return Queued(_whole(message.get("rank")), _number(message.get("rank_eta")))
        case "process_starts" | "process_generating" | "process_streaming":
            return Running()
        case "progress":
            return _progress(message.get("progress_data"))
        case "process_completed":
            return _finish(space, message)
    return None


def read_json(space: str, data: bytes, what: str) -> JsonValue:
    """The JSON in an answer: no NaN, no half of a character. Raises AnswerBroken when it is none."""
    try:
        value: JsonValue = _JSON.decode(data.decode())
        if b"\\ud" in data or b"\\uD" in data:
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        kind = "a web page" if data.lstrip()[:1] == b"<" else "no JSON"
        hint = "it is not a Gradio app, or not awake"
        raise AnswerBroken(f"{space} answers {what} with {kind}: {hint}") from None
    return value


def _stopped(space: str, message: dict[str, JsonValue]) -> Failure:
    if message.get("session_not_found"):
        return CallLost(f"{space} no longer knows this call; call it again")
    return app_error(space, message.get("message") or "Server stopped unexpectedly.")


def _finish(space: str, message: dict[str, JsonValue]) -> Finished:
    output, title = message.get("output"), message.get("title")
    if message.get("success") is not True:
        raise app_error(space, output, title if isinstance(title, str) else None)
    data = output.get("data") if isinstance(output, dict) else None
    if not isinstance(data, list):
        raise AnswerBroken(f"{space} finished the call without any data")
    return Finished(data)


def _progress(units: JsonValue) -> Running:
    """The outermost of Gradio's progress bars."""
    unit = units[0] if isinstance(units, list) and units and isinstance(units[0], dict) else {}
    fraction = _number(unit.get("progress"))
    index, length = _number(unit.get("index")), _number(unit.get("length"))
    if fraction is None and index is not None and length:
        fraction = index / length
    inside = None if fraction is None else min(max(fraction, 0.0), 1.0)
    return Running(inside, flat(unit.get("desc") or "", 200))


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
