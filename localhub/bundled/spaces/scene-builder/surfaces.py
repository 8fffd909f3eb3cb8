"""Plain 512-pixel textures and the glTF materials that use them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from design import TEXTURE_PIXELS, Colour, Design
from mesh import Floats
from PIL import Image

SIZE = TEXTURE_PIXELS


def noise(chance: np.random.Generator, roughness: float, stretch: tuple[float, float] = (1.0, 1.0)) -> Floats:
    """Cloudy noise that tiles, mean 0 and deviation 1; its spectrum falls with frequency^roughness."""
    y = np.fft.fftfreq(SIZE)[:, None] * SIZE * stretch[1]
    x = np.fft.rfftfreq(SIZE)[None] * SIZE * stretch[0]
    distance = np.hypot(x, y)
    distance[0, 0] = 1.0
    wave = np.exp(2j * np.pi * chance.random(distance.shape)) / distance**roughness
    wave[0, 0] = 0.0
    field = np.fft.irfft2(wave, s=(SIZE, SIZE))
    return np.asarray((field - field.mean()) / field.std())


def tinted(colour: Colour, shade: Floats) -> Floats:
    return np.clip(np.array(colour) ** (1 / 2.2) * 255 * shade[..., None], 0, 255)


def encoded(pixels: Floats) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stream, "JPEG", quality=88)
    return stream.getvalue()


def plaster(colour: Colour, chance: np.random.Generator) -> Floats:
    return tinted(colour, 1 + 0.025 * noise(chance, 1.5) + 0.012 * noise(chance, 0.3))


def stone(colour: Colour, chance: np.random.Generator) -> Floats:
    grain = 1 + 0.03 * noise(chance, 1.3, (1.0, 2.4)) + 0.018 * noise(chance, 0.5)
    return tinted(colour, grain)


def slabs(colour: Colour, chance: np.random.Generator) -> Floats:
    """Four stone slabs with joints; one repeat is two metres."""
    shade = 1 + 0.035 * noise(chance, 1.3) + 0.02 * noise(chance, 0.4)
    half = SIZE // 2
    for i in range(2):
        for j in range(2):
            shade[i * half : (i + 1) * half, j * half : (j + 1) * half] *= chance.uniform(0.94, 1.04)
    for edge in (0, half):
        shade[edge : edge + 2] *= 0.72
        shade[:, edge : edge + 2] *= 0.72
    return tinted(colour, shade)


def wood(colour: Colour, chance: np.random.Generator) -> Floats:
    wave = noise(chance, 1.4, (0.12, 1.0))
    return tinted(colour, 1 + 0.10 * np.sin(wave * 5) + 0.05 * noise(chance, 0.6, (0.05, 1.0)))


def cloth(colour: Colour, chance: np.random.Generator) -> Floats:
    x = np.arange(SIZE)
    weave = 1 + 0.06 * np.sin(x[None] * np.pi / 3) * np.sin(x[:, None] * np.pi / 3)
    return tinted(colour, weave + 0.03 * noise(chance, 1.0))


def outside(design: Design, chance: np.random.Generator) -> Floats:
    """What is seen through a window: sky with soft clouds over far roofs and trees."""
    y = np.linspace(1.0, 0.0, SIZE)[:, None]
    sky = np.array(design.light.sky) ** (1 / 2.2)
    horizon = np.array(design.light.sun) ** (1 / 2.2)
    blend = np.clip((y - 0.25) * 1.6, 0, 1)[..., None]
    picture = (horizon * (1 - blend) + sky * blend * [0.82, 0.9, 1.0]) * np.ones((SIZE, SIZE, 1))
    cloud = np.clip(noise(chance, 1.7, (0.6, 1.5)) * 0.5 + 0.2, 0, 1)[..., None]
    picture = picture * (1 - 0.5 * cloud) + np.array([1.0, 0.99, 0.97]) * 0.5 * cloud * picture.max()
    x = np.arange(SIZE)
    for level, height, shade in ((0.25, 0.05, 0.78), (0.19, 0.06, 0.6), (0.13, 0.05, 0.45)):
        blocks = np.repeat(chance.uniform(-1, 1, 32), SIZE // 32)
        trees = noise(chance, 1.6)[0] * 0.5
        line = level + height * (blocks * 0.4 + trees * 0.5)
        mask = (y < line[x][None])[..., None]
        tone = np.array([0.62, 0.68, 0.66]) * shade + horizon * 0.25
        picture = np.where(mask, tone * picture.mean(axis=(0, 1)) * 1.1, picture)
    return np.asarray(np.clip(picture, 0, 1) * 255)


def material(
    image: str | None, rough: float, metal: float = 0.0, colour: Colour | None = None, **more: Any
) -> dict[str, Any]:
    surface: dict[str, Any] = {"roughnessFactor": rough, "metallicFactor": metal}
    if image:
        surface["baseColorTexture"] = {"index": image}
    if colour:
        surface["baseColorFactor"] = [*colour, 1.0]
    return {"pbrMetallicRoughness": surface, **more}


def palette(design: Design) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    """Materials by name, and the images they name."""
    chance = np.random.default_rng(design.seed + 1)
    timber: Colour = (0.22, 0.12, 0.06) if design.style != "modern" else (0.52, 0.40, 0.28)
    ceiling: Colour = (0.90, 0.86, 0.78) if design.style != "renaissance" else (0.36, 0.22, 0.12)
    cover: Colour = (0.30, 0.05, 0.06) if design.style != "modern" else (0.10, 0.10, 0.11)
    images = {
        "wall": encoded(plaster(design.wall, chance)),
        "stone": encoded(stone(design.stone, chance)),
        "floor": encoded(slabs(design.floor, chance)),
        "ceiling": encoded(plaster(ceiling, chance)),
        "wood": encoded(wood(timber, chance)),
        "cloth": encoded(cloth(cover, chance)),
        "linen": encoded(cloth((0.80, 0.77, 0.70), chance)),
        "outside": encoded(outside(design, chance)),
    }
    glow = design.light.strength
    sun = design.light.sun
    materials = {
        "wall": material("wall", 0.9),
        "stone": material("stone", 0.75),
        "floor": material("floor", 0.55),
        "ceiling": material("ceiling", 0.9),
        "wood": material("wood", 0.45),
        "cloth": material("cloth", 0.95),
        "linen": material("linen", 0.9),
        "carving": material("stone", 0.7, doubleSided=True),
        "metal": material(None, 0.35, 1.0, (0.72, 0.52, 0.26)),
        "frame": material("wood", 0.5, 0.0, (1.0, 0.86, 0.62)),
        "iron": material(None, 0.5, 0.6, (0.09, 0.09, 0.10)),
        "sculpture": material("stone", 0.45, 0.0, (1.0, 0.98, 0.95), doubleSided=True),
        "book_red": material("cloth", 0.8),
        "book_brown": material("wood", 0.8),
        "book_green": material(None, 0.8, 0.0, (0.05, 0.12, 0.08)),
        "flame": material(None, 1.0, 0.0, (1.0, 0.8, 0.5), emissiveFactor=[1.0, 0.72, 0.38]),
        "window_glass": material(
            None,
            0.15,
            0.0,
            (0.02, 0.02, 0.02),
            emissiveFactor=[glow, glow, glow],
            emissiveTexture={"index": "outside"},
            doubleSided=True,
        ),
        "light_pool": {
            "pbrMetallicRoughness": {"baseColorFactor": [*sun, 0.36], "roughnessFactor": 0.9, "metallicFactor": 0.0},
            "emissiveFactor": [value * glow for value in sun],
            "alphaMode": "BLEND",
        },
    }
    return materials, images
