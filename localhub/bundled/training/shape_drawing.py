"""Pictures of twelve shapes: any place, size, angle and colours, with shading, stray strokes and noise."""

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from localhub.bundled.training.trained import Floats

SIDE = 96
"""Pixels of a side of a drawn picture."""

Point = tuple[float, float]

TURNS = {"circle": 180, "ring": 180, "square": 180, "triangle": 180, "star": 180, "cross": 180, "arrow": 180}
"""How far a shape may be turned, in degrees to either side."""
UPRIGHT = 25
"""What the rest may: an upturned house is still a house, but nobody draws it."""


def ellipse(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x + width * cos(2 * pi * i / 40), y + height * sin(2 * pi * i / 40)) for i in range(40)]


def polygon(corners: int, inner: float = 0) -> list[Point]:
    """Corners on a circle, the first on top; with `inner` every second one lies on a smaller circle."""
    count = corners * 2 if inner else corners
    radii = [inner if inner and i % 2 else 1 for i in range(count)]
    return [(radii[i] * sin(2 * pi * i / count), -radii[i] * cos(2 * pi * i / count)) for i in range(count)]


def heart() -> list[Point]:
    turns = [2 * pi * i / 48 for i in range(48)]
    return [(sin(t) ** 3, -(13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)) / 16) for t in turns]


OUTLINES: dict[str, list[list[Point]]] = {
    "arrow": [[(-1, -0.28), (0.15, -0.28), (0.15, -0.75), (1, 0), (0.15, 0.75), (0.15, 0.28), (-1, 0.28)]],
    "circle": [ellipse(0, 0, 0.9, 0.9)],
    "crescent": [ellipse(0, 0, 0.95, 0.95), ellipse(0.42, -0.1, 0.78, 0.78)],
    "cross": [[(-.3, -1), (.3, -1), (.3, -.3), (1, -.3), (1, .3), (.3, .3), (.3, 1), (-.3, 1), (-.3, .3), (-1, .3),
               (-1, -.3), (-.3, -.3)]],
    "fish": [[*ellipse(-0.2, 0, 0.75, 0.45), (0.55, 0), (1, -0.5), (1, 0.5), (0.5, 0.05)]],
    "heart": [heart()],
    "house": [[(-1, 0), (0, -0.95), (1, 0), (0.72, 0), (0.72, 0.95), (-0.72, 0.95), (-0.72, 0)]],
    "ring": [ellipse(0, 0, 0.95, 0.95), ellipse(0, 0, 0.52, 0.52)],
    "square": [[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]],
    "star": [polygon(5, 0.42)],
    "tree": [[(0, -1), (0.55, -0.3), (0.3, -0.3), (0.8, 0.45), (0.16, 0.45), (0.16, 1), (-0.16, 1), (-0.16, 0.45),
              (-0.8, 0.45), (-0.3, -0.3), (-0.55, -0.3)]],
    "triangle": [polygon(3)],
}  # fmt: skip
"""Corners in a square from -1 to 1, y down; a second outline is cut out of the first."""
LABELS = sorted(OUTLINES)


def placed(label: str, random: np.random.Generator) -> list[list[Point]]:
    """The outlines of a shape in pixels: turned, stretched a little, and moved to where it is whole."""
    limit = TURNS.get(label, UPRIGHT)
    angle = np.deg2rad(random.uniform(-limit, limit))
    size = random.uniform(0.23, 0.46) * SIDE
    turn = size * np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]) * random.uniform(0.85, 1.1, 2)
    middle = SIDE / 2 + random.uniform(-0.9, 0.9, 2) * (SIDE / 2 - size)
    return [[(float(x), float(y)) for x, y in np.array(corners) @ turn.T + middle] for corners in OUTLINES[label]]


def colours(random: np.random.Generator) -> tuple[Floats, Floats]:
    """A background and a shape that can be told apart: far from each other in RGB and in lightness."""
    while True:
        back, front = random.uniform(0, 255, (2, 3))
        if random.random() < 0.3:
            back[:] = 255 if random.random() < 0.7 else 0
        if random.random() < 0.15:
            front[:] = random.integers(0, 60)
        if abs(back.mean() - front.mean()) > 35 and np.abs(back - front).max() > 70:
            return back.astype(np.float32), front.astype(np.float32)


def draw(label: str, random: np.random.Generator) -> Image.Image:
    """A picture of the shape; every third one is clean, as a drawing program makes it."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(mask)
    for fill, outline in zip((255, 0), placed(label, random), strict=False):
        pen.polygon(outline, fill=fill)
    cover = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.7)), np.float32)[:, :, None] / 255
    back, front = colours(random)
    if random.random() < 0.33:
        return picture(back * (1 - cover) + front * cover)
    ramp = np.linspace(-1, 1, SIDE, dtype=np.float32)[:, None] * random.uniform(-25, 25)
    ground = np.asarray(strokes(back, random), np.float32) + (ramp if random.random() < 0.5 else ramp.T)[:, :, None]
    noise = random.normal(0, random.uniform(0, 22), (SIDE, SIDE, 1)) + random.normal(0, 6, (SIDE, SIDE, 3))
    return picture(ground * (1 - cover) + front * cover + noise)


def picture(values: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def strokes(back: Floats, random: np.random.Generator) -> Image.Image:
    """A background with up to three thin lines that mean nothing."""
    ground = Image.new("RGB", (SIDE, SIDE), rgb(back))
    pen = ImageDraw.Draw(ground)
    for _ in range(random.integers(0, 4)):
        ends = [float(place) for place in random.uniform(0, SIDE, 4)]
        pen.line(ends, fill=rgb(back + random.uniform(-50, 50, 3).astype(np.float32)), width=int(random.integers(1, 4)))
    return ground


def rgb(colour: Floats) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in colour.clip(0, 255))
    return red, green, blue
