"""Arithmetic on triangles: welding, watertightness, extents. Knows nothing of files."""

from typing import Any

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


def surface(points: Points, triangles: Triangles) -> tuple[bool, float]:
    """Whether every edge belongs to exactly two triangles, and the share of triangles with corners that coincide."""
    if len(triangles) == 0:
        return False, 0.0
    places = welded(points)
    corners = places[triangles]
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    whole = (a != b) & (b != c) & (c != a)
    degenerate = 1 - float(whole.mean())
    if degenerate:
        a, b, c = a[whole], b[whole], c[whole]
    return _closed(a, b, c, len(places)), degenerate


def _closed(a: Points, b: Points, c: Points, places: int) -> bool:
    edges = np.concatenate([np.minimum(s, t) * places + np.maximum(s, t) for s, t in ((a, b), (b, c), (c, a))])
    if len(edges) == 0 or len(edges) % 2:
        return False
    edges.sort()
    return bool((edges[0::2] == edges[1::2]).all() and (edges[1:-1:2] != edges[2::2]).all())


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
