"""Routes that write commits and read their history."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, number, pieces, read_json
from localhub.people.users import User
from localhub.repositories import access, cards, paging, pulls
from localhub.repositories.blobs import Drafts
from localhub.repositories.changes import Changes
from localhub.repositories.large_files import LargeFiles
from localhub.repositories.names import PULL
from localhub.repositories.repository import Commit, Repository

PAGE, MOST = 50, 1000
"""Commits of the history that are told at once, and how many may be asked for."""

LARGEST_COMMIT = 8_000_000_000
"""Bytes of a commit's body. Its files go to the disk as they come, so only the disk is a reason for a limit."""


def to_change(request: Request) -> tuple[Repository, User]:
    """For a commit: who owns the repository may write; others may propose, and go on with what they proposed."""
    repository, revision = hub.to_read(request), request.path_params["revision"]
    credential = hub.of(request).users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    user = credential.user
    proposing = (
        is_true(request.query_params.get("create_pr")) or proposed_by(request, repository, revision) == user.name
    )
    if proposing and credential.may_in(repository, "write-discussions"):
        return repository, user
    return repository, hub.owner(request, repository.namespace, about=repository)


def proposed_by(request: Request, repository: Repository, revision: str) -> str | None:
    pull = PULL.fullmatch(revision)
    return pulls.author(hub.of(request).repositories, repository, int(pull[1])) if pull else None


async def preupload(request: Request) -> Response:
    """Every file is taken as it is, in the commit itself; what comes by large file storage is taken too."""
    repository, _ = to_change(request)
    body = await read_json(request)
    head = hub.of(request).repositories.revision(repository, request.path_params["revision"])
    files = body.get("files")
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise refusal.bad_request("files has to be a list of objects with a path")
    answers = []
    for file in files:
        path = str(file.get("path"))
        known = head.files.get(path)
        oid = {"oid": known.sha256 or known.oid} if known else {}
        answers.append({"path": path, "uploadMode": "regular", "shouldIgnore": False} | oid)
    return JSONResponse({"files": answers, "commitOid": head.sha})


async def commit(request: Request) -> Response:
    local, revision = hub.of(request), request.path_params["revision"]
    repository, user = to_change(request)
    proposing = is_true(request.query_params.get("create_pr"))
    if not proposing:
        repository.advanced(revision, "")  # refused before the body is read: a tag and a sha cannot be committed to
    changes = await read(request, repository)
    if any(blob.sha256 for blob in changes.files.values()):
        # Who knows a large file's hash could propose it as the card, which is open to everybody.
        access.check(local, repository, local.users.reading(request.headers))
    title, message = str(changes.header["summary"]), str(changes.header.get("description") or "")
    parent = changes.header.get("parentCommit")
    if parent is not None and not isinstance(parent, str):
        raise refusal.bad_request("parentCommit has to be a sha")
    arguments = (repository, changes.apply, title, message, user.name, parent, revision)
    if not proposing:
        made = await asyncio.to_thread(pulls.append, local.repositories, *arguments)
        return JSONResponse(told(local, repository, made))
    made, number = await asyncio.to_thread(pulls.propose, local.repositories, *arguments)
    url = f"{cards.address(local, repository)}/discussions/{number}"
    return JSONResponse(told(local, repository, made) | {"pullRequestUrl": url})


async def read(request: Request, repository: Repository) -> Changes:
    """All of the body; its files are kept when it was read to the end, and forgotten when it was not."""
    repositories = hub.of(request).repositories
    drafts = Drafts(repositories.blobs)
    changes = Changes(drafts, LargeFiles.of(repositories.folder_of(repository)))
    try:
        async for piece in pieces(request, LARGEST_COMMIT):
            await asyncio.to_thread(changes.feed, piece)
        await asyncio.to_thread(changes.finish)
        await asyncio.to_thread(drafts.settle)
    finally:
        await asyncio.to_thread(drafts.forget)
    return changes


def told(local: hub.Hub, repository: Repository, made: Commit) -> dict[str, Any]:
    url = f"{cards.address(local, repository)}/commit/{made.sha}"
    return {"success": True, "commitOid": made.sha, "commitUrl": url, "hookOutput": ""}


async def history(request: Request) -> Response:
    repository, local = hub.to_read(request), hub.of(request)
    formatted = "formatted" in request.query_params.getlist("expand[]") + request.query_params.getlist("expand")
    page, size = paging.page_number(request), number(request, "limit", PAGE, MOST)

    def rows() -> tuple[list[dict[str, Any]], int]:
        """Those of the page and the number of all. Never are all held: each commit has its whole tree."""
        told, count = [], 0
        for commit in local.repositories.history(repository, request.path_params["revision"]):
            if count // size == page:
                told.append(row(local, commit, formatted))
            count += 1
        return told, count

    told, count = await asyncio.to_thread(rows)
    headers = {"X-Total-Count": str(count)}
    if count > (page + 1) * size:
        # In full: huggingface_hub 2.4 cannot follow an address without a host.
        following = request.url.include_query_params(p=page + 1, limit=size)
        headers["Link"] = f'<{following}>; rel="next"'
    return JSONResponse(told, headers=headers)


def row(local: hub.Hub, commit: Commit, formatted: bool) -> dict[str, Any]:
    told = {
        "id": commit.sha,
        "title": commit.title,
        "message": commit.message,
        "date": commit.date,
        "authors": [{"user": commit.author, "avatar": f"{local.endpoint}/avatar.svg"}],
    }
    shown = {"title": pulls.as_html(commit.title), "message": pulls.as_html(commit.message)}
    return told | ({"formatted": shown} if formatted else {})
