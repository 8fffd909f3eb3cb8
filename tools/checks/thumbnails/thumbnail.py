"""Draws a small picture of an artifact: models by a renderer in numpy, sound as a waveform, a film as its frames.

What comes out is a fresh PNG, so nothing foreign is left in it.
"""

import json
import re
import warnings
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.models.polygons import ply_elements
from tools.checks.models.splat_points import splat_points
from tools.checks.models.splats import measure_raw, measure_splat_ply
from tools.checks.pictures.raster import Eye, Seen, look
from tools.checks.sniff import sniff
from tools.checks.thumbnails.card import table_card, text_card
from tools.checks.thumbnails.film import has_film, peaks, stills
from tools.checks.thumbnails.scenery import Material, Scenery, linear, scenery
from tools.checks.thumbnails.splat_picture import splat_picture
from tools.checks.writing.json_value import strict_json

BACKGROUND = 245
INK = (70, 90, 120)
FILM = (30, 32, 36)
STILLS = 6
BAR = 3
"""Pixels from one bar of a waveform to the next."""
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
        case "model3d":
            picture = _of_model(data, sniffed.format, pixels)
        case "audio" | "video":
            picture = _of_media(data, sniffed.format, pixels)
        case "archive" | "binary" if kind == "model3d":
            picture = _of_model(data, _unmarked(data, sniffed.format), pixels)
        case "text" | "json" | "html" | "table":
            picture = _of_text(data, sniffed.format, kind, pixels)
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


def _of_media(data: bytes, format: str, pixels: int) -> Image.Image:
    """Containers of sound and of video are told apart by what is inside."""
    if format in ("wav", "aiff", "mp3", "flac", "aac") or not has_film(data, format):
        return _of_sound(peaks(data, format, pixels), pixels)
    return _of_film(stills(data, format, STILLS), pixels)


def _of_sound(loudest: Array, pixels: int) -> Image.Image:
    """Loudness over time, the loudest moment at full height."""
    high = pixels // 3
    heights = loudest / max(float(loudest.max()), 1e-9) * (high / 2 - 4)
    distance = np.abs(np.arange(high) - high / 2 + 0.5)[:, None]
    paper = np.full((high, pixels, 3), BACKGROUND, np.uint8)
    # Narrow bars with a gap are easier to read than a solid shape; each is as high as its loudest part.
    bars = np.maximum.reduceat(heights, np.arange(0, pixels, BAR)).repeat(BAR)[:pixels]
    bars[BAR - 1 :: BAR] = 0
    paper[distance <= np.maximum(bars, 0.5)[None, :]] = INK
    return Image.fromarray(paper)


def _of_film(frames: list[Image.Image], pixels: int) -> Image.Image:
    """Frames in order of time: side by side, or in two rows when they are wide."""
    wide, tall = frames[0].size
    columns = len(frames) if tall >= wide else min(len(frames), 2 if len(frames) <= 4 else 3)
    gap = max(2, pixels // 128)
    width = (pixels - gap * (columns + 1)) // columns
    height = max(1, min(width * tall // wide, pixels))
    rows = -(-len(frames) // columns)
    strip = Image.new("RGB", (pixels, gap + rows * (height + gap)), FILM)
    for number, frame in enumerate(frames):
        place = gap + number % columns * (width + gap), gap + number // columns * (height + gap)
        strip.paste(frame.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), place)
    return strip


def _of_text(data: bytes, format: str, kind: str, pixels: int) -> Image.Image:
    text = data[:40_000].decode("utf-8-sig", "replace")
    if not text.strip():
        raise Unsound("empty", "nothing to show")
    if kind == "table" and format == "text":
        return table_card(text, pixels)
    if format == "json" and len(data) < 40_000:
        text = json.dumps(strict_json(data)[0], indent=2, ensure_ascii=False)
    if format == "html":
        # Markup says little at a glance, and is never rendered.
        text = re.sub(r"<(script|style)\b.*?</\1\s*>|<[^>]*>?", " ", text, flags=re.S | re.I)
        text = "\n".join(line.strip() for line in text.splitlines())
    return text_card(text.strip(), pixels)


def _unmarked(data: bytes, format: str) -> str:
    """Splats without a mark of their own at the beginning."""
    if format == "gzip":
        return "spz"
    found = measure_raw(data) if format == "binary" else None
    return found[0] if found else format


def _of_model(data: bytes, format: str, pixels: int) -> Image.Image:
    if format in ("spz", "splat", "ksplat") or (format == "ply" and measure_splat_ply(data, ply_elements(data))):
        return splat_picture(splat_points(data, format), _turned(), pixels, BACKGROUND)
    found = scenery(data, format)
    fine = pixels * FINER
    view = found.eye or _from_outside(found.places)
    found = _facing(found, view)
    colours = _coloured(found, look(found.places, view, fine), view)
    picture = Image.fromarray(colours.reshape(fine, fine, 3))
    return picture.resize((pixels, pixels), Image.Resampling.BOX)


def _turned() -> Array:
    """From a little above and to the side. glTF's up is y."""
    sine, cosine = np.sin, np.cos
    turn = np.array([[cosine(YAW), 0, -sine(YAW)], [0, 1, 0], [sine(YAW), 0, cosine(YAW)]])
    tilt = np.array([[1, 0, 0], [0, cosine(PITCH), -sine(PITCH)], [0, sine(PITCH), cosine(PITCH)]])
    result: Array = tilt @ turn
    return result


def _from_outside(places: Array) -> Eye:
    """The whole model in the picture."""
    matrix = np.eye(4)
    matrix[:3, :3] = _turned()
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
