"""What one look at an artifact gave: measured once, judged as often as wanted."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, JsonValue

from core.checks import Facts, Verdict
from core.nouns import Frozen


class Answer(Frozen):
    """To a question that a check asks in a language of its own."""

    status: Literal["pass", "fail", "unknown"]
    reason: str


class Examination(Frozen):
    kind: str
    """What the content is: a Kind, or archive, pdf, pickle, executable, binary, empty."""

    format: str
    """png, glb, wav …"""

    facts: Facts
    gate: Verdict
    content: JsonValue = Field(default=None, repr=False)
    """The text that `contains` looks into, or the keys that `require` looks for. Foreign text: never recorded, never
    told to a planner."""

    answers: Mapping[str, Answer] = {}
    """By the name of the question, to those that the checks at hand asked."""


def examination(report: dict[str, Any]) -> Examination:
    """From the measuring pass."""
    gate = Verdict(check="gate", status=report["status"], reason=report["reason"])
    return Examination(
        kind=report["kind"],
        format=report["format"],
        facts=report["facts"],
        gate=gate,
        content=report["content"],
    )


def unread(reason: str) -> Examination:
    """Nobody could look, so nothing is known of the file."""
    gate = Verdict(check="gate", status="unknown", reason=f"unread: {reason}")
    return Examination(kind="binary", format="unknown", facts={}, gate=gate)
