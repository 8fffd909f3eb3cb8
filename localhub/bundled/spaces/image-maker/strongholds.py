"""Castle, bridges, amphitheatre, house, gate: walls and spans."""

import itertools
import math

import numpy as np
from facade import battlements, window, windows
from outlines import arch, rectangle, strip, trapezoid, triangle
from palette import Palette
from sketch import Sketch


def amphitheatre(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Three tiers of arches around an oval, half of the outer wall higher."""
    stone, side = p.stone.patterned("blocks", 0.022), -1 if rng.random() < 0.7 else 1

    def sag(x: float) -> float:
        """How much nearer, so lower in the picture, the round wall comes at x."""
        return 0.075 * math.sqrt(max(0.0, 1 - (x / 0.80) ** 2))

    ground = [(float(x), 0.08 - sag(float(x))) for x in np.linspace(-0.80, 0.80, 61)]
    broken = [
        (x, y + 0.365 + 0.13 * max(0.0, min(1.0, (side * x + 0.08) * 5 + 0.1 * float(rng.random())))) for x, y in ground
    ]
    sketch.add(ground + broken[::-1], stone, 0.0, "round")
    for tier in range(4):
        for i in range(21):
            across = math.sin(math.radians(-81 + 8.1 * i))
            squeeze = max(0.22, math.sqrt(1 - across**2))
            x, y = 0.80 * across, 0.09 + 0.122 * tier - sag(0.80 * across)
            if tier == 3:
                if side * x > 0.14:
                    sketch.box(x - 0.010 * squeeze, y + 0.03, x + 0.010 * squeeze, y + 0.065, p.dark.toned(1.5), 0.7)
                continue
            sketch.add(arch(x, y, y + 0.088, 0.058 * squeeze), p.dark.toned(1.3), 0.75 * squeeze)
            sketch.box(
                x + 0.050 * squeeze - 0.005,
                y,
                x + 0.050 * squeeze + 0.005,
                y + 0.105,
                stone.patterned("plain").toned(1.08),
                0.83 * squeeze,
                "round",
            )
        if tier < 3:
            ledge = [(x, y + 0.108 + 0.122 * tier) for x, y in ground]
            sketch.add(
                ledge + [(x, y + 0.016) for x, y in reversed(ledge)],
                stone.patterned("plain").toned(1.08),
                0.03,
                "round",
            )


def castle(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Battlemented walls, a gatehouse and round towers with pointed roofs."""
    stone = p.stone.patterned("blocks", 0.026).toned(0.92)
    sketch.box(-0.20, 0, 0.20, 0.74, stone.toned(0.95), -0.3)
    battlements(sketch, stone, -0.21, 0.21, 0.74, 0.035, -0.28)
    windows(sketch, p, -0.18, 0.18, 0.52, 3, 0.035, 0.09, -0.3, "pointed")
    sketch.box(-0.55, 0, 0.55, 0.32, stone)
    battlements(sketch, stone, -0.55, 0.55, 0.32, 0.035, 0.0)
    for x, tall, half in ((-0.55, 0.52, 0.11), (0.55, 0.52, 0.11), (-0.27, 0.62, 0.075), (0.27, 0.62, 0.075)):
        tall += 0.06 * float(rng.random())
        sketch.box(x - half, 0, x + half, tall, stone.toned(1.04), 0.08, "round")
        sketch.box(x - half * 1.14, tall, x + half * 1.14, tall + 0.06, stone.toned(1.08), 0.08, "round")
        sketch.add(triangle(x, tall + 0.055, tall + 0.055 + half * 2.8, half * 2.4), p.roof, 0.08, "round")
        for y in (0.14, 0.34):
            window(sketch, p, x, y, 0.028, 0.075, 0.08 + half, "pointed")
        sketch.box(x - 0.003, tall + half * 2.8, x + 0.003, tall + half * 2.8 + 0.14, p.iron, 0.1)
        sketch.add(
            [(x, tall + half * 2.8 + 0.14), (x + 0.07, tall + half * 2.8 + 0.12), (x, tall + half * 2.8 + 0.09)],
            p.accent,
            0.1,
        )
    sketch.box(-0.13, 0, 0.13, 0.38, stone.toned(1.05), 0.06)
    battlements(sketch, stone, -0.13, 0.13, 0.38, 0.028, 0.06)
    sketch.add(arch(0, 0, 0.25, 0.17, True), stone.patterned("plain").toned(1.12), 0.08)
    sketch.add(arch(0, 0, 0.23, 0.135, True), p.wood.toned(0.6).patterned("wood", 0.02), 0.0)


def stone_bridge(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Arches of stone on piers, the middle one widest."""
    stone, count = p.stone.patterned("blocks", 0.024), int(rng.integers(2, 4)) * 2 - 1
    deck = [(x, 0.30 + 0.07 * (1 - (x / 0.95) ** 2)) for x in np.linspace(-0.95, 0.95, 31)]
    sketch.add([(-0.95, 0.0), (0.95, 0.0), *[(float(x), y) for x, y in reversed(deck)]], stone)
    sketch.add(
        [(float(x), y - 0.02) for x, y in deck] + [(float(x), y + 0.045) for x, y in reversed(deck)],
        stone.toned(1.06),
        0.04,
    )
    sketch.add(
        [(float(x), y + 0.03) for x, y in deck] + [(float(x), y + 0.05) for x, y in reversed(deck)],
        stone.patterned("plain").toned(1.1),
        0.07,
    )
    gap = 1.7 / count
    for i in range(count):
        x = (i - (count - 1) / 2) * gap
        top = 0.25 + 0.05 * (1 - (x / 0.95) ** 2)
        sketch.add(arch(x, 0, top + 0.018, gap * 0.86), stone.patterned("plain").toned(1.05), 0.02)
        sketch.cut(arch(x, -0.05, top, gap * 0.76))
    for i in range(count + 1):
        x = (i - count / 2) * gap
        sketch.add(triangle(x, 0.0, 0.17, gap * 0.18), stone.toned(1.04), 0.08)


def suspension_bridge(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Two portal towers, hanging cables, a deck on hangers."""
    iron, tower = p.iron, 0.60 + 0.05 * float(rng.random())
    sketch.box(-1.0, 0.20, 1.0, 0.25, iron, 0.0)
    sketch.add([strip((x, 0.20), (x + 0.05, 0.25), 0.006) for x in np.arange(-1.0, 0.96, 0.05)], iron.toned(1.3), 0.02)
    cable = [
        (
            float(x),
            0.27 + (tower - 0.29) * (abs(x) / 0.55) ** 2
            if abs(x) <= 0.55
            else tower - 0.02 - (abs(float(x)) - 0.55) / 0.45 * (tower - 0.27),
        )
        for x in np.linspace(-1.0, 1.0, 81)
    ]
    sketch.add([strip(a, b, 0.016) for a, b in itertools.pairwise(cable)], iron.toned(1.1), 0.03)
    sketch.add([strip((x, 0.24), (x, y), 0.007) for x, y in cable[2::2]], iron, 0.0)
    for x in (-0.55, 0.55):
        sketch.box(x - 0.045, 0, x + 0.045, tower, iron.toned(1.05), 0.05)
        for y in (0.30, 0.42, 0.54):
            sketch.box(x - 0.026, y, x + 0.026, y + 0.07, iron.toned(0.7), 0.03)
        sketch.box(x - 0.065, -0.02, x + 0.065, 0.10, p.stone, 0.08)
        sketch.band(x, tower, 0.11, 0.015, iron, 0.08)


def house(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A gabled house with a door, windows and a chimney."""
    wall = p.stone.patterned(str(rng.choice(["bricks", "blocks", "wood"])), 0.026)  # type: ignore[arg-type]
    side = -1 if rng.random() < 0.5 else 1
    sketch.box(side * 0.16, 0.5, side * 0.25, 0.84, wall.patterned("bricks", 0.02).toned(0.85), -0.05)
    sketch.box(side * 0.15, 0.82, side * 0.26, 0.85, wall.patterned("plain"), 0.0)
    sketch.box(-0.36, 0, 0.36, 0.44, wall)
    sketch.add(triangle(0, 0.42, 0.80, 0.90), p.roof.toned(0.8), 0.06)
    sketch.add(triangle(0, 0.43, 0.73, 0.72), wall, 0.0)
    for x in (-0.22, 0.22):
        window(sketch, p, x, 0.15, 0.11, 0.15, 0.0, "square")
        for shutter in (-0.085, 0.085):
            sketch.box(x + shutter - 0.024, 0.15, x + shutter + 0.024, 0.30, p.accent.patterned("wood", 0.02), 0.02)
    window(sketch, p, 0.0, 0.47, 0.08, 0.12, 0.0)
    sketch.box(-0.075, 0, 0.075, 0.265, p.stone.patterned("plain").toned(1.1), 0.02)
    sketch.box(-0.058, 0, 0.058, 0.25, p.accent.toned(0.75).patterned("wood", 0.06), 0.0)
    sketch.box(-0.42, -0.025, 0.42, 0.015, p.stone.patterned("blocks", 0.02).toned(0.8), 0.1)


def torii(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A gate of two pillars under two beams, the upper one curved."""
    red = p.accent.toned(1.0)
    for side in (-1, 1):
        sketch.add(trapezoid(side * 0.30, 0, 0.74, 0.095, 0.08), red, 0.0, "round")
        sketch.box(side * 0.30 - 0.065, 0, side * 0.30 + 0.065, 0.06, p.dark.toned(1.6), 0.02, "round")
    sketch.box(-0.43, 0.52, 0.43, 0.58, red, 0.05)
    sketch.box(-0.03, 0.58, 0.03, 0.72, red.toned(0.85), 0.05)
    top = [(float(x), 0.72 + 0.06 * (x / 0.55) ** 2) for x in np.linspace(-0.55, 0.55, 21)]
    sketch.add(top + [(x * 1.03, y + 0.06) for x, y in reversed(top)], red, 0.06)
    sketch.add([(x * 1.03, y + 0.055) for x, y in top] + [(x * 1.07, y + 0.10) for x, y in reversed(top)], p.roof, 0.09)
    sketch.add(rectangle(-0.045, 0.585, 0.045, 0.715), p.gilt, 0.09)
