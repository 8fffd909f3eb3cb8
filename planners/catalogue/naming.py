"""Parts of a clause: which words name a medium, where the object ends, whether it is there already."""

import re
from collections.abc import Sequence

from core.nouns import Kind
from planners.catalogue.clauses import Token
from planners.catalogue.lexicon import ATTACHED, BORDERS, DEFINITE, KIND_NOUNS


def kind_of_noun(word: str) -> Kind | None:
    """The medium that a noun names, singular or plural."""
    forms = {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
    return next((kind for kind, nouns in KIND_NOUNS.items() if forms & nouns), None)


def kind_places(tokens: Sequence[Token]) -> list[tuple[int, Kind]]:
    places = [
        (place, kind)
        for place, token in enumerate(tokens)
        for part in (noun_part(token.low),)
        if (kind := kind_of_noun(part))
    ]
    if len(places) > 1 and places[-1][1] == "text" and places[-2][1] in ("audio", "video"):
        spoken = tokens[places[-1][0]].low.startswith(_TELLING) and places[-1][0] - places[-2][0] == 1
        places = places[:-1] if spoken else places
    # In `a 3D picture` the last noun says what it is; in `a 3D art gallery` only `3D` does.
    if len(places) > 1 and tokens[places[0][0]].low.startswith("3d"):
        later = [found for found in places[1:] if found[1] in ("image", "video") and found[0] - places[0][0] <= 2]
        places = later or places
    return places


_TELLING = ("answer", "summar", "stor", "description", "letter")
"""`an audio answer` is audio, `an audio transcript` is text."""


def noun_part(word: str) -> str:
    return "3d" if word.startswith("3d") else word.rsplit("-", 1)[-1]


def kinds_named(tokens: Sequence[Token]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kind for _, kind in kind_places(tokens)))


def split_object(body: list[Token]) -> tuple[list[Token], list[Token]]:
    """The object itself and what describes it further."""
    end = next((place for place, token in enumerate(body) if token.low in BORDERS), len(body))
    return body[:end], body[end:]


def is_definite(part: Sequence[Token], strong: bool) -> bool:
    marks = ATTACHED if strong else DEFINITE | ATTACHED
    return any(token.low in marks for token in part[:2])


def there_already(rest: list[Token]) -> list[Token]:
    """The parts of a description that speak of a given thing: `of this photo`."""
    found: list[Token] = []
    for place, token in enumerate(rest):
        if token.low in BORDERS:
            part, _ = split_object(rest[place + 1 :])
            found += part if is_definite(part, strong=False) else []
    return found


def last_kind(kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    return ("model3d",) if "model3d" in kinds else kinds[-1:]


def said(tokens: Sequence[Token], sentence: str) -> str:
    """The words as they were written; what was cut out between them leaves no trace."""
    pieces: list[str] = []
    last = -1
    for token in tokens:
        if last > token.start:
            pieces.append(" ")
        elif last >= 0 and token.start > last:
            between = sentence[last : token.start]
            pieces.append(between if not between.strip() else " ")
        pieces.append(token.raw)
        last = token.end
    return re.sub(r"\s+([,.;])", r"\1", "".join(pieces)).strip(" ,.;:")
