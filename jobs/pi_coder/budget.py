"""What the model has cost so far, and whether it may go on: counted where its answers pass by."""

import threading
from dataclasses import dataclass
from typing import Any

MORE_TRIES = 20
"""Requests beyond the turns: for answers that failed and were asked for again, and for summaries of a long context."""


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens."""

    input: float
    output: float


class Meter:
    """Safe for many threads."""

    def __init__(self, turns: int, tokens: int, dollars: float, price: Price | None) -> None:
        self.turns, self.tokens, self.most = turns, tokens, dollars
        self.price = price
        self.requests = self.answered = self.input = self.output = 0
        self.dollars = 0.0
        self.priced = price is not None
        """Whether anybody has told a price: without one `dollars` stays zero."""
        self._lock = threading.Lock()

    def admit(self) -> str | None:
        """Count one more request, or say which limit is reached. The words are none of those that agents retry on."""
        with self._lock:
            reached = self._reached()
            self.requests += not reached
            return reached

    def reached(self) -> str | None:
        with self._lock:
            return self._reached()

    def _reached(self) -> str | None:
        if self.answered >= self.turns:
            return f"factory budget reached: {self.answered} answers of {self.turns}"
        if self.requests >= self.turns + MORE_TRIES:
            return f"factory budget reached: {self.requests} requests"
        if self.input + self.output >= self.tokens:
            return f"factory budget reached: {self.input + self.output} tokens of {self.tokens}"
        if self.dollars >= self.most:
            return f"factory budget reached: {self.dollars:.4f} dollars of {self.most:g}"
        return None

    def room(self) -> int:
        """Tokens that one more answer may have."""
        with self._lock:
            return max(1, self.tokens - self.input - self.output)

    def count(self, usage: dict[str, Any], answered: bool) -> None:
        """`usage` as the model's endpoint tells it, or as it was estimated."""
        read, written = _whole(usage.get("prompt_tokens")), _whole(usage.get("completion_tokens"))
        told = next((usage[name] for name in ("cost", "estimated_cost") if _is_price(usage.get(name))), None)
        with self._lock:
            self.answered += answered
            self.input += read
            self.output += written
            if told is not None:
                self.priced = True
                self.dollars += told
            elif self.price:
                self.dollars += (read * self.price.input + written * self.price.output) / 1e6


def _whole(value: Any) -> int:
    return int(value) if _is_price(value) else 0


def _is_price(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12


def estimated(asked: int, answered: int) -> dict[str, int]:
    """A usage from characters, four to a token: for an endpoint that tells none, or an answer that broke off."""
    return {"prompt_tokens": asked // 4, "completion_tokens": answered // 4}
