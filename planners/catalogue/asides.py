"""What a goal says beside the thing it wants: what must not be in it, that it goes on a page, how many there are."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from planners.catalogue.clauses import Token, tokenise
from planners.catalogue.lexicon import COLLECTIONS, CONTRASTING, DENYING, PAGE_MEDIUMS, PAGE_THINGS, PAGE_WORDS
from planners.catalogue.quantities import read_quantities

_DENIAL = re.compile(
    r"^(?:without|with no|no|not|never|except|excluding|avoid(?:ing)?|omit(?:ting)?|minus|do not|don'?t"
    r"|skip(?:ping)?|free of)\s+(?:any\s+|have\s+|add\s+|include\s+|use\s+|of\s+|show\s+|put\s+)*",
    re.IGNORECASE,
)
_PAGE_NAME = (
    rf"(?:{'|'.join(sorted(PAGE_MEDIUMS))})\s+(?:\w+\s+)?(?:{'|'.join(sorted(PAGE_THINGS))})s?"
    rf"|(?:{'|'.join(sorted(PAGE_WORDS))})|(?:gallery|viewer|slideshow) page"
)
_PAGE = re.compile(
    rf"\b(?:(?:on|as|in|into|to|for|and)\s+)?(?:(?:a|an|the|one|my)\s+)?(?:\w+\s+)??(?:{_PAGE_NAME})\b"
    r"(?:\s+(?:of|for|with|showing))?",
    re.IGNORECASE,
)
_COLLECTION = re.compile(rf"\b(?:an?|the)\s+(?:\w+\s+)?(?:{'|'.join(sorted(COLLECTIONS))})\s+of\s+", re.IGNORECASE)


class Denials(NamedTuple):
    text: str
    """What is left without them."""
    phrases: tuple[str, ...]


class Presentation(NamedTuple):
    text: str
    """What is left without the words that only speak of a page."""
    page: bool


def without_denials(text: str) -> Denials:
    """`without paintings or people` comes out of the text, and is two phrases."""
    tokens = tokenise(text)
    phrases: list[str] = []
    cuts: list[tuple[int, int]] = []
    place = 0
    while place < len(tokens):
        if not _denies(tokens, place):
            place += 1
            continue
        end = _end_of_denial(tokens, place)
        phrase = _DENIAL.sub("", text[tokens[place].start : tokens[end - 1].end])
        phrases += [part for part in re.split(r"\s+(?:or|and|nor)\s+(?:any\s+|no\s+)?", phrase) if part]
        cuts.append((tokens[place].start, tokens[end - 1].end))
        place = end
    for start, stop in reversed(cuts):
        behind = re.sub(rf"^\s*(?:and|but)\s+(?=(?:{'|'.join(sorted(CONTRASTING))})\b)", " ", text[stop:])
        text = f"{text[:start].rstrip()} {behind.lstrip()}"
    text = re.sub(r"\b(?:with|and|but)\s*(?=[.,;]|$)", "", re.sub(r"\s+([.,;])", r"\1", text))
    return Denials(text.strip(), tuple(phrases))


def _denies(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].low
    ahead = [token.low for token in tokens[place + 1 : place + 3]]
    if word in ("no", "not") and (ahead[-1:] == ["than"] or ahead[:1] == ["only"]):
        return False
    return word in DENYING or (word == "do" and ahead[:1] == ["not"]) or (word == "free" and ahead[:1] == ["of"])


def _end_of_denial(tokens: Sequence[Token], place: int) -> int:
    end = place + 1
    while end < len(tokens) and tokens[end].low not in CONTRASTING and tokens[end].raw not in ".;!?,:)":
        if tokens[end].low == "and" and end + 1 < len(tokens) and tokens[end + 1].low in CONTRASTING:
            break
        end += 1
    return end


def without_page(text: str) -> Presentation:
    """`a web gallery of six monuments` is six monuments on a page; an `art gallery` is a thing."""
    page = _PAGE.search(text)
    if page:
        left = f"{text[: page.start()]} {text[page.end() :]}"
        return Presentation(re.sub(r"\s{2,}", " ", left).strip(" ,"), True)
    collection = _COLLECTION.search(text)
    if collection and (announced(text[collection.end() :]) or 0) > 1:
        shown = any(word in PAGE_THINGS for word in collection[0].lower().split())
        return Presentation(text[: collection.start()] + text[collection.end() :], shown)
    return Presentation(text, False)


def announced(text: str) -> int | None:
    """A count of things, when the goal states one before any `with`."""
    for quantity in read_quantities(re.split(r"\b(?:with|at|in|between)\b", text)[0]):
        if quantity.exact and not quantity.unit and quantity.nouns and quantity.value == int(quantity.value) >= 2:
            return int(quantity.value)
    return None
