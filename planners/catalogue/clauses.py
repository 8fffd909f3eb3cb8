"""A goal cut into clauses: one for each thing it asks for, with quotations kept whole."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from planners.catalogue.lexicon import (
    BORDERS,
    CONNECTING,
    DEFINITE,
    FILE_ENDINGS,
    INDEFINITE,
    LEADING,
    NOUNS_TOO,
    NUMBER_WORDS,
    PRONOUNS,
    VERBS,
    WISHING,
)
from planners.catalogue.words import fold, stem

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«\s*([^»]+?)\s*»|(?<!\w)['‘](.+?)['’](?!\w)")
_ENDINGS = "|".join(FILE_ENDINGS)
_FILE = re.compile(rf"(?<![\w/])[\w-]+\.(?:{_ENDINGS})\b", re.IGNORECASE)
_TOKEN = re.compile(r"[\ue000-\uf8ff]|\w+(?:[-'’.]\w+)*[#♯♭]?|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_FIRST_PLACEHOLDER = 0xE000


class Token(NamedTuple):
    raw: str
    low: str
    start: int
    end: int

    @property
    def placeholder(self) -> bool:
        return 0xE000 <= ord(self.raw[0]) <= 0xF8FF


class Quotation(NamedTuple):
    """Words that stand for themselves."""

    text: str
    marks: str
    """The text with its quotation marks."""


class Protected(NamedTuple):
    """A text in which each quotation is one letter of the private area."""

    text: str
    quotations: tuple[Quotation, ...]

    def restore(self, text: str) -> str:
        """The same text with its quotations as the user wrote them."""
        for number, quotation in enumerate(self.quotations):
            text = text.replace(chr(_FIRST_PLACEHOLDER + number), quotation.marks)
        return text

    def quoted(self, text: str) -> tuple[str, ...]:
        """What is quoted inside this part, without the marks."""
        places = (ord(letter) - _FIRST_PLACEHOLDER for letter in text)
        return tuple(self.quotations[place].text for place in places if 0 <= place < len(self.quotations))


def protect(text: str, literal: str = "") -> Protected:
    """Quotations and file names become single letters; so does `literal`, when it stands in the text."""
    quotations: list[Quotation] = []

    def keep(inner: str, marks: str) -> str:
        quotations.append(Quotation(inner, marks))
        return (
            f" {chr(_FIRST_PLACEHOLDER + len(quotations) - 1)} "
            if marks == inner
            else chr(_FIRST_PLACEHOLDER + len(quotations) - 1)
        )

    if literal:
        text = text.replace(literal, keep(literal, literal))
    text = _QUOTED.sub(lambda match: keep(next(part for part in match.groups() if part), match[0]), text)
    text = _FILE.sub(lambda match: keep(match[0], match[0]), text)
    return Protected(text, tuple(quotations))


def tokenise(text: str) -> list[Token]:
    return [Token(match[0], fold(match[0]).replace("’", "'"), *match.span()) for match in _TOKEN.finditer(text)]


def verb_like(tokens: Sequence[Token], place: int, first: bool = False) -> bool:
    """Whether the word at this place tells to do something."""
    word = tokens[place].low
    ahead = tokens[place + 1] if place + 1 < len(tokens) else None
    determined = ahead is not None and (
        ahead.low in DEFINITE | INDEFINITE | PRONOUNS
        or ahead.low in NUMBER_WORDS
        or ahead.raw.isdigit()
        or ahead.placeholder
        or ahead.low in ("me", "us", "all", "each", "every", "any", "both", "everything")
    )
    if word in NOUNS_TOO:
        return determined or (first and ahead is not None and ahead.low not in BORDERS)
    if word in VERBS or gerund(word):
        return True
    known = word in BORDERS | DEFINITE | INDEFINITE | PRONOUNS | CONNECTING | LEADING or word in NUMBER_WORDS
    return determined and not known and word.isalpha() and not word.endswith("ly") and ahead.raw.isalpha()  # type: ignore[union-attr]  # determined says it is there


def gerund(word: str) -> bool:
    """`segmenting`, of a verb we know."""
    return word.endswith("ing") and base_form(word) in VERBS


def base_form(word: str) -> str:
    """The verb that this form belongs to, when we know it: `transforming` is `transform`."""
    if word in VERBS:
        return word
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending):
            root = word.removesuffix(ending)
            for candidate in (root, root + "e", root[:-1] if root[-2:-1] == root[-1:] else root):
                if candidate in VERBS:
                    return candidate
    return word


def sentences(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def clauses(sentence: str) -> list[list[Token]]:
    """The tokens of each thing the sentence asks for, connectives and politeness left out."""
    tokens = tokenise(sentence)
    starts = [0]
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if place and (token.low in CONNECTING or (token.low == "by" and _gerund_next(tokens, place))):
            begin, wished = _skip_leading(tokens, place + (token.low == "by"))
            if begin < len(tokens) and begin > place and (wished or verb_like(tokens, begin)):
                starts.append(place)
                place = begin
                continue
        place += 1
    pieces = [tokens[start:end] for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]
    return [stripped for piece in pieces if (stripped := strip_leading(piece))]


def _gerund_next(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and gerund(tokens[place + 1].low)


def _skip_leading(tokens: Sequence[Token], place: int) -> tuple[int, bool]:
    """The first place that is neither connective nor politeness, and whether a wish was among them."""
    wished = False
    while place < len(tokens) and tokens[place].low in CONNECTING | LEADING | WISHING:
        wished = wished or (tokens[place].low in WISHING and tokens[place - 1].low in ("i", "we", "would", "i'd"))
        place += 1
    return place, wished


def strip_leading(tokens: list[Token]) -> list[Token]:
    """Without `please could you help me to` in front and punctuation behind."""
    begin, wished = _skip_leading(tokens, 0)
    if wished and begin + 1 < len(tokens) and tokens[begin].low in ("have", "get", "see", "hear", "receive"):
        begin += 1
    if begin and begin < len(tokens) and tokens[begin - 1].low == "help" and not verb_like(tokens, begin, True):
        begin -= 1
    end = len(tokens)
    while end > begin and tokens[end - 1].low in {*CONNECTING, ".", "!", ":", "-"}:
        end -= 1
    return tokens[begin:end]


def base_stem(word: str) -> str:
    return stem(base_form(word))
