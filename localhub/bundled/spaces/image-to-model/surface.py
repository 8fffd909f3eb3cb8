"""A closed triangle surface around the positive part of a field on a grid (naive surface nets)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float32]


@dataclass(frozen=True)
class Surface:
    """Vertices in grid units and triangles that turn counter-clockwise seen from outside."""

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]


def crossings(field: Grid) -> int:
    """How many grid edges the surface crosses; it will have twice as many triangles."""
    inside = field > 0
    return int(sum(np.count_nonzero(np.diff(inside, axis=axis)) for axis in range(3)))


def unambiguous(field: Grid) -> Grid:
    """The field with each checkerboard of four neighbours filled, so that every edge has exactly two triangles."""
    field = field.copy()
    for _ in range(8):
        changed = 0
        for a, b in ((0, 1), (0, 2), (1, 2)):
            moved = np.moveaxis(field, (a, b), (0, 1))
            corners = (moved[:-1, :-1], moved[1:, :-1], moved[:-1, 1:], moved[1:, 1:])
            s00, s10, s01, s11 = (corner > 0 for corner in corners)
            rising, falling = s00 & s11 & ~s10 & ~s01, s10 & s01 & ~s00 & ~s11
            changed += int(rising.sum() + falling.sum())
            moved[1:, :-1][rising] = 0.05
            moved[:-1, :-1][falling] = 0.05
        if changed == 0:
            break
    return field


def surface(field: Grid) -> Surface:
    """One vertex in each cell the surface passes, one quad for each grid edge it crosses. The field's rim must be
    negative.
    """
    field = unambiguous(field)
    cells = tuple(n - 1 for n in field.shape)
    places, weights = np.zeros((*cells, 3), np.float32), np.zeros(cells, np.float32)
    found = []
    for axis in range(3):
        low = np.take(field, range(cells[axis]), axis=axis)
        high = np.take(field, range(1, cells[axis] + 1), axis=axis)
        at = np.argwhere((low > 0) != (high > 0))
        a, b = low[tuple(at.T)], high[tuple(at.T)]
        point = at.astype(np.float32)
        point[:, axis] += a / (a - b)
        others = [other for other in range(3) if other != axis]
        ring = []
        for step in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
            cell = at.copy()
            cell[:, others] += step
            ring.append(np.ravel_multi_index(tuple(cell.T), cells))
        for cell_number in ring:
            np.add.at(weights.reshape(-1), cell_number, 1)
            np.add.at(places.reshape(-1, 3), cell_number, point)
        # Around the y axis the two other axes (x, z) turn the other way round.
        found.append((np.stack(ring, axis=1), (a > 0) != (axis == 1)))
    used = np.nonzero(weights.ravel())[0]
    number = np.full(weights.size, -1, np.int64)
    number[used] = np.arange(used.size)
    vertices = places.reshape(-1, 3)[used] / weights.ravel()[used, None]
    quads = np.concatenate([np.where(outward[:, None], ring, ring[:, ::-1]) for ring, outward in found])
    quads = number[quads]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Surface(vertices.astype(np.float64), triangles)


def without_crumbs(shape: Surface, share: float = 0.02) -> Surface:
    """Only the pieces that have at least this share of the largest piece's vertices."""
    label = np.arange(len(shape.vertices))
    edges = np.concatenate([shape.triangles[:, [0, 1]], shape.triangles[:, [1, 2]]])
    while True:
        low = label[edges].min(axis=1)
        lowered = label.copy()
        np.minimum.at(lowered, edges[:, 0], low)
        np.minimum.at(lowered, edges[:, 1], low)
        lowered = lowered[lowered]
        if np.array_equal(lowered, label):
            break
        label = lowered
    sizes = np.bincount(label, minlength=len(label))
    kept = sizes[label] >= share * sizes.max()
    renumbered = np.cumsum(kept) - 1
    triangles = shape.triangles[kept[shape.triangles[:, 0]]]
    return Surface(shape.vertices[kept], renumbered[triangles])


def smoothed(shape: Surface, rounds: int) -> Surface:
    """Taubin's smoothing: a step towards the neighbours' mean, then a slightly larger one back, so that nothing
    shrinks.
    """
    pairs = np.concatenate([shape.triangles[:, [0, 1]], shape.triangles[:, [1, 2]], shape.triangles[:, [2, 0]]])
    count = len(shape.vertices)
    degree = np.maximum(np.bincount(pairs[:, 0], minlength=count), 1)[:, None]
    vertices = shape.vertices
    for step in (0.5, -0.52) * rounds:
        mean = (
            np.stack(
                [np.bincount(pairs[:, 0], weights=vertices[pairs[:, 1], axis], minlength=count) for axis in range(3)],
                axis=1,
            )
            / degree
        )
        vertices = vertices + step * (mean - vertices)
    return Surface(vertices, shape.triangles)


def normals(shape: Surface) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit normals of the triangles, and of the vertices weighted by area."""
    a, b, c = (shape.vertices[shape.triangles[:, i]] for i in range(3))
    face = np.cross(b - a, c - a)
    vertex = np.stack(
        [
            sum(
                np.bincount(shape.triangles[:, i], weights=face[:, axis], minlength=len(shape.vertices))
                for i in range(3)
            )
            for axis in range(3)
        ],
        axis=1,
    )
    return _unit(face), _unit(vertex)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(length > 1e-12, vectors / np.maximum(length, 1e-12), np.array([0.0, 0.0, 1.0]))
