"""Sentences from templates: `{slot}` is replaced by one of the slot's words, which may hold slots themselves."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

SLOT = re.compile(r"\{(\w+)\}")
ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")

Lexicon = Mapping[str, Sequence[str]]


def words(text: str) -> list[str]:
    return text.split()


def pick(choices: Sequence[str], random: np.random.Generator) -> str:
    return choices[int(random.integers(len(choices)))]


def expand(template: str, lexicon: Lexicon, random: np.random.Generator) -> str:
    """One sentence: slots filled, "a" made "an" where it must be, the first letter large."""
    text = ARTICLE.sub(r"\1n ", fill(template, lexicon, random))
    return text[:1].upper() + text[1:]


def fill(template: str, lexicon: Lexicon, random: np.random.Generator) -> str:
    return SLOT.sub(lambda slot: fill(pick(lexicon[slot[1]], random), lexicon, random), template)
