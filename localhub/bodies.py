"""Reading what a request carries, as far as it is allowed to go."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message

from localhub import foreign_json, refusal

LARGEST_JSON = 16_000_000
"""Bytes of a JSON body; what carries files comes as lines."""

AT_ONCE = 100_000
"""Bytes that are read in a millisecond or two; for more the others should not have to wait."""

LONGEST_LINE = 1_000_000
"""Bytes of one line, where each line is taken as a whole."""

PIECE = 1 << 20
"""Bytes that are handed on together: each time costs a change of thread."""


async def whole(request: Request, limit: int) -> bytes:
    """A small body; no more than `limit` of it is ever held."""
    held, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise refusal.too_large(limit)
        held.append(chunk)
    return b"".join(held)


async def read_json(request: Request, optional: bool = False) -> dict[str, Any]:
    """The object that is the body; if it is optional, an empty one for nothing at all."""
    text = await whole(request, LARGEST_JSON)
    if optional and not text:
        return {}
    body = foreign_json.read(text) if len(text) < AT_ONCE else await asyncio.to_thread(foreign_json.read, text)
    if not isinstance(body, dict):
        raise refusal.bad_request("the body is not a JSON object")
    return body


async def read_fields(request: Request, limit: int, most: int) -> list[tuple[str, str]]:
    """The fields of a form, in either way of writing one. Files are refused: they would go to the disk unasked."""
    text = await whole(request, limit)
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        return await parts(request, text, limit, most)
    try:
        return await asyncio.to_thread(parse_qsl, text.decode(), keep_blank_values=True, max_num_fields=most)
    except ValueError as error:
        raise refusal.bad_request(f"the form cannot be read: {error}") from error


async def parts(request: Request, text: bytes, limit: int, most: int) -> list[tuple[str, str]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": text, "more_body": False}

    form = await Request(request.scope, receive).form(max_files=0, max_fields=most, max_part_size=limit)
    return [(name, str(value)) for name, value in form.multi_items()]


async def lines(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The lines of a body that hold something, each as soon as it is complete."""
    held: list[bytes] = []
    size, whole = 0, 0
    async for chunk in request.stream():
        whole += len(chunk)
        if whole > limit:
            raise refusal.too_large(limit)
        *complete, rest = chunk.split(b"\n")
        if complete:
            complete[0] = b"".join([*held, complete[0]])
            held.clear()
            size = 0
        for line in complete:
            if line and not line.isspace():
                yield line
        held.append(rest)
        size += len(rest)
        if size > LONGEST_LINE:
            raise refusal.too_large(LONGEST_LINE)
    if last := b"".join(held).strip():
        yield last


async def pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    """A body in pieces of about a megabyte; never more of it is held. One that is too large is refused at once."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise refusal.too_large(limit)
    held, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise refusal.too_large(limit)
        held += chunk
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def number(request: Request, name: str, default: int, most: int) -> int:
    """A positive whole number of the query, no larger than `most`."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if not is_number(given) or int(given[:18]) < 1:
        raise refusal.bad_request(f"{name} has to be a positive whole number, and {given[:80]!r} is not")
    return min(int(given[:18]), most)


def is_number(text: str) -> bool:
    """Whether `int` reads it, if it is short enough: it does not read every digit there is (`²`)."""
    return text.isascii() and text.isdigit()


def is_true(value: str | None) -> bool:
    """As the clients write a yes in a query."""
    return (value or "").lower() in ("true", "1")
