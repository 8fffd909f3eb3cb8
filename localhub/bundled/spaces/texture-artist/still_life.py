"""A Dutch still life: fruit, a glass and a jug on a cloth, one light from the left, a dark wall."""

from __future__ import annotations

import brush
import numpy as np
from brush import Painting, Sheet, Sketch
from noise import clouds

Floats = np.ndarray
LIGHT = np.array([-0.55, -0.62, 0.56])


class Table:
    """The picture while things are put on the table; x runs 0..aspect, y 0..1 downwards."""

    def __init__(self, aspect: float, chance: np.random.Generator) -> None:
        rows = 260
        columns = max(80, round(rows * aspect))
        self.y, self.x = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, aspect, columns), indexing="ij")
        self.chance = chance
        glow = np.exp(-((self.x - aspect * 0.35) ** 2 + (self.y - 0.35) ** 2) * 2.2)
        mist = clouds(self.x.shape, 1.7, chance).astype(float)
        self.picture = np.array([0.10, 0.075, 0.05]) + (glow * 0.17 + 0.012 * mist)[..., None] * [1.0, 0.86, 0.62]
        self.angle = mist * 0.4

    def lay(self, mask: Floats, colour: Floats) -> None:
        soft = np.clip(mask, 0, 1)[..., None]
        self.picture = self.picture * (1 - soft) + colour * soft

    def cloth(self, level: float) -> None:
        """The table's edge and a white cloth with folds."""
        fold = np.sin(self.x * 21 + 3 * np.sin(self.x * 4)) * np.clip((self.y - level - 0.1) * 6, 0, 1)
        shade = np.clip(0.62 + 0.22 * fold - 0.25 * self.x + 0.1 * np.clip(level + 0.14 - self.y, 0, 1) * 5, 0.1, 1)
        self.lay(np.clip((self.y - level) * 120, 0, 1), np.array([0.86, 0.82, 0.74]) * shade[..., None])
        dark = np.clip((self.x - self.x.max() * 0.62 - 0.05 * np.sin(self.y * 30)) * 40, 0, 1) * (self.y > level)
        self.lay(dark, np.array([0.24, 0.06, 0.05]) * (0.5 + 0.5 * shade[..., None]))

    def ball(
        self, x: float, y: float, r: float, colour: tuple[float, float, float], flat: float = 1.0, shine: float = 30.0
    ) -> None:
        """A shaded fruit with its cast shadow."""
        shadow = ((self.x - x - r * 0.8) / (r * 1.5)) ** 2 + ((self.y - y - r * 0.85 * flat) / (r * 0.35)) ** 2
        self.lay(np.clip(1 - shadow, 0, 1) * 0.7, np.array([0.05, 0.03, 0.02]))
        dx, dy = (self.x - x) / r, (self.y - y) / (r * flat)
        inside = dx**2 + dy**2
        dz = np.sqrt(np.clip(1 - inside, 0, 1))
        facing = dx * LIGHT[0] + dy * LIGHT[1] + dz * LIGHT[2]
        bounce = np.clip(dy, 0, 1) * 0.16
        tone = np.array(colour) * (np.clip(facing, 0, 1) * 0.95 + 0.07 + bounce)[..., None]
        glint = np.clip(2 * facing * dz - LIGHT[2], 0, 1) ** shine
        spots = 0.05 * clouds(self.x.shape, 0.9, self.chance)[..., None]
        self.lay(np.clip((1 - inside) * r * 160, 0, 1), np.clip(tone * (1 + spots) + 0.75 * glint[..., None], 0, 1))

    def turned(
        self,
        x: float,
        foot: float,
        tall: float,
        outline: list[float],
        colour: tuple[float, float, float],
        glass: float = 0.0,
    ) -> None:
        """A vessel with this outline of radii from foot to rim; `glass` lets what is behind shine through."""
        t = np.clip((foot - self.y) / tall, 0, 1)
        radius = np.interp(t, np.linspace(0, 1, len(outline)), outline)
        dx = (self.x - x) / np.maximum(radius, 1e-3)
        body = np.clip((1 - np.abs(dx)) * radius * 160, 0, 1) * (self.y < foot) * (self.y > foot - tall)
        facing = np.clip(dx * LIGHT[0] + np.sqrt(np.clip(1 - dx**2, 0, 1)) * 0.8, 0, 1)
        gleam = np.exp(-((dx + 0.5) ** 2) * 90) * (0.5 + 0.5 * np.sin(t * 9))
        gleam += 0.5 * np.exp(-((np.abs(dx) - 0.93) ** 2) * 300)
        tone = np.array(colour) * (0.12 + 0.9 * facing)[..., None] + gleam[..., None] * 0.6
        self.lay(body * (1 - glass * 0.75), np.clip(tone, 0, 1))


def dutch(size: tuple[int, int], chance: np.random.Generator, motif: str) -> Painting:
    del motif
    aspect = size[0] / size[1]
    table = Table(aspect, chance)
    level = 0.66
    table.cloth(level)
    side = float(chance.uniform(0.60, 0.78)) * aspect
    table.turned(side, level + 0.1, 0.46, [0.09, 0.05, 0.11, 0.14, 0.13, 0.09, 0.05, 0.06], (0.46, 0.42, 0.38))
    table.turned(
        float(chance.uniform(0.14, 0.26)) * aspect,
        level + 0.12,
        0.42,
        [0.075, 0.02, 0.014, 0.018, 0.06, 0.075, 0.07, 0.06],
        (0.36, 0.40, 0.26),
        glass=1.0,
    )
    fruit = (
        ((0.86, 0.36, 0.10), 0.085, 1.0),
        ((0.80, 0.68, 0.16), 0.075, 0.86),
        ((0.66, 0.12, 0.08), 0.07, 0.96),
        ((0.62, 0.60, 0.20), 0.08, 1.05),
        ((0.84, 0.52, 0.34), 0.075, 1.0),
    )
    for _ in range(int(chance.integers(4, 7))):
        colour, r, flat = fruit[int(chance.integers(len(fruit)))]
        table.ball(
            float(chance.uniform(0.28, 0.62)) * aspect, level + float(chance.uniform(0.0, 0.16)), r, colour, flat
        )
    gx, gy = float(chance.uniform(0.38, 0.5)) * aspect, level + 0.14
    for k in range(24):
        tone = ((0.20, 0.08, 0.22), (0.34, 0.12, 0.26), (0.12, 0.06, 0.16))[k % 3]
        table.ball(gx + float(chance.normal(0, 0.06)), gy + float(chance.normal(0, 0.03)), 0.026, tone, 1.0, 14.0)
    table.picture = np.clip(table.picture, 0, 1) ** 0.85
    scale = (size[0] * size[1]) ** 0.5 / 520
    sketch = Sketch(table.picture, table.angle, np.full(table.angle.shape, 0.05), "", [])
    sheet = Sheet(table.picture, size)
    brush.layer(sheet, sketch, 9000, 9 * scale, 3 * scale, 0.012, chance, 2)
    title = ("Still Life with Fruit and Jug", "Breakfast Piece", "Banquet with Grapes", "Fruit on a White Cloth")
    return sheet.finished(title[int(chance.integers(4))], 0.12)
