"""The README.md of a Space that a coding agent wrote: its words, under front matter that is made here.

The model's id and licence are those of the facts. Keys that give rights, spend or point elsewhere come only from the
Space that was handed in, never from the agent.
"""

import re
from collections.abc import Mapping

import yaml

from core.factory import CardFacts
from core.signals import flat
from tools.preflight.front_matter import read_front_matter
from tools.preflight.readme import COLOURS, PYTHONS
from tools.recipes.page import PYTHON, SDK, SLOW_GB

LONGEST = 20_000
"""Characters of the body."""
VERSION = re.compile(r"\d{1,2}\.\d{1,3}(\.\d{1,3})?")
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
MADE_HERE = frozenset({
    "title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file",
    "suggested_hardware", "short_description", "license", "models", "startup_duration_timeout",
})  # fmt: skip


def readme(text: str, before: str, facts: CardFacts, files: Mapping[str, str]) -> str:
    """The text with front matter that is safe to upload. `before` is the README the agent began with, or empty."""
    front = _front(read_front_matter(text), read_front_matter(before), facts, files)
    dumped = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1000)
    body = _FRONT.sub("", text, count=1).strip()[:LONGEST]
    return f"---\n{dumped}---\n\n{body or '# ' + str(front['title'])}\n"


def _front(
    new: Mapping[str, object], old: Mapping[str, object], facts: CardFacts, files: Mapping[str, str]
) -> dict[str, object]:
    name = (facts.model or "").rpartition("/")[2]
    app_file = str(old.get("app_file") or "app.py")
    front: dict[str, object] = {
        "title": _words(new.get("title") or old.get("title"), 80) or name,
        "emoji": _words(new.get("emoji"), 8) or "🤖",
        "colorFrom": _one_of(new.get("colorFrom"), COLOURS, "blue"),
        "colorTo": _one_of(new.get("colorTo"), COLOURS, "indigo"),
        "sdk": "gradio",
        "sdk_version": _version(new.get("sdk_version"), old.get("sdk_version")),
        "python_version": _one_of(new.get("python_version"), PYTHONS, PYTHON),
        "app_file": app_file,
        "suggested_hardware": old.get("suggested_hardware") or _hardware(files),
        "short_description": _words(new.get("short_description"), 60) or name[:60],
        **_of_the_model(old, facts),
    }
    return front | {key: value for key, value in old.items() if key not in MADE_HERE}


def _of_the_model(old: Mapping[str, object], facts: CardFacts) -> dict[str, object]:
    found: dict[str, object] = {}
    if license := facts.license or old.get("license"):
        found["license"] = license
    models = old.get("models")
    listed = [str(one) for one in models] if isinstance(models, list) else []
    adapted = [facts.base_model] if facts.base_model and facts.library == "peft" else []
    found["models"] = list(dict.fromkeys([*([facts.model] if facts.model else []), *adapted, *listed]))
    timeout = old.get("startup_duration_timeout")
    if timeout or (facts.memory_gb or 0) / 1.2 > SLOW_GB:
        found["startup_duration_timeout"] = timeout or "1h"
    return found


def _hardware(files: Mapping[str, str]) -> str:
    zero = any(re.search(r"^\s*import spaces\b", text, re.MULTILINE) for text in files.values())
    return "zero-a10g" if zero else "cpu-basic"


def _version(new: object, old: object) -> str:
    for one in (new if old else None, old):
        if one is not None and VERSION.fullmatch(str(one)):
            return str(one)
    return SDK


def _one_of(value: object, known: tuple[str, ...], otherwise: str) -> str:
    return str(value) if str(value) in known else otherwise


def _words(value: object, longest: int) -> str:
    return flat(value, longest) if isinstance(value, str | int | float) else ""
