"""The solid between a front outline, a thickness and side openings, sampled on a grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from regions import Field, box_mean, signed_distance
from silhouette import Depth, Silhouette, half_depth, open_sides
from surface import Grid, crossings


@dataclass(frozen=True)
class Solid:
    """Everything measured in pixels of the silhouette; positive is inside."""

    front: Field
    thickness: Field
    run: Field
    """Half width of the run at each pixel."""
    side: Field | None
    """Signed distance into openings that also go through sideways."""


@dataclass(frozen=True)
class Sampling:
    """Where grid nodes lie, in pixels of the silhouette: x right, y up from the ground, z towards the viewer."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]


def solid(outline: Silhouette, depth: Depth) -> Solid:
    gaps = open_sides(outline, depth)
    thickness = half_depth(outline, depth)
    if depth == "solid":
        thickness = thickness * (1 + 0.10 * _carving(outline))
    return Solid(
        signed_distance(outline.mask), thickness, outline.half, None if gaps is None else signed_distance(gaps)
    )


def _carving(outline: Silhouette) -> Field:
    """-1 to 0.3: dark places that are small, such as windows, lie deeper than their surroundings."""
    small = box_mean(outline.light, 1) - box_mean(outline.light, 9)
    return np.asarray(np.clip(small * 2.5, -1, 0.3), dtype=np.float32)


def sampling(shape: Solid, pitch: float) -> Sampling:
    """A grid of the given spacing with a margin outside the solid on every side."""
    height, width = shape.front.shape
    deep = float(shape.thickness[shape.front > 0].max(initial=1.0))

    def axis(low: float, high: float) -> NDArray[np.float64]:
        count = int(np.ceil((high - low) / pitch)) + 5
        return np.asarray((low + high) / 2 + (np.arange(count) - (count - 1) / 2) * pitch, dtype=np.float64)

    return Sampling(axis(0, width), axis(0, height), axis(-deep, deep))


def field(shape: Solid, at: Sampling) -> Grid:
    """Positive inside, in pixels; the rim of the grid is negative."""
    height, width = shape.front.shape
    columns, rows = at.x - 0.5, height - at.y - 0.5
    front = bilinear(shape.front, rows, columns)
    beyond = (
        np.maximum(0, np.maximum(-at.x, at.x - width))[:, None]
        + np.maximum(0, np.maximum(-at.y, at.y - height))[None, :]
    )
    front = np.where(beyond > 0, -beyond, front)
    thick = bilinear(shape.thickness, rows, columns)
    values = np.minimum(front[:, :, None], thick[:, :, None] - np.abs(at.z)[None, None, :])
    if shape.side is not None:
        values = np.minimum(values, _sideways(shape, shape.side, at)[None, :, :])
    for axis in range(3):
        ends = [slice(None)] * 3
        for end in (0, -1):
            ends[axis] = end  # type: ignore[call-overload]
            values[tuple(ends)] = np.minimum(values[tuple(ends)], -0.3)
    return values.astype(np.float32)


def _sideways(shape: Solid, side: Field, at: Sampling) -> NDArray[np.float64]:
    """The side openings as (y, z): the front ones, squeezed from the width of the row to its depth."""
    height, width = side.shape
    rows = np.clip((height - at.y - 0.5).round().astype(int), 0, height - 1)
    middle = width // 2
    squeeze = np.maximum(shape.run[:, middle], 1)[rows] / np.maximum(shape.thickness.max(axis=1), 1)[rows]
    columns = width / 2 + at.z[None, :] * squeeze[:, None] - 0.5
    inside = np.clip(columns, 0, width - 1)
    left = np.clip(inside.astype(int), 0, width - 2)
    share = inside - left
    depth = side[rows[:, None], left] * (1 - share) + side[rows[:, None], left + 1] * share
    return np.asarray(-depth / squeeze[:, None])


def bilinear(values: Field, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at (column, row) pairs of two axes, the nearest ones beyond the edge; indexed [x, y]."""
    r, c = np.clip(rows, 0, values.shape[0] - 1), np.clip(columns, 0, values.shape[1] - 1)
    r0, c0 = np.minimum(r.astype(int), values.shape[0] - 2), np.minimum(c.astype(int), values.shape[1] - 2)
    fr, fc = (r - r0)[None, :], (c - c0)[:, None]
    low = values[r0[None, :], c0[:, None]] * (1 - fr) + values[r0[None, :] + 1, c0[:, None]] * fr
    high = values[r0[None, :], c0[:, None] + 1] * (1 - fr) + values[r0[None, :] + 1, c0[:, None] + 1] * fr
    return np.asarray(low * (1 - fc) + high * fc)


def pitch_for(shape: Solid, triangles: int) -> float:
    """The grid spacing that gives about this many triangles; found from coarse grids, since their number goes with 1
    / spacing².
    """
    pitch = float(max(shape.front.shape) / 60)
    for _ in range(3):
        count = max(2 * crossings(field(shape, sampling(shape, pitch))), 8)
        wanted = pitch * np.sqrt(count / triangles)
        pitch = float(np.clip(wanted, max(shape.front.shape) / 420, max(shape.front.shape) / 8))
        if abs(count / triangles - 1) < 0.15:
            break
    return pitch
