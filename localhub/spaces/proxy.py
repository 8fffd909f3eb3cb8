"""The address of a Space: one loopback port each, where a request reaches its app or its static files.

Bodies are streamed both ways and never held; web sockets are carried message by message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from yarl import URL

from localhub import refusal
from localhub.people.passes import Passes
from localhub.people.users import Users
from localhub.repositories.repository import Repository
from localhub.spaces import static_files, web_sockets
from localhub.spaces.doorway import Doorway, without_pass, without_passes
from localhub.spaces.space_app import SpaceApp

log = logging.getLogger("localhub")

CONNECTION_HEADERS = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LARGEST_HEADER = 64 * 1024


def open_session() -> aiohttp.ClientSession:
    """The connections to all apps: as many as are asked for, nothing remembered, nothing unpacked."""
    return aiohttp.ClientSession(
        # Shorter than uvicorn's own 5 s, so that no request meets a connection that the app is closing.
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=3),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=LARGEST_HEADER,
        max_field_size=LARGEST_HEADER,
        read_bufsize=256 * 1024,
    )


class Proxy:
    """Every Space's port, and the connections from them to the apps."""

    def __init__(self, users: Users, passes: Passes, session: aiohttp.ClientSession) -> None:
        self.users = users
        self.doorway = Doorway(users, passes)
        self.session = session
        self.runners: dict[str, web.ServerRunner] = {}
        self.ports: dict[str, int] = {}

    async def listen(self, app: SpaceApp) -> int:
        """The port of a Space; it stays the same until the Space is deleted or the hub ends."""
        if app.id not in self.ports:
            self.ports[app.id] = 0
            server = web.Server(
                self.handler(app),
                access_log=None,
                handler_cancellation=True,  # a client that leaves must not leave its request to the app behind
                max_line_size=LARGEST_HEADER,
                max_field_size=LARGEST_HEADER,
            )
            runner = web.ServerRunner(server, shutdown_timeout=0.2)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.runners[app.id] = runner
            self.ports[app.id] = runner.addresses[0][1]
        return self.ports[app.id]

    async def forget(self, id: str) -> None:
        runner = self.runners.pop(id, None)
        self.ports.pop(id, None)
        if runner:
            await runner.cleanup()

    async def close(self) -> None:
        await asyncio.gather(*map(self.forget, list(self.runners)))
        await self.session.close()

    def handler(self, app: SpaceApp) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            try:
                repository = self.admit(request, app)
                if welcome := self.doorway.welcome(request, repository):
                    return welcome
                with app.idleness.visit():
                    return await self.answer(request, app)
            except refusal.Refusal as error:
                told = {"error": error.message, **error.more}
                return web.json_response(told, status=error.status, headers=error.headers())

        return handle

    async def answer(self, request: web.BaseRequest, app: SpaceApp) -> web.StreamResponse:
        """From the app that runs, from the files of a static Space, or from the app that this request wakes."""
        if app.process is None:
            commit = app.head()
            if app.runs_static(commit):
                first = app.configuration(commit)[1]
                return static_files.respond(request, commit, app.repositories.blobs, first)
        address = await app.ready()
        if request.headers.get("upgrade", "").lower() == "websocket":
            path = without_pass(request.raw_path)
            return await web_sockets.carry(request, self.session, address + path, self.passed_on(request))
        return await self.forward(request, address)

    def admit(self, request: web.BaseRequest, app: SpaceApp) -> Repository:
        """The Space, for who may see it; a foreign host name that was made to point here is refused."""
        if (request.host or "").rsplit(":", 1)[0] not in LOOPBACK:
            raise refusal.bad_request("the local Hub answers to 127.0.0.1 and localhost only")
        repository = app.repository()
        if repository.private:
            user = self.doorway.visitor(request, repository)
            if user is None or not user.sees(repository):
                raise refusal.no_repository(signed_in=True)
        return repository

    async def forward(self, request: web.BaseRequest, address: str) -> web.StreamResponse:
        if request.headers.get("expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        try:
            upstream = await self.session.request(
                request.method,
                URL(address + without_pass(request.raw_path), encoded=True),
                headers=self.passed_on(request),
                data=request.content if request.can_read_body else None,
                allow_redirects=False,
                skip_auto_headers=("accept", "accept-encoding", "user-agent", "content-type"),
            )
        except aiohttp.ClientError as error:
            raise refusal.Refusal(503, f"the app did not answer: {error}") from error
        async with upstream:
            return await give_back(request, upstream)

    def passed_on(self, request: web.BaseRequest) -> list[tuple[str, str]]:
        """The client's headers, the Host too, but no token or pass of this Hub: the app may be anybody's."""
        dropped = CONNECTION_HEADERS | {"x-hf-authorization", "expect"}
        if self.users.visiting({"authorization": request.headers.get("authorization", "")}):
            dropped = dropped | {"authorization"}
        kept = [(name, value) for name, value in request.headers.items() if name.lower() not in dropped]
        cleaned = [(name, without_passes(value) if name.lower() == "cookie" else value) for name, value in kept]
        return [(name, value) for name, value in cleaned if value or name.lower() != "cookie"]


async def give_back(request: web.BaseRequest, upstream: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=upstream.status, reason=upstream.reason)
    for name, value in upstream.headers.items():
        if name.lower() not in CONNECTION_HEADERS:
            response.headers.add(name, value)
    await response.prepare(request)
    try:
        async for chunk in upstream.content.iter_any():
            await response.write(chunk)
    except aiohttp.ClientError:
        # The app ended in the middle of its answer. The client must see a broken answer and not a short one.
        if request.transport:
            request.transport.abort()
        return response
    await response.write_eof()
    return response
