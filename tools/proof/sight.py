"""What one output looks like to whoever compares outputs: a value, or a small picture that our own process drew.

The bytes of a Space are not parsed here; the laboratory's separate process makes of every file a fresh PNG, and that
is what is read.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps
from pydantic import JsonValue

from core.artifacts import ArtifactStore
from core.checks import Facts, Verdict
from core.nouns import FILE_KINDS, Artifact, Kind
from tools.checks.judge import judge
from tools.checks.laboratory import Laboratory

Pixels = np.ndarray[Any, np.dtype[np.float32]]

SMALL = 48
"""Pixels a side at which pictures are compared."""


@dataclass(frozen=True)
class Sight:
    """One output, or one file that went in."""

    kind: Kind
    sha256: str
    value: JsonValue = None
    small: Pixels | None = None
    """Colours of 0 to 255, stretched to a square."""
    grain: float | None = None
    """How alike neighbouring pixels are, -1 to 1: near 0 in noise."""
    facts: Facts | None = None

    @property
    def words(self) -> list[str]:
        return re.findall(r"\w+", self.value.lower()) if isinstance(self.value, str) else []


async def see(
    artifact: Artifact, laboratory: Laboratory, store: ArtifactStore, inputs: Sequence[str] = ()
) -> tuple[Sight, tuple[Verdict, ...]]:
    """The output and what the gate says of it. `inputs` are sha256 of what the Space was given."""
    known = {sha256: "the very thing that the Space was given" for sha256 in inputs}
    if artifact.origin.example:
        known[artifact.sha256] = "the Space's own example file"
    if artifact.kind not in FILE_KINDS:
        value = store.value(artifact)
        examination = laboratory.examine_value(value, artifact.kind)
        verdicts = judge(artifact.kind, examination, (), artifact.sha256, known)
        return Sight(artifact.kind, artifact.sha256, value), verdicts
    path = store.path(artifact)
    examination = await laboratory.examine(path, artifact.kind)
    verdicts = judge(artifact.kind, examination, (), artifact.sha256, known)
    sight = Sight(artifact.kind, artifact.sha256, facts=examination.facts)
    target = store.folder / f"{artifact.sha256[:16]}.thumbnail.png"
    if not examination.gate.passed or not await laboratory.thumbnail(path, artifact.kind, target):
        return sight, verdicts
    with Image.open(target, formats=["PNG"]) as picture:
        pixels = ImageOps.exif_transpose(picture).convert("RGB")
    small = np.asarray(pixels.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32)
    return Sight(artifact.kind, artifact.sha256, small=small, grain=grain(pixels), facts=examination.facts), verdicts


def grain(picture: Image.Image) -> float:
    """The correlation of each pixel with its right and lower neighbour, the least of the three colours."""
    values = np.asarray(picture, np.float64)
    found = []
    for channel in np.moveaxis(values, 2, 0):
        pairs = ((channel[:, :-1], channel[:, 1:]), (channel[:-1], channel[1:]))
        for one, other in pairs:
            if one.size > 1 and one.std() > 1 and other.std() > 1:
                found.append(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]))
    return min(found, default=1.0)


def canonical(value: JsonValue) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def figures(value: JsonValue) -> list[float]:
    """Every number in the value, in order."""
    match value:
        case bool():
            return []
        case int() | float():
            return [float(value)]
        case list():
            return [number for item in value for number in figures(item)]
        case dict():
            return [number for key in sorted(value) for number in figures(value[key])]
    return []


def strings(value: JsonValue) -> Iterator[str]:
    """Every text in the value."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for item in value.values():
                yield from strings(item)


def label(value: JsonValue) -> str | None:
    """The one class that the value names, in the shapes that classifiers answer in; None for other values."""
    match value:
        case str() if 0 < len(value.split()) <= 3 and len(value) <= 40:
            return value.strip().lower()
        case {"label": str(named)}:
            return named.lower()
        case [{"label": str(), "score": _}, *_]:
            scored = [item for item in value if isinstance(item, dict) and isinstance(item.get("score"), int | float)]
            return str(max(scored, key=lambda item: float(str(item["score"])))["label"]).lower() if scored else None
        case dict() if value and all(isinstance(share, int | float) for share in value.values()):
            shares = {name: float(str(share)) for name, share in value.items()}
            return max(shares, key=lambda name: shares[name]).lower() if 0.5 < sum(shares.values()) < 1.5 else None
    return None
