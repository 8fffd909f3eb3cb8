"""A brush: thousands of directed strokes of broken colour, coarse first, fine last.

A stroke is a few bristle lines side by side, each a little off in colour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Sketch:
    """What is to be painted, at low resolution: colour (h, w, 3), stroke angle and its looseness (h, w)."""

    colour: Floats
    angle: Floats
    loose: Floats
    title: str
    dabs: list[Dab]


@dataclass(frozen=True)
class Dab:
    """A deliberate touch of pure colour: place 0..1 from the upper left, length and width against the height."""

    x: float
    y: float
    length: float
    width: float
    angle: float
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class Painting:
    """`pixels` (h, w, 3) 0..255, `relief` (h, w) 0..1."""

    pixels: NDArray[np.uint8]
    relief: Singles
    title: str


class Sheet:
    """A painting while strokes are laid on."""

    def __init__(self, ground: Floats, size: tuple[int, int]) -> None:
        ground_image = Image.fromarray((np.clip(ground, 0, 1) * 255).astype(np.uint8))
        self.image = ground_image.resize(size, Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.image)

    def finished(self, title: str, strength: float = 0.35) -> Painting:
        """Lit from the upper left so that the paint stands up; what is lighter than its surroundings lies higher."""
        grey = self.image.convert("L")
        around = np.asarray(grey.filter(ImageFilter.BoxBlur(6)), dtype=np.float32)
        relief: Singles = np.clip(0.5 + (np.asarray(grey, dtype=np.float32) - around) / 110, 0, 1).astype(np.float32)
        slope = np.zeros_like(relief)
        slope[1:, 1:] = relief[1:, 1:] - relief[:-1, :-1]
        shade = 1 + strength * np.clip(slope * 3, -0.5, 0.5)
        pixels = np.clip(np.asarray(self.image, dtype=np.float32) * shade[..., None], 0, 255).astype(np.uint8)
        return Painting(pixels, relief, title)


def broken(colours: Floats, amount: float | Floats, chance: np.random.Generator) -> Floats:
    """Each colour pushed a little in hue and value, some of them far: optical mixture."""
    count = len(colours)
    hue = chance.normal(0, 1, (count, 1)) * np.array([[1.0, -0.35, -0.8]]) + chance.normal(0, 1, (count, 1)) * np.array(
        [[-0.3, 0.8, -0.4]]
    )
    value = chance.normal(0, 0.6, (count, 1))
    far = np.where(chance.random((count, 1)) < 0.08, 2.2, 1.0)
    result: Floats = np.clip(colours * (1 + value * amount * 0.8) + hue * amount * 0.55 * far, 0, 1)
    return result


def layer(
    sheet: Sheet,
    sketch: Sketch,
    count: int,
    length: float,
    width: float,
    amount: float,
    chance: np.random.Generator,
    bristles: int = 3,
) -> None:
    """Strokes all over the sheet; length and width in pixels."""
    columns, rows = sheet.image.size
    h, w = sketch.angle.shape
    # A jittered grid covers evenly where free chance would leave holes.
    across = max(1, int(np.sqrt(count * columns / rows)))
    down = max(1, count // across)
    gx, gy = np.meshgrid(np.arange(across), np.arange(down))
    x = (gx.ravel() + chance.random(across * down)) / across
    y = (gy.ravel() + chance.random(across * down)) / down
    order = chance.permutation(len(x))
    x, y = x[order], y[order]
    i, j = np.minimum((y * h).astype(int), h - 1), np.minimum((x * w).astype(int), w - 1)
    loose = sketch.loose[i, j]
    angle = sketch.angle[i, j] + chance.normal(0, 0.18 + 0.35 * loose, len(x))
    colours = broken(sketch.colour[i, j], amount * (0.6 + loose[:, None]), chance)
    reach = length * chance.uniform(0.6, 1.3, len(x)) / 2
    bend = chance.normal(0, 0.16, len(x))
    dx, dy = np.cos(angle) * reach, np.sin(angle) * reach
    px, py = x * columns, y * rows
    thin = max(1, round(width / bristles + 0.6))
    for k in range(bristles):
        offset = (k - (bristles - 1) / 2) * width / bristles
        ox, oy = -np.sin(angle) * offset, np.cos(angle) * offset
        shade = 1 + chance.normal(0, 0.05, len(x))
        start = chance.uniform(0.82, 1.1, (2, len(x)))
        paint = (np.clip(colours * shade[:, None], 0, 1) * 255).astype(int).tolist()
        ends = [px + ox - dx * start[0], py + oy - dy * start[0], px + ox + dx * start[1], py + oy + dy * start[1]]
        if bristles > 2:
            ends[2:2] = [px + ox - dy * bend, py + oy + dx * bend]
        paths = np.stack(ends, axis=1).tolist()
        for path, (r, g, b) in zip(paths, paint, strict=True):
            sheet.draw.line(path, fill=(r, g, b), width=thin)


def dabs(sheet: Sheet, touches: list[Dab], chance: np.random.Generator) -> None:
    """The deliberate touches, last."""
    columns, rows = sheet.image.size
    for touch in touches:
        reach, turn = touch.length * rows / 2, touch.angle + float(chance.normal(0, 0.08))
        x, y = touch.x * columns, touch.y * rows
        bristles = int(np.clip(round(touch.width * rows / 3), 1, 5))
        wide = touch.width * rows / bristles
        tones = (broken(np.array([touch.colour] * bristles), 0.09, chance) * 255).astype(int).tolist()
        bend = float(chance.normal(0, 0.12))
        for k, (r, g, b) in enumerate(tones):
            side = (k - (bristles - 1) / 2) * wide
            near, far = chance.uniform(0.7, 1.0, 2) * reach
            ox, oy = x - np.sin(turn) * side, y + np.cos(turn) * side
            dx, dy = float(np.cos(turn)), float(np.sin(turn))
            bow = bend * reach
            path = [ox - dx * near, oy - dy * near, ox - dy * bow, oy + dx * bow, ox + dx * far, oy + dy * far]
            sheet.draw.line(path, fill=(r, g, b), width=max(1, round(wide + 0.7)))


def painted(sketch: Sketch, size: tuple[int, int], chance: np.random.Generator) -> Painting:
    """The whole painting: ground, four passes of strokes, the touches."""
    area, scale = size[0] * size[1], float(np.clip((size[0] * size[1]) ** 0.5 / 520, 0.8, 1.6))
    sheet = Sheet(np.clip(sketch.colour * 0.85 + np.array([0.10, 0.07, 0.03]), 0, 1), size)
    passes = ((46, 15, 0.07, 1.2), (30, 9, 0.085, 1.3), (19, 5.6, 0.09, 1.0), (11, 3.4, 0.08, 0.35))
    for length, width, amount, cover in passes:
        long, wide = length * scale, width * scale
        layer(sheet, sketch, int(cover * area / (long * wide)), long, wide, amount, chance, 2 if width < 6 else 3)
    dabs(sheet, sketch.dabs, chance)
    return sheet.finished(sketch.title)
