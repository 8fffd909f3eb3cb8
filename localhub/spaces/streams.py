"""Routes that tell of a Space as long as somebody listens: its logs, and its stage as it changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from email.utils import formatdate
from time import time

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub, refusal
from localhub.bodies import is_number
from localhub.logs import follow
from localhub.repositories.repository import Repository
from localhub.spaces.space_app import SpaceApp


async def logs(request: Request) -> Response:
    repository = hub.to_write(request)
    app = hub.of(request).spaces.app(repository)
    which = request.path_params["which"]
    if which not in ("build", "run"):
        raise refusal.bad_request(f"there is no {which} log; there are build and run")
    tail = request.query_params.get("tail")
    if tail is not None and not (is_number(tail) and len(tail) < 10):
        raise refusal.bad_request("tail has to be a number of lines")
    alive = (lambda: builds(app)) if which == "build" else (lambda: lives(app))
    events = follow(app.work / f"{which}.log", int(tail) if tail else None, alive)
    # huggingface_hub stops reading at the first event later than this date, which is cut to whole seconds.
    headers = {"Cache-Control": "no-cache", "Date": formatdate(time() + 1, usegmt=True)}
    return hub.of(request).followers.answer(events, headers)


def builds(app: SpaceApp) -> bool:
    return bool(app.starting) and app.building


def lives(app: SpaceApp) -> bool:
    return bool(app.process or app.starting)


async def events(request: Request) -> Response:
    """The runtime whenever it has changed. No client of 2026 reads it; browsers on the Space's page do."""
    return hub.of(request).followers.answer(changes(request, hub.to_read(request)))


async def changes(request: Request, repository: Repository) -> AsyncIterator[str]:
    before = ""
    while hub.of(request).spaces.known(repository):
        now = json.dumps(await hub.of(request).spaces.runtime(repository))
        if now != before:
            yield f"data: {now}\n\n"
        before = now
        await asyncio.sleep(0.5)
