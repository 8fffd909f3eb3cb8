"""Tall things: lattice tower, clock tower, lighthouse, obelisk, skyscraper, pagoda, windmill, round towers."""

import itertools
import math

import numpy as np
from facade import battlements, drum_dome, window
from outlines import Outline, arch, disc, dome, lathe, path, rectangle, strip, trapezoid, triangle, turned
from palette import Palette
from sketch import Sketch


def lattice_tower(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Four curved legs of riveted iron on an arch, two platforms, a tapering spire."""
    base, low, mid = 0.335 + 0.02 * float(rng.random()), 0.19, 0.37
    iron, deep = p.iron, p.iron.toned(0.55)

    def outer(y: float) -> float:
        return base * math.exp(-4.3 * y) * (1 - 0.3 * y) + 0.015

    def inner(y: float) -> float:
        return max(0.0, (base - 0.125) * (1 - y / 0.46) ** 1.45) if y < 0.46 else 0.0

    levels = [i * 0.95 / 60 for i in range(61)]
    for side in (-1, 1):
        leg = [y for y in levels if y <= 0.47]
        edge = [(side * outer(y), y) for y in leg] + [(side * inner(y), y) for y in reversed(leg)]
        sketch.add(edge, deep, 0.0)
        cells = [0.0, 0.045, 0.09, 0.135, 0.18, 0.225, 0.265, 0.305, 0.34, 0.375, 0.405, 0.435, 0.46]
        bars: list[Outline] = []
        for y0, y1 in itertools.pairwise(cells):
            a0, a1, b0, b1 = side * outer(y0), side * outer(y1), side * inner(y0), side * inner(y1)
            centre0, centre1 = (a0 + b0) / 2, (a1 + b1) / 2
            for left0, left1, right0, right1 in ((a0, a1, centre0, centre1), (centre0, centre1, b0, b1)):
                bars += [strip((left0, y0), (right1, y1), 0.0055), strip((right0, y0), (left1, y1), 0.0055)]
            bars += [strip((a1, y1), (b1, y1), 0.006), strip((centre0, y0), (centre1, y1), 0.007)]
        sketch.add(bars, iron.toned(1.05), 0.03)
        for rail in (outer, inner):
            sketch.add(path([(side * rail(y), y) for y in leg], 0.014), iron.toned(1.15), 0.05)
        sketch.box(
            side * (inner(0) - 0.02), -0.025, side * (outer(0) + 0.02), 0.02, p.stone.patterned("blocks", 0.012), 0.08
        )
    spire = [y for y in levels if y >= 0.44]
    sketch.add(lathe(0.0, [(y, outer(y)) for y in spire]), deep, 0.0)
    bars, y = [], 0.44
    while y < 0.90:
        y1 = y + max(0.012, outer(y) * 0.9)
        bars += [
            strip((-outer(y), y), (outer(y1), y1), 0.0048),
            strip((outer(y), y), (-outer(y1), y1), 0.0048),
            strip((-outer(y1), y1), (outer(y1), y1), 0.005),
        ]
        y = y1
    sketch.add(bars, iron.toned(1.05), 0.03)
    for side in (-1, 1):
        sketch.add(path([(side * outer(y), y) for y in spire], 0.010), iron.toned(1.15), 0.05)
    _arch_ring(sketch, p, inner(0.02), low)
    for height, thick in ((low, 0.042), (mid, 0.030)):
        half = outer(height) + 0.018
        sketch.box(-half, height - thick / 2, half, height + thick / 2, iron.toned(0.95), 0.06)
        posts = np.linspace(-half, half, round(half * 110))
        sketch.add(
            [rectangle(x - 0.0018, height - thick * 0.32, x + 0.0018, height + thick * 0.32) for x in posts],
            iron.toned(1.3),
            0.07,
        )
        sketch.box(-half - 0.01, height + thick * 0.40, half + 0.01, height + thick * 0.58, iron.toned(1.25), 0.09)
        sketch.box(-half - 0.01, height - thick * 0.58, half + 0.01, height - thick * 0.42, iron.toned(1.2), 0.09)
    sketch.box(-0.030, 0.885, 0.030, 0.903, iron, 0.08)
    sketch.add(dome(0.0, 0.903, 0.022, 0.035), iron.toned(1.1), 0.06, "round")
    sketch.box(-0.005, 0.93, 0.005, 1.04, iron.toned(1.1), 0.05, "round")


def _arch_ring(sketch: Sketch, p: Palette, half: float, top: float) -> None:
    rise = top - 0.035
    bow = [(half * math.cos(t) * 1.02, 0.04 + (rise - 0.04) * math.sin(t)) for t in np.linspace(0, math.pi, 33)]
    under = [(x * 0.90, 0.04 + (y - 0.04) * 0.90) for x, y in bow]
    sketch.add(path(bow, 0.011), p.iron.toned(1.2), 0.06)
    sketch.add(path(under, 0.009), p.iron.toned(1.1), 0.05)
    sketch.add([strip(a, b, 0.004) for a, b in zip(bow, under, strict=True)], p.iron, 0.04)
    sketch.add([strip(a, b, 0.004) for a, b in zip(bow[1:], under, strict=False)], p.iron, 0.04)


def clock_tower(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A square tower with a clock under a steep spire."""
    half, tall = 0.11 + 0.01 * rng.random(), 0.70
    stone = p.stone.patterned("blocks", 0.02)
    sketch.box(-half, 0, half, tall, stone)
    for x in (-0.92, -0.46, 0.0, 0.46, 0.92):
        sketch.box(half * x - 0.008, 0.04, half * x + 0.008, tall - 0.02, stone.patterned("plain").toned(1.06), 0.02)
    for y in np.arange(0.06, tall - 0.1, 0.10):
        for x in (-0.69, -0.23, 0.23, 0.69):
            window(sketch, p, half * x, float(y), 0.020, 0.065, 0.0, "pointed")
        sketch.band(0, float(y) + 0.082, half * 2.05, 0.008, stone, 0.025)
    sketch.box(-half * 1.14, tall, half * 1.14, tall + 0.25, stone.toned(1.03), 0.03)
    sketch.add(disc(0, tall + 0.125, half * 0.92), p.gilt, 0.05)
    sketch.add(disc(0, tall + 0.125, half * 0.80), p.stone.patterned("plain").toned(1.25), 0.045)
    marks = [
        turned(
            rectangle(-0.003, tall + 0.125 + half * 0.62, 0.003, tall + 0.125 + half * 0.76), 0, tall + 0.125, 30.0 * i
        )
        for i in range(12)
    ]
    sketch.add(marks, p.dark, 0.046)
    for length, turn in ((0.66, float(rng.uniform(0, 360))), (0.44, float(rng.uniform(0, 360)))):
        sketch.add(
            turned(rectangle(-0.005, tall + 0.12, 0.005, tall + 0.125 + half * length), 0, tall + 0.125, turn),
            p.dark,
            0.055,
        )
    sketch.band(0, tall + 0.25, half * 2.5, 0.018, stone, 0.06)
    sketch.add(trapezoid(0, tall + 0.268, tall + 0.36, half * 2.2, half * 1.3), p.roof, 0.03, "flat", (0.0, 0.35))
    sketch.box(-half * 0.62, tall + 0.36, half * 0.62, tall + 0.42, stone.toned(1.05), 0.03)
    for x in (-0.4, 0.0, 0.4):
        sketch.add(arch(half * x, tall + 0.365, tall + 0.415, half * 0.24), p.dark, 0.0)
    sketch.add(triangle(0, tall + 0.42, tall + 0.62, half * 1.4), p.roof, 0.03, "round")
    sketch.add(triangle(0, tall + 0.60, tall + 0.68, 0.012), p.gilt, 0.05)


def lighthouse(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A tapering striped tower with a gallery and a lamp room."""
    foot, head = 0.17, 0.10
    stripes = int(rng.integers(4, 7))
    white = p.stone.patterned("plain").toned(1.18)
    for i in range(stripes):
        y0, y1 = 0.75 * i / stripes, 0.75 * (i + 1) / stripes
        widths = [foot + (head - foot) * t for t in (i / stripes, (i + 1) / stripes)]
        sketch.add(trapezoid(0, y0, y1, 2 * widths[0], 2 * widths[1]), p.accent if i % 2 == 0 else white, 0.0, "round")
    for y in (0.18, 0.40, 0.58):
        window(sketch, p, 0.0, y, 0.03, 0.055, 0.16)
    sketch.add(arch(0, 0, 0.10, 0.07), p.wood, 0.17)
    sketch.band(0, 0.75, 0.30, 0.02, white, 0.18)
    sketch.add([rectangle(x - 0.003, 0.77, x + 0.003, 0.82) for x in np.linspace(-0.14, 0.14, 11)], p.iron, 0.17)
    sketch.box(-0.145, 0.815, 0.145, 0.823, p.iron, 0.18)
    sketch.box(-0.075, 0.77, 0.075, 0.90, p.gilt.toned(1.15), 0.02, "round")
    sketch.add(
        [rectangle(x - 0.004, 0.77, x + 0.004, 0.90) for x in (-0.06, -0.03, 0.0, 0.03, 0.06)], p.iron.toned(0.8), 0.10
    )
    sketch.add(dome(0, 0.90, 0.09, 0.08), p.accent, 0.0, "round")
    sketch.box(-0.005, 0.97, 0.005, 1.05, p.iron, 0.05)


def obelisk(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A monolith with carved signs on a stepped base."""
    stone = p.stone.patterned("plain")
    for i, half in enumerate((0.24, 0.20, 0.16)):
        sketch.box(-half, 0.05 * i, half, 0.05 * (i + 1), stone, 0.12 - 0.03 * i)
    sketch.add(trapezoid(0, 0.15, 0.95, 0.20, 0.13), stone, 0.0, "flat", (-0.15, 0.0))
    sketch.add([(0.035, 0.15), (0.10, 0.15), (0.065, 0.95), (0.022, 0.95)], stone.toned(0.82), 0.0, "flat", (0.6, 0.0))
    for y in np.arange(0.20, 0.90, 0.055):
        width = 0.06 * (1 - 0.4 * y)
        sign = rng.integers(3)
        shape = (
            disc(-0.02, y, width * 0.4, 0.014, 12)
            if sign == 0
            else rectangle(-0.02 - width / 2, y - 0.012, -0.02 + width / 3, y + (0.004, 0.018)[sign - 1])
        )
        sketch.add(shape, stone.toned(0.72), -0.015)
    sketch.add([(-0.065, 0.95), (0.065, 0.95), (0.0, 1.06)], p.gilt, 0.0, "flat", (-0.2, 0.3))


def skyscraper(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Stepped storeys of windows and a mast."""
    y, half = 0.0, 0.20
    for tier in range(int(rng.integers(3, 6))):
        tall = (0.46, 0.26, 0.16, 0.10, 0.08)[tier]
        sketch.box(-half, y, half, y + tall, p.stone.patterned("plain"), 0.12 - 0.03 * tier)
        columns = max(3, round(half * 50))
        for row in np.arange(y + 0.015, y + tall - 0.02, 0.026):
            sketch.add(
                [
                    rectangle(x - 0.0055, row, x + 0.0055, row + 0.017)
                    for x in np.linspace(-half * 0.9, half * 0.9, columns)
                ],
                p.glass.patterned("plain").toned(0.5 + 0.4 * rng.random()),
                0.10 - 0.03 * tier,
            )
        sketch.band(0, y + tall, half * 2.06, 0.010, p.stone.patterned("plain"), 0.13 - 0.03 * tier)
        y, half = y + tall, half * 0.72
    sketch.add(triangle(0, y, y + 0.20, half * 1.0), p.iron.toned(1.3), 0.0, "round")


def pagoda(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Storeys under wide upturned roofs."""
    storeys, y = int(rng.integers(4, 7)), 0.06
    sketch.box(-0.36, 0, 0.36, 0.06, p.stone, 0.1)
    for i in range(storeys):
        half, tall = 0.24 * (1 - 0.11 * i), 0.115 - 0.006 * i
        sketch.box(-half, y, half, y + tall, p.accent.toned(0.8).patterned("wood", 0.03))
        sketch.add(
            [rectangle(x - 0.01, y, x + 0.01, y + tall) for x in np.linspace(-half, half, 5)],
            p.accent.toned(1.15),
            0.03,
        )
        for x in (-0.5, 0.0, 0.5):
            window(sketch, p, half * x, y + 0.015, 0.05, tall * 0.6, 0.0, "square")
        roof = y + tall
        wide = half + 0.13
        eave = [
            (-wide - 0.03, roof + 0.03),
            (-wide * 0.8, roof),
            (0, roof - 0.008),
            (wide * 0.8, roof),
            (wide + 0.03, roof + 0.03),
            (half * 0.95, roof + 0.055),
            (half * 0.8, roof + 0.075),
            (-half * 0.8, roof + 0.075),
            (-half * 0.95, roof + 0.055),
        ]
        sketch.add(eave, p.roof, 0.12, "flat", (0.0, 0.4))
        y = roof + 0.07
    sketch.add(
        lathe(0, [(y, 0.03), (y + 0.05, 0.02), (y + 0.07, 0.035), (y + 0.10, 0.012), (y + 0.24, 0.004)]),
        p.gilt,
        0.05,
        "round",
    )


def windmill(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A tapering mill with four lattice sails."""
    sketch.add(trapezoid(0, 0, 0.56, 0.44, 0.26), p.stone.patterned("bricks", 0.022), 0.0, "round")
    sketch.add(dome(0, 0.56, 0.15, 0.15), p.roof, 0.0, "round")
    sketch.add(arch(0, 0, 0.13, 0.09), p.wood, 0.21)
    for x, y in ((-0.07, 0.22), (0.07, 0.22), (0.0, 0.40)):
        window(sketch, p, x, y, 0.04, 0.06, 0.18)
    turn = float(rng.uniform(15, 75))
    for i in range(4):
        sail = [rectangle(0.012, 0.70, 0.085, 1.08)]
        ribs = [rectangle(0.0, y, 0.09, y + 0.006) for y in np.linspace(0.70, 1.08, 9)] + [
            rectangle(x, 0.70, x + 0.006, 1.08) for x in (0.03, 0.058, 0.084)
        ]
        angle = turn + 90 * i
        sketch.add([turned(o, 0, 0.60, angle) for o in sail], p.stone.patterned("plain").toned(1.12), 0.26)
        sketch.add(
            [turned(o, 0, 0.60, angle) for o in [*ribs, rectangle(-0.008, 0.60, 0.008, 1.10)]], p.wood.toned(0.75), 0.28
        )
    sketch.add(disc(0, 0.60, 0.028), p.iron, 0.32, "soft")


def arcaded_tower(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A round bell tower of open arcades; it leans."""
    lean = float(rng.uniform(0.05, 0.08))
    stone = p.stone.patterned("plain").toned(1.1)
    for storey in range(8):
        half, y = (0.155 if storey < 7 else 0.115), storey * 0.115
        x = lean * y
        tall = 0.115
        sketch.box(x - half, y, x + half, y + tall, stone.toned(0.80), 0.0, "round")
        for i in range(9):
            across = math.sin(math.radians(-72 + 18 * i))
            squeeze = max(0.35, math.sqrt(1 - across**2))
            sketch.add(
                arch(x + half * across, y + 0.012, y + tall * 0.78, 0.036 * squeeze),
                p.dark.toned(1.4),
                half * squeeze - 0.03,
            )
            sketch.box(
                x + half * across + 0.018 * squeeze,
                y + 0.01,
                x + half * across + 0.028 * squeeze,
                y + tall * 0.7,
                stone.toned(1.1),
                half * squeeze,
            )
        sketch.box(x - half * 1.06, y + tall * 0.90, x + half * 1.06, y + tall, stone.toned(1.08), 0.04, "round")
    battlements(sketch, stone, lean * 0.92 - 0.115, lean * 0.92 + 0.115, 0.92, 0.012, 0.05)


def domed_tower(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A round tower that ends in a small dome."""
    sketch.box(-0.14, 0, 0.14, 0.6 + 0.1 * rng.random(), p.stone, 0.0, "round")
    for y in (0.1, 0.28, 0.46):
        window(sketch, p, 0.0, y, 0.045, 0.09, 0.13, "pointed")
    drum_dome(sketch, p, 0.0, 0.6, 0.15, drum=0.10, height=0.17, skin=p.roof, columns=7)
