"""Looks at the headers of the pictures in a glTF: what they really are, and how large."""

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.gltf.document import Bytes, Gltf, data_uri
from tools.checks.gltf.links import media_type, spec_error
from tools.checks.sniff import sniff

_BEGINNING = 1 << 16
"""Bytes in which most headers are; the whole picture would have to be copied."""

_KTX2 = b"\xabKTX 20"


class Header(NamedTuple):
    type: str
    size: tuple[int, int]
    mode: str


def image_bytes(gltf: Gltf, image: dict[str, Any]) -> Bytes | None:
    if "bufferView" in image:
        return gltf.view(image["bufferView"])
    return data_uri(image.get("uri"))


def texture_sizes(gltf: Gltf, finding: Finding) -> Iterator[tuple[int, int]]:
    """Width and height of every picture in the file. Raises Unsound for what is no picture, or another than it says."""
    total = 0
    for number, image in enumerate(gltf.table("images")):
        data = image_bytes(gltf, image)
        if data is None or data[: len(_KTX2)] == _KTX2:
            finding.warn("unread", f"texture {number} is compressed in a way nobody here can measure")
            continue
        header = _header(data[:_BEGINNING]) or _header(data)
        if header is None:
            what = sniff(bytes(data)).format
            raise Unsound("type_mismatch", f"texture {number} is {what}, not a picture that can be read")
        _refuse_lies(gltf, number, image, header)
        total += header.size[0] * header.size[1]
        if header.size[0] * header.size[1] > CAPS.texture_pixels or total > CAPS.all_texture_pixels:
            raise Unsound("bomb", f"texture {number} is {header.size[0]} x {header.size[1]}")
        yield header.size


def _refuse_lies(gltf: Gltf, number: int, image: dict[str, Any], header: Header) -> None:
    said = media_type(image)
    if said and said != header.type:
        raise spec_error(f"texture {number} is of type {header.type} and says {said[:40]!r}")
    if header.type == "image/webp" and "EXT_texture_webp" not in gltf.document.get("extensionsUsed", ()):
        raise spec_error(f"texture {number} is a WebP, which takes an extension")
    if header.type == "image/jpeg" and header.mode not in ("RGB", "L"):
        raise spec_error(f"texture {number} has the colours of a printer ({header.mode})")


def _header(data: Bytes) -> Header | None:
    """None when the bytes are no PNG, JPEG or WebP."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = CAPS.texture_pixels
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            return Header(f"image/{(picture.format or '').lower()}", picture.size, picture.mode)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unsound("bomb", str(error)) from error
    except (OSError, SyntaxError, ValueError, struct.error):
        return None
