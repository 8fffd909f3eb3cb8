"""Bytes that a Space made, given to a browser so that it can do nothing with them but show them."""

from pathlib import Path

from starlette.responses import FileResponse

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".glb": "model/gltf-binary",
    ".txt": "text/plain; charset=utf-8",
}
"""What a browser is told. Everything else, HTML above all, is bytes to be saved."""

INLINE = frozenset(TYPES) - {".svg"}
"""An SVG is shown by an image element, which runs nothing; opened by itself it is saved."""

HARMLESS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "private, max-age=31536000, immutable",
}
"""Even a file that is taken for a page runs no script and reaches nothing. Files are named by what is in them."""


def harmless(path: Path, name: str, *, save: bool = False) -> FileResponse:
    """The file, for its page only. `name` is what it is saved as."""
    suffix = path.suffix.lower()
    kind = TYPES.get(suffix, "application/octet-stream")
    placed = "inline" if suffix in INLINE and not save else "attachment"
    return FileResponse(path, headers=HARMLESS, media_type=kind, filename=name, content_disposition_type=placed)
