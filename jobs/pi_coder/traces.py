"""What this Job leaves behind, written as it happens: every text redacted, every file capped.

Files are first written where Pi cannot reach them and copied to the output as wholes from time to time, because a
mounted bucket may take files only as wholes.
"""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from redaction import Redactor

LARGEST = 12_000_000
"""Bytes of one trace; what comes after is left out, and said to be."""


class Traces:
    """Safe for many threads."""

    def __init__(self, private: Path, output: Path, redact: Redactor) -> None:
        self.private, self.output, self.redact = private, output, redact
        self._sizes: dict[str, int] = {}
        self._stale: set[str] = set()
        self._lock = threading.Lock()
        self._seen: list[str] = []
        self._exchanges = 0
        (output / "traces").mkdir(parents=True, exist_ok=True)

    def append(self, name: str, text: str) -> None:
        """One more line of a trace."""
        data = self.redact(text).encode("utf-8", "replace") + b"\n"
        with self._lock:
            size = self._sizes.get(name, 0)
            if size > LARGEST:
                return
            self._sizes[name] = size + len(data)
            if size + len(data) > LARGEST:
                data = json.dumps({"type": "trace_cut", "reason": f"it has reached {LARGEST} bytes"}).encode() + b"\n"
                self._sizes[name] = LARGEST + 1
            with open(self.private / name, "ab") as file:
                file.write(data)
            self._stale.add(name)

    def exchange(self, request: dict[str, Any], **more: Any) -> None:
        """A question and its answer; the messages that the question before had too are only counted."""
        messages = [json.dumps(message) for message in request.get("messages") or []]
        with self._lock:
            same = 0
            while same < min(len(messages), len(self._seen)) and messages[same] == self._seen[same]:
                same += 1
            self._seen = messages
            self._exchanges += 1
            number = self._exchanges
        asked = {**request, "messages": (request.get("messages") or [])[same:], "messages_as_before": same}
        if same:
            asked.pop("tools", None)
        told = {"number": number, "at": round(time.time(), 3), "request": asked, **more}
        self.append("exchanges.jsonl", json.dumps(told, ensure_ascii=False))

    def put(self, name: str, data: bytes) -> None:
        """A whole trace."""
        with self._lock:
            (self.private / name).write_bytes(self.redact.of_bytes(data[-LARGEST:]))
            self._stale.add(name)

    def publish(self) -> None:
        """Copy what has changed since the last time."""
        with self._lock:
            for name in sorted(self._stale):
                write(self.output / "traces" / name, (self.private / name).read_bytes())
            self._stale.clear()

    def result(self, told: dict[str, Any]) -> None:
        text = self.redact(json.dumps(told, indent=2, ensure_ascii=False))
        write(self.output / "result.json", text.encode("utf-8", "replace"))


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, for whoever reads it."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(data)
    os.replace(beside, path)
