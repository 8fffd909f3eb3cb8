"""Reading what a request carries, as far as it is allowed to go."""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from localhub import refusal

LARGEST_JSON = 16_000_000
"""Bytes of a JSON body; what carries files comes as lines."""

LONGEST_LINE = 16_000_000
"""Bytes of one line, where each line is taken as a whole."""

PIECE = 1 << 20
"""Bytes that are handed on together: each time costs a change of thread."""


async def read_json(request: Request) -> dict[str, Any]:
    pieces, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_JSON:
            raise refusal.too_large(LARGEST_JSON)
        pieces.append(chunk)
    try:
        body = json.loads(b"".join(pieces))
    except ValueError as error:
        raise refusal.bad_request(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise refusal.bad_request("the body is not a JSON object")
    return body


async def lines(request: Request) -> AsyncIterator[bytes]:
    """The lines of a body, each as soon as it is complete."""
    pieces: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        *whole, rest = chunk.split(b"\n")
        for line in whole:
            yield b"".join([*pieces, line])
            pieces.clear()
            size = 0
        pieces.append(rest)
        size += len(rest)
        if size > LONGEST_LINE:
            raise refusal.too_large(LONGEST_LINE)
    yield b"".join(pieces)


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
    if not (given.isascii() and given.isdigit()) or int(given[:18]) < 1:
        raise refusal.bad_request(f"{name} has to be a positive whole number, and {given[:80]!r} is not")
    return min(int(given[:18]), most)


def is_true(value: str | None) -> bool:
    """As the clients write a yes in a query."""
    return (value or "").lower() in ("true", "1")
