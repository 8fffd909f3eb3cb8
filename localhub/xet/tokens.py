"""Tokens for the store: each for one user, one bucket and one right. Whoever may write may read."""

import time
from typing import Literal

from starlette.requests import Request

from localhub import hub, refusal
from localhub.buckets.bucket import Bucket
from localhub.people.users import bearer

Right = Literal["read", "write"]

SECONDS = 3600
"""How long a token is good; hf_xet asks for another one in time."""


def place(right: str, bucket: Bucket) -> str:
    return f"xet {right} {bucket.instance}"


def connection(request: Request, user: str, right: Right, bucket: Bucket) -> dict[str, str | int]:
    """What a client needs to reach the bucket's part of the store. `user` is empty for somebody unknown."""
    local = hub.of(request)
    return {
        "casUrl": f"{local.endpoint}/xet/{bucket.instance}",
        "accessToken": local.passes.issue(user, place(right, bucket), SECONDS),
        "exp": int(time.time()) + SECONDS,
    }


def allowed(request: Request, right: Right) -> Bucket:
    """The bucket whose part of the store the path names, if the token is for it and its user still may."""
    local = hub.of(request)
    bucket = local.buckets.at(request.path_params["instance"])
    token = bearer(request.headers.get("authorization", ""))
    rights = ("write",) if right == "write" else ("write", "read")
    names = [local.passes.name(token, place(held, bucket)) for held in rights] if bucket else []
    name = next((name for name in names if name is not None), None)
    if bucket is None or name is None:
        raise refusal.Refusal(401, f"this token does not let one {right} here: it is for something else, or too old")
    user = local.users.named(name)
    if not local.buckets.visible(user, bucket) or (right == "write" and not (user and user.owns(bucket.namespace))):
        raise refusal.Refusal(403, f"{name or 'nobody'} may no longer {right} what is in {bucket.id}")
    return bucket
