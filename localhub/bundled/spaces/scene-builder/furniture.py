"""What stands and hangs in a room: benches, plinths, vases, chandeliers, frames, doors, books.

Every maker puts its thing at the origin, standing on the floor or hanging from it.
"""

from __future__ import annotations

import ceilings
import mouldings
import numpy as np
from columns import around
from mesh import Floats, Mesh, boxes, curved, join, lathe, sweep, woven
from openings import Plane, moulding, rectangle


def cushion(width: float, height: float, depth: float, steps: int) -> Mesh:
    """A box with soft edges (a superellipsoid)."""
    u = np.linspace(-np.pi, np.pi, 4 * steps + 1)[None]
    v = np.linspace(-np.pi / 2, np.pi / 2, 2 * steps + 1)[:, None]

    def bent(value: Floats, power: float) -> Floats:
        return np.sign(value) * np.abs(value) ** power

    x = bent(np.cos(v), 0.35) * bent(np.cos(u), 0.22) * width / 2
    z = bent(np.cos(v), 0.35) * bent(np.sin(u), 0.22) * depth / 2
    y = np.broadcast_to(bent(np.sin(v), 0.35) * height / 2, x.shape)
    points = np.stack([x, y, z], axis=-1)
    mesh = curved(points, np.stack([x + 0 * y, z + y], axis=-1), closed=True)
    if np.einsum("ij,ij->i", mesh.normals, mesh.positions).mean() > 0:
        return mesh
    return Mesh(mesh.positions, -mesh.normals, mesh.uvs, mesh.faces[:, ::-1])


def bench(detail: int, length: float = 2.0) -> tuple[Mesh, Mesh]:
    """A tufted bench: its cushion and its wooden stand."""
    leg = lathe(
        mouldings.turned(
            [(0.012, 0.0), (0.03, 0.03), (0.022, 0.1), (0.05, 0.2), (0.03, 0.27), (0.045, 0.3), (0.045, 0.34)],
            2 + detail,
        ),
        6 + 4 * detail,
    )
    places = [(x, z) for x in (-length / 2 + 0.1, length / 2 - 0.1) for z in (-0.24, 0.24)]
    rail = boxes(np.array([0.0, 0.34, 0.0]), (length, 0.07, 0.6))
    seats = [cushion(length / 3 - 0.01, 0.15, 0.64, 3 + 2 * detail).moved((k - 1) * length / 3, 0.44) for k in range(3)]
    return join(seats), join([rail, *(leg.moved(x, 0.0, z) for x, z in places)])


def pew(detail: int, length: float) -> tuple[Mesh, Mesh]:
    """A church bench with a back; no cushion."""
    ends = [boxes(np.array([x, 0.45, 0.0]), (0.06, 0.9, 0.5)) for x in (-length / 2, length / 2)]
    knob = lathe(mouldings.profile((0.05, 0.0), ("torus", 0.0, 0.12), steps=2 + detail), 6 + 2 * detail)
    knobs = [knob.moved(x, 0.9, 0.2) for x in (-length / 2, length / 2)]
    seat = boxes(np.array([0.0, 0.44, -0.02]), (length, 0.05, 0.42))
    back = boxes(np.array([0.0, 0.7, 0.2]), (length, 0.4, 0.04))
    return join([]), join([*ends, *knobs, seat, back])


def plinth(detail: int, half: float = 0.26, height: float = 1.0) -> Mesh:
    foot = mouldings.profile(
        (0.0, 0.0), ("line", 0.06, 0.0), ("line", 0.06, 0.08), ("cyma", 0.0, 0.16), steps=1 + detail
    )
    cap = mouldings.profile(
        (0.0, 0.0), ("cyma", 0.05, 0.05), ("line", 0.05, 0.09), ("line", -half, 0.09), steps=1 + detail
    )
    return join(
        [
            boxes(np.array([0.0, height / 2, 0.0]), (2 * half, height, 2 * half)),
            around(half, foot, 0.0),
            around(half, cap, height - 0.085),
        ]
    )


def vase(detail: int, chance: np.random.Generator) -> Mesh:
    """An urn; its belly and neck differ from one to the next."""
    belly, neck, tall = chance.uniform(0.16, 0.23), chance.uniform(0.05, 0.1), chance.uniform(0.5, 0.75)
    outline = [
        (0.0, 0.0),
        (0.12, 0.0),
        (0.1, 0.04),
        (0.05, 0.09),
        (0.07, 0.13),
        (belly, tall * 0.5),
        (belly * 0.9, tall * 0.66),
        (neck, tall * 0.84),
        (neck * 1.1, tall * 0.93),
        (neck * 1.9, tall),
        (neck * 1.7, tall + 0.01),
        (neck, tall - 0.06),
        (0.0, tall - 0.08),
    ]
    return lathe(mouldings.turned(outline, 2 + detail), 16 + 6 * detail)


def knot(detail: int, chance: np.random.Generator) -> Mesh:
    """An abstract sculpture: a twisted ribbon closed on itself."""
    turns, lobes = int(chance.integers(1, 3)), int(chance.integers(2, 5))
    t = np.linspace(0.0, 2 * np.pi, 40 + 32 * detail)[:, None]
    s = np.linspace(0.0, 2 * np.pi, 9 + 3 * detail)[None]
    radius = 0.2 + 0.07 * np.cos(lobes * t)
    x, z = radius * np.cos(turns * t), radius * np.sin(turns * t)
    y = 0.42 + 0.2 * np.sin(lobes * t)
    twist = s + t * lobes / 2
    thick = 0.075 * np.cos(twist) * 1.0
    high = 0.03 * np.sin(twist)
    points = np.stack([x + thick * np.cos(turns * t), y + high * 2.0 + 0 * s, z + thick * np.sin(turns * t)], axis=-1)
    return curved(points, np.stack(np.broadcast_arrays(t * 0.3, s * 0.1), axis=-1), closed=True)


def chandelier(detail: int, drop: float, arms: int = 10) -> tuple[Mesh, Mesh]:
    """Hung at the origin: the metal, and the glowing flames."""
    stem = [
        (0.0, -drop - 0.15),
        (0.05, -drop - 0.1),
        (0.03, -drop),
        (0.13, -drop + 0.16),
        (0.06, -drop + 0.3),
        (0.09, -drop + 0.42),
        (0.03, -drop + 0.6),
        (0.018, -drop + 0.9),
        (0.015, -0.12),
        (0.12, -0.02),
        (0.12, 0.0),
    ]
    metal = [lathe(mouldings.turned(stem, 1 + detail), 8 + 3 * detail)]
    t = np.linspace(0.0, 1.0, 7 + 3 * detail)
    cup = lathe(mouldings.turned([(0.0, 0.0), (0.02, 0.0), (0.055, 0.05), (0.05, 0.055)], 2), 7 + 2 * detail)
    candle = lathe(np.array([[0.016, 0.0], [0.016, 0.12], [0.0, 0.12]]), 6)
    flame = lathe(mouldings.turned([(0.0, 0.0), (0.02, 0.025), (0.012, 0.06), (0.0, 0.1)], 2), 6)
    flames, tube = [], np.array([[0.011, 0.011], [-0.011, 0.011], [-0.011, -0.011], [0.011, -0.011], [0.011, 0.011]])
    for k in range(arms):
        angle = 2 * np.pi * k / arms
        reach, low = (0.62, -drop + 0.2) if k % 2 else (0.42, -drop + 0.5)
        out, rise = reach * t, low - 0.16 * np.sin(t * np.pi * 0.95) + 0.12 * t**3
        path = np.stack([out * np.cos(angle), rise, out * np.sin(angle)], axis=1)
        metal.append(sweep(tube, path, (float(-np.sin(angle)), 0.0, float(np.cos(angle)))))
        tip = path[-1]
        metal += [cup.moved(*tip), candle.moved(tip[0], tip[1] + 0.05, tip[2])]
        flames.append(flame.moved(tip[0], tip[1] + 0.17, tip[2]))
    return join(metal), join(flames)


def framed(
    plane: Plane, centre: tuple[float, float], size: tuple[float, float], width: float, detail: int
) -> tuple[Mesh, Mesh]:
    """A carved, mitred frame on a wall, and the empty canvas in it (UV 0..1)."""
    u, v, w, h = *centre, *(side / 2 for side in size)
    sight = rectangle((u - w, u + w), (v - h, v + h))
    parts = [moulding(plane, sight, mouldings.picture_frame(width, 1 + detail), closed=True, outward=True, depth=0.015)]
    pearl = lathe(mouldings.profile((0.011, 0.0), ("torus", 0.0, 0.012), steps=2), 5)
    if detail > 1:
        parts.append(_pearls(plane, sight, width * 0.3, pearl))
    s, t = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5))
    points = np.stack([u - w + 2 * w * s, v - h + 2 * h * t], axis=-1)
    canvas = woven(plane.at(points, 0.03), np.broadcast_to(np.array(plane.normal), (5, 5, 3)), np.stack([s, t], -1))
    return join(parts), canvas


def _pearls(plane: Plane, sight: Floats, out: float, pearl: Mesh) -> Mesh:
    """A row of beads along a frame, all in one go."""
    low, high = sight.min(axis=0) - out, sight.max(axis=0) + out
    places = []
    for axis, size in ((0, high[0] - low[0]), (1, high[1] - low[1])):
        along = np.linspace(0.0, 1.0, max(6, int(size / 0.09)) + 1)[:-1]
        for level in (low, high):
            line = low + (high - low) * along[:, None] * np.eye(2)[axis]
            line[:, 1 - axis] = level[1 - axis]
            places.append(line)
    spots = plane.at(np.concatenate(places), 0.07)
    frame = np.stack([np.array(plane.along), np.array(plane.normal), np.cross(plane.along, plane.normal)])
    local, normals = pearl.positions @ frame, pearl.normals @ frame
    count, size = len(spots), len(local)
    faces = (pearl.faces[None] + np.arange(count)[:, None, None] * size).reshape(-1, 3)
    return Mesh(
        (spots[:, None] + local[None]).reshape(-1, 3),
        np.tile(normals, (count, 1)),
        np.tile(pearl.uvs, (count, 1)),
        faces,
    )


def door_leaves(plane: Plane, u: tuple[float, float], height: float, depth: float, detail: int) -> Mesh:
    """A pair of panelled doors standing in an opening."""

    def surface(s: Floats, t: Floats) -> tuple[Floats, Floats]:
        point = plane.at(np.stack([s, t], axis=-1), depth)
        return point, np.broadcast_to(-np.array(plane.normal), point.shape)

    rings = [(0.0, 0.0), (0.09, 0.0), (0.11, 0.03), (0.15, 0.03), (0.2, 0.0)]
    leaves = ceilings.coffers(surface, np.linspace(*u, 5), np.linspace(0.0, height, 5), rings, 2 + 2 * (detail // 2))
    knob = lathe(mouldings.turned([(0.0, 0.0), (0.02, 0.0), (0.012, 0.03), (0.03, 0.06), (0.0, 0.08)], 3), 10)
    middle = sum(u) / 2
    frame = np.stack([np.array(plane.along), np.array(plane.normal), np.cross(plane.along, plane.normal)])
    knobs = [
        Mesh(
            plane.at(np.array([middle + side, 1.05]), depth) + knob.positions @ frame,
            knob.normals @ frame,
            knob.uvs,
            knob.faces,
        )
        for side in (-0.07, 0.07)
    ]
    return join([leaves, *knobs])


def bookcase(
    plane: Plane, u: tuple[float, float], height: float, chance: np.random.Generator, detail: int
) -> tuple[Mesh, list[Mesh]]:
    """Shelves against a wall, and the books in three lots for three colours."""
    deep, shelves, thick = 0.34, max(3, int(height / 0.42)), (0.14, 0.09, 0.062)[min(detail, 2)]
    along, normal = np.abs(np.array(plane.along)), np.abs(np.array(plane.normal))

    def box(at_u: Floats, at_v: Floats, size: tuple[float, float, float], depth: Floats | float) -> Mesh:
        wide = along * size[0] + normal * size[2]
        return boxes(plane.at(np.stack([at_u, at_v], axis=-1), depth), (float(wide[0]), size[1], float(wide[2])))

    levels = np.linspace(0.1, height, shelves + 1)
    middle = np.full(shelves + 1, (u[0] + u[1]) / 2)
    sides = np.array([u[0], u[1]])
    wood = [
        box(middle, levels, (u[1] - u[0], 0.04, deep), deep / 2),
        box(sides, np.full(2, height / 2), (0.06, height, deep), deep / 2),
        box(middle[:1], np.array([height + 0.06]), (u[1] - u[0] + 0.14, 0.12, deep + 0.08), deep / 2 + 0.04),
    ]
    lots: list[list[Mesh]] = [[], [], []]
    for level in levels[:-1]:
        count = int((u[1] - u[0] - 0.14) / thick)
        place = np.linspace(u[0] + 0.07, u[1] - 0.07, count)
        for lot, tall in enumerate((0.3, 0.26, 0.33)):
            picked = place[chance.integers(0, 3, count) == lot]
            tall = min(tall, (levels[1] - levels[0]) - 0.06)
            lots[lot].append(box(picked, np.full(len(picked), level + 0.02 + tall / 2), (thick * 0.8, tall, 0.2), 0.18))
    return join(wood), [join(lot) for lot in lots]


def picture_lamp(plane: Plane, centre: tuple[float, float], detail: int) -> Mesh:
    """A brass tube on a bent arm over a picture."""
    top = np.array(centre)
    t = np.linspace(0.0, 1.0, 6)
    path = plane.at(np.stack([np.full(6, top[0]), top[1] + 0.1 * np.sin(t * np.pi)], 1), 0.02 + 0.2 * t)
    tube = np.array([[0.008, 0.008], [-0.008, 0.008], [-0.008, -0.008], [0.008, -0.008], [0.008, 0.008]])
    arm = sweep(tube, path, plane.along)
    bar = lathe(np.array([[0.0, 0.0], [0.022, 0.0], [0.022, 0.4], [0.0, 0.4]]), 6 + 2 * detail)
    frame = np.stack([np.array(plane.normal), np.array(plane.along), np.cross(plane.normal, plane.along)])
    return join([arm, Mesh(path[-1] + (bar.positions - [0, 0.2, 0]) @ frame, bar.normals @ frame, bar.uvs, bar.faces)])
