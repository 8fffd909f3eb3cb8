"""The page itself, the same for every address below it: the run is in the address, the page finds it."""

import json
import os
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.egress import on_this_machine
from core.settings import HUB, Settings
from window.page.endpoints.door import guarded
from window.page.examples import EXAMPLES
from window.page.hosting import lasting
from window.page.recorded.shelf import Recording
from window.page.scopes import asked_for
from window.page.visitors import Doorkeeper

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self' https://huggingface.co https://*.huggingface.co http://127.0.0.1:* http://localhost:*"
)
"""Nothing on the page comes from elsewhere, and no text on it can run."""


class Front:
    def __init__(self, door: Doorkeeper, settings: Settings, shelf: Sequence[Recording]) -> None:
        self._door = door
        self._recorded: list[JsonValue] = [each.model_dump(mode="json") for each in shelf]
        self._settings = settings
        self._template = Template(files("window.page").joinpath("static/index.html").read_text("utf-8"))

    def routes(self) -> list[Route]:
        page = guarded(self._door, self.page)
        paths = ("/", "/runs", "/runs/{ids}", "/recorded/{ids}", "/validate", "/build")
        return [Route(path, page, include_in_schema=False) for path in paths]

    async def page(self, request: Request) -> Response:
        told = json.dumps(self._told(request), ensure_ascii=False).replace("<", "\\u003c")
        hidden = " hidden" if "ids" in request.path_params else ""
        html = self._template.substitute(told=told, title="Spacewright", hidden=hidden)
        return HTMLResponse(html, headers={"content-security-policy": POLICY, "cache-control": "no-store"} | _PLAIN)

    def _told(self, request: Request) -> JsonValue:
        endpoint = str(self._settings.endpoint or HUB)
        name = self._door.name(request)
        return {
            "hub": endpoint,
            "local": on_this_machine(endpoint.partition("://")[2].partition(":")[0].partition("/")[0]),
            "planner": self._settings.model,
            "public": self._door.public,
            "visitor": name,
            "may_act": not self._door.public or name is not None,
            "examples": [dict(example) for example in EXAMPLES],
            "recorded": self._recorded,
            "scopes": list(asked_for(os.environ.get("OAUTH_SCOPES", ""))) if self._door.public else [],
            "kept": not self._door.public or lasting(os.environ),
        }


_PLAIN = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
