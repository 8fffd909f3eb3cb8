"""From a plan to GLB bytes: plain 256-pixel textures, materials, the visitor's camera."""

from __future__ import annotations

import io
from typing import Any

import glb
import numpy as np
import sketch
from PIL import Image
from sketch import Plan

SIZE = 256


def texture(colour: tuple[float, float, float], grain: float, chance: np.random.Generator) -> bytes:
    """A colour with soft mottling that tiles."""
    coarse = chance.normal(0, 1, (SIZE // 8, SIZE // 8))
    wrapped = Image.fromarray(np.pad(coarse, 1, mode="wrap").astype(np.float32))
    soft = np.asarray(wrapped.resize((SIZE + 16, SIZE + 16), Image.Resampling.BICUBIC))[8:-8, 8:-8]
    shade = 1 + grain * (soft + 0.5 * chance.normal(0, 1, (SIZE, SIZE)))
    pixels = np.clip(np.array(colour) * shade[..., None] * 255, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=88)
    return stream.getvalue()


def material(image: str | None, rough: float, **more: Any) -> dict[str, Any]:
    surface: dict[str, Any] = {"roughnessFactor": rough, "metallicFactor": 0.0}
    return {"pbrMetallicRoughness": surface | ({"baseColorTexture": {"index": image}} if image else {}), **more}


def to_glb(room: Plan, detail: int) -> bytes:
    chance = np.random.default_rng(room.seed)
    tones = {
        "wall": room.wall,
        "floor": (0.62, 0.56, 0.48),
        "ceiling": (0.92, 0.91, 0.88),
        "trim": (0.90, 0.88, 0.84),
        "wood": (0.42, 0.28, 0.17),
        "linen": (0.86, 0.83, 0.76),
    }
    images = {name: texture(colour, 0.02, chance) for name, colour in tones.items()}
    rough = {"floor": 0.5, "wood": 0.5}
    materials = {name: material(name, rough.get(name, 0.9)) for name in tones}
    sky = [1.0, 0.98 - 0.14 * room.warm, 0.98 - 0.40 * room.warm]
    materials["glass"] = material(None, 0.3, emissiveFactor=sky)
    made = sketch.within_budget(room, detail)
    pieces = [
        glb.Piece(name, mesh, kind, None if kind == "glass" else light)
        for (name, kind, mesh), light in zip(made, sketch.shaded(room, made), strict=True)
    ]
    used = {name: item for name, item in materials.items() if any(piece.material == name for piece in pieces)}
    back = float(room.outline[:, 2].max()) - 1.0
    visitor = glb.Viewpoint("visitor", (0.0, 1.6, back), 1.1)
    return glb.write(
        pieces,
        used,
        {name: image for name, image in images.items() if name in used},
        visitor,
        {"interior": True, "seed": room.seed},
    )


def make(prompt: str, shape: str, windows: str, detail: int, seed: int) -> bytes:
    return to_glb(sketch.plan(prompt, shape, windows, seed), detail)
