"""Sound glTF files made by code, which together use most of what the format has: the ground for mutations."""

import base64
import json
import struct
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

Array = np.ndarray[Any, Any]

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], "<f4")
FACES = np.array(
    [
        *([0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]),
        *([2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]),
    ],
    "<u2",
)
_CODES = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class Builder:
    """A document that grows together with its bytes."""

    def __init__(self) -> None:
        self.binary = b""
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "benchmark"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [],
            "meshes": [],
            "accessors": [],
            "bufferViews": [],
        }

    def view(self, data: bytes, **more: Any) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.document["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data), **more}
        )
        self.binary += data
        return len(self.document["bufferViews"]) - 1

    def accessor(self, values: Array, bounds: bool = False, target: int | None = None, **more: Any) -> int:
        rows = values.reshape(len(values), -1)
        view = self.view(values.tobytes(), **({"target": target} if target else {}))
        entry = {
            "bufferView": view,
            "componentType": _CODES[values.dtype.str[1:]],
            "count": len(rows),
            "type": _TYPES[rows.shape[1]],
            **more,
        }
        if bounds:
            entry |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        self.document["accessors"].append(entry)
        return len(self.document["accessors"]) - 1

    def add(self, table: str, entry: dict[str, Any]) -> int:
        self.document.setdefault(table, []).append(entry)
        return len(self.document[table]) - 1

    def glb(self) -> bytes:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.document["buffers"] = [{"byteLength": len(self.binary)}]
        return packed(self.document, self.binary)

    def gltf(self) -> bytes:
        """The same as text, with the bytes inside."""
        address = "data:application/octet-stream;base64," + base64.b64encode(self.binary).decode()
        self.document["buffers"] = [{"byteLength": len(self.binary), "uri": address}]
        return json.dumps(self.document).encode()


def packed(document: Any, binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def unpacked(data: bytes) -> tuple[Any, bytes]:
    size = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def _picture(format: str) -> bytes:
    target = BytesIO()
    Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3)).save(target, format)
    return target.getvalue()


def _cube(builder: Builder, **more: int) -> dict[str, Any]:
    positions = builder.accessor(CUBE, bounds=True, target=34962)
    return {
        "attributes": {"POSITION": positions, **more},
        "indices": builder.accessor(FACES.reshape(-1), target=34963),
    }


def textured() -> Builder:
    builder = Builder()
    normals = (CUBE - 0.5) / np.linalg.norm(CUBE - 0.5, axis=1, keepdims=True)
    part = _cube(
        builder,
        NORMAL=builder.accessor(normals.astype("<f4")),
        TANGENT=builder.accessor(np.tile(np.array([1, 0, 0, 1], "<f4"), (8, 1))),
        TEXCOORD_0=builder.accessor(CUBE[:, :2].copy()),
        TEXCOORD_1=builder.accessor((CUBE[:, 1:] * 65535).astype("<u2"), normalized=True),
        COLOR_0=builder.accessor(np.hstack([CUBE, np.ones((8, 1), "<f4")]).astype("<f4")),
    )
    for format in ("PNG", "JPEG"):
        view = builder.view(_picture(format))
        builder.add("images", {"bufferView": view, "mimeType": f"image/{format.lower()}"})
    builder.add("samplers", {"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 10497})
    builder.add("textures", {"sampler": 0, "source": 0})
    builder.add("textures", {"source": 1})
    surface = {
        "baseColorFactor": [1, 0.5, 0.5, 1],
        "baseColorTexture": {
            "index": 0,
            "extensions": {
                "KHR_texture_transform": {"offset": [0, 0], "scale": [2, 2], "rotation": 0.5, "texCoord": 1}
            },
        },
        "metallicFactor": 0.5,
        "roughnessFactor": 1,
        "metallicRoughnessTexture": {"index": 1, "texCoord": 1},
    }
    extensions = {
        "KHR_materials_clearcoat": {"clearcoatFactor": 0.5, "clearcoatNormalTexture": {"index": 1, "scale": 1}},
        "KHR_materials_ior": {"ior": 1.4},
        "KHR_materials_sheen": {"sheenColorFactor": [0.1, 0.2, 0.3], "sheenRoughnessTexture": {"index": 0}},
        "KHR_materials_transmission": {"transmissionFactor": 0.2},
        "KHR_materials_volume": {"thicknessFactor": 1, "attenuationDistance": 2, "attenuationColor": [1, 1, 0.5]},
        "KHR_materials_iridescence": {"iridescenceFactor": 1, "iridescenceIor": 1.3},
        "KHR_materials_anisotropy": {"anisotropyStrength": 0.5, "anisotropyTexture": {"index": 1}},
        "KHR_materials_specular": {"specularFactor": 0.5, "specularColorFactor": [1, 1, 2]},
        "KHR_materials_emissive_strength": {"emissiveStrength": 3},
        "KHR_materials_dispersion": {"dispersion": 0.1},
    }
    material = {
        "name": "painted",
        "pbrMetallicRoughness": surface,
        "normalTexture": {"index": 1, "scale": 0.8},
        "occlusionTexture": {"index": 1, "strength": 0.5},
        "emissiveTexture": {"index": 0},
        "emissiveFactor": [1, 1, 1],
        "alphaMode": "MASK",
        "alphaCutoff": 0.5,
        "doubleSided": True,
        "extensions": extensions,
    }
    part["material"] = builder.add("materials", material)
    builder.add("materials", {"extensions": {"KHR_materials_unlit": {}}})
    part["extensions"] = {"KHR_materials_variants": {"mappings": [{"variants": [0], "material": 1}]}}
    lights = [
        {"type": "spot", "color": [1, 1, 1], "intensity": 2, "range": 9, "spot": {"outerConeAngle": 0.6}},
        {"type": "point"},
    ]
    builder.document["extensions"] = {
        "KHR_lights_punctual": {"lights": lights},
        "KHR_materials_variants": {"variants": [{"name": "plain"}]},
    }
    builder.document["extensionsUsed"] = [
        *("KHR_texture_transform", "KHR_lights_punctual", "KHR_materials_unlit", "KHR_materials_variants"),
        *extensions,
    ]
    builder.add("meshes", {"name": "cube", "primitives": [part]})
    builder.add(
        "cameras", {"type": "perspective", "perspective": {"yfov": 1, "znear": 0.1, "zfar": 10, "aspectRatio": 2}}
    )
    orthographic = {"xmag": 1, "ymag": 1, "znear": 0, "zfar": 10}
    builder.add("cameras", {"type": "orthographic", "orthographic": orthographic})
    builder.document["nodes"] = [
        {"children": [1, 2, 3], "name": "root", "scale": [1, 2, 3]},
        {"mesh": 0, "translation": [1, 2, 3], "rotation": [0, 0, 0, 1]},
        {"camera": 0, "matrix": [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1]},
        {"camera": 1, "extensions": {"KHR_lights_punctual": {"light": 0}}, "children": [4]},
        {"extensions": {"KHR_lights_punctual": {"light": 1}}, "extras": {"note": "far"}},
    ]
    return builder


def moving() -> Builder:
    """Skin, morph targets, sparse accessors and animations of every kind."""
    builder = Builder()
    shifted = builder.accessor(CUBE * np.float32(0.5), bounds=True)
    places = builder.view(np.array([1, 3, 6], "<u2").tobytes())
    values = builder.view(np.ones((3, 3), "<f4").tobytes())
    sparse = {
        "count": 3,
        "indices": {"bufferView": places, "componentType": 5123},
        "values": {"bufferView": values},
    }
    builder.document["accessors"].append(
        {"componentType": 5126, "count": 8, "type": "VEC3", "sparse": sparse, "min": [0, 0, 0], "max": [1, 1, 1]}
    )
    weights = np.tile(np.array([0.25, 0.75, 0, 0], "<f4"), (8, 1))
    part = _cube(
        builder,
        JOINTS_0=builder.accessor(np.tile(np.array([0, 1, 0, 0], "<u1"), (8, 1))),
        WEIGHTS_0=builder.accessor(weights),
    )
    part["targets"] = [{"POSITION": shifted}, {"POSITION": 1}]
    builder.add("meshes", {"primitives": [part], "weights": [0.5, 0]})
    matrices = builder.accessor(np.tile(np.eye(4, dtype="<f4"), (2, 1, 1)))
    builder.add("skins", {"joints": [2, 3], "inverseBindMatrices": matrices, "skeleton": 1})
    builder.document["nodes"] = [
        {"mesh": 0, "skin": 0, "weights": [0, 1]},
        {"children": [2]},
        {"children": [3], "translation": [0, 1, 0]},
        {"rotation": [0, 0.6, 0, 0.8]},
    ]
    builder.document["scenes"] = [{"nodes": [0, 1]}]
    times = builder.accessor(np.array([0, 0.5, 2], "<f4"), bounds=True)
    turns = np.array([[0, 0, 0, 1], [0, 0.6, 0, 0.8], [0, 1, 0, 0]], "<f4")
    spline = np.zeros((9, 3), "<f4")
    samplers = [
        {"input": times, "output": builder.accessor(turns)},
        {"input": times, "output": builder.accessor(spline), "interpolation": "CUBICSPLINE"},
        {"input": times, "output": builder.accessor(np.zeros(6, "<f4")), "interpolation": "STEP"},
        {"input": times, "output": builder.accessor((turns * 127).astype("i1"), normalized=True)},
    ]
    channels = [
        {"sampler": 0, "target": {"node": 3, "path": "rotation"}},
        {"sampler": 1, "target": {"node": 2, "path": "translation"}},
        {"sampler": 2, "target": {"node": 0, "path": "weights"}},
        {"sampler": 3, "target": {"node": 2, "path": "rotation"}},
    ]
    builder.add("animations", {"name": "wave", "samplers": samplers, "channels": channels})
    return builder


def packed_close() -> Builder:
    """Interleaved and quantized vertices, several meshes, strips and points, two scenes."""
    builder = Builder()
    rows = np.zeros(8, np.dtype([("place", "<i2", 4), ("normal", "i1", 4), ("uv", "<u2", 2)]))
    rows["place"][:, :3] = CUBE * 1000
    rows["normal"][:, 0] = 127
    rows["uv"] = CUBE[:, :2] * 65535
    view = builder.view(rows.tobytes(), byteStride=rows.itemsize, target=34962)
    shared = {"bufferView": view, "count": 8}
    builder.document["accessors"] = [
        {**shared, "componentType": 5122, "type": "VEC3", "min": [0, 0, 0], "max": [1000, 1000, 1000]},
        {**shared, "byteOffset": 8, "componentType": 5120, "type": "VEC3", "normalized": True},
        {**shared, "byteOffset": 12, "componentType": 5123, "type": "VEC2", "normalized": True},
    ]
    attributes = {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}
    small = builder.accessor(FACES.reshape(-1).astype("u1"), target=34963)
    large = builder.accessor(FACES.reshape(-1).astype("<u4"), target=34963)
    builder.add("meshes", {"primitives": [{"attributes": attributes, "indices": small}]})
    builder.add("meshes", {"primitives": [{"attributes": attributes, "indices": large, "mode": 5}]})
    builder.add("meshes", {"primitives": [{"attributes": {"POSITION": 0}, "mode": 0}]})
    builder.document["nodes"] = [{"mesh": 0}, {"mesh": 1, "children": [2]}, {"mesh": 2}]
    builder.document["scenes"] = [{"nodes": [0, 1], "name": "all"}, {"nodes": [0]}]
    builder.document["extensionsUsed"] = builder.document["extensionsRequired"] = ["KHR_mesh_quantization"]
    return builder


def documents() -> dict[str, bytes]:
    """Name to bytes; a name that ends in .gltf is text."""
    return {
        "textured.glb": textured().glb(),
        "moving.glb": moving().glb(),
        "packed_close.glb": packed_close().glb(),
        "textured.gltf": textured().gltf(),
        "moving.gltf": moving().gltf(),
    }
