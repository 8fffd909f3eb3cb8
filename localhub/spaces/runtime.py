"""Routes that run Spaces: runtime, pause, restart, hardware, secrets, variables, logs."""

import asyncio
from email.utils import formatdate
from time import time
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from localhub import hub, refusal
from localhub.bodies import read_json
from localhub.logs import follow
from localhub.people.passes import place_of
from localhub.repositories.repository import Repository
from localhub.spaces import settings
from localhub.spaces.space_app import SpaceApp

Table = Literal["secrets", "variables"]


async def change(request: Request, **changed: Any) -> Repository:
    """Save changed settings of the Space that the path names; the caller owns it."""
    repository = hub.to_write(request)
    folder = hub.of(request).repositories.folder_of(repository)
    await asyncio.to_thread(settings.save, folder, settings.read(folder).model_copy(update=changed))
    return repository


async def told(request: Request, repository: Repository) -> Response:
    return JSONResponse(await hub.of(request).spaces.runtime(repository))


async def runtime(request: Request) -> Response:
    return await told(request, hub.to_read(request))


async def pause(request: Request) -> Response:
    repository = await change(request, paused=True)
    await hub.of(request).spaces.app(repository).stop()
    return await told(request, repository)


async def restart(request: Request) -> Response:
    """Ends a pause, forgets a failure and starts at once, without waiting for a request to the Space."""
    repository = await change(request, paused=False)
    app = hub.of(request).spaces.app(repository)
    await app.stop()
    app.failure = ""
    if app.stage()[0] == "SLEEPING":
        app.start_soon()
    return await told(request, repository)


async def hardware(request: Request) -> Response:
    """Noted and read back; every flavor is this machine."""
    body = await read_json(request)
    flavor = body.get("flavor")
    if not isinstance(flavor, str) or not flavor:
        raise refusal.bad_request("flavor is missing")
    seconds = {"sleep_seconds": int(body["sleepTimeSeconds"])} if body.get("sleepTimeSeconds") else {}
    return await told(request, await change(request, hardware=flavor, **seconds))


async def sleep_time(request: Request) -> Response:
    """Noted and read back; the local Hub does not put a running Space to sleep."""
    body = await read_json(request)
    if not isinstance(body.get("seconds"), int):
        raise refusal.bad_request("seconds is missing")
    return await told(request, await change(request, sleep_seconds=body["seconds"]))


async def secrets(request: Request) -> Response:
    return await entries(request, "secrets")


async def variables(request: Request) -> Response:
    return await entries(request, "variables")


async def entries(request: Request, table: Table) -> Response:
    """Read, set or delete one table. A change ends the app; the next request starts it with the new values."""
    repository = hub.to_write(request)
    local = hub.of(request)
    folder = local.repositories.folder_of(repository)
    known = dict(getattr(settings.read(folder), table))
    if request.method != "GET":
        body = await read_json(request)
        key = body.get("key")
        if not isinstance(key, str) or not key or "=" in key or "\0" in key:
            raise refusal.bad_request("key is missing or cannot be the name of an environment variable")
        if request.method == "DELETE":
            known.pop(key, None)
        else:
            value = str(body.get("value", ""))
            if "\0" in value:
                raise refusal.bad_request("a value cannot hold a zero byte")
            known[key] = settings.entry(value, body.get("description"))
        await change(request, **{table: known})
        await local.spaces.app(repository).stop()
        if table == "secrets":
            return JSONResponse({})
    return JSONResponse({key: entry.shown(secret=table == "secrets") for key, entry in known.items()})


async def sign(request: Request) -> Response:
    """A pass for the caller, who may see the Space, to its address in a browser: `?__sign=<token>`."""
    repository, local = hub.to_read(request), hub.of(request)
    user = local.users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    return JSONResponse({"token": local.passes.issue(user.name, place_of(repository))})


async def quota(request: Request) -> Response:
    """Generous and never used up: nothing here has a GPU to share."""
    if hub.of(request).users.asking(request.headers) is None:
        raise refusal.sign_in()
    return JSONResponse({"base": 300, "current": 300, "resetsAt": None, "overquotaUsed": 0})


async def logs(request: Request) -> Response:
    repository = hub.to_write(request)
    app = hub.of(request).spaces.app(repository)
    which = request.path_params["which"]
    if which not in ("build", "run"):
        raise refusal.bad_request(f"there is no {which} log; there are build and run")
    tail = request.query_params.get("tail")
    if tail is not None and not tail.isdigit():
        raise refusal.bad_request("tail is not a number")
    events = follow(app.work / f"{which}.log", int(tail) if tail else None, lambda: which == "run" and lives(app))
    # huggingface_hub stops reading at the first event later than this date, which is cut to whole seconds.
    headers = {"Cache-Control": "no-cache", "Date": formatdate(time() + 1, usegmt=True)}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def lives(app: SpaceApp) -> bool:
    return bool(app.key or app.starting)
