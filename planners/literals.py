"""Why a plain value does not fit where it is put, and the nearest right name, in words for whoever made the plan."""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from core.nouns import FILE_KINDS, Argument, From, Kind, Parameter

SCALARS: Mapping[str, Kind] = {"string": "text", "boolean": "boolean", "integer": "number", "number": "number"}
"""What the plain types of a tool's schema are as kinds."""


def literal(parameter: Parameter, value: Argument) -> str:
    """Why a plain JSON value does not fit; empty when it does."""
    if parameter.choices:
        if value in parameter.choices and type(value) in {type(choice) for choice in parameter.choices}:
            return ""
        choices = [str(choice) for choice in parameter.choices]
        return f"cannot be {spoken(value)}{hint(str(value), choices) or offers(choices)}"
    match parameter.kind:
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"takes a number, not {spoken(value)}"
            if parameter.minimum is not None and value < parameter.minimum:
                return f"must be at least {parameter.minimum:g}, and is {value:g}"
            if parameter.maximum is not None and value > parameter.maximum:
                return f"must be at most {parameter.maximum:g}, and is {value:g}"
        case "boolean":
            return "" if isinstance(value, bool) else f"takes true or false, not {spoken(value)}"
        case "text" | "html":
            return "" if isinstance(value, str) else f"takes text, not {spoken(value)}"
        case kind if kind in FILE_KINDS:
            return f"takes a file ({kind}) from a step or an attachment, not {spoken(value)}"
    return ""


def json_fits(value: Argument, wanted: str) -> bool:
    match value:
        case From():
            return wanted not in SCALARS
        case bool():
            return wanted in ("boolean", "any")
        case int():
            return wanted in ("integer", "number", "any")
        case float():
            return wanted in ("number", "any")
        case str():
            return wanted in ("string", "any")
        case list():
            return wanted in ("array", "any")
        case dict():
            return wanted in ("object", "any")
    return True


def spoken(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value[:60]}'"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else str(value)


def hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(dict.fromkeys(known)), 1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else ""


def offers(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:8])
    return f"; it has {shown}{' …' if len(names) > 8 else ''}" if names else "; it has none"
