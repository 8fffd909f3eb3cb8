"""The files that a coding agent left, taken back with suspicion: harmless names, plain text, and not too much of it."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from core.factory import Finding
from core.signals import flat
from tools.coding.blockers import FILE as BLOCKERS
from tools.coding.goal import CARD_FILE, MODEL_FOLDER
from tools.preflight.program import HEAVY, HEAVY_TOO
from tools.preflight.requirements import WITH_GRADIO

NAMED = frozenset({"app.py", "requirements.txt", "packages.txt", "README.md", BLOCKERS})
MODULE = re.compile(r"(?:[a-z_][a-z0-9_]{0,40}/)?[a-z_][a-z0-9_]{0,40}\.py")
PLAIN = re.compile(r"\w[\w .,+=@()\[\]-]{0,119}")
"""A name that a Job hands back."""
LARGEST = 200_000
"""Bytes of one file; the largest hand-written app known has 25,000."""
LARGEST_ALL = 600_000
MOST = 40
HIDDEN = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What a reader does not see: control characters, and those that reorder or join what stands around them."""
STARTED_BY_PYTHON = frozenset({"sitecustomize", "usercustomize"})
TAKEN_NAMES = sys.stdlib_module_names | HEAVY | HEAVY_TOO | WITH_GRADIO | STARTED_BY_PYTHON
"""A module of one of these names would stand in for the real one."""


def read_back(left: Mapping[str, Path], before: Mapping[str, str]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Text by path, and what was not taken. `before` are the files the agent began with, whose names are good.

    A Job hands plain names back only, so files of other names, as `.gitattributes`, stay as they were.
    """
    files: dict[str, str] = {}
    findings: list[Finding] = []
    total = 0
    for path in sorted(left):
        if path not in before and (path == CARD_FILE or path.startswith(f"{MODEL_FOLDER}/")):
            continue
        problem = _bad_name(path, before) or _too_many(files)
        text = None
        if problem is None:
            text, problem = _text(left[path], LARGEST_ALL - total)
        if text is None:
            findings.append(doubt(path, f"it was not taken: {problem}", "leave it out, or write it as plain text"))
            continue
        total += len(text.encode())
        files[path] = text
    unseen = {path: text for path, text in before.items() if not all(map(PLAIN.fullmatch, path.split("/")))}
    return unseen | files, tuple(findings)


def doubt(path: str, message: str, fix: str, line: int = 0) -> Finding:
    """The finding that something in what was written is not believed."""
    where = f"{flat(path, 100)}:{line}" if line else flat(path, 100)
    return Finding(rule="workspace", severity="error", where=where, message=message, fix=fix)


def numbered(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), 1)


def _bad_name(path: str, before: Mapping[str, str]) -> str | None:
    if path in NAMED or path in before:
        return None
    if not MODULE.fullmatch(path):
        return "only app.py, requirements.txt, README.md and small modules are"
    name = PurePosixPath(path).parts[0].removesuffix(".py")
    return f"it would stand in for the package {name}" if name in TAKEN_NAMES else None


def _too_many(files: Mapping[str, str]) -> str | None:
    return f"there are more than {MOST} files" if len(files) >= MOST else None


def _text(path: Path, room: int) -> tuple[str | None, str]:
    """The text, or None and why there is none to take."""
    if path.is_symlink() or not path.is_file():
        return None, "it is no plain file"
    with path.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > min(LARGEST, room):
        return None, f"it is too large; {LARGEST:,} bytes are allowed, and {LARGEST_ALL:,} in all"
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return None, "it is no text"
    if hidden := HIDDEN.search(text):
        return None, f"it holds a character that nobody sees (U+{ord(hidden[0]):04X})"
    return text, ""
