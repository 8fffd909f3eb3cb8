"""From a prompt to a pen-and-ink drawing on paper; the same words, choices and seed give the same pixels."""

import hashlib

import numpy as np
from hatching import contours, hatched, stippled
from lexicon import subject, words_of
from palette import palette
from patterns import Field, noise
from PIL import Image
from render import Canvas
from sketch import Sketch

PAPERS = {"cream": (246, 238, 220), "white": (253, 253, 251), "grey": (225, 226, 226), "blue": (222, 232, 240)}
INKS = {"black": (28, 26, 30), "sepia": (84, 52, 30), "blue": (28, 44, 96)}
HATCHINGS = ["cross", "parallel", "stipple", "outline"]


def illustrate(prompt: str, paper: str, ink: str, hatching: str, size: int, seed: int) -> Image.Image:
    """One object, seen from the front, centred, as strokes of ink."""
    words = words_of(prompt)
    shape_rng = _random("ink " + " ".join(words), seed)
    sketch = Sketch()
    subject(prompt).archetype(sketch, palette(set(words), "natural", shape_rng), shape_rng)
    canvas = Canvas(sketch, size, size, _random("surface", seed))
    strokes = _strokes(canvas, hatching, _random("pen", seed))
    rng = _random("paper", seed)
    fibre = (
        1
        - 0.05 * noise(canvas.height, canvas.width, 3, rng)
        - 0.03 * noise(canvas.height, canvas.width, canvas.width / 6, rng)
    )
    sheet = np.array(PAPERS[paper], np.float32) * fibre[..., None]
    # A thin wash of the thing's own colours, so that it stands out from the paper also between the strokes.
    sheet = sheet * np.where(canvas.covered[..., None], 0.65 + 0.28 * canvas.colour, 1)
    colours = sheet * (1 - strokes[..., None]) + np.array(INKS[ink], np.float32) * strokes[..., None]
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8)).resize((size, size), Image.Resampling.LANCZOS)


def _strokes(canvas: Canvas, hatching: str, rng: np.random.Generator) -> Field:
    light = canvas.lit() @ np.array([0.3, 0.55, 0.15], np.float32)
    light = np.clip((light - 0.06) / 0.66, 0, 1) ** 0.8
    unit = max(canvas.width, canvas.height)
    lines = contours(canvas, unit / 640)
    match hatching:
        case "outline":
            shade = np.zeros_like(light)
        case "stipple":
            shade = stippled(canvas, light, unit / 230, rng)
        case "parallel":
            shade = hatched(canvas, light, 1, unit / 150, rng)
        case _:
            shade = hatched(canvas, light, 3, unit / 150, rng)
    return np.asarray(np.maximum(lines, shade) * 0.94, dtype=np.float32)


def _random(words: str, seed: int) -> np.random.Generator:
    digest = hashlib.sha256(f"{words}|{seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
