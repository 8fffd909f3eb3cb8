"""One clause of a goal: its verb, what it makes, what it starts from, and the words a prompt can use."""

import re
from collections.abc import Sequence

from core.nouns import Kind
from planners.catalogue.actions import Action, Role
from planners.catalogue.clauses import Protected, Token, base_form, verb_like
from planners.catalogue.lexicon import (
    BORDERS,
    CONVERTING,
    EDITING,
    EXAMINING,
    EXTRACTING,
    KIND_VERBS,
    NUMBER_WORDS,
    PRODUCING,
    PRONOUNS,
    RESULTS,
    STOP_WORDS,
    TEXT_VERBS,
    UNITS,
)
from planners.catalogue.listing import split_names
from planners.catalogue.naming import (
    is_definite,
    kind_of_noun,
    kind_places,
    kinds_named,
    last_kind,
    noun_part,
    said,
    split_object,
    there_already,
)
from planners.catalogue.words import content, stem
from planners.catalogue.words import tokens as words_of


def read_actions(tokens: list[Token], sentence: str, protected: Protected, listed: bool = False) -> list[Action]:
    """The actions of one clause: several where it names several things of different media side by side."""
    verb, body = _verb(tokens)
    if verb in PRODUCING and len(body) > 1 and body[0].low in ("it", "them"):
        body, target = body[:1], body[1:]
    else:
        body, target = _target(body, verb)
    main, rest = split_object(body)
    parts = _conjuncts(main) if _role(verb) == "produce" and not target else [main]
    # In `a tune and a poster for it` the last words belong to the poster alone.
    own = len(parts) > 1 and any(token.low in PRONOUNS for token in rest)
    rests = [[] if own and part is not parts[-1] else rest for part in parts]
    return [
        _action(tokens, verb, part, described, target, sentence, protected, listed)
        for part, described in zip(parts, rests, strict=True)
    ]


def _verb(tokens: list[Token]) -> tuple[str, list[Token]]:
    if tokens and verb_like(tokens, 0, first=True) and not (kind_of_noun(tokens[0].low) and len(tokens) == 1):
        body = tokens[1:]
        while body and body[0].low in ("me", "us", "out", "up", "aloud", "loud"):
            body = body[1:]
        if tokens[0].low == "read" and any(token.low in ("aloud", "loud") for token in tokens):
            return "say", [token for token in body if token.low not in ("aloud", "out", "loud")]
        return base_form(tokens[0].low), body
    return "", tokens


def _role(verb: str) -> Role:
    if verb in CONVERTING:
        return "convert"
    if not verb or verb in PRODUCING or verb in KIND_VERBS:
        return "produce"
    if verb in EXAMINING:
        return "examine"
    if verb in TEXT_VERBS:
        return "text"
    return "edit" if verb in EDITING else "other"


def _target(body: list[Token], verb: str) -> tuple[list[Token], list[Token]]:
    """What stands behind `into`, `as`, or the `to` of a conversion, cut out of the clause."""
    openers = {"into", "as", "to"} if verb in CONVERTING else {"into", "as"}
    for place, token in enumerate(body):
        if token.low not in openers or place + 1 == len(body):
            continue
        end = next(
            (
                later
                for later in range(place + 1, len(body))
                if body[later].low in BORDERS - {"of"} or body[later].raw == ","
            ),
            len(body),
        )
        target = body[place + 1 : end]
        if token.low == "as" and not kinds_named(target):
            continue
        return body[:place] + body[end:], target
    return body, []


def _conjuncts(main: list[Token]) -> list[list[Token]]:
    """Things side by side; a part without a medium of its own belongs to the one before."""
    parts: list[list[Token]] = [[]]
    for token in main:
        if token.low in _BESIDE:
            parts.append([])
        parts[-1].append(token)
    merged: list[list[Token]] = []
    for part in parts:
        if merged and (not kinds_named(part) or not kinds_named(merged[-1])):
            merged[-1] = merged[-1] + part
        else:
            merged.append(part[1:] if part and part[0].low in _BESIDE else part)
    return [part for part in merged if part] or [main]


_BESIDE = ("and", ",", "plus", "&")


def _action(
    tokens: list[Token],
    verb: str,
    main: list[Token],
    rest: list[Token],
    target: list[Token],
    sentence: str,
    protected: Protected,
    listed: bool,
) -> Action:
    role = _role(verb)
    made, taken = _kinds(verb, role, main, rest, target)
    everything = [*main, *rest]
    subject = said(everything, sentence)
    plain = _plain_subject(main, rest, sentence)
    text = protected.restore(said(tokens, sentence))
    media = tuple(
        stem(noun_part(token.low))
        for token in (*main, *target, *there_already(rest))
        if kind_of_noun(noun_part(token.low))
    )
    words = tuple(
        word for word in content(_bare(said([*everything, *target], sentence))) if word not in media and _tells(word)
    )
    head_tokens = _head(main, rest)
    attached = is_definite(main, strong=True) or any(
        is_definite(rest[place + 1 :], strong=True) for place, token in enumerate(rest) if token.low in BORDERS
    )
    return Action(
        text=text,
        verb=verb,
        role=role,
        subject=protected.restore(subject),
        plain_subject=protected.restore(plain),
        makes=made,
        takes=taken,
        attached=attached,
        refers=attached or _refers(role, main, rest),
        echoes=any(token.low in PRONOUNS for token in rest),
        words=words,
        plural=bool(main) and _plural(main[-1].low),
        head=tuple(word for word in head_tokens if word in words),
        media=media,
        items=() if listed else tuple(protected.restore(item) for item in _plural_items(main, rest, sentence, made)),
        quotations=protected.quoted(said(tokens, sentence)),
    )


def _kinds(
    verb: str, role: Role, main: list[Token], rest: list[Token], target: list[Token]
) -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """What it makes and what it starts from."""
    named, wanted = last_kind(kinds_named(main)), kinds_named(target)
    described = last_kind(kinds_named(there_already(rest)))
    match role:
        case "convert":
            return wanted or (), named or described
        case "examine":
            return wanted, _unique(named + described + last_kind(kinds_named(rest)))
        case "text":
            return wanted or ("text",), _unique(tuple(k for k in named + described + last_kind(kinds_named(rest))))
        case "edit":
            sources = named or described or last_kind(kinds_named(rest))
            return wanted or sources[:1], sources
    if verb in EXTRACTING and named and rest and rest[0].low == "from":
        return named, described or last_kind(kinds_named(rest))
    if wanted:
        return wanted, _unique((named if is_definite(main, strong=False) else ()) + described)
    if role == "produce" and not is_definite(main, strong=True):
        implied = (KIND_VERBS[verb],) if verb in KIND_VERBS else ()
        return named or implied, described
    if named and not is_definite(main, strong=False):
        return named, described
    implied = (KIND_VERBS[verb],) if verb in KIND_VERBS else ()
    return implied, _unique(named + described)


def _refers(role: Role, main: list[Token], rest: list[Token]) -> bool:
    meaning = PRONOUNS | RESULTS
    if any(token.low in meaning for token in main):
        return True
    if role != "produce":
        return any(token.low in meaning for token in rest)
    return any(
        token.low in ("of", "from") and any(later.low in meaning for later in rest[place + 1 : place + 3])
        for place, token in enumerate(rest)
    )


def _unique(kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kinds))


def _plain_subject(main: list[Token], rest: list[Token], sentence: str) -> str:
    """`3D models of the Eiffel Tower` is about the Eiffel Tower; `six Paris monuments` about Paris monuments."""
    places = kind_places(main)
    if places and places[-1][0] >= len(main) - 2 and rest and rest[0].low in ("of", "showing", "for", "about"):
        behind = rest[1:]
        return said(behind, sentence)
    named = {place for place, _ in places}
    following = [main[place + 1 : place + 2] for place in range(len(main))]
    named |= {place + 1 for place in named if main[place].low.startswith("3d") and _is_model(following[place])}
    named |= {place for place, token in enumerate(main) if _counts(token) and not _measures(following[place])}
    return said([*(token for place, token in enumerate(main) if place not in named), *rest], sentence)


def _is_model(tokens: Sequence[Token]) -> bool:
    return any(token.low in ("model", "models") for token in tokens)


def _counts(token: Token) -> bool:
    return token.low in NUMBER_WORDS or token.raw.isdigit()


def _measures(tokens: Sequence[Token]) -> bool:
    return any(token.low in UNITS for token in tokens)


def _bare(text: str) -> str:
    return re.sub(r"[\ue000-\uf8ff]", " ", text)


def _tells(word: str) -> bool:
    return (
        not any(letter.isdigit() for letter in word)
        and word not in _UNIT_STEMS
        and word not in NUMBER_WORDS
        and word not in ("model", "3d")
    )


_UNIT_STEMS = frozenset(stem(unit) for unit in UNITS)


def _head(main: list[Token], rest: list[Token]) -> tuple[str, ...]:
    """The last telling word of the object; of what it shows, when the object only names a medium."""
    words = [
        stem(part)
        for token in main
        for part in words_of(token.low)
        if not kind_of_noun(noun_part(token.low)) and part not in STOP_WORDS
    ]
    telling = [word for word in words if _tells(word)]
    if telling:
        return (telling[-1],)
    if rest and rest[0].low in ("of", "showing", "for", "about", "from"):
        behind, _ = split_object(rest[1:])
        return _head(behind, [])
    return ()


def _plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _plural_items(main: list[Token], rest: list[Token], sentence: str, made: tuple[Kind, ...]) -> tuple[str, ...]:
    """`pictures of a cat, a dog and a horse` are three pictures; a `picture of` them is one."""
    if not main or not made or not rest or rest[0].low not in ("of", "showing", "for"):
        return ()
    last = main[-1].low
    plural = last.endswith("s") and (kind_of_noun(last) is not None or last == "models")
    behind, further = split_object(rest[1:])
    if not plural or further:
        return ()
    names = split_names(said(behind, sentence))
    return tuple(re.sub(r"^(?:the|an?)\s+", "", name) for name in names) if len(names) > 1 else ()
