"""Made to be looked at: bell, crown, pillar, statue, fountain, and the ornament for everything unknown."""

import numpy as np
from facade import column
from outlines import blob, disc, dome, lathe, path, rectangle, smooth, star
from palette import Palette
from sketch import Sketch


def bell(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A cast bell."""
    sketch.add(disc(0, 0.045, 0.07), p.iron.toned(0.8), -0.02, "soft")
    lip = float(rng.uniform(0.36, 0.44))
    sketch.add(
        lathe(0, smooth([(0.06, lip), (0.12, lip * 0.93), (0.40, 0.25), (0.66, 0.22), (0.78, 0.12), (0.80, 0.02)])),
        p.gilt,
        0.0,
        "round",
    )
    for y, half in ((0.12, lip * 0.94), (0.16, lip * 0.88), (0.62, 0.226)):
        sketch.box(-half, y, half, y + 0.014, p.gilt.toned(1.15), 0.03, "round")
    sketch.add(path(smooth([(-0.06, 0.78), (-0.08, 0.90), (0.08, 0.90), (0.06, 0.78)]), 0.035), p.gilt.toned(0.9), 0.0)


def crown(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A jewelled crown."""
    spikes = int(rng.integers(2, 4)) * 2 + 1
    top = [(-0.40, 0.12)]
    for i in range(spikes):
        x = -0.44 + 0.88 * i / (spikes - 1)
        top += [(x, 0.52 + 0.10 * (1 - abs(x) / 0.44)), (x + 0.44 / (spikes - 1), 0.28)]
    sketch.add(
        [(-0.40, 0.0), (0.40, 0.0), (0.40, 0.12), *reversed([t for t in top[1:-1]]), (-0.40, 0.12)],
        p.gilt,
        0.0,
        "round",
    )
    sketch.box(-0.41, 0.0, 0.41, 0.13, p.gilt.toned(1.1), 0.02, "round")
    gems = [p.accent, p.glass.patterned("plain"), p.leaf.patterned("plain")]
    for i in range(spikes):
        x = -0.44 + 0.88 * i / (spikes - 1)
        sketch.add(
            disc(x, 0.54 + 0.10 * (1 - abs(x) / 0.44), 0.034), p.stone.patterned("plain").toned(1.2), 0.1, "soft"
        )
        sketch.add(disc(x * 0.86, 0.065, 0.034, 0.042), gems[i % 3].toned(0.9), 0.42, "soft")


def pillar(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A single fluted column."""
    sketch.box(-0.2, 0, 0.2, 0.06, p.stone.patterned("plain"), 0.15)
    column(sketch, p.stone, 0.0, 0.06, 1.0, float(rng.uniform(0.20, 0.26)), 0.0)


def statue(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A robed figure on a pedestal, one arm raised."""
    stone, side = p.stone.patterned("plain"), -1 if rng.random() < 0.5 else 1
    for y0, y1, half in ((0.0, 0.05, 0.22), (0.05, 0.24, 0.17), (0.24, 0.28, 0.20)):
        sketch.box(-half, y0, half, y1, stone.patterned("blocks", 0.05), 0.1)
    sketch.add(path(smooth([(side * 0.08, 0.74), (side * 0.17, 0.82), (side * 0.20, 0.98)]), 0.05), stone, 0.02, "flat")
    sketch.add(lathe(side * 0.20, [(0.97, 0.014), (1.02, 0.03), (1.04, 0.035)]), p.gilt, 0.05, "round")
    sketch.add(
        blob([(side * 0.20, 1.04), (side * 0.235, 1.07), (side * 0.20, 1.13), (side * 0.17, 1.07)]),
        p.gilt.toned(1.25),
        0.05,
        "soft",
    )
    sketch.add(
        lathe(
            0,
            smooth(
                [(0.28, 0.155), (0.40, 0.135), (0.60, 0.10), (0.70, 0.115), (0.77, 0.10), (0.80, 0.04), (0.83, 0.035)]
            ),
        ),
        stone,
        0.0,
        "round",
    )
    folds = [
        path(smooth([(x, 0.285), (x * 0.9, 0.45), (x * 0.5 + 0.02, 0.66)]), 0.010)
        for x in (-0.11, -0.06, -0.01, 0.05, 0.10)
    ]
    for fold in folds:
        sketch.add(fold, stone.toned(0.78), 0.10)
    sketch.add(
        path(smooth([(-side * 0.09, 0.73), (-side * 0.14, 0.62), (-side * 0.03, 0.57)]), 0.045),
        stone.toned(1.04),
        0.13,
        "flat",
    )
    sketch.add(disc(0, 0.875, 0.048, 0.060), stone.toned(1.05), 0.02, "soft")
    sketch.add(
        [
            rectangle(-0.052, 0.905, 0.052, 0.925),
            *[[(x - 0.008, 0.92), (x + 0.008, 0.92), (x * 1.6, 0.965)] for x in (-0.045, -0.022, 0.0, 0.022, 0.045)],
        ],
        p.gilt,
        0.08,
    )


def fountain(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Basins one above the other with falling water."""
    stone, water = p.stone.patterned("plain"), p.glass.patterned("plain").toned(1.15)
    sketch.add(
        lathe(0, smooth([(0.0, 0.56), (0.02, 0.58), (0.10, 0.54), (0.16, 0.60), (0.18, 0.60)])),
        stone.patterned("blocks", 0.03),
        0.0,
        "round",
    )
    sketch.add(disc(0, 0.18, 0.56, 0.030), water, 0.3)
    for y, half in ((0.18, 0.36), (0.48, 0.22)):
        sketch.add(
            lathe(0, smooth([(y, 0.09), (y + 0.10, 0.05), (y + 0.20, 0.06), (y + 0.27, half), (y + 0.30, half)])),
            stone,
            0.05,
            "round",
        )
        for x in np.linspace(-half * 0.92, half * 0.92, int(rng.integers(5, 8)) * 2):
            sketch.box(float(x) - 0.006, y, float(x) + 0.006, y + 0.27, water, half)
    sketch.add(lathe(0, smooth([(0.78, 0.04), (0.86, 0.06), (0.92, 0.03), (1.0, 0.006)])), stone, 0.05, "round")


def ornament(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """For words nobody taught it: a turned sculpture whose outline, beads and crest follow the words' hash."""
    knots = int(rng.integers(5, 9))
    heights = np.linspace(0.12, 0.78, knots)
    profile = smooth(
        [
            (0.12, 0.16),
            *[(float(y), float(rng.uniform(0.05, 0.30))) for y in heights[1:-1]],
            (0.78, float(rng.uniform(0.04, 0.10))),
        ]
    )
    body = [p.accent, p.stone.patterned("plain"), p.gilt, p.glass.patterned("plain")][int(rng.integers(4))]
    sketch.box(-0.26, 0, 0.26, 0.05, p.stone.patterned("plain"), 0.15)
    sketch.box(-0.21, 0.05, 0.21, 0.12, p.stone.patterned("blocks", 0.03), 0.1)
    sketch.add(lathe(0, profile), body, 0.0, "round")
    for y, half in profile[3::8]:
        sketch.box(-half * 1.08, y, half * 1.08, y + 0.016, p.gilt, 0.04, "round")
    kind, top = int(rng.integers(4)), 0.80
    match kind:
        case 0:
            sketch.add(disc(0, top + 0.13, 0.15), body.toned(1.1), 0.05, "soft")
        case 1:
            sketch.add(star(0, top + 0.16, 0.19, 0.08, int(rng.integers(5, 10))), p.gilt, 0.05, "soft")
        case 2:
            sketch.add(disc(0, top + 0.16, 0.19), p.gilt, 0.04, "soft")
            sketch.add(disc(0, top + 0.16, 0.13), p.gilt.toned(0.75), 0.02)
            sketch.add(disc(0, top + 0.16, 0.055), body.toned(1.15), 0.05, "soft")
        case _:
            sketch.add(dome(0, top - 0.02, 0.15, 0.30, 1.0), body.toned(1.1), 0.0, "round")
