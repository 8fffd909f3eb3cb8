"""A plain room: a floor plan, walls with windows, a ceiling, frames, a bench; soft light at the corners of it all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from mesh import Floats, Mesh, boxes, join, sheet, sweep, unit, woven

SHAPES = ("rectangular", "square", "round", "octagonal")
WINDOWS = ("arched", "rectangular", "round", "none")
TRIANGLES_A_STEP = 4_000
Lot = tuple[str, str, Mesh]


@dataclass(frozen=True)
class Plan:
    """`outline` runs counter-clockwise seen from above, in metres; the room's middle is the origin."""

    outline: Floats
    height: float
    windows: str
    wall: tuple[float, float, float]
    warm: float
    seed: int


def plan(prompt: str, shape: str, windows: str, seed: int) -> Plan:
    words = set(re.findall(r"[a-z]+", prompt.lower()))
    number = seed or int.from_bytes(hashlib.sha256(" ".join(prompt.lower().split()).encode()).digest()[:4], "big")
    chance = np.random.default_rng(number)
    size = float(chance.uniform(0.9, 1.15)) * (1.5 if words & {"grand", "large", "huge"} else 1.0)
    size *= 0.7 if words & {"small", "cosy", "cozy", "tiny"} else 1.0
    half = np.array({"rectangular": (4.0, 8.0), "square": (5.0, 5.0)}.get(shape, (5.5, 5.5))) * size
    if shape in ("round", "octagonal"):
        sides = 8 if shape == "octagonal" else 16
        angle = np.pi / 2 - (np.arange(sides) + 0.5) * 2 * np.pi / sides
        outline = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], axis=1) * [half[0], 0, half[1]]
    else:
        x, z = half
        outline = np.array([[x, 0, z], [x, 0, -z], [-x, 0, -z], [-x, 0, z]])
    colours = {
        "red": (0.50, 0.16, 0.14),
        "green": (0.30, 0.42, 0.33),
        "blue": (0.28, 0.38, 0.52),
        "yellow": (0.84, 0.72, 0.45),
        "white": (0.92, 0.91, 0.88),
        "grey": (0.56, 0.57, 0.58),
    }
    wall = tuple(np.clip(np.array((0.82, 0.77, 0.68)) + chance.normal(0, 0.05, 3), 0, 1))
    for word in sorted(words & colours.keys()):
        wall = colours[word]
    warm = 1.0 if words & {"warm", "sunset", "evening", "golden"} else 0.3
    return Plan(outline, 4.2 * size**0.5, windows, (float(wall[0]), float(wall[1]), float(wall[2])), warm, number)


def opening(kind: str, wide: float, low: float, high: float) -> Floats:
    """Counter-clockwise outline around u = 0."""
    half = wide / 2
    if kind == "round":
        angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        return np.stack([half * np.cos(angle), (low + high) / 2 + half * np.sin(angle)], axis=1)
    if kind == "rectangular":
        return np.array([[half, low], [half, high], [-half, high], [-half, low]])
    angle = np.linspace(0, np.pi, 17)
    head = np.stack([half * np.cos(angle), high - half + half * np.sin(angle)], axis=1)
    return np.vstack([[[half, low]], head, [[-half, low]]])


def ray(outline: Floats, centre: Floats, angles: Floats) -> Floats:
    """Where rays from the centre leave a closed outline."""
    offset = outline - centre
    corner = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    corner, offset = np.append(corner, corner[0] + 2 * np.pi), np.vstack([offset, offset[:1]])
    wanted = corner[0] + np.mod(angles - corner[0], 2 * np.pi)
    i = np.clip(np.searchsorted(corner, wanted, side="right") - 1, 0, len(offset) - 2)
    p, d = offset[i], offset[i + 1] - offset[i]
    way = np.stack([np.cos(wanted), np.sin(wanted)], axis=1)
    t = (p[:, 0] * d[:, 1] - p[:, 1] * d[:, 0]) / (way[:, 0] * d[:, 1] - way[:, 1] * d[:, 0])
    result: Floats = centre + way * t[:, None]
    return result


class Wall:
    """One straight wall between two corners of the plan, drawn around its middle."""

    def __init__(self, start: Floats, end: Floats) -> None:
        self.middle, self.length = (start + end) / 2, float(np.linalg.norm(end - start))
        self.normal = np.cross([0.0, 1.0, 0.0], (end - start) / self.length)
        # u must run to the right for somebody in the room: along × up = normal.
        self.along = np.cross([0.0, 1.0, 0.0], self.normal)

    def at(self, points: Floats, depth: float = 0.0) -> Floats:
        up = np.array([0.0, 1.0, 0.0])
        place: Floats = self.middle + points[..., :1] * self.along + points[..., 1:] * up + depth * self.normal
        return place

    def pierced(self, height: float, hole: Floats, cell: float) -> Mesh:
        half = self.length / 2
        border = np.array([[-half, 0], [half, 0], [half, height], [-half, height]])
        centre = hole.mean(axis=0)
        angles = np.concatenate(
            [np.arctan2(*(line - centre).T[::-1]) for line in (border, hole)]
            + [np.linspace(-np.pi, np.pi, max(12, int(2 * height / cell)))]
        )
        angles = np.unique(np.round(np.mod(angles, 2 * np.pi), 6))
        angles = np.append(angles, angles[0] + 2 * np.pi)
        inner, outer = ray(hole, centre, angles), ray(border, centre, angles)
        t = np.linspace(0, 1, max(2, int(1.5 / cell)) + 1)[:, None, None]
        points = inner[None] * (1 - t) + outer[None] * t
        return woven(self.at(points), np.broadcast_to(self.normal, (*points.shape[:2], 3)), points)

    def solid(self, height: float, cell: float) -> Mesh:
        return sheet(
            self.at(np.array([-self.length / 2, 0.0])),
            self.along * self.length,
            np.array([0, height, 0.0]),
            max(1, int(self.length / cell)),
            max(1, int(height / cell)),
        )


def window(wall: Wall, hole: Floats) -> tuple[Mesh, Mesh]:
    """Its frame with the reveal, and its pane."""
    loop = wall.at(hole)
    reveal = np.array([[0.0, -0.3], [0.0, 0.03], [-0.09, 0.03], [-0.09, 0.0]])
    frame = sweep(reveal, loop, tuple(wall.normal), closed=True)
    low, high = hole.min(axis=0), hole.max(axis=0)
    turned = abs(wall.along[0]) > 0.5
    size = (high[0] - low[0], 0.05, 0.05) if turned else (0.05, 0.05, high[0] - low[0])
    bars = [boxes(wall.at(np.array([[0.0, (low[1] + high[1]) / 2]]), -0.26), (0.05, high[1] - low[1], 0.05))]
    if abs(wall.along[0]) > 0.99 or abs(wall.along[2]) > 0.99:
        bars.append(boxes(wall.at(np.array([[0.0, v] for v in np.linspace(low[1], high[1], 5)[1:-1]]), -0.26), size))
    centre = (low + high) / 2
    rim = np.vstack([hole, hole[:1]])
    pane = np.stack([np.broadcast_to(centre, rim.shape), rim])
    glass = woven(wall.at(pane, -0.28), np.broadcast_to(wall.normal, (*pane.shape[:2], 3)), (pane - low) / (high - low))
    return join([frame, *bars]), glass


def picture(wall: Wall, wide: float, high: float) -> tuple[Mesh, Mesh]:
    """An empty frame at eye height, and its canvas (UV 0..1)."""
    s, t = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 4))
    points = np.stack([(s - 0.5) * wide, 1.65 + (t - 0.5) * high], axis=-1)
    canvas = woven(wall.at(points, 0.03), np.broadcast_to(wall.normal, (4, 4, 3)), np.stack([s, t], axis=-1))
    sight = wall.at(opening("rectangular", wide, 1.65 - high / 2, 1.65 + high / 2))
    profile = np.array([[0.11, 0.0], [0.11, 0.05], [0.08, 0.07], [0.03, 0.045], [0.0, 0.04], [0.0, 0.0]])
    return sweep(profile, sight, tuple(wall.normal), closed=True, outward=True), canvas


def lots(room: Plan, cell: float) -> list[Lot]:
    """(node, material, mesh) for everything, woven in squares of about `cell` metres."""
    corners = room.outline
    walls = [Wall(a, b) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    made: dict[tuple[str, str], list[Mesh]] = {}
    found: list[Lot] = []

    def add(name: str, material: str, mesh: Mesh) -> None:
        made.setdefault((name, material), []).append(mesh)

    for number, wall in enumerate(walls):
        count = max(1, round(wall.length / 3.6)) if room.windows != "none" and number % 2 == 0 else 0
        cuts = np.linspace(-0.5, 0.5, max(count, 1) + 1) * wall.length
        for a, b in pairwise(cuts):
            start, end = wall.at(np.array([a, 0.0])), wall.at(np.array([b, 0.0]))
            piece = Wall(end, start)
            wide = min(1.5, piece.length * 0.55)
            if count and wide > 0.5:
                hole = opening(room.windows, wide, 0.9, room.height - 0.5)
                frame, glass = window(piece, hole)
                add("wall", "wall", piece.pierced(room.height, hole, cell))
                add("window_frame", "trim", frame)
                add("window_glass", "glass", glass)
                continue
            add("wall", "wall", piece.solid(room.height, cell))
            wide = min(1.8, piece.length * 0.6)
            frame, canvas = picture(piece, wide, wide * 0.7)
            total = sum(name.startswith("picture_frame") for name, _, _ in found) + 1
            found += [(f"picture_frame_{total:02d}", "wood", frame), (f"picture_canvas_{total:02d}", "linen", canvas)]
    for name, level, up in (("floor", 0.0, 1.0), ("ceiling", room.height, -1.0)):
        add(name, name, disc(corners, level, up, cell))
    skirting = np.array([[0.0, 0.0], [0.03, 0.0], [0.03, 0.12], [0.015, 0.15], [0.0, 0.15]])
    add("skirting", "trim", sweep(skirting, corners, (0, 1, 0), closed=True))
    cornice = np.array([[0.0, -0.16], [0.04, -0.14], [0.07, -0.07], [0.14, -0.04], [0.14, 0.0]])
    add("cornice", "trim", sweep(cornice, corners, (0, 1, 0), closed=True).moved(y=room.height))
    add(
        "bench",
        "wood",
        join(
            [
                boxes(np.array([[0.0, 0.42, 0.0]]), (0.5, 0.08, 1.8)),
                boxes(np.array([[x, 0.19, z] for x in (-0.2, 0.2) for z in (-0.8, 0.8)]), (0.07, 0.38, 0.07)),
            ]
        ),
    )
    return [(name, material, join(meshes)) for (name, material), meshes in made.items()] + found


def disc(corners: Floats, level: float, up: float, cell: float) -> Mesh:
    """The plan's area in rings around its middle."""
    loop = [
        a + (b - a) * t
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)
        for t in np.linspace(0, 1, max(2, int(np.linalg.norm(b - a) / cell)), endpoint=False)
    ]
    rim = np.vstack([*loop, loop[0]])
    rings = max(3, int(np.linalg.norm(corners, axis=1).max() / cell))
    points = rim[None] * np.linspace(0, 1, rings + 1)[:, None, None] + [0.0, level, 0.0]
    return woven(points, np.broadcast_to([0.0, up, 0.0], points.shape), points[..., [0, 2]])


def within_budget(room: Plan, detail: int) -> list[Lot]:
    """So fine that there are about 4,000 triangles for each step of detail."""
    goal, cell, made = detail * TRIANGLES_A_STEP, 0.3, lots(room, 0.3)
    for _ in range(10):
        count = sum(mesh.triangles for _, _, mesh in made)
        if abs(count - goal) < goal * 0.04:
            break
        cell = float(np.clip(cell * (count / goal) ** 0.5, 0.04, 4.0))
        made = lots(room, cell)
    return made


def shaded(room: Plan, made: list[Lot]) -> list[Floats]:
    """Light per vertex: near windows more, in corners and near the edges of the room less."""
    glass = [mesh.positions.mean(axis=0) for name, _, mesh in made if name == "window_glass"]
    panes = (
        np.concatenate([mesh.positions for name, _, mesh in made if name == "window_glass"])
        if glass
        else np.array([[0.0, room.height, 0.0]])
    )
    panes = panes[:: max(1, len(panes) // 40)]
    tint = np.array([1.0, 0.98 - 0.10 * room.warm, 0.95 - 0.28 * room.warm])
    found = []
    for _, _, mesh in made:
        light = np.zeros(len(mesh.positions))
        for pane in panes:
            way = pane - mesh.positions
            far = np.linalg.norm(way, axis=1) + 0.3
            light += np.clip(np.einsum("ij,ij->i", unit(way), mesh.normals) + 0.3, 0, 1.3) / far
        light /= len(panes)
        edge = np.minimum(mesh.positions[:, 1], room.height - mesh.positions[:, 1])
        corner = 0.7 + 0.3 * np.clip(edge / 0.6, 0, 1)
        found.append(np.clip((0.36 + 2.8 * light) * corner, 0, 1)[:, None] * tint)
    return found
