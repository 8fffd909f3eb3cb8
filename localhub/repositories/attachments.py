"""Pictures, videos and sounds that people put into discussions: taken at `/uploads`, and shown from there.

Whoever has the address sees one, as on the real Hub. What a browser could run is not taken.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from localhub import hub, refusal
from localhub.bodies import pieces
from localhub.repositories.attachment import MEDIA_TYPES, TYPES

LARGEST, LARGEST_VIDEO = 10_000_000, 50_000_000
"""Bytes; the limits that huggingface_hub 2.4 tells."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=31536000, immutable",
}


async def upload(request: Request) -> Response:
    """The answer is the address alone, as text."""
    local = hub.of(request)
    credential = local.users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.may("write-discussions"):
        raise refusal.Refusal(403, "this token may not write in discussions: it needs the scope write-discussions")
    type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if type not in TYPES:
        raise refusal.Refusal(415, f"{type[:80] or 'nothing'} cannot be attached; {', '.join(TYPES)} can")
    limit = LARGEST_VIDEO if type.startswith("video/") else LARGEST
    data = b"".join([piece async for piece in pieces(request, limit)])
    if not data:
        raise refusal.bad_request("the attachment is empty")
    name = await asyncio.to_thread(local.attachments.keep, data, TYPES[type])
    return PlainTextResponse(f"{local.endpoint}/uploads/{name}")


async def show(request: Request) -> Response:
    name = request.path_params["name"]
    path = hub.of(request).attachments.find(name)
    if path is None:
        raise refusal.Refusal(404, "There is no such attachment")
    return FileResponse(path, headers=HEADERS, media_type=MEDIA_TYPES[path.suffix.removeprefix(".")])
