"""Routes of likes: who likes what, and what somebody owns and likes."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from localhub import hub, refusal
from localhub.people.users import object_id
from localhub.repositories import paging
from localhub.repositories.repository import PLURALS, Repository, now


async def like(request: Request) -> Response:
    """Set with POST and taken back with DELETE; twice is the same as once."""
    repository, local = hub.to_read(request), hub.of(request)
    credential = local.users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.may("write-discussions"):
        raise refusal.Refusal(403, "this token may not like in your name: it needs the scope write-discussions")
    user = credential.user

    def changed(fresh: Repository) -> Repository:
        likes = {name: since for name, since in fresh.likes.items() if name != user.name}
        if request.method == "POST":
            likes[user.name] = fresh.likes.get(user.name) or now()
        return fresh.model_copy(update={"likes": likes})

    await asyncio.to_thread(local.repositories.update, repository, changed)
    return PlainTextResponse("OK")


async def likers(request: Request) -> Response:
    repository, local = hub.to_read(request), hub.of(request)
    found = [person(local, name) for name in repository.likes]
    return paging.respond(request, *paging.cut(request, found, 1000))


def person(local: hub.Hub, name: str) -> dict[str, Any]:
    user = local.users.named(name)
    return {
        "_id": object_id("user", name),
        "user": name,
        "fullname": user.fullname if user else name,
        "type": "user",
        "isPro": bool(user and user.pro),
        "avatarUrl": f"{local.endpoint}/avatar.svg",
    }


async def liked_by(request: Request) -> Response:
    """What a user likes, as far as the caller may see it; the newest first."""
    local, name = hub.of(request), request.path_params["user"]
    if local.users.named(name) is None:
        raise refusal.Refusal(404, "This user does not exist")
    asking = local.users.reading(request.headers)
    found = [
        {"createdAt": repository.likes[name], "repo": {"name": repository.id, "type": kind}}
        for kind in PLURALS.values()
        for repository in local.repositories.all(kind)
        if name in repository.likes and hub.visible(asking, repository)
    ]
    found.sort(key=lambda row: str(row["createdAt"]), reverse=True)
    return paging.respond(request, *paging.cut(request, found, 1000))


async def owned(request: Request) -> Response:
    """All repositories of the caller, or of one of the caller's organizations, with the bytes each takes."""
    local = hub.of(request)
    user = local.users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    namespace = request.path_params.get("organization") or user.name
    hub.owner(request, namespace, "read-repos")
    repositories = [
        repository
        for kind in PLURALS.values()
        for repository in local.repositories.all(kind)
        if repository.namespace == namespace
    ]
    rows = await asyncio.to_thread(lambda: [storage(local, repository) for repository in repositories])
    whole = sum(row["storage"] for row in rows) or 1
    rows = [row | {"storagePercent": round(row["storage"] / whole, 4)} for row in rows]
    return paging.respond(request, *paging.cut(request, rows, 1000))


def storage(local: hub.Hub, repository: Repository) -> dict[str, Any]:
    head = local.repositories.revision(repository, "main")
    return {
        "id": repository.id,
        "type": repository.kind,
        "updatedAt": head.date,
        "visibility": "private" if repository.private else "public",
        "storage": sum(blob.size for blob in head.files.values()),
    }
