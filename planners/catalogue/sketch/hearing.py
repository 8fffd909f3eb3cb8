"""A request as it is compared with others: stems in order, with quotations and file names as what they are."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from core.nouns import Frozen
from planners.catalogue.clauses import protect
from planners.catalogue.lexicon import FILE_ENDINGS, OWNING, WISHING
from planners.catalogue.words import stem

QUESTION, QUOTATION = "<question>", "<quotation>"
NUMBER = "#"

_TOKEN = re.compile(r"<\w+>|[^\W\d_]+|\d+|[.,;:?!\n]")
_ENDS = frozenset(".;!?\n")
_STARTING = frozenset(stem(word) for word in "i please can could then finally next".split())  # noqa: SIM905
_ASKING = frozenset(stem(word) for word in (*WISHING, "please", "can", "could", "help", "let"))
_SUBJECTS = frozenset({"i", "we", "user", "there", "here", "the", "this", "it", "my"})
_OWNING = frozenset(stem(word) for word in (*OWNING, "states", "shows", "says", "ve"))


class Term(NamedTuple):
    """A word, two neighbours, or two words with one between them."""

    text: str
    place: float
    """Where it stands, in words from the start."""


class Heard(Frozen):
    words: tuple[str, ...]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        one, words = enumerate(self.words), self.words
        pairs = pairwise(words)
        apart = zip(words, words[2:], strict=False)
        return (
            *(Term(word, place) for place, word in one),
            *(Term(f"{a} {b}", place + 0.5) for place, (a, b) in enumerate(pairs)),
            *(Term(f"{a} _ {b}", place + 1.0) for place, (a, b) in enumerate(apart)),
        )

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """For each word the number of the statement or wish that it stands in."""
        numbers, number = [], 0
        for place, word in enumerate(self.words):
            before = self.words[place - 1] if place else ""
            number += before in _ENDS or (before in (",", "and", "but") and word in _STARTING)
            numbers.append(number)
        return tuple(numbers)

    @cached_property
    def stated(self) -> frozenset[int]:
        """The parts that only say what there is: `I have an image`."""
        parts: dict[int, list[str]] = {}
        for number, word in zip(self.parts, self.words, strict=True):
            parts.setdefault(number, []).extend([word] if word[0].isalpha() or word[0] == "<" else [])
        return frozenset(number for number, words in parts.items() if _states(words))

    def share(self, place: float) -> float:
        """The place as a share of the whole, 0 to 1."""
        return place / max(len(self.words), 1)


def hear(text: str) -> Heard:
    protected = protect(text)
    plain = "".join(_spelled(letter, protected.quoted(letter)) for letter in protected.text).lower()
    return Heard(words=tuple(_word(token) for token in _TOKEN.findall(plain)))


def _spelled(letter: str, quoted: Sequence[str]) -> str:
    if not quoted:
        return letter
    ending = re.fullmatch(r"\S+\.(\w+)", quoted[0])
    if ending and ending[1].lower() in FILE_ENDINGS:
        return f" <{FILE_ENDINGS[ending[1].lower()]}> "
    return f" {QUESTION} " if quoted[0].rstrip().endswith("?") else f" {QUOTATION} "


def _word(token: str) -> str:
    if token[0].isdigit():
        return NUMBER
    return stem(token) if token[0].isalpha() else token


def _states(words: Sequence[str]) -> bool:
    return bool(words) and words[0] in _SUBJECTS and bool(_OWNING & {*words[:5]}) and not _ASKING & {*words}
