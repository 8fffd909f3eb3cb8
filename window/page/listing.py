"""The visitor's runs in short, newest first."""

import json

from pydantic import JsonValue

from core.errors import RecordUnusable
from core.journal import owner
from core.record import STATE, RunFolder, Runs
from window.page.picture.shortening import line
from window.page.works import Works

MOST = 200
"""Runs that are listed."""


def listing(runs: Runs, works: Works) -> list[JsonValue]:
    rows = (row(folder, works) for folder in runs.all()[:MOST])
    return [shown for shown in rows if shown is not None]


def row(folder: RunFolder, works: Works) -> JsonValue:
    """None for a record that cannot be read."""
    state = _state(folder)
    if state is None:
        return None
    status = str(state.get("status", "running"))
    if status == "running" and not works.busy(folder) and not owner(folder.path):
        status = "interrupted"
    results = state.get("results")
    goal = state.get("goal")
    files = [a for a in results if isinstance(a, dict) and a.get("file")] if isinstance(results, list) else []
    return {
        "id": folder.id,
        "status": status,
        "goal": line(str(goal.get("text", "")) if isinstance(goal, dict) else "", 160),
        "started": state.get("started"),
        "seconds": state.get("seconds"),
        "sha256": files[0].get("sha256") if files else None,
        "planner": state.get("planner"),
    }


def _state(folder: RunFolder) -> dict[str, JsonValue] | None:
    """As it was last kept beside the journal; the journal itself where nothing was kept yet."""
    try:
        kept = json.loads((folder.path / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        try:
            kept = folder.run().model_dump(mode="json", by_alias=True)
        except RecordUnusable:
            return None
    return kept if isinstance(kept, dict) else None
