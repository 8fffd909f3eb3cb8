"""Routes that tell which files are in a bucket."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, read_json
from localhub.buckets import about
from localhub.buckets.about import timestamp
from localhub.buckets.contents import Contents
from localhub.buckets.folder import Entry, Folder, Improper
from localhub.buckets.paging import page

Row = tuple[str, Entry | int]
"""A path, and its file or, of a folder, the last ctime in it."""

MOST_PATHS = 10_000


async def tree(request: Request) -> Response:
    """What begins with the prefix, letter by letter; without `recursive` folders stand for what is in them."""
    buckets, bucket = hub.of(request).buckets, about.to_read(request)
    contents = buckets.contents(bucket)
    prefix: str = request.path_params.get("path", "")
    deep = is_true(request.query_params.get("recursive"))
    rows = await asyncio.to_thread(lambda: listing(contents.folder.files(), prefix, deep))
    told, headers = page(request, rows, lambda row: row[0])
    with buckets.while_there(bucket):
        return JSONResponse(await descriptions(contents, told), headers=headers)


def listing(files: Iterable[Entry], prefix: str, deep: bool) -> list[Row]:
    """In the order of paths. A prefix that names a folder shows what is in it, with or without a slash at the end."""
    rows: dict[str, Entry | int] = {}
    level = len(prefix.rstrip("/").split("/")) if prefix else 0
    for file in files:
        if not file.path.startswith(prefix):
            continue
        folders = file.path.split("/")
        if deep or len(folders) <= level + 1:
            rows[file.path] = file
        else:
            folder = "/".join(folders[: level + 1])
            last = rows.get(folder, 0)
            rows[folder] = max(last, file.ctime) if isinstance(last, int) else last
    return sorted(rows.items())


async def descriptions(contents: Contents, rows: list[Row]) -> list[dict[str, Any]]:
    hashed = await contents.hashed([row for _, row in rows if isinstance(row, Entry)])
    files = {entry.path: file_row(entry, hash) for entry, hash in hashed}
    told = []
    for path, row in rows:
        if path in files:
            told.append(files[path])
        elif isinstance(row, int):
            told.append({"type": "directory", "path": path, "uploadedAt": timestamp(row)})
    return told


def file_row(entry: Entry, hash: str) -> dict[str, Any]:
    return {
        "type": "file",
        "path": entry.path,
        "size": entry.size,
        "xetHash": hash,
        "mtime": timestamp(entry.mtime),
        "uploadedAt": timestamp(entry.ctime),
    }


async def paths_info(request: Request) -> Response:
    """The files among the paths; what is missing is left out."""
    buckets, bucket = hub.of(request).buckets, about.to_read(request)
    contents = buckets.contents(bucket)
    paths = (await read_json(request)).get("paths")
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise refusal.bad_request("paths must be a list of paths")
    if len(paths) > MOST_PATHS:
        raise refusal.bad_request(f"{len(paths):,} paths are more than the {MOST_PATHS:,} that are looked up at once")
    entries = await asyncio.to_thread(lambda: [entry for path in paths if (entry := look(contents.folder, path))])
    with buckets.while_there(bucket):
        return JSONResponse([file_row(entry, hash) for entry, hash in await contents.hashed(entries)])


def look(folder: Folder, path: str) -> Entry | None:
    try:
        return folder.look(path)
    except Improper:
        return None
