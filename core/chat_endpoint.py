"""One chat completion endpoint over HTTP: a question's bytes out, an answer's bytes back, and an end to it at any time.

Knows no messages, tools or prices. The address is the user's own choice, so it may lie in their own network; no
redirect is followed, so the key goes nowhere else.
"""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver, ResolveResult

from core.errors import Cancelled, Failure, ModelBroken, ModelBusy, ModelRefused, Unreachable
from core.model_spec import ModelSpec
from core.redact import MASK
from core.threads import in_thread

LARGEST = 20_000_000
"""Bytes of an answer."""

CONNECT = 10.0
"""Seconds for a connection."""

Result = TypeVar("Result")


class NotConnected(Unreachable):
    """Nobody took the question, so nothing is owed for it."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Endpoint:
    def __init__(self, spec: ModelSpec, secret: str | None, bill_to: str | None) -> None:
        self._spec = spec
        self._url = f"{spec.base_url}/chat/completions"
        self._secret = secret or ""
        self._headers = {"content-type": "application/json", "accept-encoding": "identity"}
        if secret:
            self._headers["authorization"] = f"Bearer {secret}"
        if bill_to and spec.kind == "hf":
            self._headers["x-hf-bill-to"] = bill_to

    def session(self) -> ClientSession:
        """Connections for one question and its retries; they belong to the event loop that it is asked in."""
        return ClientSession(
            connector=TCPConnector(resolver=_Resolver(), limit=0),
            timeout=ClientTimeout(total=None, sock_connect=CONNECT),
            trust_env=False,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
        )

    async def ask(self, http: ClientSession, question: bytes, seconds: float) -> Reply:
        """Whatever the endpoint replies, of any status. Raises a Failure when it does not, or not in time."""
        try:
            async with (
                asyncio.timeout(seconds),
                http.post(self._url, data=question, headers=self._headers, allow_redirects=False) as response,
            ):
                body = await self._read(response.content.iter_chunked(65_536))
                return Reply(response.status, response.headers, self._without_secret(body))
        except ClientConnectorError as error:
            raise self._no_connection(error) from error
        except TimeoutError as error:
            raise ModelBusy(f"{self._spec.model} did not answer within {seconds:.0f} s") from error
        except (ClientError, OSError) as error:
            raise Unreachable(f"the connection to {self._spec.model} broke before its answer was complete") from error

    def _without_secret(self, body: bytes) -> bytes:
        """Endpoints repeat a wrong key; short ones would be found in ordinary words."""
        return body.replace(self._secret.encode(), MASK.encode()) if len(self._secret) >= 8 else body

    async def _read(self, chunks: AsyncIterator[bytes]) -> bytes:
        body = bytearray()
        async for chunk in chunks:
            body += chunk
            if len(body) > LARGEST:
                raise ModelBroken(f"{self._spec.model} answered with more than {LARGEST:,} bytes")
        return bytes(body)

    def _no_connection(self, error: ClientConnectorError) -> Failure:
        if isinstance(error, ClientSSLError):
            return ModelRefused(f"{error.host} has no certificate that is accepted, so {self._spec.model} is not asked")
        if self._spec.local:
            return NotConnected(
                f"nothing listens at {self._spec.base_url}; start the server of {self._spec.model} first"
            )
        return NotConnected(f"{error.host} cannot be reached, so {self._spec.model} was not asked; is there a network?")


class _Resolver(AbstractResolver):
    """Looks names up in a thread that nobody waits for: the loop's own would keep a cancelled question alive."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        def look_up() -> list[Any]:  # the addresses have different shapes in IPv4 and IPv6
            return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)

        found = await in_thread(look_up)
        return [
            ResolveResult(hostname=host, host=place[0], port=place[1], family=kind, proto=protocol, flags=0)
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


class Interruptible:
    """Work that threads wait for, each piece in an event loop of its own, and that can all be stopped at once."""

    def __init__(self) -> None:
        self._doing: set[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def do(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """The result of the work. Raises Cancelled when it was stopped, before or while it was done."""
        with asyncio.Runner() as runner:
            try:
                return runner.run(self._done(work))
            except asyncio.CancelledError:
                raise _cancelled() from None

    def stop(self) -> None:
        """For ever, from any thread."""
        with self._lock:
            self._stopped = True
            for loop, task in self._doing:
                loop.call_soon_threadsafe(task.cancel)

    async def _done(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        task = asyncio.create_task(work())
        place = (asyncio.get_running_loop(), task)
        with self._lock:
            if self._stopped:
                task.cancel()
            self._doing.add(place)
        try:
            return await task
        finally:
            with self._lock:
                self._doing.discard(place)


def _cancelled() -> Cancelled:
    return Cancelled("the language model is not asked any further: the run was cancelled")
