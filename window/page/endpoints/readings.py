"""A run that is over, read once more: its report, and how it stood at each of its moments."""

import asyncio
from importlib.resources import files
from string import Template

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from core import journal
from core.errors import InputsRefused
from core.record import RunFolder
from window.page.endpoints.door import Endpoint, guarded
from window.page.picture.moment import moments
from window.page.picture.run import Picture
from window.page.readable import readable
from window.page.visitors import Doorkeeper

REPORT_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


class ReadingEndpoints:
    def __init__(self, door: Doorkeeper) -> None:
        self._door = door
        self._template = Template(files("window.page").joinpath("static/report.html").read_text("utf-8"))

    def routes(self) -> list[Route]:
        return [
            self._route("/page/runs/{id}/report", self.report),
            self._route("/page/runs/{id}/moments", self.moments),
        ]

    def _route(self, path: str, endpoint: Endpoint) -> Route:
        return Route(path, guarded(self._door, endpoint), methods=["GET"], include_in_schema=False)

    async def report(self, request: Request) -> Response:
        folder = self._door.sight(request, request.path_params["id"])
        title, body = await asyncio.to_thread(readable, folder)
        html = self._template.substitute(title=title, body=body)
        headers = {
            "content-security-policy": REPORT_POLICY,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
        }
        return HTMLResponse(html, headers=headers)

    async def moments(self, request: Request) -> Response:
        """`?at=N`: the whole picture as it stood at the moment N, counted from 0, and the words of every moment."""
        folder = self._door.sight(request, request.path_params["id"])
        at = request.query_params.get("at", "0")
        if not at.isdecimal():
            raise InputsRefused("a moment is a number, counted from 0")
        told = await asyncio.to_thread(moment, folder, int(at))
        return JSONResponse(told, headers={"cache-control": "no-store"})


def moment(folder: RunFolder, at: int) -> JsonValue:
    """The last moment for a number that is too large."""
    entries = journal.read(folder.path)
    found = moments(entries)
    if not found:
        raise InputsRefused("this run has no moment yet")
    at = min(at, len(found) - 1)
    picture = Picture(folder.artifacts)
    picture.read(entries[: found[at][0]])
    parts = picture.still()
    seconds = entries[found[at][0] - 1].time - entries[0].time
    told: JsonValue = {"at": at, "words": [words for _, words in found], "seconds": seconds, "parts": parts}  # type: ignore[dict-item]  # a picture is JSON
    return told
