"""apple-harvest: kilograms of apples from five facts of a tree; the rule behind the data is written here."""

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from localhub.bundled.training.gradient import Adam, batches, dense_backward, dense_forward, dense_parameters
from localhub.bundled.training.trained import Floats, Trained

COUNT = 4000
HELD_OUT = 1_000_003
"""The seed of the trees that the card's figures were measured on; training never sees them."""

FEATURES = {
    "age_years": (2, 40),
    "sun_hours": (600, 1400),
    "rain_mm": (150, 700),
    "frost_nights": (0, 12),
    "pruned": (0, 1),
}
"""Each with the least and the greatest value in the data; the last two are whole numbers."""


def rule(rows: Floats) -> Floats:
    """The harvest without chance: a tree grows up and ages, likes sun and 420 mm of rain, and fears late frost."""
    age, sun, rain, frost, pruned = rows.T
    grown = 1 / (1 + np.exp(-(age - 8) / 2.2)) * (1 - np.maximum(age - 25, 0) / 40)
    weather = (0.35 + 0.65 * (sun - 600) / 800) * np.exp(-(((rain - 420) / 230) ** 2))
    return np.asarray(110 * grown * weather * np.exp(-0.12 * frost) * (1 + 0.18 * pruned), np.float32)


def dataset(count: int, seed: int) -> tuple[Floats, Floats]:
    """Trees and their harvests, which chance changes by some 5 %, and by half a kilogram."""
    random = np.random.default_rng(seed)
    least, most = np.array(list(FEATURES.values()), np.float64).T
    rows = random.uniform(least, most, (count, len(FEATURES)))
    rows[:, 3] = random.integers(0, 13, count)
    rows[:, 4] = random.integers(0, 2, count)
    exact = rule(rows.astype(np.float32))
    harvest = exact * random.normal(1, 0.05, count) + random.normal(0, 0.5, count)
    return rows.astype(np.float32), np.maximum(harvest, 0).astype(np.float32)


def train() -> Trained:
    random = np.random.default_rng(3)
    rows, harvest = dataset(COUNT, seed=1)
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    parameters = dense_parameters(random, [len(FEATURES), 48, 24, 1])
    optimiser = Adam(parameters, 0.01)
    for progress, chosen in batches(COUNT, 50, 100, random):
        outputs = dense_forward(parameters, (rows[chosen] - mean) / scale)
        error = np.asarray((outputs[-1] - harvest[chosen, None] / 20) * 2 / len(chosen), np.float32)
        optimiser.step(dense_backward(parameters, outputs, error), 0.01 * (1 - progress))
    # The network has learned the harvest in units of 20 kg, numbers near 1; from here on it tells kilograms.
    parameters["weight_3"] *= 20
    parameters["bias_3"] *= 20
    config = {"features": list(FEATURES), "ranges": FEATURES, "unit": "kg"}
    return Trained(config, {"mean": mean, "scale": scale} | parameters)


def evaluate(folder: Path, seed: int, count: int = 2000) -> dict[str, float]:
    """The share of the variance explained, the mean error in kilograms, and the error of the rule itself."""
    tensors = load_file(folder / "model.safetensors")
    rows, harvest = dataset(count, seed)
    mean, scale = tensors.pop("mean"), tensors.pop("scale")
    answers = np.maximum(dense_forward(tensors, (rows - mean) / scale)[-1][:, 0], 0)
    explained = 1 - float(((answers - harvest) ** 2).mean() / harvest.var())
    least = float(np.abs(rule(rows) - harvest).mean())
    return {"r_squared": explained, "mae": float(np.abs(answers - harvest).mean()), "mae_of_the_rule": least}
