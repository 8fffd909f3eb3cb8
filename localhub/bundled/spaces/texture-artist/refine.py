"""Adds geometry: finer curves, carved frames, canvases with the relief of their paint, labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from model import Floats, Mesh, face_crosses, unit
from noise import Singles


def subdivided(mesh: Mesh, roundness: float = 0.75) -> Mesh:
    """Each triangle in four; new points are pulled towards the curve that the normals tell of (Phong)."""
    ends = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
    edges, back = np.unique(ends, axis=0, return_inverse=True)
    a, b = edges[:, 0], edges[:, 1]
    middle = (mesh.positions[a] + mesh.positions[b]) / 2
    na, nb = mesh.normals[a], mesh.normals[b]
    on_a = middle - na * np.einsum("ij,ij->i", middle - mesh.positions[a], na)[:, None]
    on_b = middle - nb * np.einsum("ij,ij->i", middle - mesh.positions[b], nb)[:, None]
    # Where normals disagree strongly there is an edge, not a curve.
    curve = np.where(np.einsum("ij,ij->i", na, nb) > 0.5, roundness, 0.0)[:, None]
    points = middle * (1 - curve) + (on_a + on_b) / 2 * curve

    def mean(values: Floats | None) -> Floats | None:
        return None if values is None else np.concatenate([values, (values[a] + values[b]) / 2])

    count, faces = len(mesh.positions), mesh.faces
    m = count + back.reshape(3, -1)
    new = np.concatenate(
        [
            np.stack([faces[:, 0], m[0], m[2]], 1),
            np.stack([m[0], faces[:, 1], m[1]], 1),
            np.stack([m[2], m[1], faces[:, 2]], 1),
            np.stack([m[0], m[1], m[2]], 1),
        ]
    )
    normals = unit(np.concatenate([mesh.normals, na + nb]))
    flat = np.linalg.norm(normals, axis=1) < 0.5
    normals[flat] = np.concatenate([mesh.normals, na])[flat]
    return Mesh(np.concatenate([mesh.positions, points]), normals, mean(mesh.uvs), mean(mesh.colours), new)


def carved(mesh: Mesh, depth: float, pitch: float) -> Mesh:
    """Leaf-like relief. It follows from the place alone, so that edges stay closed."""
    key = np.round(mesh.positions / 1e-5).astype(np.int64)
    _, back = np.unique(key, axis=0, return_inverse=True)
    back = back.ravel()
    total = np.zeros((int(back.max()) + 1, 3))
    np.add.at(total, back, mesh.normals)
    direction = unit(total)[back]
    p = mesh.positions * (2 * np.pi / pitch)
    wave = np.sin(p[:, 0]) * np.sin(p[:, 1]) + np.sin(p[:, 1]) * np.sin(p[:, 2]) + np.sin(p[:, 2]) * np.sin(p[:, 0])
    lift = depth * np.clip(wave, -0.6, 1.0)
    tilt = np.stack(
        [
            np.cos(p[:, 0]) * (np.sin(p[:, 1]) + np.sin(p[:, 2])),
            np.cos(p[:, 1]) * (np.sin(p[:, 0]) + np.sin(p[:, 2])),
            np.cos(p[:, 2]) * (np.sin(p[:, 1]) + np.sin(p[:, 0])),
        ],
        axis=1,
    )
    slope = tilt - mesh.normals * np.einsum("ij,ij->i", tilt, mesh.normals)[:, None]
    normals = unit(mesh.normals - slope * 0.25)
    return Mesh(mesh.positions + direction * lift[:, None], normals, mesh.uvs, mesh.colours, mesh.faces)


@dataclass(frozen=True)
class Canvas:
    """A flat upright rectangle to paint on: its lower left corner, its edges, the way it looks."""

    name: str
    corner: Floats
    across: Floats
    up: Floats
    normal: Floats
    light: Floats | None
    """Colours baked there, one for the whole canvas; None where the model has none."""

    @property
    def width(self) -> float:
        return float(np.linalg.norm(self.across))

    @property
    def height(self) -> float:
        return float(np.linalg.norm(self.up))


def canvas_of(name: str, mesh: Mesh) -> Canvas | None:
    """The rectangle that a flat piece fills; None if it is not flat or lies."""
    corners = mesh.positions[mesh.faces]
    normal = unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(axis=0))
    if abs(normal[1]) > 0.6 or np.linalg.norm(normal) < 0.5:
        return None
    up = unit(np.array([0.0, 1.0, 0.0]) - normal * normal[1])
    side = np.cross(up, normal)
    u, v, d = (mesh.positions @ axis for axis in (side, up, normal))
    if np.ptp(d) > 0.2 * max(float(np.ptp(u)), 1e-9) or min(np.ptp(u), np.ptp(v)) < 1e-6:
        return None
    light = None if mesh.colours is None else np.clip(mesh.colours.mean(axis=0) * 1.25, 0, 1)
    corner = side * u.min() + up * v.min() + normal * d.max()
    return Canvas(name, corner, side * np.ptp(u), up * np.ptp(v), normal, light)


def woven(
    canvas: Canvas, grain: tuple[int, int], window: tuple[float, float, float, float], relief: Singles, depth: float
) -> Mesh:
    """A grid over the canvas, raised by the relief; `window` is (left, top, right, bottom) on its sheet."""
    columns, rows = grain
    s, t = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    i = np.minimum(((1 - t) * relief.shape[0]).astype(int), relief.shape[0] - 1)
    j = np.minimum((s * relief.shape[1]).astype(int), relief.shape[1] - 1)
    rim = np.minimum(np.minimum(s, 1 - s), np.minimum(t, 1 - t)) > 1e-6
    raised = relief[i, j] * rim * depth
    points = canvas.corner + s[..., None] * canvas.across + t[..., None] * canvas.up + raised[..., None] * canvas.normal
    normals = np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0))
    left, top, right, bottom = window
    uvs = np.stack([left + s * (right - left), bottom + t * (top - bottom)], axis=-1)
    index = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    colours = None if canvas.light is None else np.tile(canvas.light, (len(faces) and points.size // 3, 1))
    return Mesh(points.reshape(-1, 3), unit(normals.reshape(-1, 3)), uvs.reshape(-1, 2), colours, faces)


def box(
    canvas: Canvas,
    low: tuple[float, float],
    high: tuple[float, float],
    back: float,
    front: float,
    window: tuple[float, float, float, float],
) -> Mesh:
    """A slab in front of the canvas's plane; low and high count from the canvas's lower left corner."""
    side, up = unit(canvas.across), unit(canvas.up)
    bevel = (front - back) * 0.35
    rings = []
    for inset, depth in ((0.0, back), (0.0, front - bevel), (bevel, front)):
        u0, v0, u1, v1 = low[0] + inset, low[1] + inset, high[0] - inset, high[1] - inset
        ring = np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]])
        rings.append(canvas.corner + ring[:, :1] * side + ring[:, 1:] * up + depth * canvas.normal)
    left, top, right, bottom = window
    front_uv = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    quads, uvs = [rings[2]], [front_uv]
    for near, far in ((rings[0], rings[1]), (rings[1], rings[2])):
        for k in range(4):
            n = (k + 1) % 4
            quads.append(np.stack([near[k], near[n], far[n], far[k]]))
            uvs.append(np.tile([[left, top]], (4, 1)))
    corners = np.array(quads)
    normals = unit(np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]))
    base = np.arange(len(corners))[:, None] * 4
    faces = np.concatenate([base + np.array([0, 1, 2]), base + np.array([0, 2, 3])])
    colours = None if canvas.light is None else np.tile(canvas.light, (len(corners) * 4, 1))
    return Mesh(corners.reshape(-1, 3), np.repeat(normals, 4, axis=0), np.concatenate(uvs), colours, faces)


def box_mapped(mesh: Mesh, metres: float, unit_length: float = 1.0) -> Mesh:
    """Texture coordinates from the place, projected along the axis each triangle faces most."""
    axis = np.abs(face_crosses(mesh)).argmax(axis=1)
    pairs, back = np.unique(mesh.faces * 3 + axis[:, None], return_inverse=True)
    vertex, facing = pairs // 3, pairs % 3
    p = mesh.positions[vertex] / (metres * unit_length)
    flat = np.stack([p[:, [2, 1]], p[:, [0, 2]], p[:, [0, 1]]])[facing, np.arange(len(vertex))]
    uvs = flat * [1.0, -1.0]
    colours = None if mesh.colours is None else mesh.colours[vertex]
    return Mesh(mesh.positions[vertex], mesh.normals[vertex], uvs, colours, back.reshape(-1, 3))
