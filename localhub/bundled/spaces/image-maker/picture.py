"""From a prompt to a finished picture; the same words, choices and seed give the same pixels."""

import hashlib

import numpy as np
from lexicon import subject, words_of
from numpy.typing import NDArray
from palette import palette
from patterns import Field, noise
from PIL import Image, ImageFilter
from render import Canvas
from sketch import Sketch

BACKGROUNDS = {
    "dark": ((32, 34, 39), (20, 21, 25)),
    "light": ((246, 244, 240), (231, 228, 222)),
    "white": ((255, 255, 255), (255, 255, 255)),
    "sky": ((178, 206, 232), (222, 234, 243)),
}
"""Colour in the middle and at the corners."""
STYLES = ["natural", "painted", "marble", "bronze", "clay", "toy"]


def draw(prompt: str, style: str, background: str, width: int, height: int, seed: int) -> Image.Image:
    """One object, seen from the front, centred on a plain background."""
    words = words_of(prompt)
    shape_rng = _random(" ".join(words), seed)
    sketch = Sketch()
    named = subject(prompt)
    # The golden of Golden Gate is a name, not a colour.
    materials = palette(set(words) - set(named.phrase.split()), style, shape_rng)
    named.archetype(sketch, materials, shape_rng)
    canvas = Canvas(sketch, width, height, _random("surface", seed))
    backdrop = _backdrop(background, canvas.height, canvas.width)
    lit = canvas.lit()
    if style == "painted":
        lit = _brushed(lit, canvas.covered, _random("brush", seed))
    colours = np.where(canvas.covered[..., None], lit * 255, backdrop)
    large = Image.fromarray(np.clip(colours + 0.5, 0, 255).astype(np.uint8))
    return large.resize((width, height), Image.Resampling.LANCZOS).filter(ImageFilter.UnsharpMask(1.2, 60, 2))


def _random(words: str, seed: int) -> np.random.Generator:
    digest = hashlib.sha256(f"{words}|{seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _backdrop(background: str, height: int, width: int) -> Field:
    middle, corner = (np.array(colour, np.float32) for colour in BACKGROUNDS[background])
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    far = np.clip((x * x + y * y) / 2, 0, 1)[..., None]
    return np.asarray(middle * (1 - far) + corner * far, dtype=np.float32)


def _brushed(lit: Field, covered: NDArray[np.bool_], rng: np.random.Generator) -> Field:
    """Broad dabs: each pixel takes its colour from a neighbour chosen by a slow noise, and colours vary a little."""
    height, width = lit.shape[:2]
    cell = max(3.0, width / 200)
    turn = noise(height, width, cell, rng) * 4 * np.pi
    rows = np.clip(np.arange(height)[:, None] + np.sin(turn) * cell * 0.6, 0, height - 1).astype(int)
    columns = np.clip(np.arange(width)[None, :] + np.cos(turn) * cell * 0.6, 0, width - 1).astype(int)
    moved = np.where(covered[rows, columns][..., None], lit[rows, columns], lit)
    hue = np.stack([noise(height, width, cell * 1.6, rng) for _ in range(3)], axis=2) - 0.5
    return np.asarray(np.clip(np.round(moved * 18) / 18 * 1.10 + hue * 0.13, 0, 1), dtype=np.float32)
