"""The front matter of a README: what a repository says of itself."""

import json
import re
from typing import Any

from localhub.repositories import front_matter

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
SDKS = ("gradio", "static", "docker", "streamlit")
COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")


class CardError(ValueError):
    """The front matter cannot be read."""


def read(readme: bytes | None) -> dict[str, Any]:
    """The front matter as plain JSON values; empty without one. Raises CardError."""
    match = FRONT_MATTER.match((readme or b"").decode("utf-8", "replace"))
    try:
        card = json.loads(front_matter.as_json(match[1])) if match else None
    except front_matter.Unreadable as error:
        raise CardError(f"the YAML front matter of README.md cannot be read: {error}") from error
    if card is not None and not isinstance(card, dict):
        raise CardError("the YAML front matter of README.md is not a mapping")
    return card or {}


def body(readme: bytes | None) -> str:
    """The README without its front matter."""
    return FRONT_MATTER.sub("", (readme or b"").decode("utf-8", "replace"), count=1)


def problems(card: dict[str, Any], kind: str) -> list[str]:
    """Why the Hub would refuse this front matter."""
    found = []
    if kind == "space":
        if "sdk" in card and card["sdk"] not in SDKS:
            found.append(f'"sdk" must be one of [{", ".join(SDKS)}]')
        for key in ("colorFrom", "colorTo"):
            if key in card and card[key] not in COLOURS:
                found.append(f'"{key}" must be one of [{", ".join(COLOURS)}]')
        if len(str(card.get("short_description", ""))) > 60:
            found.append('"short_description" length must be less than or equal to 60 characters long')
    for key in ("tags", "models", "datasets"):
        if key in card and not isinstance(card[key], list):
            found.append(f'"{key}" must be an array')
    return found


def strings(card: dict[str, Any], key: str) -> list[str]:
    """The value of a key that holds one string or several."""
    value = card.get(key) or []
    return [str(item) for item in (value if isinstance(value, list) else [value])]


DATASET_KEYS = (
    *("annotations_creators", "language_creators", "language", "multilinguality", "size_categories"),
    *("source_datasets", "task_categories", "task_ids"),
)
"""What is written in the card of a dataset and becomes a tag with its name in front."""


def tags(card: dict[str, Any], kind: str) -> list[str]:
    """The tags of a dataset or Space: those it names, and those the Hub derives from the rest."""
    found = [str(card["sdk"])] if kind == "space" and card.get("sdk") else []
    if kind == "dataset":
        found += [f"{key}:{value}" for key in DATASET_KEYS for value in strings(card, key)]
    found += strings(card, "tags")
    found += [f"license:{name}" for name in strings(card, "license")]
    return list(dict.fromkeys(found + (["region:us"] if kind == "dataset" else [])))
