"""Walks a glTF document: its node tree without loops, its meshes in bounds.

Products are counted before anything is multiplied: a small file can draw one mesh a million times.
"""

from typing import Any, NamedTuple

import numpy as np

from tools.checks.finding import Unsound
from tools.checks.gltf.document import Array, Gltf, extensions
from tools.checks.models.geometry import Points, Triangles

DRACO = "KHR_draco_mesh_compression"


class Primitive(NamedTuple):
    triangles: int
    vertices: int
    points: Points | None
    """None when they are compressed."""
    faces: Triangles | None
    attributes: dict[str, Any]
    material: int | None


class Instance(NamedTuple):
    """One drawing of one mesh, or one camera."""

    node: dict[str, Any]
    matrix: Points


def primitives(gltf: Gltf, mesh: dict[str, Any]) -> list[Primitive]:
    """Raises Unsound for indices beyond the vertices, unequal counts and coordinates that are no numbers."""
    entries = mesh.get("primitives")
    if not isinstance(entries, list) or not entries:
        raise Unsound("corrupt", "a mesh without primitives")
    return [_primitive(gltf, entry) for entry in entries]


def _primitive(gltf: Gltf, entry: Any) -> Primitive:
    if not isinstance(entry, dict) or not isinstance(entry.get("attributes"), dict):
        raise Unsound("corrupt", "a primitive without attributes")
    attributes: dict[str, Any] = entry["attributes"]
    packed = DRACO in extensions(entry)
    counts = {gltf.layout(index)[0] for index in attributes.values()}
    if len(counts) > 1:
        raise Unsound("corrupt", f"attributes of one primitive count {sorted(counts)} vertices")
    vertices = counts.pop() if counts else 0
    if "material" in entry:
        gltf.entry("materials", entry["material"])
    points = None if packed or "POSITION" not in attributes else _positions(gltf, attributes["POSITION"])
    if entry.get("mode", 4) not in (4, 5, 6):
        return Primitive(0, vertices, points, None, attributes, entry.get("material"))
    corners = _corners(gltf, entry, vertices, packed)
    count = gltf.layout(entry["indices"])[0] if "indices" in entry else vertices
    triangles = count // 3 if entry.get("mode", 4) == 4 else max(0, count - 2)
    triangles = triangles if "POSITION" in attributes else 0
    faces = None if corners is None else _triangles(corners, entry.get("mode", 4))
    return Primitive(triangles, vertices, points, faces, attributes, entry.get("material"))


def _positions(gltf: Gltf, index: Any) -> Points | None:
    values = gltf.array(index)
    accessor = gltf.entry("accessors", index)
    if values is None:
        return None
    if values.shape[1] != 3:
        raise Unsound("corrupt", f"positions of {values.shape[1]} numbers")
    if values.dtype.kind != "f":
        top = np.iinfo(values.dtype).max if accessor.get("normalized") else 1
        return np.maximum(values.astype(np.float32) / top, -1.0 if top > 1 else -np.inf)
    if not np.isfinite(values).all():
        raise Unsound("nonfinite", "a coordinate is not a number")
    return values


def _corners(gltf: Gltf, entry: dict[str, Any], vertices: int, packed: bool) -> Array | None:
    if "indices" not in entry:
        return np.arange(vertices)
    if packed:
        gltf.layout(entry["indices"])
        return None
    indices = gltf.array(entry["indices"])
    if indices is None:
        return None
    if indices.shape[1] != 1 or indices.dtype.kind != "u":
        raise Unsound("corrupt", "indices must be unsigned integers")
    highest = int(indices.max())
    if highest >= vertices:
        raise Unsound("index_oob", f"index {highest} of {vertices} vertices")
    return indices[:, 0]


def _triangles(corners: Array, mode: int) -> Triangles:
    if mode == 4:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if mode == 5:
        return np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
    return np.stack([np.repeat(corners[:1], max(0, len(corners) - 2)), corners[1:-1], corners[2:]], axis=1)


def instances(gltf: Gltf, parents: dict[int, int]) -> list[Instance]:
    """Every node that the shown scene reaches, with its place in the world. `parents` has no loops."""
    nodes = gltf.table("nodes")
    found, seen = [], 0
    left = [(root, np.eye(4)) for root in _roots(gltf, parents)]
    while left:
        index, above = left.pop()
        seen += 1
        if seen > len(nodes):
            raise Unsound("corrupt", "a node stands twice in a scene")
        matrix = above @ local_matrix(nodes[index])
        found.append(Instance(nodes[index], matrix))
        left.extend((child, matrix) for child in nodes[index].get("children", ()))
    return found


def _roots(gltf: Gltf, parents: dict[int, int]) -> list[int]:
    if not gltf.table("scenes"):
        return [index for index in range(len(gltf.table("nodes"))) if index not in parents]
    roots: list[int] = gltf.entry("scenes", gltf.document.get("scene", 0)).get("nodes", [])
    for root in roots:
        gltf.entry("nodes", root)
    return roots


def local_matrix(node: dict[str, Any]) -> Points:
    """The node's own transformation, acting on columns."""
    try:
        if "matrix" in node:
            matrix = np.array(node["matrix"], np.float64).reshape(4, 4).T
        else:
            matrix = np.eye(4)
            turn = _rotation(np.array(node.get("rotation", (0, 0, 0, 1)), np.float64).reshape(4))
            matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64).reshape(3)
            matrix[:3, 3] = np.array(node.get("translation", (0, 0, 0)), np.float64).reshape(3)
    except (ValueError, TypeError) as error:
        raise Unsound("corrupt", f"the place of a node is no set of numbers: {error}") from error
    if not np.isfinite(matrix).all():
        raise Unsound("nonfinite", "the place of a node is not a number")
    return matrix


def _rotation(quaternion: Points) -> Points:
    length = float(np.linalg.norm(quaternion))
    if not 0.5 < length < 2:
        raise Unsound("corrupt", f"a rotation of length {length:.3g}")
    x, y, z, w = quaternion / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
