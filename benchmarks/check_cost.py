"""What a check costs: the median time of one examination through the laboratory, kind by kind.

    python -m benchmarks.check_cost [--rounds 15]

A glTF of 150,000 triangles with three textures of 2048 pixels (aim: at most 150 ms), and pictures, sound, text and
tables of a few MB (aim: at most 10 ms). Files are made by code. The process is warm; its start is measured apart.
Times are those of a machine that may have other work: compare them with each other.
"""

import argparse
import asyncio
import json
import tempfile
import time
import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.gltf_documents import Builder
from core.nouns import Kind
from tools.checks.laboratory import Laboratory

TEXTURE = 2048
SIDE = 275
"""Squares along each side of the surface: 2 x 275 x 275 triangles are about 150,000."""


def surface_file(format: str) -> bytes:
    """A hilly square with normals, texture coordinates and three textures."""
    builder = Builder()
    across, along = (grid.reshape(-1) for grid in np.meshgrid(np.linspace(0, 1, SIDE + 1), np.linspace(0, 1, SIDE + 1)))
    height = 0.1 * np.sin(9 * across) * np.cos(7 * along)
    places = np.stack([across, height, along], axis=1).astype("<f4")
    normals = np.stack([-0.9 * np.cos(9 * across), np.ones_like(across), 0.7 * np.sin(7 * along)], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    corner = (np.arange(SIDE)[:, None] * (SIDE + 1) + np.arange(SIDE)).reshape(-1)
    ends = corner + SIDE + 1
    faces = np.stack([corner, ends, corner + 1, corner + 1, ends, ends + 1], axis=1).astype("<u4")
    attributes = {
        "POSITION": builder.accessor(places, bounds=True, target=34962),
        "NORMAL": builder.accessor(normals.astype("<f4"), target=34962),
        "TEXCOORD_0": builder.accessor(np.stack([across, along], axis=1).astype("<f4"), target=34962),
    }
    indices = builder.accessor(faces.reshape(-1), target=34963)
    for number in range(3):
        view = builder.view(painting(TEXTURE, TEXTURE, format, number))
        builder.add("images", {"bufferView": view, "mimeType": f"image/{format.lower()}"})
        builder.add("textures", {"source": number})
    material = {
        "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicRoughnessTexture": {"index": 1}},
        "normalTexture": {"index": 2},
    }
    builder.add("materials", material)
    builder.add("meshes", {"primitives": [{"attributes": attributes, "indices": indices, "material": 0}]})
    builder.add("nodes", {"mesh": 0})
    return builder.glb()


def painting(width: int, height: int, format: str, seed: int = 0) -> bytes:
    """Smooth shapes with a little noise: it packs about as well as a photograph."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width] / 200
    colours = np.stack([np.sin(rows + columns), np.cos(rows * 1.3), np.sin(columns * 0.7 - rows)], axis=2)
    noisy = 127 + 100 * colours + chance.normal(0, 6, (height, width, 1))
    target = BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(target, format)
    return target.getvalue()


def sound(seconds: int) -> bytes:
    target = BytesIO()
    moments = np.arange(seconds * 44100) / 44100
    wave_form = 0.4 * np.sin(2 * np.pi * 220 * moments) * (1 + 0.3 * np.sin(3 * moments))
    with wave.open(target, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes((np.repeat(wave_form, 2) * 32767).astype("<i2").tobytes())
    return target.getvalue()


def files() -> Iterator[tuple[str, Kind, str, bytes]]:
    yield "glb, 150,000 triangles, 3 JPEG of 2048 px", "model3d", ".glb", surface_file("JPEG")
    yield "glb, 150,000 triangles, 3 PNG of 2048 px", "model3d", ".glb", surface_file("PNG")
    yield "image, JPEG 2048 x 1536", "image", ".jpg", painting(2048, 1536, "JPEG")
    yield "image, PNG 1024 x 1024", "image", ".png", painting(1024, 1024, "PNG")
    yield "image, PNG 512 x 512", "image", ".png", painting(512, 512, "PNG")
    yield "audio, WAV 20 s stereo", "audio", ".wav", sound(20)
    words = "The kettle sang on the iron stove while rain drew maps on the window. "
    yield "text, 1 MB", "text", ".txt", (words * 15000).encode()
    yield "text, 4 kB", "text", ".txt", (words * 58).encode()
    rows = [{"id": number, "name": f"row {number}", "value": number / 7} for number in range(20_000)]
    yield "json, 1 MB", "json", ".json", json.dumps(rows).encode()
    table = "\n".join(["id,name,value", *(f"{row['id']},{row['name']},{row['value']}" for row in rows)])
    yield "csv, 0.8 MB", "table", ".csv", table.encode()


async def measured(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Laboratory() as laboratory:
            start = time.perf_counter()
            await laboratory.ready()
            print(f"{'start of the separate process':44} {(time.perf_counter() - start) * 1000:8.1f} ms")
            for name, kind, suffix, data in files():
                path = Path(folder) / f"file{suffix}"
                path.write_bytes(data)
                times, gate = [], ""
                for _ in range(rounds):
                    start = time.perf_counter()
                    examination: Any = await laboratory.examine(path, kind)
                    times.append((time.perf_counter() - start) * 1000)
                    gate = examination.gate.status
                size = len(data) / 1e6
                print(f"{name:44} {median(times):8.1f} ms  (best {min(times):6.1f})  {size:6.2f} MB  {gate}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    asyncio.run(measured(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
