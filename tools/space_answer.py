"""What a Space answered, held against its schema: each output's values, and the files it names by path.

Pure functions; nothing is fetched here. A dictionary counts as a file only where the schema promises one, and of what
it says only the path is used, or the bytes that it carries itself.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from pydantic import JsonValue

from core.errors import AnswerBroken, Failure, QuotaExceeded
from core.nouns import FILE_KINDS, Endpoint, Kind, Output
from core.signals import say, seconds_to_wait, speaks_of_quota
from tools.space_schema import Wire

MOST_PARTS = 200
"""Values of one call; nobody asked for more."""

LARGEST_INLINE = 8_000_000
"""Letters of a file that stands in the answer itself."""


@dataclass(frozen=True)
class Part:
    """One value of one output."""

    output: int
    label: str
    kind: Kind
    value: JsonValue = None
    path: str | None = None
    """On the Space, when it is a file."""

    name: str = ""
    """What the Space calls the file: for its suffix, and for people."""

    data: bytes | None = None
    """The file itself, where the answer carries it."""

    example: bool = False
    """It is a file that the Space shows as an example of what to give it."""


def read_answer(space: str, endpoint: Endpoint, wire: Wire, data: list[JsonValue]) -> tuple[Part, ...]:
    """The parts of a finished call in order. An output that is null has none.

    Raises AnswerBroken, or QuotaExceeded where that is what the text in place of a file says.
    """
    if len(data) != len(wire.outputs):
        promised = f"{endpoint.name} promises {len(wire.outputs)}"
        raise AnswerBroken(f"{space} answered {len(data)} values where {promised}")
    shown = [value for value, visible in zip(data, wire.outputs, strict=True) if visible]
    parts = [
        part
        for number, (output, value) in enumerate(zip(endpoint.outputs, shown, strict=True))
        for part in _parts(space, number, output, _without_update(value))
    ]
    if endpoint.outputs and not parts:
        raise AnswerBroken(f"{space} answered {endpoint.name} with nothing")
    if len(parts) > MOST_PARTS:
        raise AnswerBroken(f"{space} answered with {len(parts)} values; more than {MOST_PARTS} are not taken")
    return tuple(parts)


def _parts(space: str, number: int, output: Output, value: JsonValue) -> Iterator[Part]:
    if value is None:
        return
    if output.kind in FILE_KINDS:
        for kind, found in _files(space, output, value):
            path, name = found.get("path"), found.get("orig_name")
            inline = None if path else _inline(space, str(found["url"]))
            called = name if isinstance(name, str) else ""
            yield Part(number, output.label, kind, path=str(path) if path else None, name=called, data=inline)
    elif output.kind == "text" and output.many and isinstance(value, list):
        for item in value:
            yield Part(number, output.label, "text", _text(space, output, item))
    else:
        yield Part(number, output.label, output.kind, _value(space, output, value))


def _value(space: str, output: Output, value: JsonValue) -> JsonValue:
    match output.kind:
        case "text" | "html":
            return _text(space, output, value)
        case "number" if not isinstance(value, int | float) or isinstance(value, bool):
            raise _broken(space, output, value)
        case "boolean" if not isinstance(value, bool):
            raise _broken(space, output, value)
    return value


def _text(space: str, output: Output, value: JsonValue) -> str:
    match value:
        case str():
            return value
        case {"text": str(text)}:
            return text
        case bool():
            return str(value)
        case int() | float():
            return f"{value}"
    raise _broken(space, output, value)


def _files(space: str, output: Output, value: JsonValue) -> Iterator[tuple[Kind, dict[str, JsonValue]]]:
    """The file references in a value, in the frames that Gradio's components put them."""
    match value:
        case None:
            return
        case dict() if isinstance(path := value.get("path"), str) and path:
            if value.get("is_stream") is True or path.endswith(".m3u8"):
                streams = f"{space} streams its {output.kind} instead of giving a file"
                raise AnswerBroken(f"{streams}; use another endpoint")
            yield output.kind, value
        case dict() if value.get("path") is None and str(value.get("url") or "").startswith("data:"):
            # Gradio 6 answers an SVG in an Image so.
            yield output.kind, value
        case {"video": dict(inner)}:
            yield "video", _one(space, output, inner)
        case {"image": dict(inner)}:
            yield "image", _one(space, output, inner)
        case {"composite": composite, "background": background}:
            yield from _files(space, output, composite or background)
        case [dict() as first, str() | None] if "path" in first:
            yield from _files(space, output, first)
        case list() if output.many:
            for item in value:
                yield from _files(space, output, item)
        case _:
            raise _broken(space, output, value)


def _inline(space: str, url: str) -> bytes:
    """The bytes of a `data:` address (RFC 2397). No other address that an answer names is ever followed."""
    head, _, content = url.partition(",")
    if len(content) > LARGEST_INLINE:
        raise AnswerBroken(f"{space} put a file of more than {LARGEST_INLINE:,} letters into its answer")
    if not head.endswith(";base64"):
        return unquote_to_bytes(content)
    try:
        return base64.b64decode(unquote_to_bytes(content), validate=True)
    except binascii.Error as error:
        raise AnswerBroken(f"{space} put a file into its answer that cannot be decoded") from error


def _one(space: str, output: Output, inner: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if not isinstance(inner.get("path"), str) or not inner["path"]:
        raise _broken(space, output, dict(inner))
    return inner


def _without_update(value: JsonValue) -> JsonValue:
    """Apps may answer with a change of the component; its new value is what counts."""
    if isinstance(value, dict) and value.get("__type__") == "update":
        return value.get("value")
    return value


def _broken(space: str, output: Output, value: JsonValue) -> Failure:
    article = "an" if output.kind[0] in "aeiou" else "a"
    if isinstance(value, str):
        message = f"{space} answered text where {article} {output.kind} should be: {say(value, 200)}"
        if speaks_of_quota(value):
            return QuotaExceeded(message, seconds_to_wait(value))
        return AnswerBroken(message)
    return AnswerBroken(f"{space} answered something else where {article} {output.kind} should be")


_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"glTF", ".glb"),
    (0, b"\x89PNG\r\n\x1a\n", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (0, b"GIF8", ".gif"),
    (8, b"WEBP", ".webp"),
    (8, b"WAVE", ".wav"),
    (4, b"ftypavif", ".avif"),
    (4, b"ftypM4A", ".m4a"),
    (4, b"ftypqt", ".mov"),
    (4, b"ftyp", ".mp4"),
    (0, b"\x1aE\xdf\xa3", ".webm"),
    (0, b"fLaC", ".flac"),
    (0, b"OggS", ".ogg"),
    (0, b"ID3", ".mp3"),
    (0, b"\xff\xfb", ".mp3"),
    (0, b"PK\x03\x04", ".zip"),
    (0, b"\x1f\x8b", ".gz"),
    (0, b"%PDF-", ".pdf"),
    (0, b"ply\n", ".ply"),
    (0, b"ply\r", ".ply"),
    (0, b"solid ", ".stl"),
    (0, b"{", ".json"),
    (0, b"<svg", ".svg"),
    (0, b"<", ".html"),
)
_BY_NAME = frozenset({".csv", ".gltf", ".ksplat", ".mp3", ".obj", ".ply", ".splat", ".spz", ".stl", ".txt", ".md"})
"""Suffixes of formats without a signature, believed when the Space says so; the checks look inside."""


def suffix(head: bytes, name: str) -> str:
    """A suffix for a file by its first bytes, else by the Space's name for it where that is harmless."""
    said = "." + name.lower().rpartition(".")[2] if "." in name else ""
    for offset, mark, found in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return ".gltf" if found == ".json" and said == ".gltf" else found
    return said if said in _BY_NAME else ".bin"
