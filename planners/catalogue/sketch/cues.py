"""Which tasks a request asks for by its phrases, and where."""

import functools
import math
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from planners.catalogue.sketch.hearing import Heard
from planners.catalogue.sketch.task_words import GROUPS, TASKS
from planners.catalogue.words import stem

GAP = 6
"""Words that `..` stands for at most."""

_ARTICLES = frozenset({"the", "a", "an", "this", "that", "my", "these"})
_ENDS = frozenset(".;!\n")

SAID, SEVERAL_WORDS, SLACK, STATED, OVERRULED, OFTEN = 0.3, 0.3, -0.3, -0.5, -0.9, 2.0
"""How far each trait of the best phrase speaks for its task, in logits: fitted over all tasks together."""

UNSAID = -3.0
"""For a task that no phrase asks for."""


class _Phrase(NamedTuple):
    parts: tuple[frozenset[str] | None, ...]
    """Words that do; None for a gap."""

    with_one: tuple[frozenset[str], ...]
    without: frozenset[str]

    @property
    def length(self) -> int:
        return sum(part is not None for part in self.parts)

    def concerns(self, words: frozenset[str]) -> bool:
        """Whether it could be found at all, which is soon known for most."""
        if any(part is not None and words.isdisjoint(part) for part in self.parts):
            return False
        return not words & self.without and all(words & wanted for wanted in self.with_one)


class _Hit(NamedTuple):
    task: str
    first: int
    last: int
    length: int

    @property
    def slack(self) -> int:
        """Words in between."""
        return self.last - self.first + 1 - self.length

    def meets(self, other: "_Hit") -> bool:
        return self.task != other.task and self.first <= other.last and other.first <= self.last

    def overrules(self, other: "_Hit") -> bool:
        """More words of it are said, or the same number nearer together."""
        tighter = self.last - self.first < other.last - other.first
        return self.length > other.length or (self.length == other.length and tighter)


class _Judged(NamedTuple):
    hit: _Hit
    stated: bool
    """It stands where the request only says what there is."""

    overruled: bool
    """A phrase for another task says more about the same words."""

    tied: bool

    @staticmethod
    def of(hit: _Hit, hits: Sequence[_Hit], heard: Heard) -> "_Judged":
        rivals = [other for other in hits if hit.meets(other)]
        stated = heard.parts[hit.first] in heard.stated
        overruled = any(other.overrules(hit) for other in rivals)
        return _Judged(hit, stated, overruled, any(other.length == hit.length for other in rivals))

    def rank(self) -> tuple[float, int]:
        """Best last; of two alike the later, where what is there has been said."""
        lost = self.stated + 1.2 * self.overruled + 0.3 * self.tied + 0.15 * self.hit.slack
        return self.hit.length - lost, self.hit.first


class Cue(NamedTuple):
    """How far a request's phrases speak for a task, in logits, and where, in words from the start."""

    logit: float
    place: float


def cues(heard: Heard, among: Collection[str]) -> dict[str, Cue]:
    """For each of these tasks that any phrase asks for. A phrase only yields to those for other tasks among them."""
    words = frozenset(heard.words)
    hits = [
        _Hit(task, first, last, phrase.length)
        for task in sorted(among)
        for phrase in _phrases()[task]
        if phrase.concerns(words)
        for first, last in _found(phrase.parts, heard.words)
    ]
    tasks = dict.fromkeys(hit.task for hit in hits)
    return {task: _cue(heard, [hit for hit in hits if hit.task == task], hits) for task in tasks}


def _cue(heard: Heard, own: Sequence[_Hit], hits: Sequence[_Hit]) -> Cue:
    judged = [_Judged.of(hit, hits, heard) for hit in own]
    best = max(judged, key=_Judged.rank)
    logit = SAID + SEVERAL_WORDS * (best.hit.length > 1) + SLACK * min(best.hit.slack, GAP)
    logit += STATED * all(one.stated for one in judged) + OVERRULED * all(one.overruled for one in judged)
    return Cue(logit + OFTEN * math.log(len(own)), (best.hit.first + best.hit.last) / 2)


def _found(parts: Sequence[frozenset[str] | None], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for first, word in enumerate(words):
        if parts[0] and word in parts[0] and (last := _end(parts, words, first)) is not None:
            yield first, last


def _end(parts: Sequence[frozenset[str] | None], words: Sequence[str], place: int) -> int | None:
    """Where the phrase that starts at `place` ends; each part is taken at its nearest."""
    gap = False
    for part in parts[1:]:
        if part is None:
            gap = True
            continue
        found = _next(part, words, place, GAP if gap else 0)
        if found is None:
            return None
        place, gap = found, False
    return place


def _next(part: frozenset[str], words: Sequence[str], place: int, gap: int) -> int | None:
    skipped = 0
    for later in range(place + 1, len(words)):
        if words[later] in part:
            return later
        if words[later] in _ENDS:
            return None
        skipped += words[later] not in _ARTICLES
        if skipped > gap:
            return None
    return None


@functools.cache
def _phrases() -> dict[str, tuple[_Phrase, ...]]:
    return {task: tuple(map(_phrase, phrases)) for task, phrases in TASKS.items()}


def _phrase(written: str) -> _Phrase:
    said, *conditions = written.split(";")
    return _Phrase(
        tuple(None if part == ".." else _group(part) for part in said.split()),
        tuple(_group(condition[1:]) for condition in conditions if condition[0] == "+"),
        frozenset(word for condition in conditions if condition[0] == "-" for word in _group(condition[1:])),
    )


def _group(written: str) -> frozenset[str]:
    words = (word for part in written.split("/") for word in GROUPS.get(part, part).split("/"))
    return frozenset(word if word.startswith("<") else stem(word) for word in words)


def task_named(title: str) -> str | None:
    """The task whose name stands in this title, the longest where several do."""
    words = [stem(word) for word in title.lower().replace("-", " ").replace("_", " ").split()]
    named = [task for task, parts in _names().items() if _holds(words, parts)]
    return max(named, key=lambda task: len(task), default=None)


@functools.cache
def _names() -> dict[str, tuple[str, ...]]:
    return {task: tuple(stem(word) for word in task.split()) for task in TASKS}


def _holds(words: Sequence[str], parts: Sequence[str]) -> bool:
    return any(tuple(words[start : start + len(parts)]) == tuple(parts) for start in range(len(words)))
