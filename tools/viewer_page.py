"""The web page that shows what a run has made: a static Space, complete in itself.

Everything the page needs travels with it, three.js included, so it works from any static file server, under any path,
without a network. Names, captions and descriptions are foreign text: they are escaped here and set as text in the page.
Trusts that the files have been checked; it does not look into them.
"""

import json
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from core.nouns import Frozen

ASSETS = Path(__file__).parent / "viewer"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' blob: data:; media-src 'self'; base-uri 'none'; form-action 'none'"
)
"""`blob:` and `data:` are what the glTF loader needs: textures inside a GLB become blobs that are fetched."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14110f"/>'
    '<path d="M16 6l9 5v10l-9 5-9-5V11z M7 11l9 5 9-5 M16 16v10" fill="none" stroke="#d9b873" stroke-width="2"/></svg>'
)

SUFFIXES = {
    "model3d": {"glb", "gltf", "ply", "obj", "stl", "splat", "ksplat", "spz"},
    "image": {"png", "jpg", "jpeg", "webp", "gif", "avif"},
    "audio": {"wav", "mp3", "ogg", "oga", "opus", "flac", "m4a", "aac"},
    "video": {"mp4", "webm", "mov", "m4v", "ogv"},
    "text": {"txt"},
}
"""What a server may be told about foreign bytes; others, such as HTML or SVG, could run as a page of the Space."""


class Exhibit(Frozen):
    """One thing on show."""

    name: str
    kind: Literal["model3d", "image", "audio", "video", "text"]
    file: Path
    sha256: str
    caption: str = ""
    """Where it came from, such as "made by owner/space, 150,112 triangles"."""

    thumbnail: Path | None = None


def viewer_files(title: str, description: str, exhibits: Sequence[Exhibit], made_with: str) -> dict[str, bytes | Path]:
    """The static Space: path in the repository → its bytes, or the file on disk that holds them.

    Raises ValueError when there is nothing to show.
    """
    if not exhibits:
        raise ValueError("a viewer needs at least one exhibit")
    title, description = one_line(title) or "Untitled", description.strip()
    listed = [entry(number, exhibit) for number, exhibit in enumerate(exhibits, start=1)]
    return {
        "index.html": page(title, description, listed, made_with).encode(),
        "README.md": readme(title, description, listed, made_with).encode(),
        "exhibits.json": json.dumps({"title": title, "exhibits": listed}, ensure_ascii=False, indent=1).encode(),
        **dict(assets()),
        **dict(media(exhibits, listed)),
    }


def entry(number: int, exhibit: Exhibit) -> dict[str, str | int]:
    """What the page is told about one exhibit; `file` and `thumbnail` are paths relative to the page."""
    stem = f"media/{number:02d}-{slug(exhibit.name) or exhibit.kind}"
    told: dict[str, str | int] = {
        "name": one_line(exhibit.name) or f"Exhibit {number}",
        "kind": exhibit.kind,
        "caption": one_line(exhibit.caption),
        "file": f"{stem}.{suffix(exhibit.kind, exhibit.file)}",
        "bytes": exhibit.file.stat().st_size,
        "sha256": exhibit.sha256,
    }
    if exhibit.thumbnail:
        told["thumbnail"] = f"{stem}-thumbnail.{suffix('image', exhibit.thumbnail)}"
    return told


def media(exhibits: Sequence[Exhibit], listed: Sequence[dict[str, str | int]]) -> Iterator[tuple[str, Path]]:
    for exhibit, told in zip(exhibits, listed, strict=True):
        yield str(told["file"]), exhibit.file
        if exhibit.thumbnail:
            yield str(told["thumbnail"]), exhibit.thumbnail


def assets() -> Iterator[tuple[str, Path]]:
    """The page's own files, all but the template."""
    for file in sorted(ASSETS.rglob("*")):
        if file.is_file() and file.name != "index.html":
            yield file.relative_to(ASSETS).as_posix(), file


def page(title: str, description: str, listed: Sequence[dict[str, str | int]], made_with: str) -> str:
    template = string.Template((ASSETS / "index.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title),
        description=escape(description),
        policy=escape(POLICY),
        icon=f"data:image/svg+xml,{quote(ICON)}",
        made_with=escape(made_with),
        listing="\n".join(
            f'      <p><a href="{escape(str(told["file"]))}">{escape(str(told["name"]))}</a> '
            f"{escape(str(told['caption']))}</p>"
            for told in listed
        ),
    )


def readme(title: str, description: str, listed: Sequence[dict[str, str | int]], made_with: str) -> str:
    """The Space's card. A JSON string is also a YAML string, whatever the title holds."""
    front = {
        "title": title,
        "emoji": "🏛️",
        "colorFrom": "yellow",
        "colorTo": "gray",
        "sdk": "static",
        "app_file": "index.html",
        "pinned": False,
        "short_description": shortened(one_line(description) or title, 60),
    }
    matter = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items())
    rows = "\n".join(
        f"| {plain(str(told['name']))} | {told['kind']} | {plain(str(told['caption']))} "
        f"| `{plain(str(told['sha256']))[:16]}` |"
        for told in listed
    )
    return (
        f"---\n{matter}\n---\n\n# {plain(title)}\n\n{plain(one_line(description))}\n\n"
        f"| exhibit | kind | from | sha256 |\n|---|---|---|---|\n{rows}\n\n{plain(one_line(made_with))}\n\n"
        "The page is complete in itself: it loads nothing from elsewhere. "
        "three.js (MIT) is in `vendor/three`, with its licence.\n"
    )


def suffix(kind: str, file: Path) -> str:
    """The file's own suffix where it suits the kind; texts are always served as plain text."""
    if kind == "text":
        return "txt"
    own = file.suffix.lower().lstrip(".")
    return own if own in SUFFIXES[kind] else "bin"


def slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:48].strip("-")


def one_line(text: str) -> str:
    """Without line breaks or characters that are not for reading, such as controls and direction overrides."""
    readable = (" " if letter.isspace() else letter for letter in text)
    return " ".join("".join(letter for letter in readable if legible(letter)).split())


def legible(letter: str) -> bool:
    """The zero-width joiner stays: it holds emoji together."""
    return letter == "\u200d" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


def plain(text: str) -> str:
    """Foreign text inside Markdown: neither HTML nor markup."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~:-])", r"\\\1", escape(text, quote=False))


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
