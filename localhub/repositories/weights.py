"""How many parameters a model has, read from the headers of its safetensors files; the weights are not loaded."""

import json
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from localhub.repositories.blobs import Blobs
from localhub.repositories.commit import Files

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
LARGEST_HEADER = 100_000_000
"""Bytes; what the format allows."""


def parameters(blobs: Blobs, files: Files) -> dict[str, Any] | None:
    """The count by data type and in all; None without a file that can be read."""
    counts: dict[str, int] = {}
    for path in weight_files(blobs, files):
        for type, count in counted(blobs.path(files[path])):
            counts[type] = counts.get(type, 0) + count
    return {"parameters": counts, "total": sum(counts.values())} if counts else None


def weight_files(blobs: Blobs, files: Files) -> list[str]:
    """The file that loaders take, or the shards of the index, or else all that lie at the top."""
    if SINGLE in files:
        return [SINGLE]
    if INDEX in files:
        return [shard for shard in shards(index(blobs, files, INDEX)) if shard in files]
    return [path for path in files if path.endswith(".safetensors") and "/" not in path]


def index(blobs: Blobs, files: Files, path: str) -> dict[str, Any]:
    try:
        found = json.loads(blobs.read(files[path]))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def shards(index: dict[str, Any]) -> list[str]:
    weight_map = index.get("weight_map")
    return sorted({str(shard) for shard in weight_map.values()}) if isinstance(weight_map, dict) else []


@lru_cache(maxsize=256)
def counted(path: Path) -> tuple[tuple[str, int], ...]:
    """Parameters by data type. The path of a blob is its hash, so what it holds never changes."""
    counts: dict[str, int] = {}
    for name, tensor in header(path).items():
        if name != "__metadata__":
            try:
                counts[str(tensor["dtype"])] = counts.get(str(tensor["dtype"]), 0) + prod(map(int, tensor["shape"]))
            except (TypeError, KeyError, ValueError):
                return ()
    return tuple(counts.items())


def header(path: Path) -> dict[str, Any]:
    """The JSON at the start of a file; empty when it is none."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(LARGEST_HEADER, path.stat().st_size):
            return {}
        try:
            found = json.loads(file.read(length))
        except (ValueError, RecursionError):
            return {}
    return found if isinstance(found, dict) else {}
