"""The measuring pass: one look at a file gives its kind, its facts and the gate's answer.

Runs inside the separate process. What goes in is foreign; what comes out is flat JSON of our own making.
"""

from collections.abc import Callable
from typing import Any

from tools.checks.caps import CAPS
from tools.checks.containers.archive import measure_archive
from tools.checks.containers.passengers import refuse_passengers
from tools.checks.containers.pdf import measure_pdf
from tools.checks.finding import Finding, Unsound
from tools.checks.media.audio import measure_pcm
from tools.checks.media.decoding import measure_media
from tools.checks.media.pcm import Foreign
from tools.checks.models.mesh import measure_gltf
from tools.checks.models.polygons import measure_polygons
from tools.checks.models.sog import measure_sog
from tools.checks.models.splats import measure_raw
from tools.checks.models.spz import measure_spz
from tools.checks.pictures.image import measure_image
from tools.checks.sniff import Sniffed, sniff
from tools.checks.writing.json_value import measure_json, measure_value, strict_json
from tools.checks.writing.markup import measure_html, measure_svg
from tools.checks.writing.table import measure_csv, measure_frame
from tools.checks.writing.text import measure_text, measure_text_file

UNSEEN = Sniffed("binary", "unknown")

Look = Callable[[], tuple[Sniffed, Finding]]

Report = dict[str, Any]
"""`kind`, `format`, `facts`, `status`, `reason`, `content`: an Examination before pydantic."""

_READABLE = frozenset({"text", "json", "html", "gltf", "svg", "obj", "stl"})
"""Formats that are text as well."""

_WRITTEN = frozenset({"text", "json", "table", "html", "number", "boolean"})
"""Declared kinds whose file is text; a parser of that kind decides whether it is good text."""


def measure(data: bytes, declared: str | None) -> Report:
    """Never raises for what is wrong with the bytes."""
    sniffed = sniff(data)
    return _reported(sniffed, declared, len(data), lambda: _measured(data, sniffed, declared))


def measure_in_memory(value: Any, declared: str) -> Report:
    """The same for a JSON value that a Space returned; text of HTML is parsed, nothing else is."""
    size = len(value) if isinstance(value, str) else 0
    family = "text" if isinstance(value, str) else "json"
    return _reported(Sniffed(family, family), declared, size, lambda: _measured_value(value, declared))


def refused(unsound: Unsound, sniffed: Sniffed = UNSEEN, size: int = 0) -> Report:
    """The report on bytes that were not measured."""
    status = "unknown" if str(unsound).startswith("unread") else "fail"
    return {
        "kind": sniffed.family,
        "format": sniffed.format,
        "facts": {"bytes": size, "format": sniffed.format},
        "status": status,
        "reason": str(unsound),
        "content": None,
    }


def _reported(sniffed: Sniffed, declared: str | None, size: int, look: Look) -> Report:
    try:
        (kind, format), finding = look()
    except Unsound as unsound:
        return refused(unsound, sniffed, size)
    except (MemoryError, RecursionError) as error:
        return refused(Unsound("bomb", f"{type(error).__name__} while it was read"), sniffed, size)
    facts = {"bytes": size, "format": format, **finding.facts}
    reason = "; ".join(finding.warnings[:5]) or _sound(kind, format, declared)
    return {
        "kind": kind,
        "format": format,
        "facts": facts,
        "status": "warn" if finding.warnings else "pass",
        "reason": reason,
        "content": finding.content,
    }


def _sound(kind: str, format: str, declared: str | None) -> str:
    return f"whole {format}, as declared" if declared else f"whole {format}: {kind}"


def _measured(data: bytes, sniffed: Sniffed, declared: str | None) -> tuple[Sniffed, Finding]:
    if len(data) > CAPS.file_bytes:
        raise Unsound("limits", f"{len(data)} bytes, at most {CAPS.file_bytes}")
    if sniffed.family == "empty":
        raise Unsound("empty", "0 bytes")
    if sniffed.family in ("pickle", "executable"):
        raise Unsound("code_exec", f"a {sniffed.format} file: it would run code when it is loaded")
    if declared in _WRITTEN:
        return _written(data, sniffed, declared)
    refined, finding = _by_content(data, sniffed, declared)
    if declared not in (None, "file", refined.family):
        raise _mismatch(refined, declared)
    return refined, finding


def _written(data: bytes, sniffed: Sniffed, declared: str) -> tuple[Sniffed, Finding]:
    # CSV in the encoding of an older Windows is no UTF-8; its own parser refuses what is no text at all.
    if sniffed.format not in _READABLE and (declared, sniffed.format) != ("table", "binary"):
        raise _mismatch(sniffed, declared)
    match declared:
        case "text":
            return Sniffed("text", sniffed.format), measure_text_file(data)
        case "json":
            return Sniffed("json", "json"), measure_json(data)
        case "html" if sniffed.format == "svg":
            return Sniffed("html", "svg"), measure_svg(data)
        case "html":
            return Sniffed("html", "html"), measure_html(data)
        case "table" if sniffed.format == "html":
            raise _mismatch(sniffed, declared)
        case "table" if sniffed.family == "json":
            return Sniffed("table", "json"), measure_frame(strict_json(data)[0])
        case "table":
            return Sniffed("table", "csv"), measure_csv(data)
        case _:
            return _measured_value(strict_json(data)[0], declared)


def _by_content(data: bytes, sniffed: Sniffed, declared: str | None) -> tuple[Sniffed, Finding]:
    """What the bytes are decides which parser reads them, whatever was declared."""
    if declared not in (None, "file", sniffed.family) and not _may_turn_out(sniffed, declared):
        raise _mismatch(sniffed, declared)
    match sniffed:
        case ("image", "svg"):
            return sniffed, measure_svg(data)
        case ("image", format):
            return sniffed, measure_image(data, format)
        case ("model3d", "glb" | "gltf" as format):
            return sniffed, measure_gltf(data, format)
        case ("model3d", "spz"):
            return sniffed, measure_spz(data)
        case ("model3d", format):
            return sniffed, measure_polygons(data, format)
        case ("audio" | "video", format):
            return _media(data, format)
        case ("json", _):
            return sniffed, measure_json(data)
        case ("html", _):
            return sniffed, measure_html(data)
        case ("text", _):
            return sniffed, measure_text_file(data)
        case ("pdf", _):
            return sniffed, measure_pdf(data)
        case ("archive", format):
            return _archive(data, format, declared)
        case _:
            return _unmarked(data, declared)


def _media(data: bytes, format: str) -> tuple[Sniffed, Finding]:
    """Most sound is plain samples, which we read ourselves; everything else takes a codec library."""
    if format in ("wav", "aiff"):
        refuse_passengers(data, format)
        try:
            return Sniffed("audio", format), measure_pcm(data, format)
        except Foreign:
            pass
    family, finding = measure_media(data, format)
    return Sniffed(family, format), finding


def _may_turn_out(sniffed: Sniffed, declared: str) -> bool:
    """Containers that only a look inside tells apart."""
    return (sniffed.family in ("audio", "video") and declared in ("audio", "video")) or (
        declared == "model3d" and sniffed.format in ("gzip", "zip", "binary")
    )


def _archive(data: bytes, format: str, declared: str | None) -> tuple[Sniffed, Finding]:
    """Some splats are archives: what is inside decides."""
    if declared == "model3d" and format == "gzip":
        return Sniffed("model3d", "spz"), measure_spz(data)
    finding = measure_archive(data, format)
    if finding.facts.get("inner") == "spz":
        return Sniffed("model3d", "spz"), measure_spz(data)
    if format == "zip" and (splats := measure_sog(data)):
        return Sniffed("model3d", "sog"), splats
    return Sniffed("archive", format), finding


def _unmarked(data: bytes, declared: str | None) -> tuple[Sniffed, Finding]:
    if declared == "model3d" and (found := measure_raw(data)):
        format, finding = found
        return Sniffed("model3d", format), finding
    if declared == "model3d":
        raise Unsound("type_mismatch", "declared model3d, the content is nothing known")
    if declared == "file":
        finding = Finding()
        finding.warn("unread", "the content is nothing known; only its size is checked")
        return Sniffed("binary", "binary"), finding
    raise Unsound("unread", "the content is nothing known")


def _measured_value(value: Any, declared: str) -> tuple[Sniffed, Finding]:
    match declared, value:
        case "html", str():
            return Sniffed("html", "html"), measure_html(value.encode("utf-8", "replace"))
        case "text" | "html", str():
            return Sniffed("text", "text"), measure_text(value)
        case "boolean", bool():
            return Sniffed("boolean", "json"), Finding({"value": value})
        case "number", bool():
            raise Unsound("type_mismatch", "declared number, the value is a boolean")
        case "number", int() | float():
            if value != value or value in (float("inf"), float("-inf")):
                raise Unsound("nonfinite", "the value is not a number")
            return Sniffed("number", "json"), Finding({"value": value})
        case "table", _:
            return Sniffed("table", "json"), measure_frame(value)
        case "json", _:
            return Sniffed("json", "json"), measure_value(value)
        case _:
            raise Unsound("type_mismatch", f"declared {declared}, the value is of type {type(value).__name__}")


def _mismatch(sniffed: Sniffed, declared: str) -> Unsound:
    return Unsound("type_mismatch", f"declared {declared}, the content is {sniffed.format} ({sniffed.family})")
