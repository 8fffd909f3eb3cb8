"""Draws a small picture of an artifact: models by a renderer in numpy, pictures by Pillow, sound as a waveform.

What comes out is a fresh PNG, so nothing foreign is left in it.
"""

import warnings
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from tools.checks.audio import decoded
from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.raster import Eye, Seen, look
from tools.checks.scenery import Material, Scenery, linear, scenery
from tools.checks.sniff import sniff

BACKGROUND = 245
INK = (70, 90, 120)
YAW, PITCH = 0.6, 0.35
"""Radians from which a model without a camera is looked at."""

FINER = 2
"""Pixels a side that are drawn for one that is shown."""

Array = np.ndarray[Any, Any]


def thumbnail(data: bytes, kind: str, pixels: int) -> bytes:
    """A PNG of at most `pixels` a side. Raises Unsound when there is nothing that can be drawn."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = CAPS.texture_pixels
    sniffed = sniff(data)
    match sniffed.family:
        case "image" if sniffed.format != "svg":
            picture = _of_image(data, sniffed.format, pixels)
        case "model3d" if sniffed.format != "spz":
            picture = _of_model(scenery(data, sniffed.format), pixels)
        case "audio" if sniffed.format in ("wav", "aiff"):
            picture = _of_sound(data, sniffed.format, pixels)
        case _:
            raise Unsound("unread", f"nothing here can draw {sniffed.format} as {kind}")
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def _of_image(data: bytes, format: str, pixels: int) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=[format.upper()]) as picture:
            picture.draft("RGB", (2 * pixels, 2 * pixels))
            upright = ImageOps.exif_transpose(picture)
            if upright.mode.startswith("I") or upright.mode == "F":
                grey = np.asarray(upright, np.float32) / (1 if upright.mode == "F" else 257)
                upright = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
            small = upright.convert("RGBA")
            small.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise Unsound("corrupt", str(error)) from error
    paper = Image.new("RGBA", small.size, (BACKGROUND,) * 3 + (255,))
    return Image.alpha_composite(paper, small).convert("RGB")


def _of_sound(data: bytes, format: str, pixels: int) -> Image.Image:
    """Loudness over time, the loudest moment at full height."""
    samples = np.abs(decoded(data, format).samples).max(axis=1, initial=0)
    if not len(samples):
        raise Unsound("empty", "no sample to draw")
    high = pixels // 3
    edges = np.linspace(0, len(samples), pixels + 1).astype(np.int64)
    peaks = np.array([samples[start:end].max(initial=0) for start, end in pairwise(edges)])
    peaks = peaks / max(float(peaks.max()), 1e-9) * (high / 2 - 2)
    distance = np.abs(np.arange(high) - high / 2 + 0.5)[:, None]
    paper = np.full((high, pixels, 3), BACKGROUND, np.uint8)
    paper[distance <= np.maximum(peaks, 0.5)[None, :]] = INK
    return Image.fromarray(paper)


def _of_model(found: Scenery, pixels: int) -> Image.Image:
    fine = pixels * FINER
    view = found.eye or _from_outside(found.places)
    found = _facing(found, view)
    colours = _coloured(found, look(found.places, view, fine), view)
    picture = Image.fromarray(colours.reshape(fine, fine, 3))
    return picture.resize((pixels, pixels), Image.Resampling.BOX)


def _from_outside(places: Array) -> Eye:
    """From a little above and to the side, the whole model in the picture. glTF's up is y."""
    sine, cosine = np.sin, np.cos
    turn = np.array([[cosine(YAW), 0, -sine(YAW)], [0, 1, 0], [sine(YAW), 0, cosine(YAW)]])
    tilt = np.array([[1, 0, 0], [0, cosine(PITCH), -sine(PITCH)], [0, sine(PITCH), cosine(PITCH)]])
    matrix = np.eye(4)
    matrix[:3, :3] = tilt @ turn
    seen = places.reshape(-1, 3).astype(np.float64) @ matrix[:3, :3].T
    low, high = seen.min(axis=0), seen.max(axis=0)
    matrix[:3, 3] = -(low + high) / 2
    return Eye(matrix, None, max(float((high - low)[:2].max()) / 2 / 0.92, 1e-9))


def _facing(found: Scenery, view: Eye) -> Scenery:
    """Without the backs of one-sided surfaces, as viewers do it: a closed room opens like a doll's house."""
    one_sided = ~np.array([material.both_sides for material in found.materials])[found.material]
    if not one_sided.any():
        return found
    inverse = np.linalg.inv(view.matrix)
    normals = _normals(found.places)
    towards = inverse[:3, 2] if view.tangent is None else inverse[:3, 3] - found.places[:, 0]
    kept = ~one_sided | ((normals * towards).sum(axis=1) > 0)
    # A model whose every surface looks away was made inside out; better drawn so than not at all.
    if kept.mean() < 0.02:
        return found
    colours = None if found.colours is None else found.colours[kept]
    return Scenery(found.places[kept], found.uvs[kept], colours, found.material[kept], found.materials, found.eye)


def _normals(places: Array) -> Array:
    result: Array = np.cross(places[:, 1] - places[:, 0], places[:, 2] - places[:, 0])
    return result


def _coloured(found: Scenery, seen: Seen, view: Eye) -> Array:
    colours = np.full((len(seen.triangle), 3), BACKGROUND, np.uint8)
    hit = seen.triangle >= 0
    triangle, weights = seen.triangle[hit], seen.weights[hit]
    light = np.ones((len(triangle), 3), np.float32)
    if found.colours is not None:
        light = np.einsum("ni,nij->nj", weights, found.colours[triangle])
    uvs = np.einsum("ni,nij->nj", weights, found.uvs[triangle])
    shade = _shade(found.places, triangle, view)
    for number in np.unique(found.material[triangle]):
        here = found.material[triangle] == number
        light[here] = _reflected(found.materials[number], light[here], uvs[here], shade[here])
    colours[hit] = (np.clip(light, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    return colours


def _reflected(material: Material, light: Array, uvs: Array, shade: Array) -> Array:
    """What comes off a surface, linear; `light` holds the colours of its vertices."""
    light = light * np.array(material.colour, np.float32)
    if material.texture is not None:
        light *= _sampled(material.texture(), uvs, material.clamped)
    if material.lit:
        light *= shade[:, None]
    if any(material.glow):
        glow = np.array(material.glow, np.float32)
        light += glow if material.glow_texture is None else glow * _sampled(material.glow_texture(), uvs, False)
    return light


def _sampled(texture: Array, uvs: Array, clamped: bool) -> Array:
    places = np.clip(uvs, 0, 1) if clamped else uvs - np.floor(uvs)
    high, wide = texture.shape[:2]
    columns = np.minimum((places[:, 0] * wide).astype(np.int64), wide - 1)
    rows = np.minimum((places[:, 1] * high).astype(np.int64), high - 1)
    return linear(texture[rows, columns])


def _shade(places: Array, triangle: Array, view: Eye) -> Array:
    """Brighter where a surface faces a lamp beside the eye; a room seen from inside gets more light all round."""
    chosen, back = np.unique(triangle, return_inverse=True)
    normals = _normals(places[chosen]) @ view.matrix[:3, :3].T
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-20)
    lamp = np.array([0.35, 0.6, 0.72])
    ambient = 0.3 if view.tangent is None else 0.6
    result: Array = (ambient + (1 - ambient) * np.abs(normals @ (lamp / np.linalg.norm(lamp))))[back]
    return result
