"""Changing what is set for a Space: who may, in one step, and what becomes of the app."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.people.users import Credential
from localhub.repositories.repository import Repository
from localhub.spaces import settings
from localhub.spaces.settings import Settings
from localhub.spaces.space_app import SpaceApp

Change = Callable[[Settings], Settings]


def allowed(request: Request) -> tuple[Repository, Credential]:
    """The Space that the path names, and the token of its owner, which may change it."""
    repository = hub.to_read(request)
    return repository, hub.entitled(request, repository.namespace, about=repository)


def save(request: Request, repository: Repository, change: Change) -> Settings:
    """Nothing waits in here, so that no change of somebody else comes in between."""
    folder = hub.of(request).repositories.folder_of(repository)
    changed = change(settings.read(folder))
    settings.save(folder, changed)
    return changed


def updated(**fields: Any) -> Change:
    return lambda kept: kept.model_copy(update=fields)


def app_of(request: Request, repository: Repository) -> SpaceApp:
    return hub.of(request).spaces.app(repository)


def not_static(request: Request, repository: Repository, what: str) -> SpaceApp:
    """The app of a Space that has one."""
    app = app_of(request, repository)
    if app.is_static(app.head()):
        raise refusal.bad_request(f"{repository.id} is a static Space, which has no {what}")
    return app


async def told(request: Request, repository: Repository) -> Response:
    """The runtime as it is now, which is what most changes answer."""
    return JSONResponse(await hub.of(request).spaces.runtime(repository))
