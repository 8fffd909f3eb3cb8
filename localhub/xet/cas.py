"""The routes of the store. Uploads are kept until a batch names them; downloads are read from a bucket's plain files.

Protocol: https://huggingface.co/docs/xet/api, as hf_xet 1.8 speaks it.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from localhub import hub, refusal
from localhub.buckets.bucket import Bucket
from localhub.buckets.contents import Held
from localhub.xet import pieces, ranges, shard, tokens, xorb
from localhub.xet.pieces import Part
from localhub.xet.staging import Staging

BLOCK = 1 << 21
"""Bytes that are read from a file at once."""


def named_hash(request: Request) -> str:
    name: str = request.path_params["hash"]
    if not re.fullmatch("[0-9a-f]{64}", name):
        raise refusal.bad_request(f"{name!r} is not a hash: 64 hexadecimal digits are")
    return name


async def unknown_chunk(request: Request) -> Response:
    """No deduplication across uploads: disks are larger than what is tried out on one machine."""
    tokens.allowed(request, "read")
    raise refusal.Refusal(404, f"nothing is known of {named_hash(request)}")


async def no_grant(request: Request) -> Response:
    """hf_xet then uploads to the store itself."""
    tokens.allowed(request, "write")
    raise refusal.Refusal(404, "the local Hub grants no uploads to other places")


async def take_xorb(request: Request) -> Response:
    bucket, name = tokens.allowed(request, "write"), named_hash(request)
    buckets = hub.of(request).buckets
    try:
        with buckets.while_there(bucket):
            new = await keep_xorb(request, buckets.contents(bucket).staging, name)
    except xorb.Broken as error:
        raise refusal.bad_request(str(error)) from error
    return JSONResponse({"was_inserted": new})


async def keep_xorb(request: Request, staging: Staging, name: str) -> bool:
    draft = staging.draft()
    try:
        await receive(request, draft, xorb.LARGEST)
        return await asyncio.to_thread(staging.keep_xorb, name, draft)
    finally:
        draft.unlink(missing_ok=True)


async def receive(request: Request, draft: Path, limit: int) -> None:
    size = 0
    with draft.open("wb") as file:
        async for block in request.stream():
            size += len(block)
            if size > limit:
                raise refusal.too_large(limit)
            file.write(block)


async def take_shard(request: Request) -> Response:
    """Version 2 answers with lines, because a large shard takes a while on the real Hub."""
    bucket, buckets = tokens.allowed(request, "write"), hub.of(request).buckets
    blocks, size = [], 0
    async for block in request.stream():
        blocks.append(block)
        size += len(block)
        if size > shard.LARGEST:
            raise refusal.too_large(shard.LARGEST)
    try:
        with buckets.while_there(bucket):
            await asyncio.to_thread(buckets.contents(bucket).staging.keep_shard, b"".join(blocks))
    except xorb.Broken as error:
        raise refusal.bad_request(str(error)) from error
    if request.url.path.endswith("/v1/shards"):
        return JSONResponse({"result": 1})
    return Response('{"type":"result","result":1}\n', media_type="application/x-ndjson")


async def reconstruction(request: Request) -> Response:
    """The plan of a download: which pieces of which xorbs make the file, or the range of it that is asked for."""
    bucket, name = tokens.allowed(request, "read"), named_hash(request)
    held = await find(request, bucket, name)
    os.close(held.file)
    asked = ranges.asked(request.headers.get("range"), held.size)
    start, end = asked or (0, held.size)
    found = list(pieces.parts(held.size, start, end))
    version = v1 if "/v1/" in request.url.path else v2
    plan = version(found, name, fetch_address(request, bucket, name))
    return JSONResponse({"offset_into_first_range": start % pieces.PIECE if found else 0, **plan})


async def find(request: Request, bucket: Bucket, name: str) -> Held:
    """An open plain file with this hash."""
    buckets = hub.of(request).buckets
    with buckets.while_there(bucket):
        held = await asyncio.to_thread(buckets.contents(bucket).holder, name)
    if held is None:
        raise refusal.Refusal(404, f"no file of {bucket.id} has the hash {name} now: list it again")
    return held


def fetch_address(request: Request, bucket: Bucket, name: str) -> str:
    """hf_xet sends no token to the addresses of a plan, so they carry one. The number of a xorb goes in the braces."""
    local = hub.of(request)
    token = local.passes.issue("", tokens.place(f"fetch {name}", bucket), tokens.SECONDS)
    return f"{local.endpoint}/xet/{bucket.instance}/fetch/{name}/{{}}?pass={token}"


def terms(parts: Iterable[Part], name: str) -> list[dict[str, Any]]:
    return [
        {
            "hash": pieces.xorb_hash(name, part.number),
            "unpacked_length": part.size,
            "range": {"start": part.first, "end": part.end},
        }
        for part in parts
    ]


def v1(parts: list[Part], name: str, address: str) -> dict[str, Any]:
    places = {
        pieces.xorb_hash(name, part.number): [
            {
                "range": {"start": part.first, "end": part.end},
                "url": address.format(part.number),
                "url_range": {"start": part.start_byte, "end": part.end_byte - 1},
            }
        ]
        for part in parts
    }
    return {"terms": terms(parts, name), "fetch_info": places}


def v2(parts: list[Part], name: str, address: str) -> dict[str, Any]:
    places = {
        pieces.xorb_hash(name, part.number): [
            {
                "url": address.format(part.number),
                "ranges": [
                    {
                        "chunks": {"start": part.first, "end": part.end},
                        "bytes": {"start": part.start_byte, "end": part.end_byte - 1},
                    }
                ],
            }
        ]
        for part in parts
    }
    return {"terms": terms(parts, name), "xorbs": places}


async def fetch(request: Request) -> Response:
    """Bytes of one of a file's xorbs."""
    local, name = hub.of(request), named_hash(request)
    bucket = local.buckets.at(request.path_params["instance"])
    token = request.query_params.get("pass", "")
    if bucket is None or local.passes.name(token, tokens.place(f"fetch {name}", bucket)) is None:
        raise refusal.Refusal(403, "this address is too old: ask for another plan of the download")
    held = await find(request, bucket, name)
    try:
        number = request.path_params["number"]
        whole = pieces.xorb_size(held.size, number)
        if not whole:
            raise refusal.Refusal(404, f"the file has no xorb number {number}")
        asked = ranges.asked(request.headers.get("range"), whole)
    except refusal.Refusal:
        os.close(held.file)
        raise
    start, end = asked or (0, whole)
    headers = {"Content-Length": str(end - start), "Accept-Ranges": "bytes"}
    if asked:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{whole}"
    body = xorb_bytes(held, number, start, end)
    return StreamingResponse(body, 206 if asked else 200, headers, "application/octet-stream")


async def xorb_bytes(held: Held, number: int, start: int, end: int) -> AsyncIterator[bytes]:
    """Breaks off when the file is no longer what it was: the client must not take it for the old one."""
    try:
        while start < end:
            until = min(start + BLOCK, end)
            block = await asyncio.to_thread(pieces.read, held.file, held.size, number, start, until)
            if not held.unchanged() or len(block) != until - start:
                raise ConnectionAbortedError("the file was changed while it was read")
            yield block
            start = until
    finally:
        os.close(held.file)


async def telemetry(request: Request) -> Response:
    """Heard and forgotten."""
    return Response()
