"""What earlier requests with such words were answered with: ridge regression over weighted terms.

Written out with numpy: its closed form gives what each request would have been told had it not been among the earlier
ones, which is what the weighing learns from. Nothing of it is loaded before there are earlier plans.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from planners.catalogue.sketch.hearing import Term

Floats = NDArray[np.float64]
Weighted = tuple[NDArray[np.intp], NDArray[np.float32]]

RIDGE = 0.4
"""Strength of the regularisation, for rows of length one."""

BLOCK = 4000
"""Terms whose columns are held as a dense matrix at a time."""


class Recall:
    def __init__(self, requests: Sequence[Sequence[Term]], labels: Floats) -> None:
        """`labels`: one row for each request, 1 where the label is its own."""
        counted = [Counter(term.text for term in request) for request in requests]
        frequency = Counter(text for counts in counted for text in counts)
        least = 1 if len(requests) < 10 else 2
        self._columns = {text: n for n, text in enumerate(t for t, times in frequency.items() if times >= least)}
        self._rarity = np.array(
            [math.log((2 + len(requests)) / (1 + frequency[text])) for text in self._columns], np.float32
        )
        self._rows = len(requests)
        rows = [self._weighed(counts) for counts in counted]
        self.usual = labels.mean(axis=0)
        self._postings = _postings(rows, len(self._columns))
        inverse = np.linalg.inv(self._likeness() + RIDGE * np.eye(self._rows))
        dual = inverse @ (labels - self.usual)
        self.held_out: Floats = labels - dual / np.diag(inverse)[:, None]
        """For each request what it would have been told without itself."""

        self._weights = np.zeros((len(self._columns), labels.shape[1]), np.float32)
        for (columns, values), row in zip(rows, dual.astype(np.float32), strict=True):
            self._weights[columns] += values[:, None] * row

    def __call__(self, request: Iterable[Term]) -> Floats:
        """For each label how strongly the words speak for it, around 0 to 1."""
        columns, values = self._weighed(Counter(term.text for term in request))
        told: Floats = (values @ self._weights[columns]).astype(np.float64) + self.usual
        return told

    def nearness(self, request: Iterable[Term]) -> Floats:
        """The cosine to each earlier request."""
        columns, values = self._weighed(Counter(term.text for term in request))
        near = np.zeros(self._rows)
        for column, value in zip(columns, values, strict=True):
            rows, others = self._postings[column]
            near[rows] += value * others
        return near

    def places(self, request: Iterable[Term], labels: Sequence[int]) -> Floats:
        """Where in the request the words stand that speak for each label, in words from the start."""
        known = [(column, term.place) for term in request if (column := self._columns.get(term.text)) is not None]
        if not known:
            return np.zeros(len(labels))
        columns = np.array([column for column, _ in known])
        for_it = np.maximum(self._weights[np.ix_(columns, np.array(labels))] * self._rarity[columns, None], 0) ** 2
        where = np.array([place for _, place in known])
        places: Floats = (for_it * where[:, None]).sum(axis=0) / np.maximum(for_it.sum(axis=0), 1e-12)
        return places

    def _weighed(self, counts: Mapping[str, int]) -> Weighted:
        known = [(column, times) for text, times in counts.items() if (column := self._columns.get(text)) is not None]
        columns = np.array([column for column, _ in known], np.intp)
        values = np.array([1 + math.log(times) for _, times in known], np.float32) * self._rarity[columns]
        return columns, values / max(float(np.linalg.norm(values)), 1e-9)

    def _likeness(self) -> Floats:
        """The cosine of every two requests."""
        likeness = np.zeros((self._rows, self._rows))
        for start in range(0, len(self._postings), BLOCK):
            some = self._postings[start : start + BLOCK]
            block = np.zeros((self._rows, len(some)), np.float32)
            for column, (rows, values) in enumerate(some):
                block[rows, column] = values
            likeness += block @ block.T
        return likeness


def _postings(rows: Sequence[Weighted], columns: int) -> list[Weighted]:
    """For each term the requests that hold it, and its weight there."""
    held: list[tuple[list[int], list[float]]] = [([], []) for _ in range(columns)]
    for row, (found, values) in enumerate(rows):
        for column, value in zip(found.tolist(), values.tolist(), strict=True):
            held[column][0].append(row)
            held[column][1].append(value)
    return [(np.array(where, np.intp), np.array(values, np.float32)) for where, values in held]
