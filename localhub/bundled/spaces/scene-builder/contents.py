"""What a room is for: pictures in a gallery, books in a library, pews in a chapel."""

from __future__ import annotations

import furniture
import numpy as np
from design import Design
from mesh import Mesh
from plan import DADO, crown
from shell import Shell


def furnish(shell: Shell, design: Design, detail: int) -> None:
    """Furniture is made a step coarser than the architecture around it."""
    detail = max(0, detail - 1)
    chance = np.random.default_rng(design.seed + 2)
    if design.room == "library":
        shelve(shell, design, chance, detail)
    else:
        hang(shell, design, chance, detail)
    if design.benches:
        seat(shell, design, detail)
    if design.sculptures:
        sculpt(shell, design, chance, detail)
    if design.chandeliers:
        illuminate(shell, design, detail)


def hang(shell: Shell, design: Design, chance: np.random.Generator, detail: int) -> None:
    """Empty frames on the free stretches of wall, numbered as a visitor meets them."""
    frames: list[tuple[Mesh, Mesh]] = []
    lamps = []
    for plane, start, end in shell.free:
        for centre, size in arrangement(end - start, crown(design) - DADO, chance, design.room in ("gallery", "salon")):
            place = ((start + end) / 2 + centre[0], DADO + 0.32 + centre[1])
            width = float(np.clip(min(size) * 0.11, 0.07, 0.18)) * (0.4 if design.style == "modern" else 1.0)
            frames.append(furniture.framed(plane, place, size, width, detail))
            if size[0] > 0.8 and centre[1] < 2.4:
                lamps.append(furniture.picture_lamp(plane, (place[0], place[1] + size[1] / 2 + width), detail))
    for number, (frame, canvas) in enumerate(frames, start=1):
        shell.add(f"picture_frame_{number:02d}", "frame", frame)
        shell.add(f"picture_canvas_{number:02d}", "linen", canvas)
    shell.add("picture_lamp", "metal", *lamps)


Hanging = list[tuple[tuple[float, float], tuple[float, float]]]


def arrangement(wide: float, tall: float, chance: np.random.Generator, dense: bool) -> Hanging:
    """Centres (from the middle of the stretch, over the dado) and sizes of the canvases on one stretch."""
    if wide < 0.9:
        return []
    wide = min(wide, 3.0) - 0.4
    kind = int(chance.integers(0, 4)) if dense else 0
    if kind == 1 and wide > 1.9:
        size, gap = (wide / 2 - 0.24, min(1.3, wide * 0.55)), wide / 4 + 0.1
        return [((-gap, 0.85), size), ((gap, 0.85), size)]
    if kind == 2 and tall > 4.0:
        low = (wide * 0.86, wide * 0.6)
        high = (wide * 0.6, wide * 0.42)
        return [((0.0, 0.3 + low[1] / 2), low), ((0.0, low[1] + 0.85 + high[1] / 2), high)]
    if kind == 3:
        size = (min(wide * 0.7, 1.5), min(wide * 0.95, 2.0))
        return [((0.0, 0.3 + size[1] / 2), size)]
    size = (wide * 0.95, wide * float(chance.uniform(0.62, 0.76)))
    return [((0.0, 0.35 + size[1] / 2), size)]


def shelve(shell: Shell, design: Design, chance: np.random.Generator, detail: int) -> None:
    cases, lots = [], []
    for plane, start, end in shell.free:
        if end - start > 0.9:
            wood, books = furniture.bookcase(plane, (start, end), min(crown(design) - 1.2, 3.6), chance, detail)
            cases.append(wood)
            lots.append(books)
    shell.add("bookcase", "wood", *cases)
    for lot, material in enumerate(("book_red", "book_brown", "book_green")):
        shell.add(f"books_{lot + 1}", material, *(books[lot] for books in lots))


def seat(shell: Shell, design: Design, detail: int) -> None:
    ends = design.length / 2
    if design.room == "chapel":
        length = design.width * 0.28
        _, wood = furniture.pew(detail, length)
        rows = np.arange(-ends + 4.5, ends - 4.0, 1.25)
        shell.add(
            "pew", "wood", *(wood.moved(side * (length / 2 + 0.75), 0.0, float(z)) for side in (-1, 1) for z in rows)
        )
        shell.add("altar", "stone", furniture.plinth(detail, 0.5, 1.0).moved(0.0, 0.0, -ends + 2.0))
        return
    seats, stands = furniture.bench(detail)
    places = [-ends + (k + 0.5) * design.bay for k in range(1, design.bays - 1, 2)]
    shell.add("bench_seat", "cloth", *(seats.turned(90).moved(z=z) for z in places))
    shell.add("bench", "wood", *(stands.turned(90).moved(z=z) for z in places))


def sculpt(shell: Shell, design: Design, chance: np.random.Generator, detail: int) -> None:
    """Plinths with vases or knots: two beside the door, the others between the benches."""
    ends = design.length / 2
    places = [(-1.75, -ends + 0.75), (1.75, -ends + 0.75)]
    places += [
        (side * design.width * 0.27, -ends + (k + 0.5) * design.bay)
        for k in range(2, design.bays - 1, 2)
        for side in (-1.0, 1.0)
    ]
    stands, works = [], []
    for x, z in places:
        stands.append(furniture.plinth(detail).moved(x, 0.0, z))
        make = furniture.knot if design.style == "modern" or chance.random() < 0.3 else furniture.vase
        works.append(make(detail, chance).moved(x, 1.0, z))
    shell.add("plinth", "stone", *stands)
    for number, work in enumerate(works, start=1):
        shell.add(f"sculpture_{number:02d}", "sculpture", work)


def illuminate(shell: Shell, design: Design, detail: int) -> None:
    foot = design.height + design.rise * (0.98 if design.ceiling == "rib vault" else 1.0)
    drop = foot - 3.4 if foot > 4.6 else foot - 2.6
    metal, flames = furniture.chandelier(min(detail, 2), drop, 10)
    places = [-design.length / 2 + k * design.bay for k in range(1, design.bays, 2)]
    shell.add("chandelier", "metal", *(metal.moved(0.0, foot, z) for z in places))
    shell.add("chandelier_flame", "flame", *(flames.moved(0.0, foot, z) for z in places))
