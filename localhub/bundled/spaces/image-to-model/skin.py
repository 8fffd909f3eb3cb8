"""The texture: the picture itself on front and back, a darker copy on the sides."""

import io

import numpy as np
from cutout import Cutout
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps
from regions import Mask
from silhouette import Silhouette

SIDE_SHADE = 0.76


def texture(thing: Cutout, size: int, with_sides: bool) -> Image.Image:
    """A square JPEG picture: one tile, or two when the sides have their own: next to each other for tall things,
    else stacked.
    """
    tall = thing.mask.shape[0] >= thing.mask.shape[1]
    tile = (size, size) if not with_sides else (size // 2, size) if tall else (size, size // 2)
    front = Image.fromarray(bled(thing.colour, thing.mask)).resize(tile, Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (size, size))
    sheet.paste(front, (0, 0))
    if with_sides:
        dark = Image.fromarray((np.asarray(front) * SIDE_SHADE).astype(np.uint8))
        sheet.paste(dark, (size // 2, 0) if tall else (0, size // 2))
    stored = io.BytesIO()
    sheet.save(stored, "JPEG", quality=90)
    return Image.open(io.BytesIO(stored.getvalue()))


def bled(colour: NDArray[np.uint8], mask: Mask) -> NDArray[np.uint8]:
    """The picture with the thing's own colours carried over its edge, so that no background shows on the model."""
    stencil = Image.fromarray(mask.astype(np.uint8) * 255)
    core = np.asarray(ImageOps.expand(stencil, 2).filter(ImageFilter.MinFilter(5)))[2:-2, 2:-2] > 0
    if core.mean() < 0.3 * mask.mean():
        core = mask
    result = np.where(core[..., None], colour, 0).astype(np.float32)
    known, total, weight = core.copy(), result, core[..., None].astype(np.float32)
    rows, columns = np.indices(mask.shape)
    for level in range(1, 16):
        total, weight = _halved(total), _halved(weight)
        near = weight[rows >> level, columns >> level, 0]
        fill = ~known & (near > 0)
        result[fill] = total[rows >> level, columns >> level][fill] / near[fill][:, None]
        known |= fill
        if known.all():
            break
    return np.clip(result, 0, 255).astype(np.uint8)


def _halved(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums (not means) of blocks of four, so that colour over weight stays the mean of the known pixels."""
    height, width = values.shape[:2]
    padded = np.pad(values, ((0, height % 2), (0, width % 2), (0, 0)))
    return np.asarray(padded[0::2, 0::2] + padded[1::2, 0::2] + padded[0::2, 1::2] + padded[1::2, 1::2])


def coordinates(
    outline: Silhouette,
    vertices: NDArray[np.float64],
    thickness: NDArray[np.float32],
    sideways: NDArray[np.bool_],
    with_sides: bool,
) -> NDArray[np.float64]:
    """Texture coordinates (v up) of vertices given in pixels; a sideways one looks up the picture by its z instead
    of its x.
    """
    height, width = outline.mask.shape
    rows = np.clip((height - vertices[:, 1]).astype(int), 0, height - 1)
    columns = np.clip(vertices[:, 0].astype(int), 0, width - 1)
    turned = outline.centre[rows, columns] + vertices[:, 2] * outline.half[rows, columns] / np.maximum(
        thickness[rows, columns], 1
    )
    u = np.clip(np.where(sideways, turned, vertices[:, 0]) / width, 0.004, 0.996)
    v = np.clip(vertices[:, 1] / height, 0.004, 0.996)
    if not with_sides:
        return np.stack([u, v], axis=1)
    if height >= width:
        return np.stack([u / 2 + 0.5 * sideways, v], axis=1)
    return np.stack([u, v / 2 + 0.5 * ~sideways], axis=1)
