"""How an answer of the real Hub looks: its keys and the types of its values, and how far another answer fits.

A shape is JSON. A string names types, with `|` between several: string, integer, number, boolean, null, any, or a
form of string (FORMS); `=word` is exactly that word. `[shape]` is a list whose items all fit. An object has a shape
for each key; `key?` may be left out, and `*` stands for every key that is not named.
"""

import re
from collections.abc import Iterator
from typing import Any

FORMS = {
    "id": r"[0-9a-f]{24}",
    "sha1": r"[0-9a-f]{40}",
    "sha256": r"[0-9a-f]{64}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "url": r"(https?:/)?/\S+",
}
PLAIN = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def differences(value: Any, shape: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where the value does not fit: pairs of what is wrong (missing, unknown or a sentence about the type) and the
    path to it, in which a list is `[]`."""
    match shape:
        case str():
            if not any(is_a(value, kind.strip()) for kind in shape.split("|")):
                yield f"{value!r} is not {shape}", path
        case [items]:
            if not isinstance(value, list):
                yield f"{type(value).__name__} is not a list", path
                return
            for item in value:
                yield from differences(item, items, f"{path}[]")
        case dict():
            if not isinstance(value, dict):
                yield f"{type(value).__name__} is not an object", path
                return
            yield from members(value, shape, path)


def members(value: dict[str, Any], shape: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    known = {key.removesuffix("?"): part for key, part in shape.items()}
    for key in shape:
        if not key.endswith("?") and key != "*" and key not in value:
            yield "missing", f"{path}.{key}".lstrip(".")
    for key, item in value.items():
        below = f"{path}.{key}".lstrip(".")
        if key in known:
            yield from differences(item, known[key], below)
        elif "*" in known:
            yield from differences(item, known["*"], f"{path}.*".lstrip("."))
        else:
            yield "unknown", below


def is_a(value: Any, kind: str) -> bool:
    if kind == "any":
        return True
    if kind.startswith("="):
        return bool(value == kind[1:])
    if kind in FORMS:
        return isinstance(value, str) and bool(re.fullmatch(FORMS[kind], value))
    return isinstance(value, PLAIN[kind]) and (kind == "boolean" or not isinstance(value, bool))
