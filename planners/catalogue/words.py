"""Words as the planner compares them: folded, stemmed, weighed by how rare they are in a catalogue."""

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

import snowballstemmer

from planners.catalogue.lexicon import STOP_WORDS

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_FAMILY = 5
"""Letters that two stems must share at their start to count as one family of words."""


def fold(text: str) -> str:
    """Lower case without accents: `Sacré-Cœur` becomes `sacre-coeur`."""
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def tokens(text: str) -> list[str]:
    """The words in order. `texture_size` and `image-to-3D` come apart, `3d` and `2048` stay whole."""
    return _WORD.findall(fold(text))


@functools.cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for `analyse`, `analyzes` and `analysing`; British spelling becomes American first."""
    word = fold(word)
    word = re.sub(r"(?<=[a-z]{3})(is|ys)(e|es|ed|ing|er|ers|ation|ations)$", _with_z, word)
    word = re.sub(r"(?<=[a-z]{2})our(s|ed|ing|ful)?$", r"or\1", word)
    found = str(_stemmer().stemWord(word))
    return re.sub(r"script$", "scrib", found)


def _with_z(match: re.Match[str]) -> str:
    return match[1][0] + "z" + match[2]


def stems(text: str) -> list[str]:
    return [stem(word) for word in tokens(text)]


def content(text: str) -> list[str]:
    """Stems of the words that mean something, in order, each once."""
    return list(dict.fromkeys(stem(word) for word in tokens(text) if word not in STOP_WORDS))


def akin(one: str, other: str) -> bool:
    """Whether two stems are one word in two dresses: `impressionist` and `impression`, `summar` and `summari`."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _FAMILY and long.startswith(short) and len(long) - len(short) <= 3


def strength(word: str, strengths: Mapping[str, float]) -> float:
    """How strongly a bag of weighted stems speaks of `word`; 0 when it does not."""
    exact = strengths.get(word, 0.0)
    if exact or len(word) < _FAMILY:
        return exact
    return max((value for other, value in strengths.items() if akin(word, other)), default=0.0)


class Rarity:
    """How telling a word is among these texts, 0 to 1. A word that none of them has is as rare as can be."""

    def __init__(self, texts: Iterable[Iterable[str]]) -> None:
        bags = [set(text) for text in texts]
        self._frequency = Counter(word for bag in bags for word in bag)
        self._texts = len(bags)

    def __call__(self, word: str) -> float:
        found = self._frequency.get(word, 0)
        most = math.log(1 + self._texts / 0.5)
        return math.log(1 + self._texts / (found + 0.5)) / most if most else 1.0
