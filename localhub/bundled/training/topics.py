"""sentence-embedder: word vectors from what stands together in the sentences of `topic_grammar`."""

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from localhub.bundled.training.topic_grammar import WRITTEN, sentences
from localhub.bundled.training.trained import Floats, Trained, module_of

COUNT = 20_000
SIZE = 48
HELD_OUT = 1_000_003
"""The seed of the sentences that the card's figures were measured on; training never reads them."""


def train() -> Trained:
    words_of = module_of("sentence-embedder").words_of
    texts = [words_of(text) for _, text in sentences(COUNT, seed=1)]
    counts = Counter(word for text in texts for word in text)
    words = sorted(counts)
    share = np.array([counts[word] for word in words], np.float64) / sum(counts.values())
    tensors = {
        "vectors": factors(associations(texts, words)),
        # Arora et al. 2017: a word that stands everywhere says little.
        "weights": (3e-4 / (3e-4 + share)).astype(np.float32),
    }
    return Trained({"class": "sentence_embedder.SentenceEmbedder", "words": words}, tensors)


def associations(texts: list[list[str]], words: list[str]) -> Floats:
    """Positive pointwise mutual information of two words' standing in one sentence (Levy and Goldberg 2014)."""
    rows = {word: number for number, word in enumerate(words)}
    together = np.zeros((len(words), len(words)), np.float64)
    for text in texts:
        for one, other in combinations([rows[word] for word in text], 2):
            together[one, other] += 1
            together[other, one] += 1
    each = together.sum(axis=1)
    with np.errstate(divide="ignore"):
        information = np.log(together * each.sum() / (each[:, None] * each))
    return np.asarray(np.maximum(information, 0), np.float32)


def factors(table: Floats) -> Floats:
    """The words' vectors of SIZE numbers, each with a sign that does not depend on the machine."""
    left, strength, _ = np.linalg.svd(table.astype(np.float64))
    left = left[:, :SIZE] * np.sign(left[np.abs(left[:, :SIZE]).argmax(axis=0), np.arange(SIZE)])
    return np.asarray(left * np.sqrt(strength[:SIZE]), np.float32)


def evaluate(folder: Path, seed: int, count: int = 200) -> dict[str, float]:
    """How often the nearest other sentence is of the same topic: of the grammar, and written without it."""
    model = module_of("sentence-embedder").SentenceEmbedder.from_pretrained(folder)
    written = [(topic, text) for topic, lines in WRITTEN.items() for text in lines.splitlines()]
    return {
        "accuracy_at_1": nearest(model, sentences(count, seed)),
        "written_accuracy_at_1": nearest(model, written),
    }


def nearest(model: Any, cases: list[tuple[str, str]]) -> float:
    vectors = model([text for _, text in cases])
    likeness = vectors @ vectors.T - 2 * np.eye(len(cases))
    return float(np.mean([cases[best][0] == topic for best, (topic, _) in zip(likeness.argmax(1), cases, strict=True)]))
