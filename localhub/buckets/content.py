"""The bytes of one file of a bucket, whole or by range, and the way to its hash in the store."""

import asyncio
import os
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from localhub import hub, refusal
from localhub.buckets import about
from localhub.buckets.contents import Contents, Held
from localhub.buckets.folder import Improper
from localhub.spaces.static_files import media_type
from localhub.xet import ranges

BLOCK = 1 << 20
"""Bytes that are read at once."""


async def resolve(request: Request) -> Response:
    bucket = about.to_read(request)
    local, path = hub.of(request), request.path_params["path"]
    with local.buckets.while_there(bucket):
        held, hash = await hold(local.buckets.contents(bucket), path)
    headers = {
        "X-Xet-Hash": hash,
        "Link": f'<{local.endpoint}/api/buckets/{bucket.id}/xet-read-token>; rel="xet-auth"',
        "ETag": f'"{hash}"',
        "Last-Modified": about.http_date(held.known.mtime),
        "Accept-Ranges": "bytes",
        # Shown from the Hub's own address, a page from a bucket must not act in its name.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    try:
        asked = ranges.asked(request.headers.get("range"), held.size) if request.method == "GET" else None
    except refusal.Refusal:
        os.close(held.file)
        raise
    start, end = asked or (0, held.size)
    headers["Content-Length"] = str(end - start)
    if asked:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{held.size}"
    kind = media_type(path)
    if request.method == "HEAD":
        os.close(held.file)
        return Response(headers=headers, media_type=kind)
    return StreamingResponse(bytes_of(held, start, end), 206 if asked else 200, headers, kind)


async def hold(contents: Contents, path: str) -> tuple[Held, str]:
    """The open file and its hash."""
    try:
        looked = await asyncio.to_thread(contents.folder.look, path)
    except Improper as error:
        raise refusal.no_entry(path) from error
    hashed = await contents.hashed([looked]) if looked else []
    file = await asyncio.to_thread(contents.folder.open, path)
    if not hashed or file is None:
        if file is not None:
            os.close(file)
        raise refusal.no_entry(path)
    known, hash = hashed[0]
    return Held(file, known), hash


async def bytes_of(held: Held, start: int, end: int) -> AsyncIterator[bytes]:
    """A file that shrinks meanwhile breaks off; one that grows is told as far as it was."""
    try:
        while start < end:
            block = await asyncio.to_thread(os.pread, held.file, min(BLOCK, end - start), start)
            if not block:
                raise ConnectionAbortedError("the file became shorter while it was read")
            yield block
            start += len(block)
    finally:
        os.close(held.file)
