"""Measures pictures: opened by the format that the bytes say, never by trying, with the pixels counted first.

A picture filter of a Space answers with an all-black picture, so the blank check is also the check for that.
"""

import re
import struct
import warnings
from io import BytesIO

import numpy as np
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,  # noqa: F401 - registers the format; nothing is imported once a file is open
    Image,
    ImageSequence,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from tools.checks.caps import CAPS
from tools.checks.containers.passengers import refuse_passengers
from tools.checks.finding import Finding, Unsound, Word
from tools.checks.pictures.endings import end_of
from tools.checks.pictures.png_rows import first_rows

SAMPLE = 1 << 16
"""Pixels that tell how much there is to see."""

CERTAIN = 8.0
"""From this deviation on a sample is believed; below it every pixel is asked."""

_ACTIVE = re.compile(r"<script|javascript:|<\?php|onerror=", re.I)


def measure_image(data: bytes, format: str) -> Finding:
    """Facts of a PNG, JPEG, WebP, GIF or AVIF.

    Raises Unsound for bombs, cut and damaged files and for pictures that carry another file.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = CAPS.image_pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the process that reads foreign bytes may not start threads
    refuse_passengers(data, format, end_of(data, format))
    try:
        return _measured(data, format)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unsound("bomb", str(error)) from error
    except UnidentifiedImageError as error:
        raise Unsound("corrupt", f"it does not begin as a whole {format} does") from error
    except EOFError as error:
        raise Unsound("truncated", str(error) or "it ends early") from error
    except (OSError, SyntaxError, ValueError, RuntimeError, struct.error, LookupError, TypeError) as error:
        word: Word = "truncated" if "truncated" in str(error).lower() else "corrupt"
        raise Unsound(word, str(error) or type(error).__name__) from error


def _measured(data: bytes, format: str) -> Finding:
    with _opened(data, format) as picture:
        size, mode, frames = picture.size, picture.mode, getattr(picture, "n_frames", 1)
        if size[0] * size[1] * frames > CAPS.frame_pixels:
            raise Unsound("bomb", f"{frames} frames of {size[0]} x {size[1]}, at most {CAPS.frame_pixels} pixels")
        picture.verify()
    with _opened(data, format) as picture:
        skimmed = _skimmed(data, picture) if format == "png" and frames == 1 else None
        std, alpha, active = skimmed or _decoded(data, picture, frames)
    finding = Finding(
        {
            "width": size[0],
            "height": size[1],
            "mode": mode,
            "frames": frames,
            "format": format,
            "std": round(std, 2),
            "alpha": alpha,
        }
    )
    if active:
        finding.warn("active_metadata", "its metadata contains markup; save it again before publishing")
    return finding


def _skimmed(data: bytes, picture: Image.Image) -> tuple[float, bool, bool] | None:
    """What `_decoded` tells, for a large picture that is proved whole and shows enough in its first rows."""
    if picture.width * picture.height <= 2 * SAMPLE:
        return None
    beginning = first_rows(data, SAMPLE)
    if beginning is None:
        return None
    std = _shown(beginning)
    return (std, False, _active(picture)) if std >= CERTAIN else None


def _decoded(data: bytes, picture: Image.Image, frames: int) -> tuple[float, bool, bool]:
    """Spread, transparency, and whether there is markup in the metadata."""
    # An eighth of the size: every byte of the pixels is still read, only less is made of it.
    small = picture.draft(None, (1, 1)) is not None
    picture.load()
    std, alpha = _spread(picture)
    if frames > 1:
        _decode_all(picture)
    if small and std < CERTAIN:
        with _opened(data, str(picture.format)) as whole:
            std, alpha = _spread(whole)
    return std, alpha, _active(picture)


def _active(picture: Image.Image) -> bool:
    # A PNG without such a part would be decoded in search of one behind its pixels.
    exif = dict(picture.getexif()) if picture.format != "PNG" or "exif" in picture.info else {}
    return _ACTIVE.search(f"{picture.info} {exif}") is not None


def _opened(data: bytes, format: str) -> Image.Image:
    return Image.open(BytesIO(data), formats=[format.upper()])


def _decode_all(picture: Image.Image) -> None:
    for frame in ImageSequence.Iterator(picture):
        if frame.width * frame.height > CAPS.image_pixels:
            raise Unsound("bomb", f"a frame of {frame.width} x {frame.height}")
        frame.load()


def _spread(picture: Image.Image) -> tuple[float, bool]:
    """Largest standard deviation of a channel, of 0 to 255, and whether anything can be seen through.

    As seen on white and on black: 0 is one flat colour, or nothing at all.
    """
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # convert("RGB") would cut 16-bit values off at 255 and make a good picture white.
        grey = np.asarray(picture, dtype=np.float32)
        return float(grey.std(dtype=np.float64)) / (1.0 if picture.mode == "F" else 257.0), False
    if picture.mode not in ("LA", "PA", "RGBA", "La", "RGBa") and "transparency" not in picture.info:
        return _seen(picture), False
    four = picture.convert("RGBA")
    lowest, highest = four.getchannel("A").getextrema()
    if lowest == 255:
        return _seen(four.convert("RGB")), False
    return (0.0 if highest == 0 else _seen(four)), True


def _seen(picture: Image.Image) -> float:
    """From some of the pixels, evenly spread, unless those say that there is little to see."""
    step = int((picture.width * picture.height / SAMPLE) ** 0.5)
    if step > 1:
        size = max(1, picture.width // step), max(1, picture.height // step)
        found = _shown(picture.resize(size, Image.Resampling.NEAREST))
        if found >= CERTAIN:
            return found
    return _shown(picture)


def _shown(picture: Image.Image) -> float:
    if picture.mode != "RGBA":
        return _deviation(picture if picture.mode in ("L", "RGB") else picture.convert("RGB"))
    papers = [Image.new("RGBA", picture.size, colour) for colour in ("black", "white")]
    return max(_deviation(Image.alpha_composite(paper, picture).convert("RGB")) for paper in papers)


def _deviation(picture: Image.Image) -> float:
    """From the histogram, which is made without a copy of the pixels."""
    counts = np.asarray(picture.histogram(), dtype=np.float64).reshape(-1, 256)
    values, pixels = np.arange(256), picture.width * picture.height
    means = counts @ values / pixels
    return float(np.sqrt(np.maximum(counts @ values**2 / pixels - means**2, 0)).max())


def header_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header alone; None when the bytes are no PNG, JPEG or WebP."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = CAPS.texture_pixels
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            return picture.size
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unsound("bomb", str(error)) from error
    except (OSError, SyntaxError, ValueError, struct.error):
        return None
