"""Small files made by code: good ones, and ways to break them."""

import json
import struct
import wave
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], "<f4")
CUBE_FACES = np.array(
    [
        *([0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]),
        *([2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]),
    ],
    "<u2",
)


def gltf_document(points: np.ndarray = CUBE, faces: np.ndarray = CUBE_FACES) -> tuple[dict[str, Any], bytes]:
    """One mesh, drawn once."""
    binary = points.tobytes() + faces.tobytes()
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(points),
                "type": "VEC3",
                "min": points.min(axis=0).tolist(),
                "max": points.max(axis=0).tolist(),
            },
            {"bufferView": 1, "componentType": 5123, "count": faces.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": points.nbytes},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": faces.nbytes},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }
    return document, binary


def packed(document: dict[str, Any], binary: bytes = b"") -> bytes:
    """A GLB around a document."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        binary += b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def glb(points: np.ndarray = CUBE, faces: np.ndarray = CUBE_FACES) -> bytes:
    return packed(*gltf_document(points, faces))


def textured_glb(picture: bytes) -> bytes:
    document, binary = gltf_document()
    document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(picture)})
    document["images"] = [{"bufferView": 2, "mimeType": "image/png"}]
    document["textures"] = [{"source": 0}]
    document["buffers"][0]["byteLength"] += len(picture)
    return packed(document, binary + picture)


def picture(width: int = 96, height: int = 80, format: str = "PNG", **options: Any) -> bytes:
    """A gradient with something to see."""
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.stack([rows * 255 // height, columns * 255 // width, (rows + columns) % 256], axis=2).astype(np.uint8)
    return saved(Image.fromarray(pixels), format, **options)


def saved(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG that promises any size."""
    from zlib import crc32

    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", crc32(body)) + b"\0\0\0\0IDAT"


def wav(samples: np.ndarray, rate: int = 8000) -> bytes:
    """16-bit, one channel, from -1 to 1."""
    target = BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return target.getvalue()


def tone(seconds: float = 1.0, rate: int = 8000) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


def looked_at(data: bytes, declared: str | None) -> tuple[str, str]:
    """Status and reason word of the gate."""
    from tools.checks.measure import measure

    report = measure(data, declared)
    return report["status"], report["reason"].partition(":")[0]
