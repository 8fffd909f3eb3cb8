"""Measures pictures: opened by the format that the bytes say, never by trying, with the pixels counted first.

A picture filter of a Space answers with an all-black picture, so the blank check is also the check for that.
"""

import re
import struct
import warnings
from io import BytesIO
from typing import Any

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
from tools.checks.finding import Finding, Unsound, Word

SLACK = 16
"""Bytes behind the end of a picture that are padding, not a second file."""

_PASSENGER = re.compile(rb"PK\x03\x04[\0-\x3f][\0-\x03]..[\0-\x63]\0|PK\x05\x06\0\0\0\0|%PDF-", re.S)
"""A ZIP entry, the end of a ZIP, a PDF; four bytes alone come up by chance in a picture of some megabytes."""

_ACTIVE = re.compile(r"<script|javascript:|<\?php|onerror=", re.I)


def measure_image(data: bytes, format: str) -> Finding:
    """Facts of a PNG, JPEG, WebP, GIF or AVIF.

    Raises Unsound for bombs, cut and damaged files and for pictures that carry another file.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = CAPS.image_pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the process that reads foreign bytes may not start threads
    _refuse_passengers(data, format)
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
        pixels, alpha = _pixels(picture)
        if frames > 1:
            _decode_all(picture)
    finding = Finding(
        {
            "width": width,
            "height": height,
            "mode": mode,
            "frames": frames,
            "format": format,
            "std": round(spread(pixels, alpha), 2),
            "alpha": alpha is not None and bool((alpha < 255).any()),
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


def _pixels(picture: Image.Image) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
    """Channels as 0 to 255, and the alpha channel when there is one."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # convert("RGB") would cut 16-bit values off at 255 and make a good picture white.
        grey = np.asarray(picture, dtype=np.float32)
        return (grey / 257.0 if picture.mode != "F" else grey)[..., None], None
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        four = np.asarray(picture.convert("RGBA"))
        return four[..., :3], four[..., 3]
    three = np.asarray(picture.convert("RGB"))
    return three, None


def spread(pixels: np.ndarray[Any, Any], alpha: np.ndarray[Any, Any] | None) -> float:
    """Largest standard deviation of a channel as seen on white and on black: 0 is one flat colour."""
    if alpha is None or bool((alpha == 255).all()):
        return _deviation(pixels)
    if not alpha.any():
        return 0.0
    cover = alpha[..., None].astype(np.float32) / 255
    shown = pixels * cover
    return max(_deviation(shown), _deviation(shown + 255 * (1 - cover)))


def _deviation(pixels: np.ndarray[Any, Any]) -> float:
    if pixels.dtype == np.uint8:
        # From the histogram: six times faster than numpy's std, which makes a float copy.
        return max(_histogram_deviation(pixels[..., channel]) for channel in range(pixels.shape[-1]))
    return float(pixels.reshape(-1, pixels.shape[-1]).std(axis=0, dtype=np.float64).max())


def _histogram_deviation(channel: np.ndarray[Any, Any]) -> float:
    counts = np.bincount(channel.ravel(), minlength=256)
    values = np.arange(256)
    mean = (counts * values).sum() / channel.size
    return float(np.sqrt((counts * (values - mean) ** 2).sum() / channel.size))


def _refuse_passengers(data: bytes, format: str) -> None:
    """A picture that is a second file as well: appended behind its end, or named inside."""
    end = _end(data, format)
    rest = data[end:].rstrip(b"\0 \r\n") if end else b""
    if len(rest) > SLACK:
        raise Unsound("polyglot", f"{len(data) - (end or 0)} bytes stand behind the end of the {format}")
    if passenger := _PASSENGER.search(data):
        name = "PDF" if passenger[0].startswith(b"%") else "ZIP"
        raise Unsound("polyglot", f"there is a {name} inside the {format}")


def _end(data: bytes, format: str) -> int | None:
    """Where the picture ends by its own account; None when that takes a full parse."""
    match format:
        case "png":
            mark = data.find(b"IEND\xaeB`\x82")
            return mark + 8 if mark >= 0 else None
        case "webp":
            return struct.unpack_from("<I", data, 4)[0] + 8 if len(data) >= 8 else None
        case "gif":
            mark = data.rfind(b"\0;")
            return mark + 2 if mark >= 0 else None
        case "jpeg" if b"MPF\0" not in data[:65536]:
            mark = data.rfind(b"\xff\xd9")
            return mark + 2 if mark >= 0 else None
        case _:
            return None


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
