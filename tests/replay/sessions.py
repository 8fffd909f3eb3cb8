"""A small world on loopback and a session in it, for tests of recording: no Hub, no Spaces, the same libraries."""

import asyncio
import json
import os
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
import httpx2

from window.recording import recorder

SECRET = "hf_" + "abcdefgh" * 4
BUILDING = 8
"""How often the Space is asked for before it runs."""


@dataclass
class World:
    port: int = 0
    asked: dict[str, int] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes] | None:
        """Status, content type and body; None breaks the connection."""
        self.asked[path] = self.asked.get(path, 0) + 1
        match path.partition("?")[0]:
            case "/api/spaces/me/painter":
                stage = "BUILDING" if self.asked[path] <= BUILDING else "RUNNING"
                domains = [{"domain": f"127.0.0.1:{self.port}"}]
                return _json({"id": "me/painter", "runtime": {"stage": stage, "domains": domains}})
            case "/api/whoami-v2":
                return _json({"name": "me", "email": "me@home.example", "auth": {"token": SECRET}})
            case "/chat/completions":
                return _json({"said": json.loads(body)["messages"][-1]["content"].upper(), "key": SECRET})
            case "/gradio_api/queue/join":
                return _json({"event_id": os.urandom(16).hex()})
            case "/gradio_api/queue/data":
                return (
                    200,
                    "text/event-stream",
                    b'data: {"msg": "process_completed"}\n\ndata: {"msg": "close_stream"}\n\n',
                )
            case "/picture":
                return 200, "image/png", b"\x89PNG\0" + bytes(range(256)) * 40
            case "/breaks":
                return None
        return 404, "text/plain", b"nothing here"


def _json(value: Any) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps(value).encode()


@contextmanager
def world() -> Iterator[World]:
    there = World()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path == "/waits":
                over.wait(20)
                return
            answer = there.answer(self.command, self.path, body)
            if answer is None:
                self.connection.close()
                return
            status, kind, data = answer
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.send_header("set-cookie", f"session={SECRET}")
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            return

    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    there.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield there
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


Work = Callable[["Client"], Any]


@dataclass
class Client:
    """What a session asks with: aiohttp as for Spaces and models, httpx2 as huggingface_hub does."""

    http: aiohttp.ClientSession
    endpoint: str = field(default_factory=lambda: os.environ["HF_ENDPOINT"])

    async def get(self, path: str) -> bytes:
        async with self.http.get(self.endpoint + path) as response:
            return await response.read()

    async def post(self, path: str, body: Any) -> Any:
        headers = {"authorization": f"Bearer {os.environ['HF_TOKEN']}", "content-type": "application/json"}
        async with self.http.post(self.endpoint + path, data=json.dumps(body).encode(), headers=headers) as response:
            return json.loads(await response.read())

    async def say(self, words: str) -> str:
        question = {"messages": [{"role": "system", "content": "Plan.\nBe brief."}, {"role": "user", "content": words}]}
        return str((await self.post("/chat/completions", question))["said"])

    def stage(self) -> str:
        with httpx2.Client() as client:
            found = client.get(f"{self.endpoint}/api/spaces/me/painter").json()
        return str(found["runtime"]["stage"])


def session(work: Work) -> recorder.Main:
    """A command that does the work and says what came of it."""

    def main(words: list[str]) -> int:
        async def do() -> Any:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                return await work(Client(http))

        print(asyncio.run(do()))
        return 0

    return main


def recorded(cassette: Path, there: World, work: Work) -> str:
    """The cassette's text after the session was recorded in this world."""
    words = ["--", "ask", "--endpoint", there.endpoint, "a goal"]
    options = Namespace(cassette=str(cassette), rest=words, note="", seed=None, runs=None)
    before = os.environ.get("HF_TOKEN")
    os.environ["HF_TOKEN"] = SECRET
    try:
        assert recorder.record(options, session(work)) == 0
    finally:
        os.environ.pop("HF_TOKEN")
        if before is not None:
            os.environ["HF_TOKEN"] = before
    return cassette.read_text("utf-8")


def played(cassette: Path, work: Work) -> recorder.Played:
    return recorder.play(cassette, session(work))
