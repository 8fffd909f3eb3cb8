"""The route that changes a bucket's files: one line an operation, each done for itself."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import foreign_json, hub, refusal
from localhub.bodies import lines
from localhub.buckets import about
from localhub.buckets.bucket import Bucket
from localhub.buckets.contents import Contents
from localhub.buckets.folder import Improper, check_new
from localhub.hub import Hub
from localhub.people.users import User
from localhub.xet.staging import Unpacking

LARGEST = 64_000_000
"""Bytes of a batch; huggingface_hub puts a thousand operations into one."""

WRITERS = 8
"""Files that are written at once: most of the time is spent waiting for the disk."""

LAST_MOMENT = 253_402_300_799_000
"""The end of the year 9999 in milliseconds: what is later is no date."""


class Operation(BaseModel):
    """Not our kind of value: a client that is newer may say more than is known here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: Literal["addFile", "copyFile", "deleteFile"]
    path: str
    hash: str = Field("", alias="xetHash")
    mtime: int = Field(default_factory=lambda: time.time_ns() // 1_000_000, ge=0, le=LAST_MOMENT)
    """Milliseconds since 1970."""

    source_kind: str = Field("", alias="sourceRepoType")
    source: str = Field("", alias="sourceRepoId")


OPERATION = TypeAdapter(Operation)


async def batch(request: Request) -> Response:
    bucket = about.to_write(request)
    local, user = hub.of(request), hub.of(request).users.reading(request.headers)
    operations = await read(request)
    if not operations:
        raise refusal.bad_request("a batch needs at least one operation")
    with local.buckets.while_there(bucket):
        failed = await asyncio.to_thread(apply, local, user, bucket, operations)
    done = len(operations) - len(failed)
    answer = {"success": not failed, "processed": len(operations), "succeeded": done, "failed": failed}
    return JSONResponse(answer, 200 if done else 422)


async def read(request: Request) -> list[Operation]:
    """Every line is understood before the first one is done."""
    return [operation(line) async for line in lines(request, LARGEST)]


def operation(line: bytes) -> Operation:
    try:
        return OPERATION.validate_python(foreign_json.read(line))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "it"
        raise refusal.bad_request(f"a line of the batch cannot be used: {place}: {first['msg']}") from error


def apply(local: Hub, user: User | None, bucket: Bucket, operations: list[Operation]) -> list[dict[str, Any]]:
    """Do one after the other; what could not be done, and why."""
    contents = local.buckets.contents(bucket)
    added = [item.hash for item in operations if item.type == "addFile"]
    with contents.writing, ThreadPoolExecutor(WRITERS) as pool:
        uploads = Unpacking(contents.staging, contents.staging.terms(added))
        drafts = pool.map(lambda item: draft(local, user, contents, item, uploads), operations)
        failed, learned = [], []
        for item, made in zip(operations, drafts, strict=True):
            try:
                if isinstance(made, Improper):
                    raise made
                if made is None:
                    contents.folder.remove(item.path)
                else:
                    learned.append((contents.put(item.path, made), item.hash))
            except Improper as error:
                failed.append({"path": item.path, "error": str(error)})
        contents.index.learn(learned)
    return failed


def draft(
    local: Hub, user: User | None, contents: Contents, item: Operation, uploads: Unpacking
) -> Path | Improper | None:
    """The file to be written, on the disk but without its name; None for a deletion. An error is for its own line."""
    try:
        if item.type == "deleteFile":
            return None
        check_new(item.path)
        if not re.fullmatch("[0-9a-f]{64}", item.hash):
            raise Improper(f"{item.hash!r} is not a Xet hash: 64 hexadecimal digits are")
        if item.type == "addFile":
            return contents.draft(item.hash, item.mtime * 1_000_000, uploads)
        source = source_of(local, user, item)
        return contents.write(item.mtime * 1_000_000, lambda target: source.copy_to(target, item.hash))
    except Improper as error:
        return error


def source_of(local: Hub, user: User | None, item: Operation) -> Contents:
    """Only a bucket: the repositories here have no Xet hashes, so the clients upload what comes from them."""
    namespace, _, name = item.source.partition("/")
    source = local.buckets.find(namespace, name) if item.source_kind == "bucket" else None
    if source is None or not local.buckets.visible(user, source):
        raise Improper(f"{item.source_kind} {item.source} has no file with the Xet hash {item.hash}")
    return local.buckets.contents(source)
