"""What a run has made, by HTTP: only files that its journal names, and only to whose run it is."""

import asyncio
import hmac
import secrets
import shutil
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from core.errors import RecordUnusable
from core.nouns import Artifact
from core.record import RunFolder
from planners import crate
from tools.viewer_page import Exhibit, viewer_files
from window.page.endpoints.door import VIEWS, Endpoint, guarded
from window.page.picture.exhibit import TURNABLE, suffix
from window.page.serving_files import HARMLESS, harmless
from window.page.visitors import Doorkeeper
from window.page.works import Works

VIEWERS = 64
"""3D pages that are kept ready."""

PICTURES = "pictures"
"""Folder of a run for what is drawn for the page alone; it can be deleted."""

FOR_FRAMES = {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "cache-control": "private, max-age=3600",
    "referrer-policy": "no-referrer",
}

KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".glb": "model/gltf-binary",
}


class FileEndpoints:
    def __init__(self, door: Doorkeeper, works: Works) -> None:
        self._door = door
        self._works = works
        self._secret = secrets.token_bytes(32)
        self._drawing: dict[Path, asyncio.Lock] = {}
        self._viewers: OrderedDict[str, Mapping[str, bytes | Path]] = OrderedDict()

    def routes(self) -> list[Route]:
        return [
            self._route("/page/runs/{id}/files/{sha256}", self.file),
            self._route("/page/runs/{id}/thumbnails/{sha256}", self.thumbnail),
            self._route("/page/runs/{id}/view/{sha256}", self.view),
            self._route(f"{VIEWS}{{key}}/{{path:path}}", self.viewer),
            self._route("/page/runs/{id}/record.zip", self.record),
        ]

    def _route(self, path: str, endpoint: Endpoint) -> Route:
        return Route(path, guarded(self._door, endpoint), methods=["GET"], include_in_schema=False)

    async def file(self, request: Request) -> Response:
        _, _, path = await self._named(request)
        return harmless(path, path.name, save="save" in request.query_params)

    async def thumbnail(self, request: Request) -> Response:
        """A picture of the file, drawn once; 404 where none can be drawn."""
        folder, artifact, path = await self._named(request)
        drawn = folder.path / PICTURES / f"{artifact.sha256[:16]}.png"
        try:
            async with self._drawing.setdefault(drawn, asyncio.Lock()):
                if not drawn.exists() and not await self._drawn(path, artifact, drawn):
                    raise RecordUnusable("nothing can be drawn of this file")
        finally:
            self._drawing.pop(drawn, None)
        return harmless(drawn, drawn.name)

    async def _drawn(self, path: Path, artifact: Artifact, drawn: Path) -> bool:
        drawn.parent.mkdir(exist_ok=True)
        return await self._works.thumbnail(path, artifact.kind, drawn)

    async def view(self, request: Request) -> Response:
        """To the viewer's page with this one model in it."""
        folder, artifact, path = await self._named(request)
        if suffix(artifact) not in TURNABLE:
            raise RecordUnusable("the viewer draws GLB files")
        key = hmac.digest(self._secret, f"{folder.path.resolve()} {artifact.sha256}".encode(), "sha256").hex()
        if key not in self._viewers:
            shown = Exhibit(name=artifact.name, kind="model3d", file=path, sha256=artifact.sha256)
            self._viewers[key] = await asyncio.to_thread(viewer_files, artifact.name, "", [shown], "")
        self._viewers.move_to_end(key)
        while len(self._viewers) > VIEWERS:
            self._viewers.popitem(last=False)
        return RedirectResponse(f"{VIEWS}{key}/", 303, headers={"cache-control": "no-store"})

    async def viewer(self, request: Request) -> Response:
        """A file of a viewer. Its frame is a stranger to the page and has no session: the key lets it in."""
        content = self._viewers.get(request.path_params["key"], {}).get(request.path_params["path"] or "index.html")
        if content is None:
            raise RecordUnusable("this view was closed; open it again")
        kind = KINDS.get(Path(request.path_params["path"] or "index.html").suffix, "application/octet-stream")
        if isinstance(content, bytes):
            return Response(content, media_type=kind, headers=FOR_FRAMES)
        return FileResponse(content, media_type=kind, headers=FOR_FRAMES)

    async def record(self, request: Request) -> Response:
        """The whole run as an RO-Crate."""
        folder = self._door.sight(request, request.path_params["id"])
        room = Path(mkdtemp(prefix="record-"))
        try:
            packed = await asyncio.to_thread(crate.export, folder, room / f"{folder.id}.zip")
        except BaseException:
            shutil.rmtree(room)
            raise
        headers = {key: value for key, value in HARMLESS.items() if key != "cache-control"}
        return FileResponse(
            packed,
            media_type="application/zip",
            filename=packed.name,
            headers=headers | {"cache-control": "no-store"},
            background=BackgroundTask(shutil.rmtree, room),
        )

    async def _named(self, request: Request) -> tuple[RunFolder, Artifact, Path]:
        folder = self._door.sight(request, request.path_params["id"])
        artifact = await asyncio.to_thread(_artifact, folder, request.path_params["sha256"])
        return folder, artifact, folder.artifacts.path(artifact)


def _artifact(folder: RunFolder, sha256: str) -> Artifact:
    """The file of the run with these bytes: attached by its goal, or made by a step that is done or failed a check."""
    run = folder.run()
    made = [artifact for unit in run.units.values() for artifact in unit.artifacts]
    tried = [a for unit in run.units.values() for attempt in unit.attempts for a in attempt.artifacts]
    for artifact in (*run.goal.attachments, *made, *tried):
        if artifact.sha256 == sha256 and artifact.file and Path(artifact.file).name == artifact.file:
            if folder.artifacts.has(artifact):
                return artifact
            break
    raise RecordUnusable("this run has no such file")
