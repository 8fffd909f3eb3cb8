"""Which choice of a parameter the words of a goal mean: `arched windows` is `arched` for the one called Windows."""

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from core.nouns import Argument, Parameter
from planners.catalogue.lexicon import EMPTY_CHOICES, GRADES, STOP_WORDS, TECHNICAL
from planners.catalogue.words import akin, content, fold, stem, tokens

_NEAR = 3
"""Words between a choice and the label it belongs to."""

_SIGNS = re.compile(r"[\w#♯♭:./+-]+")


class _Hit(NamedTuple):
    parameter: Parameter
    choice: str | int | float
    places: tuple[int, ...]
    """Where in the goal its words stand."""

    distance: int
    """Words to the nearest word of the label; large when the label is not in the goal."""


def choose(parameters: Sequence[Parameter], text: str, denied: Set[str]) -> dict[str, Argument]:
    """For each parameter that the words speak of, its choice."""
    words = tokens(text)
    stems = [stem(word) for word in words]
    chosen: dict[str, Argument] = {}
    hits = [hit for parameter in parameters for hit in _hits(parameter, text, words, stems, denied)]
    for parameter in parameters:
        if denied and _denied(parameter, denied):
            none = next((choice for choice in parameter.choices if set(tokens(str(choice))) & EMPTY_CHOICES), None)
            if none is not None:
                chosen[parameter.name] = none
                continue
        own = [hit for hit in hits if hit.parameter is parameter and not _claimed(hit, hits)]
        own = [hit for hit in own if not _needs_label(hit) or hit.distance <= _NEAR]
        if not own:
            continue
        own.sort(key=lambda hit: (-len(hit.places), hit.distance, hit.places[0]))
        if parameter.many:
            chosen[parameter.name] = [hit.choice for hit in sorted(own, key=lambda hit: hit.places)]
        else:
            chosen[parameter.name] = own[0].choice
    return chosen


def _hits(parameter: Parameter, text: str, words: Sequence[str], stems: Sequence[str], denied: Set[str]) -> list[_Hit]:
    label = [word for word in content(f"{parameter.name} {parameter.label}") if word]
    label_places = [place for place, word in enumerate(stems) if any(akin(word, other) for other in label)]
    found = []
    for choice in parameter.choices:
        places = _places(choice, text, words, stems)
        if not places or all(stems[place] in denied for place in places if place < len(stems)):
            continue
        distance = min(
            (abs(place - other) for place in places for other in label_places if other not in places), default=99
        )
        found.append(_Hit(parameter, choice, places, distance))
    return found


def _places(choice: str | int | float, text: str, words: Sequence[str], stems: Sequence[str]) -> tuple[int, ...]:
    """Where the goal says this choice; empty when it does not. All its telling words must be there."""
    spelled = str(choice).strip()
    if (len(spelled) <= 2 and spelled[:1].isalpha()) or re.search(r"[#♯♭]", spelled):
        return _letter_places(spelled, text)
    if not isinstance(choice, str) or re.search(r"\d\s*[x×:/]\s*\d", spelled):
        return _literal_places(spelled, text)
    parts = [stem(word) for word in tokens(spelled) if word not in STOP_WORDS] or [stem(w) for w in tokens(spelled)]
    places = []
    for part in parts:
        place = next((number for number, word in enumerate(stems) if _same(part, word)), None)
        if place is None:
            return ()
        places.append(place)
    return tuple(places)


def _same(choice: str, word: str) -> bool:
    return choice == word or (len(choice) > 5 and akin(choice, word))


def _letter_places(choice: str, text: str) -> tuple[int, ...]:
    """`D`, `C#`, `Bb`: as they are written. An `A` in front of a small word is the article."""
    spoken = re.sub(r"\b([A-G])[ -]sharp\b", r"\1#", re.sub(r"\b([A-G])[ -]flat\b", r"\1b", text))
    wanted = choice.replace("♯", "#").replace("♭", "b")
    places = []
    for number, match in enumerate(_SIGNS.finditer(spoken.replace("♯", "#").replace("♭", "b"))):
        before = spoken[: match.start()].rstrip()
        article = wanted in ("A", "I") and (not before or before[-1] in ".!?:;")
        if match[0].strip(".,:") == wanted and not article:
            places.append(number)
    return tuple(places[:1])


def _literal_places(choice: str, text: str) -> tuple[int, ...]:
    wanted = re.escape(re.sub(r"\s", "", fold(choice))).replace("×", "x")
    spoken = re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)", "x", fold(text))
    match = re.search(rf"(?<![\w.]){wanted}(?![\w]|\.\d)", spoken)
    return (len(tokens(spoken[: match.start()])),) if match else ()


def _claimed(hit: _Hit, hits: Sequence[_Hit]) -> bool:
    """Another parameter stands nearer: in `marble floors` the marble is the floor's and not the wall's."""
    rivals = [other for other in hits if other.parameter is not hit.parameter and set(other.places) & set(hit.places)]
    return any(
        (other.distance <= _NEAR and other.distance < hit.distance) or len(other.places) > len(hit.places)
        for other in rivals
    )


def _needs_label(hit: _Hit) -> bool:
    """`high` says nothing of a resolution unless the goal speaks of resolution; `arched` speaks for itself."""
    return not isinstance(hit.choice, str) or hit.choice.lower() in GRADES


def _denied(parameter: Parameter, denied: Set[str]) -> bool:
    label = [word for word in content(parameter.label or parameter.name) if word not in TECHNICAL]
    return bool(label) and any(akin(word, other) for word in label for other in denied)
