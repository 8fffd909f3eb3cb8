"""Reads a GLB into flat pieces: node transforms applied, strips and fans opened, missing normals made.

Skins, morph targets and animations are left out: what is read is the model at rest.
"""

from __future__ import annotations

import io
import json
import struct
from base64 import b64decode
from typing import Any

import numpy as np
from model import Floats, Ints, Mesh, Model, Picture, Piece, Viewpoint, unit
from numpy.typing import NDArray
from PIL import Image

TYPES = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
PACKED = {"KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression", "KHR_texture_basisu"}
MOST_TRIANGLES = 1_000_000


class Unreadable(ValueError):
    """The file is no GLB that this Space can work on; the message says why."""


class Document:
    """The JSON of a GLB with access to its binary part."""

    def __init__(self, payload: bytes) -> None:
        if len(payload) < 20 or payload[:4] != b"glTF":
            raise Unreadable("The file is not a GLB: it does not begin with 'glTF'.")
        version, length = struct.unpack("<II", payload[4:12])
        if version != 2 or length > len(payload):
            raise Unreadable("The GLB is cut off or not of version 2.")
        size = struct.unpack("<I", payload[12:16])[0]
        try:
            self.json: dict[str, Any] = json.loads(payload[20 : 20 + size])
        except ValueError as error:
            raise Unreadable("The GLB's description is not valid JSON.") from error
        self.binary = payload[28 + size : length]
        packed = PACKED & set(self.json.get("extensionsRequired", []))
        if packed:
            raise Unreadable(f"The GLB is packed with {', '.join(sorted(packed))}; save it without compression.")

    def items(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json.get(kind, [])
        return found

    def view(self, number: int) -> bytes:
        entry = self.items("bufferViews")[number]
        buffer = self.items("buffers")[entry["buffer"]]
        data = self.binary if "uri" not in buffer else inline(buffer["uri"])
        start = entry.get("byteOffset", 0)
        return data[start : start + entry["byteLength"]]

    def values(self, number: int) -> NDArray[Any]:
        """An accessor as rows of floats, or of integers as they are for indices."""
        entry = self.items("accessors")[number]
        kind, width, count = np.dtype(TYPES[entry["componentType"]]), WIDTHS[entry["type"]], entry["count"]
        rows: NDArray[Any] = np.zeros((count, width), dtype=kind)
        if "bufferView" in entry:
            stride = self.items("bufferViews")[entry["bufferView"]].get("byteStride") or kind.itemsize * width
            data = self.view(entry["bufferView"])[entry.get("byteOffset", 0) :]
            if len(data) < stride * (count - 1) + kind.itemsize * width:
                raise Unreadable("The GLB is damaged: a list of values leaves its buffer.")
            rows = np.ndarray((count, width), kind, data, strides=(stride, kind.itemsize)).copy()
        if "sparse" in entry:
            sparse = entry["sparse"]
            where = np.frombuffer(
                self.view(sparse["indices"]["bufferView"])[sparse["indices"].get("byteOffset", 0) :],
                TYPES[sparse["indices"]["componentType"]],
                sparse["count"],
            )
            new = np.frombuffer(
                self.view(sparse["values"]["bufferView"])[sparse["values"].get("byteOffset", 0) :],
                kind,
                sparse["count"] * width,
            )
            rows[where] = new.reshape(-1, width)
        if entry.get("normalized") and kind.kind in "iu":
            return np.asarray(np.maximum(rows / float(2 ** (8 * kind.itemsize - (kind.kind == "i")) - 1), -1.0))
        return rows


def inline(uri: str) -> bytes:
    if not uri.startswith("data:"):
        raise Unreadable("The GLB points to other files; everything must be inside it.")
    return b64decode(uri.split(",", 1)[1])


def matrix_of(node: dict[str, Any]) -> Floats:
    if "matrix" in node:
        return np.array(node["matrix"], dtype=float).reshape(4, 4).T
    x, y, z, w = node.get("rotation", [0, 0, 0, 1])
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", [1, 1, 1]))
    matrix[:3, 3] = node.get("translation", [0, 0, 0])
    return matrix


def triangles_of(indices: Ints, mode: int) -> Ints | None:
    """Triples of vertices; None for points and lines."""
    if mode == 4:
        return indices[: len(indices) // 3 * 3].reshape(-1, 3)
    if mode == 5:
        strip = np.stack([indices[:-2], indices[1:-1], indices[2:]], axis=1)
        strip[1::2] = strip[1::2, [1, 0, 2]]
        return strip
    if mode == 6:
        return np.stack([np.full(len(indices) - 2, indices[0]), indices[1:-1], indices[2:]], axis=1)
    return None


def mesh_of(document: Document, primitive: dict[str, Any], matrix: Floats) -> Mesh | None:
    attributes = primitive["attributes"]
    if "POSITION" not in attributes:
        return None
    local = document.values(attributes["POSITION"]).astype(np.float64)
    count = len(local)
    indices = np.arange(count)
    if "indices" in primitive:
        indices = document.values(primitive["indices"])[:, 0].astype(np.int64)
    faces = triangles_of(indices, primitive.get("mode", 4))
    if faces is None or not len(faces):
        return None
    if not np.isfinite(local).all() or faces.max() >= count:
        raise Unreadable("The GLB is damaged: positions that are no numbers, or indices beyond the vertices.")
    positions = local @ matrix[:3, :3].T + matrix[:3, 3]
    if np.linalg.det(matrix[:3, :3]) < 0:
        faces = faces[:, ::-1]
    normals = smooth_normals(positions, faces)
    if "NORMAL" in attributes:
        given = document.values(attributes["NORMAL"]).astype(np.float64)
        turned = unit(given @ np.linalg.pinv(matrix[:3, :3]))
        normals = np.where(np.linalg.norm(turned, axis=1, keepdims=True) > 0.5, turned, normals)
    uvs = document.values(attributes["TEXCOORD_0"]).astype(np.float64) if "TEXCOORD_0" in attributes else None
    colours = None
    if "COLOR_0" in attributes:
        colours = np.ones((count, 4))
        given = document.values(attributes["COLOR_0"])
        colours[:, : given.shape[1]] = given
    return Mesh(positions, normals, uvs, colours, faces)


def smooth_normals(positions: Floats, faces: Ints) -> Floats:
    corners = positions[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros_like(positions)
    for corner in range(3):
        np.add.at(total, faces[:, corner], cross)
    normals = unit(total)
    return np.where(np.linalg.norm(normals, axis=1, keepdims=True) > 0.5, normals, [[0.0, 1.0, 0.0]])


def named(value: Any, names: list[str]) -> Any:
    """Texture numbers of a material turned into texture names."""
    if isinstance(value, dict):
        return {
            key: names[item] if key == "index" and isinstance(item, int) else named(item, names)
            for key, item in value.items()
        }
    return value


def picture(document: Document, entry: dict[str, Any]) -> Picture:
    data = document.view(entry["bufferView"]) if "bufferView" in entry else inline(entry.get("uri", ""))
    if data[:3] == b"\xff\xd8\xff":
        return Picture(data, "image/jpeg")
    if data[:4] == b"\x89PNG":
        return Picture(data, "image/png")
    stream = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGBA").save(stream, "PNG")
    return Picture(stream.getvalue(), "image/png")


def read(payload: bytes) -> Model:
    """Raises `Unreadable` with one clear line when the file cannot be used."""
    try:
        return _read(Document(payload))
    except (KeyError, IndexError, TypeError, struct.error, OSError) as error:
        raise Unreadable(f"The GLB is damaged: {type(error).__name__} while reading it.") from error


def _read(document: Document) -> Model:
    images = {f"image_{n}": picture(document, entry) for n, entry in enumerate(document.items("images"))}
    samplers, textures = document.items("samplers"), {}
    for n, entry in enumerate(document.items("textures")):
        source = entry.get("source", entry.get("extensions", {}).get("EXT_texture_webp", {}).get("source"))
        if source is not None:
            textures[f"texture_{n}"] = (f"image_{source}", samplers[entry["sampler"]] if "sampler" in entry else {})
    names = [f"texture_{n}" for n in range(len(document.items("textures")))]
    materials = {"default": {"pbrMetallicRoughness": {"metallicFactor": 0.0}}}
    material_names = []
    for entry in document.items("materials"):
        label = entry.get("name", "material")
        while label in materials:
            label += "_"
        materials[label] = named({key: item for key, item in entry.items() if key != "name"}, names)
        material_names.append(label)
    pieces: list[Piece] = []
    viewpoints: list[Viewpoint] = []
    nodes, scenes = document.items("nodes"), document.items("scenes")
    scene = scenes[document.json.get("scene", 0)] if scenes else {"nodes": range(len(nodes))}
    waiting = [(number, np.eye(4)) for number in reversed(scene.get("nodes", []))]
    visited = 0
    while waiting:
        number, above = waiting.pop()
        visited += 1
        if visited > 20_000:
            raise Unreadable("The GLB has too many nodes, or they form a loop.")
        node = nodes[number]
        matrix = above @ matrix_of(node)
        waiting += [(child, matrix) for child in reversed(node.get("children", []))]
        if "camera" in node:
            camera = document.items("cameras")[node["camera"]]
            viewpoints.append(Viewpoint(node.get("name", "camera"), matrix, camera))
        if "mesh" not in node:
            continue
        entry = document.items("meshes")[node["mesh"]]
        for primitive in entry["primitives"]:
            mesh = mesh_of(document, primitive, matrix)
            if mesh is not None:
                material = material_names[primitive["material"]] if "material" in primitive else "default"
                pieces.append(Piece(node.get("name") or entry.get("name", "part"), material, mesh))
        if sum(piece.mesh.triangles for piece in pieces) > MOST_TRIANGLES:
            raise Unreadable(f"The model has more than {MOST_TRIANGLES:,} triangles.")
    if not pieces:
        raise Unreadable("The GLB has no triangles.")
    extras = scene.get("extras") or document.json.get("asset", {}).get("extras") or {}
    return Model(pieces, materials, textures, images, viewpoints, extras if isinstance(extras, dict) else {})
