"""A Space that misbehaves: speaks Gradio's HTTP, with one endpoint for each fault, and writes down what it was told."""

import asyncio
import contextlib
import gzip
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
TEXT_FAULTS = (
    *("fine", "cut", "ends", "reset", "garbage", "nested", "silent", "heartbeats", "huge", "stopped", "null_error"),
    *("quota", "gpu", "no_data", "three_values", "null", "unicode", "full", "html", "forbidden", "slow_down"),
    *("crash", "gone", "consumed", "other_event", "no_event_id"),
)
FILE_FAULTS = (
    *("picture", "lost", "too_long", "endless", "redirect", "gzip", "drip", "missing", "empty", "named"),
    *("text", "quota_text", "elsewhere", "live", "twice"),
)
FAULTS = (*TEXT_FAULTS, *FILE_FAULTS)


def file_data(name: str, **more: Any) -> dict[str, Any]:
    return {"path": name, "meta": {"_type": "gradio.FileData"}, "orig_name": "picture.png", "url": None, **more}


@dataclass
class HostileSpace:
    """The server, and what it saw."""

    host: str = ""
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of every request."""

    joined: list[dict[str, Any]] = field(default_factory=list)
    cancelled: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a stream that will not end has begun."""

    renamed: bool = False
    """Whether the parameter goes by another name."""

    elsewhere: str = ""
    """Where the fault `redirect` sends its callers."""

    sent: int = 0
    """Bytes of the file that never ends."""

    def times(self, what: str) -> int:
        return sum(what in path for _, path, _ in self.seen)

    def config(self) -> dict[str, Any]:
        components: list[dict[str, Any]] = [{"id": 1, "type": "textbox", "props": {}}]
        components += [{"id": 2, "type": "textbox", "props": {}}, {"id": 3, "type": "image", "props": {}}]
        components += [{"id": 4, "type": "state", "props": {}}]
        functions = [
            {"id": number, "api_name": fault, "inputs": [1, 4], "outputs": [3 if fault in FILE_FAULTS else 2, 4]}
            for number, fault in enumerate(FAULTS)
        ]
        return {"protocol": "sse_v3", "api_prefix": "/gradio_api", "components": components, "dependencies": functions}

    def info(self) -> dict[str, Any]:
        given = {"label": "Text", "parameter_name": "words" if self.renamed else "text", "component": "Textbox"}
        given |= {"type": {"type": "string"}, "python_type": {"type": "str"}, "parameter_has_default": False}
        text = {"label": "Out", "component": "Textbox", "type": {}, "python_type": {"type": "str"}}
        image = {"label": "Picture", "component": "Image", "type": {}, "python_type": {"type": "filepath"}}
        return {
            "named_endpoints": {
                f"/{fault}": {"parameters": [given], "returns": [image if fault in FILE_FAULTS else text]}
                for fault in FAULTS
            }
        }

    async def describe(self, request: web.Request) -> web.Response:
        return web.json_response(self.info() if request.path.endswith("info") else self.config())

    async def join(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.joined.append(body)
        match FAULTS[body["fn_index"]]:
            case "full":
                return web.json_response({"detail": "Queue is full. Max size is 1 and size is 1."}, status=503)
            case "html":
                return web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")
            case "forbidden":
                return web.json_response({"detail": "Not authenticated"}, status=401)
            case "slow_down":
                return web.json_response({"detail": "Too many"}, status=429, headers={"retry-after": "30"})
            case "crash":
                return web.Response(text="Internal Server Error", status=500)
            case "gone":
                return web.json_response({"detail": "Not Found"}, status=404)
            case "no_event_id":
                return web.json_response({})
        return web.json_response({"event_id": secrets.token_hex(8)})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        session = request.query["session_hash"]
        body = next(body for body in reversed(self.joined) if body["session_hash"] == session)
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            await self._say(FAULTS[body["fn_index"]], request, response)
        return response

    async def _say(self, fault: str, request: web.Request, response: web.StreamResponse) -> None:
        async def message(**words: Any) -> None:
            await response.write(f"data: {json.dumps(words)}\n\n".encode())

        async def done(*values: Any) -> None:
            await message(msg="process_completed", success=True, output={"data": list(values)})
            await message(msg="close_stream")

        if fault != "consumed":
            await message(msg="estimation", rank=0, queue_size=1)
            await message(msg="process_starts")
        match fault:
            case "cut" | "reset":
                await response.write(b'data: {"msg": "process_compl')
                transport = request.transport
                if transport is not None:
                    transport.abort() if fault == "reset" else transport.close()
            case "ends" | "consumed":
                if fault == "consumed":
                    self.waiting.set()
                    await asyncio.sleep(3600)
            case "garbage":
                await response.write(b"data: {not json\n\n")
            case "nested":
                await response.write(b"data: " + b"[" * 100_000 + b"\n\n")
            case "silent":
                self.waiting.set()
                await asyncio.sleep(3600)
            case "heartbeats":
                self.waiting.set()
                while True:
                    await message(msg="heartbeat")
                    await asyncio.sleep(0.02)
            case "huge":
                await done("x" * (9 * 1024 * 1024), None)
            case "stopped":
                await message(msg="unexpected_error", message="Server stopped unexpectedly.", success=False)
            case "null_error":
                await message(msg="process_completed", success=False, output={"error": None})
            case "quota" | "gpu":
                text = {
                    "quota": "You have exceeded your GPU quota (60s requested vs. 0s left). Try again in 0:10:00",
                    "gpu": "No GPU was available after 60s. Retry later",
                }[fault]
                output = {"error": text, "title": "ZeroGPU quota exceeded"}
                await message(msg="process_completed", success=False, output=output, title=output["title"])
            case "no_data":
                await message(msg="process_completed", success=True, output={})
            case "three_values":
                await done("one", "two", "three")
            case "null":
                await done(None, None)
            case "unicode":
                await response.write(
                    b'data: {"msg":"process_completed","success":true,"output":{"data":["a\\ud800b\\u202ec",null]}}\n\n'
                )
            case "other_event":
                await message(msg="process_completed", event_id="another", success=True, output={"data": ["no", None]})
                await done("mine", None)
            case "text":
                await done("Sorry, I only paint cats", None)
            case "quota_text":
                await done("Sorry, quota exceeded. Try again in 0:00:30", None)
            case "elsewhere":
                await done(file_data("/files/picture", url=f"{self.elsewhere}/secret"), None)
            case "live":
                await done(file_data("/files/picture", is_stream=True), None)
            case "named":
                await done(file_data("/files/../../named", orig_name="../../\u202egnp.exe"), None)
            case _ if fault in FILE_FAULTS:
                await done(file_data(f"/files/{fault}"), None)
            case _:
                await done(f"you said {self.joined[-1]['data'][0]}", None)

    async def file(self, request: web.Request) -> web.StreamResponse:
        match request.raw_path.rpartition("/")[2]:
            case "too_long":
                return web.Response(headers={"content-length": str(10**10)}, body=b"")
            case "redirect":
                raise web.HTTPFound(f"{self.elsewhere}/secret")
            case "gzip":
                return web.Response(body=gzip.compress(b"\0" * 1_000_000), headers={"content-encoding": "gzip"})
            case "missing":
                return web.json_response({"detail": "Not Found"}, status=404)
            case "empty":
                return web.Response(body=b"")
            case "lost" | "twice" | "endless" | "drip" as fault:
                return await self._bad_file(fault, request)
        return web.Response(body=PICTURE, content_type="image/png")

    async def _bad_file(self, fault: str, request: web.Request) -> web.StreamResponse:
        if fault == "twice" and self.times("file=/files/twice") == 2:
            return web.Response(body=PICTURE)
        response = web.StreamResponse()
        response.content_length = 1000 if fault in ("lost", "twice") else None
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            if fault in ("lost", "twice"):
                await response.write(b"x" * 500)
                if request.transport is not None:
                    request.transport.close()
            while fault == "endless":
                await response.write(b"\0" * 65_536)
                self.sent += 65_536
            while fault == "drip":
                await response.write(b"x")
                await asyncio.sleep(0.01)
        return response

    async def upload(self, request: web.Request) -> web.Response:
        parts = await request.multipart()
        part = await parts.next()
        self.uploads.append(await part.read())  # type: ignore[union-attr]  # one plain part
        return web.json_response([f"/uploads/{len(self.uploads)}"])

    async def cancel(self, request: web.Request) -> web.Response:
        self.cancelled.append(await request.json())
        return web.json_response({"success": True})

    @web.middleware
    async def note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.seen.append((request.method, request.raw_path, {k.lower(): v for k, v in request.headers.items()}))
        answer: web.StreamResponse = await handler(request)
        return answer


@contextlib.asynccontextmanager
async def hostile_space() -> AsyncIterator[HostileSpace]:
    """The Space on a free port of this machine, until the block ends."""
    space = HostileSpace()
    app = web.Application(middlewares=[space.note])
    app.router.add_get("/config", space.describe)
    app.router.add_get("/gradio_api/info", space.describe)
    app.router.add_post("/gradio_api/queue/join", space.join)
    app.router.add_get("/gradio_api/queue/data", space.stream)
    app.router.add_post("/gradio_api/upload", space.upload)
    app.router.add_post("/gradio_api/cancel", space.cancel)
    app.router.add_get("/gradio_api/{path:file=.*}", space.file)
    async with served(app) as host:
        space.host = host
        yield space


@contextlib.asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The app's address while it is served."""
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
