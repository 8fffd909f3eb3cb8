"""What an outline says about the thing's depth: its rows of solid runs, its openings, its symmetry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from cutout import Cutout
from PIL import Image, ImageFilter, ImageOps
from regions import Field, Labels, Mask, box_mean, distance, labelled, signed_distance

Depth = Literal["round", "solid", "relief"]
SIDE = 240
"""The longest side of a working silhouette, in pixels."""


@dataclass(frozen=True)
class Silhouette:
    """A small outline and, for each pixel, the solid run of its row that it belongs to (pixels)."""

    mask: Mask
    openings: Mask
    """Background seen through the thing: enclosed, or reaching the ground between two legs."""
    centre: Field
    half: Field
    light: Field
    """Brightness in 0 to 1, background filled with 0.5."""

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.mask.shape[1] / self.mask.shape[0])


def silhouette(thing: Cutout) -> Silhouette:
    height, width = thing.mask.shape
    scale = SIDE / max(height, width)
    size = (max(6, round(width * scale)), max(6, round(height * scale)))
    small = (
        Image.fromarray(thing.mask.astype(np.uint8) * 255)
        .resize(size, Image.Resampling.BOX)
        .point(lambda value: 255 * (value > 110))
    )
    # Cracks of a pixel or two are dark joints of the thing itself.
    closed = ImageOps.expand(small, 2).filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(3))
    mask = np.asarray(closed)[2:-2, 2:-2] > 0
    grey = np.asarray(Image.fromarray(thing.colour).convert("L").resize(size, Image.Resampling.BOX), np.float32) / 255
    gaps = openings(mask)
    centre, half = runs(mask | gaps)
    return Silhouette(mask, gaps, centre, half, np.where(mask, grey, 0.5).astype(np.float32))


def openings(mask: Mask) -> Mask:
    """Gaps between the first and the last solid pixel of a row that have solid above: not the notch between two
    towers.
    """
    seen = np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1] & ~mask
    labels, _ = labelled(seen)
    covered = np.zeros_like(mask)
    covered[1:] = (mask | seen)[:-1]
    roofless = np.unique(labels[seen & ~covered])
    sizes = np.bincount(labels.ravel())
    small = np.nonzero(sizes < 0.002 * mask.size)[0]
    return seen & ~np.isin(labels, np.concatenate([roofless, small]))


def runs(solid: Mask) -> tuple[Field, Field]:
    """Middle and half width of the run of solid pixels at each pixel; beside a run, those of the nearest one in its
    row.
    """
    _height, width = solid.shape
    columns = np.arange(width)
    start = np.maximum.accumulate(np.where(solid & ~np.pad(solid, ((0, 0), (1, 0)))[:, :-1], columns, -1), axis=1)
    ending = solid & ~np.pad(solid, ((0, 0), (0, 1)))[:, 1:]
    end = np.minimum.accumulate(np.where(ending, columns + 1, width + 1)[:, ::-1], axis=1)[:, ::-1]
    centre = np.where(solid, (start + end) / 2, np.nan)
    half = np.where(solid, (end - start) / 2, np.nan)
    return _spread(centre), _spread(half)


def _spread(values: Field) -> Field:
    """Fills gaps along each row from the nearest known pixel, then empty rows from the nearest row."""
    filled = values.copy()
    columns = np.arange(values.shape[1])
    for row in filled:
        known = np.nonzero(~np.isnan(row))[0]
        if known.size:
            nearest = known[np.clip(np.searchsorted(known, columns), 0, known.size - 1)]
            before = known[np.clip(np.searchsorted(known, columns) - 1, 0, known.size - 1)]
            row[:] = row[np.where(np.abs(columns - before) <= np.abs(nearest - columns), before, nearest)]
    full = np.nonzero(~np.isnan(filled[:, 0]))[0]
    rows = np.arange(values.shape[0])
    nearest = full[np.abs(rows[:, None] - full[None, :]).argmin(axis=1)]
    return np.asarray(filled[nearest], dtype=np.float32)


def choose_depth(outline: Silhouette) -> Depth:
    """Round when the light falls off sideways as on a column, solid when the outline is built of straight walls,
    else relief.
    """
    straight, even = _straightness(outline.mask), _mirrored(outline.mask) > 0.84
    if even and _single(outline) > 0.93 and _rounding(outline) > 0.28 and outline.openings.mean() < 0.03:
        return "round"
    if straight > 0.5 or (even and straight > 0.25):
        return "solid"
    return "relief"


def _single(outline: Silhouette) -> float:
    """The share of rows that hold one run only, as everything turned does."""
    starts = (np.diff(np.pad(outline.mask | outline.openings, ((0, 0), (1, 0))).astype(np.int8), axis=1) == 1).sum(
        axis=1
    )
    return float((starts == 1).mean())


def _mirrored(mask: Mask) -> float:
    """How well the outline fits its mirror image: 1 is perfect."""
    flipped = mask[:, ::-1]
    return float((mask & flipped).sum() / (mask | flipped).sum())


def _rounding(outline: Silhouette) -> float:
    """How much darker the rims of runs are than their brightest part, as a share: 0 for a flat front."""
    wide = outline.mask & (outline.half > 4)
    bins = np.clip(((_across(outline) + 1) * 5).astype(int), 0, 9)
    bright = np.array(
        [outline.light[wide & (bins == i)].mean() if (wide & (bins == i)).any() else 0.0 for i in range(10)]
    )
    return float(1 - (bright[0] + bright[9]) / 2 / max(bright[2:8].max(), 1e-3)) if bright.max() > 0 else 0.0


def _straightness(mask: Mask) -> float:
    """The share of the outline that runs level or upright over at least a few pixels."""
    rim = mask & (distance(np.pad(mask, 1))[1:-1, 1:-1] < 1.5)
    level = rim & np.roll(rim, 2, axis=1) & np.roll(rim, -2, axis=1)
    upright = rim & np.roll(rim, 2, axis=0) & np.roll(rim, -2, axis=0)
    return float((level | upright).sum() / max(1, rim.sum()))


def half_depth(outline: Silhouette, depth: Depth) -> Field:
    """Half the thickness at each pixel, in pixels of the silhouette."""
    if depth == "relief":
        inside = np.maximum(signed_distance(outline.mask), 0)
        reach = max(2.0, float(inside.max()) * 0.75)
        rise = 1 - np.clip(inside / reach, 0, 1)
        return np.asarray(1.5 + reach * 0.85 * np.sqrt(1 - rise**2), dtype=np.float32)
    ellipse = np.sqrt(1 - np.clip(_across(outline), -1, 1) ** 2)
    if depth == "round":
        return np.asarray(outline.half * ellipse, dtype=np.float32)
    turned = round_parts(outline)
    return np.asarray(flat_depth(outline) * (1 - turned + turned * ellipse), dtype=np.float32)


def flat_depth(outline: Silhouette) -> Field:
    """Half the thickness of a solid thing before anything is rounded: each run is as deep as wide, up to a share of
    the whole.

    A thin row that joins several parts (a cornice, a step) does not stand out from them like a shelf.
    """
    deep = np.minimum(outline.half, outline.mask.shape[1] / 2 * depth_share(outline))
    reach = max(1, outline.mask.shape[0] // 50)
    return np.asarray(_vertical(_vertical(deep, reach, np.min), reach, np.max), dtype=np.float32)


def _vertical(values: Field, reach: int, pick: Callable[..., Field]) -> Field:
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    return pick(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0), axis=-1)


def _across(outline: Silhouette) -> Field:
    """-1 at the left end of a pixel's run, 1 at its right end."""
    columns = np.arange(outline.mask.shape[1])[None, :] + 0.5
    return np.asarray((columns - outline.centre) / np.maximum(outline.half, 0.5), dtype=np.float32)


def round_parts(outline: Silhouette) -> Field:
    """0 to 1 for each pixel: how much its run, with the rows above and below, is shaded like a turned thing (a dome,
    a shaft).
    """
    solid = outline.mask | outline.openings
    starts = solid & ~np.pad(solid, ((0, 0), (1, 0)))[:, :-1]
    number = np.where(solid, np.cumsum(starts.ravel()).reshape(solid.shape), 0)
    count = int(number.max()) + 1
    bins = np.clip(((_across(outline) + 1) * 5).astype(int), 0, 9)
    key = (number * 10 + bins)[outline.mask]
    pixels = np.bincount(key, minlength=count * 10).reshape(count, 10)
    bright = np.bincount(key, weights=outline.light[outline.mask], minlength=count * 10).reshape(
        count, 10
    ) / np.maximum(pixels, 1)
    falloff = 1 - (bright[:, 0] + bright[:, 9]) / 2 / np.maximum(bright[:, 2:8].max(axis=1), 0.02)
    known = (pixels.min(axis=1) > 0)[number] & solid
    total, weight = (
        box_mean(np.where(known, falloff[number], 0).astype(np.float32), 5),
        box_mean(known.astype(np.float32), 5),
    )
    slender = outline.half < (0.32 if outline.aspect > 0.7 else 0.6) * outline.mask.shape[1]
    return np.asarray(np.clip((total / np.maximum(weight, 1e-3) - 0.20) / 0.12, 0, 1) * slender, dtype=np.float32)


def depth_share(outline: Silhouette) -> float:
    """Depth over width of a solid thing: as deep as wide for a tower, shallower the wider it is, and slim for a span
    with much air in it."""
    airy = 0.4 if outline.aspect > 1.6 and outline.openings.mean() > 0.12 else 1.0
    return airy * float(np.interp(outline.aspect, [0.75, 0.9, 1.5, 3.0], [1.0, 0.6, 0.5, 0.28]))


def open_sides(outline: Silhouette, depth: Depth) -> Mask | None:
    """Openings that also go through from side to side: a tall thing on legs has four of them. None for anything
    else.
    """
    labels, count = labelled(outline.openings)
    if depth != "solid" or count == 0 or outline.aspect > 1.3:
        return None
    middle = outline.mask.shape[1] / 2
    kept = [n for n in range(1, count + 1) if _centred(labels, n, middle)]
    return np.isin(labels, kept) if kept else None


def _centred(labels: Labels, number: int, middle: float) -> bool:
    columns = np.nonzero(labels == number)[1]
    return bool(abs(float(columns.mean()) - middle) < 0.08 * labels.shape[1])
