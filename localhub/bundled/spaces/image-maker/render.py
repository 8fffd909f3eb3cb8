"""Turns a sketch into a lit picture: shading by surface direction, thrown shadows, soft dark corners.

Works on a canvas larger than the picture and shrinks it, so that edges are smooth.
"""

import numpy as np
from numpy.typing import NDArray
from patterns import Field, noise, tone
from PIL import Image, ImageDraw, ImageFilter
from sketch import Shape, Sketch

CANVAS = 1480
"""Longest side of the canvas in pixels, at most; never more than three times the picture."""
LIGHT = np.array([-0.50, 0.55, 0.67], dtype=np.float32)
FAR = -9.0


class Canvas:
    """Layers of one picture: colour, facing, depth and what is covered at all."""

    def __init__(self, sketch: Sketch, width: int, height: int, rng: np.random.Generator) -> None:
        self.zoom = max(1.0, min(3.0, CANVAS / max(width, height)))
        self.width, self.height = round(width * self.zoom), round(height * self.zoom)
        left, bottom, right, top = sketch.bounds()
        self.scale = 0.86 * min(self.width / (right - left), self.height / (top - bottom))
        self.x0 = self.width / 2 - self.scale * (left + right) / 2
        self.y0 = self.height / 2 + self.scale * (bottom + top) / 2
        shape = (self.height, self.width)
        self.colour = np.zeros((*shape, 3), np.float32)
        self.normal = np.zeros((*shape, 3), np.float32)
        self.depth = np.full(shape, FAR, np.float32)
        self.gloss = np.zeros(shape, np.float32)
        self.covered = np.zeros(shape, bool)
        unit = max(self.width, self.height)
        self.fine = noise(*shape, unit / 420, rng) * 0.6 + noise(*shape, unit / 170, rng) * 0.4
        self.coarse = noise(*shape, unit / 14, rng) * 0.6 + noise(*shape, unit / 45, rng) * 0.4
        for piece in sketch.shapes:
            self.paint(piece)

    def paint(self, shape: Shape) -> None:
        rings = [[(self.x0 + x * self.scale, self.y0 - y * self.scale) for x, y in ring] for ring in shape.outlines]
        xs, ys = [p[0] for ring in rings for p in ring], [p[1] for ring in rings for p in ring]
        left, right = max(0, int(min(xs)) - 1), min(self.width, int(max(xs)) + 2)
        top, bottom = max(0, int(min(ys)) - 1), min(self.height, int(max(ys)) + 2)
        if right <= left or bottom <= top:
            return
        stencil = Image.new("L", (right - left, bottom - top), 0)
        pen = ImageDraw.Draw(stencil)
        for ring in rings:
            pen.polygon([(x - left, y - top) for x, y in ring], fill=255)
        mask = np.asarray(stencil) > 0
        window = (slice(top, bottom), slice(left, right))
        if shape.surface == "hole":
            self.covered[window] &= ~mask
            self.depth[window][mask] = FAR
            return
        normal, swell = facing(shape, mask)
        x = ((np.arange(left, right, dtype=np.float32) - self.x0) / self.scale)[None, :]
        y = ((self.y0 - np.arange(top, bottom, dtype=np.float32)) / self.scale)[:, None]
        factor = tone(shape.material, x, y, normal[..., 0], self.fine[window], self.coarse[window])
        tint = np.broadcast_to(factor, mask.shape)[..., None] * np.array(shape.material.colour, np.float32)
        self.colour[window][mask] = tint[mask]
        self.normal[window][mask] = normal[mask]
        self.depth[window][mask] = shape.depth + swell[mask] / self.scale
        self.gloss[window][mask] = shape.material.gloss
        self.covered[window] |= mask

    def lit(self) -> Field:
        """Colours after light, shadow and soft dark corners."""
        toward = LIGHT / np.linalg.norm(LIGHT)
        diffuse = np.clip(self.normal @ toward, 0, 1)
        shade = 0.36 + 0.80 * diffuse * (1 - 0.62 * self.shadow()) + 0.10 * self.edges()
        half = toward + np.array([0, 0, 1], np.float32)
        shine = np.clip(self.normal @ (half / np.linalg.norm(half)), 0, 1) ** 24 * self.gloss
        base = np.linspace(1.05, 0.90, self.height, dtype=np.float32)[:, None]
        warm = np.array([1.03, 1.0, 0.95], np.float32)
        picture = self.colour * (shade * (1 - 0.45 * self.crevices()) * base)[..., None] * warm + shine[..., None]
        return np.asarray(np.clip(picture, 0, 1), dtype=np.float32)

    def shadow(self) -> Field:
        """1 where something nearer the light stands in the way, softened."""
        dark = np.zeros_like(self.depth)
        reach = 0.16 * self.scale
        for step in np.unique(np.geomspace(2, max(4.0, reach), 14).astype(int)):
            down, right = int(step * 0.8), int(step * 0.7)
            nearer = np.full_like(self.depth, FAR)
            nearer[down:, right:] = self.depth[: self.height - down, : self.width - right]
            rise = (nearer - self.depth) - 0.75 * step / self.scale
            dark = np.maximum(dark, np.clip(rise * self.scale / 4, 0, 1) * (self.depth > FAR))
        return blurred(dark, self.zoom * 1.2)

    def edges(self) -> Field:
        """1 on the rim of a step that catches the light, -1 on the far rim."""
        shift = max(1, round(self.zoom))
        solid = np.where(self.depth > FAR, self.depth, self.depth[self.covered].min(initial=0.0) - 0.05)
        rim = np.zeros_like(solid)
        rim[shift:, shift:] = solid[shift:, shift:] - solid[:-shift, :-shift]
        return np.asarray(np.clip(rim * 30, -1, 1) * self.covered, dtype=np.float32)

    def crevices(self) -> Field:
        """0 to 1: how much deeper a place lies than its surroundings."""
        lowest = self.depth[self.covered].min(initial=0.0)
        solid = np.where(self.covered, self.depth, lowest).astype(np.float32)
        low, high = float(solid.min()), float(solid.max())
        if high - low < 1e-6:
            return np.zeros_like(solid)
        around = blurred((solid - low) / (high - low), self.scale * 0.018) * (high - low) + low
        return np.asarray(np.clip((around - solid) * 9, 0, 1), dtype=np.float32)


def facing(shape: Shape, mask: NDArray[np.bool_]) -> tuple[Field, Field]:
    """Unit directions the surface looks in, and how far it swells towards the viewer (pixels)."""
    normal = np.zeros((*mask.shape, 3), np.float32)
    normal[..., 2] = 1
    swell = np.zeros(mask.shape, np.float32)
    if shape.surface == "flat":
        normal[..., 0], normal[..., 1] = shape.tilt
    elif shape.surface == "round":
        rows = mask.any(axis=1)
        left, right = mask.argmax(axis=1), mask.shape[1] - mask[:, ::-1].argmax(axis=1)
        half = np.where(rows, np.maximum((right - left) / 2, 0.5), 0.5)
        across = np.clip(
            (np.arange(mask.shape[1])[None, :] + 0.5 - ((left + right) / 2)[:, None]) / half[:, None], -1, 1
        )
        front = np.sqrt(1 - across**2)
        reach = max(2, mask.shape[0] // 40)
        padded = np.pad(half, reach, mode="edge")
        slope = (padded[2 * reach :] - padded[: -2 * reach]) / (2 * reach)
        normal[..., 0], normal[..., 1], normal[..., 2] = across, np.clip(slope, -3, 3)[:, None], front
        swell = (front * half[:, None]).astype(np.float32)
    else:
        reach = max(2.0, min(mask.shape) * 0.16)
        cushion = np.pad(mask.astype(np.float32), int(reach) + 1)
        cushion = _cushioned(cushion, reach)[int(reach) + 1 : -int(reach) - 1, int(reach) + 1 : -int(reach) - 1]
        down, along = np.gradient(cushion)
        normal[..., 0], normal[..., 1] = -along * reach * 2.6, down * reach * 2.6
        swell = np.asarray(cushion * reach, dtype=np.float32)
    return normal / np.linalg.norm(normal, axis=2, keepdims=True), swell


def _cushioned(layer: Field, radius: float) -> Field:
    """Four running means each way: a blur in full precision, because slopes of it are taken."""
    span = max(3, int(radius) | 1)
    for axis in (0, 1, 0, 1, 0, 1, 0, 1):
        edge = [(0, 0), (0, 0)]
        edge[axis] = (span // 2 + 1, span // 2)
        total = np.cumsum(np.pad(layer, edge, mode="edge"), axis=axis, dtype=np.float64)
        size = layer.shape[axis]
        ends = np.take(total, range(span, span + size), axis=axis)
        layer = ((ends - np.take(total, range(size), axis=axis)) / span).astype(np.float32)
    return layer


def blurred(layer: Field, radius: float) -> Field:
    """A Gaussian blur of values in 0 to 1 (eight bits of precision)."""
    if radius < 0.3:
        return layer
    eight = Image.fromarray((np.clip(layer, 0, 1) * 255).astype(np.uint8))
    return np.asarray(eight.filter(ImageFilter.GaussianBlur(float(radius))), np.float32) / np.float32(255)
