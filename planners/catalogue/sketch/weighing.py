"""How much each trait of a wiring counts: figures that hold anywhere, moved by what earlier plans teach."""

from collections.abc import Sequence

import numpy as np

from planners.catalogue.sketch.evidence import Floats
from planners.catalogue.sketch.wiring import TRAITS

WEIGHTS = {
    "said": 1.0,
    "recalled": 1.0,
    "odds": 0.1,
    "steps": 0.0,
    "recalled_links": 1.0,
    "link_odds": 0.0,
    "backwards": -1.5,
    "forwards": 0.1,
    "skips": -0.8,
    "starts": -2.0,
    "alone": 0.0,
    "steps_squared": 0.0,
    "weakest": 0.0,
    "votes": 2.0,
    "nearest": 4.0,
    "missed": 0.0,
    "unused": -1.0,
}
STEPS = 300
RATE = 0.03
HOLD = 3.0
"""How many precedents' worth of doubt there is in moving a weight by as much as the trait varies."""


def standard() -> Floats:
    return np.array([WEIGHTS[trait] for trait in TRAITS])


def learned(lessons: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Weights under which the better wirings of each lesson come first.

    A lesson has a row of traits for each wiring, and how good each is. What is raised is the goodness to be expected
    when wirings are drawn in proportion to the exponential of their weight.
    """
    start = standard()
    traits = np.concatenate([rows for rows, _ in lessons])
    good = np.concatenate([goodness for _, goodness in lessons])
    sizes = np.array([len(goodness) for _, goodness in lessons])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    lesson = np.repeat(np.arange(len(sizes)), sizes)
    scale = traits.std(axis=0)
    rows = np.where(scale > 0, traits / np.where(scale > 0, scale, 1), 0)
    moved = np.zeros(len(start))
    base = traits @ start
    momentum, variance = np.zeros_like(moved), np.zeros_like(moved)
    for step in range(1, STEPS + 1):
        height = base + rows @ moved
        height -= np.maximum.reduceat(height, first)[lesson]
        share = np.exp(height)
        share /= np.add.reduceat(share, first)[lesson]
        expected = np.add.reduceat(share * good, first)
        gradient = rows.T @ (share * (good - expected[lesson])) / len(sizes) - HOLD / len(sizes) * moved
        momentum = 0.9 * momentum + 0.1 * gradient
        variance = 0.99 * variance + 0.01 * gradient**2
        moved += RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(variance / (1 - 0.99**step)) + 1e-9)
    return start + np.where(scale > 0, moved / np.where(scale > 0, scale, 1), 0)
