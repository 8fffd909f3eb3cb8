"""Cathedral, domed basilica, temple front, mausoleum with minarets, onion-domed church, chapel, mosque."""

from dataclasses import replace

import numpy as np
from facade import column, drum_dome, pediment, rose, window, windows
from outlines import arch, disc, dome, rectangle, triangle
from palette import Palette
from sketch import Sketch, whitened


def gothic_cathedral(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Three portals, a gallery of kings, a rose window, two square towers and a thin spire behind."""
    half, body, towers = 0.43, 0.64, 0.98 + 0.04 * float(rng.random())
    stone = p.stone.patterned("blocks", 0.020)
    sketch.add(triangle(0, body, towers + 0.26, 0.07), p.roof, -0.25, "round")
    sketch.add(triangle(0, body, body + 0.15, 0.34), p.roof, -0.2, "flat", (0, 0.4))
    sketch.box(-half, 0, half, body, stone)
    for side in (-1, 1):
        sketch.box(side * 0.165, 0, side * half, towers, stone, 0.03)
        for x in (0.245, 0.35):
            window(sketch, p, side * x, 0.72, 0.050, 0.215, 0.03, "pointed")
            window(sketch, p, side * x, 0.435, 0.042, 0.12, 0.03, "pointed")
        sketch.band(side * (half + 0.165) / 2, towers - 0.03, half - 0.155, 0.022, stone, 0.06)
        tops = np.linspace(side * 0.172, side * (half - 0.008), 6)
        sketch.add([triangle(float(x), towers, towers + 0.035, 0.022) for x in tops], stone.toned(1.05), 0.05)
    for x in (-half, -0.165, 0.165, half):
        sketch.box(x - 0.026, 0, x + 0.026, towers if abs(x) > 0.4 else towers - 0.01, stone.toned(1.05), 0.07)
        for y in (0.30, 0.62, 0.80):
            sketch.add(triangle(x, y, y + 0.035, 0.052), stone.toned(1.12), 0.08)
    for x, wide, tall in ((-0.297, 0.185, 0.245), (0.0, 0.215, 0.275), (0.297, 0.185, 0.245)):
        for ring in range(4):
            shrink = 1 - 0.17 * ring
            sketch.add(
                arch(x, 0, tall * (1 - 0.08 * ring), wide * shrink, True),
                stone.patterned("carved", 0.02).toned(1.08 - 0.11 * ring),
                0.06 - 0.022 * ring,
            )
        sketch.add(arch(x, 0, tall * 0.68, wide * 0.42, True), p.wood.toned(0.75), -0.03)
        sketch.box(x - 0.005, 0, x + 0.005, tall * 0.45, stone, 0.0)
    _gallery(sketch, p, half, 0.315, 0.055)
    rose(sketch, p, 0.0, 0.505, 0.098, 0.01)
    sketch.band(0, 0.385, 2 * half, 0.012, stone, 0.075)
    for x in np.linspace(-half + 0.01, half - 0.01, 44):
        sketch.add(arch(float(x), 0.628, 0.69, 0.012, True), p.dark.toned(1.3), 0.02)
    sketch.band(0, 0.622, 2 * half, 0.010, stone, 0.075)
    sketch.band(0, 0.694, 2 * half, 0.010, stone, 0.075)
    sketch.box(-half - 0.045, -0.02, half + 0.045, 0.012, stone.patterned("plain"), 0.12)


def _gallery(sketch: Sketch, p: Palette, half: float, y: float, tall: float) -> None:
    """A row of statues in niches across the front."""
    stone = p.stone.patterned("plain")
    sketch.box(-half, y - 0.008, half, y + tall + 0.008, stone.toned(0.9), 0.03)
    for x in np.linspace(-half + 0.022, half - 0.022, 27):
        sketch.add(arch(float(x), y, y + tall, 0.022), p.dark.toned(1.5), 0.0)
        sketch.box(float(x) - 0.006, y + 0.004, float(x) + 0.006, y + tall * 0.62, stone.toned(1.02), 0.012, "round")
        sketch.add(disc(float(x), y + tall * 0.70, 0.0055, steps=10), stone.toned(1.1), 0.015)


def domed_basilica(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """White travertine: a tall egg dome between four smaller ones, over a triple-arched portico and steps."""
    white = replace(p.stone, colour=whitened(p.stone.colour), grain=0.022)
    p = replace(p, stone=white)
    skin = white.patterned("scales", 0.020)
    sketch.box(0.17, 0.2, 0.275, 0.98, white.toned(0.95), -0.35)
    for y in (0.62, 0.76):
        window(sketch, p, 0.222, y, 0.035, 0.10, -0.35)
    sketch.add(dome(0.222, 0.98, 0.052, 0.10), skin, -0.35, "round")
    sketch.box(-0.40, 0.10, 0.40, 0.42, white)
    for side in (-1, 1):
        drum_dome(
            sketch,
            p,
            side * 0.315,
            0.42,
            0.085,
            drum=0.10,
            height=0.155 + 0.02 * float(rng.random()),
            skin=skin,
            columns=5,
            depth=-0.02,
        )
    drum_dome(sketch, p, 0.0, 0.50, 0.165, drum=0.17, height=0.305, skin=skin, columns=9, depth=-0.1)
    sketch.box(-0.20, 0.10, 0.20, 0.53, white, 0.05)
    sketch.add(triangle(0, 0.53, 0.60, 0.30), white.toned(1.05), 0.06)
    sketch.add(arch(0, 0.40, 0.545, 0.075), white.toned(1.1), 0.07)
    sketch.add(arch(0, 0.405, 0.530, 0.052), p.dark.toned(1.5), 0.03)
    sketch.box(-0.009, 0.41, 0.009, 0.488, white.toned(1.1), 0.06, "round")
    for side in (-1, 1):
        windows(sketch, p, side * 0.21, side * 0.40, 0.27, 2, 0.045, 0.10, 0.0)
        windows(sketch, p, side * 0.21, side * 0.40, 0.13, 2, 0.035, 0.07, 0.0)
        sketch.box(side * 0.135 - 0.03, 0.375, side * 0.135 + 0.03, 0.40, white, 0.15)
        sketch.add(dome(side * 0.135, 0.40, 0.022, 0.055), p.roof.patterned("plain").toned(1.2), 0.13, "round")
    sketch.band(0, 0.40, 0.82, 0.016, white, 0.06)
    sketch.box(-0.215, 0.08, 0.215, 0.365, white.toned(1.04), 0.12)
    sketch.band(0, 0.362, 0.45, 0.014, white, 0.16)
    for x in (-0.132, 0.0, 0.132):
        sketch.add(arch(x, 0.08, 0.30, 0.098), white.toned(1.12), 0.135)
        sketch.add(arch(x, 0.08, 0.285, 0.074), p.dark.toned(1.2), 0.05)
        sketch.add(arch(x, 0.08, 0.20, 0.036), p.wood.toned(0.7), 0.03)
    for i in range(6):
        half = 0.46 - 0.028 * i
        sketch.box(
            -half,
            0.018 * i - 0.02,
            half,
            0.018 * (i + 1) - 0.02,
            white.patterned("plain").toned(1.08 - 0.05 * (i % 2)),
            0.24 - 0.02 * i,
        )


def temple_front(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A colonnade under a pediment, with a drum and dome behind."""
    _temple(sketch, p, rng, with_dome=True)


def temple(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A colonnade under a pediment."""
    _temple(sketch, p, rng, with_dome=False)


def _temple(sketch: Sketch, p: Palette, rng: np.random.Generator, *, with_dome: bool) -> None:
    stone, half = p.stone.patterned("blocks", 0.024), 0.34
    count = 6 if with_dome else 8
    if with_dome:
        sketch.box(-0.55, 0.05, 0.55, 0.42, stone.toned(0.97), -0.25)
        sketch.band(0, 0.40, 1.12, 0.020, stone, -0.2)
        for side in (-1, 1):
            sketch.box(side * 0.405, 0.12, side * 0.49, 0.33, stone.toned(0.88), -0.26)
            sketch.band(side * 0.447, 0.325, 0.105, 0.010, stone, -0.23)
        sketch.box(-0.24, 0.42, 0.24, 0.50, stone, -0.3)
        drum_dome(
            sketch,
            p,
            0.0,
            0.50,
            0.185,
            drum=0.20,
            height=0.20 + 0.02 * float(rng.random()),
            skin=p.roof.patterned("plain").toned(1.15),
            columns=11,
            depth=-0.35,
        )
    sketch.box(-half, 0.05, half, 0.40, stone.toned(0.74), -0.12)
    for x in (-0.19, 0.0, 0.19):
        sketch.add(
            arch(x, 0.07, 0.27, 0.075) if x == 0 else rectangle(x - 0.035, 0.07, x + 0.035, 0.22),
            p.wood.toned(0.55),
            -0.15,
        )
    for x in np.linspace(-half + 0.03, half - 0.03, count):
        column(sketch, p.stone.toned(1.06), float(x), 0.07, 0.40, 0.056 if with_dome else 0.050, 0.0)
    sketch.box(-half - 0.01, 0.40, half + 0.01, 0.455, p.stone.patterned("plain").toned(1.02), 0.05)
    letters = [rectangle(float(x), 0.42, float(x) + 0.008, 0.438) for x in np.linspace(-half * 0.8, half * 0.8, 36)]
    sketch.add(letters, p.stone.patterned("plain").toned(0.7), 0.04)
    sketch.band(0, 0.455, 2 * half + 0.06, 0.016, p.stone.patterned("plain"), 0.08)
    pediment(sketch, p, 0.0, 0.471, 2 * half + 0.05, 0.145, 0.03)
    for i in range(4):
        wide = half + 0.07 - 0.018 * i
        sketch.box(
            -wide,
            0.0175 * i,
            wide,
            0.0175 * (i + 1),
            p.stone.patterned("plain").toned(1.06 - 0.06 * (i % 2)),
            0.14 - 0.02 * i,
        )


def mausoleum(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """White marble: a great onion dome over a pointed portal, four minarets on a terrace."""
    white = replace(p.stone, colour=whitened(p.stone.colour), grain=0.028)
    p = replace(p, stone=white)
    for x, tall, depth in ((0.66, 0.74, -0.2), (0.50, 0.62, -0.5)):
        for side in (-1, 1):
            sketch.box(side * x - 0.028, 0.06, side * x + 0.028, tall, white, depth, "round")
            for ring in (0.34, 0.56, 0.80, 1.0):
                sketch.band(side * x, 0.06 + (tall - 0.06) * ring, 0.078, 0.012, white, depth + 0.05)
            drum_dome(
                sketch,
                p,
                side * x,
                tall,
                0.026,
                drum=0.04,
                height=0.045,
                skin=white,
                columns=3,
                depth=depth,
                lantern=False,
            )
    drum_dome(
        sketch,
        p,
        0.0,
        0.46,
        0.165,
        drum=0.10,
        height=0.26 + 0.02 * float(rng.random()),
        skin=white.patterned("plain"),
        bulge=0.75,
        columns=9,
        depth=-0.1,
        lantern=False,
    )
    sketch.box(-0.006, 0.80, 0.006, 0.93, p.gilt, 0.0, "round")
    for side in (-1, 1):
        drum_dome(
            sketch,
            p,
            side * 0.25,
            0.43,
            0.062,
            drum=0.065,
            height=0.10,
            skin=white.patterned("plain"),
            bulge=0.7,
            columns=5,
            depth=0.0,
            lantern=False,
        )
    sketch.box(-0.38, 0.06, 0.38, 0.43, white)
    for side in (-1, 1):
        for x in (0.215, 0.325):
            for y in (0.085, 0.255):
                sketch.add(arch(side * x, y, y + 0.135, 0.075, True), white.toned(0.80), -0.03)
                sketch.add(arch(side * x, y, y + 0.085, 0.035, True), p.dark.toned(1.4), -0.05)
    sketch.box(-0.145, 0.06, 0.145, 0.485, white.toned(1.05), 0.05)
    sketch.add(arch(0, 0.06, 0.42, 0.205, True), white.toned(0.82), 0.0)
    sketch.add(arch(0, 0.06, 0.22, 0.085, True), p.dark.toned(1.4), -0.05)
    for x in (-0.145, 0.145, -0.38, 0.38):
        sketch.box(x - 0.010, 0.06, x + 0.010, 0.52 if abs(x) < 0.2 else 0.46, white.toned(1.06), 0.08, "round")
    sketch.box(-0.76, 0.0, 0.76, 0.06, white.patterned("blocks", 0.03), 0.12)
    sketch.band(0, 0.055, 1.54, 0.010, white, 0.15)


def onion_church(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """Painted towers of different heights under striped onion domes."""
    brick = p.stone.patterned("bricks", 0.018)
    skins = [p.accent, p.leaf.patterned("plain"), p.gilt, p.roof.patterned("plain"), p.glass.patterned("plain")]
    sketch.box(-0.40, 0, 0.40, 0.22, brick)
    windows(sketch, p, -0.38, 0.38, 0.04, 6, 0.05, 0.11, 0.0)
    places = [(-0.20, 0.46, 0.075), (0.20, 0.48, 0.075), (-0.34, 0.36, 0.062), (0.34, 0.34, 0.062), (0.0, 0.66, 0.085)]
    for i, (x, tall, half) in enumerate(places):
        top = tall + 0.04 * float(rng.random())
        sketch.box(x - half * 0.8, 0.12, x + half * 0.8, top, brick.toned(1.05), 0.05 * i, "round")
        for y in np.arange(0.25, top - 0.08, 0.10):
            window(sketch, p, x, float(y), 0.028, 0.06, 0.05 * i + half * 0.8)
        sketch.band(x, top - 0.02, half * 1.9, 0.014, p.stone.patterned("plain").toned(1.2), 0.05 * i + half)
        skin = skins[(i + int(rng.integers(5))) % 5]
        sketch.add(dome(x, top, half * 0.82, half * 2.6, 1.0), skin.patterned("scales", 0.02), 0.05 * i, "round")
        sketch.box(x - 0.004, top + half * 2.55, x + 0.004, top + half * 2.6 + 0.06, p.gilt, 0.1)
        sketch.box(x - 0.016, top + half * 2.6 + 0.03, x + 0.016, top + half * 2.6 + 0.037, p.gilt, 0.1)


def chapel(sketch: Sketch, p: Palette, rng: np.random.Generator) -> None:
    """A village church: a nave with a gable and a bell tower with a steeple."""
    wall, side = p.stone.patterned("blocks", 0.03), -1 if rng.random() < 0.5 else 1
    sketch.box(-0.26, 0, 0.26, 0.34, wall)
    sketch.add(triangle(0, 0.33, 0.60, 0.60), p.roof, 0.02)
    sketch.add(triangle(0, 0.33, 0.55, 0.48), wall, 0.03)
    rose(sketch, p, 0.0, 0.37, 0.055, 0.03, 8)
    for x in (-0.15, 0.15):
        window(sketch, p, x, 0.10, 0.05, 0.15, 0.0, "pointed")
    sketch.add(arch(0, 0, 0.20, 0.11, True), wall.toned(1.1), 0.03)
    sketch.add(arch(0, 0, 0.18, 0.08, True), p.wood.toned(0.7), 0.0)
    sketch.box(side * 0.27, 0, side * 0.44, 0.70, wall.toned(1.03), 0.06)
    window(sketch, p, side * 0.355, 0.52, 0.05, 0.11, 0.06)
    window(sketch, p, side * 0.355, 0.22, 0.04, 0.10, 0.06)
    sketch.band(side * 0.355, 0.70, 0.20, 0.016, wall, 0.1)
    sketch.add(triangle(side * 0.355, 0.71, 1.05, 0.19), p.roof, 0.05, "round")
