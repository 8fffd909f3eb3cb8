"""Connected regions and distances of two-dimensional masks, in numpy alone."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]
Field = NDArray[np.float32]


def labelled(mask: Mask) -> tuple[Labels, int]:
    """Numbers 1… for the 4-connected regions of a mask, 0 elsewhere, and how many there are."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    first = np.searchsorted(rows, np.arange(mask.shape[0] + 1))
    for row in range(1, mask.shape[0]):
        above, below = int(first[row - 1]), int(first[row])
        while above < first[row] and below < first[row + 1]:
            if starts[above] < ends[below] and starts[below] < ends[above]:
                a, b = root(above), root(below)
                parent[max(a, b)] = min(a, b)
            if ends[above] <= ends[below]:
                above += 1
            else:
                below += 1
    roots = [root(run) for run in range(len(rows))]
    number = {r: i + 1 for i, r in enumerate(sorted(set(roots)))}
    labels = np.zeros(mask.shape, np.int32)
    for run, r in enumerate(roots):
        labels[rows[run], starts[run] : ends[run]] = number[r]
    return labels, len(number)


def touching_border(labels: Labels) -> NDArray[np.int32]:
    """The numbers of the regions that reach the edge of the picture."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.setdiff1d(rim, [0]).astype(np.int32)


def distance(mask: Mask) -> Field:
    """Euclidean distance in pixels from each pixel of the mask to the nearest pixel outside it.

    Two passes (Felzenszwalb's decomposition, by brute force along rows): exact, cubic in the side, meant for sides up
    to about 300.
    """
    height, width = mask.shape
    far = float(height + width)
    column = np.where(mask, far, 0.0).astype(np.float32)
    for row in range(1, height):
        column[row] = np.minimum(column[row], column[row - 1] + 1)
    for row in range(height - 2, -1, -1):
        column[row] = np.minimum(column[row], column[row + 1] + 1)
    squared = column**2
    offsets = (np.arange(width)[:, None] - np.arange(width)[None, :]).astype(np.float32) ** 2
    result = np.empty_like(squared)
    for row in range(height):
        result[row] = (squared[row][None, :] + offsets).min(axis=1)
    return np.asarray(np.sqrt(result), dtype=np.float32)


def signed_distance(mask: Mask) -> Field:
    """Positive inside, negative outside, 0 on the edge between pixels."""
    padded = np.pad(mask, 1)
    inside, outside = distance(padded), distance(~padded)
    return (np.where(padded, inside - 0.5, 0.5 - outside))[1:-1, 1:-1].astype(np.float32)


def box_mean(values: Field, reach: int) -> Field:
    """The mean over a square of 2 · reach + 1 pixels; the edge is continued outwards."""
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (reach + 1, reach)
        total = np.cumsum(np.pad(values, padding, mode="edge"), axis=axis, dtype=np.float64)
        size = values.shape[axis]
        span = 2 * reach + 1
        values = (
            (np.take(total, range(span, span + size), axis=axis) - np.take(total, range(size), axis=axis)) / span
        ).astype(np.float32)
    return values
