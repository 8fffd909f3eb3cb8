"""Reads JSON the way the standard says, which Python's own reader does not, and measures it.

Depth is counted over the bytes before anything is parsed: 100,000 opening brackets are 100 kB.
"""

import json
import re
from typing import Any, NoReturn

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound

DEEP = 100
"""Legal, but most readers give up somewhere above."""

LISTED = 200
"""Top-level keys that `require` can see."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.S)
_RISE = np.zeros(256, np.int8)
_RISE[[ord("["), ord("{")]] = 1
_RISE[[ord("]"), ord("}")]] = -1


def depth_of(data: bytes) -> int:
    """The deepest nesting that the brackets outside of strings describe."""
    marks = np.frombuffer(_STRING.sub(b"", data), np.uint8)
    steps = _RISE[marks]
    steps = steps[steps != 0]
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


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
    finding = measure_value(value)
    finding.facts["depth"] = depth
    if depth > DEEP:
        finding.warn("limits", f"nested {depth} deep")
    if repeated:
        finding.warn("ambiguous", f"{repeated} keys stand twice; the last one counts")
    return finding


def measure_value(value: Any) -> Finding:
    """Facts of a JSON value in memory: `items` of a list or of an object, `keys` of an object."""
    sized = value if isinstance(value, list | dict) else ()
    keys = list(value) if isinstance(value, dict) else []
    facts = {"type": _type(value), "items": len(sized), "keys": len(keys), "depth": _depth(value)}
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
