"""Draws splats as discs of their colours, the near ones over the far ones."""

from typing import Any

import numpy as np
from PIL import Image

from tools.checks.models.splat_points import Points

Array = np.ndarray[Any, Any]

MOST = 400_000
"""Splats that are drawn; of more, an even choice."""

LARGEST = 7
"""Pixels from the middle of a disc to its edge, at most."""

SLICES = 24

FINER = 2
"""Pixels a side that are drawn for one that is shown."""

_OUTLIERS = (2, 98)
"""Percent between which the picture is framed: captures are surrounded by specks."""


def splat_picture(points: Points, matrix: Array, pixels: int, background: int) -> Image.Image:
    """`matrix` turns the world as the eye sees it, which looks along -z."""
    if len(points.places) > MOST:
        kept = np.linspace(0, len(points.places) - 1, MOST).astype(np.int64)
        points = Points(*(column[kept] for column in points))
    fine = pixels * FINER
    seen = points.places @ matrix.T
    low, high = np.percentile(seen, _OUTLIERS, axis=0)
    middle, reach = (low + high) / 2, max(float((high - low)[:2].max()), 1e-9) * 0.6
    across = fine / 2 / reach
    columns = np.rint(fine / 2 + (seen[:, 0] - middle[0]) * across).astype(np.int64)
    rows = np.rint(fine / 2 - (seen[:, 1] - middle[1]) * across).astype(np.int64)
    radius = np.rint((points.sizes * across * 1.5).clip(1, LARGEST)).astype(np.int64)
    paper = np.full((fine * fine, 3), float(background), np.float32)
    inside = (np.abs(columns - fine // 2) < fine) & (np.abs(rows - fine // 2) < fine)
    order = np.flatnonzero(inside)[np.argsort(seen[inside, 2], kind="stable")]
    # In slices from the back: inside of one, splats do not see each other.
    for slice_ in np.array_split(order, SLICES):
        _lay(paper, points, slice_, columns, rows, radius, fine)
    picture = Image.fromarray(paper.clip(0, 255).astype(np.uint8).reshape(fine, fine, 3))
    return picture.resize((pixels, pixels), Image.Resampling.BOX)


def _lay(paper: Array, points: Points, chosen: Array, columns: Array, rows: Array, radius: Array, fine: int) -> None:
    """Mixes the discs of one slice into the picture: the mean of their colours, by how much they cover."""
    weight = np.zeros(fine * fine, np.float32)
    colour = np.zeros((3, fine * fine), np.float32)
    for size in np.unique(radius[chosen]):
        which = chosen[radius[chosen] == size]
        for down in range(-size + 1, size):
            for aside in range(-size + 1, size):
                share = 1 - (down * down + aside * aside) / (size * size)
                if share > 0:
                    _add(weight, colour, points, which, columns[which] + aside, rows[which] + down, share, fine)
    covered = weight > 0
    opacity = np.minimum(weight[covered], 1)[:, None]
    mean = (colour[:, covered] / weight[covered]).T
    paper[covered] = paper[covered] * (1 - opacity) + mean * opacity


def _add(
    weight: Array, colour: Array, points: Points, which: Array, columns: Array, rows: Array, share: float, fine: int
) -> None:
    here = (columns >= 0) & (columns < fine) & (rows >= 0) & (rows < fine)
    place = rows[here] * fine + columns[here]
    cover = (points.opacities[which[here]] * share).astype(np.float32)
    np.add.at(weight, place, cover)
    for channel in range(3):
        np.add.at(colour[channel], place, cover * points.colours[which[here], channel])
