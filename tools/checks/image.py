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
from tools.checks.endings import end_of
from tools.checks.finding import Finding, Unsound, Word
from tools.checks.passengers import refuse_passengers

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
        width, height = picture.size
        frames = getattr(picture, "n_frames", 1)
        if width * height * frames > CAPS.frame_pixels:
            raise Unsound("bomb", f"{frames} frames of {width} x {height}, at most {CAPS.frame_pixels} pixels in all")
        picture.verify()
    with _opened(data, format) as picture:
        mode = picture.mode
        picture.load()
        active = _ACTIVE.search(f"{picture.info} {dict(picture.getexif())}")
        std, alpha = _spread(picture)
        if frames > 1:
            _decode_all(picture)
    finding = Finding(
        {
            "width": width,
            "height": height,
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
        return _deviation(picture if picture.mode in ("L", "RGB") else picture.convert("RGB")), False
    four = picture.convert("RGBA")
    alpha = four.getchannel("A").histogram()
    if alpha[255] == four.width * four.height:
        return _deviation(four.convert("RGB")), False
    if alpha[0] == four.width * four.height:
        return 0.0, True
    shown = [Image.alpha_composite(Image.new("RGBA", four.size, colour), four) for colour in ("black", "white")]
    return max(_deviation(seen.convert("RGB")) for seen in shown), True


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
