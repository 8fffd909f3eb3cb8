"""A linear classifier over hashed features: each row of `indices` names the weights that are added up for one case."""

import numpy as np

from localhub.bundled.training.gradient import Adam, Parameters, batches, blame
from localhub.bundled.training.trained import Whole


def padded(rows: list[list[int]], filler: int) -> Whole:
    """Rows of different lengths as one array; `filler` stands where a row has ended."""
    table = np.full((len(rows), max(map(len, rows))), filler, np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def train(rows: list[list[int]], labels: Whole, buckets: int, classes: int, epochs: int, rate: float) -> Parameters:
    """`weight` (buckets, classes) and `bias`. A case's sum is divided by the root of how many features it has."""
    indices = padded(rows, buckets)
    scale = np.array([1 / np.sqrt(max(len(row), 1)) for row in rows], np.float32)[:, None]
    parameters = {"weight": np.zeros((buckets + 1, classes), np.float32), "bias": np.zeros(classes, np.float32)}
    optimiser = Adam(parameters, rate)
    for progress, chosen in batches(len(rows), 64, epochs, np.random.default_rng(5)):
        picked = indices[chosen]
        logits = parameters["weight"][picked].sum(axis=1) * scale[chosen] + parameters["bias"]
        error = blame(logits, labels[chosen])
        spread = np.zeros_like(parameters["weight"])
        np.add.at(spread, picked, (error * scale[chosen])[:, None, :])
        optimiser.step({"weight": spread, "bias": error.sum(axis=0)}, rate * (1 - progress))
        # The filler must go on counting for nothing.
        parameters["weight"][buckets] = 0
    return {"weight": parameters["weight"][:buckets], "bias": parameters["bias"]}


def shares(answers: list[str], truth: list[str]) -> dict[str, float]:
    """Accuracy, and the mean over the labels of F1."""
    accuracy = float(np.mean([answer == true for answer, true in zip(answers, truth, strict=True)]))
    return {"accuracy": accuracy, "f1": float(np.mean([f1(answers, truth, label) for label in sorted(set(truth))]))}


def f1(answers: list[str], truth: list[str], label: str) -> float:
    both = sum(answer == true == label for answer, true in zip(answers, truth, strict=True))
    return 2 * both / max(answers.count(label) + truth.count(label), 1)
