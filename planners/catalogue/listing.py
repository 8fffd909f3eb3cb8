"""Lists of names and texts that stand for themselves, behind a colon or in a plural."""

import re
from typing import NamedTuple

from planners.catalogue.lexicon import KIND_NOUNS, TEXT_VERBS, TEXTUAL, VERBS
from planners.catalogue.quantities import read_quantities
from planners.catalogue.words import fold, stem, tokens

_COLON = re.compile(r":(?=\s)")
_TEXTUAL = frozenset(stem(word) for word in TEXTUAL)
_LONGEST_NAME = 7
"""Words. A longer piece is a sentence."""


class Listing(NamedTuple):
    """Names behind a colon."""

    before: str
    items: tuple[str, ...]


def listed_items(text: str) -> Listing | None:
    """The names behind the colon, when what stands before it speaks of several things."""
    colon = _COLON.search(text)
    if colon is None:
        return None
    before, behind = text[: colon.start()], text[colon.end() :].strip()
    if _speaks_of_text(before) or behind[:1] in "\"'“«‘":
        return None
    behind, _, rest = behind.partition(". ")
    items = split_names(behind, _count(before))
    if len(items) < 2 or any(len(item.split()) > _LONGEST_NAME for item in items):
        return None
    if any(word in VERBS and word not in _kind_words() for item in items for word in tokens(item)[:1]):
        return None
    return Listing(before + (". " + rest if rest else ""), items)


def literal_after_colon(text: str) -> str:
    """The text behind a colon that stands for itself; empty when there is none or it is quoted anyway."""
    colon = _COLON.search(text)
    if colon is None:
        return ""
    before, behind = text[: colon.start()], text[colon.end() :].strip()
    if not behind or behind[:1] in "\"'“«‘" or not _speaks_of_text(before):
        return ""
    return behind


def split_names(text: str, count: int | None = None) -> tuple[str, ...]:
    """Names between commas, and before an `and`, unless the announced count says that the `and` belongs to a name."""
    text = text.strip().rstrip(".!;")
    by_comma = _pieces(r"[,;\n•]\s*(?:and\s+)?", text)
    by_both = _pieces(r"\s*[,;\n•]\s*(?:and\s+)?|\s+(?:and|&)\s+", text)
    return by_comma if len(by_comma) == count else by_both


def _pieces(pattern: str, text: str) -> tuple[str, ...]:
    return tuple(piece for part in re.split(pattern, text) if part and (piece := part.strip(' -–•"“”')))


def _count(text: str) -> int | None:
    counts = [int(q.value) for q in read_quantities(text) if q.exact and not q.unit and q.nouns]
    return counts[0] if counts else None


def _speaks_of_text(before: str) -> bool:
    words = tokens(before)
    verbs = {fold(verb) for verb in TEXT_VERBS} | {"say", "read", "speak", "pronounce", "recite", "narrate"}
    return (
        any(stem(word) in _TEXTUAL for word in words[-5:])
        or bool(verbs & set(words[:2]))
        or bool(verbs & set(words[-2:]))
    )


def _kind_words() -> frozenset[str]:
    return frozenset(word for words in KIND_NOUNS.values() for word in words)
