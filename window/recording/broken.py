"""Answers that never came: vcrpy records only what was answered, so connections that broke are written down here.

Wraps what vcrpy has put in the place of each library's own method, and has to be entered after it.
"""

import asyncio
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import ModuleType
from typing import Any

import httpx
import httpx2
import vcr.request
from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientSession,
    ServerTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from core.errors import Failure
from window.recording.exchange import BROKE, GIVEN_UP, Told
from window.recording.tape import Tape

PATIENCE = 0.5
"""Seconds for our own side to give up by itself what it gave up in the recording."""


ASIDE = frozenset({"/api/agent-harnesses"})
"""Rule *aside*: what huggingface_hub asks once a day for a cache of its own, and does without."""


class NobodyGaveUp(Failure):
    """The recorded session stopped waiting for this answer, and the played one does not."""


@contextmanager
def breaks(tape: Tape) -> Iterator[None]:
    """For as long as it lasts, what breaks is put on the tape, and what broke on the tape breaks again."""
    with ExitStack() as stack:
        stack.enter_context(_replaced(ClientSession, "_request", partial(_aiohttp, tape)))
        for library in (httpx, httpx2):
            now, later = partial(_sync, tape, library), partial(_async, tape, library)
            stack.enter_context(_replaced(library.HTTPTransport, "handle_request", now))
            stack.enter_context(_replaced(library.AsyncHTTPTransport, "handle_async_request", later))
        yield


def _aiohttp(tape: Tape, inner: Callable[..., Any]) -> Callable[..., Any]:
    async def request(self: ClientSession, method: str, url: Any, **options: Any) -> Any:
        if isinstance(options.get("data"), AsyncIterable):
            # Read here, because it can be read once and may be needed after the connection broke.
            options["data"] = b"".join([chunk async for chunk in options["data"]])
        try:
            response = await inner(self, method, url, **options)
        except (ClientError, OSError, asyncio.CancelledError) as error:
            headers = {str(name): str(value) for name, value in (options.get("headers") or {}).items()}
            asked = vcr.request.Request(method, str(url), options.get("data"), headers)
            _note(tape, asked, error)
            raise
        broke = response.headers.get(BROKE)
        if broke == GIVEN_UP:
            await _given_up(str(url))
        if broke:
            raise _aiohttp_error(broke, (await response.read()).decode(), URL(url))
        return response

    return request


def _sync(tape: Tape, library: ModuleType, inner: Callable[..., Any]) -> Callable[..., Any]:
    def handle_request(self: Any, request: Any) -> Any:
        if request.url.path in ASIDE:
            raise library.ConnectError("not a part of the session", request=request)
        body = request.read()
        try:
            response = inner(self, request)
        except library.TransportError as error:
            _note(tape, vcr.request.Request(request.method, str(request.url), body, request.headers), error)
            raise
        if broke := response.headers.get(BROKE):
            raise _httpx_error(library, broke, response.read().decode(), request)
        return response

    return handle_request


def _async(tape: Tape, library: ModuleType, inner: Callable[..., Any]) -> Callable[..., Any]:
    async def handle_async_request(self: Any, request: Any) -> Any:
        body = await request.aread()
        try:
            response = await inner(self, request)
        except (library.TransportError, asyncio.CancelledError) as error:
            _note(tape, vcr.request.Request(request.method, str(request.url), body, request.headers), error)
            raise
        broke = response.headers.get(BROKE)
        if broke == GIVEN_UP:
            await _given_up(str(request.url))
        if broke:
            raise _httpx_error(library, broke, (await response.aread()).decode(), request)
        return response

    return handle_async_request


def _note(tape: Tape, asked: Any, error: BaseException) -> None:
    if tape.record_mode.value != "all":
        return
    # A timeout says nothing itself; what failed below it is in the words of the system.
    told: Told = {"status": {"code": 0, "message": "no answer"}, "headers": {BROKE: [type(error).__name__]}}
    tape.append(asked, {**told, "body": {"string": str(error).encode()}})


def _aiohttp_error(kind: str, text: str, url: URL) -> ClientError:
    if "Timeout" in kind:
        return ServerTimeoutError(text)
    if kind == ClientPayloadError.__name__:
        return ClientPayloadError(text)
    if not kind.startswith("ClientConnector"):
        return ClientConnectionError(text)
    # It makes its text of the place and of the system's words, which stand at the end of the recorded text.
    known = {"host": url.host or "", "port": url.port, "is_ssl": url.scheme == "https", "ssl": True}
    fields: dict[str, Any] = {**dict.fromkeys(ConnectionKey._fields), **known}
    place = ConnectionKey(**fields)
    return ClientConnectorError(place, OSError(0, text.rpartition("[")[2].rstrip("]")))


def _httpx_error(library: ModuleType, kind: str, text: str, request: Any) -> Exception:
    known = getattr(library, kind, None)
    wanted = known if isinstance(known, type) and issubclass(known, library.TransportError) else library.ConnectError
    error: Exception = wanted(text, request=request)
    return error


async def _given_up(url: str) -> None:
    """Wait as the recorded session did, until our own side gives up: its next deadline is let pass at once."""
    deadlines = sorted(_deadlines(), key=lambda deadline: deadline.when() or 0.0)
    try:
        await asyncio.wait_for(asyncio.Event().wait(), PATIENCE)
    except TimeoutError:
        pass
    if deadlines and deadlines[0].when() is not None:
        deadlines[0].reschedule(asyncio.get_running_loop().time())
        await asyncio.sleep(PATIENCE)
    raise NobodyGaveUp(f"{url} was given up in the recording, and nothing gives it up now; record the session anew")


def _deadlines() -> list[asyncio.Timeout]:
    """Every `asyncio.timeout` that this task is inside of. The loop of Python 3.11 keeps them with its timers only."""
    timers = getattr(asyncio.get_running_loop(), "_scheduled", ())
    owners = [getattr(getattr(timer, "_callback", None), "__self__", None) for timer in timers]
    task = asyncio.current_task()
    return [one for one in owners if isinstance(one, asyncio.Timeout) and getattr(one, "_task", None) is task]


@contextmanager
def _replaced(owner: type, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, wrap(before))
    try:
        yield
    finally:
        setattr(owner, name, before)
