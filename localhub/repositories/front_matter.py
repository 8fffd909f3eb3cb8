"""The YAML of a card as plain JSON values: it comes from anybody, and every list of repositories reads it."""

import base64
import json
import math
from functools import lru_cache
from typing import Any

import yaml

LARGEST = 64_000
"""Bytes as they are written; the longest cards with many evaluation results have about half of it."""

LARGEST_UNFOLDED = 4 * LARGEST
"""Characters and values when every alias is replaced by what it stands for."""

DEEPEST = 32
"""Lists and mappings within one another."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there


class Unreadable(ValueError):
    """This cannot be the front matter of a card."""


@lru_cache(maxsize=128)
def as_json(text: str) -> str:
    """JSON text, which nobody can change. Kept, because it is asked for with every look at a Space's stage."""
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST:,} bytes")
    try:
        check_size(text)
        return json.dumps(plain(LOADER(text).get_single_data()), allow_nan=False)
    except (yaml.YAMLError, Unreadable) as error:
        raise Unreadable(str(error)) from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        # PyYAML lets many of Python's own errors through: `!!bool x` is a KeyError, 2020-99-99 a ValueError.
        raise Unreadable(f"one of its values is not what it is written as ({error!r})"[:300]) from error


def check_size(text: str) -> None:
    """Before anything is made of it: aliases of aliases can stand for any number of values."""
    total, open_, sizes = 0, [], dict[str, int]()
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise Unreadable(f"the alias *{event.anchor} stands for nothing, or for what it is a part of")
            total += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            total += 1 + len(event.value)
            sizes[event.anchor] = 1 + len(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            sizes[anchor] = total - before
        if total > LARGEST_UNFOLDED:
            raise Unreadable("its aliases stand for too much")
        if len(open_) > DEEPEST:
            raise Unreadable(f"it has more than {DEEPEST} lists and mappings within one another")


def plain(value: Any) -> Any:
    """As JSON has it. Dates become text; what is no number (.nan, .inf) becomes nothing."""
    match value:
        case dict():
            return {key(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case set():
            return sorted(key(inner) for inner in value)
        case float():
            return value if math.isfinite(value) else None
        case bytes():
            return base64.b64encode(value).decode()
        case None | bool() | int():
            return value
    text = str(value)
    text.encode()  # half a character cannot be told to anybody
    return text


def key(name: Any) -> str:
    told = plain(name)
    return told if isinstance(told, str) else json.dumps(told)
