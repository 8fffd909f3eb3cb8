"""Files as broken Spaces give them, and sound ones beside them: every byte made here, small, and the same each time."""

import json
import pickle
import struct
import wave
import zipfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

RATE = 16_000
"""Samples a second of every sound."""


# Pictures ---------------------------------------------------------------------------------------------------------


def picture(side: int = 512, format: str = "PNG") -> bytes:
    """A gradient with something to see."""
    rows, columns = np.mgrid[0:side, 0:side]
    pixels = np.stack([rows * 255 // side, columns * 255 // side, (rows + columns) % 256], axis=2)
    return _saved(pixels.astype(np.uint8), format)


def flat(side: int = 512, *colour: int) -> bytes:
    """One colour everywhere: of three numbers, or of four with transparency."""
    return _saved(np.full((side, side, len(colour)), colour, np.uint8))


def cut_out(side: int = 512) -> bytes:
    """A disc on nothing, as a Space that removes backgrounds gives it."""
    rows, columns = np.mgrid[0:side, 0:side] / side - 0.5
    inside = (rows**2 + columns**2 < 0.06)[..., None]
    return _saved(np.where(inside, (200, 90, 40, 255), (0, 0, 0, 0)).astype(np.uint8))


def depth_map(side: int = 256) -> bytes:
    """A grey picture of 16 bits."""
    rows, columns = np.mgrid[0:side, 0:side]
    return _saved((rows * columns).astype(np.uint16))


def _saved(pixels: np.ndarray, format: str = "PNG") -> bytes:
    target = BytesIO()
    Image.fromarray(pixels).save(target, format)
    return target.getvalue()


# Models -----------------------------------------------------------------------------------------------------------


def grid(cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and faces of a hilly field of `cells` times `cells` squares, two triangles each."""
    rows, columns = np.mgrid[0 : cells + 1, 0 : cells + 1] / cells
    height = 0.1 * np.sin(9 * rows) * np.cos(7 * columns)
    points = np.stack([columns, height, rows], axis=-1).reshape(-1, 3).astype("<f4")
    corner = (np.arange(cells)[:, None] * (cells + 1) + np.arange(cells)).reshape(-1)
    below = corner + cells + 1
    faces = np.concatenate([np.stack([corner, below, corner + 1], 1), np.stack([corner + 1, below, below + 1], 1)])
    return points, faces.astype("<u2")


def model(cells: int = 4, change: Callable[[dict[str, Any], np.ndarray, np.ndarray], None] | None = None) -> bytes:
    """A GLB of that field; `change` may break the document, its points and its faces before they are packed."""
    points, faces = grid(cells)
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": points.nbytes + faces.nbytes}],
        "bufferViews": [
            {"buffer": 0, "byteLength": points.nbytes},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": faces.nbytes},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3"}
            | {"min": points.min(0).tolist(), "max": points.max(0).tolist()},
            {"bufferView": 1, "componentType": 5123, "count": faces.size, "type": "SCALAR"},
        ],
    }
    if change is not None:
        change(document, points, faces)
    return _packed(document, points.tobytes() + faces.tobytes())


def beyond_its_points(document: dict[str, Any], points: np.ndarray, faces: np.ndarray) -> None:
    faces[0, 0] = len(points) + 1000


def buffer_elsewhere(document: dict[str, Any], points: np.ndarray, faces: np.ndarray) -> None:
    document["buffers"][0]["uri"] = "https://example.com/model.bin"


def no_mesh(document: dict[str, Any], points: np.ndarray, faces: np.ndarray) -> None:
    for key in ("meshes", "buffers", "bufferViews", "accessors"):
        del document[key]
    document["nodes"] = [{"name": "nothing"}]


def nowhere(document: dict[str, Any], points: np.ndarray, faces: np.ndarray) -> None:
    points[3] = np.nan


def _packed(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if "buffers" in document:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


# Sound and film ---------------------------------------------------------------------------------------------------


def tone(seconds: float, loudness: float) -> np.ndarray:
    """Two notes that swell; a loudness above 1 goes beyond what a file can hold."""
    time = np.arange(int(seconds * RATE)) / RATE
    wave = (np.sin(2 * np.pi * 220 * time) + 0.5 * np.sin(2 * np.pi * 331 * time)) / 1.5
    return wave * (0.6 + 0.4 * np.sin(2 * np.pi * time)) * loudness


def sound(samples: np.ndarray) -> bytes:
    """A WAV; what is too loud is cut off, as an app does that forgets to scale."""
    target = BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return target.getvalue()


def broken_off(seconds: float, kept: float) -> bytes:
    """A WAV that claims `seconds` and holds `kept`."""
    return sound(tone(seconds, 0.5))[: 44 + int(kept * RATE) * 2]


def film(frames: Sequence[np.ndarray], rate: int = 10) -> bytes:
    """An MP4 of these pictures."""
    import av

    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(rate))
        stream.height, stream.width, stream.pix_fmt = *frames[0].shape[:2], "yuv420p"
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return target.getvalue()


def moving(count: int = 20) -> list[np.ndarray]:
    """A bright bar that goes from left to right."""
    pictures = [np.full((96, 160, 3), 20, np.uint8) for _ in range(count)]
    for number, shown in enumerate(pictures):
        shown[:, number * 6 : number * 6 + 24] = (230, 180, 60)
    return pictures


# Everything else --------------------------------------------------------------------------------------------------


def zipped(**entries: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(f"{name}.txt", content)
    return target.getvalue()


def pickled() -> bytes:
    """Harmless: it holds a list. That it is a pickle is enough."""
    return pickle.dumps(["weights", 1.0, 2.0])
