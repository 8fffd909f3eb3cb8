"""The local Hub as one object: what the routes work on, built in one place."""

from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request

from localhub import bundled, refusal
from localhub.people.identity import User, Users
from localhub.people.passes import Passes
from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import PLURALS, Repositories, Repository
from localhub.spaces.launcher import FORKS, Launcher
from localhub.spaces.proxy import Proxy, open_session
from localhub.spaces.spaces import Spaces

SPACES = ("/api/spaces/", "/spaces/")


@dataclass(frozen=True)
class Hub:
    endpoint: str
    users: Users
    passes: Passes
    repositories: Repositories
    launcher: Launcher
    proxy: Proxy
    spaces: Spaces

    async def open(self) -> None:
        await self.launcher.open()

    async def close(self) -> None:
        """Every process this Hub has started is gone when this returns."""
        self.spaces.let_go()
        await self.launcher.close()
        await self.proxy.close()


async def build(data: Path, endpoint: str, bundle: Path, fork: bool) -> Hub:
    """Open the data folder and bring the bundled Spaces up to date. Starts nothing."""
    users = Users(data / "users.json")
    passes = Passes(data / "passes.key")
    repositories = Repositories(data / "repos", Blobs(data / "blobs"))
    bundled.install(bundle, repositories)
    launcher = Launcher(data / "work/.launcher", endpoint, fork and FORKS)
    proxy = Proxy(users, passes, open_session())
    spaces = Spaces(data / "work", repositories, launcher, proxy)
    return Hub(endpoint, users, passes, repositories, launcher, proxy, spaces)


def of(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def visible(user: User | None, repository: Repository) -> bool:
    return not repository.private or bool(user and user.owns(repository.namespace))


def kind_of(request: Request) -> str:
    """model, dataset or space, as the path says; a model's address may leave it out."""
    left_out = "spaces" if request.url.path.startswith(SPACES) else "models"
    try:
        return PLURALS[request.path_params.get("kinds") or left_out]
    except KeyError:
        raise HTTPException(404) from None


def to_read(request: Request) -> Repository:
    """The repository that the path names, if the caller may see it."""
    return readable(request, of(request).users.asking(request.headers))


def readable(request: Request, user: User | None) -> Repository:
    """The repository that the path names, if `user` may see it."""
    hub, kind = of(request), kind_of(request)
    repository = hub.repositories.find(kind, request.path_params["namespace"], request.path_params["name"])
    if repository is None or not visible(user, repository):
        raise refusal.no_repository(signed_in=user is not None)
    return repository


def to_write(request: Request) -> Repository:
    """The same, if the caller may also change it."""
    repository = to_read(request)
    owner(request, repository.namespace)
    return repository


def owner(request: Request, namespace: str) -> User:
    """The caller, who must be signed in and own the namespace."""
    user = of(request).users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    if not user.owns(namespace):
        raise refusal.Refusal(403, f"{user.name} has no right to change what belongs to {namespace}")
    return user
