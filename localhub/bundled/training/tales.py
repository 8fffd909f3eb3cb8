"""tale-writer: a recurrent network over pieces of words, on tales told by `tale_grammar`."""

import string
from pathlib import Path
from typing import Any

import numpy as np

from localhub.bundled.training import pieces, recurrent
from localhub.bundled.training.gradient import Adam
from localhub.bundled.training.tale_grammar import WRITTEN, tales
from localhub.bundled.training.trained import Trained, module_of

COUNT = 900
EPOCHS = 9
BATCH, LENGTH = 24, 48
HELD_OUT = 1_000_003
"""The seed of the tales that the card's figures were measured on; training never reads them."""

CHARACTERS = "\n " + string.ascii_letters + string.digits + string.punctuation


def train() -> Trained:
    random = np.random.default_rng(11)
    texts = tales(COUNT, seed=1)
    config = {"class": "tale_writer.TaleWriter", "pieces": pieces.learn(texts, CHARACTERS, 420)}
    parameters = recurrent.fresh(len(config["pieces"]), 48, 144, random)
    optimiser = Adam(parameters, 0.006)
    encode = module_of("tale-writer").TaleWriter(with_shapes(config, parameters), parameters).encode
    encoded = [[0, *encode(text)] for text in texts]
    for epoch in range(EPOCHS):
        stream = np.array([number for place in random.permutation(COUNT) for number in encoded[place]] + [0])
        rows = stream[: len(stream) // BATCH * BATCH].reshape(BATCH, -1)
        state = np.zeros((BATCH, 144), np.float32)
        starts = range(0, rows.shape[1] - LENGTH, LENGTH)
        for number, start in enumerate(starts):
            _, found, state = recurrent.gradients(parameters, rows[:, start : start + LENGTH + 1], state)
            progress = (epoch + number / len(starts)) / EPOCHS
            optimiser.step(recurrent.clipped(found, 1.0), 0.006 * (1 - progress) + 0.0001)
    return Trained(config, parameters)


def with_shapes(config: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    return config | {"tensors": {name: list(value.shape) for name, value in parameters.items()}}


def evaluate(folder: Path, seed: int, count: int = 100) -> dict[str, float]:
    """Bits a character on tales with another seed and on fables written without the grammar; real words it writes."""
    model = module_of("tale-writer").TaleWriter.from_pretrained(folder)
    known = {word.strip(string.punctuation) for text in tales(COUNT, seed=1) for word in text.split()}
    words = " ".join(model("", temperature=0.7, seed=seed + number) for number in range(20)).split()
    told = sum(word.strip(string.punctuation) in known for word in words) / len(words)
    made, human = bits(model, tales(count, seed)), bits(model, WRITTEN.strip().split("\n\n"))
    return {"bits_per_character": made, "written_bits_per_character": human, "real_words": told}


def bits(model: Any, texts: list[str]) -> float:
    """The mean surprise at a character, each text read from its beginning to its end."""
    advance = module_of("tale-writer").advance
    surprise = 0.0
    for text in texts:
        state, given = np.zeros(model.tensors["recurrent"].shape[0], np.float32), 0
        for number in [*model.encode(text), 0]:
            state = advance(model.tensors, state, model.given[given])
            logits = (state @ model.tensors["output"] + model.tensors["output_bias"]).astype(np.float64)
            surprise += np.log2(np.exp(logits - logits.max()).sum()) - (logits[number] - logits.max()) / np.log(2)
            given = number
    return surprise / sum(len(text) + 1 for text in texts)
