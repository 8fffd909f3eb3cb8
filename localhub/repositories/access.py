"""Gated repositories: everybody sees that they are there and reads their card, and the files are for who was let in."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import read_fields, read_json
from localhub.people.users import User, object_id
from localhub.repositories import cards, paging
from localhub.repositories.repository import Access, Gate, Repository, now

OPEN = "README.md"
"""The one file that can be read without access; it says what the access is asked for."""

LARGEST_FORM = 64_000
"""Bytes of what somebody says who asks for access."""

STATUSES = ("pending", "accepted", "rejected")


def gate_of(value: object) -> Gate:
    match value:
        case "auto" | "manual":
            return "auto" if value == "auto" else "manual"
        case False | None | "false":
            return False
    raise refusal.bad_request("gated has to be 'auto', 'manual' or false")


def given(repository: Repository, user: User | None) -> bool:
    """Whether the user may read the files of a repository that they see."""
    return not repository.gated or bool(user and user.reads(repository))


def check(local: hub.Hub, repository: Repository, user: User | None) -> None:
    """Raises the Hub's own refusal unless the user may read the files."""
    if given(repository, user):
        return
    what = f"{repository.kind} {repository.id}"
    if user is None:
        message = f"Access to {what} is restricted. You must have access to it and be authenticated to access it."
        raise refusal.Refusal(401, f"{message} Please log in.", "GatedRepo")
    match repository.access.get(user.name):
        case Access(status="pending"):
            message = f"Your request to access {what} is awaiting a review from the repo authors."
        case Access(status="rejected"):
            message = f"Your request to access {what} has been rejected by the repo's authors."
        case _:
            where = cards.address(local, repository)
            message = f"Access to {what} is restricted and you are not in the authorized list. Visit {where} to ask "
            message += "for access."
    raise refusal.Refusal(403, message, "GatedRepo")


async def ask(request: Request) -> Response:
    """As the button on a gated repository's page does: let in at once, or put on the list for its owner."""
    repository, local = hub.to_read(request), hub.of(request)
    credential = local.users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.may("gated-repos"):
        raise refusal.Refusal(403, "this token may not ask for access: it needs the scope gated-repos")
    user = credential.user
    if not repository.gated:
        raise refusal.bad_request(f"{repository.id} is not gated: its files can be read without asking")
    fields = dict(await read_fields(request, LARGEST_FORM, 100))
    status = "accepted" if repository.gated == "auto" else "pending"

    def changed(fresh: Repository) -> Repository:
        if user.name in fresh.access:
            return fresh
        return granted(fresh, user.name, Access.model_validate({"status": status, "asked": now(), "fields": fields}))

    fresh = await asyncio.to_thread(local.repositories.update, repository, changed)
    return JSONResponse({"status": fresh.access[user.name].status})


def granted(repository: Repository, user: str, access: Access) -> Repository:
    return repository.model_copy(update={"access": repository.access | {user: access}})


def own_gated(request: Request) -> Repository:
    repository = hub.to_write(request)
    if not repository.gated:
        raise refusal.bad_request(f"{repository.id} is not gated")
    return repository


async def list_requests(request: Request) -> Response:
    repository, status = own_gated(request), request.path_params["status"]
    if status not in STATUSES:
        raise refusal.bad_request(f"there are no {status} requests; there are {', '.join(STATUSES)}")
    found = [row(request, repository, name) for name, one in repository.access.items() if one.status == status]
    found.sort(key=lambda one: str(one["timestamp"]), reverse=True)
    return paging.respond(request, *paging.cut(request, found, 1000))


def row(request: Request, repository: Repository, name: str) -> dict[str, Any]:
    local, access = hub.of(request), repository.access[name]
    user = local.users.named(name)
    person = {
        "_id": object_id("user", name),
        "user": name,
        "fullname": user.fullname if user else name,
        "email": user.email if user else None,
        "avatarUrl": f"{local.endpoint}/avatar.svg",
        "type": "user",
        "isPro": bool(user and user.pro),
    }
    told = {"requestId": request_id(repository, name), "user": person, "status": access.status}
    return told | {"timestamp": access.asked} | ({"fields": access.fields} if access.fields else {})


def request_id(repository: Repository, user: str) -> str:
    return object_id("access", repository.kind, repository.created, user)


async def handle(request: Request) -> Response:
    """Move a request to another list; `pending` takes an answer back."""
    repository, body = own_gated(request), await read_json(request)
    status = body.get("status")
    if status not in STATUSES:
        raise refusal.bad_request(f"status has to be one of {', '.join(STATUSES)}")
    asked = [name for name in repository.access if body.get("user") == name]
    asked += [name for name in repository.access if body.get("requestId") == request_id(repository, name)]
    if not asked:
        raise refusal.Refusal(404, f"{body.get('user') or body.get('requestId')} has not asked for access")
    name = asked[0]

    def changed(fresh: Repository) -> Repository:
        if fresh.access[name].status == status:
            raise refusal.Refusal(404, f"the request of {name} is {status} already")
        return granted(fresh, name, fresh.access[name].model_copy(update={"status": status}))

    return await save(request, repository, changed)


async def grant(request: Request) -> Response:
    """Let somebody in who has not asked."""
    repository, body = own_gated(request), await read_json(request)
    name = str(body.get("user") or "")
    if hub.of(request).users.named(name) is None:
        raise refusal.Refusal(404, f"there is no user {name!r}")

    def changed(fresh: Repository) -> Repository:
        known = fresh.access.get(name)
        if known and known.status == "accepted":
            raise refusal.bad_request(f"{name} has access already")
        return granted(fresh, name, Access(status="accepted", asked=known.asked if known else now()))

    return await save(request, repository, changed)


async def save(request: Request, repository: Repository, changed: Callable[[Repository], Repository]) -> Response:
    await asyncio.to_thread(hub.of(request).repositories.update, repository, changed)
    return JSONResponse({})
