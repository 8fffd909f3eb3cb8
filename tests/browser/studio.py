"""A small Hub with two Spaces that draw, in a thread of their own; a test says when they draw and how well."""

import asyncio
import contextlib
import io
import json
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from PIL import Image

from tests.loopback.hostile_space import served
from tests.loopback.small_hub import SmallHub, small_hub

COMPONENTS = [{"id": 1, "type": "textbox", "props": {}}, {"id": 2, "type": "image", "props": {}}]


@dataclass
class Painter:
    """A Gradio Space with one endpoint, `/draw`."""

    open: threading.Event = field(default_factory=threading.Event)
    """It draws while this is set; a call waits in its queue until then."""
    blank: int = 0
    """How many pictures it still spoils."""
    drawn: int = 0
    cancelled: int = 0

    def config(self) -> dict[str, Any]:
        draw = {"id": 0, "api_name": "draw", "inputs": [1], "outputs": [2], "api_visibility": "public"}
        return {"version": "6.31.0", "protocol": "sse_v3", "api_prefix": "/gradio_api", "components": COMPONENTS} | {
            "dependencies": [draw]
        }

    def info(self) -> dict[str, Any]:
        prompt = {"label": "Prompt", "parameter_name": "prompt", "parameter_has_default": False, "component": "Textbox"}
        takes = {**prompt, "type": {"type": "string"}, "python_type": {"type": "str", "description": ""}}
        gives = {"label": "Picture", "component": "Image", "type": {}, "python_type": {"type": "filepath"}}
        draw = {"parameters": [takes], "returns": [gives], "description": "Draws a picture of anything from a text."}
        return {"named_endpoints": {"/draw": draw}, "unnamed_endpoints": {}}

    async def describe(self, request: web.Request) -> web.Response:
        return web.json_response(self.info() if request.path.endswith("info") else self.config())

    async def join(self, request: web.Request) -> web.Response:
        return web.json_response({"event_id": secrets.token_hex(8)})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)

        async def say(**words: Any) -> None:
            await response.write(f"data: {json.dumps(words)}\n\n".encode())

        await say(msg="estimation", rank=1, queue_size=2)
        while not self.open.is_set():
            await asyncio.sleep(0.02)
        await say(msg="process_starts")
        self.drawn += 1
        name = f"{'blank' if self.blank else 'fine'}-{self.drawn}.png"
        self.blank -= bool(self.blank)
        picture = {"path": name, "meta": {"_type": "gradio.FileData"}, "orig_name": name, "url": None}
        await say(msg="process_completed", success=True, output={"data": [picture]})
        await say(msg="close_stream")
        return response

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=picture(blank="blank" in request.path), content_type="image/png")

    async def cancel(self, request: web.Request) -> web.Response:
        self.cancelled += 1
        return web.json_response({"success": True})


def picture(*, blank: bool) -> bytes:
    buffer = io.BytesIO()
    made = Image.new("RGB", (512, 384), "white") if blank else Image.effect_noise((512, 384), 80).convert("RGB")
    made.save(buffer, "PNG")
    return buffer.getvalue()


@dataclass
class Studio:
    hub: SmallHub
    painter: Painter
    spare: Painter


@contextlib.contextmanager
def studio() -> Iterator[Studio]:
    """Runs in a loop of its own until the block ends."""
    ready: threading.Event = threading.Event()
    made: list[Studio] = []
    loop = asyncio.new_event_loop()
    end = asyncio.Event()

    async def work() -> None:
        async with small_hub() as hub, hung(Painter()) as (painter, first), hung(Painter()) as (spare, second):
            hub.add("they/painter", first)
            hub.add("they/spare-painter", second, revision="b" * 40)
            made.append(Studio(hub, painter, spare))
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(work(),))
    thread.start()
    assert ready.wait(20)
    yield made[0]
    for each in (made[0].painter, made[0].spare):
        each.open.set()
    loop.call_soon_threadsafe(end.set)
    thread.join()
    loop.close()


@contextlib.asynccontextmanager
async def hung(painter: Painter) -> AsyncIterator[tuple[Painter, str]]:
    app = web.Application()
    app.router.add_get("/config", painter.describe)
    app.router.add_get("/gradio_api/info", painter.describe)
    app.router.add_post("/gradio_api/queue/join", painter.join)
    app.router.add_get("/gradio_api/queue/data", painter.stream)
    app.router.add_post("/gradio_api/cancel", painter.cancel)
    app.router.add_get("/gradio_api/{path:file=.*}", painter.file)
    async with served(app) as host:
        yield painter, host
