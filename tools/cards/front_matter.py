"""The YAML at the head of a card, as far as it can be read: every scalar stays the text it was written as.

Never fails: what YAML refuses is read line by line, and what is left over is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import yaml

Tree = str | list["Tree"] | dict[str, "Tree"]

LONGEST = 150
"""Lines of one key's value that are read: a table of results may have thousands."""

MOST_KEYS = 200

LARGEST = 20_000
"""Characters of one key's value; more is read line by line."""

DEEPEST = 60
"""libyaml composes nested values on the C stack and takes the process with it at some ten thousand."""

_KEY = re.compile(r"""^["']?([A-Za-z_][\w-]{0,60})["']?\s*:(?:\s|$)""")
_ITEM = re.compile(r"^\s*-\s+(.+)$")
_PLAIN = re.compile(r"[\w./+][\w./+ -]*")
_STACKED = re.compile(r"(?:[-?][ \t]+){20}")
_FENCE = re.compile(r"^-{3,}\s*$")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes texts only: no dates, no `no` for False, no objects."""

_LEAD = 5
"""Lines that may stand before the front matter: blank ones, and nothing else."""


@dataclass(frozen=True)
class FrontMatter:
    """`values` by key, and the lines they stood on, counted from 1."""

    values: dict[str, Tree] = field(default_factory=dict)
    lines: dict[str, range] = field(default_factory=dict)
    first: int = 0
    last: int = 0
    """The lines of its two fences; both 0 when there is none."""
    broken: str = ""
    """Why it could not be read as YAML."""


def front_matter(lines: list[str]) -> FrontMatter:
    """What stands between the first two fences of dashes."""
    first = next((number for number, line in enumerate(lines[:_LEAD]) if line.strip("\ufeff \t")), 0)
    if first >= len(lines) or not _FENCE.match(lines[first].strip("\ufeff \t")):
        return FrontMatter()
    last = next((at for at in range(first + 1, len(lines)) if _FENCE.match(lines[at])), None)
    if last is None:
        # A card of front matter only may lack its end.
        if not any(_KEY.match(line) for line in lines[first + 1 : first + 4]):
            return FrontMatter()
        last = len(lines)
    values, places, broken = dict[str, Tree](), dict[str, range](), ""
    for key, at in _sections(lines, first + 1, last):
        values[key], fault = _read(lines[at.start : min(at.stop, at.start + LONGEST)], key)
        places[key] = range(at.start + 1, at.stop + 1)
        broken = broken or fault
    return FrontMatter(values, places, first + 1, min(last + 1, len(lines)), broken)


def _sections(lines: list[str], first: int, last: int) -> Iterator[tuple[str, range]]:
    """Each key at the margin with the lines up to the next. One that is broken does not take the others with it."""
    keys = ((at, found.group(1)) for at in range(first, last) if (found := _KEY.match(lines[at])))
    starts = list(islice(keys, MOST_KEYS))
    ends = [*(at for at, _ in starts[1:]), last]
    for (at, key), end in zip(starts, ends, strict=False):
        yield key, range(at, end)


def _read(lines: list[str], key: str) -> tuple[Tree, str]:
    text = "\n".join(lines)
    value = lines[0].partition(":")[2].strip()
    if len(lines) == 1 and _PLAIN.fullmatch(value):
        return value, ""
    if len(text) > LARGEST or _nested(text, lines):
        return _line_by_line(lines), "too large or too deep for YAML"
    broken = ""
    for attempt in (text, text.replace("\t", "  ")):
        try:
            found = yaml.load(attempt, Loader=_LOADER)  # noqa: S506 - it makes texts
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            broken = broken or " ".join(str(error).split())[:200] or type(error).__name__
            continue
        if isinstance(found, dict) and key in found:
            return found[key], broken
    return _line_by_line(lines), broken


def _nested(text: str, lines: list[str]) -> bool:
    """Whether it may be deeper than DEEPEST. Brackets within texts count too."""
    depth = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth += 1 if sign in "[{" else -1
        if depth > DEEPEST:
            return True
    return bool(_STACKED.search(text)) or any(line[:200].isspace() for line in lines if len(line) > 200)


def _line_by_line(lines: list[str]) -> Tree:
    """What stands on the key's line, else the list below it."""
    value = lines[0].partition(":")[2].strip()
    if value and value[0] not in "|>&":
        return _plain(value)
    return [_plain(item.group(1)) for line in lines[1:] if (item := _ITEM.match(line))]


def _plain(value: str) -> Tree:
    if value[:1] == "[" and value[-1:] == "]":
        return [part.strip("'\" ") for part in value[1:-1].split(",") if part.strip()]
    return value.strip("'\" ")


def texts(value: Tree | None) -> tuple[str, ...]:
    """The texts of a value that should be one or a list of them; a text with commas stays one."""
    if isinstance(value, str):
        return (value.strip(),) if value.strip() and value.strip().lower() not in ("null", "~", "none") else ()
    if isinstance(value, list):
        return tuple(item.strip() for item in value[:200] if isinstance(item, str) and item.strip())
    return ()
