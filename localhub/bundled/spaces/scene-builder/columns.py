"""Columns and pilasters: pedestal, attic base, fluted shaft, leafy capital, abacus."""

from __future__ import annotations

import mouldings
import numpy as np
from mesh import Floats, Mesh, boxes, creased, curved, join, lathe, sweep, woven
from openings import Plane


def square(half: float) -> Floats:
    """A square path on the floor, counter-clockwise seen from above."""
    return np.array([[half, 0, half], [half, 0, -half], [-half, 0, -half], [-half, 0, half]])


def around(half: float, profile: Floats, lift: float) -> Mesh:
    """A moulding around a square pier."""
    return sweep(profile, square(half), (0, 1, 0), closed=True, outward=True).moved(y=lift)


def pedestal(half: float, height: float, steps: int) -> Mesh:
    foot = mouldings.profile((0.0, 0.0), ("line", 0.05, 0.0), ("line", 0.05, 0.1), ("cyma", 0.0, 0.18), steps=steps)
    cap = mouldings.profile((0.0, 0.0), ("cyma", 0.05, 0.06), ("line", 0.05, 0.1), ("line", 0.0, 0.1), steps=steps)
    parts = [boxes(np.array([0.0, height / 2, 0.0]), (half * 2, height, half * 2))]
    if height > 0.4:
        parts += [around(half, foot, 0.0), around(half, cap, height - 0.1)]
    return join(parts)


def shaft(radius: float, height: float, flutes: int, around_steps: int, rows: int) -> Mesh:
    """With entasis: the upper two thirds draw in to five sixths of the lower radius."""
    angle = np.linspace(0.0, 2 * np.pi, around_steps + 1)
    t = np.linspace(0.0, 1.0, rows + 1)
    narrow = 1.0 - np.clip(t - 0.33, 0, 1) ** 1.6 * 0.28
    wave = np.abs(np.sin(angle * flutes / 2)) ** 0.7 if flutes else np.zeros_like(angle)
    fade = np.clip(np.minimum(t, 1 - t) * 30, 0, 1)
    r = radius * narrow[:, None] * (1.0 - 0.055 * fade[:, None] * wave[None])
    points = np.stack([r * np.cos(angle), np.broadcast_to(t[:, None] * height, r.shape), r * np.sin(angle)], axis=-1)
    uvs = np.stack(np.broadcast_arrays(angle[None] * radius, t[:, None] * height), axis=-1)
    mesh = curved(points, uvs, closed=True)
    return outward(mesh)


def outward(mesh: Mesh) -> Mesh:
    """Normals away from the upright axis (a lattice's own may point inwards)."""
    facing = np.einsum("ij,ij->i", mesh.normals[:, ::2], mesh.positions[:, ::2])
    if np.median(facing) >= 0:
        return mesh
    return Mesh(mesh.positions, -mesh.normals, mesh.uvs, mesh.faces[:, ::-1])


def leaf(width: float, height: float, reach: float, radius: float, angle: float, rows: int) -> Mesh:
    """One acanthus leaf on a bell of this radius, curling outwards at its tip."""
    t = np.linspace(0.0, 1.0, rows + 1)[:, None]
    s = np.linspace(-1.0, 1.0, 5)[None]
    taper = (0.75 + 0.5 * np.sin(t * np.pi * 0.9)) * np.sqrt(np.clip(1.08 - t, 0.02, 1))
    curl = reach * np.clip(t - 0.45, 0, 1) ** 1.5 * 2.6
    rise = height * (t - 0.55 * np.clip(t - 0.72, 0, 1) ** 1.4)
    turn = angle + s * taper * width / (2 * radius)
    ridge = 0.018 + 0.022 * (1 - np.abs(s)) + 0.008 * np.cos(t * 18) * np.abs(s)
    r = radius + curl + ridge
    points = np.stack(np.broadcast_arrays(r * np.cos(turn), rise + 0 * s, r * np.sin(turn)), axis=-1)
    return outward(curved(points, np.stack(np.broadcast_arrays(s * width, t * height), axis=-1)))


def capital(radius: float, height: float, detail: int) -> Mesh:
    """Corinthian in outline: a bell, two rows of leaves, corner volutes, a square abacus."""
    bell = mouldings.profile(
        (0.86, 0.0),
        ("torus", 0.86, 0.1),
        ("line", 0.84, 0.12),
        ("cavetto", 1.2, 0.86),
        ("line", 1.0, 0.88),
        steps=2 + detail,
    )
    parts = [lathe(bell * [radius, height], 8 + 6 * detail)]
    rows = 3 + detail
    for row, (low, tall, count) in enumerate(((0.12, 0.42, 8), (0.14, 0.68, 8))):
        for k in range(count):
            angle = 2 * np.pi * (k + row / 2) / count
            parts.append(
                leaf(radius * 0.62, height * tall, radius * (0.3 + 0.12 * row), radius * 0.88, angle, rows).moved(
                    y=height * low
                )
            )
    for k in range(4):
        parts.append(volute(radius, height, np.pi / 4 + k * np.pi / 2, 8 + 4 * detail))
    abacus = mouldings.profile(
        (0.0, 0.0), ("cavetto", 0.04, 0.06), ("line", 0.05, 0.06), ("line", 0.05, 0.1), ("line", 0.0, 0.1), steps=2
    )
    half = radius * 1.22
    parts += [
        boxes(np.array([0.0, height * 0.93, 0.0]), (half * 2, height * 0.14, half * 2)),
        around(half, mouldings.scaled(abacus, radius * 0.12, height * 0.14), height * 0.86),
    ]
    return join(parts)


def volute(radius: float, height: float, angle: float, steps: int) -> Mesh:
    """A scroll under one corner of the abacus."""
    t = np.linspace(0.0, 1.0, steps + 1)
    spiral = radius * 0.26 * (1 - 0.8 * t)
    turn = np.pi * 0.5 - t * 3.4 * np.pi
    out = radius * 1.28 + spiral * np.cos(turn)
    rise = height * 0.70 + spiral * np.sin(turn)
    path = np.stack([out * np.cos(angle), rise, out * np.sin(angle)], axis=1)
    wide, thick = radius * 0.12, radius * 0.05
    outline = np.array([[thick, -wide], [thick, wide], [-thick, wide], [-thick, -wide], [thick, -wide]])
    return sweep(outline, path, (float(-np.sin(angle)), 0.0, float(np.cos(angle))), outward=True)


def column(radius: float, height: float, pedestal_height: float, detail: int, leafy: bool) -> Mesh:
    """A whole column on the floor, its axis at the origin."""
    base, cap = radius * 0.95, radius * (2.3 if leafy else 0.9)
    long = height - pedestal_height - base - cap
    parts = [
        pedestal(radius * 1.42, pedestal_height, 1 + detail),
        lathe(mouldings.attic_base(radius, base, 1 + detail), 8 + 8 * detail).moved(y=pedestal_height),
        shaft(radius, long, 16 if leafy else 0, 16 * (1 + detail), 4 + detail).moved(y=pedestal_height + base),
    ]
    if leafy:
        parts.append(capital(radius, cap, detail).moved(y=height - cap))
    else:
        parts.append(plain_capital(radius, cap, detail).moved(y=height - cap))
    return join(parts)


def plain_capital(radius: float, height: float, detail: int) -> Mesh:
    bell = mouldings.profile(
        (0.84, 0.0),
        ("torus", 0.84, 0.15),
        ("line", 0.82, 0.3),
        ("ovolo", 1.2, 0.68),
        ("line", 1.2, 0.7),
        steps=2 + detail,
    )
    half = radius * 1.3
    return join(
        [
            lathe(bell * [radius, height], 8 + 8 * detail),
            boxes(np.array([0.0, height * 0.85, 0.0]), (half * 2, height * 0.3, half * 2)),
        ]
    )


def clustered(radius: float, height: float, detail: int) -> Mesh:
    """A gothic pier: a core with eight slender shafts, rings and a bell capital."""
    parts = [lathe(mouldings.attic_base(radius * 1.1, radius, 1 + detail), 8 + 8 * detail)]
    core = shaft(radius * 0.82, height - radius * 2.2, 0, 12, 3)
    parts.append(core.moved(y=radius))
    for k in range(8):
        angle = 2 * np.pi * k / 8
        thin = lathe(np.array([[0.26, 0.0], [0.26, 1.0]]) * [radius, height - radius * 2.2], 6 + 3 * detail)
        parts.append(thin.moved(radius * 0.86 * np.cos(angle), radius, radius * 0.86 * np.sin(angle)))
    parts.append(plain_capital(radius * 1.2, radius * 1.2, detail).moved(y=height - radius * 1.2))
    ring = mouldings.profile((0.0, -0.06), ("torus", 0.0, 0.06), steps=3) + np.array([radius * 1.1, height * 0.52])
    return join([*parts, lathe(ring, 8 + 8 * detail)])


def pilaster(
    plane: Plane, u: float, width: float, foot: float, top: float, detail: int, fluted: bool, deep: float = 0.14
) -> Mesh:
    """A flat fluted pier on a wall with base and capital mouldings that return to the wall."""
    base, cap = width * 0.42, width * (0.95 if fluted else 0.4)
    half = width / 2
    parts = [_flutes(plane, u, half, foot + base, top - cap, deep, 5 if fluted else 0, 2 + detail)]
    moulded = mouldings.attic_base(1.0, base, 1 + detail) * [deep * 0.9, 1.0] - [deep * 0.9, 0.0]
    parts.append(_returned(plane, u, half, deep, moulded, foot))
    head = mouldings.profile(
        (0.0, 0.0),
        ("torus", 0.0, 0.12),
        ("line", 0.0, 0.2),
        ("cavetto", 0.09, 0.8),
        ("line", 0.12, 0.8),
        ("line", 0.12, 1.0),
        ("line", -0.1, 1.0),
        steps=1 + detail,
    )
    parts.append(_returned(plane, u, half, deep, head * [1.0, cap], top - cap))
    if fluted:
        front = plane.at(np.array([u, top - cap]), deep)
        for row, count in ((0, 3), (1, 4)):
            for k in range(count):
                blade = leaf(half * 2 / 3, cap * (0.42 + 0.26 * row), 0.07, 1.6, 0.0, 2 + detail)
                shift = (k - (count - 1) / 2) * half * 0.62
                parts.append(_hung(blade, plane, front, shift, cap * 0.18))
    return join(parts)


def _hung(blade: Mesh, plane: Plane, place: Floats, shift: float, lift: float) -> Mesh:
    """A leaf made on a wide bell, laid against the front of a pilaster."""
    along, normal, up = np.array(plane.along), np.array(plane.normal), np.array([0.0, 1.0, 0.0])
    frame = np.stack([normal, up, -along])
    local = blade.positions - [1.6, 0.0, 0.0]
    return Mesh(place + along * shift + up * lift + local @ frame, blade.normals @ frame, blade.uvs, blade.faces)


def _returned(plane: Plane, u: float, half: float, deep: float, profile: Floats, lift: float) -> Mesh:
    """A moulding around the three free sides of a flat pier."""
    corner = np.array([[u - half, 0.0], [u - half, 0.0], [u + half, 0.0], [u + half, 0.0]])
    path = plane.at(corner, np.array([-0.02, deep, deep, -0.02]))
    return (
        sweep(profile, path, (0, 1, 0), outward=False).moved(y=lift)
        if _left(plane)
        else sweep(profile, path, (0, 1, 0), outward=True).moved(y=lift)
    )


def _left(plane: Plane) -> bool:
    """Whether the left of `along`, seen from above, is the room's side."""
    return bool(np.cross([0.0, 1.0, 0.0], plane.along) @ np.array(plane.normal) > 0)


def _flutes(plane: Plane, u: float, half: float, low: float, high: float, deep: float, count: int, steps: int) -> Mesh:
    """The upright shaft as one outline (wall, side, fluted face, side, wall) drawn upwards."""
    outline = [(-half, 0.0), (-half, deep)]
    for k in range(count):
        left = -half + (k + 0.2) * 2 * half / count
        wide = 0.6 * 2 * half / count
        for angle in np.linspace(0.0, np.pi, steps + 1):
            outline.append((left + wide * (1 - np.cos(angle)) / 2, deep - 0.35 * wide * np.sin(angle)))
    line = np.array([*outline, (half, deep), (half, 0.0)])[::-1]
    points, normals, _ = creased(line)
    rows = np.linspace(low, high, 4)
    lattice = np.stack([plane.at(np.stack([u + points[:, 0], np.full(len(points), v)], 1), points[:, 1]) for v in rows])
    facing = normals[:, :1] * np.array(plane.along) + normals[:, 1:] * np.array(plane.normal)
    uvs = np.stack(np.broadcast_arrays(points[None, :, 0], rows[:, None]), axis=-1)
    return woven(lattice, np.broadcast_to(facing, lattice.shape), uvs)
