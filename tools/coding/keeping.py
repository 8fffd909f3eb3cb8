"""What a run's folder keeps of the coding: the newest files, what was found wrong with each version, Pi's traces.

Every text is redacted where it is written, whoever redacted it before.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.factory import Draft, Workspace
from core.record import replace

GENERATED = "generated"
FINDINGS = "tests/preflight.json"
TRACES = "traces"
KEY = "job.txt"
LARGEST_TRACE = 20_000_000
"""Bytes of one trace; the rest of it is left out, whole lines only."""


def keep_workspace(run: Path, workspace: Workspace) -> None:
    """`generated/` holds the newest files and no others: a reader sees the old ones or the new, for a moment none."""
    draft = run / f".{GENERATED}"
    shutil.rmtree(draft, ignore_errors=True)
    for path, text in workspace.files.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        replace(target, text)
    old = run / f".{GENERATED}-old"
    shutil.rmtree(old, ignore_errors=True)
    if (run / GENERATED).exists():
        (run / GENERATED).rename(old)
    draft.rename(run / GENERATED)
    shutil.rmtree(old, ignore_errors=True)


def keep_findings(run: Path, step: str, drafts: Sequence[Draft]) -> None:
    """`tests/preflight.json`: every version of each step that wrote code, in order."""
    path = run / FINDINGS
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        known = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        known = {}
    known[step] = [draft.model_dump(mode="json") for draft in drafts]
    replace(path, json.dumps(known, indent=2, ensure_ascii=False) + "\n")


def keep_traces(run: Path, name: str, key: str, files: Mapping[str, Path], goal: str) -> None:
    """`traces/<name>/`: the goal as it was given, and what the Job left of how it went, with its key if it is done."""
    folder = run / TRACES / name
    folder.mkdir(parents=True, exist_ok=True)
    replace(folder / "goal.md", goal)
    for path, file in files.items():
        if path == "result.json" or (path.startswith("traces/") and path.count("/") == 1):
            replace(folder / path.rpartition("/")[2], _beginning(file))
    replace(folder / KEY, key)


def kept(run: Path, name: str, key: str) -> bool:
    """Whether the traces of this Job are there, and it is done: nothing more will be spent on it."""
    return _last(run, name) == key


def job_key(run: Path, name: str, key: str) -> str:
    """The key of the Job for a round: the one that was begun, or another where that one's model was refused.

    Whoever has paid a bill or mended a token since then wants the model asked again.
    """
    last = _last(run, name)
    if last != key and not last.startswith(f"{key}."):
        return key
    if _outcome(run, name) != "error":
        return last
    return f"{key}.{int(last.removeprefix(key).strip('.') or 1) + 1}"


def _last(run: Path, name: str) -> str:
    try:
        return (run / TRACES / name / KEY).read_text("utf-8")
    except FileNotFoundError:
        return ""


def _outcome(run: Path, name: str) -> object:
    try:
        return json.loads((run / TRACES / name / "result.json").read_text("utf-8")).get("outcome")
    except (FileNotFoundError, ValueError, AttributeError):
        return None


def _beginning(file: Path) -> str:
    with file.open("rb") as stream:
        data = stream.read(LARGEST_TRACE + 1)
    if len(data) > LARGEST_TRACE:
        data = data[: data.rfind(b"\n", 0, LARGEST_TRACE) + 1]
    return data.decode("utf-8", "replace")
