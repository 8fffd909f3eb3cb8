"""Triangle meshes with normals and texture coordinates, and the few ways this Space makes them.

Convention for every outline that is swept or turned: walk along it with the solid on your left.
Winding is never a worry here: `woven` turns each triangle to agree with its normals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CREASE = np.cos(np.radians(38.0))


@dataclass(frozen=True)
class Mesh:
    """Metres, Y up; one unit of texture coordinate is one metre unless a maker says otherwise."""

    positions: Floats
    normals: Floats
    uvs: Floats
    faces: Ints

    @property
    def triangles(self) -> int:
        return len(self.faces)

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        return Mesh(self.positions + np.array([x, y, z]), self.normals, self.uvs, self.faces)

    def turned(self, degrees: float) -> Mesh:
        """Turned about the upright axis."""
        angle = np.radians(degrees)
        cosine, sine = np.cos(angle), np.sin(angle)
        matrix = np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
        return Mesh(self.positions @ matrix.T, self.normals @ matrix.T, self.uvs, self.faces)


EMPTY = Mesh(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 2)), np.zeros((0, 3), dtype=np.int64))


def join(meshes: Iterable[Mesh]) -> Mesh:
    parts = [mesh for mesh in meshes if len(mesh.faces)]
    if not parts:
        return EMPTY
    starts = np.cumsum([0] + [len(mesh.positions) for mesh in parts[:-1]])
    return Mesh(
        np.concatenate([mesh.positions for mesh in parts]),
        np.concatenate([mesh.normals for mesh in parts]),
        np.concatenate([mesh.uvs for mesh in parts]),
        np.concatenate([mesh.faces + start for mesh, start in zip(parts, starts, strict=True)]),
    )


def unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(lengths > 1e-12, lengths, 1.0)


def woven(points: Floats, normals: Floats, uvs: Floats) -> Mesh:
    """A mesh over a rows × columns lattice; squares that have no area leave no triangles."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1])
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    flat_points, flat_normals = points.reshape(-1, 3), unit(normals.reshape(-1, 3))
    return oriented(Mesh(flat_points, flat_normals, uvs.reshape(-1, 2), faces))


def oriented(mesh: Mesh) -> Mesh:
    """The same surface without empty triangles, each wound to agree with its normals."""
    corners = mesh.positions[mesh.faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    kept = np.linalg.norm(cross, axis=1) > 1e-10
    faces, cross = mesh.faces[kept], cross[kept]
    wrong = np.einsum("ij,ij->i", cross, mesh.normals[faces].sum(axis=1)) < 0
    faces = np.where(wrong[:, None], faces[:, ::-1], faces)
    return Mesh(mesh.positions, mesh.normals, mesh.uvs, faces)


def curved(points: Floats, uvs: Floats, closed: bool = False) -> Mesh:
    """A smooth lattice whose normals follow from its shape: row direction × column direction."""
    if closed:
        across = np.roll(points, -1, axis=1) - np.roll(points, 1, axis=1)
        across[:, 0] = across[:, -1] = points[:, 1] - points[:, -2]
    else:
        across = np.gradient(points, axis=1)
    return woven(points, np.cross(across, np.gradient(points, axis=0)), uvs)


def sheet(origin: Floats, along: Floats, up: Floats, columns: int, rows: int) -> Mesh:
    """A flat rectangle; it faces along × up."""
    s, t = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    points = origin + s[..., None] * along + t[..., None] * up
    uvs = np.stack([s * np.linalg.norm(along), t * np.linalg.norm(up)], axis=-1)
    return woven(points, np.broadcast_to(np.cross(along, up), points.shape), uvs)


def quads(corners: Floats, uvs: Floats | None = None) -> Mesh:
    """Flat-shaded quadrilaterals (n, 4, 3), counter-clockwise from outside."""
    count = len(corners)
    normals = unit(np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]))
    if uvs is None:
        width = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
        height = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
        zero = np.zeros(count)
        uvs = np.stack([zero, zero, width, zero, width, height, zero, height], axis=1).reshape(count, 4, 2)
    base = np.arange(count)[:, None] * 4
    faces = np.concatenate([base + np.array([0, 1, 2]), base + np.array([0, 2, 3])])
    return oriented(Mesh(corners.reshape(-1, 3), np.repeat(normals, 4, axis=0), uvs.reshape(-1, 2), faces))


def boxes(centres: Floats, size: tuple[float, float, float]) -> Mesh:
    """Equal upright boxes, closed, twelve triangles each."""
    corner = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]) * size
    sides = np.array([[1, 3, 2, 0], [4, 6, 7, 5], [0, 4, 5, 1], [3, 7, 6, 2], [2, 6, 4, 0], [1, 5, 7, 3]])
    return quads((np.atleast_2d(centres)[:, None, None, :] + corner[sides][None]).reshape(-1, 4, 3))


def creased(line: Floats, closed: bool = False) -> tuple[Floats, Floats, Ints]:
    """A polyline with its left normals turned right (outside), doubled where it turns sharply.

    Gives points, normals and, for each given back point, its index in the line.
    """
    step = np.diff(np.vstack([line, line[:1]]) if closed else line, axis=0)
    outside = unit(np.stack([step[:, 1], -step[:, 0]], axis=1))
    index, normals = [0], [outside[0]]
    for i in range(1, len(line) - (0 if closed else 1)):
        before, after = outside[i - 1], outside[i]
        if before @ after > CREASE:
            index.append(i)
            normals.append(before + after)
        else:
            index += [i, i]
            normals += [before, after]
    index.append(0 if closed else len(line) - 1)
    normals.append(outside[-1])
    if closed and outside[-1] @ outside[0] > CREASE:
        normals[0] = normals[-1] = outside[-1] + outside[0]
    return line[index], unit(np.array(normals)), np.array(index)


def sweep(
    profile: Floats, path: Floats, normal: tuple[float, float, float], *, closed: bool = False, outward: bool = False
) -> Mesh:
    """A profile carried along a flat path, with mitred corners.

    The profile's first coordinate points to the left of the path as seen against `normal` (to the
    right if `outward`), its second along `normal`. A counter-clockwise path thus has it inside.
    """
    plane = np.array(normal, dtype=float)
    step = np.diff(np.vstack([path, path[:1]]) if closed else path, axis=0)
    side = unit(np.cross(plane, step)) * (-1.0 if outward else 1.0)
    after = side if closed else np.vstack([side, side[-1:]])
    before = np.roll(side, 1, axis=0) if closed else np.vstack([side[:1], side])
    facing = np.einsum("ij,ij->i", before, after)
    mitre = (before + after) / np.maximum(1.0 + facing, 0.2)[:, None]
    smooth = facing > CREASE
    # Each path point gives one row, or two rows with different normals where the path turns sharply.
    rows, row_normals = [], []
    order = list(range(len(path))) + ([0] if closed else [])
    for position, i in enumerate(order):
        first, last = position == 0, position == len(order) - 1
        if smooth[i] or (not closed and (first or last)):
            rows.append(i)
            row_normals.append(mitre[i])
            continue
        if not first:
            rows.append(i)
            row_normals.append(before[i])
        if not last:
            rows.append(i)
            row_normals.append(after[i])
    outline, outline_normals, _ = creased(profile)
    centre, across, lit = path[rows], mitre[rows], unit(np.array(row_normals))
    points = centre[:, None] + across[:, None] * outline[None, :, :1] + plane * outline[None, :, 1:]
    normals = lit[:, None] * outline_normals[None, :, :1] + plane * outline_normals[None, :, 1:]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(centre, axis=0), axis=1))])
    girth = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))])
    uvs = np.stack(np.meshgrid(length, girth, indexing="ij"), axis=-1)
    return woven(points, normals, uvs)


def divided(path: Floats, step: float, closed: bool = False) -> Floats:
    """The path with further points on its straight stretches, so that light can vary along it."""
    ends = np.vstack([path[1:], path[:1]]) if closed else path[1:]
    found = [path[:1]]
    for a, b in zip(path, ends, strict=False):
        count = max(1, round(float(np.linalg.norm(b - a)) / step))
        found.append(a + (b - a) * (np.arange(1, count + 1) / count)[:, None])
    whole = np.vstack(found)
    return whole[:-1] if closed else whole


def lathe(profile: Floats, segments: int) -> Mesh:
    """A profile of (radius, height) turned about the upright axis."""
    outline, outline_normals, _ = creased(profile)
    angle = np.linspace(0.0, 2 * np.pi, segments + 1)
    around = np.stack([np.cos(angle), np.zeros_like(angle), np.sin(angle)], axis=-1)
    up = np.array([0.0, 1.0, 0.0])
    points = around[None] * outline[:, None, :1] + up * outline[:, None, 1:]
    normals = around[None] * outline_normals[:, None, :1] + up * outline_normals[:, None, 1:]
    girth = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(outline, axis=0), axis=1))])
    uvs = np.stack(np.broadcast_arrays(angle[None] * profile[:, 0].max(), girth[:, None]), axis=-1)
    return woven(points, normals, uvs)
