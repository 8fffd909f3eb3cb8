"""The local Hub as one object: what the routes work on, built in one place."""

from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request

from localhub import bundled, data_folder, refusal
from localhub.buckets.bucket import Buckets
from localhub.following import Followers
from localhub.jobs.jobs import Jobs
from localhub.jobs.records import Records
from localhub.jobs.schedules import Schedules
from localhub.mounting.volumes import Volumes
from localhub.people.grants import Grants
from localhub.people.oauth import OAuth
from localhub.people.passes import Passes
from localhub.people.policy import Policy, counting
from localhub.people.users import Credential, User, Users
from localhub.processes.keeper import Keeper
from localhub.repositories.attachment import Attachments
from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import PLURALS, Repositories, Repository
from localhub.spaces.launcher import FORKS, Launcher
from localhub.spaces.proxy import Proxy, open_session
from localhub.spaces.spaces import Spaces


@dataclass(frozen=True)
class Hub:
    endpoint: str
    users: Users
    passes: Passes
    policy: Policy
    oauth: OAuth
    repositories: Repositories
    attachments: Attachments
    launcher: Launcher
    proxy: Proxy
    spaces: Spaces
    buckets: Buckets
    jobs: Jobs
    schedules: Schedules
    followers: Followers

    async def open(self) -> None:
        await self.launcher.open()
        await self.jobs.open()
        await self.schedules.open()

    def advanced(self, kind: str, id: str) -> None:
        """To be told when a repository has a new head without a commit from outside: a Space is built anew."""
        repository = self.repositories.find(kind, *id.split("/"))
        if repository is not None and kind == "space":
            self.spaces.committed(repository)

    async def close(self) -> None:
        """Every process this Hub has started is gone when this returns."""
        self.followers.close()
        await self.schedules.close()
        await self.jobs.close()
        await self.spaces.close()
        await self.launcher.close()
        await self.proxy.close()


async def build(data: Path, endpoint: str, bundle: Path, fork: bool, namespaces: bool = True) -> Hub:
    """Open the data folder and bring the bundled Spaces up to date. Starts nothing."""
    data_folder.keep_to_owner(data)
    grants = Grants(data / "oauth/tokens.json")
    users = Users(data / "users.json", grants)
    passes = Passes(data / "passes.key")
    repositories = Repositories(data / "repos", Blobs(data / "blobs"))
    bundled.install(bundle, repositories)
    policy = Policy(data / "refusals.json", users, counting(repositories))
    oauth = OAuth(endpoint, data / "oauth", passes, repositories, grants)
    launcher = Launcher(data / "work/.launcher", endpoint, fork and FORKS)
    proxy = Proxy(users, passes, open_session())
    buckets = Buckets(data / "buckets")
    volumes = Volumes(repositories, buckets)
    spaces = Spaces(data, repositories, launcher, proxy, oauth, volumes, Keeper(namespaces))
    jobs = Jobs(Records(data / "work/jobs"), Keeper(namespaces), volumes, endpoint)
    schedules = Schedules(data / "work/scheduled-jobs", jobs)
    return Hub(
        endpoint=endpoint,
        users=users,
        passes=passes,
        policy=policy,
        oauth=oauth,
        repositories=repositories,
        attachments=Attachments(data / "uploads"),
        launcher=launcher,
        proxy=proxy,
        spaces=spaces,
        buckets=buckets,
        jobs=jobs,
        schedules=schedules,
        followers=Followers(),
    )


def of(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


def visible(user: User | None, repository: Repository) -> bool:
    return not repository.private or bool(user and user.sees(repository))


def kind_of(request: Request) -> str:
    """model, dataset or space, as the path says; a model's address may leave it out."""
    first = request.url.path.removeprefix("/api").split("/")[1]
    left_out = first if first in PLURALS else "models"
    try:
        return PLURALS[request.path_params.get("kinds") or left_out]
    except KeyError:
        raise HTTPException(404) from None


def to_read(request: Request) -> Repository:
    """The repository that the path names, if the caller may see it."""
    return readable(request, of(request).users.reading(request.headers))


def readable(request: Request, user: User | None) -> Repository:
    """The repository that the path names, if `user` may see it."""
    hub, kind = of(request), kind_of(request)
    repository = hub.repositories.find(kind, request.path_params["namespace"], request.path_params["name"])
    if repository is None:
        hub.repositories.moves.send_on(request, kind)
    if repository is None or not visible(user, repository):
        raise refusal.no_repository(signed_in=user is not None)
    return repository


def to_write(request: Request) -> Repository:
    """The same, if the caller may also change it."""
    repository = to_read(request)
    owner(request, repository.namespace, about=repository)
    return repository


def owner(request: Request, namespace: str, scope: str = "write-repos", about: Repository | None = None) -> User:
    """The caller, who must be signed in, own the namespace, and hold a token that may do `scope`.

    An app may do anything `about` a repository that it has made itself (the scope contribute-repos).
    """
    return entitled(request, namespace, scope, about).user


def entitled(
    request: Request, namespace: str, scope: str = "write-repos", about: Repository | None = None
) -> Credential:
    """The same with the token that was presented, for what depends on its kind."""
    credential = of(request).users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.user.owns(namespace):
        raise refusal.Refusal(403, f"{credential.user.name} has no right to change what belongs to {namespace}")
    if not (credential.may_in(about, scope) if about else credential.may(scope)):
        raise refusal.Refusal(403, f"this token is not allowed to do that: it needs a write token or the scope {scope}")
    return credential
