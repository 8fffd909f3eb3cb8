"""Routes that make, change, move, copy, describe and delete repositories."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, read_json
from localhub.buckets import about as buckets
from localhub.people.users import object_id
from localhub.repositories import access, card, cards
from localhub.repositories.blobs import Drafts
from localhub.repositories.first_files import first_files
from localhub.repositories.names import check_name
from localhub.repositories.repository import PLURALS, Files
from localhub.spaces import settings


def kind_named(body: dict[str, Any]) -> str:
    kind = str(body.get("type") or "model")
    if kind not in PLURALS.values():
        raise refusal.bad_request(f"there are no repositories of type {kind}")
    return kind


def named(request: Request, body: dict[str, Any]) -> tuple[str, str, str]:
    """Kind, namespace and name of the repository that a body speaks of; the caller's own without a namespace."""
    user = hub.of(request).users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    namespace = str(body.get("organization") or user.name)
    return kind_named(body), namespace, check_name(str(body.get("name") or ""))


def split(id: object) -> tuple[str, str]:
    namespace, slash, name = str(id).partition("/")
    if not slash:
        raise refusal.bad_request(f"{str(id)[:80]!r} is not the id of a repository: namespace/name")
    return check_name(namespace), check_name(name)


def is_private(body: dict[str, Any]) -> bool:
    visibility = body.get("visibility")
    if visibility not in (None, "public", "private", "protected"):
        raise refusal.bad_request("visibility has to be public, private or protected")
    return bool(body.get("private")) or visibility in ("private", "protected")


async def create(request: Request) -> Response:
    body = await read_json(request)
    kind, namespace, name = named(request, body)
    hub.owner(request, namespace, "contribute-repos")
    if kind == "space" and body.get("sdk") not in card.SDKS:
        raise refusal.bad_request(f"a Space needs an sdk, one of {', '.join(card.SDKS)}")
    wanted = settings.first(body) if kind == "space" else None
    refuse_existing(request, kind, namespace, name)
    may_create(request, kind, namespace, body.get("sdk"), wanted)
    local = hub.of(request)
    with Drafts(local.repositories.blobs) as drafts:
        files = {path: drafts.keep(data) for path, data in first_files(kind, name, body).items()}
    return await make(request, kind, namespace, name, is_private(body), files, "initial commit", wanted)


def refuse_existing(request: Request, kind: str, namespace: str, name: str) -> None:
    local = hub.of(request)
    if existing := local.repositories.find(kind, namespace, name):
        raise refusal.Refusal(409, f"You already created this {kind} repo", url=cards.address(local, existing))


def may_create(request: Request, kind: str, namespace: str, sdk: str | None, wanted: settings.Settings | None) -> None:
    """Raises what the plan of the caller does not allow."""
    if kind == "space" and wanted:
        credential = hub.entitled(request, namespace, "contribute-repos")
        hub.of(request).policy.check("create_space", credential, namespace, sdk=sdk, hardware=wanted.hardware)
        for volume in wanted.volumes:
            hub.of(request).spaces.volumes.check(volume, credential.user)


async def make(
    request: Request,
    kind: str,
    namespace: str,
    name: str,
    private: bool,
    files: Files,
    title: str,
    wanted: settings.Settings | None,
) -> Response:
    local, client = hub.of(request), hub.entitled(request, namespace, "contribute-repos").client
    arguments = (kind, namespace, name, private, files, title, client)
    repository = await asyncio.to_thread(local.repositories.create_with, *arguments)
    if wanted:
        await asyncio.to_thread(settings.save, local.repositories.folder_of(repository), wanted)
    url = cards.address(local, repository)
    return JSONResponse({"url": url, "name": repository.id, "id": object_id(kind, repository.id, repository.created)})


async def delete(request: Request) -> Response:
    body = await read_json(request)
    kind, namespace, name = named(request, body)
    local = hub.of(request)
    repository = local.repositories.find(kind, namespace, name)
    hub.owner(request, namespace, "manage-repos", repository)
    if repository is None:
        raise refusal.no_repository(signed_in=True)
    # First, so that no request can wake what is about to be forgotten.
    await asyncio.to_thread(local.repositories.delete, repository)
    if kind == "space":
        await local.spaces.forget(repository)
    return PlainTextResponse("OK")


async def change_settings(request: Request) -> Response:
    repository, body = hub.to_write(request), await read_json(request)
    hub.owner(request, repository.namespace, "manage-repos", repository)
    changed: dict[str, Any] = {}
    if "private" in body or "visibility" in body:
        changed["private"] = is_private(body)
    if "gated" in body:
        changed["gated"] = access.gate_of(body["gated"])
        if changed["gated"] and repository.kind == "space":
            raise refusal.bad_request("a Space cannot be gated; it can be private")
    fresh = await asyncio.to_thread(
        hub.of(request).repositories.update, repository, lambda found: found.model_copy(update=changed)
    )
    return JSONResponse({"private": fresh.private, "gated": fresh.gated})


async def move(request: Request) -> Response:
    """To another name or another namespace of the caller's."""
    body, local = await read_json(request), hub.of(request)
    if body.get("type") == "bucket":
        return await buckets.move(request, body)
    kind = kind_named(body)
    (namespace, name), (to_namespace, to_name) = split(body.get("fromRepo")), split(body.get("toRepo"))
    repository = local.repositories.find(kind, namespace, name)
    hub.owner(request, namespace, "manage-repos", repository)
    hub.owner(request, to_namespace, "contribute-repos")
    if repository is None:
        raise refusal.no_repository(signed_in=True)
    moved = await asyncio.to_thread(local.repositories.move, repository, to_namespace, to_name)
    if kind == "space":
        await local.spaces.forget(repository)
    return JSONResponse({"url": cards.address(local, moved)})


async def duplicate(request: Request) -> Response:
    """The newest files as a new repository. A Space's variables come along, its secrets do not."""
    body, source, local = await read_json(request), hub.to_read(request), hub.of(request)
    user = local.users.reading(request.headers)
    access.check(local, source, user)
    namespace, name = split(body.get("repository"))
    hub.owner(request, namespace, "contribute-repos")
    refuse_existing(request, source.kind, namespace, name)
    head = local.repositories.revision(source, "main")
    private = is_private(body) if "private" in body or "visibility" in body else source.private
    wanted = None
    if source.kind == "space":
        wanted = settings.first(body)
        old = settings.read(local.repositories.folder_of(source))
        wanted = wanted.model_copy(update={"variables": old.variables | wanted.variables})
    may_create(request, source.kind, namespace, cards.front_matter(local, head).get("sdk"), wanted)
    title = f"Duplicate from {source.id}"
    answer = await make(request, source.kind, namespace, name, private, head.files, title, wanted)
    local.advanced(source.kind, f"{namespace}/{name}")
    return answer


async def validate_yaml(request: Request) -> Response:
    body = await read_json(request)
    try:
        facts = await asyncio.to_thread(card.read, str(body.get("content") or "").encode())
        errors = card.problems(facts, str(body.get("repoType") or "model"))
    except card.CardError as error:
        errors = [str(error)]
    return JSONResponse({"errors": [{"message": text} for text in errors], "warnings": []}, 400 if errors else 200)


async def check_access(request: Request) -> Response:
    """Whether the caller could read the files, or write."""
    if request.url.path.endswith("/write"):
        hub.to_write(request)
    else:
        local, repository = hub.of(request), hub.to_read(request)
        access.check(local, repository, local.users.reading(request.headers))
    return Response()


async def describe(request: Request) -> Response:
    local, repository = hub.of(request), hub.to_read(request)
    commit = local.repositories.revision(repository, request.path_params.get("revision", "main"))
    query = request.query_params
    if expand := query.getlist("expand") + query.getlist("expand[]"):
        keys = cards.checked(repository.kind, expand)
        return JSONResponse(await cards.told(cards.Subject(local, repository, commit), keys))
    description = await cards.full(local, repository, commit, sizes=is_true(query.get("blobs")))
    if is_true(query.get("securityStatus")):
        description["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
    return JSONResponse(description)
