"""Made to be used: lamp, chair, table, car, balloon, bottle, cup."""

import math

import numpy as np
from outlines import blob, disc, lathe, path, rectangle, smooth, star, strip, trapezoid
from palette import Palette
from sketch import Sketch


def lamp(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A table lamp with a turned foot and a shade."""
    sketch.add(
        lathe(
            0, smooth([(0.0, 0.20), (0.03, 0.19), (0.07, 0.05), (0.22, 0.13), (0.38, 0.06), (0.46, 0.03), (0.60, 0.02)])
        ),
        p.gilt,
        0.0,
        "round",
    )
    top = float(rng.uniform(0.14, 0.24))
    sketch.add(trapezoid(0, 0.52, 0.92, 0.72, 2 * top), p.stone.patterned("plain").toned(1.12), 0.0, "round")
    for y, half in ((0.52, 0.36), (0.895, top + 0.008)):
        sketch.box(-half, y, half, y + 0.022, p.accent, 0.02, "round")


def chair(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A wooden chair seen from the front."""
    wood, slats = p.wood.patterned("plain"), int(rng.integers(3, 6))
    for side in (-1, 1):
        sketch.box(side * 0.27 - 0.025, 0.40, side * 0.27 + 0.025, 1.0, wood, -0.1, "round")
        sketch.add(disc(side * 0.27, 1.01, 0.032), wood.toned(1.1), -0.1, "soft")
        sketch.box(side * 0.27 - 0.03, 0, side * 0.27 + 0.03, 0.42, wood.toned(1.05), 0.15, "round")
        sketch.box(side * 0.20 - 0.02, 0.06, side * 0.20 + 0.02, 0.42, wood.toned(0.6), -0.2, "round")
    sketch.box(-0.26, 0.90, 0.26, 0.97, wood.toned(1.1), -0.08)
    for x in np.linspace(-0.19, 0.19, slats):
        sketch.box(float(x) - 0.022, 0.48, float(x) + 0.022, 0.91, wood, -0.1, "round")
    sketch.box(-0.27, 0.16, 0.27, 0.20, wood.toned(0.85), 0.05)
    sketch.add(trapezoid(0, 0.42, 0.52, 0.64, 0.56), p.accent.patterned("plain"), 0.12, "soft")
    sketch.box(-0.32, 0.38, 0.32, 0.435, wood.toned(1.1), 0.2)


def table(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A table with turned legs."""
    for side in (-1, 1):
        sketch.add(
            lathe(
                side * 0.52,
                smooth([(0.0, 0.03), (0.1, 0.045), (0.3, float(rng.uniform(0.03, 0.06))), (0.45, 0.05), (0.55, 0.05)]),
            ),
            p.wood,
            0.0,
            "round",
        )
        sketch.add(
            lathe(side * 0.40, smooth([(0.06, 0.02), (0.3, 0.03), (0.55, 0.03)])), p.wood.toned(0.6), -0.3, "round"
        )
    sketch.box(-0.56, 0.46, 0.56, 0.56, p.wood.toned(0.9), 0.02)
    sketch.box(-0.66, 0.56, 0.66, 0.61, p.wood.toned(1.15), 0.08)
    sketch.box(-0.08, 0.485, 0.08, 0.535, p.wood.toned(1.1), 0.04)
    sketch.add(disc(0, 0.51, 0.014), p.gilt, 0.06, "soft")


def car(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A car seen from the side."""
    roof = float(rng.uniform(0.40, 0.48))
    sketch.add(
        blob(
            [
                (-0.62, 0.12),
                (-0.62, 0.25),
                (-0.40, 0.29),
                (-0.22, roof),
                (0.12, roof + 0.01),
                (0.32, 0.29),
                (0.58, 0.25),
                (0.63, 0.13),
                (0.5, 0.09),
                (-0.5, 0.09),
            ]
        ),
        p.accent,
        0.0,
        "soft",
    )
    glass = p.glass.patterned("plain").toned(0.8)
    sketch.add([(-0.32, 0.29), (-0.19, roof - 0.035), (-0.05, roof - 0.03), (-0.05, 0.29)], glass, 0.05)
    sketch.add([(-0.02, 0.29), (-0.02, roof - 0.03), (0.10, roof - 0.03), (0.24, 0.29)], glass, 0.05)
    sketch.add(
        [strip((-0.035, 0.12), (-0.035, 0.29), 0.006), strip((-0.60, 0.22), (0.60, 0.22), 0.008)],
        p.accent.toned(0.6),
        0.1,
    )
    sketch.box(-0.16, 0.235, -0.09, 0.25, p.iron.toned(1.7), 0.1)
    for x in (-0.38, 0.38):
        sketch.add(disc(x, 0.10, 0.118), p.dark, 0.1)
        sketch.add(disc(x, 0.10, 0.105), p.dark.toned(1.5), 0.12, "soft")
        sketch.add(disc(x, 0.10, 0.062), p.iron.toned(1.8).patterned("plain"), 0.16)
        sketch.add(star(x, 0.10, 0.055, 0.018, 5), p.iron.toned(1.1), 0.17)
    sketch.add(disc(0.585, 0.215, 0.026), p.gilt.toned(1.3), 0.1, "soft")
    sketch.add(disc(-0.60, 0.215, 0.020), p.accent.toned(0.7), 0.1, "soft")


def balloon(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A hot-air balloon of coloured gores with a basket."""
    profile = smooth([(0.20, 0.07), (0.36, 0.19), (0.62, 0.345), (0.80, 0.33), (0.95, 0.20), (1.0, 0.02)])
    sketch.add(lathe(0, profile), p.accent, 0.0, "round")
    gores = int(rng.integers(4, 7)) * 2
    for i in range(0, gores, 2):
        a, b = (math.sin(math.pi * (k / gores - 0.5)) for k in (i, i + 1))
        tones = p.stone.patterned("plain").toned(1.15) if i % 4 == 0 else p.gilt
        sketch.add(
            [(half * a, y) for y, half in profile] + [(half * b, y) for y, half in reversed(profile)],
            tones,
            0.34,
            "flat",
            ((a + b) * 0.45, 0.0),
        )
    sketch.add([strip((side * 0.06, 0.20), (side * 0.055, 0.09), 0.008) for side in (-1, 0, 1)], p.wood.toned(0.7), 0.0)
    sketch.add(trapezoid(0, 0, 0.10, 0.11, 0.135), p.wood.patterned("bricks", 0.014), 0.02, "round")


def bottle(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A glass bottle with a label and a cork."""
    half = float(rng.uniform(0.13, 0.20))
    green = p.glass.patterned("plain").toned(0.75)
    sketch.box(-0.042, 0.95, 0.042, 1.02, p.wood.patterned("plain"), 0.0, "round")
    sketch.add(
        lathe(
            0,
            smooth([(0.0, half * 0.95), (0.02, half), (0.52, half), (0.66, half * 0.72), (0.74, 0.052), (0.93, 0.05)]),
        ),
        green,
        0.0,
        "round",
    )
    sketch.add(lathe(0, [(0.93, 0.062), (0.97, 0.062)]), green.toned(1.2), 0.0, "round")
    sketch.box(-half, 0.14, half, 0.42, p.stone.patterned("plain").toned(1.15), 0.01, "round")
    sketch.add(
        [rectangle(-half * w, y, half * w, y + 0.012) for y, w in ((0.36, 0.5), (0.20, 0.6), (0.17, 0.4))],
        p.accent,
        half + 0.02,
    )
    sketch.add(star(0, 0.285, 0.05, 0.022, int(rng.integers(5, 9))), p.gilt, half + 0.02)


def cup(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A cup on a saucer with a handle."""
    glaze, lip = p.accent.patterned("plain"), float(rng.uniform(0.26, 0.34))
    sketch.add(
        path(smooth([(lip * 0.9, 0.44), (lip + 0.16, 0.40), (lip + 0.12, 0.22), (lip * 0.72, 0.16)]), 0.042),
        glaze,
        0.0,
        "flat",
    )
    sketch.add(
        lathe(0, smooth([(0.0, 0.20), (0.02, 0.28), (0.045, 0.44), (0.06, 0.45)])),
        p.stone.patterned("plain").toned(1.12),
        0.0,
        "round",
    )
    sketch.add(
        lathe(0, smooth([(0.05, 0.13), (0.08, 0.14), (0.20, lip * 0.85), (0.38, lip * 0.98), (0.50, lip)])),
        glaze,
        0.02,
        "round",
    )
    sketch.add(lathe(0, [(0.475, lip), (0.50, lip * 1.02)]), p.gilt, 0.03, "round")
