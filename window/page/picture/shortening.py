"""Foreign text cut to what a reader takes in."""

import json

from pydantic import JsonValue

LINE = 240
"""Characters of one line that are shown."""


def line(text: str, most: int = LINE) -> str:
    """One readable line of at most `most` characters."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: most * 4]).split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def spoken(value: JsonValue, most: int = LINE) -> str:
    """A value on one line: text as it is, anything else as JSON."""
    return line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), most)
