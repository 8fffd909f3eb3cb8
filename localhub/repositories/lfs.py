"""Routes of Git's large file storage, for clients that send their files by it.

See the LFS batch API (git-lfs, docs/api/batch.md). An upload's address carries a pass, because clients send no token
there.
"""

import asyncio
import hashlib
import json
from typing import Any, BinaryIO
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_number, pieces, read_json
from localhub.people.passes import QUERY
from localhub.repositories import cards, paging
from localhub.repositories.blobs import Drafts, large
from localhub.repositories.commits import to_change
from localhub.repositories.large_files import LargeFiles, checked
from localhub.repositories.repository import Repository

LARGEST_OBJECT = 50_000_000_000
MOST_OBJECTS = 1000
MEDIA_TYPE = "application/vnd.git-lfs+json"
HOUR = 3600


def storage(request: Request, repository: Repository) -> LargeFiles:
    return LargeFiles.of(hub.of(request).repositories.folder_of(repository))


def place(repository: Repository, sha256: str, size: int) -> str:
    return f"lfs {repository.kind} {repository.id} {sha256} {size}"


async def batch(request: Request) -> Response:
    """Where each object has to be put, or nothing for one that is there already."""
    body = await read_json(request)
    request.path_params.setdefault("revision", "main")
    repository, user = to_change(request)
    objects = body.get("objects")
    if body.get("operation") != "upload" or not isinstance(objects, list):
        raise refusal.bad_request("the batch has to be an upload with a list of objects; files are read by resolve")
    if len(objects) > MOST_OBJECTS:
        raise refusal.Refusal(413, f"a batch may name at most {MOST_OBJECTS:,} objects; the clients name 100 to 256")
    local = hub.of(request)
    known = storage(request, repository)

    def answer(one: dict[str, Any]) -> dict[str, Any]:
        sha256, size = checked(one.get("oid")), one.get("size")
        if not isinstance(size, int) or not 0 <= size <= LARGEST_OBJECT:
            raise refusal.bad_request(f"the size of {sha256} has to be a number of bytes, at most {LARGEST_OBJECT}")
        if known.find(sha256):
            return {"oid": sha256, "size": size}
        pass_ = local.passes.issue(user.name, place(repository, sha256, size), 24 * HOUR)
        href = f"{cards.address(local, repository)}.git/info/lfs/objects/{sha256}?"
        upload = {"href": href + urlencode({QUERY: pass_, "size": size})}
        verify = {"href": f"{cards.address(local, repository)}.git/info/lfs/objects/verify"}
        return {"oid": sha256, "size": size, "authenticated": True, "actions": {"upload": upload, "verify": verify}}

    if not all(isinstance(one, dict) for one in objects):
        raise refusal.bad_request("an object of the batch has to be one with oid and size")
    answers = await asyncio.to_thread(lambda: [answer(one) for one in objects])
    told = {"transfer": "basic", "objects": answers}
    return Response(json.dumps(told), media_type=MEDIA_TYPE)


async def put(request: Request) -> Response:
    """The bytes of one object, kept once they are known to be what was announced."""
    local, sha256 = hub.of(request), checked(request.path_params["sha256"])
    repository = announced(request)
    given, size = request.query_params.get(QUERY, ""), request.query_params.get("size", "")
    if (
        not (is_number(size) and len(size) < 15)
        or local.passes.name(given, place(repository, sha256, int(size))) is None
    ):
        raise refusal.Refusal(403, "this address for an upload is not valid, or not any more; ask for a batch again")
    drafts, digest = Drafts(local.repositories.blobs), hashlib.sha256()
    try:
        file = await asyncio.to_thread(drafts.open)
        async for piece in pieces(request, int(size)):
            await asyncio.to_thread(take, file, digest, piece)
        if file.tell() != int(size) or digest.hexdigest() != sha256:
            raise refusal.bad_request(f"what was sent is not the object {sha256} of {size} bytes")
        drafts.take(file, large(sha256, int(size)))
        await asyncio.to_thread(drafts.settle)
    finally:
        await asyncio.to_thread(drafts.forget)
    await asyncio.to_thread(storage(request, repository).note, sha256, int(size))
    return Response()


def take(file: BinaryIO, digest: Any, piece: bytes) -> None:
    digest.update(piece)
    file.write(piece)


def announced(request: Request) -> Repository:
    """The repository of an upload. Whether the caller may write there was asked before the pass was given."""
    found = hub.of(request).repositories.find(
        hub.kind_of(request), request.path_params["namespace"], request.path_params["name"]
    )
    if found is None:
        raise refusal.no_repository(signed_in=True)
    return found


async def verify(request: Request) -> Response:
    body = await read_json(request)
    request.path_params.setdefault("revision", "main")
    repository, _ = to_change(request)
    found = storage(request, repository).find(checked(body.get("oid")))
    if found is None or found.size != body.get("size"):
        raise refusal.Refusal(404, f"the object {body.get('oid')} is not here, or has another size")
    return JSONResponse({})


async def list_files(request: Request) -> Response:
    """Every object of the repository, with a path that uses it if there is one."""
    repository, local = hub.to_write(request), hub.of(request)
    head = local.repositories.revision(repository, "main")
    paths = {blob.sha256: path for path, blob in head.files.items() if blob.sha256}
    rows = [
        {
            "fileOid": sha256,
            "oid": sha256,
            "filename": paths.get(sha256, ""),
            "pushedAt": one["pushed"],
            "ref": "main" if sha256 in paths else None,
            "size": one["size"],
        }
        for sha256, one in storage(request, repository).all().items()
    ]
    return paging.respond(request, *paging.cut(request, rows, 1000))


async def delete_files(request: Request) -> Response:
    """Forget objects that no branch uses any more; history is not rewritten here."""
    repository, body, local = hub.to_write(request), await read_json(request), hub.of(request)
    deletions = body.get("deletions")
    shas = deletions.get("sha") if isinstance(deletions, dict) else None
    if not isinstance(shas, list):
        raise refusal.bad_request("deletions.sha has to be a list")
    heads = [repository.head, *repository.branches.values(), *repository.pulls.values()]
    used = {blob.sha256 for sha in heads for blob in local.repositories.revision(repository, sha).files.values()}
    for sha256 in map(checked, shas):
        if sha256 in used:
            raise refusal.bad_request(f"{sha256} is in use: delete its file in a commit first")
        await asyncio.to_thread(storage(request, repository).remove, sha256)
    return JSONResponse({})
