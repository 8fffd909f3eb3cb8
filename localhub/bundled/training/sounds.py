"""sound-classifier: a network with one hidden layer, on sounds computed by `sound_synthesis`."""

from pathlib import Path

import numpy as np

from localhub.bundled.training.gradient import Adam, batches, blame, dense_backward, dense_forward, dense_parameters
from localhub.bundled.training.hashed import shares
from localhub.bundled.training.sound_synthesis import LABELS, play, wave_file
from localhub.bundled.training.trained import Floats, Trained, Whole, module_of

COUNT = 2400
HELD_OUT = 1_000_003
"""The seed of the sounds that the card's figures were measured on; training never hears them."""


def train() -> Trained:
    random = np.random.default_rng(7)
    rows, labels = dataset(COUNT, seed=1)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    parameters = dense_parameters(random, [rows.shape[1], 32, len(LABELS)])
    optimiser = Adam(parameters, 0.005)
    for progress, chosen in batches(COUNT, 32, 20, random):
        outputs = dense_forward(parameters, (rows[chosen] - mean) / scale)
        gradients = dense_backward(parameters, outputs, blame(outputs[-1], labels[chosen]))
        optimiser.step(gradients, 0.005 * (1 - progress))
    tensors = {"mean": mean, "scale": scale} | parameters
    return Trained({"class": "sound_classifier.SoundClassifier", "labels": LABELS}, tensors, examples())


def dataset(count: int, seed: int) -> tuple[Floats, Whole]:
    """The features of sounds and their labels' numbers, as many of each."""
    random = np.random.default_rng(seed)
    shipped = module_of("sound-classifier")
    labels = np.arange(count) % len(LABELS)
    return np.stack([shipped.features(play(LABELS[label], random)) for label in labels]), labels


def examples() -> dict[str, bytes]:
    random = np.random.default_rng(77)
    return {f"examples/{label}.wav": wave_file(play(label, random)) for label in ("bell", "rain")}


def evaluate(folder: Path, seed: int, count: int = 800) -> dict[str, float]:
    rows, labels = dataset(count, seed)
    answers = module_of("sound-classifier").SoundClassifier.from_pretrained(folder).logits(rows).argmax(axis=1)
    return shares([LABELS[number] for number in answers], [LABELS[number] for number in labels])
