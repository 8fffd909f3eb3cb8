"""Glass pyramid before a palace, stone pyramid, triumphal arch, palace."""

import math

import numpy as np
from facade import column, pediment, windows
from outlines import Outline, arch, blob, disc, dome, strip, trapezoid, triangle
from palette import Palette
from sketch import Material, Sketch


def glass_pyramid(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A pyramid of glass diamonds in front of the wings of a palace with slate roofs."""
    for side in (-1, 1):
        _wing(sketch, p, side * 0.19, side * 0.62, 0.26, -0.45)
        _pavilion(sketch, p, side * 0.56, 0.24, 0.33, -0.35)
    _pavilion(sketch, p, 0.0, 0.36, 0.44, -0.35)
    sketch.box(-0.72, -0.03, 0.72, 0.0, p.stone.patterned("blocks", 0.02).toned(0.95), 0.5)
    tall, half = 0.36 + 0.02 * float(rng.random()), 0.36
    for x, scale in ((-0.52, 0.26), (0.52, 0.26), (0.0, 1.0)):
        _pyramid(sketch, p, x, tall * scale, half * scale)


def _pyramid(sketch: Sketch, p: Palette, x: float, tall: float, half: float) -> None:
    glass = p.glass.patterned("plain")
    sketch.add(triangle(x, 0, tall, 2 * half), glass.toned(0.95), 0.3, "flat", (-0.10, 0.75))
    rows = 12 if tall > 0.2 else 5
    for row in range(rows):
        for cell in range(-row, row + 1):
            if (row + cell) % 2 == 0:
                shade = 0.72 + 0.55 * ((math.sin(row * 12.9 + cell * 78.2) * 43758.5) % 1.0) * (1 - 0.4 * row / rows)
                top, step = tall * (1 - row / rows), tall / rows
                cx, wide = x + half * cell / rows, half / rows
                bottom = max(0.0, top - 2 * step)
                pane = [(cx, top), (cx + wide, max(0.0, top - step)), (cx, bottom), (cx - wide, max(0.0, top - step))]
                sketch.add(pane, glass.toned(shade), 0.3, "flat", (-0.2, 0.7))
    bars: list[Outline] = []
    for row in range(rows + 1):
        share = row / rows
        bars.append(strip((x - half * (1 - share), tall * share), (x + half * (2 * share - 1), 0), 0.0042))
        bars.append(strip((x + half * (1 - share), tall * share), (x - half * (2 * share - 1), 0), 0.0042))
    sketch.add(bars, p.stone.patterned("plain").toned(1.12), 0.31)
    sketch.add(
        [
            strip((x - half, 0), (x, tall), 0.008),
            strip((x + half, 0), (x, tall), 0.008),
            strip((x - half, 0.002), (x + half, 0.002), 0.008),
        ],
        p.iron.toned(1.5),
        0.32,
    )
    if tall > 0.2:
        sketch.box(x - 0.045, 0, x + 0.045, 0.075, p.iron.toned(1.4), 0.38)
        sketch.box(x - 0.038, 0, x + 0.038, 0.066, p.dark.toned(1.6), 0.33)
        sketch.box(x - 0.002, 0, x + 0.002, 0.066, p.iron.toned(1.4), 0.36)


def _wing(sketch: Sketch, p: Palette, x0: float, x1: float, top: float, depth: float) -> None:
    """Two storeys of round and square windows, a balustrade, a mansard with dormers."""
    stone, count = p.stone.patterned("blocks", 0.018), max(3, round(abs(x1 - x0) / 0.075))
    sketch.box(x0, 0, x1, top, stone, depth)
    windows(sketch, p, x0, x1, 0.03, count, 0.030, 0.085, depth)
    windows(sketch, p, x0, x1, 0.155, count, 0.026, 0.070, depth, "square")
    for i in range(count + 1):
        x = x0 + (x1 - x0) * i / count
        sketch.box(x - 0.007, 0.0, x + 0.007, top, stone.patterned("plain").toned(1.07), depth + 0.02)
    centre, wide = (x0 + x1) / 2, abs(x1 - x0)
    sketch.band(centre, 0.135, wide, 0.010, stone, depth + 0.03)
    sketch.band(centre, top, wide * 1.01, 0.014, stone, depth + 0.04)
    sketch.add(trapezoid(centre, top + 0.012, top + 0.095, wide, wide * 0.94), p.roof, depth - 0.03, "flat", (0, 0.45))
    for i in range(count):
        x = x0 + (x1 - x0) * (i + 0.5) / count
        sketch.box(x - 0.014, top + 0.012, x + 0.014, top + 0.052, stone.patterned("plain"), depth)
        sketch.add(triangle(x, top + 0.052, top + 0.066, 0.034), stone.patterned("plain").toned(1.06), depth + 0.01)
        sketch.box(x - 0.008, top + 0.016, x + 0.008, top + 0.046, p.dark, depth - 0.02)


def _pavilion(sketch: Sketch, p: Palette, x: float, wide: float, top: float, depth: float) -> None:
    """A taller block with columns, a curved gable and a square dome."""
    stone = p.stone.patterned("blocks", 0.018)
    sketch.box(x - wide / 2, 0, x + wide / 2, top, stone, depth)
    sketch.add(
        [
            (x - wide * 0.46, top),
            (x - wide * 0.40, top + 0.09),
            (x - wide * 0.26, top + 0.15),
            (x + wide * 0.26, top + 0.15),
            (x + wide * 0.40, top + 0.09),
            (x + wide * 0.46, top),
        ],
        p.roof,
        depth,
        "flat",
        (0, 0.35),
    )
    sketch.band(x, top + 0.15, wide * 0.54, 0.012, p.roof.patterned("plain"), depth + 0.05)
    windows(sketch, p, x - wide / 2, x + wide / 2, 0.03, 3, 0.034, 0.095, depth)
    windows(sketch, p, x - wide / 2, x + wide / 2, 0.165, 3, 0.030, 0.080, depth)
    for i in range(4):
        column(sketch, stone.toned(1.05), x - wide / 2 + 0.014 + (wide - 0.028) * i / 3, 0.14, top, 0.018, depth + 0.02)
    sketch.band(x, 0.135, wide * 1.02, 0.012, stone, depth + 0.04)
    sketch.band(x, top, wide * 1.04, 0.014, stone, depth + 0.06)
    pediment(sketch, p, x, top + 0.014, wide * 0.62, 0.055, depth + 0.05)


def stone_pyramid(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Courses of stone seen with one face in the sun and one in shade."""
    edge = 0.18 + 0.08 * float(rng.random())
    stone = p.stone.patterned("blocks", 0.028)
    sketch.add([(-0.62, 0), (edge, 0), (0.0, 0.72)], stone.toned(1.05), 0.0, "flat", (-0.35, 0.5))
    sketch.add([(edge, 0), (0.62, 0), (0.0, 0.72)], stone.toned(0.70), 0.0, "flat", (0.6, 0.4))


def triumphal_arch(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Two great piers with carved groups, one vault between, a frieze and an attic."""
    half, tall, passage = 0.45, 0.98, 0.29 + 0.02 * float(rng.random())
    stone = p.stone.patterned("blocks", 0.030)
    sketch.box(-half, 0, half, tall, stone)
    sketch.add(arch(0, 0, 0.60, passage * 1.22), stone.patterned("plain").toned(1.06), 0.03)
    sketch.cut(arch(0, -0.05, 0.575, passage))
    for side in (-1, 1):
        x = side * (half + passage / 2) / 2
        sketch.box(x - 0.150, 0, x + 0.150, 0.085, stone.patterned("plain").toned(1.03), 0.06)
        sketch.band(x, 0.085, 0.31, 0.012, stone, 0.08)
        sketch.box(x - 0.075, 0.10, x + 0.075, 0.125, stone.toned(1.05), 0.09)
        _relief(sketch, p, x, 0.125, 0.105, 0.255, rng)
        sketch.box(x - 0.105, 0.475, x + 0.105, 0.60, stone.patterned("plain").toned(1.03), 0.015)
        sketch.box(x - 0.092, 0.487, x + 0.092, 0.588, stone.patterned("carved", 0.022).toned(0.86), 0.0)
        sketch.add(
            [(side * passage * 0.50, 0.592), (side * passage * 0.60, 0.592), (side * passage * 0.60, 0.46)],
            stone.patterned("carved", 0.02).toned(0.9),
            0.04,
        )
    sketch.band(0, 0.425, 2 * half, 0.014, stone, 0.04)
    sketch.cut(arch(0, -0.05, 0.575, passage))
    sketch.band(0, 0.635, 2 * half + 0.02, 0.014, stone, 0.06)
    sketch.box(-half, 0.65, half, 0.715, stone.patterned("carved", 0.018).toned(0.92), 0.01)
    sketch.band(0, 0.72, 2 * half + 0.09, 0.026, stone.patterned("plain"), 0.12)
    sketch.box(-half + 0.015, 0.746, half - 0.015, 0.92, stone, -0.01)
    for x in np.linspace(-half + 0.06, half - 0.06, 9):
        sketch.box(float(x) - 0.034, 0.775, float(x) + 0.034, 0.875, stone.patterned("plain").toned(1.06), 0.01)
        sketch.box(float(x) - 0.024, 0.785, float(x) + 0.024, 0.865, stone.patterned("plain").toned(0.85), 0.0)
        sketch.add(dome(float(x), 0.80, 0.014, 0.05), stone.patterned("plain"), 0.01, "round")
    sketch.band(0, 0.915, 2 * half + 0.03, 0.016, stone.patterned("plain"), 0.06)
    sketch.box(-half + 0.01, 0.93, half - 0.01, tall, stone.toned(1.02), 0.0)
    for x in np.linspace(-half + 0.03, half - 0.03, 23):
        sketch.box(float(x) - 0.010, 0.945, float(x) + 0.010, 0.985, stone.patterned("carved", 0.01).toned(0.95), 0.02)
    sketch.band(0, 0.985, 2 * half + 0.02, 0.012, stone.patterned("plain"), 0.05)


def _relief(sketch: Sketch, p: Palette, x: float, y: float, half: float, tall: float, rng: np.random.Generator) -> None:
    """A carved group in high relief: standing figures, a winged one striding above them."""
    stone = p.stone.patterned("plain")
    sketch.add(trapezoid(x, y, y + tall * 0.80, half * 1.9, half * 1.3), stone.toned(0.80), 0.02)
    places = [
        (-0.30, 0.40, 0.70),
        (0.32, 0.36, 0.72),
        (0.0, 0.45, 0.86),
        (-0.66, 0.0, 0.62),
        (0.64, 0.0, 0.64),
        (-0.22, 0.0, 0.60),
        (0.24, 0.0, 0.58),
    ]
    for i, (across, foot, size) in enumerate(places):
        centre = x + half * across + float(rng.uniform(-0.004, 0.004))
        _figure(
            sketch,
            stone.toned(0.94 + 0.025 * i),
            centre,
            y + tall * foot,
            tall * size * 0.74,
            0.05 + 0.008 * i,
            float(rng.uniform(-0.3, 0.3)),
        )
    for side in (-1, 1):
        wing = blob(
            [
                (x, y + tall * 0.80),
                (x + side * half * 0.45, y + tall * 1.10),
                (x + side * half * 0.95, y + tall * 1.12),
                (x + side * half * 0.5, y + tall * 0.82),
            ]
        )
        sketch.add(wing, stone.patterned("scales", 0.014), 0.06, "soft")


def _figure(sketch: Sketch, stone: Material, x: float, y: float, tall: float, depth: float, lean: float) -> None:
    """A draped person: robe, shoulders, head, an arm."""
    drift = lean * tall * 0.3
    profile = [(0.0, 0.15), (0.25, 0.125), (0.5, 0.10), (0.66, 0.13), (0.78, 0.12), (0.84, 0.04)]
    left = [(x + drift * h - tall * w, y + tall * h) for h, w in profile]
    right = [(x + drift * h + tall * w, y + tall * h) for h, w in reversed(profile)]
    sketch.add(left + right, stone, depth, "round")
    sketch.add(
        [
            strip((x + tall * f, y), (x + drift * 0.5 + tall * f * 0.4, y + tall * 0.55), tall * 0.018)
            for f in (-0.07, 0.0, 0.07)
        ],
        stone.toned(0.75),
        depth + 0.01,
    )
    sketch.add(
        disc(x + drift * 0.92, y + tall * 0.915, tall * 0.065, tall * 0.08, 16), stone.toned(1.08), depth + 0.01, "soft"
    )
    hand = (x + drift + tall * 0.24 * (1 if lean > 0 else -1), y + tall * (0.95 if abs(lean) > 0.15 else 0.5))
    sketch.add(strip((x + drift * 0.75, y + tall * 0.74), hand, tall * 0.06), stone.toned(1.04), depth + 0.015)


def palace(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Long wings of windows between three pavilions."""
    for side in (-1, 1):
        _wing(sketch, p, side * 0.12, side * 0.72, 0.28, 0.0)
        _pavilion(sketch, p, side * 0.72, 0.24 + 0.03 * float(rng.random()), 0.32, 0.08)
    _pavilion(sketch, p, 0.0, 0.34, 0.38, 0.1)
