"""Routes that read a repository's files: the tree, some paths of it, and the bytes."""

import hashlib
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true
from localhub.repositories.repository import Commit, Repository, parents
from localhub.spaces.static_files import media_type

Entry = dict[str, Any]


def entries(commit: Commit) -> dict[str, Entry]:
    """Every file and folder of a commit, by path."""
    found: dict[str, Entry] = {}
    for path, blob in commit.files.items():
        found[path] = {"type": "file", "path": path, "size": blob.size, "oid": blob.oid}
        for parent in parents(path):
            found.setdefault(
                parent, {"type": "directory", "path": parent, "size": 0, "oid": folder_oid(commit, parent)}
            )
    return found


def folder_oid(commit: Commit, folder: str) -> str:
    """An id that changes with the folder's content; not the one Git would give."""
    listing = [f"{path} {blob.oid}" for path, blob in commit.files.items() if path.startswith(folder + "/")]
    return hashlib.sha1("\n".join(listing).encode(), usedforsecurity=False).hexdigest()


def expanded(
    request: Request, repository: Repository, commit: Commit, found: Iterable[Entry], wanted: bool
) -> list[Entry]:
    """With the last commit that changed each entry, when that is wanted."""
    if not wanted:
        return list(found)
    changes = last_changes(list(hub.of(request).repositories.history(repository, commit.sha)))
    told = []
    for entry in found:
        last = changes[entry["path"]]
        told.append(entry | {"lastCommit": {"id": last.sha, "title": last.title, "date": last.date}})
    return told


def last_changes(history: list[Commit]) -> dict[str, Commit]:
    """The newest commit in which each path of the first commit of the list became what it is."""
    newest = entries(history[0])
    changes: dict[str, Commit] = {}
    for commit, before in zip(history, [*history[1:], None], strict=True):
        old = entries(before) if before else {}
        for path in newest.keys() - changes.keys():
            if path not in old or old[path]["oid"] != newest[path]["oid"]:
                changes[path] = commit
    return changes


def named_commit(request: Request) -> tuple[Repository, Commit]:
    repository = hub.to_read(request)
    return repository, hub.of(request).repositories.revision(repository, request.path_params["revision"])


async def tree(request: Request) -> Response:
    repository, commit = named_commit(request)
    folder = request.path_params.get("path", "").strip("/")
    everything = entries(commit)
    if folder and everything.get(folder, {}).get("type") != "directory":
        raise refusal.no_entry(folder)
    prefix = f"{folder}/" if folder else ""
    recursive = is_true(request.query_params.get("recursive"))
    below = [path for path in everything if path.startswith(prefix) and (recursive or "/" not in path[len(prefix) :])]
    wanted = is_true(request.query_params.get("expand"))
    return JSONResponse(expanded(request, repository, commit, (everything[path] for path in sorted(below)), wanted))


async def paths_info(request: Request) -> Response:
    repository, commit = named_commit(request)
    form = await request.form()
    everything = entries(commit)
    paths = [str(path).strip("/") for path in form.getlist("paths")]
    found = [everything[path] for path in paths if path in everything]
    return JSONResponse(expanded(request, repository, commit, found, is_true(str(form.get("expand")))))


async def resolve(request: Request) -> Response:
    """The bytes of one file, whole or by range."""
    _, commit = named_commit(request)
    path = request.path_params["path"]
    blob = commit.files.get(path)
    if blob is None:
        error = refusal.no_entry(path)
        return JSONResponse({"error": error.message}, 404, error.headers() | {"X-Repo-Commit": commit.sha})
    headers = {
        "X-Repo-Commit": commit.sha,
        "ETag": f'"{blob.oid}"',
        "Accept-Ranges": "bytes",
        # Shown from the Hub's own address, a page from a repository must not act in its name.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    source = hub.of(request).repositories.blobs.path(blob)
    name = path.rpartition("/")[2]
    return FileResponse(
        source, headers=headers, media_type=media_type(path), filename=name, content_disposition_type="inline"
    )
