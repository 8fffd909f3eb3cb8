"""entity-tagger: a linear layer over hashed features of words, on sentences made by `entity_grammar`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from localhub.bundled.training import hashed
from localhub.bundled.training.entity_grammar import KINDS, Span, sentence, written
from localhub.bundled.training.trained import Trained, module_of

COUNT = 4000
BUCKETS = 8192
LABELS = ["O", *(f"{part}-{kind}" for kind in KINDS for part in "BI")]
HELD_OUT = 1_000_003
"""The seed of the sentences that the card's figures were measured on."""


def dataset(count: int, seed: int, known: bool) -> list[tuple[str, list[Span]]]:
    random = np.random.default_rng(seed)
    return [sentence(known, random) for _ in range(count)]


def label(start: int, spans: list[Span]) -> int:
    """The number of the label of the token that starts here."""
    for begin, end, kind in spans:
        if begin <= start < end:
            return LABELS.index(("B-" if start == begin else "I-") + kind)
    return 0


def train() -> Trained:
    shipped = module_of("entity-tagger")
    rows: list[list[int]] = []
    labels: list[int] = []
    for text, spans in dataset(COUNT, seed=1, known=True):
        tokens = shipped.tokens(text)
        rows += shipped.features([text[start:end] for start, end in tokens], BUCKETS)
        labels += [label(start, spans) for start, _ in tokens]
    tensors = hashed.train(rows, np.array(labels), BUCKETS, len(LABELS), epochs=3, rate=0.02)
    return Trained({"class": "entity_tagger.EntityTagger", "labels": LABELS}, tensors)


def evaluate(folder: Path, seed: int, count: int = 1000) -> dict[str, float]:
    """On sentences of the grammar with names of the half kept from training, and on sentences written without it."""
    model = module_of("entity-tagger").EntityTagger.from_pretrained(folder)
    human = {f"written_{name}": value for name, value in whole(model, written()).items()}
    return whole(model, dataset(count, seed, known=False)) | human


def whole(model: Callable[[str], list[dict[str, Any]]], cases: list[tuple[str, list[Span]]]) -> dict[str, float]:
    """Precision, recall and F1 of entities that begin, end and are named exactly as they should."""
    right = told = there = 0
    for text, spans in cases:
        found = {(one["start"], one["end"], one["entity_group"]) for one in model(text)}
        right, told, there = right + len(found & set(spans)), told + len(found), there + len(spans)
    return {"precision": right / told, "recall": right / there, "f1": 2 * right / (told + there)}
