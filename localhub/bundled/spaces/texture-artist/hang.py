"""Finds free wall in a room that has no pictures, and makes frames there at eye height."""

from __future__ import annotations

import numpy as np
from model import Floats, Mesh, Model, face_crosses, unit
from numpy.typing import NDArray
from parts import Part
from refine import Canvas

CELLS = 0.25
"""Metres of one square when a wall is searched."""
MOST = 16


def metre_of(model: Model) -> float:
    """How many of the model's units make a metre: rooms between 2 and 20 high are taken at their word."""
    low, high = model.bounds()
    height = float(high[1] - low[1])
    return 1.0 if 2.0 <= height <= 20.0 else height / 3.5


def places(model: Model, parts: list[Part]) -> list[Canvas]:
    """Canvases on the largest free stretches, a hand's breadth off the wall."""
    metre, floor = metre_of(model), float(model.bounds()[0][1])
    others = np.concatenate([part.piece.mesh.positions for part in parts if part.role not in ("floor", "ceiling")])
    found: list[Canvas] = []
    for part in parts:
        if part.role == "wall":
            found += on_piece(part.piece.mesh, others, floor, metre)
    found.sort(key=lambda canvas: -canvas.width)
    return found[:MOST]


def on_piece(mesh: Mesh, others: Floats, floor: float, metre: float) -> list[Canvas]:
    normal = unit(face_crosses(mesh))
    upright = np.abs(normal[:, 1]) < 0.2
    offset = np.einsum("ij,ij->i", mesh.positions[mesh.faces[:, 0]], normal)
    keys = np.column_stack([np.round(normal * 12), np.round(offset / metre * 20)]).astype(np.int64)
    planes, back = np.unique(keys, axis=0, return_inverse=True)
    found: list[Canvas] = []
    for number in range(len(planes)):
        chosen = (back.ravel() == number) & upright
        area = np.linalg.norm(face_crosses(mesh)[chosen], axis=1).sum() / 2
        if chosen.any() and area > 3.0 * metre * metre:
            found += on_plane(mesh, chosen, unit(normal[chosen].mean(axis=0)), others, floor, metre)
    return found


def on_plane(
    mesh: Mesh, chosen: NDArray[np.bool_], normal: Floats, others: Floats, floor: float, metre: float
) -> list[Canvas]:
    """Free runs along one wall between 1.0 and 2.5 metres over the floor."""
    side = np.cross([0.0, 1.0, 0.0], normal)
    corners = mesh.positions[mesh.faces[chosen]]
    u, v = corners @ side, (corners[..., 1] - floor) / metre
    depth = float((corners @ normal).mean())
    step = CELLS * metre
    low, count = float(u.min()), int(np.ptp(u) / step)
    if count < 5:
        return []
    covered: NDArray[np.bool_] = np.array(
        [[inside(low + (k + 0.5) * step, level, u, v) for level in (1.0, 1.4, 1.8, 2.2, 2.5)] for k in range(count)]
    ).min(axis=1)
    ahead = others @ normal - depth
    near = (
        (ahead > 0.02 * metre)
        & (ahead < 0.5 * metre)
        & (others[:, 1] > floor + 0.95 * metre)
        & (others[:, 1] < floor + 2.6 * metre)
    )
    taken = np.floor((others[near] @ side - low) / step).astype(int)
    covered[taken[(taken >= 0) & (taken < count)]] = False
    found: list[Canvas] = []
    start = None
    for k in range(count + 1):
        if k < count and covered[k]:
            start = k if start is None else start
        elif start is not None:
            found += along(low + start * step, low + k * step, side, normal, depth, floor, metre)
            start = None
    return found


def inside(u: float, v: float, triangles_u: Floats, triangles_v: Floats) -> bool:
    """Whether a point of the wall's plane lies in any of its triangles."""
    signs = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        signs.append(
            (triangles_u[:, b] - triangles_u[:, a]) * (v - triangles_v[:, a])
            - (triangles_v[:, b] - triangles_v[:, a]) * (u - triangles_u[:, a])
        )
    same = np.stack(signs)
    return bool(((same >= -1e-9).all(axis=0) | (same <= 1e-9).all(axis=0)).any())


def along(
    start: float, end: float, side: Floats, normal: Floats, depth: float, floor: float, metre: float
) -> list[Canvas]:
    """One picture for every two and a half metres of a free run."""
    long = (end - start) / metre
    if long < 1.2:
        return []
    count = max(1, int(long / 2.6))
    share = long / count
    wide = min(1.7, share - 0.6)
    high = wide * (0.72, 0.8, 0.66)[count % 3]
    found = []
    for k in range(count):
        left = start + (k + 0.5) * share * metre - wide / 2 * metre
        corner = side * left + np.array([0.0, floor + (1.6 - high / 2) * metre, 0.0]) + normal * (depth + 0.03 * metre)
        found.append(Canvas("picture", corner, side * wide * metre, np.array([0.0, high * metre, 0.0]), normal, None))
    return found


def frame_for(canvas: Canvas, metre: float) -> Mesh:
    """A mitred frame: from the wall over a crest and a hollow down to the canvas."""
    wide = 0.12 * metre
    profile = (
        np.array(
            [
                [1.0, -0.25],
                [1.0, 0.3],
                [0.9, 0.5],
                [0.76, 0.56],
                [0.62, 0.46],
                [0.42, 0.2],
                [0.28, 0.22],
                [0.16, 0.3],
                [0.06, 0.16],
                [0.0, 0.1],
                [0.0, -0.05],
            ]
        )
        * wide
    )
    side, up = unit(canvas.across), unit(canvas.up)
    quads = []
    corners = [(0.0, 0.0), (canvas.width, 0.0), (canvas.width, canvas.height), (0.0, canvas.height)]
    outwards = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
    for k in range(4):
        n = (k + 1) % 4
        steps = np.linspace(0.0, 1.0, 9)
        rows = []
        for t in steps:
            base = np.array(corners[k]) * (1 - t) + np.array(corners[n]) * t
            out = np.array(outwards[k]) * (1 - t) + np.array(outwards[n]) * t
            place = base + profile[:, :1] * out
            rows.append(canvas.corner + place[:, :1] * side + place[:, 1:] * up + profile[:, 1:] * canvas.normal)
        line = np.array(rows)
        quads.append(np.stack([line[:-1, :-1], line[1:, :-1], line[1:, 1:], line[:-1, 1:]], axis=2).reshape(-1, 4, 3))
    found = np.concatenate(quads)
    normals = unit(np.cross(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]))
    base = np.arange(len(found))[:, None] * 4
    faces = np.concatenate([base + np.array([0, 1, 2]), base + np.array([0, 2, 3])])
    return Mesh(found.reshape(-1, 3), np.repeat(normals, 4, axis=0), np.zeros((len(found) * 4, 2)), None, faces)
