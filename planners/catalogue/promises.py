"""What may be expected of a step's result: by its kind, by what the endpoint says of itself and what it was told."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.checks import AudioCheck, Check, ImageCheck, JsonCheck, MeshCheck, TextCheck, VideoCheck
from core.nouns import Argument, Endpoint, Kind, Parameter
from planners.catalogue.quantities import Quantity, read_quantities
from planners.catalogue.words import stem, tokens

SOME_LESS = 0.8
"""Of a number of faces that was promised roughly."""

TOLERANCE = 0.1
"""Of a length in seconds."""

Bounds = dict[str, float]

_CHECKS: Mapping[Kind, type[Any]] = {  # Any: the six checks share no constructor
    "image": ImageCheck,
    "audio": AudioCheck,
    "model3d": MeshCheck,
    "video": VideoCheck,
    "text": TextCheck,
    "json": JsonCheck,
}
_BOUNDS: Mapping[tuple[Kind, str], tuple[str, str]] = {
    ("model3d", "face"): ("min_faces", "max_faces"),
    ("model3d", "pixel"): ("min_texture_px", "max_texture_px"),
    ("audio", "second"): ("min_seconds", "max_seconds"),
    ("video", "second"): ("min_seconds", "max_seconds"),
    ("audio", "hertz"): ("min_rate", ""),
    ("text", "word"): ("min_words", "max_words"),
}
"""Which keys of a check a unit of measure speaks to, for the low and the high side."""

_ONE_SIDED = frozenset({("model3d", "face"), ("model3d", "pixel"), ("audio", "hertz")})
"""More than these does no harm, unless the goal itself sets a limit."""

_LENGTH_LABELS = frozenset(
    {
        "seconds",
        "second",
        "sec",
        "s",
        "duration",
        "length",
        "long",
        "total",
        "target",
        "audio",
        "clip",
        "music",
        "song",
        "melody",
        "in",
        "of",
        "the",
    }
)
_CAPACITY = re.compile(r"\b(?:up to|at most|maximum|max|no more than|limit(?:ed)? to|or less)\b", re.IGNORECASE)
_INTAKE = re.compile(r"\b(?:takes?|accepts?|input|upload(?:ed)?|given)\b", re.IGNORECASE)
_SIDES = {"wide": "width", "tall": "height", "high": "height"}
"""As in `512 pixels wide`."""
_NEEDS = re.compile(
    r"\b(?:at least|minimum|min|no (?:smaller|less|fewer|shorter) than|or (?:more|larger|longer))\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")


def expectations(
    endpoint: Endpoint, output: int, inputs: Mapping[str, Argument], asked: Sequence[Quantity] = ()
) -> tuple[Check, ...]:
    """The checks for one output. What the goal asked for and no parameter takes is expected as well."""
    kind = endpoint.outputs[output].kind
    if kind not in _CHECKS:
        return ()
    bounds = _promised(kind, endpoint.description, told=_told(endpoint, inputs)) | _from_inputs(kind, endpoint, inputs)
    for quantity in asked:
        bounds |= _asked(kind, quantity)
    textured = {"textured": True} if "min_texture_px" in bounds else {}
    return (_CHECKS[kind](**_whole(kind, bounds), **textured),)


def check_of(kind: Kind, bounds: Bounds) -> Check | None:
    """The check of a kind with these bounds; None where there are none, or no check is about the kind."""
    return _CHECKS[kind](**bounds) if bounds and kind in _CHECKS else None


def demands(kind: Kind, words: str) -> Bounds:
    """The least that a reader says it has to be given: "at least 512 pixels wide"."""
    needed = [sentence for sentence in _SENTENCE.split(words) if _NEEDS.search(sentence)]
    quantities = [quantity for sentence in needed for quantity in read_quantities(sentence)]
    bounds = [_asked(kind, quantity) for quantity in quantities]
    return _whole(kind, {key: value for found in bounds for key, value in found.items() if key.startswith("min_")})


def _promised(kind: Kind, description: str, told: bool) -> Bounds:
    """Numbers in the endpoint's own words. What it says of its default settings holds only when they are kept."""
    bounds: Bounds = {}
    for sentence in _SENTENCE.split(description):
        if _INTAKE.search(sentence) or (told and re.search(r"\bdefault", sentence, re.IGNORECASE)):
            continue
        for clause in re.split(r"[,;]\s+(?!\d)|\s+and\s+", sentence):
            if _CAPACITY.search(clause):
                continue
            for quantity in read_quantities(clause):
                if (kind, quantity.unit) not in _BOUNDS or (kind == "audio" and quantity.unit == "second" and told):
                    continue
                found = _bounds(kind, quantity)
                bounds |= {key: value for key, value in found.items() if key not in bounds}
    return bounds


def _bounds(kind: Kind, quantity: Quantity) -> Bounds:
    low_key, high_key = _BOUNDS[kind, quantity.unit]
    low = quantity.low if quantity.low is not None else None
    high = None if (kind, quantity.unit) in _ONE_SIDED else quantity.high
    if quantity.unit == "face" and low is not None:
        low *= SOME_LESS
    if quantity.unit == "second":
        low = low * (1 - TOLERANCE) if low is not None else None
        high = high * (1 + TOLERANCE) if high is not None else None
    if quantity.unit == "word" and quantity.exact and low is not None:
        low = low * SOME_LESS
        high = high / SOME_LESS if high is not None else None
    return {key: value for key, value in ((low_key, low), (high_key, high)) if value is not None and key}


def _from_inputs(kind: Kind, endpoint: Endpoint, inputs: Mapping[str, Argument]) -> Bounds:
    """Sizes and lengths that the call asks for, by name or by default."""
    bounds: Bounds = {}
    for parameter in endpoint.parameters:
        value = inputs.get(parameter.name, parameter.default)
        number = _figure(value)
        if number is None or number <= 0:
            continue
        words = tokens(f"{parameter.name} {parameter.label}")
        if kind == "image" and words[-1:] in (["width"], ["height"]) and "max" not in words:
            bounds[f"min_{words[-1]}"] = number
        elif (
            kind == "audio"
            and set(words) <= _LENGTH_LABELS
            and set(words) & {"seconds", "second", "duration", "length"}
        ):
            bounds["min_seconds"] = number * (1 - TOLERANCE)
            bounds["max_seconds"] = number * (1 + TOLERANCE)
        elif kind == "model3d" and "texture" in words and {"size", "resolution", "px", "pixels"} & set(words):
            bounds["min_texture_px"] = number
    return bounds


def _figure(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d+)\s*(?:px|x\s*\d+)?\s*", value)):
        return float(found[1])
    return None


def _told(endpoint: Endpoint, inputs: Mapping[str, Argument]) -> bool:
    """A setting of size or quality differs from its default, so what is said of the defaults does not hold."""
    return any(
        _is_setting(parameter) and parameter.name in inputs and inputs[parameter.name] != parameter.default
        for parameter in endpoint.parameters
    )


def _is_setting(parameter: Parameter) -> bool:
    words = {stem(word) for word in tokens(f"{parameter.name} {parameter.label}")}
    settings = {
        stem(word)
        for word in ("resolution", "quality", "detail", "seconds", "duration", "length", "triangles", "faces")
    }
    return bool(words & settings)


def _asked(kind: Kind, quantity: Quantity) -> Bounds:
    side = quantity.side or next((_SIDES[word] for word in quantity.nouns if word in _SIDES), "")
    if kind == "image" and side:
        return {f"min_{side}": quantity.value}
    if (kind, quantity.unit) not in _BOUNDS:
        return {}
    low_key, high_key = _BOUNDS[kind, quantity.unit]
    bounds = _bounds(kind, quantity)
    if not quantity.exact and quantity.high is not None and high_key:
        bounds[high_key] = quantity.high
    if not quantity.exact and quantity.low is not None:
        bounds[low_key] = quantity.low
    return bounds


def _whole(kind: Kind, bounds: Bounds) -> dict[str, float | int]:
    """Whole numbers where the check counts."""
    fractions = {"min_seconds", "max_seconds"}
    return {key: round(value, 3) if key in fractions else int(value) for key, value in bounds.items()}
