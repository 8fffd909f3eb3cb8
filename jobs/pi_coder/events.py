"""What Pi's events have told so far: how far it is, what it has used, how it ended."""

import json
from dataclasses import dataclass
from typing import Any

PASSED_OVER = ("message_update", "tool_execution_update")
"""Interim news of a message or a tool, hundreds of which are repeated as a whole at its end."""

LONGEST_NEWS = 160


@dataclass
class Story:
    turns: int = 0
    input: int = 0
    output: int = 0
    dollars: float = 0.0
    """By the prices that Pi was told."""

    started: bool = False
    settled: bool = False
    """Nothing more is to come, whether or not Pi ends."""

    aborted: bool = False
    stop: str = ""
    """Why the last answer of the model ended."""

    error: str = ""
    turn_over: bool = False
    """Whether the last answer's tools have run too."""

    def hear(self, event: dict[str, Any]) -> str | None:
        """Take one event in; a line for people when there is news."""
        match event.get("type"):
            case "agent_start":
                self.started, self.settled = True, False
            case "message_end":
                self.take(event.get("message"))
            case "turn_start":
                self.turn_over = False
            case "turn_end":
                self.turns, self.turn_over = self.turns + 1, True
            case "tool_execution_start":
                return self.tool(event)
            case "tool_execution_end" if event.get("isError"):
                return f"turn {self.turns + 1}: {event.get('toolName')} failed"
            case "auto_retry_start":
                return f"the model failed, attempt {event.get('attempt')}: {event.get('errorMessage')}"
            case "agent_settled":
                self.settled, self.aborted = True, bool(event.get("aborted"))
        return None

    def take(self, message: Any) -> None:
        """Any: a part of somebody's JSON."""
        if not isinstance(message, dict) or message.get("role") != "assistant":
            return
        self.stop, self.error = str(message.get("stopReason") or ""), str(message.get("errorMessage") or "")
        usage = message.get("usage")
        if isinstance(usage, dict):
            self.input += number(usage, "input", "cacheRead", "cacheWrite")
            self.output += number(usage, "output")
            cost = usage.get("cost")
            total = cost.get("total") if isinstance(cost, dict) else 0
            self.dollars += total if isinstance(total, int | float) else 0

    def tool(self, event: dict[str, Any]) -> str:
        given = event.get("args")
        given = given if isinstance(given, dict) else {}
        subject = given.get("command") or given.get("path") or ""
        return f"turn {self.turns + 1}: {event.get('toolName')} {subject}"


def number(usage: dict[str, Any], *names: str) -> int:
    return sum(int(usage[name]) for name in names if isinstance(usage.get(name), int | float))


def read(line: bytes) -> dict[str, Any] | None:
    """One line of Pi's output; None for what is no event."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def news(text: str) -> str:
    """One line that a terminal shows as it is."""
    line = " ".join(text.split())
    line = "".join(letter if letter.isprintable() else "?" for letter in line)
    return line if len(line) <= LONGEST_NEWS else f"{line[: LONGEST_NEWS - 1]}…"
