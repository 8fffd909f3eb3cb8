"""Ceilings: coffered barrel vault with a lantern, rib vault, coffered flat, flat with skylights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import mouldings
import numpy as np
from design import Design
from mesh import Floats, Mesh, boxes, curved, join, lathe, oriented, quads, sheet, sweep, unit

Surface = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""From two surface coordinates in metres to places and to directions away from the room."""


@dataclass(frozen=True)
class Ceiling:
    """`lights` are glowing rectangles as (corner, edge, edge)."""

    vault: Mesh
    ribs: Mesh
    ornament: Mesh
    glass: Mesh
    bars: Mesh
    lights: list[tuple[Floats, Floats, Floats]]


def coffers(surface: Surface, s: Floats, t: Floats, rings: list[tuple[float, float]], split: int) -> Mesh:
    """Stepped recesses in every cell of a grid; `rings` are (inset, depth) from the rim inwards, in metres."""
    s0, t0 = (grid.reshape(-1) for grid in np.meshgrid(s[:-1], t[:-1], indexing="ij"))
    s1, t1 = (grid.reshape(-1) for grid in np.meshgrid(s[1:], t[1:], indexing="ij"))
    edge = np.linspace(0.0, 1.0, split, endpoint=False)
    zero = np.zeros(split)
    loop = np.concatenate(
        [
            np.stack([edge, zero], 1),
            np.stack([zero + 1, edge], 1),
            np.stack([1 - edge, zero + 1], 1),
            np.stack([zero, 1 - edge], 1),
        ]
    )

    def ring(inset: float, depth: float) -> Floats:
        place_s = s0[:, None] + inset + (s1 - s0 - 2 * inset)[:, None] * loop[None, :, 0]
        place_t = t0[:, None] + inset + (t1 - t0 - 2 * inset)[:, None] * loop[None, :, 1]
        point, away = surface(place_s, place_t)
        return point + away * depth

    made = [ring(inset, depth) for inset, depth in rings]
    corners = [
        np.stack([a, np.roll(a, -1, 1), np.roll(b, -1, 1), b], axis=2).reshape(-1, 4, 3) for a, b in pairwise(made)
    ]
    last = made[-1]
    middle = np.broadcast_to(last.mean(axis=1, keepdims=True), last.shape)
    half = len(loop) // 2
    pairs = np.arange(half) * 2
    corners.append(
        np.stack(
            [last[:, pairs], last[:, pairs + 1], last[:, (pairs + 2) % len(loop)], middle[:, pairs]], axis=2
        ).reshape(-1, 4, 3)
    )
    return facing(quads(np.concatenate(corners)), surface, s, t)


def facing(mesh: Mesh, surface: Surface, s: Floats, t: Floats) -> Mesh:
    """The flat-shaded mesh turned as a whole so that it looks at the room."""
    corners = mesh.positions[mesh.faces]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    _, away = surface(np.array([[s.mean()]]), np.array([[t.mean()]]))
    if np.median(area @ away[0, 0]) <= 0:
        return mesh
    return Mesh(mesh.positions, -mesh.normals, mesh.uvs, mesh.faces[:, ::-1])


def barrel(design: Design) -> Callable[[Floats], Floats]:
    """Angle (0 at the right foot) to (x, y) on the vault's curve."""
    half = design.width / 2

    def place(angle: Floats) -> Floats:
        return np.stack([half * np.cos(angle), design.height + design.rise * np.sin(angle)], axis=-1)

    return place


def coffered_vault(design: Design, detail: int) -> Ceiling:
    place, half = barrel(design), design.width / 2
    opening = np.arccos(0.32) if design.skylight else np.pi / 2
    girth = (half + design.rise) / 2

    def surface(s: Floats, t: Floats) -> tuple[Floats, Floats]:
        angle = s / girth
        flat = place(angle)
        away = unit(np.stack([np.cos(angle) / half, np.sin(angle) / design.rise, 0 * angle], axis=-1))
        return np.stack([flat[..., 0], flat[..., 1], t], axis=-1), away

    rib, ends = 0.5, design.length / 2
    rings = [(0.0, 0.0), (0.11, 0.0), (0.14, 0.07), (0.2, 0.07), (0.24, 0.16)]
    cells, vault, ornament = (5 if design.skylight else 7), [], []
    for side in (0, 1):
        angles = np.linspace(0.0, opening, cells + 1) if side == 0 else np.linspace(np.pi - opening, np.pi, cells + 1)
        for k in range(design.bays):
            low = -ends + k * design.bay + rib / 2
            t = np.linspace(low, low + design.bay - rib, 4)
            vault.append(coffers(surface, angles * girth, t, rings, 2))
            if detail > 1:
                ornament += _rosettes(surface, (angles[:-1] + angles[1:]) / 2 * girth, (t[:-1] + t[1:]) / 2)
    outline = mouldings.profile(
        (-0.3, rib / 2 + 0.02),
        ("line", 0.1, rib / 2 + 0.02),
        ("line", 0.1, rib / 2 - 0.06),
        ("torus", 0.12, rib / 2 - 0.12),
        ("line", 0.14, rib / 2 - 0.12),
        ("line", 0.14, -rib / 2 + 0.12),
        ("torus", 0.1, -rib / 2 + 0.06),
        ("line", 0.1, -rib / 2 - 0.02),
        ("line", -0.3, -rib / 2 - 0.02),
        steps=2,
    )[::-1]
    arc = place(np.linspace(0.0, np.pi, 24 + 8 * detail))
    path = np.stack([arc[:, 0], arc[:, 1], np.zeros(len(arc))], axis=1)
    one = sweep(outline, path, (0, 0, 1))
    ribs = [one.moved(z=-ends + k * design.bay) for k in range(design.bays + 1)]
    glass, bars, lights = (
        lantern(design, float(half * 0.32), float(place(np.array([opening]))[0, 1]))
        if design.skylight
        else (join([]), join([]), [])
    )
    return Ceiling(join(vault), join(ribs), join(ornament), glass, bars, lights)


def _rosettes(surface: Surface, s: Floats, t: Floats) -> list[Mesh]:
    flower = lathe(mouldings.profile((0.13, 0.0), ("torus", 0.07, 0.03), ("torus", 0.0, 0.05), steps=1), 7)
    found = []
    for one_s in s:
        for one_t in t:
            point, away = (item[0, 0] for item in surface(np.array([[one_s]]), np.array([[one_t]])))
            up = -away
            side = unit(np.cross(up, [0.0, 0.0, 1.0]))
            frame = np.stack([side, up, np.cross(side, up)])
            found.append(
                Mesh(point + away * 0.17 + flower.positions @ frame, flower.normals @ frame, flower.uvs, flower.faces)
            )
    return found


def lantern(design: Design, half: float, foot: float) -> tuple[Mesh, Mesh, list[tuple[Floats, Floats, Floats]]]:
    """A raised glass roof over a slot along the vault's crown."""
    ends, curb, ridge = design.length / 2, 0.75, 0.9
    bars, glass = [], []
    top = foot + curb
    for sign in (-1.0, 1.0):
        along = np.array([0.0, 0.0, 2 * ends]) * sign
        origin = np.array([sign * half, foot - 0.06, -sign * ends])
        bars.append(sheet(origin, along, np.array([0.0, curb + 0.06, 0.0]), design.bays * 6, 2))
        eave = np.array([sign * (half + 0.05), top, -sign * ends])
        edge = np.array([-sign * (half + 0.05), ridge, 0.0])
        pane = sheet(eave, along, edge, design.bays, 1)
        glass.append(Mesh(pane.positions, pane.normals, pane.uvs / 12.0, pane.faces))
    count = design.bays * 6
    z = np.linspace(-ends, ends, count + 1)
    bars.append(boxes(np.array([[0.0, top + ridge - 0.03, 0.0]]), (0.14, 0.14, 2 * ends)))
    for sign in (-1.0, 1.0):
        lean = np.array([[0.0, 0.0, 0.0], [-sign * half, ridge, 0.0]])
        rafter = np.array([[0.035, -0.09], [0.035, 0.0], [-0.035, 0.0], [-0.035, -0.09]])
        path = lean + np.array([sign * half, top - 0.02, 0.0])
        normal = unit(np.array([sign * ridge, half, 0.0]) * 1.0)
        one = sweep(rafter[::-1], path, tuple(normal))
        bars += [one.moved(z=float(place)) for place in z]
        middle = np.array([[sign * half * 0.5, top + ridge * 0.5 - 0.04, 0.0]])
        bars.append(boxes(middle, (0.06, 0.06, 2 * ends)))
    for sign in (-1.0, 1.0):
        wide = np.array([2 * half, 0.0, 0.0]) * sign
        tall = np.array([0.0, curb + ridge + 0.4, 0.0])
        bars.append(sheet(np.array([-sign * half, foot - 0.3, sign * -ends]), wide, tall, 4, 4))
    rim = mouldings.profile((0.0, -0.12), ("line", 0.07, -0.12), ("torus", 0.07, 0.0), ("cyma", 0.0, 0.14), steps=3)
    path = np.array([[half, foot, ends], [half, foot, -ends], [-half, foot, -ends], [-half, foot, ends]])
    bars.append(sweep(rim, path, (0, 1, 0), closed=True, outward=False))
    step = 2 * ends / design.bays
    lights = [
        (np.array([-half, top, -ends + k * step]), np.array([2 * half, 0, 0]), np.array([0, 0, step]))
        for k in range(design.bays)
    ]
    return join(glass), join(bars), lights


def rib_vault(design: Design, detail: int) -> Ceiling:
    """Quadripartite bays: two crossing pointed barrels, ribs along every groin."""
    count, half, deep = 10 + 6 * detail, design.width / 2, design.bay / 2
    v = np.sin(np.linspace(-np.pi / 2, np.pi / 2, count + 1))
    x, z = np.meshgrid(v, v)
    low = np.minimum(np.abs(x), np.abs(z))
    rise = design.rise * pointed(low)
    points = np.stack([x * half, design.height + rise, z * deep], axis=-1)
    cell = curved(points, np.stack([x * half, z * deep * 1.3], axis=-1))
    down = Mesh(cell.positions, np.where(cell.normals[:, 1:2] > 0, -cell.normals, cell.normals), cell.uvs, cell.faces)
    down = oriented(down)
    outline = mouldings.profile(
        (-0.12, 0.13),
        ("line", 0.02, 0.13),
        ("scotia", 0.1, 0.07),
        ("torus", 0.1, -0.07),
        ("scotia", 0.02, -0.13),
        ("line", -0.12, -0.13),
        steps=2,
    )[::-1]
    t = np.linspace(-1.0, 1.0, 24 + 8 * detail)
    arch = design.height + design.rise * pointed(np.abs(t))
    across = sweep(outline, np.stack([-t * half, arch, 0 * t], axis=1), (0, 0, 1))
    cross = [
        sweep(
            outline,
            np.stack([-t * half, arch, sign * t * deep], axis=1),
            tuple(unit(np.array([sign * deep, 0.0, half]))),
            outward=False,
        )
        for sign in (-1.0, 1.0)
    ]
    boss = lathe(mouldings.profile((0.0, -0.24), ("torus", 0.26, -0.1), ("line", 0.26, 0.1), steps=4), 12 + 4 * detail)
    crown = boss.moved(y=design.height + design.rise)
    vault, ribs = [], []
    for k in range(design.bays):
        middle = -design.length / 2 + (k + 0.5) * design.bay
        vault.append(down.moved(z=middle))
        ribs += [across.moved(z=middle - deep), crown.moved(z=middle), *(one.moved(z=middle) for one in cross)]
    ribs.append(across.moved(z=design.length / 2))
    return Ceiling(join(vault), join(ribs), join([]), join([]), join([]), [])


def pointed(t: Floats) -> Floats:
    """A pointed arch's height, 1 at the crown (t = 0) and 0 at the foot (t = 1)."""
    reach = 0.35
    return np.asarray(
        np.sqrt(np.maximum((1 + reach) ** 2 - (np.abs(t) + reach) ** 2, 0.0)) / np.sqrt((1 + reach) ** 2 - reach**2)
    )


def flat(design: Design, detail: int) -> Ceiling:
    """A flat ceiling: deep painted coffers, or (modern) long glowing skylights between plain slabs."""
    half, ends = design.width / 2, design.length / 2

    def surface(s: Floats, t: Floats) -> tuple[Floats, Floats]:
        point = np.stack([s, np.full_like(s, design.height), t], axis=-1)
        return point, np.broadcast_to(np.array([0.0, 1.0, 0.0]), point.shape)

    if design.ceiling == "coffered":
        rings = [(0.0, 0.0), (0.2, 0.0), (0.23, 0.1), (0.3, 0.12), (0.3, 0.34), (0.36, 0.36), (0.44, 0.36)]
        s, t = np.linspace(-half, half, 6), np.linspace(-ends, ends, design.bays * 2 + 1)
        flowers = _rosettes(surface, (s[:-1] + s[1:]) / 2, (t[:-1] + t[1:]) / 2)
        flowers = [one.moved(y=0.19) for one in flowers]
        return Ceiling(coffers(surface, s, t, rings, 2 + 2 * detail), join([]), join(flowers), join([]), join([]), [])
    wide, parts, glass, lights = half * 0.34, [], [], []
    for k in range(design.bays):
        low, high = -ends + k * design.bay, -ends + (k + 1) * design.bay
        for x0, z0, x1, z1 in ((-wide, low + 0.5, wide, high - 0.5),):
            around = ((-half, low, half, z0), (-half, z1, half, high), (-half, z0, x0, z1), (x1, z0, half, z1))
            for a, b, c, d in around:
                parts.append(
                    sheet(
                        np.array([a, design.height, b]),
                        np.array([c - a, 0, 0]),
                        np.array([0, 0, d - b]),
                        max(1, int((c - a) / 0.4)),
                        max(1, int((d - b) / 0.4)),
                    )
                )
            well = np.array(
                [[x0, design.height, z0], [x1, design.height, z0], [x1, design.height, z1], [x0, design.height, z1]]
            )
            shaft = np.array([[0.0, 0.0], [0.0, 0.7]])
            parts.append(sweep(shaft, well, (0, 1, 0), closed=True, outward=True))
            lid = sheet(
                np.array([x0, design.height + 0.7, z0]), np.array([x1 - x0, 0, 0]), np.array([0, 0, z1 - z0]), 2, 2
            )
            glass.append(Mesh(lid.positions, lid.normals, lid.uvs / 12.0, lid.faces))
            lights.append(
                (np.array([x0, design.height + 0.7, z0]), np.array([x1 - x0, 0, 0]), np.array([0, 0, z1 - z0]))
            )
    return Ceiling(join(parts), join([]), join([]), join(glass), join([]), lights)


def ceiling(design: Design, detail: int) -> Ceiling:
    match design.ceiling:
        case "coffered vault":
            return coffered_vault(design, detail)
        case "rib vault":
            return rib_vault(design, detail)
        case _:
            return flat(design, detail)
