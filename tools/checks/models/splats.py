"""Recognises Gaussian splats by their headers, counts them and finds the box around their middles.

Their looks are not measured. An opacity of plus infinity is legal: real exporters write it for what is fully opaque.
"""

import math
import re
import struct
from typing import Any

import numpy as np

from tools.checks.finding import Finding, Unsound
from tools.checks.models.geometry import shown

_GAUSSIAN = {"x", "y", "z", "opacity", "scale_0", "rot_0", "f_dc_0"}

_CHUNK = 256
"""Splats that share the bounds of one row of a compressed PLY."""

LARGEST = 1e6
"""A coordinate above is not a place in a scene: without a magic number, numbers have to make sense."""

Array = np.ndarray[Any, Any]


def splat_finding(count: int, *, compressed: bool, places: Array | None = None, **more: Any) -> Finding:
    """`places` are n x 3, the middles or corners of boxes around them. Raises Unsound when one is no number."""
    finding = Finding({"splats": count, "faces": 0, "vertices": count, "compressed": compressed, **more})
    if places is not None and len(places):
        if not np.isfinite(places).all():
            raise Unsound("nonfinite", "a splat's place is not a number")
        finding.facts["extents"] = shown(places.max(axis=0) - places.min(axis=0))
    return finding


def measure_splat_ply(data: bytes, elements: dict[str, tuple[int, list[str]]]) -> Finding | None:
    """Facts of a PLY that holds splats; None for a PLY that holds a mesh. Its body has been counted."""
    count, names = elements.get("vertex", (0, []))
    if "chunk" in elements and "packed_position" in names:
        chunks = elements["chunk"][0]
        if chunks != math.ceil(count / _CHUNK):
            raise Unsound("corrupt", f"{chunks} chunks for {count} splats")
        rows = rows_of(data, "chunk")
        bounds = None if rows is None else _columns(rows, "min_x", "min_y", "min_z", "max_x", "max_y", "max_z")
        return splat_finding(count, compressed=True, places=None if bounds is None else bounds.reshape(-1, 3))
    if not set(names) >= _GAUSSIAN:
        return None
    rows = rows_of(data, "vertex")
    if rows is None:
        return splat_finding(count, compressed=False)
    for name in names:
        wrong = np.isnan(rows[name]) if name == "opacity" else ~np.isfinite(rows[name])
        if wrong.any():
            raise Unsound("nonfinite", f"{name} of {int(wrong.sum())} splats is not a number")
    return splat_finding(count, compressed=False, places=_columns(rows, "x", "y", "z"))


def rows_of(data: bytes, element: str) -> Array | None:
    """The rows of one element of a binary PLY by their names; None when lists or text make that impossible."""
    head, mark, _ = data.partition(b"end_header")
    layouts = re.findall(rb"^element\s+(\S+)\s+(\d+)|^property\s+(\S+)\s+(\S+)", head.replace(b"\r", b"\n"), re.M)
    order = ">" if b"binary_big_endian" in head else "<" if b"binary_little_endian" in head else ""
    if not order or not mark:
        return None
    place = len(head) + len(mark) + (2 if data.startswith(b"\r\n", len(head) + len(mark)) else 1)
    tables: list[tuple[str, int, list[tuple[str, str]]]] = []
    for name, count, type, property in layouts:
        if name:
            tables.append((name.decode("ascii", "replace"), int(count), []))
        elif type.decode("ascii", "replace") in _TYPES and tables:
            tables[-1][2].append((property.decode("ascii", "replace"), order + _TYPES[type.decode()]))
        else:
            return None
    for name, count, fields in tables:
        layout = np.dtype(fields)
        if name == element:
            return np.frombuffer(data, layout, count, place)
        place += count * layout.itemsize
    return None


_TYPES = {
    **dict.fromkeys(("char", "int8"), "i1"),
    **dict.fromkeys(("uchar", "uint8"), "u1"),
    **dict.fromkeys(("short", "int16"), "i2"),
    **dict.fromkeys(("ushort", "uint16"), "u2"),
    **dict.fromkeys(("int", "int32"), "i4"),
    **dict.fromkeys(("uint", "uint32"), "u4"),
    **dict.fromkeys(("float", "float32"), "f4"),
    **dict.fromkeys(("double", "float64"), "f8"),
}


def _columns(rows: Array, *names: str) -> Array | None:
    if not set(names) <= set(rows.dtype.names or ()):
        return None
    return np.stack([rows[name].astype(np.float64) for name in names], axis=1)


def measure_raw(data: bytes) -> tuple[str, Finding] | None:
    """`.ksplat` and `.splat` have no magic number and are told by their arithmetic. None when it is neither."""
    if found := _ksplat(data):
        return "ksplat", found
    if len(data) % 32 or not data:
        return None
    rows: Any = np.frombuffer(data, np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("rest", "u1", 8)]))
    numbers = np.concatenate([rows["place"], rows["scale"]], axis=1)
    if not np.isfinite(numbers).all() or (rows["scale"] <= 0).any() or np.abs(numbers).max() > LARGEST:
        return None
    return "splat", splat_finding(len(rows), compressed=False, places=rows["place"].astype(np.float64))


def _ksplat(data: bytes) -> Finding | None:
    """A header of 4096 bytes, 1024 for every section there may be, then 44 bytes a splat, or 24 compressed."""
    if len(data) < 4096 or data[0] != 0 or not 1 <= data[1] < 16:
        return None
    sections, used, room, count = struct.unpack_from("<IIII", data, 4)
    level = struct.unpack_from("<H", data, 20)[0]
    # Some writers leave how much is used, or how much there is room for, at 0.
    if not (1 <= sections <= 4096 and used <= sections and count and (room == 0 or room >= count) and level <= 2):
        return None
    wanted = 4096 + 1024 * sections + (24 if level else 44) * count
    if wanted > len(data):
        raise Unsound("truncated", f"{count} splats take {wanted} bytes, the file has {len(data)}")
    return splat_finding(count, compressed=True)
