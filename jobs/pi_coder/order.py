"""What this Job is asked to do: order.json, goal.md and the workspace beside them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadOrder(Exception):
    """The order cannot be read; the message says why in one line."""


@dataclass(frozen=True)
class Limits:
    turns: int = 40
    """Answers of the model, those without a tool call included."""

    tokens: int = 600_000
    """Read and written by the model together, those of a repeated context each time."""

    dollars: float = 1.0
    seconds: float = 1200
    """Wall clock from Pi's start."""

    idle: float = 300
    """Seconds without any event after which Pi is ended; a command of Pi's has no time limit of its own."""


@dataclass(frozen=True)
class Order:
    model: str
    limits: Limits
    goal: str
    system: str = ""


def read(given: Path) -> Order:
    try:
        told = json.loads((given / "order.json").read_bytes())
        goal = (given / "goal.md").read_text("utf-8")
    except (OSError, ValueError) as error:
        raise BadOrder(f"the order cannot be read: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("model"), str) or not told["model"].strip():
        raise BadOrder("order.json names no model")
    return Order(told["model"], limits(told.get("limits")), goal, str(told.get("system") or ""))


def limits(told: Any) -> Limits:
    """Any: it is what a JSON file holds, and checked here."""
    if not isinstance(told or {}, dict):
        raise BadOrder("limits in order.json has to be an object")
    known = {name: kind for name, kind in Limits.__annotations__.items() if name in (told or {})}
    for name in known:
        value = told[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise BadOrder(f"the limit {name} in order.json has to be a number above zero")
    return Limits(**{name: kind(told[name]) for name, kind in known.items()})
