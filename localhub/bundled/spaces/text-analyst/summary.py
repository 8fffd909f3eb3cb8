"""Summarises by extraction: the sentences most like all the others, in the order of the text."""

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from reading import STOP, sentences, words

DAMPING = 0.85


def vectors(parts: list[str]) -> NDArray[np.float64]:
    """One unit row of tf-idf weights for each sentence."""
    counts = [Counter(word.lower() for word in words(part) if word.lower() not in STOP) for part in parts]
    seen_in = Counter(word for count in counts for word in count)
    vocabulary = {word: i for i, word in enumerate(sorted(seen_in))}
    table = np.zeros((len(parts), max(1, len(vocabulary))))
    for row, count in enumerate(counts):
        for word, times in count.items():
            table[row, vocabulary[word]] = times * (math.log((1 + len(parts)) / (1 + seen_in[word])) + 1)
    return np.asarray(table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12))


def centrality(parts: list[str]) -> NDArray[np.float64]:
    """How central each sentence is (LexRank: the stationary distribution of a walk along similarities), sums to 1."""
    table = vectors(parts)
    likeness = table @ table.T
    np.fill_diagonal(likeness, 0)
    total = likeness.sum(axis=1, keepdims=True)
    walk = np.where(total > 0, likeness / np.maximum(total, 1e-12), 1 / len(parts))
    rank = np.full(len(parts), 1 / len(parts))
    for _ in range(60):
        rank = (1 - DAMPING) / len(parts) + DAMPING * rank @ walk
    return np.asarray(rank / rank.sum())


def summarised(text: str, count: int) -> str:
    """At most `count` sentences. Each next one is central but unlike those already chosen; the opening has a small
    advantage.
    """
    parts = sentences(text)
    if len(parts) <= count:
        return " ".join(parts)
    table, rank = vectors(parts), centrality(parts)
    rank = rank / rank.max() + 0.15 * np.exp(-np.arange(len(parts)) / 3)
    chosen: list[int] = []
    while len(chosen) < count:
        repeated = (table @ table[chosen].T).max(axis=1) if chosen else np.zeros(len(parts))
        score = rank - 0.8 * repeated
        score[chosen] = -np.inf
        chosen.append(int(score.argmax()))
    return " ".join(parts[i] for i in sorted(chosen))
