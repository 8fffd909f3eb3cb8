"""The room's shell but for the wide surfaces: windows, mouldings, columns, ceiling, door.

Works in lots: each lot is (name of the node, name of the material, mesh).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import columns
import furniture
import mouldings
import numpy as np
import plan
from ceilings import Ceiling, ceiling
from design import Design
from fields import runs
from light import Emitter, patches
from mesh import Floats, Mesh, boxes, divided, join, oriented, quads, sweep
from openings import Opening, Plane, glazing, moulding, rectangle, reveal, surround
from plan import DADO

Lot = tuple[str, str, Mesh]


@dataclass
class Shell:
    """Everything fixed, the light it lets in, and the free wall where something can hang or stand."""

    lots: list[Lot] = field(default_factory=list)
    emitters: list[Emitter] = field(default_factory=list)
    free: list[tuple[Plane, float, float]] = field(default_factory=list)
    """Stretches of wall (plane, from u, to u) without an opening."""

    def add(self, name: str, material: str, *meshes: Mesh) -> None:
        self.lots.append((name, material, join(meshes)))


def side_wall(shell: Shell, design: Design, side: str, plane: Plane, detail: int) -> None:
    margin = 0.55 if design.columns else 0.3
    for u, opening in plan.bays(design, side):
        if opening is not None:
            add_window(shell, design, plane, opening, detail)
            continue
        if design.style != "modern":
            shell.add("wall_moulding", "stone", blind(plane, design, plan.window(design, sum(u) / 2)))
        shell.free.append((plane, u[0] + margin, u[1] - margin))


def blind(plane: Plane, design: Design, opening: Opening) -> Mesh:
    """The outline of a window on a wall that has none, or a plain panel."""
    if opening.kind in ("round", "rectangular"):
        half = design.bay * 0.33
        path = rectangle((opening.centre - half, opening.centre + half), (DADO + 0.25, plan.crown(design) - 0.3))
        return moulding(plane, path, mouldings.panel_moulding(3), closed=True, outward=True)
    path = opening.outline(16)
    return moulding(plane, path, mouldings.archivolt(2), closed=False, outward=True)


def add_window(shell: Shell, design: Design, plane: Plane, opening: Opening, detail: int) -> None:
    steps = 4 + 4 * detail
    thickness, far = reveal(plane, opening, steps)
    frame, glass, panes = glazing(plane, opening, far, steps)
    shell.add("window_reveal", "stone", thickness)
    shell.add("window_frame", "iron" if design.style in ("gothic", "modern") else "ceiling", frame)
    shell.add("window_glass", "window_glass", glass)
    if design.style != "modern":
        shell.add("window_surround", "stone", surround(plane, opening, steps, design.style == "beaux-arts"))
    low = plane.at(np.array([opening.centre - opening.width / 2, opening.sill]))
    shell.emitters += patches(
        low,
        np.array(plane.along) * opening.width,
        np.array([0, opening.top - opening.sill, 0]),
        (1, 3),
        np.array(plane.normal),
        design.light.sky,
        2.6 * design.light.strength,
    )
    # The sun stands on the left wall's side.
    if plane.normal[0] > 0:
        add_pool(shell, design, plane, opening, panes)


def add_pool(shell: Shell, design: Design, plane: Plane, opening: Opening, panes: list[Floats]) -> None:
    """Sunlight on the floor in the shape of the panes, and what it throws back into the room."""
    slope = 1.0 / np.tan(np.radians(design.light.elevation))
    turn = np.radians(design.light.turn)
    corners, middles = [], []
    for pane in panes:
        place = plane.at(pane)
        reach = place[:, 1] * slope
        x, z = place[:, 0] + reach * np.cos(turn), place[:, 2] + reach * np.sin(turn)
        spot = np.stack([x, np.full_like(x, 0.004), z], axis=1)
        if x.max() < design.width / 2 - 0.1 and np.abs(z).max() < design.length / 2 - 0.1:
            middle = spot.mean(axis=0)
            corners += [
                np.stack([middle, a, b, (b + middle) / 2]) for a, b in zip(spot, np.roll(spot, -1, 0), strict=True)
            ]
            middles.append(middle)
    if not corners:
        return
    flat = quads(np.array(corners))
    lying = Mesh(flat.positions, np.abs(flat.normals), flat.uvs, flat.faces)
    shell.add("light_pool", "light_pool", oriented(lying))
    area = opening.width * (opening.top - opening.sill) * 0.8
    centre = np.mean(middles, axis=0)
    up = np.array([0.0, 1.0, 0.0])
    shell.emitters.append(Emitter(centre, up, area, design.light.sun, 2.2 * design.light.strength))


def end_wall(shell: Shell, design: Design, side: str, plane: Plane, detail: int) -> None:
    """The door at the far end, a place for pictures at the near one, and the lunette under the vault."""
    low, high = plan.door_bay(design)
    shell.free += [(plane, 0.35, low - 0.25), (plane, high + 0.25, plane.length - 0.35)]
    if side == "far":
        add_door(shell, design, plane, plan.door(design), detail)
    else:
        shell.free.append((plane, low + 0.2, high - 0.2))
    opening = plan.lunette(design)[1] if design.rise else None
    if opening is not None:
        add_window(shell, design, plane, opening, detail)


def add_door(shell: Shell, design: Design, plane: Plane, door: Opening, detail: int) -> None:
    thickness, _ = reveal(plane, door, 4 + 4 * detail, splay=1.0)
    shell.add("door_reveal", "stone", thickness)
    shell.add("door_surround", "stone", surround(plane, door, 4 + 4 * detail, design.style == "beaux-arts"))
    half = door.width / 2
    leaves = furniture.door_leaves(plane, (door.centre - half, door.centre + half), door.spring, -0.4, detail)
    shell.add("door", "wood", leaves)
    fan = Opening("arched", door.centre, door.width, door.spring, door.spring + 0.02)
    frame, glass, _ = glazing(plane, fan, fan.outline(4 + 4 * detail), 4 + 4 * detail)
    shell.add("window_frame", "wood", frame)
    shell.add("window_glass", "window_glass", glass)


def wainscot(shell: Shell, design: Design, walls: dict[str, Plane], detail: int) -> None:
    """Panels on the lower wall, skirting and rail all around."""
    panels = []
    for side, plane in walls.items():
        for run in runs(design, side, plane):
            cuts = np.linspace(*run, max(1, round((run[1] - run[0]) / (design.bay / 2))) + 1)
            if design.style in ("beaux-arts", "renaissance"):
                panels += [
                    moulding(
                        plane,
                        rectangle((a + 0.3, b - 0.3), (0.4, 0.78)),
                        mouldings.panel_moulding(detail),
                        closed=True,
                        outward=True,
                    )
                    for a, b in pairwise(cuts)
                ]
    shell.add("wainscot_panel", "stone", *panels)
    x, z, gap = design.width / 2, design.length / 2, plan.door(design).width / 2 + 0.28
    path = divided(np.array([[-gap, 0, -z], [-x, 0, -z], [-x, 0, z], [x, 0, z], [x, 0, -z], [gap, 0, -z]]), 1.2)
    if design.style == "modern":
        shell.add("skirting", "wall", sweep(mouldings.plain_cornice(1) * [0.3, 0.5], path, (0, 1, 0)))
    else:
        shell.add("skirting", "stone", sweep(mouldings.skirting(2 + detail), path, (0, 1, 0)))
        rail = mouldings.string_course(2) * [0.8, 0.6] if design.style == "gothic" else mouldings.dado_rail(2 + detail)
        shell.add("dado_rail", "stone", sweep(rail, path, (0, 1, 0)).moved(y=DADO - 0.02))


def cornice(shell: Shell, design: Design, screens: list[float], detail: int) -> None:
    """The entablature with its dentils; it breaks forward over free-standing columns."""
    if design.style == "gothic":
        return
    x, z, out, half = design.width / 2, design.length / 2, 1.18, 0.56
    left, right = [(-x, -z)], [(x, z)]
    for place in sorted(screens):
        left += [(-x, place - half), (-x + out, place - half), (-x + out, place + half), (-x, place + half)]
    for place in sorted(screens, reverse=True):
        right += [(x, place + half), (x - out, place + half), (x - out, place - half), (x, place - half)]
    ring = np.array([(a, 0.0, b) for a, b in [*left, (-x, z), *right, (x, -z)]])
    if design.style == "modern":
        shell.add(
            "cornice",
            "wall",
            sweep(mouldings.plain_cornice(1), divided(ring, 1.4, True), (0, 1, 0), closed=True).moved(
                y=plan.crown(design)
            ),
        )
        return
    path, lift = divided(ring, 1.4, closed=True), plan.crown(design)
    crowning = sweep(mouldings.entablature(1 + detail), path, (0, 1, 0), closed=True)
    shell.add("cornice", "stone", crowning.moved(y=lift))
    blocks = np.array([[side * (x - out / 2), lift + 0.3, place] for place in screens for side in (-1, 1)])
    if len(blocks):
        shell.add("cornice", "stone", boxes(blocks, (out - 0.02, 0.58, 2 * half - 0.02)))
    pitch = 0.2 if detail > 1 else 0.4
    spots, wide = [], []
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        size = float(np.linalg.norm(b - a))
        t = (np.arange(int(size / pitch)) + 0.5) * pitch / size
        inward = np.cross([0.0, 1.0, 0.0], (b - a) / size)
        spots.append(a + t[:, None] * (b - a) + inward * 0.12)
        wide.append(abs((b - a)[0]) > abs((b - a)[2]))
    rise = np.array([0.0, lift + 0.705, 0.0])
    for flag, size3 in ((True, (pitch * 0.55, 0.1, 0.12)), (False, (0.12, 0.1, pitch * 0.55))):
        chosen = [spot for spot, is_wide in zip(spots, wide, strict=True) if is_wide == flag]
        if chosen:
            shell.add("cornice_dentils", "stone", boxes(np.concatenate(chosen) + rise, size3))


def supports(shell: Shell, design: Design, walls: dict[str, Plane], detail: int) -> list[float]:
    """Pilasters or piers between bays, free columns at the thirds; gives the columns' places along the room."""
    if design.style == "modern" and not design.columns:
        return []
    if design.style == "gothic":
        pier = columns.clustered(0.3, design.height + 0.05, max(1, detail - 1))
        places = [
            (side * (design.width / 2 - 0.12), -design.length / 2 + k * design.bay)
            for side in (-1, 1)
            for k in range(design.bays + 1)
        ]
        shell.add("column", "stone", *(pier.moved(x, 0.0, z) for x, z in places))
        return []
    screens = [
        -design.length / 2 + k * design.bay
        for k in range(1, design.bays)
        if design.columns and (k % 3 == 1 if design.bays < 9 else k % 4 == 1)
    ]
    pilasters = []
    for plane in (walls["left"], walls["right"]):
        for k in range(1, design.bays):
            pilasters.append(
                columns.pilaster(
                    plane, k * design.bay, 0.62, DADO + 0.11, plan.crown(design), detail, design.style == "beaux-arts"
                )
            )
    shell.add("pilaster", "carving", *pilasters)
    if screens:
        one = columns.column(0.3, plan.crown(design), DADO + 0.1, detail, design.style == "beaux-arts")
        shell.add(
            "column",
            "carving",
            *(one.moved(side * (design.width / 2 - 0.64), 0.0, z) for side in (-1, 1) for z in screens),
        )
    return screens


def roof(shell: Shell, design: Design, detail: int) -> Ceiling:
    made = ceiling(design, detail)
    tone = "stone" if design.ceiling == "rib vault" else "ceiling"
    shell.add("ceiling", tone if design.ceiling != "coffered" else "wood", made.vault)
    shell.add("ceiling_rib", tone, made.ribs)
    shell.add("ceiling_rosette", "metal", made.ornament)
    shell.add("skylight_glass", "window_glass", made.glass)
    shell.add("skylight_frame", "ceiling", made.bars)
    for corner, across, along in made.lights:
        shell.emitters += patches(
            corner, across, along, (1, 2), np.array([0.0, -1.0, 0.0]), design.light.sky, 2.4 * design.light.strength
        )
    return made


def build(design: Design, detail: int) -> Shell:
    """Everything but the wide surfaces; `detail` 1 to 4 says how fine."""
    shell, walls = Shell(), plan.planes(design)
    for side in ("left", "right"):
        side_wall(shell, design, side, walls[side], detail)
    for side in ("far", "near"):
        end_wall(shell, design, side, walls[side], detail)
    wainscot(shell, design, walls, detail)
    cornice(shell, design, supports(shell, design, walls, detail), detail)
    roof(shell, design, detail)
    return shell
