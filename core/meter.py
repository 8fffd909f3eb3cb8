"""What language models use up in a run, and the limit of it: reserved before a request, settled after."""

import threading
from collections.abc import Callable

from core.errors import BudgetSpent
from core.nouns import Frozen

Spend = Callable[[int, int, float], None]
"""Told of each request that was settled: tokens in, tokens out, US dollars."""


class Price(Frozen):
    """US dollars for a million tokens."""

    tokens_in: float
    tokens_out: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        return (self.tokens_in * tokens_in + self.tokens_out * tokens_out) / 1e6


PRICES = {"Qwen/Qwen3-Coder-Next": Price(tokens_in=0.2, tokens_out=1.5)}
"""Where nobody says otherwise, by the model's id without its provider; from the model catalogue of Pi 1.5.2."""


class Usage(Frozen):
    """Of one request, or of several together."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: float = 0.0
    unpriced: int = 0
    """Tokens whose price is not known: they are in no sum of dollars."""

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in Usage.model_fields})

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage.model_construct(
            **{name: getattr(self, name) - getattr(other, name) for name in Usage.model_fields}
        )


def priced(tokens_in: int, tokens_out: int, price: Price | None, dollars: float | None = None) -> Usage:
    """The usage of one request; `dollars` is what the endpoint itself says that it came to."""
    if dollars is None and price is not None:
        dollars = price.of(tokens_in, tokens_out)
    unpriced = tokens_in + tokens_out if dollars is None else 0
    return Usage(requests=1, tokens_in=tokens_in, tokens_out=tokens_out, dollars=dollars or 0.0, unpriced=unpriced)


def _nobody(tokens_in: int, tokens_out: int, dollars: float) -> None:
    """For whoever keeps no books."""


class Meter:
    """The counter of one run, shared by all its models and safe for many threads. None is not limited.

    What is reserved counts as spent until it is settled, so that requests side by side cannot pass the limit together.
    One request may come to more than it reserved: an endpoint that ignores the limit of an answer.
    """

    def __init__(self, tokens: int | None = None, dollars: float | None = None, spend: Spend = _nobody) -> None:
        self._most = {"tokens": tokens, "dollars": dollars}
        self._spend = spend
        self._settled = self._reserved = Usage()
        self._lock = threading.Lock()

    @property
    def totals(self) -> Usage:
        """What has been settled so far."""
        return self._settled

    def reserve(self, amount: Usage) -> None:
        """Raises BudgetSpent when this much more would not fit."""
        with self._lock:
            taken = self._settled + self._reserved
            for name, most in self._most.items():
                used, wanted = getattr(taken, name), getattr(amount, name)
                if most is not None and wanted and used + wanted > most:
                    raise BudgetSpent(
                        f"the language model's budget does not cover the next request: {used:,.6g} of {most:,.6g} "
                        f"{name} are used and it may take {wanted:,.6g}; allow more, or ask for less"
                    )
            self._reserved += amount

    def settle(self, reserved: Usage, used: Usage) -> None:
        """Put what a request came to in place of what was reserved for it."""
        with self._lock:
            self._reserved -= reserved
            self._settled += used
        if used.requests:
            self._spend(used.tokens_in, used.tokens_out, used.dollars)

    def release(self, reserved: Usage) -> None:
        """The request was refused, and nothing is owed for it."""
        self.settle(reserved, Usage())
