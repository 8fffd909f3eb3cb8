"""Routes of the secrets, variables and volumes of a Space."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import read_json
from localhub.mounting import volume
from localhub.mounting.volume import Volume
from localhub.spaces import settings
from localhub.spaces.changes import allowed, app_of, not_static, save, updated

Table = Literal["secrets", "variables"]


async def secrets(request: Request) -> Response:
    return await entries(request, "secrets")


async def variables(request: Request) -> Response:
    return await entries(request, "variables")


async def entries(request: Request, table: Table) -> Response:
    """Read, set or delete one table. A change restarts an app that runs."""
    repository, _ = allowed(request)
    app = app_of(request, repository)
    if request.method == "GET":
        return shown(app.settings(), table)
    body = await read_json(request)
    key, entry = settings.checked(body.get("key"), body.get("value"), body.get("description"))

    def change(kept: settings.Settings) -> settings.Settings:
        rest = {other: value for other, value in getattr(kept, table).items() if other != key}
        return kept.model_copy(update={table: rest | ({} if request.method == "DELETE" else {key: entry})})

    changed = save(request, repository, change)
    await app.refresh()
    return JSONResponse({}) if table == "secrets" else shown(changed, table)


def shown(kept: settings.Settings, table: Table) -> Response:
    entries: dict[str, settings.Entry] = getattr(kept, table)
    return JSONResponse({key: entry.shown(key, secret=table == "secrets") for key, entry in entries.items()})


async def volumes(request: Request) -> Response:
    """Replace or remove all volumes of a Space; a change restarts an app that runs."""
    repository, credential = allowed(request)
    app = not_static(request, repository, "volumes")
    wanted: tuple[Volume, ...] = ()
    if request.method == "PUT":
        wanted = volume.read_all((await read_json(request)).get("volumes"))
        for each in wanted:
            hub.of(request).spaces.volumes.check(each, credential.user)
    elif not app.settings().volumes:
        raise refusal.bad_request(f"{repository.id} has no volumes")
    changed = save(request, repository, updated(volumes=wanted))
    await app.refresh()
    return JSONResponse({"volumes": [each.told() for each in changed.volumes]})
