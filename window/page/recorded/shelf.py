"""The cassettes that hold a run, by the heads of their files."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from core.nouns import Frozen
from window.page.picture.shortening import line

CASSETTES = Path(__file__).parents[3] / "cassettes"

SHOWABLE = ("ask", "validate", "build")
"""Commands that leave a run behind."""


FLAGS = ("--yes", "--json", "--leave", "--local")
"""Options of these commands that take no value."""


class Recording(Frozen):
    name: str
    """Of its file, without the suffix: what a page's address calls it."""
    goal: str
    day: str
    hub: str
    """Which Hub answered when it was recorded."""
    note: str
    status: str
    """What the run came to."""


@cache
def recordings(folder: Path = CASSETTES) -> tuple[Recording, ...]:
    """By name. A file that is no cassette is not on the shelf. Read once."""
    found = (recording(path) for path in sorted(folder.glob("*.yaml")))
    return tuple(each for each in found if each is not None)


def recording(path: Path) -> Recording | None:
    header = head(path)
    words = header.get("session", {}).get("words", [])
    outcome, answered = header.get("outcome", {}), header.get("answered", {})
    if not words or words[0] not in SHOWABLE or "status" not in outcome:
        return None
    return Recording(
        name=path.stem,
        goal=line(goal_of(words), 200),
        day=str(header.get("recorded", "")),
        hub=line(str(answered.get("hub", "")), 80),
        note=line(str(answered.get("note", "")), 160),
        status=str(outcome["status"]),
    )


def goal_of(words: list[str]) -> str:
    """As its person said it: the word of the command that is neither an option nor an option's value."""
    values = {after for before, after in pairwise(words) if before.startswith("--") and before not in FLAGS}
    said = next((word for word in words[1:] if not word.startswith("--") and word not in values), words[-1])
    return {"validate": f"Validate {said}", "build": f"Build a Space for {said}"}.get(words[0], said)


def head(path: Path) -> dict[str, Any]:
    """The first of its documents. Any: a file's own words."""
    try:
        with path.open("rb") as stream:
            told = next(yaml.load_all(stream, Loader=yaml.CSafeLoader), None)
    except (OSError, yaml.YAMLError):
        return {}
    return told if isinstance(told, dict) and "cassette" in told else {}
