"""Reads JSON the way the standard says, which Python's own reader does not, and measures it.

Depth is counted over the bytes before anything is parsed: 100,000 opening brackets are 100 kB.
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound

Marks = np.ndarray[Any, Any]

DEEP = 100
"""Legal, but most readers give up somewhere above."""

LISTED = 200
"""Top-level keys that `require` can see."""

_NOTHING, _QUOTE = 0, 2
_MARKS = np.zeros(256, np.int8)
_MARKS[[ord("["), ord("{")]] = 1
_MARKS[[ord("]"), ord("}")]] = -1
_MARKS[ord('"')] = _QUOTE

_PIECE = 1 << 18
"""Bytes looked at together: what fits into the processor's cache."""


def depth_of(data: bytes) -> int:
    """The deepest nesting that the brackets outside of strings describe, up to where the bytes stop being JSON."""
    deepest = height = 0
    inside = False
    for marks in _marks(data):
        within = (np.cumsum(marks == _QUOTE, dtype=np.int32) + inside) % 2 == 1
        steps = np.where(within | (marks == _QUOTE), 0, marks)
        heights = np.cumsum(steps, dtype=np.int64) + height
        deepest = max(deepest, int(heights.max()))
        height, inside = int(heights[-1]), bool(within[-1])
    return deepest


def _marks(data: bytes) -> Iterator[Marks]:
    """Brackets and the quotes that begin or end a string, piece by piece."""
    signs = np.frombuffer(data, np.uint8)
    escaped = _escaped(signs) if b"\\" in data else None
    for start in range(0, len(signs), _PIECE):
        marks = _MARKS[signs[start : start + _PIECE]]
        if escaped is not None:
            first, last = np.searchsorted(escaped, (start, start + len(marks)))
            marks[escaped[first:last] - start] = _NOTHING
        marks = marks[marks != _NOTHING]
        if len(marks):
            yield marks


def _escaped(signs: Marks) -> Marks:
    """Places behind an odd number of backslashes. Outside of strings there are none in JSON."""
    slashes = np.flatnonzero(signs == ord("\\"))
    apart = np.diff(slashes) > 1
    ends, starts = slashes[np.append(apart, True)], slashes[np.insert(apart, 0, True)]
    places: Marks = ends[(ends - starts) % 2 == 0] + 1
    places = places[places < len(signs)]
    return places


def strict_json(data: bytes, deepest: int = CAPS.json_depth) -> tuple[Any, int, int]:
    """The value, its depth and how many keys stand twice in one object.

    Raises Unsound for NaN, Infinity, a byte order mark, nesting deeper than `deepest`, and all that is not JSON.
    """
    depth = depth_of(data)
    if depth > deepest:
        raise Unsound("bomb", f"nested {depth} deep, at most {deepest}")
    repeated = 0

    def objects(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        kept = dict(pairs)
        repeated += len(pairs) - len(kept)
        return kept

    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=objects)
    except (ValueError, RecursionError) as error:
        raise Unsound("corrupt", f"not JSON: {error}") from error
    return value, depth, repeated


def measure_json(data: bytes) -> Finding:
    """Facts of a JSON file."""
    if not data.strip():
        raise Unsound("empty", "there is no JSON in it")
    value, depth, repeated = strict_json(data)
    finding = _measured(value, depth)
    if depth > DEEP:
        finding.warn("limits", f"nested {depth} deep")
    if repeated:
        finding.warn("ambiguous", f"{repeated} keys stand twice; the last one counts")
    return finding


def measure_value(value: Any) -> Finding:
    """Facts of a JSON value in memory: `items` of a list or of an object, `keys` of an object."""
    refuse_nonfinite(value)
    return _measured(value, _depth(value))


def refuse_nonfinite(value: Any) -> None:
    """NaN and Infinity are no JSON, wherever they stand. Raises Unsound."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError as error:
        raise Unsound("nonfinite", "a number that is none (NaN or Infinity) stands in the value") from error


def _measured(value: Any, depth: int) -> Finding:
    sized = value if isinstance(value, list | dict) else ()
    keys = list(value) if isinstance(value, dict) else []
    facts = {"type": _type(value), "items": len(sized), "keys": len(keys), "depth": depth}
    return Finding(facts, content=[key[:200].encode("utf-8", "replace").decode() for key in keys[:LISTED]])


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _depth(value: Any) -> int:
    """By levels, not by recursion: the value may be as deep as it likes."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, list | dict)]:
        depth += 1
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return depth
