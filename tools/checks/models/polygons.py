"""Measures OBJ, STL, PLY and OFF, read by trimesh from memory: no file is opened beside the one that is looked at.

trimesh gives an empty scene or a cloud of points for junk, so what it returns is measured and not believed.
"""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.models.geometry import shown, surface, up_axis
from tools.checks.models.splats import measure_splat_ply

if TYPE_CHECKING:
    import trimesh

_SIZES = {
    "char": 1,
    "uchar": 1,
    "int8": 1,
    "uint8": 1,
    "short": 2,
    "ushort": 2,
    "int16": 2,
    "uint16": 2,
    "int": 4,
    "uint": 4,
    "int32": 4,
    "uint32": 4,
    "float": 4,
    "float32": 4,
    "double": 8,
    "float64": 8,
}

_NOT_A_NUMBER = re.compile(rb"^v[nt]?\s.*\b(nan|inf|infinity)\b", re.I | re.M)


def measure_polygons(data: bytes, format: str) -> Finding:
    """Facts of an OBJ, STL, PLY or OFF. Raises Unsound; a file without faces is sound and has `faces` 0."""
    if format == "ply":
        elements = ply_elements(data)
        if splat := measure_splat_ply(data, elements):
            return splat
    if format == "off":
        _count_off(data)
    if format == "obj" and (bad := _NOT_A_NUMBER.search(data)):
        raise Unsound("nonfinite", f"a coordinate is {bad[1].decode()}")
    finding = _shape_facts(loaded(data, format))
    finding.facts |= {
        "texture_count": 0,
        "texture_px": 0,
        "min_texture_px": 0,
        "materials": 0,
        "has_uv": False,
    }
    if format == "obj":
        _obj_facts(data, finding)
    return finding


def loaded(data: bytes, format: str) -> "list[trimesh.Trimesh]":
    """The meshes in the file, vertices as they stand there. Raises Unsound."""
    if format == "obj":
        data = _counted_from_the_start(data)
    import trimesh  # takes most of a second, and most files need it not

    try:
        found = trimesh.load_scene(BytesIO(data), file_type=format, process=False, skip_materials=True)
    except Exception as error:  # a foreign parser on foreign bytes; anything means that it cannot be read
        raise Unsound("corrupt", f"{type(error).__name__}: {error}") from error
    return [shape for shape in found.geometry.values() if isinstance(shape, trimesh.Trimesh)]


def _counted_from_the_start(data: bytes) -> bytes:
    """An OBJ may count back from the last vertex so far; trimesh 5.2 counts from the last of the file."""
    if not re.search(rb"^f\s.*-\d", data, re.M):
        return data
    lines, so_far = data.split(b"\n"), {b"v": 0, b"vt": 0, b"vn": 0}
    for place, line in enumerate(lines):
        word = line.split(None, 1)[:1]
        if word and word[0] in so_far:
            so_far[word[0]] += 1
        elif word == [b"f"]:
            lines[place] = b" ".join([b"f", *(_corner(corner, list(so_far.values())) for corner in line.split()[1:])])
    return b"\n".join(lines)


def _corner(corner: bytes, so_far: list[int]) -> bytes:
    """`-4/-4` with the numbers it stands for: place, texture, normal."""
    parts = zip(corner.split(b"/"), so_far, strict=False)
    return b"/".join(b"%d" % (count + 1 + int(part)) if part.startswith(b"-") else part for part, count in parts)


def _shape_facts(shapes: list[Any]) -> Finding:
    shapes = [shape for shape in shapes if len(shape.faces)]
    if not shapes:
        return Finding({"faces": 0, "vertices": 0, "watertight": False, "degenerate": 0.0, "bodies": 0, "valid": True})
    starts = np.cumsum([0, *(len(shape.vertices) for shape in shapes)])
    points = np.concatenate([shape.vertices for shape in shapes])
    faces = np.concatenate([shape.faces + start for shape, start in zip(shapes, starts, strict=False)])
    if len(faces) > CAPS.triangles:
        raise Unsound("bomb", f"{len(faces)} triangles, at most {CAPS.triangles}")
    if faces.min() < 0 or faces.max() >= len(points):
        raise Unsound("index_oob", f"a triangle uses vertex {faces.max()} of {len(points)}")
    if not np.isfinite(points).all():
        raise Unsound("nonfinite", "a coordinate is not a number")
    found = surface(points, faces)
    used = points[np.unique(faces)]
    facts = {
        "faces": len(faces),
        "vertices": len(points),
        "watertight": found.watertight,
        "winding_consistent": found.winding_consistent,
        "degenerate": round(found.degenerate, 4),
        "bodies": found.bodies,
        "extents": shown(used.max(axis=0) - used.min(axis=0)),
        "finite": True,
        "valid": True,
    }
    # These formats do not say which way is up; a missing fact is `unknown`.
    axis = up_axis(points, faces)
    return Finding(facts | ({"up_axis": axis} if axis else {}))


def _obj_facts(data: bytes, finding: Finding) -> None:
    finding.facts["has_uv"] = bool(re.search(rb"^vt\s", data, re.M))
    finding.facts["materials"] = len(set(re.findall(rb"^usemtl\s+(\S+)", data, re.M)))
    if re.search(rb"^mtllib\s", data, re.M):
        finding.warn("external_ref", "its materials are in another file, which is not here")


def _count_off(data: bytes) -> None:
    """Raises Unsound for an OFF that cannot hold what its header promises: one line for each vertex and face."""
    head = re.match(rb"\s*(?:C|N|ST|4|n)*OFF\s+(?:#[^\n]*\s+)*(\d{1,12})\s+(\d{1,12})\b", data)
    if not head:
        raise Unsound("corrupt", "the OFF header does not say how many vertices and faces there are")
    needed, there = int(head[1]) + int(head[2]), data.count(b"\n", head.end()) + 1
    if needed > there:
        raise Unsound("truncated", f"the OFF header promises {needed} lines, there are {there}")


def ply_elements(data: bytes) -> dict[str, tuple[int, list[str]]]:
    """Rows and property names by element, after counting that the body can hold what the header promises.

    Raises Unsound for a header without an end and for a body that is too short.
    """
    head, mark, _ = data[:100_000].partition(b"end_header")
    if not mark:
        raise Unsound("truncated", "the PLY header has no end")
    begin = len(head) + len(mark)
    begin += 2 if data[begin : begin + 2] == b"\r\n" else 1
    elements: dict[str, tuple[int, list[str]]] = {}
    widths: dict[str, int] = {}
    name, layout = "", ""
    for line in head.decode("latin-1").splitlines():
        match line.split():
            case ["format", layout, *_]:
                pass
            case ["element", name, rows] if rows.isdigit():
                elements[name], widths[name] = (int(rows), []), 0
            case ["property", "list", length, _, title] if name and length in _SIZES:
                elements[name][1].append(title)
                widths[name] += _SIZES[length]
            case ["property", kind, title] if name and kind in _SIZES:
                elements[name][1].append(title)
                widths[name] += _SIZES[kind]
            case ["element" | "property", *_]:
                raise Unsound("corrupt", f"the PLY header says {line[:60]!r}")
    if layout == "ascii":
        needed, there = sum(rows for rows, names in elements.values() if names), data.count(b"\n", begin) + 1
    else:
        needed = sum(rows * widths[name] for name, (rows, _) in elements.items())
        there = len(data) - begin
    if needed > there:
        unit = "lines" if layout == "ascii" else "bytes"
        raise Unsound("truncated", f"the PLY header promises {needed} {unit}, there are {there}")
    return elements
