"""An artifact as the page shows it: how to look at it, what was checked, and where it came from."""

import json
from collections.abc import Sequence

from pydantic import JsonValue

from core.artifacts import ArtifactStore
from core.checks import Verdict
from core.nouns import Artifact
from tools.licences.terms import terms
from window.page.picture.shortening import line

PREVIEW = 20_000
"""Characters of a text that travel to the page; the rest is there to download."""

TURNABLE = (".glb", ".gltf")
"""Suffixes of models that the viewer draws."""


def exhibit(artifact: Artifact, verdicts: Sequence[Verdict], store: ArtifactStore) -> dict[str, object]:
    """Everything the page needs of one artifact; the bytes are asked for by their sha256."""
    text, whole = preview(artifact, store)
    facts = artifact.facts
    return {
        "sha256": artifact.sha256,
        "kind": shown_as(artifact),
        "name": line(artifact.name, 120),
        "bytes": artifact.size,
        "file": artifact.file is not None,
        "suffix": suffix(artifact),
        "turnable": suffix(artifact) in TURNABLE,
        "width": _number(facts.get("width")),
        "height": _number(facts.get("height")),
        "figures": [list(pair) for pair in figures(artifact)],
        "text": text,
        "whole": whole,
        "verdicts": [verdict(each) for each in verdicts],
        "origin": origin(artifact),
    }


def verdict(each: Verdict) -> dict[str, object]:
    return {"status": each.status, "check": line(each.check, 60), "reason": line(each.reason)}


def origin(artifact: Artifact) -> dict[str, object]:
    """Which Space at which revision made it from what, and what its licences allow."""
    came = artifact.origin
    return {
        "space": came.space,
        "revision": (came.revision or "")[:12],
        "endpoint": line(came.endpoint or "", 80),
        "tool": came.tool,
        "models": [line(model, 80) for model in came.models[:8]],
        "licence": line(came.license or "", 60),
        "terms": str(terms(came.licensed)) if came.licensed else "",
        "inputs": [sha256[:12] for sha256 in came.inputs[:8]],
    }


def shown_as(artifact: Artifact) -> str:
    """The way to look at it: a CSV is a table, a text file a text, whatever the Space has called it."""
    by_suffix = {".csv": "table", ".tsv": "table", ".txt": "text", ".md": "text", ".json": "json"}
    return by_suffix.get(suffix(artifact), artifact.kind) if artifact.kind == "file" else artifact.kind


def suffix(artifact: Artifact) -> str:
    name = artifact.file or ""
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def preview(artifact: Artifact, store: ArtifactStore) -> tuple[str | None, bool]:
    """The beginning of what is text, and whether that is all of it."""
    if shown_as(artifact) in ("image", "audio", "video", "model3d", "file"):
        return None, False
    if artifact.file is None:
        value = artifact.value
        return (value, True) if isinstance(value, str) else (_json(value), True)
    try:
        with store.path(artifact).open("rb") as stream:
            data = stream.read(PREVIEW * 4 + 1)
    except OSError:
        return None, False
    text = data.decode("utf-8", "replace")
    return text[:PREVIEW], len(text) <= PREVIEW


def figures(artifact: Artifact) -> list[tuple[str, str]]:
    """The leading measurements in words: ("triangles", "150,112")."""
    told = []
    for fact, words in (
        ("width", "px wide"),
        ("height", "px high"),
        ("faces", "triangles"),
        ("texture_px", "px textures"),
        ("points", "points"),
        ("seconds", "seconds"),
        ("rate", "Hz"),
        ("words", "words"),
        ("rows", "rows"),
        ("pages", "pages"),
    ):
        value = _number(artifact.facts.get(fact))
        if value:
            told.append((words, f"{value:,.1f}".removesuffix(".0")))
    return told[:4]


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _number(value: JsonValue) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
