"""Writes one GLB: meshes with vertex colours and textures together, a camera, extras.

Knows nothing of rooms.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from mesh import Mesh
from numpy.typing import NDArray

FLOAT, UNSIGNED_INT, UNSIGNED_SHORT, UNSIGNED_BYTE = 5126, 5125, 5123, 5121


@dataclass(frozen=True)
class Piece:
    """One node with one mesh. `colours` are linear 0..1 and multiply the material's base colour."""

    name: str
    mesh: Mesh
    material: str
    colours: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Viewpoint:
    """A camera that looks along -Z, as glTF cameras do."""

    name: str
    position: tuple[float, float, float]
    field_of_view: float
    """Upright, in radians."""


class Chunk:
    """The binary part of a GLB while it grows, with the views and accessors into it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def view(self, payload: bytes, target: int | None = None) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        entry: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(payload)}
        if target:
            entry["target"] = target
        self.data += payload
        self.views.append(entry)
        return len(self.views) - 1

    def accessor(self, values: NDArray[Any], kind: str, component: int, bounds: bool = False) -> int:
        entry: dict[str, Any] = {
            "bufferView": self.view(values.tobytes(), 34963 if kind == "SCALAR" else 34962),
            "componentType": component,
            "count": len(values),
            "type": kind,
        }
        if component in (UNSIGNED_SHORT, UNSIGNED_BYTE) and kind != "SCALAR":
            entry["normalized"] = True
        if bounds:
            entry |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.accessors.append(entry)
        return len(self.accessors) - 1


def compact(mesh: Mesh, colours: NDArray[np.float64] | None) -> tuple[Mesh, NDArray[np.float64] | None]:
    """The mesh without vertices that no triangle uses."""
    used = np.unique(mesh.faces)
    place = np.zeros(len(mesh.positions), dtype=np.int64)
    place[used] = np.arange(len(used))
    trimmed = Mesh(mesh.positions[used], mesh.normals[used], mesh.uvs[used], place[mesh.faces])
    return trimmed, None if colours is None else colours[used]


def primitive(chunk: Chunk, piece: Piece, material: int) -> dict[str, Any]:
    mesh, colours = compact(piece.mesh, piece.colours)
    uvs = mesh.uvs * [1.0, -1.0] + [0.0, 1.0]  # glTF counts v downwards
    attributes = {
        "POSITION": chunk.accessor(mesh.positions.astype(np.float32), "VEC3", FLOAT, bounds=True),
        "NORMAL": chunk.accessor(mesh.normals.astype(np.float32), "VEC3", FLOAT),
        "TEXCOORD_0": chunk.accessor(uvs.astype(np.float32), "VEC2", FLOAT),
    }
    if colours is not None:
        opaque = np.concatenate([np.clip(colours, 0, 1), np.ones((len(colours), 1))], axis=1)
        attributes["COLOR_0"] = chunk.accessor((opaque * 65535).round().astype(np.uint16), "VEC4", UNSIGNED_SHORT)
    small = len(mesh.positions) < 65535
    indices = mesh.faces.reshape(-1).astype(np.uint16 if small else np.uint32)
    return {
        "attributes": attributes,
        "material": material,
        "indices": chunk.accessor(indices, "SCALAR", UNSIGNED_SHORT if small else UNSIGNED_INT),
    }


def write(
    pieces: list[Piece],
    materials: dict[str, dict[str, Any]],
    images: dict[str, bytes],
    viewpoint: Viewpoint,
    extras: dict[str, Any],
) -> bytes:
    """The scene as GLB bytes.

    Materials are glTF material objects; where one has a texture it writes `{"index": "<image name>"}`
    and the number is put in here. Images are JPEG or PNG bytes.
    """
    chunk = Chunk()
    used = [name for name in materials if any(piece.material == name for piece in pieces)]
    numbers = {name: number for number, name in enumerate(images)}
    kept = {key: _numbered(materials[key], numbers) | {"name": key} for key in used}
    meshes, nodes = [], []
    for piece in pieces:
        meshes.append({"name": piece.name, "primitives": [primitive(chunk, piece, used.index(piece.material))]})
        nodes.append({"name": piece.name, "mesh": len(meshes) - 1})
    nodes.append({"name": viewpoint.name, "camera": 0, "translation": list(viewpoint.position)})
    lens = {"yfov": viewpoint.field_of_view, "znear": 0.05, "zfar": 500.0}
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "procedural room, numpy", "extras": extras},
        "scene": 0,
        "scenes": [{"name": "room", "nodes": list(range(len(nodes))), "extras": extras}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": list(kept.values()),
        "cameras": [{"name": viewpoint.name, "type": "perspective", "perspective": lens}],
        "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
        "textures": [{"source": number, "sampler": 0} for number in range(len(images))],
        "images": [
            {"name": name, "mimeType": _mime(payload), "bufferView": chunk.view(payload)}
            for name, payload in images.items()
        ],
    }
    document |= {"accessors": chunk.accessors, "bufferViews": chunk.views}
    chunk.data += b"\0" * (-len(chunk.data) % 4)
    document["buffers"] = [{"byteLength": len(chunk.data)}]
    return packed(document, bytes(chunk.data))


def packed(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps({key: value for key, value in document.items() if value != []}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return (
        struct.pack("<4sII", b"glTF", 2, total)
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(binary), b"BIN\0")
        + binary
    )


def _mime(payload: bytes) -> str:
    return "image/png" if payload[:4] == b"\x89PNG" else "image/jpeg"


def _numbered(value: Any, numbers: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {key: numbers[item] if key == "index" else _numbered(item, numbers) for key, item in value.items()}
    return value
