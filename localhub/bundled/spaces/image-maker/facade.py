"""Parts of buildings that many archetypes share: windows, columns, pediments, battlements, domes."""

import math

from outlines import arch, disc, dome, lathe, rectangle, star, triangle
from palette import Palette
from sketch import Material, Sketch


def window(
    sketch: Sketch, p: Palette, x: float, y: float, width: float, height: float, depth: float, kind: str = "round"
) -> None:
    """A recessed opening with a frame; `kind` is round, pointed or square."""
    frame, hole = p.stone.toned(1.10).patterned("plain"), p.dark
    grown = width * 1.42
    if kind == "square":
        sketch.add(rectangle(x - grown / 2, y, x + grown / 2, y + height + width * 0.2), frame, depth + 0.008)
        sketch.add(rectangle(x - width / 2, y, x + width / 2, y + height), hole, depth - 0.03)
    else:
        sketch.add(arch(x, y, y + height + width * 0.2, grown, kind == "pointed"), frame, depth + 0.008)
        sketch.add(arch(x, y, y + height, width, kind == "pointed"), hole, depth - 0.03)
    if width > 0.03:
        bar = frame.toned(0.75)
        sketch.box(x - width * 0.05, y, x + width * 0.05, y + height * 0.96, bar, depth - 0.02)
        for level in (0.3, 0.6):
            sketch.box(
                x - width / 2, y + height * level, x + width / 2, y + height * level + width * 0.08, bar, depth - 0.02
            )


def windows(
    sketch: Sketch,
    p: Palette,
    x0: float,
    x1: float,
    y: float,
    count: int,
    width: float,
    height: float,
    depth: float,
    kind: str = "round",
) -> None:
    for i in range(count):
        window(sketch, p, x0 + (x1 - x0) * (i + 0.5) / count, y, width, height, depth, kind)


def column(sketch: Sketch, material: Material, x: float, y0: float, y1: float, width: float, depth: float) -> None:
    """A fluted shaft with a base and a capital."""
    tall = y1 - y0
    plain = material.patterned("plain")
    sketch.add(
        lathe(x, [(y0 + tall * 0.04, width / 2), (y0 + tall * 0.4, width * 0.49), (y1 - tall * 0.08, width * 0.42)]),
        material.patterned("flutes"),
        depth,
        "round",
    )
    sketch.box(x - width * 0.66, y0, x + width * 0.66, y0 + tall * 0.04, plain.toned(1.05), depth + width / 2)
    sketch.add(
        lathe(
            x, [(y1 - tall * 0.09, width * 0.44), (y1 - tall * 0.05, width * 0.52), (y1 - tall * 0.02, width * 0.68)]
        ),
        plain.patterned("carved", width * 0.5),
        depth + 0.01,
        "round",
    )
    sketch.box(x - width * 0.70, y1 - tall * 0.02, x + width * 0.70, y1, plain.toned(1.06), depth + width / 2)


def pediment(sketch: Sketch, p: Palette, x: float, y: float, width: float, height: float, depth: float) -> None:
    """The carved gable over a colonnade."""
    stone = p.stone.patterned("plain")
    sketch.add(triangle(x, y, y + height, width), stone.toned(1.06), depth + 0.05)
    sketch.add(
        triangle(x, y + height * 0.13, y + height * 0.80, width * 0.80),
        stone.toned(0.86).patterned("carved", 0.03),
        depth,
    )


def battlements(sketch: Sketch, material: Material, x0: float, x1: float, y: float, size: float, depth: float) -> None:
    count = max(2, round((x1 - x0) / (2 * size)))
    step = (x1 - x0) / (count - 0.5)
    for i in range(count):
        left = x0 + i * step
        sketch.box(left, y, min(x1, left + step / 2), y + size, material, depth)


def drum_dome(
    sketch: Sketch,
    p: Palette,
    x: float,
    y: float,
    half: float,
    *,
    drum: float,
    height: float,
    skin: Material,
    bulge: float = 0.0,
    lantern: bool = True,
    columns: int = 9,
    depth: float = 0.0,
) -> float:
    """A dome on a drum with windows or columns; returns the height of its tip."""
    stone = p.stone.patterned("blocks", 0.025)
    sketch.box(x - half * 0.96, y, x + half * 0.96, y + drum, stone, depth, "round")
    for i in range(columns):
        across = -1 + 2 * (i + 0.5) / columns
        place = x + half * 0.92 * across * (1.35 - 0.35 * abs(across))
        slim = half * 0.9 / columns * (1.15 - 0.5 * abs(across))
        sketch.add(arch(place, y + drum * 0.12, y + drum * 0.82, slim * 1.15), p.dark.toned(1.4), depth - 0.02)
    for i in range(columns + 1):
        across = -1 + 2 * i / columns
        place = x + half * 0.96 * across * (1.30 - 0.30 * abs(across))
        sketch.box(
            place - half * 0.045,
            y + drum * 0.05,
            place + half * 0.045,
            y + drum * 0.88,
            p.stone.patterned("plain").toned(1.05),
            depth + half,
            "round",
        )
    sketch.band(x, y + drum * 0.92, half * 2.12, drum * 0.10, p.stone.patterned("plain"), depth + half + 0.03)
    top = y + drum
    sketch.add(dome(x, top, half, height, bulge), skin, depth, "round")
    for across in (-0.78, -0.42, 0.0, 0.42, 0.78):
        rib = [(px, py) for px, py in dome(0.0, top, half, height * 0.995, bulge)]
        right = [(x + px * across, py) for px, py in rib[: len(rib) // 2]]
        width = half * 0.022
        sketch.add(
            [(a - width, b) for a, b in right] + [(a + width, b) for a, b in reversed(right)],
            skin.toned(0.86),
            depth + half * 0.55 * (1 - abs(across)),
        )
    tip = top + height
    if lantern:
        tip = _lantern(sketch, p, x, top + height * 0.97, half * 0.20, skin, depth + 0.02)
    return tip


def _lantern(sketch: Sketch, p: Palette, x: float, y: float, half: float, skin: Material, depth: float) -> float:
    tall = half * 2.6
    stone = p.stone.patterned("plain")
    sketch.box(x - half, y, x + half, y + tall, stone, depth, "round")
    for side in (-0.5, 0.0, 0.5):
        sketch.add(arch(x + side * half, y + tall * 0.15, y + tall * 0.8, half * 0.32), p.dark, depth)
    sketch.band(x, y + tall, half * 2.4, half * 0.3, stone, depth + half)
    sketch.add(dome(x, y + tall + half * 0.3, half, half * 1.4), skin, depth, "round")
    tip = y + tall + half * 1.7
    sketch.box(x - half * 0.12, tip - half * 0.1, x + half * 0.12, tip + half * 1.3, p.gilt, depth)
    sketch.box(x - half * 0.42, tip + half * 0.7, x + half * 0.42, tip + half * 0.92, p.gilt, depth)
    return tip + half * 1.3


def rose(sketch: Sketch, p: Palette, x: float, y: float, radius: float, depth: float, petals: int = 12) -> None:
    """A rose window: a round opening with stone tracery."""
    stone = p.stone.patterned("plain")
    sketch.add(disc(x, y, radius * 1.22), stone.toned(1.08), depth + 0.02)
    sketch.add(disc(x, y, radius * 1.05), stone.toned(0.85), depth + 0.008)
    sketch.add(disc(x, y, radius), p.dark.toned(1.5), depth - 0.03)
    sketch.add(star(x, y, radius, radius * 0.12, petals), stone.toned(1.02), depth - 0.012)
    sketch.add(
        [disc(*_around(x, y, radius * 0.80, i, petals), radius * 0.115, steps=16) for i in range(petals)],
        p.glass.patterned("plain").toned(0.75),
        depth - 0.01,
    )
    sketch.add(disc(x, y, radius * 0.24), stone, depth)
    sketch.add(disc(x, y, radius * 0.13), p.glass.patterned("plain").toned(0.7), depth - 0.01)


def _around(x: float, y: float, radius: float, index: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * (index + 0.5) / count + math.pi / 2
    return x + radius * math.cos(angle), y + radius * math.sin(angle)
