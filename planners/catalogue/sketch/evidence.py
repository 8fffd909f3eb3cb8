"""All that speaks for and against the offers, for one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.nouns import Kind

Floats = NDArray[np.float64]
LEAST = 0.02
"""A share below this says no less."""


@dataclass(frozen=True)
class Evidence:
    """Arrays hold one figure for each offer."""

    said: Floats
    """What the words say, in logits."""

    places: Floats
    """Where they say it, as a share of the request."""

    given: frozenset[Kind]
    """Kinds of the files that the request names."""

    recalled: Floats | None = None
    """How much more often than usual similar requests were answered with it, -1 to 1; None without precedents."""

    usual: Floats | None = None
    """The share of all precedents that use it."""

    recalled_places: Floats | None = None
    recalled_links: Mapping[tuple[int, int], float] = field(default_factory=dict)
    votes: Mapping[frozenset[int], float] = field(default_factory=dict)
    """For sets of offers, their share among the nearest precedents."""

    nearest: Mapping[tuple[int, ...], float] = field(default_factory=dict)
    """For plans of the nearest precedents, how near their requests are, 0 to 1."""

    @cached_property
    def odds(self) -> Floats:
        return (
            np.zeros_like(self.said)
            if self.recalled is None or self.usual is None
            else log_odds(self.recalled + self.usual) - log_odds(self.usual)
        )

    @cached_property
    def recall(self) -> Floats:
        return np.zeros_like(self.said) if self.recalled is None else self.recalled

    def link(self, pair: tuple[int, int]) -> float:
        return self.recalled_links.get(pair, 0.0)


def log_odds(shares: Floats) -> Floats:
    held = np.clip(shares, LEAST, 1.0)
    odds: Floats = np.log(held / (1 + LEAST - held))
    return odds
