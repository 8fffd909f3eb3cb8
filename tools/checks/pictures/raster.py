"""Finds out which triangle is seen at which pixel. Exact, without a graphics card, in numpy.

Knows nothing of colours: it leaves for every pixel a triangle and a place on it, and colours are looked up
afterwards, only where something is seen.
"""

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]

_BATCH = 1_000_000
"""Pixel tests at a time."""

_CRACK = 1e-5
"""Pixels this little outside belong to both neighbours, so that no background shines through their edge."""

_NEAR = 1e-3
"""Nothing closer to the eye than this share of the scene is drawn."""


class Eye(NamedTuple):
    """Where the picture is taken from: looks along -z of `matrix`, the world as the eye sees it."""

    matrix: Array
    """4 x 4, from the world to the eye."""
    tangent: float | None
    """Of half the upright angle of view; None for a view without perspective."""
    scale: float = 1.0
    """Without perspective: half the height of what is seen."""


class Seen(NamedTuple):
    """For every pixel, row by row from the top left."""

    triangle: Array
    """Number of the triangle, -1 for none."""
    weights: Array
    """Of the triangle's three corners."""


def look(corners: Array, eye: Eye, pixels: int) -> Seen:
    """`corners` are n x 3 x 3: the world places of every triangle's corners."""
    placed = corners.astype(np.float32) @ eye.matrix[:3, :3].T.astype(np.float32)
    placed += eye.matrix[:3, 3].astype(np.float32)
    source = np.arange(len(corners))
    basis = None
    if eye.tangent is not None:
        near = max(1e-4, _NEAR * float(np.abs(placed).max(initial=1)))
        placed, source, basis = _clipped(placed, near)
    screen, inverse = _projected(placed, eye, pixels)
    canvas = _Canvas(pixels)
    canvas.draw(screen)
    return canvas.seen(source, basis, inverse)


def _clipped(placed: Array, near: float) -> tuple[Array, Array, Array]:
    """Triangles cut off at the near plane, with the triangle each came from and its corners as weights of it."""
    front = placed[:, :, 2] < -near
    count = front.sum(axis=1)
    whole = np.flatnonzero(count == 3)
    pieces = [(placed[whole], whole, np.broadcast_to(np.eye(3, dtype=np.float32), (len(whole), 3, 3)))]
    for inside in (1, 2):
        cut = np.flatnonzero(count == inside)
        if len(cut):
            pieces.extend(_cut(placed, cut, front[cut], inside, near))
    corners, source, basis = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return corners, source, basis


def _cut(placed: Array, cut: Array, front: Array, inside: int, near: float) -> list[tuple[Array, Array, Array]]:
    # Turn every triangle so that its single corner, in front or behind, comes first.
    first = np.argmax(front, axis=1) if inside == 1 else np.argmin(front, axis=1)
    order = (first[:, None] + np.arange(3)) % 3
    corners = np.take_along_axis(placed[cut], order[:, :, None], axis=1)
    basis = np.eye(3, dtype=np.float32)[order]

    def between(i: int) -> tuple[Array, Array]:
        share = ((-near - corners[:, 0, 2]) / (corners[:, i, 2] - corners[:, 0, 2]))[:, None]
        return (
            corners[:, 0] + share * (corners[:, i] - corners[:, 0]),
            basis[:, 0] + share * (basis[:, i] - basis[:, 0]),
        )

    (p1, b1), (p2, b2) = between(1), between(2)
    if inside == 1:
        return [(np.stack([corners[:, 0], p1, p2], 1), cut, np.stack([basis[:, 0], b1, b2], 1))]
    return [
        (np.stack([p1, corners[:, 1], corners[:, 2]], 1), cut, np.stack([b1, basis[:, 1], basis[:, 2]], 1)),
        (np.stack([p1, corners[:, 2], p2], 1), cut, np.stack([b1, basis[:, 2], b2], 1)),
    ]


def _projected(placed: Array, eye: Eye, pixels: int) -> tuple[Array, Array]:
    """Column, row and nearness of every corner, all three linear on the screen, and the inverse distance."""
    half = pixels / 2
    if eye.tangent is None:
        inverse = np.ones(placed.shape[:2], np.float32)
        across, nearness = half / eye.scale, placed[:, :, 2]
    else:
        inverse = 1 / -placed[:, :, 2]
        across, nearness = half / eye.tangent, inverse
    columns = half + placed[:, :, 0] * inverse * across
    rows = half - placed[:, :, 1] * inverse * across
    return np.stack([columns, rows, nearness], axis=2).astype(np.float32), inverse.astype(np.float32)


class _Canvas:
    def __init__(self, pixels: int) -> None:
        self.pixels = pixels
        self.nearness = np.full(pixels * pixels, -np.inf, np.float32)
        self.triangle = np.full(pixels * pixels, -1, np.int32)
        self.weights = np.zeros((pixels * pixels, 3), np.float32)

    def draw(self, screen: Array) -> None:
        """Triangles with windows of about the same width and height are tested together."""
        low = np.maximum(np.floor(np.clip(screen[:, :, :2].min(axis=1), -1, self.pixels)), 0).astype(np.int64)
        high = np.ceil(np.clip(screen[:, :, :2].max(axis=1), 0, self.pixels)).astype(np.int64)
        size = high - low
        drawn = np.flatnonzero((size > 0).all(axis=1) & np.isfinite(screen).all(axis=(1, 2)))
        window = np.exp2(np.ceil(np.log2(size[drawn]))).astype(np.int64)
        for wide, tall in np.unique(window, axis=0):
            chosen = drawn[(window == (wide, tall)).all(axis=1)]
            step = max(1, _BATCH // int(wide * tall))
            for start in range(0, len(chosen), step):
                self._test(screen, chosen[start : start + step], low, int(wide), int(tall))

    def _test(self, screen: Array, chosen: Array, low: Array, wide: int, tall: int) -> None:
        """Every pixel of a window against its triangle; the weight of a corner rises evenly over the screen."""
        corners = screen[chosen, :, :2].astype(np.float64) - low[chosen, None, :]
        (ax, ay), (bx, by), (cx, cy) = (corners[:, i].T for i in range(3))
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        inverse = np.where(np.abs(area) < 1e-9, np.nan, 1 / np.where(area == 0, 1, area))  # nan is never inside
        across, down = np.arange(wide, dtype=np.float32), np.arange(tall, dtype=np.float32)[:, None]
        w0 = _plane(bx, by, cx, cy, inverse, across, down)
        w1 = _plane(cx, cy, ax, ay, inverse, across, down)
        w2 = 1 - w0 - w1
        which, row, column = np.nonzero(np.minimum(np.minimum(w0, w1), w2) >= -_CRACK)
        weights = np.stack([w[which, row, column] for w in (w0, w1, w2)], axis=1)
        columns, rows = low[chosen[which], 0] + column, low[chosen[which], 1] + row
        inside = (columns < self.pixels) & (rows < self.pixels)
        which, weights = which[inside], weights[inside]
        nearness = (weights * screen[chosen[which], :, 2]).sum(axis=1)
        self._keep_nearest(rows[inside] * self.pixels + columns[inside], nearness, chosen[which], weights)

    def _keep_nearest(self, place: Array, nearness: Array, triangle: Array, weights: Array) -> None:
        better = np.flatnonzero(nearness > self.nearness[place])
        # Where a pixel comes up twice the last one written stays, so the nearest is written last.
        better = better[np.argsort(nearness[better], kind="stable")]
        self.nearness[place[better]] = nearness[better]
        self.triangle[place[better]] = triangle[better]
        self.weights[place[better]] = weights[better]

    def seen(self, source: Array, basis: Array | None, inverse: Array) -> Seen:
        """Weights in space instead of on the screen, of the triangles that were there before clipping."""
        hit = self.triangle >= 0
        drawn = self.triangle[hit]
        weights = self.weights[hit] * inverse[drawn]
        weights /= weights.sum(axis=1, keepdims=True)
        if basis is not None:
            weights = np.einsum("ni,nij->nj", weights, basis[drawn])
        triangle = np.full_like(self.triangle, -1)
        triangle[hit] = source[drawn]
        spread = np.zeros_like(self.weights)
        spread[hit] = weights
        return Seen(triangle, spread)


def _plane(fromx: Array, fromy: Array, tox: Array, toy: Array, inverse: Array, across: Array, down: Array) -> Array:
    """Twice the area between an edge and each pixel's middle, as a share of the triangle's."""
    along, slope = (fromy - toy) * inverse, (tox - fromx) * inverse
    start = (tox - fromx) * inverse * (0.5 - fromy) - (toy - fromy) * inverse * (0.5 - fromx)
    a, b, c = (part.astype(np.float32)[:, None, None] for part in (along, slope, start))
    result: Array = (c + b * down) + a * across
    return result
