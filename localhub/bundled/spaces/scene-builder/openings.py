"""Walls and what is cut through them: outlines of openings, deep reveals, mullions, panes.

A wall is drawn in its own plane: u along it, v up from the floor, depth into the room.
"""

from __future__ import annotations

from dataclasses import dataclass

import mouldings
import numpy as np
from mesh import Floats, Mesh, boxes, join, quads, sheet, sweep, unit, woven

REVEAL = 0.62


@dataclass(frozen=True)
class Plane:
    """A wall of some length; `along` × up = `normal`, which points into the room."""

    origin: tuple[float, float, float]
    along: tuple[float, float, float]
    normal: tuple[float, float, float]
    length: float

    def at(self, points: Floats, depth: float | Floats = 0.0) -> Floats:
        """From (u, v) in this wall to the room."""
        deep = np.broadcast_to(np.asarray(depth, dtype=float), points.shape[:-1])[..., None]
        place: Floats = (
            np.array(self.origin)
            + points[..., :1] * np.array(self.along)
            + points[..., 1:2] * np.array([0.0, 1.0, 0.0])
            + deep * np.array(self.normal)
        )
        return place


@dataclass(frozen=True)
class Opening:
    """`kind` is round-headed, pointed, rectangular or round; v of the sill and of the springing."""

    kind: str
    centre: float
    width: float
    sill: float
    spring: float

    @property
    def top(self) -> float:
        head = {"arched": self.width / 2, "pointed": self.width * 0.866, "rectangular": 0.0, "round": 0.0}
        return self.spring + head[self.kind]

    def head(self, steps: int) -> Floats:
        """The curve from the right springing over the top to the left one."""
        half = self.width / 2
        if self.kind == "rectangular":
            return np.array([[self.centre + half, self.spring], [self.centre - half, self.spring]])
        if self.kind == "pointed":
            angle = np.linspace(0.0, np.pi / 3, steps + 1)
            right = np.stack([-half + self.width * np.cos(angle), self.spring + self.width * np.sin(angle)], axis=1)
            left = (right * [-1, 1])[::-1]
            return np.asarray(np.vstack([right, left[1:]]) + np.array([self.centre, 0.0]))
        angle = np.linspace(0.0, np.pi, 2 * steps + 1)
        return np.stack([self.centre + half * np.cos(angle), self.spring + half * np.sin(angle)], axis=1)

    def outline(self, steps: int) -> Floats:
        """Counter-clockwise, not repeated at its end; begins at the lower right corner."""
        if self.kind == "round":
            angle = np.linspace(0.0, 2 * np.pi, 4 * steps, endpoint=False)
            middle = (self.sill + self.spring) / 2
            return np.stack([self.centre + self.width / 2 * np.cos(angle), middle + self.width / 2 * np.sin(angle)], 1)
        low = np.array([[self.centre + self.width / 2, self.sill]])
        return np.vstack([low, self.head(steps), low - [self.width, 0.0]])

    @property
    def middle(self) -> Floats:
        return np.array(
            [self.centre, (self.sill + self.top) / 2 if self.kind != "round" else (self.sill + self.spring) / 2]
        )


def rays(outline: Floats, centre: Floats, angles: Floats) -> Floats:
    """Where rays from the centre meet a closed outline that can be seen whole from it."""
    offset = outline - centre
    corner = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    corner, offset = np.append(corner, corner[0] + 2 * np.pi), np.vstack([offset, offset[:1]])
    wanted = corner[0] + np.mod(angles - corner[0], 2 * np.pi)
    i = np.clip(np.searchsorted(corner, wanted, side="right") - 1, 0, len(offset) - 2)
    p, d = offset[i], offset[i + 1] - offset[i]
    ray = np.stack([np.cos(wanted), np.sin(wanted)], axis=1)
    t = (p[:, 0] * d[:, 1] - p[:, 1] * d[:, 0]) / (ray[:, 0] * d[:, 1] - ray[:, 1] * d[:, 0])
    return np.asarray(centre + ray * t[:, None])


def ringed(plane: Plane, border: Floats, opening: Opening | None, steps: int, cell: float) -> Mesh:
    """A piece of wall inside a counter-clockwise border and around an opening, woven in rings.

    The rings let light vary over it. The whole border must be visible from the opening's middle.
    """
    centre = border.mean(axis=0) if opening is None else opening.middle
    outline = np.zeros((0, 2)) if opening is None else opening.outline(steps)
    span = float(np.ptp(border, axis=0).max())
    around = np.concatenate(
        [
            np.arctan2(*(border - centre).T[::-1]),
            np.arctan2(*(outline - centre).T[::-1]),
            np.linspace(-np.pi, np.pi, max(16, int(2 * span / cell)), endpoint=False),
        ]
    )
    angles = np.unique(np.round(np.mod(around, 2 * np.pi), 6))
    angles = np.append(angles, angles[0] + 2 * np.pi)
    outer = rays(border, centre, angles)
    inner = np.broadcast_to(centre, outer.shape) if opening is None else rays(outline, centre, angles)
    rings = max(2, int(np.median(np.linalg.norm(outer - inner, axis=1)) / cell) + 1)
    t = np.linspace(0.0, 1.0, rings + 1)[:, None, None]
    points = inner[None] * (1 - t) + outer[None] * t
    return woven(plane.at(points), np.broadcast_to(np.array(plane.normal), (*points.shape[:2], 3)), points)


def rectangle(u: tuple[float, float], v: tuple[float, float]) -> Floats:
    """Counter-clockwise corners."""
    return np.array([[u[0], v[0]], [u[1], v[0]], [u[1], v[1]], [u[0], v[1]]])


def plain(plane: Plane, u: tuple[float, float], v: tuple[float, float], cell: float) -> Mesh:
    origin = plane.at(np.array([u[0], v[0]]))
    columns, rows = max(1, round((u[1] - u[0]) / cell)), max(1, round((v[1] - v[0]) / cell))
    mesh = sheet(origin, np.array(plane.along) * (u[1] - u[0]), np.array([0.0, v[1] - v[0], 0.0]), columns, rows)
    return Mesh(mesh.positions, mesh.normals, mesh.uvs + np.array([u[0], v[0]]), mesh.faces)


def moulding(
    plane: Plane, path: Floats, profile: Floats, *, closed: bool, outward: bool = False, depth: float = 0.0
) -> Mesh:
    """A profile along a path drawn in the wall; its first coordinate leads left of the path."""
    return sweep(profile, plane.at(path, depth), plane.normal, closed=closed, outward=outward)


def beams(plane: Plane, starts: Floats, ends: Floats, thick: float, deep: float, depth: float) -> Mesh:
    """Straight bars in the wall's plane, from start to end, without backs."""
    direction = unit(ends - starts)
    side = np.stack([-direction[:, 1], direction[:, 0]], axis=1) * thick / 2
    a, b, c, d = starts - side, ends - side, ends + side, starts + side
    front = plane.at(np.stack([a, b, c, d], axis=1), depth + deep)
    back = plane.at(np.stack([a, b, c, d], axis=1), depth)
    faces = [front]
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 0)):
        faces.append(np.stack([back[:, i], back[:, j], front[:, j], front[:, i]], axis=1))
    return quads(np.concatenate(faces))


def reveal(plane: Plane, opening: Opening, steps: int, splay: float = 0.9) -> tuple[Mesh, Floats]:
    """The thickness of the wall seen in the opening, and the smaller outline at its far side."""
    outline = opening.outline(steps)
    outer = opening.middle + (outline - opening.middle) * [splay, 1.0 - (1 - splay) * 0.6]
    t = np.linspace(0.0, 1.0, 5)
    parts = []
    loop = np.vstack([outline, outline[:1]])
    far = np.vstack([outer, outer[:1]])
    for i in range(len(outline)):
        ring = loop[i : i + 2][None] * (1 - t[:, None, None]) + far[i : i + 2][None] * t[:, None, None]
        points = plane.at(ring, np.repeat(-REVEAL * t[:, None], 2, axis=1))
        edge = loop[i + 1] - loop[i]
        inside = np.array([-edge[1], edge[0]]) / max(float(np.hypot(*edge)), 1e-9)
        normal = np.array(plane.along) * inside[0] + np.array([0, 1.0, 0]) * inside[1] + np.array(plane.normal) * 0.08
        uvs = np.stack(
            [np.repeat(t[:, None] * REVEAL, 2, 1), np.broadcast_to(np.arange(2) * np.hypot(*edge), (5, 2))], -1
        )
        parts.append(woven(points, np.broadcast_to(normal, points.shape), uvs))
    return join(parts), outer


def glazing(plane: Plane, opening: Opening, outer: Floats, steps: int) -> tuple[Mesh, Mesh, list[Floats]]:
    """Frame with mullions, the glass, and the panes' outlines (for the light they let in)."""
    low, high = outer.min(axis=0), outer.max(axis=0)
    centre, half = opening.middle, (high[0] - low[0]) / 2
    rim = np.array([[0.07, 0.0], [0.07, 0.07], [0.055, 0.09], [0.0, 0.09], [0.0, 0.0]])[::1]
    parts = [moulding(plane, outer, rim, closed=True, depth=-REVEAL)]
    starts, ends = [], []
    spring = (
        centre[1]
        if opening.kind == "round"
        else low[1] + (opening.spring - opening.sill) * (high[1] - low[1]) / (opening.top - opening.sill)
    )
    bars = 5 if opening.width > 2.0 else 3
    columns = np.linspace(centre[0] - half, centre[0] + half, bars)[1:-1]
    panes: list[Floats] = []
    if opening.kind == "round":
        for angle in np.arange(0, np.pi * 2, np.pi / 4):
            ray = np.array([np.cos(angle), np.sin(angle)]) * half
            starts.append(centre + ray * 0.3)
            ends.append(centre + ray)
            turn = np.linspace(angle + 0.06, angle + np.pi / 4 - 0.06, 5)
            rim_points = centre + np.stack([np.cos(turn), np.sin(turn)], axis=1) * half * 0.94
            panes.append(np.vstack([rim_points, (centre + (rim_points - centre) * 0.3)[::-1]]))
        parts.append(_ring(plane, centre, half * 0.3))
    else:
        rows = np.linspace(low[1], spring, max(3, round((spring - low[1]) / 0.75)) + 1)
        for x in columns:
            starts.append(np.array([x, low[1]]))
            ends.append(np.array([x, spring]))
        for y in rows[1:]:
            starts.append(np.array([low[0], y]))
            ends.append(np.array([high[0], y]))
        edges = np.concatenate([[low[0]], columns, [high[0]]])
        for x0, x1 in zip(edges[:-1] + 0.03, edges[1:] - 0.03, strict=True):
            for y0, y1 in zip(rows[:-1] + 0.025, rows[1:] - 0.025, strict=True):
                panes.append(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
        if opening.kind != "rectangular":
            _fan(opening, outer, np.array([centre[0], spring]), half, starts, ends, panes)
            parts.append(_ring(plane, np.array([centre[0], spring]), half * 0.42, np.pi))
    parts.append(beams(plane, np.array(starts), np.array(ends), 0.045, 0.06, -REVEAL))
    angles = np.linspace(0, 2 * np.pi, 8 * steps + 1)
    edge = rays(outer, centre, angles)
    pane = np.stack([np.broadcast_to(centre, edge.shape), edge])
    view = (pane - low) / (high - low) * [0.3, 1.0] + [opening.centre * 0.061 % 1.0, 0.0]
    glass = woven(plane.at(pane, 0.02 - REVEAL), np.broadcast_to(np.array(plane.normal), (*pane.shape[:2], 3)), view)
    return join(parts), glass, panes


def _fan(
    opening: Opening,
    outer: Floats,
    foot: Floats,
    half: float,
    starts: list[Floats],
    ends: list[Floats],
    panes: list[Floats],
) -> None:
    """Radial bars of an arch's head, and the panes between them."""
    for k in range(6):
        angle = np.pi * k / 6
        turn = np.linspace(angle + 0.05, angle + np.pi / 6 - 0.05, 4)
        rim = foot + (rays(outer, foot, turn) - foot) * 0.96
        low = foot + np.stack([np.cos(turn), np.sin(turn)], axis=1) * half * 0.45
        panes.append(np.vstack([rim, low[::-1]]))
        if k:
            starts.append(foot + np.array([np.cos(angle), np.sin(angle)]) * half * 0.42)
            ends.append(rays(outer, foot, np.array([angle]))[0])


def _ring(plane: Plane, centre: Floats, radius: float, turn: float = 2 * np.pi) -> Mesh:
    angle = np.linspace(0.0, turn, 25)
    path = centre + np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius
    rim = np.array([[-0.025, 0.0], [-0.025, 0.06], [0.025, 0.06], [0.025, 0.0]])[::-1]
    return moulding(plane, path, rim, closed=False, depth=-REVEAL)


def surround(plane: Plane, opening: Opening, steps: int, ornate: bool) -> Mesh:
    """Archivolt with a keystone, and the sill, on the room's side of an opening."""
    if opening.kind == "round":
        return moulding(plane, opening.outline(steps), mouldings.archivolt(2), closed=True, outward=True)
    path = opening.outline(steps)
    parts = [moulding(plane, path, mouldings.archivolt(3 if ornate else 1), closed=False, outward=True)]
    if opening.sill > 0.3:
        middle = plane.at(np.array([[opening.centre, opening.sill - 0.035]]), 0.07)
        wide = np.abs(np.array(plane.along)) * (opening.width + 0.6) + np.abs(np.array(plane.normal)) * 0.2
        parts.append(boxes(middle, (float(wide[0]), 0.09, float(wide[2]))))
    if ornate and opening.kind in ("arched", "pointed"):
        top = opening.top
        parts.append(
            beams(
                plane,
                np.array([[opening.centre, top - 0.03]]),
                np.array([[opening.centre, top + 0.36]]),
                0.22,
                0.13,
                0.0,
            )
        )
    return join(parts)
