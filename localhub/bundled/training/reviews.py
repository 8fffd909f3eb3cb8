"""review-sentiment: a linear layer over hashed words, on reviews made by `review_grammar`."""

from pathlib import Path

import numpy as np

from localhub.bundled.training import hashed
from localhub.bundled.training.review_grammar import LABELS, WRITTEN, review
from localhub.bundled.training.trained import Trained, module_of

COUNT = 6000
BUCKETS = 8192
HELD_OUT = 1_000_003
"""The seed of the reviews that the card's first figures were measured on; training never sees them."""


def dataset(count: int, seed: int) -> tuple[list[str], list[str]]:
    random = np.random.default_rng(seed)
    labels = [LABELS[number % 3] for number in range(count)]
    return [review(label, random) for label in labels], labels


def train() -> Trained:
    shipped = module_of("review-sentiment")
    texts, labels = dataset(COUNT, seed=1)
    rows = [shipped.features(text, BUCKETS) for text in texts]
    numbers = np.array([LABELS.index(label) for label in labels])
    tensors = hashed.train(rows, numbers, BUCKETS, len(LABELS), epochs=8, rate=0.01)
    return Trained({"class": "review_sentiment.ReviewSentiment", "labels": LABELS}, tensors)


def evaluate(folder: Path, seed: int, count: int = 1500) -> dict[str, float]:
    """On reviews of the grammar with another seed, and on sentences that were written without it."""
    model = module_of("review-sentiment").ReviewSentiment.from_pretrained(folder)
    texts, labels = dataset(count, seed)
    made = hashed.shares([model(text)[0]["label"] for text in texts], labels)
    written = [(text, label) for label, lines in WRITTEN.items() for text in lines.splitlines()]
    human = hashed.shares([model(text)[0]["label"] for text, _ in written], [label for _, label in written])
    return made | {f"written_{name}": value for name, value in human.items()}
