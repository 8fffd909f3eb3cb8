"""shape-classifier: three convolutions and a dense layer, on pictures drawn by `shape_drawing`."""

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from localhub.bundled.training.gradient import Adam, Parameters, batches, blame, glorot
from localhub.bundled.training.hashed import shares
from localhub.bundled.training.shape_drawing import LABELS, draw
from localhub.bundled.training.trained import Floats, Trained, Whole, module_of

COUNT = 9000
HELD_OUT = 1_000_003
"""The seed of the pictures that the card's figures were measured on; training never sees them."""

CHANNELS = [3, 12, 24, 40]
EPOCHS = 12


def train() -> Trained:
    random = np.random.default_rng(1)
    shipped = module_of("shape-classifier")
    values, labels = dataset(COUNT, seed=1)
    parameters: Parameters = {}
    for number, (inputs, outputs) in enumerate(pairwise(CHANNELS), 1):
        parameters[f"kernel_{number}"] = glorot(random, 9 * inputs, outputs)
        parameters[f"offset_{number}"] = np.zeros(outputs, np.float32)
    parameters["weight"] = glorot(random, 16 * CHANNELS[-1], len(LABELS))
    parameters["bias"] = np.zeros(len(LABELS), np.float32)
    optimiser = Adam(parameters, 0.004)
    for progress, chosen in batches(COUNT, 50, EPOCHS, random):
        gradients = slope(shipped.neighbourhoods, parameters, values[chosen], labels[chosen])
        optimiser.step(gradients, 0.004 * (1 - progress))
    return Trained({"class": "shape_classifier.ShapeClassifier", "labels": LABELS}, parameters, examples())


def dataset(count: int, seed: int) -> tuple[Floats, Whole]:
    """Pictures as the network sees them, and their labels' numbers, as many of each."""
    random = np.random.default_rng(seed)
    shipped = module_of("shape-classifier")
    labels = np.arange(count) % len(LABELS)
    return np.stack([shipped.pixels(draw(LABELS[label], random)) for label in labels]), labels


def slope(
    neighbourhoods: Callable[[Floats], Floats], parameters: Parameters, values: Floats, labels: Whole
) -> Parameters:
    """The gradients of the loss of one batch."""
    steps = []
    for number in range(1, len(CHANNELS)):
        rows = neighbourhoods(values)
        sums = np.maximum(rows @ parameters[f"kernel_{number}"] + parameters[f"offset_{number}"], 0)
        values, winners = pooled(sums)
        steps.append((rows, winners))
    flat = values.reshape(len(values), -1)
    error = blame(flat @ parameters["weight"] + parameters["bias"], labels)
    gradients = {"weight": flat.T @ error, "bias": error.sum(axis=0)}
    values_error = (error @ parameters["weight"].T).reshape(values.shape)
    for number in range(len(CHANNELS) - 1, 0, -1):
        rows, winners = steps[number - 1]
        sums_error = unpooled(values_error, winners)
        flat_rows, flat_error = rows.reshape(-1, rows.shape[3]), sums_error.reshape(-1, sums_error.shape[3])
        gradients[f"kernel_{number}"] = flat_rows.T @ flat_error
        gradients[f"offset_{number}"] = flat_error.sum(axis=0)
        if number > 1:
            values_error = gathered((flat_error @ parameters[f"kernel_{number}"].T).reshape(rows.shape))
    return gradients


def pooled(sums: Floats) -> tuple[Floats, Floats]:
    """The greatest of every 2x2 square, and 1 where it stood if it was above 0."""
    count, height, width, channels = sums.shape
    squares = sums.reshape(count, height // 2, 2, width // 2, 2, channels)
    greatest = squares.max(axis=(2, 4), keepdims=True)
    winners = ((squares == greatest) & (squares > 0)).astype(np.float32)
    return greatest[:, :, 0, :, 0], winners


def unpooled(error: Floats, winners: Floats) -> Floats:
    """Each square's error given to where its greatest value stood."""
    count, height, _, width, _, channels = winners.shape
    return (winners * error[:, :, None, :, None]).reshape(count, height * 2, width * 2, channels)


def gathered(error: Floats) -> Floats:
    """The errors of all neighbourhoods added up where their values came from."""
    count, height, width, ninefold = error.shape
    channels = ninefold // 9
    padded = np.zeros((count, height + 2, width + 2, channels), np.float32)
    for number in range(9):
        y, x = divmod(number, 3)
        padded[:, y : y + height, x : x + width] += error[..., number * channels : (number + 1) * channels]
    return padded[:, 1:-1, 1:-1]


def examples() -> dict[str, bytes]:
    """A picture of each of four shapes, as an app may offer them."""
    random, pictures = np.random.default_rng(81), {}
    for label in ("fish", "heart", "house", "star"):
        file = io.BytesIO()
        draw(label, random).save(file, "PNG")
        pictures[f"examples/{label}.png"] = file.getvalue()
    return pictures


def evaluate(folder: Path, seed: int, count: int = 1200) -> dict[str, float]:
    values, labels = dataset(count, seed)
    answers = module_of("shape-classifier").ShapeClassifier.from_pretrained(folder).logits(values).argmax(axis=1)
    return shares([LABELS[number] for number in answers], [LABELS[number] for number in labels])
