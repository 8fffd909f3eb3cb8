"""Surface detail of materials, computed for each pixel: stone courses, panes, planks, leaves."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sketch import Material

Field = NDArray[np.float32]


def noise(height: int, width: int, cell: float, rng: np.random.Generator) -> Field:
    """Smooth value noise in 0 to 1; `cell` is the size of a blob in pixels."""
    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    lattice = Image.fromarray(rng.random((rows, columns), dtype=np.float32))
    smooth = lattice.resize((width, height), Image.Resampling.BICUBIC, (1, 1, 1 + width / cell, 1 + height / cell))
    return np.clip(np.asarray(smooth, np.float32), 0, 1)


def tone(material: Material, x: Field, y: Field, across: Field, fine: Field, coarse: Field) -> Field:
    """The factor by which the material's colour is multiplied at object coordinates x, y.

    `across` is the sideways normal (-1 to 1), so that a pattern wraps around round things; `fine` and `coarse`
    are noise in 0 to 1.
    """
    weather = 0.90 + 0.12 * coarse + 0.10 * (fine - 0.5)
    size = material.grain
    match material.pattern:
        case "plain":
            return weather
        case "blocks":
            return weather * _courses(x, y, size, 2.2, 0.055, 0.16, 0.07)
        case "bricks":
            return weather * _courses(x, y, size, 2.6, 0.13, 0.30, 0.12)
        case "glass":
            return _panes(x, y, size) * (0.80 + 0.35 * coarse)
        case "tiles":
            row = np.floor(y / size)
            u = (x / size + 0.5 * (row % 2)) % 1.0 - 0.5
            lap = (y / size) % 1.0 - 0.35 * (1 - 4 * u * u)
            shade = (0.80 + 0.24 * np.clip(lap % 1.0, 0, 1)) * (0.95 + 0.1 * _hash(np.floor(x / size), row))
            return np.asarray(weather * shade, dtype=np.float32)
        case "wood":
            plank = np.floor(y / size)
            seam = np.where(((y / size) % 1.0) < 0.10, 0.72, 1.0)
            grain = 0.93 + 0.10 * np.sin(x / size * 2.2 + 9 * coarse + 6 * plank) * fine
            return np.asarray(weather * seam * grain * (0.92 + 0.14 * _hash(plank, plank)), dtype=np.float32)
        case "leaf":
            return np.asarray(
                0.48 + 0.55 * fine + 0.30 * coarse + 0.25 * np.where(fine > 0.62, 1.0, 0.0), dtype=np.float32
            )
        case "flutes":
            return np.asarray(
                weather * (0.90 + 0.12 * np.cos(np.arcsin(np.clip(across, -1, 1)) * 18)), dtype=np.float32
            )
        case "scales":
            row = np.floor(x / size)
            u = (y / size + 0.5 * (row % 2)) % 1.0 - 0.5
            edge = ((x / size) % 1.0 + 2.2 * u * u) % 1.0
            return np.asarray(weather * (0.76 + 0.36 * edge), dtype=np.float32)
        case "carved":
            return np.asarray(
                0.70 + 0.42 * fine + 0.14 * np.sin(x / size * 7) * np.sin(y / size * 5 + 4 * coarse), dtype=np.float32
            )
        case "petal":
            return np.asarray(weather * (0.92 + 0.10 * np.sin(np.hypot(x, y) / size * 12)), dtype=np.float32)


def _courses(x: Field, y: Field, size: float, ratio: float, joint: float, dark: float, spread: float) -> Field:
    row = np.floor(y / size)
    along = x / (size * ratio) + 0.5 * (row % 2)
    seam = ((along % 1.0) * ratio < joint) | ((y / size) % 1.0 < joint)
    return np.asarray(
        (1 - spread / 2 + spread * _hash(np.floor(along), row)) * np.where(seam, 1 - dark, 1.0), dtype=np.float32
    )


def _panes(x: Field, y: Field, size: float) -> Field:
    a, b = (x * 0.9 + y * 0.75) / size, (x * 0.9 - y * 0.75) / size
    frame = np.minimum(np.minimum(a % 1.0, 1 - a % 1.0), np.minimum(b % 1.0, 1 - b % 1.0)) < 0.06
    glass = 0.74 + 0.42 * _hash(np.floor(a), np.floor(b))
    return np.asarray(np.where(frame, 1.55, glass), dtype=np.float32)


def _hash(a: Field, b: Field) -> Field:
    """A number in 0 to 1 that looks random and depends on two whole numbers."""
    return np.asarray((np.sin(a * 12.9898 + b * 78.233) * 43758.547) % 1.0, dtype=np.float32)
