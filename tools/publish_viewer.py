"""Deploys results as a web page: a static Space that needs nothing from any other address."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

from pydantic import JsonValue

from core.artifacts import digest, slug
from core.errors import InputsRefused
from core.hub import Hub
from core.nouns import Artifact, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool, Effect
from tools.checks.laboratory import Laboratory
from tools.provenance import embedded, pointer
from tools.viewer_page import Exhibit, viewer_files

SHOWN = ("model3d", "image", "audio", "video", "text")


class PublishViewer(ArtifactTool):
    """Artifacts → one page in a private static Space of the user's own."""

    name = "publish_viewer"
    description = (
        "Puts images, 3D models, audio or text on one web page and deploys it as a private static Space. "
        "Use it last, for results that people should look at. Returns the page's address."
    )
    inputs: ClassVar[dict[str, dict[str, Any]]] = {
        "title": {"type": "string", "description": "The page's title."},
        "description": {"type": "string", "description": "One sentence below the title."},
        "exhibits": {"type": "array", "description": "The artifacts to show, in order."},
        "names": {"type": "array", "description": "A name for each exhibit, or null.", "nullable": True},
    }
    effect: ClassVar[Effect] = "write"

    def __init__(self, hub: Hub, laboratory: Laboratory) -> None:
        super().__init__()
        self._hub = hub
        self._laboratory = laboratory

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """One JSON artifact: {"address", "space", "revision", "private", "exhibits"}."""
        artifacts = _flat(arguments["exhibits"])
        if not artifacts or not all(artifact.kind in SHOWN for artifact in artifacts):
            raise InputsRefused(
                f"publish_viewer shows artifacts of the kinds {', '.join(SHOWN)}; it got none, or others"
            )
        title = str(arguments["title"])
        names = arguments.get("names") or ([title] if len(artifacts) == 1 else [None] * len(artifacts))
        if len(names) != len(artifacts):
            raise InputsRefused(f"publish_viewer got {len(names)} names for {len(artifacts)} exhibits")
        exhibits = [await self._exhibit(scope, artifact, name) for artifact, name in zip(artifacts, names, strict=True)]
        try:
            files = await asyncio.to_thread(viewer_files, title, str(arguments["description"]), exhibits, "Spacewright")
            # The same exhibits under the same title are the same page: publishing twice makes one Space.
            name = f"{slug(title, 48)}-{_fingerprint(files)}"
            space = await self._hub.create_static_space(name, private=True, files=files, title=title)
        finally:
            _forget(exhibits, scope)
        page: dict[str, JsonValue] = {
            "address": self._hub.page(space.id),
            "space": space.id,
            "revision": space.revision,
            "private": True,
            "exhibits": len(exhibits),
        }
        origin = Origin(tool=self.name, space=space.id, revision=space.revision)
        return (scope.artifacts.keep_value(page, "json", title, origin),)

    async def _exhibit(self, scope: Scope, artifact: Artifact, name: str | None) -> Exhibit:
        path = scope.artifacts.path(artifact)
        thumbnail = scope.artifacts.incoming().with_suffix(".png")
        drawn = await self._laboratory.thumbnail(path, artifact.kind, thumbnail)
        signed = await asyncio.to_thread(_signed, path, scope.artifacts.incoming(), artifact)
        return Exhibit(
            name=name or artifact.name,
            kind=cast(Literal["model3d", "image", "audio", "video", "text"], artifact.kind),
            file=signed,
            sha256=digest(signed),
            caption=caption(artifact),
            thumbnail=thumbnail if drawn else None,
        )


def _flat(exhibits: Any) -> list[Artifact]:
    """The artifacts in order; what a step with `each` made comes as a list of its own."""
    match exhibits:
        case Artifact():
            return [exhibits]
        case list() | tuple():
            return [artifact for part in exhibits for artifact in _flat(part)]
    raise InputsRefused("publish_viewer shows artifacts, and got something that is none")


def _signed(path: Path, copy: Path, artifact: Artifact) -> Path:
    """A copy of the file that tells where it came from; the file itself where its format has no place for that."""
    data = path.read_bytes()
    signed = embedded(data, pointer(artifact))
    if signed == data:
        return path
    copy = copy.with_suffix(path.suffix)
    copy.write_bytes(signed)
    return copy


def _forget(exhibits: Sequence[Exhibit], scope: Scope) -> None:
    """Remove what was made for the page only; the artifacts stay."""
    for path in (path for exhibit in exhibits for path in (exhibit.file, exhibit.thumbnail)):
        if path is not None and path.parent == scope.artifacts.quarantine:
            path.unlink(missing_ok=True)


def caption(artifact: Artifact) -> str:
    """Where it came from and its leading figure, for people: "made by owner/space, 150,112 triangles"."""
    figures: Sequence[str] = [
        f"{value:,} {word}"
        for fact, word in (("faces", "triangles"), ("texture_px", "px textures"), ("seconds", "s"))
        if isinstance(value := artifact.facts.get(fact), int | float) and value
    ]
    maker = f"made by {artifact.origin.space}" if artifact.origin.space else "made on this machine"
    return ", ".join([maker, *figures])


def _fingerprint(files: dict[str, bytes | Path]) -> str:
    hashing = hashlib.sha256()
    for path, content in sorted(files.items()):
        hashing.update(path.encode())
        hashing.update(content if isinstance(content, bytes) else content.read_bytes())
    return hashing.hexdigest()[:8]
