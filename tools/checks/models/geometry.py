"""Arithmetic on triangles: welding, watertightness, winding, bodies, extents. Knows nothing of files."""

from typing import Any, NamedTuple

import numpy as np

Points = np.ndarray[Any, np.dtype[Any]]
"""n x 3, one row a vertex."""

Triangles = np.ndarray[Any, np.dtype[Any]]
"""n x 3, one row a triangle of vertex numbers."""

_CELLS = (1 << 21) - 1
"""Cells along the longest side: three such numbers fit into one 64-bit key."""


def welded(points: Points) -> Points:
    """For every vertex the number of its place: vertices in the same cell of a fine grid get the same number.

    Seams of a texture double their vertices, so without this no unwrapped mesh is watertight. The grid is half a
    millionth of the longest side wide, four steps of a 32-bit float at that distance: exporters write 0 as 2e-17.
    """
    low = points.min(axis=0).astype(np.float64)
    longest = float((points.max(axis=0) - low).max())
    cells = np.rint((points - low) * (_CELLS / longest if longest else 0.0)).astype(np.int64)
    key = (cells[:, 0] << 42) | (cells[:, 1] << 21) | cells[:, 2]
    return np.unique(key, return_inverse=True)[1]


class Surface(NamedTuple):
    """What can be said of triangles after welding."""

    watertight: bool
    """Every edge belongs to exactly two triangles."""
    winding_consistent: bool
    """Two triangles that share an edge run along it in opposite directions: all fronts are on one side."""
    degenerate: float
    """Share of triangles with corners that coincide."""
    bodies: int
    """Parts that hang together by corners."""


def surface(points: Points, triangles: Triangles) -> Surface:
    if len(triangles) == 0:
        return Surface(False, True, 0.0, 0)
    places = welded(points)
    a, b, c = (places[triangles[:, column]] for column in range(3))
    whole = (a != b) & (b != c) & (c != a)
    degenerate = 1 - float(whole.mean())
    if degenerate:
        a, b, c = a[whole], b[whole], c[whole]
    return Surface(*_edges(a, b, c, len(places)), degenerate, _bodies(a, b, c, len(places)))


def _edges(a: Points, b: Points, c: Points, places: int) -> tuple[bool, bool]:
    """Watertight, and consistent in its winding. Keys hold both ends, the smaller first, and the direction."""
    pairs = ((a, b), (b, c), (c, a))
    keys = np.concatenate([(np.minimum(s, t) * places + np.maximum(s, t)) * 2 + (s > t) for s, t in pairs])
    keys.sort()
    edges = keys >> 1
    same = edges[1:] == edges[:-1]
    # Where a fan of triangles meets in one edge there is no front and back: only edges of two triangles count.
    twos = same & ~np.append(same[1:], False) & ~np.append(False, same[:-1])[: len(same)]
    watertight = len(edges) > 0 and 2 * int(np.count_nonzero(twos)) == len(edges)
    return watertight, not bool((keys[1:][twos] == keys[:-1][twos]).any())


def _bodies(a: Points, b: Points, c: Points, places: int) -> int:
    """Every corner takes over the smallest number among those it is joined to, until nothing changes."""
    label = np.arange(places)
    start, end = np.concatenate([a, b]), np.concatenate([b, c])
    while len(start):
        low, high = np.minimum(label[start], label[end]), np.maximum(label[start], label[end])
        apart = low != high
        start, end, low, high = start[apart], end[apart], low[apart], high[apart]
        np.minimum.at(label, high, low)
        while not np.array_equal(label, shorter := label[label]):
            label = shorter
    return int(np.count_nonzero(np.bincount(label[a], minlength=1)))


def up_axis(points: Points, triangles: Triangles) -> str | None:
    """ "y" or "z" where a model has a flat bottom to stand on, and None where it has none or both."""
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    low, size = points.min(axis=0), np.maximum(points.max(axis=0) - points.min(axis=0), 1e-12)
    shares = {}
    for axis, other in ((1, 2), (2, 1)):
        resting = (corners[:, :, axis] < low[axis] + 0.005 * size[axis]).all(axis=1)
        shares["xyz"[axis]] = np.abs(normals[resting, axis]).sum() / 2 / (size[0] * size[other])
    best = max(shares, key=lambda name: float(shares[name]))
    return best if shares[best] > 0.05 and shares[best] > 2 * min(shares.values()) else None


def moved(points: Points, matrix: Points) -> Points:
    """The points after a 4 x 4 transformation that acts on columns."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def corners_of(low: Points, high: Points) -> Points:
    """The eight corners of a box."""
    return np.array(
        [[(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)],
        np.float64,
    )


def shown(lengths: Points) -> list[float]:
    """Six significant digits, for facts."""
    return [float(f"{value:.6g}") for value in lengths]
