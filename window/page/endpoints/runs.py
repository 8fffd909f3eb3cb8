"""Runs by HTTP: begin one, follow it, answer what it asks, stop it, go on with it."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from core.errors import GoalRefused, InputsRefused, RecordUnusable
from core.nouns import Artifact, Goal
from core.settings import Settings
from window.commands import _attach
from window.page.endpoints.door import Endpoint, guarded
from window.page.following import follow
from window.page.followup import followup
from window.page.listing import listing
from window.page.visitors import Doorkeeper
from window.page.works import Works

LONGEST_GOAL = 4_000
MOST_FILES = 8
LARGEST_FILE = 50_000_000
"""Bytes."""


class RunEndpoints:
    def __init__(self, door: Doorkeeper, works: Works) -> None:
        self._door = door
        self._works = works

    def routes(self) -> list[Route]:
        return [
            self._route("/page/runs", self.list, "GET"),
            self._route("/page/runs", self.begin, "POST"),
            self._route("/page/runs/{id}/events", self.events, "GET"),
            self._route("/page/runs/{id}/answer", self.answer, "POST"),
            self._route("/page/runs/{id}/stop", self.stop, "POST"),
            self._route("/page/runs/{id}/resume", self.resume, "POST"),
            self._route("/page/runs/{id}/open", self.open, "GET"),
        ]

    def _route(self, path: str, endpoint: Endpoint, method: str) -> Route:
        return Route(path, guarded(self._door, endpoint), methods=[method], include_in_schema=False)

    async def list(self, request: Request) -> Response:
        visitor = self._door.visitor(request)
        return JSONResponse({"runs": await asyncio.to_thread(listing, visitor.runs, self._works)})

    async def begin(self, request: Request) -> Response:
        """A form with the goal's text, the files that go with it, and the run that it is to change."""
        visitor = self._door.visitor(request)
        async with request.form(max_files=MOST_FILES, max_fields=8) as form:
            text = str(form.get("text") or "").strip()
            if not text:
                raise GoalRefused("the goal is empty; say in a sentence what should be made")
            if len(text) > LONGEST_GOAL:
                raise GoalRefused(f"the goal is {len(text):,} characters long; {LONGEST_GOAL:,} are read")
            attached = await attachments(form, visitor.settings)
            after = str(form.get("after") or "")
        if not after:
            id = await self._works.begin(visitor, Goal(text=text, attachments=attached))
            return JSONResponse({"run": id}, 201)
        wish = followup(text, await asyncio.to_thread(visitor.folder(after).run))
        goal = wish.goal.model_copy(update={"attachments": (*wish.goal.attachments, *attached)})
        return JSONResponse({"run": await self._works.begin(visitor, goal, wish)}, 201)

    async def events(self, request: Request) -> Response:
        folder = self._door.sight(request, request.path_params["id"])
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(follow(folder, self._works), media_type="text/event-stream", headers=headers)

    async def answer(self, request: Request) -> Response:
        folder = self._door.visitor(request).folder(request.path_params["id"])
        told = await _json(request)
        if not isinstance(told.get("yes"), bool):
            raise InputsRefused("an answer is yes or no")
        await self._works.answer(folder, str(told.get("key")), bool(told["yes"]))
        return JSONResponse({})

    async def stop(self, request: Request) -> Response:
        folder = self._door.visitor(request).folder(request.path_params["id"])
        if not await self._works.stop(folder):
            raise RecordUnusable("this run is not at work here; there is nothing to stop")
        return JSONResponse({})

    async def resume(self, request: Request) -> Response:
        visitor = self._door.visitor(request)
        await self._works.resume(visitor, visitor.folder(request.path_params["id"]))
        return JSONResponse({})

    async def open(self, request: Request) -> Response:
        """To the page that the run has published, with what it takes to look at a private one."""
        visitor = self._door.visitor(request)
        folder = visitor.folder(request.path_params["id"])
        link = await self._works.link(visitor, await asyncio.to_thread(folder.run))
        if not link or not link.startswith(("http://", "https://")):
            raise RecordUnusable("this run has published nothing")
        return RedirectResponse(link, 303, headers={"referrer-policy": "no-referrer", "cache-control": "no-store"})


async def attachments(form: FormData, settings: Settings) -> tuple[Artifact, ...]:
    """The files of the form, kept where runs borrow them from."""
    kept = []
    for sent in form.getlist("file"):
        if isinstance(sent, UploadFile):
            if (sent.size or 0) > LARGEST_FILE:
                raise GoalRefused(f"{sent.filename} is larger than {LARGEST_FILE // 1_000_000} MB")
            kept.append(await asyncio.to_thread(_kept, sent, settings))
    return tuple(kept)


def _kept(sent: UploadFile, settings: Settings) -> Artifact:
    name = Path((sent.filename or "file").replace("\\", "/")).name[-120:] or "file"
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(sent.file.read())
        return _attach(path, settings)


async def _json(request: Request) -> dict[str, object]:
    try:
        told = await request.json()
    except ValueError as error:
        raise InputsRefused("the request is not JSON") from error
    return told if isinstance(told, dict) else {}
