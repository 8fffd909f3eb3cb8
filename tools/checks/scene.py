"""Walks a glTF document: its node tree without loops, its meshes in bounds, its textures by their headers.

Products are counted before anything is multiplied: a small file can draw one mesh a million times.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.geometry import Points, Triangles
from tools.checks.gltf import Array, Gltf, data_uri, extensions
from tools.checks.image import header_size
from tools.checks.sniff import sniff

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


def instances(gltf: Gltf) -> list[Instance]:
    """Every node that the shown scene reaches, with its place in the world. Raises Unsound for loops."""
    nodes = gltf.table("nodes")
    if len(nodes) > CAPS.nodes:
        raise Unsound("bomb", f"{len(nodes)} nodes, at most {CAPS.nodes}")
    parents = _parents(gltf, nodes)
    roots = _roots(gltf, nodes, parents)
    found, seen = [], 0
    left = [(root, np.eye(4)) for root in roots]
    while left:
        index, above = left.pop()
        seen += 1
        if seen > len(nodes):
            raise Unsound("corrupt", "the nodes run in a circle, or stand twice in a scene")
        matrix = above @ local_matrix(nodes[index])
        found.append(Instance(nodes[index], matrix))
        left.extend((child, matrix) for child in nodes[index].get("children", ()))
    return found


def _parents(gltf: Gltf, nodes: list[dict[str, Any]]) -> dict[int, int]:
    parents: dict[int, int] = {}
    for index, node in enumerate(nodes):
        children = node.get("children", [])
        if not isinstance(children, list):
            raise Unsound("corrupt", "children is not a list")
        for child in children:
            gltf.entry("nodes", child)
            if child in parents:
                raise Unsound("corrupt", f"node {child} has two parents")
            parents[child] = index
        for key, table in (("mesh", "meshes"), ("camera", "cameras"), ("skin", "skins")):
            if key in node:
                gltf.entry(table, node[key])
    _refuse_loops(parents)
    return parents


def _refuse_loops(parents: dict[int, int]) -> None:
    """With one parent each, a loop is a chain of parents that comes back."""
    safe: set[int] = set()
    for start in parents:
        chain: dict[int, None] = {}
        node: int | None = start
        while node is not None and node not in safe:
            if node in chain:
                raise Unsound("corrupt", f"node {node} is its own ancestor")
            chain[node] = None
            node = parents.get(node)
        safe.update(chain)


def _roots(gltf: Gltf, nodes: list[dict[str, Any]], parents: dict[int, int]) -> list[int]:
    if not gltf.table("scenes"):
        return [index for index in range(len(nodes)) if index not in parents]
    roots = gltf.entry("scenes", gltf.document.get("scene", 0)).get("nodes", [])
    if not isinstance(roots, list):
        raise Unsound("corrupt", "the nodes of a scene are not a list")
    for root in roots:
        gltf.entry("nodes", root)
        if root in parents:
            raise Unsound("corrupt", f"a scene lists node {root}, which has a parent")
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


def image_bytes(gltf: Gltf, image: dict[str, Any]) -> bytes | None:
    if "bufferView" in image:
        return gltf.view(image["bufferView"])
    return data_uri(image.get("uri"))


def textures(gltf: Gltf, finding: Finding) -> Iterator[tuple[int, int]]:
    """Width and height of every picture in the file, from its header alone."""
    total = 0
    for texture in gltf.table("textures"):
        if "source" in texture:
            gltf.entry("images", texture["source"])
    for number, image in enumerate(gltf.table("images")):
        data = image_bytes(gltf, image)
        size = None if data is None else header_size(data)
        if size is None:
            _unmeasured(number, data, finding)
            continue
        total += size[0] * size[1]
        if size[0] * size[1] > CAPS.texture_pixels or total > CAPS.all_texture_pixels:
            raise Unsound("bomb", f"texture {number} is {size[0]} x {size[1]}")
        yield size


def _unmeasured(number: int, data: bytes | None, finding: Finding) -> None:
    if data is not None and not data.startswith(b"\xabKTX 20"):
        raise Unsound("type_mismatch", f"texture {number} is {sniff(data).format}, not a picture that can be read")
    finding.warn("unread", f"texture {number} is compressed in a way nobody here can measure")
