"""Separates one thing from its plain background.

The background is what resembles the border of the picture (a smooth colour gradient is allowed) and hangs together
with it. Expects a plain background: it does not recognise things.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from regions import Field, Mask, labelled, touching_border

WORKING_SIDE = 512
"""The longest side at which the background is searched, in pixels."""


class NoObject(ValueError):
    """The picture shows nothing that stands out from a plain background."""


@dataclass(frozen=True)
class Cutout:
    """A picture cropped to its thing, and which pixels belong to the thing."""

    colour: NDArray[np.uint8]
    mask: Mask


def cut_out(picture: Image.Image, remove_background: bool) -> Cutout:
    """The thing in a picture. Raises NoObject with a line for the user."""
    picture = picture.convert("RGBA")
    if max(picture.size) > 2048:
        picture.thumbnail((2048, 2048))
    rgba = np.asarray(picture)
    if min(rgba.shape[:2]) < 16:
        raise NoObject("The image is smaller than 16 pixels; give a larger one.")
    if (rgba[..., 3] < 128).mean() > 0.01:
        mask = largest(rgba[..., 3] >= 128)
    elif remove_background:
        mask = _standing_out(picture)
    else:
        mask = np.ones(rgba.shape[:2], bool)
    share = float(mask.mean())
    if share < 0.002:
        raise NoObject(
            "The image shows no object: it is one plain colour. Give a picture of one thing on a plain background."
        )
    if remove_background and share > 0.985:
        raise NoObject(
            "The object cannot be told from its background. Give a picture of one thing on a plain background "
            "with some space around it."
        )
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return Cutout(rgba[window][..., :3], mask[window])


def largest(mask: Mask) -> Mask:
    """The largest region with all that lies within a few pixels of it (a roof cut off by its own dark shadow);
    specks are dropped.
    """
    reach = max(3, round(max(mask.shape) / 120)) | 1
    grown = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(reach))) > 0
    labels, count = labelled(grown)
    if count == 0:
        return mask
    sizes = np.bincount(labels[mask], minlength=count + 1)
    return np.asarray((sizes >= sizes.max() * 0.2)[labels] & mask)


def _standing_out(picture: Image.Image) -> Mask:
    scale = min(1.0, WORKING_SIDE / max(picture.size))
    small = picture.convert("RGB").resize(
        (max(8, round(picture.width * scale)), max(8, round(picture.height * scale))), Image.Resampling.BOX
    )
    colours = np.asarray(small, np.float32)
    expected, noise = _backdrop(colours)
    difference = np.linalg.norm(colours - expected, axis=2)
    threshold = 9.0 + 4.0 * noise
    labels, _ = labelled(difference < threshold)
    outside = np.isin(labels, touching_border(labels))
    holes = _holes(labels, outside, difference, threshold)
    full = Image.fromarray((~(outside | holes)).astype(np.uint8) * 255).resize(picture.size, Image.Resampling.BICUBIC)
    return largest(np.asarray(full) > 127)


def _backdrop(colours: Field) -> tuple[Field, float]:
    """The background at each pixel, a quadratic surface fitted to the border, and how much the border strays from it.

    Fitted three times, each time without the border pixels that stray most, so that a thing may touch the border.
    """
    height, width = colours.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=2)
    rim = np.zeros((height, width), bool)
    band = max(2, min(height, width) // 40)
    rim[:band], rim[-band:], rim[:, :band], rim[:, -band:] = True, True, True, True
    basis, samples = terms[rim], colours[rim].astype(np.float64)
    middle = np.median(samples, axis=0)
    stray = np.linalg.norm(samples - middle, axis=1)
    for _ in range(3):
        kept = stray <= np.maximum(3.0, 2.5 * np.median(stray))
        fit = np.linalg.lstsq(basis[kept], samples[kept], rcond=None)[0]
        stray = np.linalg.norm(samples - basis @ fit, axis=1)
    return (terms @ fit).astype(np.float32), float(min(12.0, np.median(stray) * 1.5))


def _holes(labels: NDArray[np.int32], outside: Mask, difference: Field, threshold: float) -> Mask:
    """Enclosed regions through which the background shows: large enough and just its colour."""
    inner = np.where(outside, 0, labels)
    sizes = np.bincount(inner.ravel())
    strays = np.bincount(inner.ravel(), weights=difference.ravel()) / np.maximum(sizes, 1)
    seen_through = (sizes > 0.0006 * labels.size) & (strays < 0.4 * threshold)
    seen_through[0] = False
    holes = np.asarray(seen_through[inner])
    # A line drawing is paper-coloured inside: then it is not the background that shows through.
    line_art = seen_through.sum() > 4 and holes.sum() > 0.6 * (~outside).sum()
    return np.zeros_like(holes) if line_art else holes
