"""Gradio's HTTP: how a Space is called, followed, given files and relieved of them.

One connection pool for the process. No redirect is followed, no address that a Space names is used, and a token goes
only where a `Visit` was made with it. Nothing here knows plans, artifacts or schemas.
"""

import asyncio
import errno
import hashlib
import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar
from urllib.parse import quote
from weakref import WeakValueDictionary

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from pydantic import JsonValue
from yarl import URL

from core.egress import origin, sockets
from core.errors import AnswerBroken, CallLost, DiskFull, Failure, OutputRefused, SpaceBusy, Unreachable
from core.signals import refusal, say
from core.sse import LONGEST, Finished, Message, Parser, TooLong, read_json, read_message

PREFIXES = ("/gradio_api", "")
"""Where Gradio's routes may hang: since version 5, and before. Nothing else that a Space names is believed."""

LARGEST_FILE = 200_000_000
"""Bytes of one downloaded file, unless the caller says otherwise."""

SLOWEST, GRACE = 1024, 5.0
"""A download that brings fewer bytes a second than this, after so many seconds, is given up."""

_CHUNK = 256 * 1024
_LAST_WORDS = 0.25
"""Seconds for the end of a stream after its result, so that the connection can be used again."""

Result = TypeVar("Result")


class Transport:
    """The connection pool and its rules. Use it as an async context manager; it belongs to that event loop."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        calls_per_host: int = 256,
        idle: float = 45.0,
        seed: str | None = None,
    ) -> None:
        self.loopback = loopback
        """Whether Spaces on this machine may be called."""
        self.idle = idle
        """Seconds without a byte after which a stream is given up: three of Gradio's heartbeats."""
        self.seed = seed
        self._calls_per_host = calls_per_host
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._sessions: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._closed_until: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self.http = ClientSession(
            connector=TCPConnector(limit=0, socket_factory=sockets(self.loopback), ttl_dns_cache=60),
            trust_env=False,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    def run_from_thread(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do the work in the transport's event loop and wait for it: for callers in other threads."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def session_name(self, *words: object) -> str:
        """A session hash that only these words lead to; one of them must be unguessable.

        A transport with a `seed` puts it in place of the first word, so that a recorded session can be played
        again although the run has another id.
        """
        parts = [str(word) for word in words]
        if self.seed is not None:
            parts[:1] = [self.seed]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def visit(
        self,
        space: str,
        host: str,
        *,
        session: str | None = None,
        token: str | None = None,
        prefix: str = PREFIXES[0],
    ) -> "Visit":
        """Everything that one call says to one Space. `token` is sent to this host and nowhere else."""
        if prefix not in PREFIXES:
            raise AnswerBroken(f"{space} keeps its API in an unknown place: {say(prefix, 50)}")
        place = origin(host, self.loopback)
        return Visit(self, space, place, prefix, session or secrets.token_hex(16), token)

    @asynccontextmanager
    async def turn(self, visit: "Visit") -> AsyncIterator[None]:
        """A place among the calls of this host, with the session for oneself: a session has one stream."""
        host = str(visit.host)
        places = self._places.setdefault(host, asyncio.Semaphore(self._calls_per_host))
        session = self._sessions.setdefault((host, visit.session), asyncio.Lock())
        async with session, places:
            yield

    def closed_for(self, host: URL) -> float:
        """Seconds for which this host still asks not to be called."""
        return max(0.0, self._closed_until.get(str(host), 0.0) - time.monotonic())

    def close_for(self, host: URL, seconds: float) -> None:
        """Remember that this host asks not to be called for a while."""
        self._closed_until[str(host)] = time.monotonic() + seconds


@dataclass
class Visit:
    """One session with one Space."""

    transport: Transport
    space: str
    host: URL
    prefix: str
    session: str
    token: str | None = field(repr=False)
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    """Where a Space has several replicas, they keep the visit at one of them. They live as long as the visit."""

    async def schema(self) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
        """`/config` and the API description, as the Space gives them."""
        config = await self._ask("GET", "/config", seconds=30)
        prefix = config.get("api_prefix") or "" if isinstance(config, dict) else None
        if not isinstance(config, dict) or prefix not in PREFIXES:
            raise AnswerBroken(f"{self.space} does not describe itself as a Gradio app does")
        info = await self._ask("GET", f"{prefix}/info", seconds=30)
        if not isinstance(info, dict):
            raise AnswerBroken(f"{self.space} does not describe its API as a Gradio app does")
        return config, info

    async def knock(self) -> bool:
        """Ask for something, which wakes a Space that sleeps. Whether it answered as a running app does."""
        try:
            async with self._answer("GET", "/config", seconds=10) as response:
                return response.status == 200
        except Unreachable:
            return False

    async def upload(self, content: Path | bytes, name: str) -> str:
        """Give the Space a file; the path it has there. `name` must be harmless: it is one that we made."""
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        # Nobody who made the content knew the session, so the boundary is not in it.
        boundary = hashlib.sha256(f"{name}\0{size}\0{self.session}".encode()).hexdigest()
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode("ascii")
        tail = f"\r\n--{boundary}--\r\n".encode("ascii")
        headers = {
            "content-type": f"multipart/form-data; boundary={boundary}",
            "content-length": str(len(head) + size + len(tail)),
        }
        body = _multipart(head, content, tail)
        answer = await self._ask("POST", f"{self.prefix}/upload", seconds=300, data=body, headers=headers)
        path = answer[0] if isinstance(answer, list) and len(answer) == 1 else None
        if not isinstance(path, str):
            raise AnswerBroken(f"{self.space} took a file but does not say where it is")
        return path

    async def join(self, function: int, data: list[JsonValue]) -> str:
        """Put a call into the Space's queue; its event id. `data` has a value for every input slot."""
        if wait := self.transport.closed_for(self.host):
            raise SpaceBusy(f"{self.space} asked not to be called for another {wait:.0f} s", wait)
        body: dict[str, JsonValue] = {"data": data, "fn_index": function, "session_hash": self.session}
        try:
            answer = await self._tell(f"{self.prefix}/queue/join", body, seconds=60)
        except SpaceBusy as error:
            if error.retry_after:
                self.transport.close_for(self.host, error.retry_after)
            raise
        event = answer.get("event_id") if isinstance(answer, dict) else None
        if not isinstance(event, str) or not 0 < len(event) <= 200:
            raise AnswerBroken(f"{self.space} took the call but gave no event id")
        return event

    async def follow(self, event: str, patience: float | None = None) -> AsyncGenerator[Message, None]:
        """What the Space says of the call, `Finished` last. May be read once: the Space forgets it then.

        `patience` limits the wait for the first byte, in seconds; every later one has the transport's `idle`.
        """
        query = f"{self.prefix}/queue/data?session_hash={quote(self.session, safe='')}"
        async with self._answer("GET", query, idle=self.transport.idle) as response:
            await self._expect(response, "the queue")
            parser = Parser(LONGEST)
            async for chunk in self._chunks(response, patience):
                for data in self._events(parser, chunk):
                    message = read_message(self.space, data, event)
                    if message is not None:
                        yield message
                    if isinstance(message, Finished):
                        await _drain(response)
                        return
        raise CallLost(f"{self.space} ended the stream without a result; call it again")

    async def download(self, path: str, destination: Path, cap: int = LARGEST_FILE) -> int:
        """Fetch a file by its path on the Space into a file that must not exist yet; its size in bytes.

        A connection that breaks is tried once more. Leaves nothing behind when it fails.
        """
        try:
            return await self._fetch(path, destination, cap)
        except Unreachable:
            pass
        try:
            return await self._fetch(path, destination, cap)
        except Unreachable as error:
            raise OutputRefused(f"the file broke off twice: {error}") from error

    async def cancel(self, event: str, function: int, patience: float = 1.0) -> None:
        """Tell the Space that nobody waits any more. Best effort: one that does not answer is left alone."""
        body: dict[str, JsonValue] = {"session_hash": self.session, "fn_index": function, "event_id": event}
        try:
            await self._tell(f"{self.prefix}/cancel", body, seconds=patience)
        except Failure:
            return

    @asynccontextmanager
    async def _answer(
        self,
        method: str,
        path: str,
        *,
        seconds: float | None = None,
        idle: float | None = None,
        data: Any = None,  # whatever aiohttp can send
        headers: dict[str, str] | None = None,
    ) -> AsyncIterator[ClientResponse]:
        # An encoded URL goes out as it is: yarl must not resolve the dots of a hostile path.
        url = URL(f"{self.host}{path}", encoded=True)
        sent = {"accept-encoding": "identity", **(headers or {})}
        if self.token:
            # The Hub's proxy takes this header off before the app sees it.
            sent["x-hf-authorization"] = f"Bearer {self.token}"
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        patience = ClientTimeout(total=seconds, sock_connect=10, sock_read=idle)
        with self._unreachable():
            response = await self.transport.http.request(
                method, url, data=data, headers=sent, timeout=patience, allow_redirects=False
            )
        try:
            for name, cookie in response.cookies.items():
                self.cookies.setdefault(name, cookie.coded_value)
            yield response
        finally:
            response.close()

    async def _tell(self, path: str, body: dict[str, JsonValue], *, seconds: float) -> JsonValue:
        data = json.dumps(body, allow_nan=False).encode()
        return await self._ask("POST", path, seconds=seconds, data=data, headers={"content-type": "application/json"})

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        data: Any = None,  # whatever aiohttp can send
        headers: dict[str, str] | None = None,
    ) -> JsonValue:
        async with self._answer(method, path, seconds=seconds, data=data, headers=headers) as response:
            await self._expect(response, path)
            body = await self._body(response, LONGEST)
        if len(body) > LONGEST:
            raise AnswerBroken(f"{self.space} answers {path} with more than {LONGEST} bytes")
        return read_json(self.space, body, path)

    async def _expect(self, response: ClientResponse, what: str) -> None:
        if response.status != 200:
            body = await self._body(response, 65_536)
            raise refusal(self.space, what, response.status, response.headers, body)
        if not _plain(response):
            raise AnswerBroken(f"{self.space} answers {what} in an encoding that was not asked for")

    async def _body(self, response: ClientResponse, enough: int) -> bytes:
        """The body, or a little more than `enough` bytes of it."""
        body = bytearray()
        with self._unreachable():
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > enough:
                    break
        return bytes(body)

    async def _chunks(self, response: ClientResponse, patience: float | None) -> AsyncIterator[bytes]:
        silence = patience or self.transport.idle
        try:
            async with asyncio.timeout(patience):
                chunk = await response.content.readany()
            yield chunk
            silence = self.transport.idle
            async for chunk in response.content.iter_any():
                yield chunk
        except TimeoutError as error:
            raise CallLost(f"{self.space} said nothing for {silence:.0f} s; call it again") from error
        except (ClientError, OSError) as error:
            raise CallLost(f"the answer of {self.space} broke off ({_why(error)}); call it again") from error

    def _events(self, parser: Parser, chunk: bytes) -> list[bytes]:
        try:
            return parser.feed(chunk)
        except TooLong as error:
            raise AnswerBroken(f"{self.space} answered with more than can be taken: {error}") from None

    async def _fetch(self, path: str, destination: Path, cap: int) -> int:
        async with self._answer("GET", f"{self.prefix}/file={quote(path, safe='/')}", idle=10) as response:
            self._look_at_file(response, cap)
            with destination.open("xb") as file:
                try:
                    with self._unreachable():
                        return await self._take(response, file, cap)
                except BaseException as error:
                    destination.unlink(missing_ok=True)
                    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                        raise DiskFull(
                            f"there is no room for the file of {self.space}; free space and resume"
                        ) from error
                    raise

    def _look_at_file(self, response: ClientResponse, cap: int) -> None:
        if 300 <= response.status < 400:
            raise OutputRefused(f"{self.space} redirects its file to another place, which is not followed")
        if response.status != 200:
            raise OutputRefused(f"{self.space} does not give out its file (status {response.status})")
        if not _plain(response):
            raise OutputRefused(f"{self.space} sends its file in an encoding that was not asked for")
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > cap:
            raise OutputRefused(f"the file of {self.space} has {length} bytes; more than {cap} are not taken")

    async def _take(self, response: ClientResponse, file: BinaryIO, cap: int) -> int:
        start = time.monotonic()
        size = 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > cap:
                raise OutputRefused(f"the file of {self.space} is larger than {cap} bytes, which is not taken")
            waited = time.monotonic() - start
            if waited > GRACE and size < SLOWEST * waited:
                raise OutputRefused(f"{self.space} sends its file at {size / waited:.0f} bytes a second: too slow")
            file.write(chunk)
        return size

    @contextmanager
    def _unreachable(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, TimeoutError, ConnectionError) as error:
            raise Unreachable(f"{self.space} cannot be reached at {self.host.host}: {_why(error)}") from error


async def _multipart(head: bytes, content: Path | bytes, tail: bytes) -> AsyncIterator[bytes]:
    yield head
    if isinstance(content, bytes):
        yield content
    else:
        with content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    yield tail


async def _drain(response: ClientResponse) -> None:
    """Read what little follows the result, or give up the connection."""
    try:
        async with asyncio.timeout(_LAST_WORDS):
            async for _ in response.content.iter_any():
                pass
    except (ClientError, OSError):
        return


def _plain(response: ClientResponse) -> bool:
    return response.headers.get("content-encoding", "identity") in ("", "identity")


def _why(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
