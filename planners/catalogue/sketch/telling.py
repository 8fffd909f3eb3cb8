"""How strongly each offer's own words speak for a request, where no task's phrases do."""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from planners.catalogue.clauses import protect
from planners.catalogue.lexicon import ALIKE, STOP_WORDS
from planners.catalogue.offers import Offer
from planners.catalogue.sketch.cues import Cue
from planners.catalogue.words import stem, tokens

ALIKE_COUNTS = 0.6
"""What a word of the same meaning counts beside the word itself."""

SLOPE, ENOUGH = 10.0, 0.3
"""A clause that speaks this much of an offer is an even chance; from there on, logits for each unit of it."""

_CLAUSE = re.compile(r"[.;,!?\n]|\b(?:and|then)\b")
_ERRANDS = (
    "search find query inquiry inquire check look lookup retrieve get view",
    "book booking reserve reservation order purchase buy",
    "cancel cancelling cancellation delete remove",
    "change changing modify modification update reschedule rescheduling adjust edit",
    "create creation add record new set make",
    "plan planner itinerary arrange",
    "recommend recommendation recommender suggest",
    "send notify notification",
    "calendar schedule agenda",
)
"""Words for errands that mean the same; those for media stand in the lexicon."""

_GROUPS = tuple(frozenset(stem(word) for word in group.split()) for group in _ERRANDS) + tuple(
    frozenset(map(stem, group)) for group in ALIKE
)


class Telling:
    """Offers by the words of their clauses."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        own = [_own(offer) for offer in offers]
        frequency: dict[str, int] = {}
        for words in own:
            for word in words:
                frequency[word] = frequency.get(word, 0) + 1
        self._rarity = {word: math.log(1 + len(own) / (times + 0.5)) for word, times in frequency.items()}
        self._lengths = [math.sqrt(sum((self._rarity[w] * v) ** 2 for w, v in words.items())) or 1.0 for words in own]
        self._speak: dict[str, list[tuple[int, float]]] = {}
        for number, words in enumerate(own):
            for word, value in _widened(words).items():
                self._speak.setdefault(word, []).append((number, value))

    def __call__(self, text: str) -> list[Cue]:
        """For each offer, by the clause, or two in a row, that speaks most of it. Places are shares of the request."""
        clauses = [words for part in _CLAUSE.split(protect(text).text) if (words := _words(part))]
        spans = [(words, float(place)) for place, words in enumerate(clauses)]
        spans += [(a | b, place + 0.5) for place, (a, b) in enumerate(pairwise(clauses))]
        best = [(0.0, 0.5)] * len(self._lengths)
        for words, place in spans:
            for number, strength in self._strengths(words).items():
                if strength > best[number][0]:
                    best[number] = (strength, (place + 0.5) / len(clauses))
        return [Cue(SLOPE * (strength - ENOUGH), place) for strength, place in best]

    def _strengths(self, words: frozenset[str]) -> Mapping[int, float]:
        strengths: dict[int, float] = {}
        for word in words:
            weight = max(self._rarity.get(word, 0.0), 0.5) ** 2
            for number, value in self._speak.get(word, ()):
                strengths[number] = strengths.get(number, 0.0) + value * weight
        length = math.sqrt(sum(self._rarity.get(word, 0.0) ** 2 for word in words)) + 2
        return {number: strength / self._lengths[number] / length for number, strength in strengths.items()}


def _own(offer: Offer) -> dict[str, float]:
    described = _words(f"{offer.space.description} {offer.endpoint.description}")
    return dict.fromkeys(described, 0.7) | dict.fromkeys(_words(offer.name), 1.0)


def _widened(words: Mapping[str, float]) -> dict[str, float]:
    wide = dict(words)
    for group in _GROUPS:
        met = [words[word] for word in group if word in words]
        for word in group if met else ():
            wide.setdefault(word, ALIKE_COUNTS * max(met))
    return wide


def _words(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(text) if word not in STOP_WORDS and word.isalpha())
