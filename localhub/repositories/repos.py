"""Routes that make, change, describe, list and delete repositories."""

import asyncio
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from localhub import hub, refusal
from localhub.bodies import read_json
from localhub.people.identity import object_id
from localhub.repositories import card, cards
from localhub.repositories.repository import PLURALS, Repository
from localhub.spaces import settings

GIT_ATTRIBUTES = b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n"

FIRST_README = """---
title: {title}
emoji: \U0001f680
colorFrom: blue
colorTo: indigo
sdk: {sdk}
pinned: false
---
"""


def named(request: Request, body: dict[str, Any]) -> tuple[str, str, str]:
    """Kind, namespace and name of the repository that a body speaks of; the caller owns it."""
    kind = str(body.get("type") or "model")
    if kind not in PLURALS.values():
        raise refusal.bad_request(f"there are no repositories of type {kind}")
    user = hub.of(request).users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    namespace = str(body.get("organization") or user.name)
    hub.owner(request, namespace)
    return kind, namespace, str(body.get("name") or "")


def is_private(body: dict[str, Any]) -> bool:
    return bool(body.get("private")) or body.get("visibility") in ("private", "protected")


async def create(request: Request) -> Response:
    body = await read_json(request)
    kind, namespace, name = named(request, body)
    local = hub.of(request)
    files = {".gitattributes": GIT_ATTRIBUTES}
    if kind == "space":
        if body.get("sdk") not in card.SDKS:
            raise refusal.bad_request(f"a Space needs an sdk, one of {', '.join(card.SDKS)}")
        title = name.replace("-", " ").replace("_", " ").title()
        files["README.md"] = FIRST_README.format(title=title, sdk=body["sdk"]).encode()
    existing = local.repositories.find(kind, namespace, name)
    if existing:
        url = cards.address(local, existing)
        raise refusal.Refusal(409, f"You already created this {kind} repo", url=url)
    wanted = first_settings(body)
    repository = await asyncio.to_thread(local.repositories.create, kind, namespace, name, is_private(body), files)
    if kind == "space":
        await asyncio.to_thread(settings.save, local.repositories.folder_of(repository), wanted)
    url = cards.address(local, repository)
    return JSONResponse({"url": url, "name": repository.id, "id": object_id(kind, repository.id)})


def first_settings(body: dict[str, Any]) -> settings.Settings:
    def table(name: str) -> dict[str, settings.Entry]:
        return {item["key"]: settings.entry(item["value"], item.get("description")) for item in body.get(name) or []}

    try:
        return settings.Settings(
            hardware=body.get("hardware") or "cpu-basic",
            sleep_seconds=body.get("sleepTimeSeconds"),
            secrets=table("secrets"),
            variables=table("variables"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise refusal.bad_request(f"the settings of the Space cannot be read: {error!r}") from error


async def delete(request: Request) -> Response:
    body = await read_json(request)
    kind, namespace, name = named(request, body)
    local = hub.of(request)
    repository = local.repositories.find(kind, namespace, name)
    if repository is None:
        raise refusal.no_repository(signed_in=True)
    # First, so that no request can wake what is about to be forgotten.
    await asyncio.to_thread(local.repositories.delete, repository)
    if kind == "space":
        await local.spaces.forget(repository)
    return PlainTextResponse("OK")


async def change_settings(request: Request) -> Response:
    repository = hub.to_write(request)
    body = await read_json(request)
    if "private" in body or "visibility" in body:
        set_private = hub.of(request).repositories.set_private
        repository = await asyncio.to_thread(set_private, repository, is_private(body))
    return JSONResponse({"private": repository.private, "gated": False})


async def validate_yaml(request: Request) -> Response:
    body = await read_json(request)
    try:
        facts = card.read(str(body.get("content") or "").encode())
        errors = card.problems(facts, str(body.get("repoType") or "model"))
    except card.CardError as error:
        errors = [str(error)]
    return JSONResponse({"errors": [{"message": text} for text in errors], "warnings": []}, 400 if errors else 200)


async def check_access(request: Request) -> Response:
    hub.to_write(request) if request.url.path.endswith("/write") else hub.to_read(request)
    return Response()


async def describe(request: Request) -> Response:
    local, repository = hub.of(request), hub.to_read(request)
    commit = local.repositories.revision(repository, request.path_params.get("revision", "main"))
    description = await cards.full(local, repository, commit, sizes="blobs" in request.query_params)
    if request.query_params.get("securityStatus"):
        description["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
    return JSONResponse(cards.expanded(description, request.query_params.getlist("expand")))


async def list_all(request: Request) -> Response:
    """A list without pages: a local Hub holds few repositories."""
    local, query = hub.of(request), request.query_params
    user = local.users.asking(request.headers)
    found = []
    for repository in local.repositories.all(hub.kind_of(request)):
        if hub.visible(user, repository):
            description = await cards.full(local, repository, local.repositories.revision(repository, "main"))
            if fits(repository, description, query):
                found.append(description)
    sort = query.get("sort", "")
    if sort in ("createdAt", "lastModified", "likes", "downloads", "trendingScore"):
        found.sort(key=lambda item: item[sort], reverse=query.get("direction", "-1") == "-1")
    try:
        limit = int(query.get("limit") or len(found))
    except ValueError as error:
        raise refusal.bad_request("limit is not a number") from error
    keys = query.getlist("expand")
    return JSONResponse([cards.expanded(description, keys) for description in found[:limit]])


def fits(repository: Repository, description: dict[str, Any], query: QueryParams) -> bool:
    """Whether a repository answers to every condition of a list's query."""
    text = f"{repository.id} {description.get('title', '')}".lower()
    linked = {name: set(description.get(name, ())) for name in ("models", "datasets")}
    return (
        query.get("search", "").lower() in text
        and query.get("author") in (None, "", repository.namespace)
        and set(query.getlist("filter")) <= {*description["tags"], repository.id}
        and query.get("pipeline_tag") in (None, "", description.get("pipeline_tag"))
        and all(set(query.getlist(name)) <= linked[name] for name in linked)
    )
