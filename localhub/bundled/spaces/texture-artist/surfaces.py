"""Tiling surfaces computed in numpy: marble, parquet, terrazzo, damask, plaster, stone, gilding.

Each is a colour sheet in 0..1 (gamma encoded) with what it needs to shine right. `metres` says how
wide one repeat is.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from model import Picture
from noise import Singles, clouds
from numpy.typing import NDArray
from PIL import Image

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Surface:
    """`rough` is one number or a sheet; `metal` one number."""

    colour: Singles
    rough: float
    metal: float
    metres: float


def sheet(colour: Colour, shade: Singles) -> Singles:
    made: Singles = shade[..., None].astype(np.float32) * np.array(colour, dtype=np.float32)
    return np.clip(made, 0, 1, out=made)


def blend(a: Singles, b: Singles | Colour, mask: Singles) -> Singles:
    mixed: Singles = np.asarray(b, dtype=np.float32) - a
    mixed *= np.clip(mask, 0, 1)[..., None].astype(np.float32)
    mixed += a
    return mixed


def grid(size: int) -> tuple[Singles, Singles]:
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    y, x = np.meshgrid(line, line, indexing="ij")
    return x.astype(np.float32), y.astype(np.float32)


def veins(size: int, chance: np.random.Generator, count: int, thin: float) -> Singles:
    """0..1: crooked lines where bent noise crosses zero."""
    total = np.zeros((size, size), dtype=np.float32)
    for k in range(count):
        line = clouds((size, size), 1.75, chance, (1.0, 1.7))
        weight = np.clip(0.5 + 0.7 * clouds((size // 4, size // 4), 1.8, chance), 0, 1).repeat(4, 0).repeat(4, 1)
        total += np.exp(-np.abs(line) / np.float32(thin * (1 + k * 0.6))) * weight * np.float32(1 / (1 + 0.5 * k))
    return np.clip(total, 0, 1)


def marble(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Polished white slabs of one metre with grey veins, dark cabochons at their corners, fine joints."""
    tiles = 4
    x, y = grid(size)
    white = np.array([0.93, 0.915, 0.885], dtype=np.float32) * 0.85 + np.array(colour, dtype=np.float32) * 0.13
    cloud = clouds((size, size), 1.9, chance)
    vein = veins(size, chance, 3, 0.045)
    # Every slab shows another part of the block: shifted by whole slabs, so the sheet still tiles.
    step = size // tiles
    shade, lines = np.empty_like(cloud), np.empty_like(vein)
    tone = np.empty_like(cloud)
    for i in range(tiles):
        for j in range(tiles):
            here = (slice(i * step, (i + 1) * step), slice(j * step, (j + 1) * step))
            a, b = chance.integers(0, tiles, 2)
            there = (slice(a * step, (a + 1) * step), slice(b * step, (b + 1) * step))
            flip = slice(None, None, int(chance.choice([-1, 1])))
            shade[here], lines[here] = cloud[there][flip], vein[there][flip]
            tone[here] = chance.uniform(0.95, 1.02)
    base = sheet((float(white[0]), float(white[1]), float(white[2])), (1 + 0.03 * shade) * tone)
    base = blend(base, (0.50, 0.50, 0.53), lines * 0.62)
    base = blend(base, (0.74, 0.66, 0.54), np.clip(lines * shade - 0.35, 0, 0.35))
    u, v = np.abs((x * tiles + 0.5) % 1 - 0.5), np.abs((y * tiles + 0.5) % 1 - 0.5)
    diamond = u + v
    dark = sheet((0.13, 0.14, 0.15), 1 + 0.25 * np.clip(cloud, -1, 2)) + 0.35 * vein[..., None]
    base = blend(base, dark, (0.155 - diamond) * size / tiles)
    joint = np.maximum(1 - np.minimum(u, v) * size / tiles / 1.6, 0) * (diamond > 0.157)
    ring = 1 - np.abs(diamond - 0.157) * size / tiles / 2.0
    return Surface(blend(base, (0.46, 0.44, 0.41), np.clip(np.maximum(joint, ring), 0, 1) * 0.8), 0.12, 0.0, 4.0)


def parquet(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Herringbone oak, oiled; one repeat is two metres."""
    del colour
    x, y = grid(size)
    cells = 16
    i, j = np.floor(x * cells).astype(int), np.floor(y * cells).astype(int)
    # Herringbone of 1 × 4 boards on a grid: the phase along the diagonal tells lying from standing boards.
    phase = (i + j) % 8
    lying = phase < 4
    along = np.where(lying, x * cells - (i - phase), y * cells - (j - (phase - 4)))
    across = np.where(lying, (y * cells) % 1, (x * cells) % 1)
    board = np.where(lying, (i - phase) % cells * 31 + j * 7, (j - (phase - 4)) % cells * 31 + i * 7 + 5) % 257
    tone = chance.uniform(0.78, 1.12, 257).astype(np.float32)[board]
    grain = clouds((size, size), 1.1, chance, (6.0, 1.0))
    grain = np.where(lying, grain, grain.T)
    wood = sheet((0.62, 0.43, 0.26), tone * (1 + 0.07 * grain))
    edge = np.minimum(np.minimum(across, 1 - across), np.minimum(along, 4 - along)) * size / cells
    return Surface(blend(wood, (0.16, 0.10, 0.06), np.clip(2.2 - edge, 0, 1).astype(np.float32) * 0.85), 0.32, 0.0, 2.0)


def terrazzo(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Polished chips of stone in pale cement; one repeat is two metres."""
    cement = (0.645 + 0.2 * colour[0], 0.63 + 0.2 * colour[1], 0.60 + 0.2 * colour[2])
    base = sheet(cement, 1 + 0.02 * clouds((size, size), 0.8, chance))
    tones = ((0.45, 0.42, 0.40), (0.72, 0.54, 0.42), (0.93, 0.91, 0.87), (0.30, 0.34, 0.34), (0.60, 0.38, 0.32))
    for n, tone in enumerate(tones):
        chips = clouds((size, size), 2.6, chance, lowest=22.0 + 16 * n)
        base = blend(base, tone, (chips - 1.15 - 0.1 * n) * 9)
    return Surface(base, 0.16, 0.0, 2.0)


def damask(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Silk with a woven palmette, tone on tone; one repeat is 1.6 metres."""
    x, y = grid(size)

    def palmette(px: Singles, py: Singles) -> Singles:
        angle, radius = np.arctan2(px, py + 0.02), np.hypot(px, py * 0.72)
        flower = 0.30 * np.abs(np.cos(angle * 3.5)) ** 0.6 * (1.15 - 0.3 * np.abs(angle) / np.pi) - radius
        heart = np.abs(radius - 0.33 * (1.2 - 0.55 * np.abs(angle) / np.pi)) - 0.016
        stem = np.abs(np.abs(px) - 0.30 * np.abs(np.sin(py * np.pi)) ** 0.8) - 0.02
        curl = np.abs(np.hypot(np.abs(px) - 0.27, py + 0.26) - 0.075) - 0.017
        return np.asarray(np.maximum.reduce([flower, -heart, -stem, -curl]))

    repeat = 4
    px, py = (axis - np.float32(0.5) for axis in grid(size // repeat))
    one = palmette(px * 1.1, py)
    both = np.maximum(one, np.roll(one, (one.shape[0] // 2, one.shape[1] // 2), axis=(0, 1)))
    figure = np.tile(np.clip(both * size / repeat / 2.5 + 0.5, 0, 1), (repeat, repeat)).astype(np.float32)
    warp, weft = np.sin(x * np.float32(np.pi * size / 2)), np.sin(y * np.float32(2 * np.pi * (size // 5)))
    thread = 1 + 0.035 * warp + 0.03 * weft
    silk = thread * (1 + 0.025 * clouds((size, size), 1.4, chance))
    lift = np.float32(1.16) if max(colour) < 0.75 else np.float32(0.93)
    return Surface(sheet(colour, silk * (1 + (lift - 1) * figure)), 0.62, 0.0, 1.6)


def plaster(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Limewash with trowel marks; one repeat is three metres."""
    shade = 1 + 0.022 * clouds((size, size), 1.6, chance) + 0.014 * clouds((size, size), 0.6, chance, (4, 1))
    return Surface(sheet(colour, shade), 0.85, 0.0, 3.0)


def limestone(size: int, colour: Colour, chance: np.random.Generator) -> Surface:
    """Fine-grained pale stone with bedding and small fossils; one repeat is two metres."""
    shade = 1 + 0.022 * clouds((size, size), 1.5, chance, (3.0, 1.0)) + 0.012 * clouds((size, size), 0.4, chance)
    pores = np.clip(clouds((size, size), 0.7, chance, (1.5, 1.0), 40.0) - 2.6, 0, 1)
    return Surface(sheet(colour, shade - 0.15 * pores), 0.55, 0.0, 2.0)


def gilding(size: int, chance: np.random.Generator) -> Surface:
    """Burnished leaf over red bole, worn at places; one repeat is one metre."""
    worn = clouds((size, size), 1.3, chance)
    leaf = sheet((0.98, 0.80, 0.44), 0.94 + 0.05 * clouds((size, size), 0.8, chance))
    return Surface(blend(leaf, (0.60, 0.34, 0.18), (worn - 1.5) * 0.3), 0.30, 1.0, 1.0)


FLOORS = {"marble": marble, "parquet": parquet, "terrazzo": terrazzo}
WALLS = {"plaster": plaster, "damask": damask}


def encoded(pixels: Singles | NDArray[np.uint8], quality: int = 84) -> Picture:
    if pixels.dtype != np.uint8:
        pixels = (np.clip(pixels.astype(np.float32), 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return Picture(stream.getvalue(), "image/jpeg")
