"""Two Spaces and their Hub: one gives broken outputs, the other writes down who hands them on.

They speak Gradio's wire protocol, with everything that Gradio itself would not say. Every case of `broken_outputs` is
an endpoint of `bench/wire`; `bench/witness` has one endpoint for each and counts its calls, at `GET /witnessed`.
`python -m benchmarks.faulty_spaces` serves them in a process of their own.
"""

import argparse
import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from benchmarks.broken_outputs import CASES, FILE_COMPONENTS, IMAGE, JSON, TABLE, TEXT, Case
from benchmarks.near_zero_space import ROOT, NearZero, Session

FAULTY, WIRE, WITNESS = "bench/faulty", "bench/wire", "bench/witness"
"""The cases in a Gradio app, the cases on the wire, and the Space that they are handed on to."""

HUGE = 210_000_000
"""Bytes of the file that nobody wants."""

_PIECE = bytes(1 << 20)


class Port(NamedTuple):
    """One endpoint as it describes itself."""

    takes: str
    gives: tuple[str, ...]
    description: str = ""
    default: dict[str, Any] | None = None


class WireSpace(NearZero):
    """Endpoints that are described from a table; what they do is up to the class."""

    def __init__(self, folder: Path, spaces: dict[str, str]) -> None:
        super().__init__(folder, spaces, forthright=True)
        self.describe({})

    def describe(self, ports: Mapping[str, Port]) -> None:
        self.names = list(ports)
        self._config = _config(ports)
        self._info = {"named_endpoints": {f"/{name}": _said(port) for name, port in ports.items()}}

    async def config(self, request: web.Request) -> web.Response:
        return web.json_response(self._config)

    async def info(self, request: web.Request) -> web.Response:
        return web.json_response({**self._info, "unnamed_endpoints": {}})

    async def join(self, request: web.Request) -> web.Response:
        body = await request.json()
        session = self.sessions.setdefault(str(body["session_hash"]), Session())
        return web.json_response({"event_id": self._begin(session, self.names[int(body["fn_index"])], body["data"])})

    async def _execute(self, session: Session, event: str, name: str, data: list[Any]) -> None:
        session.messages.put_nowait({"msg": "process_starts", "event_id": event, "eta": None})
        output = {"data": self.answer_to(name, data), "is_generating": False, "duration": 0.001}
        session.messages.put_nowait(
            {"msg": "process_completed", "event_id": event, "output": output, "success": True, "title": None}
        )

    def answer_to(self, name: str, data: list[Any]) -> list[Any]:
        raise NotImplementedError


class Faulty(WireSpace):
    """Every case as an endpoint."""

    host = elsewhere = ""

    def at(self, host: str, elsewhere: str) -> None:
        """What can be said once the addresses are known."""
        self.host, self.elsewhere = host, elsewhere
        example = self._file_data(CASES["example"])
        ports = {
            case.name: Port(
                IMAGE if case.takes_picture else TEXT,
                (case.component, TEXT) if case.name == "fewer" else (case.component,),
                default=example if case.name == "example" else None,
            )
            for case in CASES.values()
        }
        self.describe(ports)

    def answer_to(self, name: str, data: list[Any]) -> list[Any]:
        case = CASES[name]
        match name:
            case "fewer":
                return [self._file_data(CASES["paint"])]
            case "echo":
                given = Path(data[0]["path"])
                return [self._named(self._put(case.file, given.read_bytes()), case.file)]
            case _ if case.file:
                return [self._file_data(case)]
        return [case.content()]

    def _file_data(self, case: Case) -> dict[str, Any]:
        if case.name in ("huge", "redirect"):
            return self._named(f"/tmp/gradio/{case.name}/{case.file}", case.file)
        path = self._put(case.file, case.content())
        if case.name == "playlist":
            path = self._put("film.m3u8", case.content())
        return self._named(path, case.file)

    def _named(self, path: str, name: str) -> dict[str, Any]:
        where: dict[str, Any] = {
            "path": path,
            "url": f"{self.host}/gradio_api/file={path}",
            "size": None,
            "orig_name": name,
        }
        return {**where, "mime_type": None, "is_stream": False, "meta": {"_type": "gradio.FileData"}}

    async def file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if "/gradio/redirect/" in path:
            raise web.HTTPFound(f"{self.elsewhere}/picture.png")
        if "/gradio/huge/" not in path:
            return await super().file(request)
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(HUGE // len(_PIECE) + 1):
            await response.write(_PIECE)
        return response


class Witness(WireSpace):
    """Takes whatever it is given, and counts."""

    def __init__(self, folder: Path, spaces: dict[str, str]) -> None:
        super().__init__(folder, spaces)
        self.describe({case.name: Port(case.component, (TEXT,), case.reader) for case in CASES.values()})
        self.called: dict[str, int] = dict.fromkeys(CASES, 0)

    def answer_to(self, name: str, data: list[Any]) -> list[Any]:
        self.called[name] += 1
        return ["It was shown to everybody in the gallery."]

    async def upload(self, request: web.Request) -> web.Response:
        """Nothing of it is kept."""
        paths = []
        async for part in await request.multipart():
            digest = hashlib.sha256()
            assert isinstance(part, BodyPartReader)
            while piece := await part.read_chunk(len(_PIECE)):
                digest.update(piece)
            paths.append(f"/tmp/gradio/{digest.hexdigest()}/{Path(part.filename or 'file').name}")
        return web.json_response(paths)

    async def witnessed(self, request: web.Request) -> web.Response:
        return web.json_response(self.called)


class Stage(NamedTuple):
    """What is served, in the process that serves it."""

    hub: str
    witness_host: str
    witness: Witness


@asynccontextmanager
async def served(spaces: Mapping[str, str] | None = None) -> AsyncIterator[Stage]:
    """The Hub and the Spaces on free ports of this machine, in this event loop. `spaces` live elsewhere."""
    async with AsyncExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faulty-"))) for _ in range(2)]
        witness = Witness(folders[0], {})
        witness_host = await stack.enter_async_context(_listening(witness, web.get("/witnessed", witness.witnessed)))
        faulty = Faulty(folders[1], {**(spaces or {}), WITNESS: witness_host})
        elsewhere = await stack.enter_async_context(_listening(None, web.get("/picture.png", _elsewhere)))
        hub = await stack.enter_async_context(_listening(faulty))
        faulty.at(hub, elsewhere)
        yield Stage(hub, witness_host, witness)


async def _elsewhere(request: web.Request) -> web.Response:
    return web.Response(body=CASES["redirect"].content(), content_type="image/png")


@asynccontextmanager
async def _listening(space: WireSpace | None, *more: web.RouteDef) -> AsyncIterator[str]:
    app = web.Application(client_max_size=2 * HUGE)
    app.add_routes([*(space.routes() if space else ()), *more])
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


# How they describe themselves -------------------------------------------------------------------------------------


def _config(ports: Mapping[str, Port]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    functions = []
    for number, (name, port) in enumerate(ports.items()):
        ids = range(len(parts), len(parts) + 1 + len(port.gives))
        for id, kind in zip(ids, (port.takes, *port.gives), strict=True):
            parts.append({"id": id, "type": kind.lower(), "props": {"label": kind}, "skip_api": False})
        function = {"id": number, "api_name": name, "inputs": [ids[0]], "outputs": list(ids[1:]), "backend_fn": True}
        shown = {"targets": [[0, "click"]], "queue": True, "api_visibility": "public", "show_api": True, "cancels": []}
        functions.append(function | shown | {"types": {"generator": False, "cancel": False}, "connection": "sse"})
    said: dict[str, Any] = {"version": "6.31.0", "mode": "blocks", "api_prefix": "/gradio_api", "protocol": "sse_v3"}
    said |= {"connect_heartbeat": True, "enable_queue": True, "show_error": True, "space_id": None, "title": "Bench"}
    return {**said, "components": parts, "dependencies": functions}


def _said(port: Port) -> dict[str, Any]:
    given = {"label": "subject", "parameter_name": "subject", "example_input": None, **_typed(port.takes)}
    given |= {"parameter_has_default": port.default is not None, "parameter_default": port.default}
    returns = [{"label": kind.lower(), **_typed(kind)} for kind in port.gives]
    said = {"parameters": [given], "returns": returns, "api_visibility": "public", "description": port.description}
    return said


def _typed(component: str) -> dict[str, Any]:
    if component in FILE_COMPONENTS:
        schema: dict[str, Any] = {"type": "object", "title": "FileData", "properties": {"path": {"type": "string"}}}
        python = "filepath"
    else:
        schema = {JSON: {}, TABLE: {"type": "object"}}.get(component, {"type": "string"})
        python = {JSON: "str | float | bool | list | dict", TABLE: "dict(headers: list, data: list)"}.get(
            component, "str"
        )
    return {"type": schema, "python_type": {"type": python, "description": ""}, "component": component}


# In a process of its own ------------------------------------------------------------------------------------------


@contextmanager
def running(spaces: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The addresses `hub` and `witness`, for as long as the context is open. Dies with this process."""
    command = [sys.executable, "-m", "benchmarks.faulty_spaces", *(f"--space={id}={url}" for id, url in spaces.items())]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None and process.stdin is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


async def _serve(spaces: Mapping[str, str]) -> None:
    """Until standard input ends."""
    async with served(spaces) as stage:
        print(json.dumps({"hub": stage.hub, "witness": stage.witness_host}), flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        await reader.read()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--space", action="append", default=[], metavar="ID=URL", help="where it lives, if not here")
    asyncio.run(_serve(dict(item.split("=", 1) for item in options.parse_args().space)))


if __name__ == "__main__":
    main()
