"""Reads SOG: splats in a ZIP of WebP pictures with a meta.json that says how to read them."""

import json
import math
import zipfile
from io import BytesIO
from typing import Any

import numpy as np

from tools.checks.finding import Finding, Unsound
from tools.checks.models.splats import splat_finding

_TABLE = "meta.json"
_LONGEST = 1 << 20


def measure_sog(data: bytes) -> Finding | None:
    """None for a ZIP that is something else. The ZIP itself has been found sound before."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        if _TABLE not in names or archive.getinfo(_TABLE).file_size > _LONGEST:
            return None
        try:
            table = json.loads(archive.read(_TABLE))
        except (ValueError, RecursionError):
            return None
        if not isinstance(table, dict) or not isinstance(table.get("means"), dict):
            return None
        _refuse_missing(archive, names, table)
    return splat_finding(_count(table), compressed=True, places=_bounds(table["means"]))


def _refuse_missing(archive: zipfile.ZipFile, names: set[str], table: dict[str, Any]) -> None:
    parts = [part for part in table.values() if isinstance(part, dict)]
    files = [str(name) for part in parts for name in part.get("files", ()) if isinstance(part.get("files"), list)]
    for name in files:
        if name not in names:
            raise Unsound("truncated", f"its picture {name[:80]!r} is missing")
        with archive.open(name) as stream:
            head = stream.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            raise Unsound("corrupt", f"{name[:80]!r} is not a WebP")


def _count(table: dict[str, Any]) -> int:
    count = table.get("count") or (table["means"].get("shape") or [0])[0]
    if not isinstance(count, int) or not 0 <= count < 1 << 31:
        raise Unsound("corrupt", "it does not say how many splats it has")
    return count


def _bounds(means: dict[str, Any]) -> np.ndarray[Any, Any] | None:
    """The box around the middles; the numbers are written as logarithms of one more, with the sign kept."""
    corners = [means.get("mins"), means.get("maxs")]
    if not all(isinstance(corner, list) and len(corner) == 3 for corner in corners):
        return None
    numbers = [value for corner in corners for value in corner or ()]
    if not all(isinstance(value, int | float) and abs(value) < 100 for value in numbers):
        return None
    return np.array([math.copysign(math.expm1(abs(value)), value) for value in numbers]).reshape(2, 3)
