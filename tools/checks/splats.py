"""Recognises Gaussian splats by their headers and counts them. Their looks are not measured."""

import struct
from typing import Any

import numpy as np

from tools.checks.finding import Finding, Unsound

_GAUSSIAN = {"x", "y", "z", "opacity", "scale_0", "rot_0", "f_dc_0"}


def measure_splat_ply(data: bytes, elements: dict[str, tuple[int, list[str]]]) -> Finding | None:
    """Facts of a PLY that holds splats; None for a PLY that holds a mesh. Its body has been counted."""
    count, names = elements.get("vertex", (0, []))
    packed = "chunk" in elements and "packed_position" in names
    if not packed and not set(names) >= _GAUSSIAN:
        return None
    return Finding({"splats": count, "faces": 0, "vertices": count, "compressed": packed})


def measure_spz(data: bytes) -> Finding:
    """SPZ version 4: the streams of its table must fill the file exactly."""
    if len(data) < 32:
        raise Unsound("truncated", f"an SPZ of {len(data)} bytes")
    version, count = struct.unpack_from("<II", data, 4)
    if version < 4:
        raise Unsound("corrupt", f"SPZ version {version} without gzip")
    streams, table = data[15], struct.unpack_from("<I", data, 16)[0]
    if table + 16 * streams > len(data):
        raise Unsound("truncated", "the table of streams is cut")
    sizes = np.frombuffer(data, "<u8", 2 * streams, table)[0::2]
    wanted = table + 16 * streams + sum(int(size) for size in sizes)
    if wanted != len(data):
        raise Unsound("truncated", f"its streams take {wanted} bytes, the file has {len(data)}")
    return Finding({"splats": count, "faces": 0, "vertices": count, "compressed": True})


def measure_raw(data: bytes) -> tuple[str, Finding] | None:
    """`.ksplat` and `.splat` have no magic number and are told by their arithmetic. None when it is neither."""
    if len(data) >= 4096 and data[0] == 0 and data[1] < 16 and (count := struct.unpack_from("<I", data, 16)[0]):
        return "ksplat", Finding({"splats": count, "faces": 0, "vertices": count, "compressed": True})
    if len(data) % 32 or not data:
        return None
    rows: Any = np.frombuffer(data, np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("rest", "u1", 8)]))
    numbers = np.concatenate([rows["place"], rows["scale"]], axis=1)
    if not np.isfinite(numbers).all() or (rows["scale"] <= 0).any() or np.abs(numbers).max() > 1e6:
        return None
    return "splat", Finding({"splats": len(rows), "faces": 0, "vertices": len(rows), "compressed": False})
