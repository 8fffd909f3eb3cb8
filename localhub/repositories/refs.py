"""Routes of branches and tags."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, read_json
from localhub.repositories.names import check_ref
from localhub.repositories.repository import MAIN, Repository, Tag


async def refs(request: Request) -> Response:
    repository = hub.to_read(request)
    branches = {"main": repository.head} | dict(sorted(repository.branches.items()))
    pulls = {str(number): sha for number, sha in sorted(repository.pulls.items())}
    told = {
        "branches": listed(branches, "refs/heads/"),
        "tags": listed({name: tag.sha for name, tag in sorted(repository.tags.items())}, "refs/tags/"),
        "converts": [],
    }
    if is_true(request.query_params.get("include_prs")):
        told["pullRequests"] = [
            {"name": f"refs/pr/{name}", "ref": f"refs/pr/{name}", "targetCommit": pulls[name]} for name in pulls
        ]
    return JSONResponse(told)


def listed(found: dict[str, str], prefix: str) -> list[dict[str, str]]:
    return [{"name": name, "ref": prefix + name, "targetCommit": sha} for name, sha in found.items()]


async def change(request: Request, changed: Callable[[Repository], Repository]) -> Response:
    repository = hub.to_write(request)
    await asyncio.to_thread(hub.of(request).repositories.update, repository, changed)
    return JSONResponse({})


async def create_branch(request: Request) -> Response:
    """From a commit, or with `emptyBranch` from nothing but the first one."""
    body, repository = await read_json(request), hub.to_write(request)
    name = check_ref(request.path_params["revision"])
    repositories = hub.of(request).repositories
    start = repositories.revision(repository, str(body.get("startingPoint") or "main")).sha

    def changed(fresh: Repository) -> Repository:
        if not body.get("overwrite") and (name in MAIN or name in fresh.branches):
            raise refusal.Refusal(409, f"Reference already exists: refs/heads/{name}")
        if name.startswith("refs/") or name in MAIN:
            raise refusal.bad_request(f"{name!r} cannot be the name of a new branch")
        return fresh.model_copy(update={"branches": fresh.branches | {name: start}})

    return await change(request, changed)


async def delete_branch(request: Request) -> Response:
    name = request.path_params["revision"].removeprefix("refs/heads/")

    def changed(fresh: Repository) -> Repository:
        if name in MAIN:
            raise refusal.Refusal(403, "The branch main cannot be deleted")
        if name not in fresh.branches:
            raise refusal.Refusal(404, f"Reference does not exist: refs/heads/{name}", "RevisionNotFound")
        return fresh.model_copy(
            update={"branches": {other: sha for other, sha in fresh.branches.items() if other != name}}
        )

    return await change(request, changed)


async def create_tag(request: Request) -> Response:
    """Of the revision in the address."""
    body, repository = await read_json(request), hub.to_write(request)
    name = check_ref(str(body.get("tag") or ""))
    sha = hub.of(request).repositories.revision(repository, request.path_params["revision"]).sha
    tag = Tag(sha=sha, message=str(body.get("message") or ""))

    def changed(fresh: Repository) -> Repository:
        if name in fresh.tags:
            raise refusal.Refusal(409, f"Tag reference exists already: refs/tags/{name}")
        return fresh.model_copy(update={"tags": fresh.tags | {name: tag}})

    return await change(request, changed)


async def delete_tag(request: Request) -> Response:
    name = request.path_params["revision"].removeprefix("refs/tags/")

    def changed(fresh: Repository) -> Repository:
        if name not in fresh.tags:
            raise refusal.Refusal(404, f"Tag does not exist: refs/tags/{name}", "RevisionNotFound")
        return fresh.model_copy(update={"tags": {other: tag for other, tag in fresh.tags.items() if other != name}})

    return await change(request, changed)


async def squash(request: Request) -> Response:
    """The branch becomes one commit with the tree it has now. The old commits stay readable by their sha."""
    body, repository = await read_json(request), hub.to_write(request)
    local, branch = hub.of(request), request.path_params["revision"]
    message = str(body.get("message") or f"Super-squash branch '{branch}'")
    title, _, rest = message.partition("\n")

    def squashed(fresh: Repository) -> Repository:
        head = local.repositories.revision(fresh, branch)
        fresh.advanced(branch, head.sha)
        user = local.users.asking(request.headers)
        by = user.name if user else repository.namespace
        return fresh.advanced(branch, local.repositories.write(fresh, None, title, rest, by, head.files).sha)

    return await change(request, squashed)
