"""The wide surfaces: floor, wall fields, lower wall. They take what the ornament leaves of the budget."""

from __future__ import annotations

import numpy as np
import plan
from design import Design
from mesh import Floats, Mesh, join, sheet
from openings import Opening, Plane, plain, rectangle, ringed
from plan import DADO


def fields(design: Design, detail: int, cell: float) -> list[tuple[str, str, Mesh]]:
    """Lots of (node, material, mesh), woven in squares of about `cell` metres.

    `detail` must be that of the ornament, so that the edges of openings meet.
    """
    walls, steps = plan.planes(design), 4 + 4 * detail
    upper = [mesh for side in ("left", "right") for mesh in side_fields(design, side, walls[side], steps, cell)]
    upper += [mesh for side in ("far", "near") for mesh in end_fields(design, side, walls[side], steps, cell)]
    lower = [plain(plane, run, (0.0, DADO), cell) for side, plane in walls.items() for run in runs(design, side, plane)]
    return [
        ("floor", "floor", floor(design, cell)),
        ("wall", "wall", join(upper)),
        ("wainscot", "wall" if design.style == "modern" else "stone", join(lower)),
    ]


def floor(design: Design, cell: float) -> Mesh:
    x, z = design.width / 2, design.length / 2
    flat = sheet(
        np.array([-x, 0, z]),
        np.array([2 * x, 0, 0]),
        np.array([0, 0, -2 * z]),
        max(4, int(2 * x / cell)),
        max(4, int(2 * z / cell)),
    )
    return Mesh(flat.positions, flat.normals, flat.uvs / 2.0, flat.faces)


def runs(design: Design, side: str, plane: Plane) -> list[tuple[float, float]]:
    """Where the lower wall goes: everywhere but in the middle of the ends."""
    if side in ("left", "right"):
        return [(0.0, plane.length)]
    low, high = plan.door_bay(design)
    return [(0.0, low), (high, plane.length)]


def side_fields(design: Design, side: str, plane: Plane, steps: int, cell: float) -> list[Mesh]:
    found = []
    for u, opening in plan.bays(design, side):
        if opening is None and design.ceiling != "rib vault":
            found.append(plain(plane, u, (DADO, plan.crown(design)), cell))
        else:
            found.append(ringed(plane, plan.bay_border(design, u), opening, steps, cell))
    return found


def end_fields(design: Design, side: str, plane: Plane, steps: int, cell: float) -> list[Mesh]:
    low, high = plan.door_bay(design)
    top = plan.crown(design)
    found = [plain(plane, (0, low), (DADO, top), cell), plain(plane, (high, plane.length), (DADO, top), cell)]
    door: Opening | None = plan.door(design) if side == "far" else None
    middle: Floats = rectangle((low, high), (0.0, top))
    found.append(
        plain(plane, (low, high), (0.0, top), cell) if door is None else ringed(plane, middle, door, steps, cell)
    )
    if design.rise:
        border, window = plan.lunette(design)
        found.append(ringed(plane, border, window, steps, cell))
    return found
