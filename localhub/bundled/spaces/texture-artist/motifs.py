"""Landscapes to paint: each motif lays out sky, water, trees and the like as soft fields of colour.

A field's x runs 0..1 to the right, its y 0..1 downwards. Nothing here knows of brushes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from brush import Dab
from noise import clouds
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Colour = tuple[float, float, float]
ROWS = 200


@dataclass
class Field:
    """A sketch in the making."""

    colour: Floats
    angle: Floats
    loose: Floats
    x: Floats
    y: Floats
    chance: np.random.Generator
    dabs: list[Dab]

    def lay(
        self, mask: Floats, colour: Floats | Colour, angle: Floats | float | None = None, loose: float | None = None
    ) -> None:
        """Covers where the mask is 1; strokes take the angle where it is given."""
        soft = np.clip(mask, 0, 1)[..., None]
        self.colour = self.colour * (1 - soft) + np.array(colour) * soft
        if angle is not None:
            self.angle = np.where(mask > 0.5, angle, self.angle)
        if loose is not None:
            self.loose = np.where(mask > 0.5, loose, self.loose)

    def wisps(self, roughness: float, x: float = 1.0, y: float = 1.0) -> Floats:
        """Noise; x and y say how busy it is across and down."""
        return clouds(self.x.shape, roughness, self.chance, (1 / x, 1 / y)).astype(np.float64)

    def line(self, level: float, height: float, roughness: float = 1.3) -> Floats:
        """A ragged horizon: for each column the y where it runs."""
        ragged = self.wisps(roughness)[ROWS // 3]
        return np.asarray(level + height * (ragged - ragged.min()) / max(float(np.ptp(ragged)), 1e-6) * -1)


def field(aspect: float, chance: np.random.Generator) -> Field:
    columns = max(60, round(ROWS * aspect / 20) * 20)  # sizes that transform fast
    y, x = np.meshgrid((np.arange(ROWS) + 0.5) / ROWS, (np.arange(columns) + 0.5) / columns, indexing="ij")
    return Field(np.zeros((ROWS, columns, 3)), np.zeros_like(x), np.full_like(x, 0.4), x, y, chance, [])


def ramp(t: Floats, *stops: Colour) -> Floats:
    """Colours blended evenly along t from 0 to 1."""
    place = np.clip(t, 0, 1) * (len(stops) - 1)
    table = np.array(stops)
    low = np.minimum(place.astype(int), len(stops) - 2)
    part = (place - low)[..., None]
    blended: Floats = table[low] * (1 - part) + table[low + 1] * part
    return blended


def edge(value: Floats, softness: float = 0.02) -> Floats:
    soft: Floats = np.clip(value / softness + 0.5, 0, 1)
    return soft


def sky(f: Field, horizon: float, stops: tuple[Colour, ...], cloud: Colour, cover: float) -> None:
    f.lay(edge(horizon + 0.05 - f.y), ramp(f.y / horizon, *stops), f.wisps(1.8, 0.5) * 0.25, 0.5)
    puffs = np.clip(f.wisps(1.7, 0.6, 1.5) * 0.6 + cover, 0, 0.85) * edge(horizon - f.y, 0.1)
    f.lay(puffs, cloud)


def mirrored(f: Field, horizon: float, tint: Colour, depth: float = 0.35) -> None:
    """Water below the horizon: the picture above upside down, pulled apart by ripples."""
    rows, columns = f.x.shape
    ripple = f.wisps(1.2, 0.25, 3.0) * (0.004 + 0.03 * np.clip(f.y - horizon, 0, 1))
    source_y = np.clip(((2 * horizon - f.y) + ripple * 2) * rows, 0, horizon * rows - 1).astype(int)
    source_x = np.clip((f.x + ripple) * columns, 0, columns - 1).astype(int)
    water = f.colour[source_y, source_x] * (1 - depth) + np.array(tint) * depth
    water *= 0.92 + 0.10 * np.clip(f.wisps(1.0, 0.3, 4.0), -1.5, 1.5)[..., None]
    f.lay(edge(f.y - horizon, 0.008), np.clip(water, 0, 1), f.wisps(1.0) * 0.06, 0.25)


def glints(f: Field, x: float, horizon: float, colour: Colour, count: int, spread: float) -> None:
    for _ in range(count):
        y = float(f.chance.uniform(horizon + 0.01, 0.98))
        wide = spread * (0.3 + y - horizon)
        f.dabs.append(
            Dab(float(x + f.chance.normal(0, wide)), y, float(f.chance.uniform(0.015, 0.05)), 0.007, 0.0, colour)
        )


def tree(f: Field, x: float, foot: float, height: float, width: float, dark: Colour, bright: Colour) -> None:
    """A crown of leaves, lit from the upper right."""
    shape = ((f.x - x) / width) ** 2 + ((f.y - (foot - height / 2)) / (height / 2)) ** 2
    mask = edge(1 - shape + 0.35 * f.wisps(1.2), 0.25)
    light = np.clip(
        0.5 + (f.x - x) / width * 0.35 - (f.y - foot + height / 2) / height * 0.7 + 0.22 * f.wisps(1.0), 0, 1
    )
    f.lay(mask, ramp(light, dark, bright), 1.1 + f.wisps(1.0) * 0.6, 0.9)


def scattered(
    f: Field, colours: tuple[Colour, ...], count: int, top: float, size: float, angle: float = 0.0, clumps: bool = True
) -> None:
    """Flowers or leaves: small and close together far away, large in front."""
    drift = f.wisps(1.6)
    for _ in range(count):
        t = float(f.chance.random()) ** 0.6
        y, x = top + (0.99 - top) * t, float(f.chance.random())
        i, j = int(y * (f.x.shape[0] - 1)), int(x * (f.x.shape[1] - 1))
        if clumps and drift[i, j] < 0.1:
            continue
        colour = colours[int(f.chance.integers(len(colours)))]
        reach = size * (0.25 + t) * float(f.chance.uniform(0.7, 1.3))
        f.dabs.append(Dab(x, y, reach, reach * 0.6, angle + float(f.chance.normal(0, 0.3)), colour))


def lilies(f: Field) -> str:
    f.colour[:] = ramp(
        f.y + 0.12 * f.wisps(1.5, 0.5, 1.5),
        (0.22, 0.34, 0.42),
        (0.34, 0.44, 0.62),
        (0.42, 0.40, 0.62),
        (0.20, 0.36, 0.36),
    )
    f.lay(np.clip(f.wisps(1.4, 2.2, 0.35) * 0.7 - 0.25, 0, 0.8), (0.16, 0.32, 0.22), np.pi / 2, 0.7)
    f.lay(np.clip(f.wisps(1.6) * 0.6 - 0.4, 0, 0.7), (0.72, 0.66, 0.76))
    for _ in range(int(f.chance.integers(9, 14))):
        y = float(f.chance.uniform(0.12, 0.92))
        x, wide = float(f.chance.uniform(0.02, 0.98)), 0.07 + 0.13 * y
        pad = ((f.x - x) / wide) ** 2 + ((f.y - y) / (wide * 0.36)) ** 2
        f.lay(
            edge(1 - pad + 0.3 * f.wisps(1.0), 0.2),
            ramp(np.clip(f.wisps(1.0) * 0.3 + 0.5, 0, 1), (0.18, 0.42, 0.30), (0.52, 0.66, 0.42), (0.44, 0.62, 0.60)),
            0.05,
            0.4,
        )
        for _ in range(int(f.chance.integers(2, 6))):
            spot = (x + float(f.chance.normal(0, wide * 0.4)), y + float(f.chance.normal(0, wide * 0.12)))
            for k in range(7):
                tone = ((0.96, 0.78, 0.84), (0.99, 0.94, 0.92), (0.88, 0.46, 0.60), (0.99, 0.90, 0.62))[k % 4]
                f.dabs.append(
                    Dab(
                        spot[0] + float(f.chance.normal(0, 0.010)),
                        spot[1] + float(f.chance.normal(0, 0.007)),
                        0.026,
                        0.011,
                        float(f.chance.uniform(-1.2, 1.2)),
                        tone,
                    )
                )
    return "Water Lilies"


def poppies(f: Field) -> str:
    sky(f, 0.42, ((0.42, 0.60, 0.82), (0.66, 0.78, 0.88), (0.90, 0.88, 0.80)), (0.97, 0.95, 0.92), 0.15)
    for x in np.linspace(0.05, 0.95, 7):
        tree(
            f,
            float(x + f.chance.normal(0, 0.03)),
            0.45,
            float(f.chance.uniform(0.08, 0.24)),
            0.08,
            (0.12, 0.25, 0.22),
            (0.40, 0.52, 0.30),
        )
    hill = f.line(0.46, 0.05)[None]
    slope = np.clip((f.y - 0.44) / 0.56, 0, 1)
    f.lay(
        edge(f.y - hill),
        ramp(
            slope + 0.14 * f.wisps(1.3, 0.6, 2.0),
            (0.70, 0.70, 0.42),
            (0.50, 0.60, 0.32),
            (0.42, 0.52, 0.28),
            (0.26, 0.40, 0.22),
        ),
        1.35 + f.wisps(1.0) * 0.3,
        0.8,
    )
    scattered(f, ((0.88, 0.14, 0.08), (0.95, 0.28, 0.14), (0.78, 0.08, 0.10)), 1000, 0.50, 0.022)
    scattered(f, ((0.98, 0.95, 0.82), (0.55, 0.50, 0.80)), 240, 0.52, 0.013)
    return "Poppy Field"


def sunrise(f: Field) -> str:
    horizon, x = 0.46, float(f.chance.uniform(0.3, 0.7))
    sky(f, horizon, ((0.42, 0.50, 0.66), (0.62, 0.58, 0.66), (0.93, 0.66, 0.45)), (0.95, 0.70, 0.50), 0.0)
    f.lay(edge(f.y - f.line(0.44, 0.10)[None]) * edge(horizon + 0.01 - f.y) * 0.7, (0.36, 0.42, 0.55))
    for _ in range(5):
        mast, tall = float(f.chance.random()), float(f.chance.uniform(0.1, 0.26))
        f.lay(
            edge(0.004 - np.abs(f.x - mast), 0.004) * edge(f.y - horizon + tall) * edge(horizon - f.y) * 0.6,
            (0.30, 0.36, 0.48),
        )
    sun = np.hypot((f.x - x) * f.x.shape[1] / f.x.shape[0], f.y - 0.28)
    f.lay(np.clip(1 - sun / 0.28, 0, 1) ** 2 * 0.6, (1.0, 0.62, 0.32))
    f.lay(edge(0.042 - sun, 0.01), (1.0, 0.42, 0.16))
    mirrored(f, horizon, (0.40, 0.52, 0.58), 0.4)
    glints(f, x, horizon, (1.0, 0.52, 0.24), 90, 0.035)
    for place, low in ((float(f.chance.uniform(0.2, 0.8)), 0.66), (float(f.chance.uniform(0.1, 0.9)), 0.54)):
        boat(f, place, low, 0.10 * (low + 0.2), False)
    return "Harbour at Sunrise"


def boat(f: Field, x: float, y: float, size: float, sail: bool) -> None:
    hull = edge(1 - ((f.x - x) / size) ** 2 - ((f.y - y) / (size * 0.28)) ** 2, 0.3) * edge(f.y - y + 0.006, 0.01)
    f.lay(hull, (0.14, 0.18, 0.26), 0.0, 0.1)
    if not sail:
        for k in (-0.3, 0.25):
            f.dabs.append(Dab(x + k * size, y - size * 0.3, size * 0.8, size * 0.2, 1.5, (0.12, 0.16, 0.24)))
        return
    tall = size * 3.0
    cloth = edge(f.y - (y - tall), 0.01) * edge(y - 0.01 - f.y, 0.01)
    for side, tone in ((1, (0.98, 0.95, 0.86)), (-1, (0.90, 0.84, 0.80))):
        reach = (f.y - (y - tall)) / tall * size * (1.0 if side > 0 else 0.7)
        f.lay(cloth * edge((f.x - x) * side, 0.006) * edge(reach - (f.x - x) * side, 0.01), tone, 1.4, 0.2)


def regatta(f: Field) -> str:
    horizon = 0.44
    sky(f, horizon, ((0.36, 0.56, 0.86), (0.58, 0.74, 0.92), (0.86, 0.90, 0.90)), (0.98, 0.97, 0.95), 0.25)
    for x in (0.06, 0.16, 0.84, 0.95):
        tree(f, x, horizon + 0.02, float(f.chance.uniform(0.14, 0.3)), 0.09, (0.14, 0.30, 0.22), (0.48, 0.60, 0.32))
    for x in (0.30, 0.38, 0.66, 0.73):
        f.lay(
            edge(0.03 - np.abs(f.x - x), 0.01) * edge(f.y - 0.38, 0.01) * edge(horizon - f.y, 0.01), (0.92, 0.84, 0.74)
        )
        f.lay(
            edge(0.036 - np.abs(f.x - x), 0.01) * edge(f.y - 0.355, 0.01) * edge(0.382 - f.y, 0.01), (0.76, 0.34, 0.24)
        )
    for x in sorted(f.chance.uniform(0.12, 0.88, 4)):
        boat(f, float(x), horizon + 0.03, float(f.chance.uniform(0.045, 0.08)), True)
    mirrored(f, horizon + 0.045, (0.28, 0.50, 0.74), 0.3)
    for _ in range(160):
        y = float(f.chance.uniform(0.52, 0.98))
        f.dabs.append(
            Dab(
                float(f.chance.random()),
                y,
                0.05 * y,
                0.009,
                0.0,
                ((0.95, 0.96, 0.95), (0.20, 0.38, 0.62), (0.92, 0.70, 0.46))[int(f.chance.integers(3))],
            )
        )
    return "Regatta"


def haystacks(f: Field) -> str:
    sky(f, 0.40, ((0.62, 0.66, 0.86), (0.92, 0.78, 0.66), (1.0, 0.82, 0.50)), (1.0, 0.84, 0.72), 0.0)
    f.lay(edge(f.y - f.line(0.39, 0.08)[None]), (0.46, 0.50, 0.66))
    f.lay(
        edge(f.y - 0.42, 0.03),
        ramp(
            (f.y - 0.42) / 0.58 + 0.15 * f.wisps(1.2, 0.4, 2.0),
            (0.90, 0.74, 0.44),
            (0.80, 0.60, 0.42),
            (0.62, 0.46, 0.50),
        ),
        f.wisps(1.0) * 0.2,
        0.7,
    )
    for x, y, size in (
        (float(f.chance.uniform(0.26, 0.42)), 0.74, 0.2),
        (float(f.chance.uniform(0.66, 0.82)), 0.58, 0.12),
    ):
        shade = edge(1 - ((f.x - x + size * 1.1) / (size * 1.5)) ** 2 - ((f.y - y) / (size * 0.2)) ** 2, 0.3)
        f.lay(shade * 0.75, (0.36, 0.32, 0.52), 0.0, 0.5)
        side = np.clip(0.5 + (f.x - x) / size * 0.5 + 0.1 * f.wisps(0.8), 0, 1)
        body = (
            edge(size * 0.72 - np.abs(f.x - x) + (f.y - y) * 0.15, 0.02)
            * edge(y - f.y, 0.02)
            * edge(f.y - y + size, 0.02)
        )
        f.lay(body, ramp(side, (0.46, 0.28, 0.34), (0.86, 0.52, 0.28), (1.0, 0.80, 0.46)), 1.5, 0.8)
        roof = (
            edge(size * 0.95 * (1 - (y - size * 0.7 - f.y) / (size * 1.1)) - np.abs(f.x - x), 0.02)
            * edge(y - size * 0.7 - f.y, 0.02)
            * edge(f.y - y + size * 1.8, 0.02)
        )
        f.lay(roof, ramp(side, (0.40, 0.26, 0.38), (0.78, 0.46, 0.30), (1.0, 0.74, 0.42)), 1.0, 0.8)
    return "Haystacks, Evening"


Motif = Callable[[Field], str]
