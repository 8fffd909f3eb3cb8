"""Routes that read a repository's files: the tree, some paths of it, and the bytes."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, read_fields, read_json
from localhub.repositories import access, paging
from localhub.repositories.blobs import Blob, described, pointer
from localhub.repositories.commit import folders
from localhub.repositories.repository import Commit, Repository
from localhub.spaces.static_files import media_type

Entry = dict[str, Any]

PAGE, EXPANDED_PAGE = 1000, 50
MOST_PATHS = 10_000
LARGEST_FORM = 4_000_000
"""Bytes; that many paths of 400 bytes each."""

SCANS = ("avScan", "pickleImportScan")
TEXTS = ("application/json", "application/x-sh", "application/xml", "application/yaml", "application/javascript")
"""Media types of text that do not say so."""


def entries(commit: Commit) -> dict[str, Entry]:
    """Every file and folder of a commit, by path."""
    found = {path: {"type": "file", "path": path} | described(blob, "oid") for path, blob in commit.files.items()}
    for path, oid in folders(commit.files).items():
        if path:
            found[path] = {"type": "directory", "path": path, "size": 0, "oid": oid}
    return found


def expanded(local: hub.Hub, repository: Repository, commit: Commit, found: Sequence[Entry]) -> list[Entry]:
    """With the last commit that changed each entry, and what a scan of each file has found: nothing is scanned here."""
    changes = last_changes(list(local.repositories.history(repository, commit.sha)))
    told = []
    for entry in found:
        last = changes[entry["path"]]
        more: Entry = {"lastCommit": {"id": last.sha, "title": last.title, "date": last.date}}
        if entry["type"] == "file":
            more["securityFileStatus"] = {"status": "unscanned"} | {scan: {"status": "unscanned"} for scan in SCANS}
        told.append(entry | more)
    return told


def last_changes(history: list[Commit]) -> dict[str, Commit]:
    """The newest commit in which each path of the first commit of the list became what it is."""
    newest = {path: entry["oid"] for path, entry in entries(history[0]).items()}
    changes: dict[str, Commit] = {}
    for commit, before in zip(history, [*history[1:], None], strict=True):
        old = entries(before) if before else {}
        for path in newest.keys() - changes.keys():
            if path not in old or old[path]["oid"] != newest[path]:
                changes[path] = commit
        if len(changes) == len(newest):
            break
    return changes


def named_commit(request: Request) -> tuple[Repository, Commit]:
    repository = hub.to_read(request)
    return repository, hub.of(request).repositories.revision(repository, request.path_params["revision"])


async def tree(request: Request) -> Response:
    repository, commit = named_commit(request)
    folder = request.path_params.get("path", "").strip("/")
    recursive, wanted = (is_true(request.query_params.get(name)) for name in ("recursive", "expand"))

    def page() -> tuple[list[Entry], bool]:
        everything = entries(commit)
        if folder and everything.get(folder, {}).get("type") != "directory":
            raise refusal.no_path(folder, request.path_params["revision"])
        prefix = f"{folder}/" if folder else ""
        below = sorted(path for path in everything if path.startswith(prefix))
        if not recursive:
            below = [path for path in below if "/" not in path[len(prefix) :]]
        size = EXPANDED_PAGE if wanted else PAGE
        rows, more = paging.cut(request, (everything[path] for path in below), size)
        return (expanded(hub.of(request), repository, commit, rows) if wanted and rows else rows), more

    return paging.respond(request, *await asyncio.to_thread(page))


async def paths_info(request: Request) -> Response:
    """Those of the paths that are there. They come as a form, or as JSON from other clients."""
    repository, commit = named_commit(request)
    paths, wanted = await asked_paths(request)

    def rows() -> list[Entry]:
        everything = entries(commit)
        found = [everything[path] for path in dict.fromkeys(path.strip("/") for path in paths) if path in everything]
        return expanded(hub.of(request), repository, commit, found) if wanted and found else found

    return JSONResponse(await asyncio.to_thread(rows))


async def asked_paths(request: Request) -> tuple[list[str], bool]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await read_json(request)
        paths, wanted = body.get("paths"), bool(body.get("expand"))
    else:
        fields = await read_fields(request, LARGEST_FORM, MOST_PATHS + 10)
        paths, wanted = [path for name, path in fields if name == "paths"], is_true(dict(fields).get("expand"))
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths) or len(paths) > MOST_PATHS:
        raise refusal.bad_request(f"paths has to be a list of at most {MOST_PATHS} paths")
    return paths, wanted


async def resolve(request: Request) -> Response:
    """The bytes of one file, whole or by range."""
    return serve(request, raw=False)


async def raw(request: Request) -> Response:
    """The same as Git has it: of a file in large file storage the pointer."""
    return serve(request, raw=True)


def serve(request: Request, raw: bool) -> Response:
    repository, commit = named_commit(request)
    local, path = hub.of(request), request.path_params["path"]
    if path != access.OPEN:
        access.check(local, repository, local.users.reading(request.headers))
    blob = commit.files.get(path)
    if blob is None:
        error = refusal.Refusal(404, "Entry not found", "EntryNotFound")
        return PlainTextResponse(error.message, 404, error.headers() | {"X-Repo-Commit": commit.sha})
    headers = {
        "X-Repo-Commit": commit.sha,
        "ETag": f'"{blob.sha256 or blob.oid}"',
        "Accept-Ranges": "bytes",
        # Shown from the Hub's own address, a page from a repository must not act in its name.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    if blob.sha256 and raw:
        text = pointer(blob.sha256, blob.size)
        return Response(text, headers=headers | {"ETag": f'"{blob.oid}"'}, media_type="text/plain")
    if blob.sha256:
        headers |= {"X-Linked-ETag": headers["ETag"], "X-Linked-Size": str(blob.size)}
    headers["Content-Disposition"] = disposition(path)
    return FileResponse(local.repositories.blobs.path(blob), headers=headers, media_type=shown_as(path, blob))


def disposition(path: str) -> str:
    """Shown where it is opened, and saved under its own name; older browsers read the plain form of it."""
    name = path.rpartition("/")[2]
    plain = refusal.header(name).replace('"', "_")
    return f"inline; filename*=UTF-8''{quote(name, safe='')}; filename=\"{plain}\";"


def shown_as(path: str, blob: Blob) -> str:
    """The media type. A text of any kind is plain text, unless it is in large file storage."""
    kind = media_type(path)
    text = kind.partition(";")[0] in TEXTS or kind.startswith("text/")
    return "text/plain; charset=utf-8" if text and not blob.sha256 else kind
