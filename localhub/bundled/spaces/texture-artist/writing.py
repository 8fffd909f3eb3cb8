"""Writes a model as one GLB; materials, textures and images that nothing uses are left out."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from model import Mesh, Model
from numpy.typing import NDArray

FLOAT, UNSIGNED_INT, UNSIGNED_SHORT, UNSIGNED_BYTE = 5126, 5125, 5123, 5121
REPEAT = {"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}


class Chunk:
    """The binary part while it grows, with the views and accessors into it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def view(self, payload: bytes, target: int | None = None) -> int:
        self.data += b"\0" * (-len(self.data) % 4)
        entry = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(payload)}
        self.views.append(entry | ({"target": target} if target else {}))
        self.data += payload
        return len(self.views) - 1

    def accessor(self, values: NDArray[Any], kind: str, component: int, **more: Any) -> int:
        target = 34963 if kind == "SCALAR" else 34962
        self.accessors.append(
            {
                "bufferView": self.view(values.tobytes(), target),
                "componentType": component,
                "count": len(values),
                "type": kind,
                **more,
            }
        )
        return len(self.accessors) - 1

    def attributes(self, mesh: Mesh) -> dict[str, int]:
        places = mesh.positions.astype(np.float32)
        bounds = {"min": places.min(axis=0).tolist(), "max": places.max(axis=0).tolist()}
        found = {
            "POSITION": self.accessor(places, "VEC3", FLOAT, **bounds),
            "NORMAL": self.accessor(mesh.normals.astype(np.float32), "VEC3", FLOAT),
        }
        if mesh.uvs is not None:
            found["TEXCOORD_0"] = self.accessor(mesh.uvs.astype(np.float32), "VEC2", FLOAT)
        if mesh.colours is not None:
            tones = (np.clip(mesh.colours, 0, 1) * 65535).round().astype(np.uint16)
            found["COLOR_0"] = self.accessor(tones, "VEC4", UNSIGNED_SHORT, normalized=True)
        return found

    def indices(self, mesh: Mesh) -> int:
        small = len(mesh.positions) < 65535
        flat = mesh.faces.reshape(-1).astype(np.uint16 if small else np.uint32)
        return self.accessor(flat, "SCALAR", UNSIGNED_SHORT if small else UNSIGNED_INT)


def textures_in(value: Any) -> set[str]:
    if not isinstance(value, dict):
        return set()
    here = {value["index"]} if isinstance(value.get("index"), str) else set()
    return here.union(*(textures_in(item) for item in value.values())) if value else here


def numbered(value: Any, numbers: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {
            key: numbers[item] if key == "index" and isinstance(item, str) else numbered(item, numbers)
            for key, item in value.items()
        }
    return value


def extensions_in(value: Any) -> set[str]:
    if not isinstance(value, dict):
        return set()
    return set(value.get("extensions", {})).union(*(extensions_in(item) for item in value.values())) if value else set()


def write(model: Model) -> bytes:
    chunk = Chunk()
    materials = list(dict.fromkeys(piece.material for piece in model.pieces))
    wanted = set().union(*(textures_in(model.materials[name]) for name in materials))
    textures = [name for name in model.textures if name in wanted]
    images = list(dict.fromkeys(model.textures[name][0] for name in textures))
    numbers = {name: number for number, name in enumerate(textures)}
    meshes: list[dict[str, Any]] = []
    nodes: list[dict[str, Any]] = []
    for piece in model.pieces:
        primitive = {
            "attributes": chunk.attributes(piece.mesh),
            "indices": chunk.indices(piece.mesh),
            "material": materials.index(piece.material),
        }
        nodes.append({"name": piece.name, "mesh": len(meshes)})
        meshes.append({"name": piece.name, "primitives": [primitive]})
    for number, viewpoint in enumerate(model.viewpoints):
        nodes.append({"name": viewpoint.name, "camera": number, "matrix": viewpoint.matrix.T.reshape(-1).tolist()})
    samplers = [model.textures[name][1] or REPEAT for name in textures]
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "procedural textures, numpy"} | _extras(model),
        "scene": 0,
        "scenes": [{"nodes": list(range(len(nodes)))} | _extras(model)],
        "nodes": nodes,
        "meshes": meshes,
        "materials": [numbered(model.materials[name], numbers) | {"name": name} for name in materials],
        "cameras": [viewpoint.camera for viewpoint in model.viewpoints],
        "samplers": samplers,
        "textures": [
            {"source": images.index(model.textures[name][0]), "sampler": number} for number, name in enumerate(textures)
        ],
        "images": [
            {"name": name, "mimeType": model.images[name].mime, "bufferView": chunk.view(model.images[name].payload)}
            for name in images
        ],
        "accessors": chunk.accessors,
        "bufferViews": chunk.views,
    }
    document["extensionsUsed"] = sorted(set().union(*(extensions_in(item) for item in document["materials"])))
    chunk.data += b"\0" * (-len(chunk.data) % 4)
    document["buffers"] = [{"byteLength": len(chunk.data)}]
    return packed({key: item for key, item in document.items() if item != []}, bytes(chunk.data))


def _extras(model: Model) -> dict[str, Any]:
    return {"extras": model.extras} if model.extras else {}


def packed(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
