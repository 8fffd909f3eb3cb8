"""Numbers in plain words: `12 seconds`, `between 10 and 20 s`, `800x600`, `six monuments`, `2k textures`."""

import re

from core.nouns import Frozen
from planners.catalogue.lexicon import NUMBER_WORDS, STOP_WORDS, UNITS
from planners.catalogue.words import fold, stem

Number = float


class Quantity(Frozen):
    """A number with what it counts. `low` or `high` is None where the words leave that side open."""

    text: str
    """As it was written."""
    low: float | None
    high: float | None
    unit: str = ""
    """Of the table of units; empty when the number counts things."""
    nouns: tuple[str, ...] = ()
    """Stems of the words just behind it, and just before it, nearest first."""
    side: str = ""
    """`width` or `height` for the halves of `800x600`."""
    start: int = 0

    @property
    def value(self) -> float:
        """The number itself, the middle of a range, or its only end."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.low if self.low is not None else self.high or 0.0

    @property
    def exact(self) -> bool:
        return self.low == self.high


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WORDED = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_UNIT = r"(?:\s*-?\s*([a-z%]+))?"
_SIZE = re.compile(rf"({_NUMBER})\s*(?:x|×|by)\s*({_NUMBER})(?:\s*(px|pixels?))?\b")
_RANGE = re.compile(
    rf"(?:between\s+|from\s+)?\b({_NUMBER}|{_WORDED})\s*(?:-|–|to|and)\s*({_NUMBER}|{_WORDED})\b{_UNIT}"
)
_SINGLE = re.compile(rf"(?<![\w.#])({_NUMBER}|\b(?:{_WORDED})\b)(?![\d]|-?d\b)(k(?![a-z])|m(?![a-z]))?{_UNIT}")
_AT_LEAST = re.compile(r"(?:at least|more than|over|minimum(?: of)?|no less than|no fewer than|not less than)\s+$")
_AT_MOST = re.compile(
    r"(?:at most|less than|fewer than|under|below|up to|maximum(?: of)?|no more than|not more than)\s+$"
)
_THOUSANDS_OF_PIXELS = {2: 2048.0, 4: 4096.0, 8: 8192.0, 1: 1024.0}


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number in the text, in order; none is read twice."""
    folded = fold(text)
    taken: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for pattern, read in ((_SIZE, _size), (_RANGE, _range), (_SINGLE, _single)):
        for match in pattern.finditer(folded):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            quantities = read(match, folded)
            if quantities:
                taken.append(match.span())
                found += quantities
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _size(match: re.Match[str], text: str) -> list[Quantity]:
    width, height = _number(match[1]), _number(match[2])
    if min(width, height) < 16:
        return []
    start = match.start()
    return [
        Quantity(text=match[0], low=value, high=value, unit="pixel", side=side, start=start)
        for value, side in ((width, "width"), (height, "height"))
    ]


def _range(match: re.Match[str], text: str) -> list[Quantity]:
    stated = match[0].startswith(("between", "from")) or not re.search(r"\sand\s", match[0])
    low, high = _number(match[1]), _number(match[2])
    if not stated or low >= high:
        return []
    unit, factor = UNITS.get(match[3] or "", ("", 1.0))
    nouns = _behind(text, match.start(3)) if match[3] else ()
    return [Quantity(text=match[0], low=low * factor, high=high * factor, unit=unit, nouns=nouns, start=match.start())]


def _single(match: re.Match[str], text: str) -> list[Quantity]:
    value = _number(match[1])
    unit, factor = UNITS.get(match[3] or "", ("", 1.0))
    nouns = _behind(text, match.end(2) if match[2] else match.end(1)) + _before(text, match.start())
    if match[2] == "k" or (match[3] == "k"):
        value, unit = _thousands(value, unit)
    elif match[2] == "m":
        unit, factor = "second", 60.0
    value *= factor
    before = text[: match.start()]
    low: float | None = value
    high: float | None = value
    if _AT_MOST.search(before):
        low = None
    elif _AT_LEAST.search(before):
        high = None
    return [Quantity(text=match[0].strip(), low=low, high=high, unit=unit, nouns=nouns, start=match.start())]


def _thousands(value: float, unit: str) -> tuple[float, str]:
    """`2k` is a picture size unless another unit follows: then it is two thousand of them."""
    if not unit and value in _THOUSANDS_OF_PIXELS:
        return _THOUSANDS_OF_PIXELS[int(value)], "pixel"
    return value * 1000, unit


def _number(text: str) -> float:
    return float(NUMBER_WORDS[text]) if text in NUMBER_WORDS else float(text.replace(",", ""))


def _behind(text: str, position: int) -> tuple[str, ...]:
    ahead = re.split(r"[.,;:()\n]", text[position:], maxsplit=1)[0]
    words = re.findall(r"[a-z0-9]+", ahead)[:4]
    return tuple(stem(word) for word in words if word not in STOP_WORDS and not word.isdigit())


def _before(text: str, position: int) -> tuple[str, ...]:
    back = re.split(r"[.,;()\n]", text[:position])[-1]
    words = re.findall(r"[a-z0-9]+", back)[-2:]
    return tuple(stem(word) for word in reversed(words) if word not in STOP_WORDS and not word.isdigit())
