"""Answers that go on for as long as somebody listens. All of them end when the Hub does, at once and in good order."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Send


class Followers:
    """Everybody who follows something here."""

    def __init__(self) -> None:
        self.limits: set[asyncio.Timeout] = set()
        self.closed = False

    def answer(self, events: AsyncIterator[str], headers: Mapping[str, str] | None = None) -> StreamingResponse:
        """Server-sent events."""
        return Following(self, events, headers=headers, media_type="text/event-stream")

    def close(self) -> None:
        """No answer of these waits any more."""
        self.closed = True
        for limit in self.limits:
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())


class Following(StreamingResponse):
    def __init__(self, followers: Followers, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]  # handed on as they came
        self.followers = followers

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if not self.followers.closed:
            await self.tell(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def tell(self, send: Send) -> None:
        """Until there is no more to tell, or the Hub closes."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self.followers.limits.add(limit)
                async for event in self.body_iterator:
                    body = event.encode() if isinstance(event, str) else bytes(event)
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            self.followers.limits.discard(limit)
