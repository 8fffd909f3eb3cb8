"""Carrying a web socket from a visitor to an app and back."""

import asyncio
from collections.abc import Sequence

import aiohttp
from aiohttp import web
from yarl import URL

from localhub import refusal

LARGEST_MESSAGE = 64 * 2**20

OWN_HEADERS = {"sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions", "sec-websocket-protocol"}
"""Each of the two connections agrees on these for itself."""


async def carry(
    request: web.BaseRequest, session: aiohttp.ClientSession, address: str, headers: Sequence[tuple[str, str]]
) -> web.StreamResponse:
    """Connect to the app first, so that a refusal of its own is one for the visitor too."""
    protocols = [name.strip() for name in request.headers.get("sec-websocket-protocol", "").split(",") if name.strip()]
    try:
        upstream = await session.ws_connect(
            URL(address, encoded=True),
            headers=[(name, value) for name, value in headers if name.lower() not in OWN_HEADERS],
            protocols=protocols,
            max_msg_size=LARGEST_MESSAGE,
            autoclose=False,
        )
    except aiohttp.WSServerHandshakeError as error:
        raise refusal.Refusal(
            error.status if error.status >= 400 else 503, f"the app refused: {error.message}"
        ) from error
    except aiohttp.ClientError as error:
        raise refusal.Refusal(503, f"the app did not answer: {error}") from error
    async with upstream:
        visitor = web.WebSocketResponse(
            protocols=[upstream.protocol] if upstream.protocol else (), max_msg_size=LARGEST_MESSAGE, autoclose=False
        )
        await visitor.prepare(request)
        ways = [asyncio.create_task(pass_on(visitor, upstream)), asyncio.create_task(pass_on(upstream, visitor))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await visitor.close()
    return visitor


End = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def pass_on(source: End, target: End) -> None:
    """Every message, and in the end the reason why the one end was closed."""
    async for message in source:
        if message.type is aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)
    await target.close(code=source.close_code or aiohttp.WSCloseCode.OK)
