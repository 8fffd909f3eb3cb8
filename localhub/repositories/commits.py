"""Routes that write commits and read their history."""

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import lines, read_json
from localhub.repositories import cards
from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Files, check_path


@dataclass
class Changes:
    """What a commit asks for, read line by line; each file's bytes are kept as soon as they are read."""

    blobs: Blobs
    header: dict[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    deleted_folders: list[str] = field(default_factory=list)

    def read(self, line: bytes) -> None:
        try:
            operation = json.loads(line)
            key, value = operation["key"], operation["value"]
            match key:
                case "header":
                    self.header = dict(value)
                case "file":
                    self.files[check_path(value["path"])] = self.blobs.keep(content(value))
                case "deletedFile":
                    self.deleted.append(check_path(value["path"]))
                case "deletedFolder":
                    self.deleted_folders.append(check_path(value["path"].rstrip("/")))
                case _:
                    raise refusal.bad_request(f"the local Hub does not know the commit operation {key!r}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refusal.bad_request(f"a line of the commit cannot be read: {error!r}") from error

    def apply(self, head: Files) -> Files:
        missing = [path for path in self.deleted if path not in head]
        if missing:
            raise refusal.bad_request(f"{missing[0]!r} cannot be deleted: it is not there")
        gone = tuple(f"{folder}/" for folder in self.deleted_folders)
        kept = {path: blob for path, blob in head.items() if path not in self.deleted and not path.startswith(gone)}
        return kept | self.files


def content(value: dict[str, Any]) -> bytes:
    if value.get("encoding", "base64") == "base64":
        try:
            return base64.b64decode(value["content"], validate=True)
        except binascii.Error as error:
            raise refusal.bad_request(f"{value['path']!r} is not base64") from error
    return str(value["content"]).encode()


def only_main(request: Request) -> None:
    if request.path_params["revision"] not in ("main", "refs/heads/main"):
        raise refusal.no_revision(request.path_params["revision"])
    if request.query_params.get("create_pr"):
        raise refusal.bad_request("the local Hub has no pull requests")


async def preupload(request: Request) -> Response:
    """Every file is taken as it is, in the commit itself: there is no large file storage here."""
    repository = hub.to_write(request)
    only_main(request)
    body = await read_json(request)
    head = hub.of(request).repositories.revision(repository, "main")
    answers = []
    for file in body.get("files") or []:
        path = str(file.get("path"))
        known = {"oid": head.files[path].oid} if path in head.files else {}
        answers.append({"path": path, "uploadMode": "regular", "shouldIgnore": False} | known)
    return JSONResponse({"files": answers, "commitOid": head.sha})


async def commit(request: Request) -> Response:
    repository = hub.to_write(request)
    only_main(request)
    local = hub.of(request)
    changes = Changes(local.repositories.blobs)
    async for line in lines(request):
        if line.strip():
            await asyncio.to_thread(changes.read, line)
    if not changes.header.get("summary"):
        raise refusal.bad_request("a commit needs a header with a summary")
    author = local.users.asking(request.headers)
    made = await asyncio.to_thread(
        local.repositories.commit,
        repository,
        changes.apply,
        str(changes.header["summary"]),
        str(changes.header.get("description") or ""),
        author.name if author else repository.namespace,
        changes.header.get("parentCommit"),
    )
    url = f"{cards.address(local, repository)}/commit/{made.sha}"
    return JSONResponse({"success": True, "commitOid": made.sha, "commitUrl": url, "hookOutput": ""})


async def history(request: Request) -> Response:
    repository = hub.to_read(request)
    told = [
        {
            "id": commit.sha,
            "title": commit.title,
            "message": commit.message,
            "date": commit.date,
            "authors": [{"user": commit.author, "avatar": ""}],
        }
        for commit in hub.of(request).repositories.history(repository, request.path_params["revision"])
    ]
    return JSONResponse(told)


async def refs(request: Request) -> Response:
    repository = hub.to_read(request)
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.head}
    return JSONResponse({"branches": [main], "tags": [], "converts": [], "pullRequests": []})
