"""JSON that came from outside, read as far as everything behind it can bear it.

Python's own reader takes more than that: half characters (lone surrogates) that no answer and no file can hold, numbers
that JSON does not have, and lists within lists until the stack ends.
"""

import json
import re
from typing import Any

from localhub import refusal

MOST_VALUES = 500_000
"""Python needs 50 to 100 bytes for each, and stands still while it makes them."""

DEEPEST = 64
"""Lists and objects within one another."""

HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def read(text: bytes) -> Any:
    """The value. Raises Refusal; what is wrong is said without the place it was read at."""
    if sum(text.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise refusal.Refusal(413, f"more than {MOST_VALUES:,} values of JSON are not taken at once")
    try:
        value = json.loads(text.decode("utf-8-sig"), parse_constant=no_number, parse_float=finite)
    except (ValueError, RecursionError) as error:
        raise refusal.bad_request(f"this is not JSON that can be read: {error}"[:500]) from error
    check_depth(value)
    if HALF.search(text):
        check_characters(value)
    return value


def no_number(name: str) -> Any:
    raise ValueError(f"JSON has no number {name}")


def finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in within(one) if isinstance(inner, (dict, list))]
        if not level:
            return
    raise refusal.bad_request(f"JSON is taken with at most {DEEPEST} lists and objects within one another")


def within(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def check_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = str(error.object)[error.start : error.start + 1]
        raise refusal.bad_request(f"a text holds {half!a}, which is half of a character") from error
