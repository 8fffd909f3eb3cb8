"""Small things: trees, vase, fish, boat, star, heart, flower, mushroom, fruit, rocket."""

import math

import numpy as np
from outlines import blob, disc, dome, lathe, path, smooth, star, trapezoid, turned
from palette import Palette
from sketch import Sketch


def tree(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A trunk with branches under a crown of leaf clusters."""
    sketch.add(
        [(-0.09, 0), (-0.05, 0.1), (-0.04, 0.45), (0.04, 0.45), (0.05, 0.1), (0.09, 0)],
        p.wood.patterned("carved", 0.05),
        0.0,
        "round",
    )
    for side, y in ((-1, 0.34), (1, 0.38), (-1, 0.45)):
        sketch.add(path([(0, y), (side * 0.12, y + 0.12), (side * 0.2, y + 0.25)], 0.035), p.wood, 0.0)
    clusters = sorted(
        (float(rng.uniform(0.42, 0.92)), float(rng.uniform(-1, 1)), float(rng.uniform(0.09, 0.15))) for _ in range(30)
    )
    sketch.add(disc(0, 0.68, 0.30, 0.28), p.leaf.toned(0.6), 0.05, "soft")
    for y, spread, radius in clusters:
        reach = 0.36 * math.sqrt(max(0.05, 1 - ((y - 0.66) / 0.34) ** 2))
        corners = [
            (
                spread * reach + radius * (0.85 + 0.3 * float(rng.random())) * math.cos(a),
                y + radius * (0.8 + 0.3 * float(rng.random())) * math.sin(a),
            )
            for a in np.linspace(0, 2 * math.pi, 11)[:-1]
        ]
        sketch.add(blob(corners, 4), p.leaf.toned(0.8 + 0.5 * (y - 0.4)), 0.10 + 0.1 * float(rng.random()), "soft")


def fir(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A conifer of drooping tiers."""
    sketch.box(-0.045, 0, 0.045, 0.2, p.wood.patterned("carved", 0.04), 0.0, "round")
    tiers = int(rng.integers(5, 8))
    for i in range(tiers):
        y, wide = 0.12 + 0.75 * i / tiers, 0.36 * (1 - i / tiers) + 0.05
        jag = [(float(x) * wide, y - 0.02 + 0.035 * (k % 2)) for k, x in enumerate(np.linspace(-1, 1, 13))]
        sketch.add([*jag, (0.0, y + 0.95 / tiers + 0.12)], p.leaf.toned(0.62 + 0.05 * i), 0.05 + 0.01 * i, "round")


def vase(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A turned, glazed vase with bands of ornament."""
    belly, neck, lip = (float(rng.uniform(*span)) for span in ((0.24, 0.36), (0.07, 0.13), (0.12, 0.19)))
    waist = float(rng.uniform(0.35, 0.55))
    profile = smooth(
        [(0.0, 0.15), (0.03, 0.13), (waist, belly), (0.74, neck * 1.15), (0.84, neck), (0.95, lip), (0.97, lip)]
    )
    glaze = p.accent.patterned("plain")
    sketch.add(lathe(0, profile), glaze, 0.0, "round")
    for low, high, tone in (
        (0.04, 0.07, 0.7),
        (waist - 0.11, waist - 0.09, 1.35),
        (waist + 0.09, waist + 0.11, 1.35),
        (0.76, 0.79, 0.7),
        (0.94, 0.97, 1.2),
    ):
        part = [(y, half) for y, half in profile if low - 0.02 <= y <= high + 0.02]
        if len(part) > 1:
            sketch.add(lathe(0, [(min(max(y, low), high), half) for y, half in part]), glaze.toned(tone), 0.0, "round")
    count = int(rng.integers(6, 9))
    for i in range(count):
        across = math.sin(math.radians(-70 + 140 * i / (count - 1)))
        flat = max(0.3, math.sqrt(1 - across**2))
        petals = star(0, waist, 0.060, 0.022, int(rng.integers(5, 8)) if i == 0 else 6)
        sketch.add(
            [(belly * 0.93 * across + x * flat, y) for x, y in petals],
            p.gilt,
            belly * flat - 0.015,
            "flat",
            (across * 0.6, 0.0),
        )


def fish(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A scaled fish with fins, seen from the side."""
    tall = float(rng.uniform(0.17, 0.25))
    fin = p.accent.toned(0.75).patterned("petal", 0.02)
    sketch.add(blob([(0.36, 0.30), (0.62, 0.30 + tall), (0.56, 0.30), (0.62, 0.30 - tall)]), fin, -0.02, "soft")
    sketch.add(
        blob([(-0.2, 0.30 + tall * 0.8), (0.02, 0.34 + tall * 1.5), (0.25, 0.30 + tall * 0.7)]), fin, -0.02, "soft"
    )
    sketch.add(
        blob([(-0.05, 0.30 - tall * 0.7), (0.10, 0.28 - tall * 1.35), (0.16, 0.30 - tall * 0.6)]), fin, -0.02, "soft"
    )
    sketch.add(
        blob(
            [
                (-0.52, 0.29),
                (-0.36, 0.30 + tall * 0.65),
                (-0.05, 0.30 + tall),
                (0.25, 0.30 + tall * 0.55),
                (0.44, 0.32),
                (0.44, 0.28),
                (0.25, 0.30 - tall * 0.55),
                (-0.05, 0.30 - tall),
                (-0.36, 0.30 - tall * 0.7),
            ]
        ),
        p.accent.patterned("scales", 0.045),
        0.0,
        "soft",
    )
    sketch.add(
        path([(-0.27, 0.30 + tall * 0.62), (-0.22, 0.30), (-0.27, 0.30 - tall * 0.62)], 0.012),
        p.accent.toned(0.6),
        0.12,
    )
    sketch.add(blob([(-0.14, 0.27), (0.05, 0.30), (0.02, 0.20)]), fin.toned(1.3), 0.15, "soft")
    sketch.add(disc(-0.37, 0.345, 0.036), p.stone.patterned("plain").toned(1.2), 0.14)
    sketch.add(disc(-0.375, 0.345, 0.020), p.dark, 0.15, "soft")
    sketch.add(path([(-0.52, 0.27), (-0.46, 0.255), (-0.42, 0.262)], 0.010), p.accent.toned(0.5), 0.14)


def boat(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A wooden hull with a mast and sails."""
    white = p.stone.patterned("plain").toned(1.16)
    sketch.box(-0.014, 0.1, 0.014, 1.05, p.wood, 0.03, "round")
    lean = float(rng.uniform(0.30, 0.42))
    sketch.add(
        [(0.03, 0.26), (lean, 0.27), *smooth([(lean, 0.27), (lean * 0.62, 0.62), (0.03, 1.0)])], white, 0.05, "soft"
    )
    sketch.add(
        [(-0.03, 0.27), (-0.40, 0.27), *smooth([(-0.40, 0.27), (-0.20, 0.55), (-0.03, 0.90)])], p.accent, 0.04, "soft"
    )
    sketch.add(
        [(-0.56, 0.22), (0.58, 0.25), *smooth([(0.58, 0.25), (0.42, 0.04), (0.0, 0.0), (-0.40, 0.02), (-0.56, 0.22)])],
        p.wood,
        0.08,
        "soft",
    )
    sketch.add([(-0.57, 0.21), (0.59, 0.24), (0.58, 0.27), (-0.57, 0.24)], p.wood.toned(1.35).patterned("plain"), 0.12)
    sketch.add([disc(x, 0.15, 0.022) for x in (-0.25, -0.05, 0.15)], p.gilt, 0.16)
    sketch.add([(0.0, 1.05), (0.13, 1.02), (0.0, 0.99)], p.accent, 0.05)


def five_star(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A faceted star."""
    points = int(rng.choice([5, 5, 5, 6, 8]))
    corners = star(0, 0.5, 0.5, 0.5 * float(rng.uniform(0.38, 0.46)), points)
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 0.5)
        sketch.add([a, b, (0.0, 0.5)], p.gilt.toned(1.0), 0.0, "flat", (middle[0] * 2.0, middle[1] * 2.0))


def heart(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A rounded heart."""
    points = [
        (
            0.030 * 16 * math.sin(t) ** 3,
            0.45 + 0.030 * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)),
        )
        for t in np.linspace(0, 2 * math.pi, 80)[:-1]
    ]
    sketch.add(points, p.accent, 0.0, "soft")


def flower(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Petals around a seeded heart, a stem with leaves."""
    sketch.add(path(smooth([(0.02, 0.0), (-0.02, 0.2), (0.0, 0.55)]), 0.030), p.leaf.patterned("plain"), 0.0)
    for side, y in ((-1, 0.16), (1, 0.26)):
        sketch.add(
            blob([(0, y), (side * 0.14, y + 0.13), (side * 0.27, y + 0.14), (side * 0.15, y + 0.03)]),
            p.leaf.patterned("petal", 0.02),
            0.03,
            "soft",
        )
    petals = int(rng.integers(7, 14))
    for layer, reach in ((0, 0.31), (1, 0.24)):
        for i in range(petals):
            petal = blob([(0, 0.74), (0.07, 0.74 + reach * 0.55), (0.0, 0.74 + reach), (-0.07, 0.74 + reach * 0.55)])
            sketch.add(
                turned(petal, 0, 0.74, 360 / petals * (i + layer / 2)),
                p.accent.patterned("petal", 0.03).toned(0.9 + 0.15 * layer),
                0.05 + 0.03 * layer,
                "soft",
            )
    sketch.add(disc(0, 0.74, 0.105), p.gilt.patterned("carved", 0.02), 0.12, "soft")


def mushroom(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A spotted cap on a pale stem."""
    pale = p.stone.patterned("plain").toned(1.15)
    sketch.add(lathe(0, smooth([(0.0, 0.17), (0.10, 0.14), (0.35, 0.10), (0.52, 0.11)])), pale, 0.0, "round")
    sketch.add(lathe(0, [(0.40, 0.17), (0.47, 0.11)]), pale.toned(0.9), 0.04, "round")
    sketch.add(disc(0, 0.50, 0.40, 0.055), pale.toned(0.8), 0.02)
    sketch.add(dome(0, 0.50, 0.43, 0.34), p.accent, 0.0, "round")
    for _ in range(15):
        x, y = float(rng.uniform(-0.33, 0.33)), float(rng.uniform(0.54, 0.78))
        if (x / 0.41) ** 2 + ((y - 0.50) / 0.33) ** 2 < 0.88:
            sketch.add(disc(x, y, 0.036 * math.sqrt(1 - (x / 0.45) ** 2), 0.027), pale.toned(1.1), 0.4, "soft")


def fruit(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A round fruit with a stalk and a leaf."""
    pear = float(rng.random())
    sketch.add(
        blob(
            [
                (0, 0.02),
                (0.22, 0.0),
                (0.38, 0.30),
                (0.30 - 0.14 * pear, 0.62),
                (0.10, 0.70 + 0.12 * pear),
                (0, 0.66 + 0.12 * pear),
                (-0.10, 0.70 + 0.12 * pear),
                (-0.30 + 0.14 * pear, 0.62),
                (-0.38, 0.30),
                (-0.22, 0.0),
            ]
        ),
        p.accent,
        0.0,
        "soft",
    )
    top = 0.68 + 0.12 * pear
    sketch.add(path([(0, top - 0.03), (0.02, top + 0.07), (0.06, top + 0.14)], 0.028), p.wood, 0.1)
    sketch.add(
        blob([(0.03, top + 0.04), (0.14, top + 0.14), (0.28, top + 0.12), (0.16, top + 0.03)]),
        p.leaf.patterned("petal", 0.02),
        0.1,
        "soft",
    )


def rocket(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A finned rocket with portholes."""
    for side in (-1, 1):
        sketch.add(
            [(side * 0.11, 0.34), (side * 0.30, 0.10), (side * 0.30, 0.0), (side * 0.11, 0.10)],
            p.accent.toned(0.9),
            0.0,
            "soft",
        )
    sketch.add(trapezoid(0, 0.02, 0.10, 0.20, 0.14), p.iron.toned(0.7), -0.02, "round")
    sketch.add(
        lathe(0, smooth([(0.08, 0.12), (0.35, 0.16), (0.62, 0.145), (0.80, 0.10)])),
        p.stone.patterned("plain").toned(1.12),
        0.0,
        "round",
    )
    sketch.add(lathe(0, smooth([(0.79, 0.105), (0.90, 0.06), (1.02, 0.004)])), p.accent, 0.0, "round")
    for i in range(int(rng.integers(1, 4))):
        sketch.add(disc(0, 0.62 - 0.15 * i, 0.055), p.iron.toned(1.2), 0.17)
        sketch.add(disc(0, 0.62 - 0.15 * i, 0.040), p.glass.patterned("plain"), 0.16, "soft")
    for y in (0.14, 0.75):
        sketch.add(
            lathe(0, [(y, 0.142 if y < 0.5 else 0.122), (y + 0.02, 0.146 if y < 0.5 else 0.116)]),
            p.accent,
            0.0,
            "round",
        )
    sketch.add([(-0.016, 0.0), (0.016, 0.0), (0.012, 0.30), (-0.012, 0.30)], p.accent.toned(1.1), 0.2)
