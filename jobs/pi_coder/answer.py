"""Reads a model's answer as it passes by: its text, its tool calls and what it used."""

import json
from typing import Any

MOST = 2_000_000
"""Characters of text kept of one answer."""


class Answer:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.calls: dict[int, dict[str, str]] = {}
        self.finish: str | None = None
        self.error: str | None = None
        self.usage: dict[str, Any] | None = None
        self.size = 0
        """Characters that the model has written."""

    def hear_line(self, line: bytes) -> None:
        """One line of a stream of server-sent events."""
        if line.startswith(b"data:"):
            self.hear(line[5:])

    def hear(self, data: bytes) -> None:
        """A whole completion, or one chunk of it; anything else is passed over."""
        try:
            told = json.loads(data)
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        if isinstance(told.get("usage"), dict):
            self.usage = told["usage"]
        if told.get("error"):
            self.error = json.dumps(told["error"])[:2000]
        choices = told.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if isinstance(choice, dict):
                self.finish = choice.get("finish_reason") or self.finish
                self.take(choice.get("delta") or choice.get("message"))

    def take(self, message: Any) -> None:
        """Any: a part of somebody's JSON."""
        if not isinstance(message, dict):
            return
        self.say("text", message.get("content"))
        self.say("reasoning", message.get("reasoning_content") or message.get("reasoning"))
        calls = message.get("tool_calls")
        for place, call in enumerate(calls if isinstance(calls, list) else []):
            if isinstance(call, dict):
                index = call.get("index")
                self.call(index if isinstance(index, int) else place, call)

    def say(self, kind: str, text: Any) -> None:
        if not isinstance(text, str):
            return
        self.size += len(text)
        if kind == "text" and self.size < MOST:
            self.text.append(text)

    def call(self, index: int, told: dict[str, Any]) -> None:
        kept = self.calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        function = told.get("function")
        function = function if isinstance(function, dict) else {}
        kept["id"] = kept["id"] or str(told.get("id") or "")
        kept["name"] = kept["name"] or str(function.get("name") or "")
        more = str(function.get("arguments") or "")
        self.size += len(more)
        if self.size < MOST:
            kept["arguments"] += more

    def told(self) -> dict[str, Any]:
        """For the trace."""
        found = {
            "text": "".join(self.text) or None,
            "tool_calls": [self.calls[index] for index in sorted(self.calls)] or None,
            "finish_reason": self.finish,
            "error": self.error,
        }
        return {name: value for name, value in found.items() if value is not None}
