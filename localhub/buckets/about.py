"""Routes that make, describe, list, change, move and delete buckets."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from localhub import hub, refusal
from localhub.bodies import read_json
from localhub.buckets.bucket import Bucket
from localhub.buckets.paging import page
from localhub.people.users import object_id
from localhub.xet import tokens

LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""


def namespace_of(request: Request) -> str:
    """As the path says; "me" is whoever asks."""
    namespace: str = request.path_params["namespace"]
    if namespace != "me":
        return namespace
    user = hub.of(request).users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    return user.name


def to_read(request: Request) -> Bucket:
    """The bucket that the path names, if the caller may see it."""
    local, user = hub.of(request), hub.of(request).users.reading(request.headers)
    bucket = local.buckets.find(namespace_of(request), request.path_params["name"])
    if bucket is None or not local.buckets.visible(user, bucket):
        raise refusal.no_repository(signed_in=user is not None)
    return bucket


def to_write(request: Request) -> Bucket:
    """The same, if the caller may also change it."""
    bucket = to_read(request)
    hub.owner(request, bucket.namespace)
    return bucket


def address(request: Request, bucket: Bucket) -> str:
    return f"{hub.of(request).endpoint}/buckets/{bucket.id}"


async def create(request: Request) -> Response:
    namespace, name = namespace_of(request), request.path_params["name"]
    hub.owner(request, namespace)
    body, buckets = await read_json(request), hub.of(request).buckets
    if body.get("visibility") not in (None, "public", "private"):
        raise refusal.bad_request("a bucket's visibility is public or private")
    private = bool(body.get("private")) or body.get("visibility") == "private"
    existing = buckets.find(namespace, name)
    if existing:
        told = {"url": address(request, existing), "id": object_id("bucket", existing.instance)}
        raise refusal.Refusal(409, "You already created this bucket", **told)
    bucket = await asyncio.to_thread(buckets.create, namespace, name, private)
    return JSONResponse(
        {"url": address(request, bucket), "name": bucket.id, "id": object_id("bucket", bucket.instance)}
    )


async def describe(request: Request) -> Response:
    return JSONResponse(await asyncio.to_thread(description, request, to_read(request)))


def description(request: Request, bucket: Bucket) -> dict[str, Any]:
    files = list(hub.of(request).buckets.contents(bucket).folder.files())
    changed = max((file.ctime for file in files), default=0)
    return {
        "_id": object_id("bucket", bucket.instance),
        "id": bucket.id,
        "author": bucket.namespace,
        "repoType": "bucket",
        "cdnRegions": [],
        "private": bucket.private,
        "createdAt": bucket.created,
        "updatedAt": max(bucket.created, timestamp(changed)),
        "size": sum(file.size for file in files),
        "totalFiles": len(files),
    }


async def list_all(request: Request) -> Response:
    local, namespace = hub.of(request), namespace_of(request)
    if local.users.named(namespace) is None and local.users.organization(namespace) is None:
        raise refusal.no_repository(signed_in=True)
    user, search = local.users.reading(request.headers), request.query_params.get("search", "").lower()
    found = [
        bucket
        for bucket in await asyncio.to_thread(lambda: list(local.buckets.all(namespace)))
        if local.buckets.visible(user, bucket) and search in bucket.name.lower()
    ]
    found.sort(key=lambda bucket: bucket.id)
    told, headers = page(request, found, lambda bucket: bucket.id)
    descriptions = await asyncio.to_thread(lambda: [description(request, bucket) for bucket in told])
    return JSONResponse(descriptions, headers=headers)


async def delete(request: Request) -> Response:
    bucket = to_write(request)
    await asyncio.to_thread(hub.of(request).buckets.delete, bucket)
    return PlainTextResponse("OK")


async def change_settings(request: Request) -> Response:
    bucket, body = to_write(request), await read_json(request)
    if "private" in body or "visibility" in body:
        private = bool(body.get("private")) or body.get("visibility") == "private"
        bucket = await asyncio.to_thread(hub.of(request).buckets.set_private, bucket, private)
    return JSONResponse({"private": bucket.private})


async def move(request: Request, body: dict[str, Any]) -> Response:
    """The part of POST /api/repos/move that is about buckets, once its body was read."""
    local = hub.of(request)
    old, new = (str(body.get(key) or "").split("/") for key in ("fromRepo", "toRepo"))
    if len(old) != 2 or len(new) != 2:
        raise refusal.bad_request("fromRepo and toRepo are of the form namespace/name")
    user = local.users.reading(request.headers)
    bucket = local.buckets.find(*old)
    if bucket is None or not local.buckets.visible(user, bucket):
        raise refusal.no_repository(signed_in=user is not None)
    for namespace in (bucket.namespace, new[0]):
        hub.owner(request, namespace)
    moved = await asyncio.to_thread(local.buckets.move, bucket, *new)
    return JSONResponse({"url": address(request, moved)})


async def read_token(request: Request) -> Response:
    """For anybody who sees the bucket, so also for somebody unknown if it is public."""
    bucket, user = to_read(request), hub.of(request).users.reading(request.headers)
    return connection(tokens.connection(request, user.name if user else "", "read", bucket))


async def write_token(request: Request) -> Response:
    bucket = to_read(request)
    user = hub.owner(request, bucket.namespace)
    return connection(tokens.connection(request, user.name, "write", bucket))


def connection(told: dict[str, str | int]) -> Response:
    """In the body for hf_xet and in headers for huggingface_hub."""
    headers = {
        "X-Xet-Cas-Url": str(told["casUrl"]),
        "X-Xet-Access-Token": str(told["accessToken"]),
        "X-Xet-Token-Expiration": str(told["exp"]),
    }
    return JSONResponse(told, headers=headers)


def timestamp(nanoseconds: int) -> str:
    """As the Hub writes times, in milliseconds."""
    return f"{date(nanoseconds):%Y-%m-%dT%H:%M:%S}.{nanoseconds // 1_000_000 % 1000:03d}Z"


def http_date(nanoseconds: int) -> str:
    return format_datetime(date(nanoseconds), usegmt=True)


def date(nanoseconds: int) -> datetime:
    """Beyond these a file's time is nonsense that a Job gave it, and no date."""
    return datetime.fromtimestamp(min(max(nanoseconds // 1_000_000_000, 0), LAST_SECOND), UTC)
