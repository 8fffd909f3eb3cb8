"""A Space that costs next to nothing: Gradio 6's wire protocol in front of tiny functions, and the Hub's word on it.

Speaks as much of it as our transport, gradio_client 2.7 and a plain HTTP client use, its forgetfulness included: a
result can be read once, and a stream that broke takes its call along. Counts what it executes, at `GET /count`.
Not a Gradio app: no queue limits, no validation. Run it with `python -m benchmarks.near_zero_space`.
"""

import argparse
import asyncio
import hashlib
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from benchmarks.tiny_works import CONFIG, ENDPOINTS, INFO, MAKERS, PICTURE

ROOT = Path(__file__).resolve().parent.parent
SPACE = "bench/near-zero"
REVISION = "0" * 39 + "1"
HEARTBEAT = 15.0
"""Seconds between two signs of life of a stream, as in Gradio 6."""


@dataclass
class Session:
    """What one `session_hash` is still owed."""

    messages: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    pending: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)


class NearZero:
    """The server's state: sessions, files, and what was executed when."""

    def __init__(self, folder: Path, spaces: dict[str, str], forthright: bool) -> None:
        self.folder = folder
        self.spaces = spaces
        """Space ids with their hosts; an id that is not listed lives here."""
        self.forthright = forthright
        """Says at once that a result was read before. Gradio says nothing, for ever, which costs a test 10 s a time."""
        self.sessions: dict[str, Session] = {}
        self.executions: dict[str, dict[str, list[float]]] = {}

    def routes(self) -> list[web.RouteDef]:
        api = "/gradio_api"
        return [
            web.get("/config", self.config),
            web.get(f"{api}/info", self.info),
            web.post(f"{api}/upload", self.upload),
            web.post(f"{api}/queue/join", self.join),
            web.get(f"{api}/queue/data", self.stream),
            web.post(f"{api}/call/{{name}}", self.call),
            web.get(f"{api}/call/{{name}}/{{event}}", self.answer),
            web.get(f"{api}/file={{path:.*}}", self.file),
            web.get(f"{api}/heartbeat/{{session}}", self.heartbeat),
            web.post(f"{api}/cancel", self.cancel),
            web.get("/api/spaces/{owner}/{name}", self.space),
            web.get("/api/spaces/{owner}/{name}/runtime", self.runtime),
            web.get("/count", self.count),
        ]

    # What the app and the Hub say of it ---------------------------------------------------------------------------

    async def config(self, request: web.Request) -> web.Response:
        return web.json_response(CONFIG)

    async def info(self, request: web.Request) -> web.Response:
        return web.json_response(INFO)

    async def space(self, request: web.Request) -> web.Response:
        id = f"{request.match_info['owner']}/{request.match_info['name']}"
        host = self.spaces.get(id, f"http://{request.host}")
        said = {"id": id, "author": id.partition("/")[0], "sha": REVISION, "private": False, "sdk": "gradio"}
        return web.json_response({**said, "host": host, "subdomain": "", "tags": ["gradio"], "runtime": _RUNTIME})

    async def runtime(self, request: web.Request) -> web.Response:
        return web.json_response(_RUNTIME)

    async def count(self, request: web.Request) -> web.Response:
        """{endpoint: {input: [seconds since 1970 of each execution]}}, of the inputs that contain `?of=`."""
        wanted = request.query.get("of", "")
        return web.json_response(
            {
                name: {said: times for said, times in counted.items() if wanted in said}
                for name, counted in self.executions.items()
            }
        )

    # Calls -------------------------------------------------------------------------------------------------------

    async def join(self, request: web.Request) -> web.Response:
        body = await request.json()
        session = self.sessions.setdefault(str(body["session_hash"]), Session())
        name = list(ENDPOINTS)[int(body["fn_index"])]
        return web.json_response({"event_id": self._begin(session, name, body["data"])})

    async def call(self, request: web.Request) -> web.Response:
        session = Session()
        event = self._begin(session, f"/{request.match_info['name']}", (await request.json())["data"])
        self.sessions[event] = session
        return web.json_response({"event_id": event})

    async def cancel(self, request: web.Request) -> web.Response:
        body = await request.json()
        session = self.sessions.get(str(body.get("session_hash")))
        task = session.pending.get(str(body.get("event_id"))) if session else None
        if task:
            task.cancel()
        return web.json_response({"success": True})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`queue/data`: every message of a session, until nothing is pending."""
        async with self._reading(request, request.query["session_hash"]) as (response, session):
            if session is None:
                await _tell(response, _LOST)
                return response
            while True:
                message = await self._next(session, response)
                await _tell(response, message)
                if message["msg"] == "process_completed":
                    session.pending.pop(message["event_id"], None)
                    if not session.pending:
                        if self.forthright:
                            self.sessions.pop(request.query["session_hash"], None)
                        await _tell(response, {"msg": "close_stream", "event_id": None})
                        return response
        return response

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """`call/<name>/<event>`: one event, then nothing any more."""
        async with self._reading(request, request.match_info["event"]) as (response, session):
            if session is None:
                await response.write(b'event: error\ndata: "404: Not Found"\n\n')
                return response
            message: dict[str, Any] = {"msg": ""}
            while message["msg"] != "process_completed":
                message = await self._next(session, response)
            data = json.dumps(message["output"]["data"])
            await response.write(f"event: complete\ndata: {data}\n\n".encode())
        return response

    @asynccontextmanager
    async def _reading(
        self, request: web.Request, name: str
    ) -> AsyncIterator[tuple[web.StreamResponse, Session | None]]:
        """A stream of the session, if it is known. A reader who goes away takes the session along."""
        try:
            async with _events(request) as response:
                yield response, self.sessions.get(name)
        except asyncio.CancelledError:
            self.sessions.pop(name, None)
            raise
        except ConnectionError:
            self.sessions.pop(name, None)

    async def _next(self, session: Session, response: web.StreamResponse) -> dict[str, Any]:
        """The next message, however long it takes."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    return await session.messages.get()
            except TimeoutError:
                await _tell(response, {"msg": "heartbeat"})

    def _begin(self, session: Session, name: str, data: list[Any]) -> str:
        event = secrets.token_hex(16)
        session.pending[event] = asyncio.create_task(self._execute(session, event, name, data))
        return event

    async def _execute(self, session: Session, event: str, name: str, data: list[Any]) -> None:
        put = session.messages.put_nowait
        put({"msg": "estimation", "event_id": event, "rank": 0, "queue_size": 1, "rank_eta": None})
        put({"msg": "process_starts", "event_id": event, "eta": None})
        said, result = self._work(name, data[0])
        self.executions.setdefault(name, {}).setdefault(said, []).append(time.time())
        await asyncio.sleep(float(data[1] or 0))
        output = {"data": [result], "is_generating": False, "duration": data[1]}
        put({"msg": "process_completed", "event_id": event, "output": output, "success": True, "title": None})

    def _work(self, name: str, subject: Any) -> tuple[str, Any]:
        """What the input is called at `/count`, and the result."""
        if ENDPOINTS[name][0] == PICTURE:
            content = Path(subject["path"]).read_bytes()
            said = hashlib.sha256(content).hexdigest()
        else:
            content, said = str(subject).encode(), str(subject)
        made = MAKERS[name](content)
        if isinstance(made, str):
            return said, made
        return said, self._give("model.glb" if name == "/glb" else "picture.png", made)

    # Files -------------------------------------------------------------------------------------------------------

    def _give(self, name: str, content: bytes) -> dict[str, Any]:
        path = self._put(name, content)
        kept = {"path": path, "url": None, "size": len(content), "orig_name": name, "mime_type": None}
        return {**kept, "is_stream": False, "meta": {"_type": "gradio.FileData"}}

    def _put(self, name: str, content: bytes) -> str:
        folder = self.folder / hashlib.sha256(content).hexdigest()
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return str(folder / name)

    async def upload(self, request: web.Request) -> web.Response:
        paths = []
        async for part in await request.multipart():
            paths.append(self._put(Path(part.filename or "file").name, bytes(await part.read())))  # type: ignore[union-attr]
        return web.json_response(paths)

    async def file(self, request: web.Request) -> web.StreamResponse:
        path = Path(unquote(request.match_info["path"])).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type="application/octet-stream")

    async def heartbeat(self, request: web.Request) -> web.StreamResponse:
        async with _events(request) as response:
            while True:
                await response.write(b"data: ALIVE\n\n")
                await asyncio.sleep(HEARTBEAT)


_RUNTIME = {"stage": "RUNNING", "hardware": {"current": "cpu-basic", "requested": "cpu-basic"}, "sha": REVISION}
_LOST = {"msg": "unexpected_error", "message": "404: Not Found", "session_not_found": True, "success": False}


@asynccontextmanager
async def _events(request: web.Request) -> AsyncIterator[web.StreamResponse]:
    response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    yield response


async def _tell(response: web.StreamResponse, message: dict[str, Any]) -> None:
    await response.write(b"data: " + json.dumps(message).encode() + b"\n\n")


@contextmanager
def running(spaces: dict[str, str] | None = None, forthright: bool = False) -> Iterator[str]:
    """A server in a process of its own for as long as the context is open; its address. Dies with this process."""
    command = [sys.executable, "-m", "benchmarks.near_zero_space", "--with-parent"]
    command += [f"--space={id}={host}" for id, host in (spaces or {}).items()]
    command += ["--forthright"] if forthright else []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None and process.stdin is not None
            yield json.loads(process.stdout.readline())["endpoint"]
        finally:
            process.kill()


async def serve(spaces: dict[str, str], with_parent: bool, forthright: bool) -> None:
    """Serve on a free port of this machine until standard input ends, or for ever."""
    with tempfile.TemporaryDirectory(prefix="near-zero-") as folder:
        app = web.Application(client_max_size=64 * 1024**2)
        app.add_routes(NearZero(Path(folder), spaces, forthright).routes())
        # A reader who goes away is noticed at once only where its handler is cancelled.
        runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        host, port = runner.addresses[0][:2]
        print(json.dumps({"endpoint": f"http://{host}:{port}"}), flush=True)
        try:
            if with_parent:
                await _end_of_input()
            else:
                await asyncio.Event().wait()
        finally:
            await runner.cleanup()


async def _end_of_input() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    options.add_argument("--space", action="append", default=[], metavar="ID=URL", help="where it lives, if not here")
    options.add_argument("--forthright", action="store_true", help="say at once that a result was read before")
    chosen = options.parse_args()
    spaces = dict(item.split("=", 1) for item in chosen.space)
    try:
        asyncio.run(serve(spaces, chosen.with_parent, chosen.forthright))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
