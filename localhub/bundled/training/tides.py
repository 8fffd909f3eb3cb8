"""untitled-2: the height of an invented tide by the hour; its card says too little on purpose, as many do."""

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from localhub.bundled.training.gradient import Adam, batches, dense_backward, dense_forward, dense_parameters
from localhub.bundled.training.trained import Floats, Trained

HELD_OUT = 1_000_003


def dataset(count: int, seed: int) -> tuple[Floats, Floats]:
    """Hours after the new moon, as three clocks' sines and cosines, and metres."""
    random = np.random.default_rng(seed)
    hours = random.uniform(0, 708, count)
    turns = 2 * np.pi * hours[:, None] / np.array([12.42, 24.84, 354.4])
    clocks = np.concatenate([np.sin(turns), np.cos(turns)], axis=1)
    height = 2 * np.cos(turns[:, 0]) * (1 + 0.3 * np.cos(turns[:, 2])) + 0.3 * np.sin(turns[:, 1])
    return clocks.astype(np.float32), (height + random.normal(0, 0.05, count)).astype(np.float32)


def train() -> Trained:
    random = np.random.default_rng(2)
    rows, height = dataset(3000, seed=1)
    parameters = dense_parameters(random, [rows.shape[1], 16, 1])
    optimiser = Adam(parameters, 0.01)
    for progress, chosen in batches(len(rows), 50, 40, random):
        outputs = dense_forward(parameters, rows[chosen])
        error = np.asarray((outputs[-1] - height[chosen, None]) * 2 / len(chosen), np.float32)
        optimiser.step(dense_backward(parameters, outputs, error), 0.01 * (1 - progress))
    return Trained({"hidden_size": 16}, parameters)


def evaluate(folder: Path, seed: int, count: int = 1000) -> dict[str, float]:
    rows, height = dataset(count, seed)
    answers = dense_forward(load_file(folder / "model.safetensors"), rows)[-1][:, 0]
    return {"r_squared": 1 - float(((answers - height) ** 2).mean() / height.var())}
