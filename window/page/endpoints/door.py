"""How a request comes in: from the page itself, by somebody known, and refused in one plain line."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.egress import on_this_machine
from core.errors import (
    AccessRefused,
    ConsentMissing,
    Failure,
    GoalRefused,
    InputsRefused,
    RecordUnusable,
    RunBusy,
)
from window.page.visitors import Doorkeeper

Endpoint = Callable[[Request], Awaitable[Response]]

VIEWS = "/page/view/"
"""Where a frame without a session comes in, with a key instead."""

CODES: dict[type[Failure], int] = {
    AccessRefused: 401,
    RecordUnusable: 404,
    GoalRefused: 422,
    InputsRefused: 422,
    RunBusy: 409,
    ConsentMissing: 409,
}


def guarded(door: Doorkeeper, endpoint: Endpoint) -> Endpoint:
    """The endpoint for requests of our own page only; its failures become answers."""

    async def answer(request: Request) -> Response:
        if not own(request, door):
            return refusal("this page answers only to itself", 403)
        try:
            return await endpoint(request)
        except Failure as failure:
            return refusal(str(failure), CODES.get(type(failure), 502))

    return answer


class OwnPageOnly:
    """The same for the addresses that Gradio brings along."""

    def __init__(self, app: ASGIApp, door: Doorkeeper) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or own(Request(scope), self._door):
            await self._app(scope, receive, send)
            return
        await refusal("this page answers only to itself", 403)(scope, receive, send)


def own(request: Request, door: Doorkeeper) -> bool:
    """Neither another site's page in the same browser, nor one that has its own name lead to this machine.

    Gradio lets every origin read the answers of a Space, cookies and all, so reading is looked at too.
    """
    host = request.headers.get("host", "")
    if not door.public and not on_this_machine(urlsplit(f"//{host}").hostname or ""):
        return False
    if request.method == "GET" and request.url.path.startswith(VIEWS):
        return True
    if request.headers.get("sec-fetch-site") == "cross-site" and request.headers.get("sec-fetch-mode") != "navigate":
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def refusal(words: str, code: int) -> Response:
    return JSONResponse({"error": words}, code, headers={"cache-control": "no-store"})
