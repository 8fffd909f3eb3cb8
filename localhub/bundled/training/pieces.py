"""A vocabulary of pieces of words: byte-pair encoding (Sennrich et al. 2016) on characters, within words."""

import re
from collections import Counter
from itertools import pairwise

WORD = re.compile(r" ?[^\s\w]+| ?\w+|\s")


def learn(texts: list[str], characters: str, size: int) -> list[str]:
    """`size` pieces: an empty one for the end, every character, and what most often stands together."""
    words = Counter(word for text in texts for word in WORD.findall(text))
    spelled = {word: list(word) for word in words}
    pieces = ["", *characters]
    while len(pieces) < size:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            for pair in pairwise(spelled[word]):
                pairs[pair] += count
        # Of equally frequent pairs the first in the alphabet, so that every run learns the same.
        first, second = min(pairs, key=lambda pair: (-pairs[pair], pair))
        pieces.append(first + second)
        for word in spelled:
            spelled[word] = joined(spelled[word], first, second)
    return pieces


def joined(parts: list[str], first: str, second: str) -> list[str]:
    """The parts with every `first` that stands before a `second` joined to it."""
    out: list[str] = []
    for part in parts:
        if out and out[-1] == first and part == second:
            out[-1] = first + second
        else:
            out.append(part)
    return out
