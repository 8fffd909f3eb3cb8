"""The way from a Space's address to its app: streamed, unbuffered, and given up when the client leaves."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, eventually, readme, running_hub

# A server that is not Gradio, to see exactly what arrives.
RAW_APP = """
import asyncio, hashlib, os
import uvicorn

seen = {"open": 0, "largest": 0}

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    async def start(status=200, headers=()):
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    path = scope["path"]
    if path == "/upload":
        digest, size = hashlib.sha256(), 0
        while True:
            message = await receive()
            digest.update(message.get("body", b""))
            size += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await start()
        await send({"type": "http.response.body", "body": f"{size} {digest.hexdigest()}".encode()})
    elif path == "/download":
        await start(headers=[(b"content-length", str(100 * 2**20).encode())])
        for _ in range(100):
            await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    elif path == "/endless":
        seen["open"] += 1
        await start(headers=[(b"content-type", b"text/event-stream")])
        async def tick():
            while True:
                await send({"type": "http.response.body", "body": b"data: tick\\n\\n", "more_body": True})
                await asyncio.sleep(0.05)
        ticking = asyncio.create_task(tick())
        while (await receive())["type"] != "http.disconnect":
            pass
        ticking.cancel()
        seen["open"] -= 1
    elif path == "/broken":
        await start(headers=[(b"content-length", b"100")])
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        os._exit(1)
    else:
        await start(headers=[(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")])
        query = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        host = dict(scope["headers"])[b"host"].decode()
        await send({"type": "http.response.body", "body": f"{seen['open']} {query} {host}".encode()})

uvicorn.run(app, host="127.0.0.1", port=int(os.environ["GRADIO_SERVER_PORT"]), log_level="warning")
"""


# A server that talks over a web socket: says what it is told, and goes when it is told to.
ECHO_APP = """
import os
from aiohttp import WSMsgType, web

async def talk(request):
    if request.path == "/closed":
        raise web.HTTPForbidden(text="not here")
    socket = web.WebSocketResponse(protocols=["second"])
    await socket.prepare(request)
    token = request.headers.get("authorization")
    await socket.send_json({"host": request.host, "token": token, "query": request.query_string})
    async for message in socket:
        if message.data == "go":
            await socket.close(code=4001, message=b"gone")
        elif message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
        else:
            await socket.send_bytes(message.data)
    return socket

app = web.Application()
app.router.add_get("/{path:.*}", talk)
web.run_app(app, host="127.0.0.1", port=int(os.environ["GRADIO_SERVER_PORT"]), print=None)
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    bundle = tmp_path_factory.mktemp("bundle")
    (bundle / "raw").mkdir()
    (bundle / "raw/README.md").write_text(readme())
    (bundle / "raw/app.py").write_text(RAW_APP)
    (bundle / "echo").mkdir()
    (bundle / "echo/README.md").write_text(readme())
    (bundle / "echo/app.py").write_text(ECHO_APP)
    with running_hub(tmp_path_factory.mktemp("hub"), bundle) as running:
        yield running


@pytest.fixture(scope="module")
def host(hub: LocalHub) -> str:
    return hub.host("atelier/raw")


def test_path_query_host_and_repeated_headers_arrive_as_they_were_sent(hub: LocalHub, host: str) -> None:
    answer = hub.get(f"{host}/file=%2Ftmp%2Fa%20b?x=1&x=%2F")
    assert answer.text == f"0 /file=%2Ftmp%2Fa%20b?x=1&x=%2F {host.removeprefix('http://')}"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("sized", [True, False])
def test_a_large_upload_is_passed_on_piece_by_piece(hub: LocalHub, host: str, tmp_path: Path, sized: bool) -> None:
    pieces = (bytes([number]) * 2**20 for number in range(100))
    headers = {"content-length": str(100 * 2**20)} if sized else {}
    before = memory_of(hub)
    answer = httpx.post(f"{host}/upload", content=pieces, headers=headers, timeout=60)
    expected = hashlib.sha256(b"".join(bytes([number]) * 2**20 for number in range(100))).hexdigest()
    assert answer.text == f"{100 * 2**20} {expected}"
    assert memory_of(hub) - before < 30e6


def test_a_large_download_is_not_held_in_memory(hub: LocalHub, host: str) -> None:
    hub.get(host)
    before = memory_of(hub)
    with httpx.stream("GET", f"{host}/download", timeout=60) as answer:
        size = sum(len(piece) for piece in answer.iter_raw())
    assert size == 100 * 2**20
    assert memory_of(hub) - before < 30e6


def memory_of(hub: LocalHub) -> int:
    """The most memory the hub has held so far, in bytes."""
    status = Path(f"/proc/{hub.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_events_arrive_while_the_answer_goes_on_and_a_client_that_leaves_is_not_kept(hub: LocalHub, host: str) -> None:
    hub.get(host)
    with httpx.stream("GET", f"{host}/endless", timeout=5) as answer:
        pieces = answer.iter_text()
        first = next(pieces)
        during = hub.get(host).text[0]
    assert (first, during) == ("data: tick\n\n", "1")
    assert eventually(lambda: hub.get(host).text[0] == "0")


def test_an_app_that_dies_in_the_middle_gives_a_broken_answer_and_not_a_short_one(hub: LocalHub, host: str) -> None:
    hub.get(host)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{host}/broken")
    assert eventually(lambda: hub.runtime("atelier/raw")["stage"] == "RUNTIME_ERROR")


def test_many_first_requests_start_one_process(hub: LocalHub) -> None:
    id = hub.put("crowd", app_dot_py="print('started once')\n" + RAW_APP)
    address = hub.host(id)

    async def crowd() -> list[int]:
        async with httpx.AsyncClient(timeout=60) as client:
            return [answer.status_code for answer in await asyncio.gather(*(client.get(address) for _ in range(20)))]

    assert asyncio.run(crowd()) == [200] * 20
    log = (hub.data / "work/local--crowd/run.log").read_text()
    assert log.count("started once") == 1


async def test_a_web_socket_is_carried_with_its_protocol_its_bytes_and_its_end(hub: LocalHub) -> None:
    host = hub.host("atelier/echo")
    headers = {"authorization": f"Bearer {hub.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(f"{host}/talk?a=%2F", protocols=["first", "second"]) as socket,
    ):
        met = await socket.receive_json(timeout=20)
        await socket.send_str("word")
        await socket.send_bytes(bytes(2**20))
        told = [await socket.receive_str(timeout=5), await socket.receive_bytes(timeout=5)]
        await socket.send_str("go")
        last = await socket.receive(timeout=5)
    assert met == {"host": host.removeprefix("http://"), "token": None, "query": "a=/"}
    assert (socket.protocol, told, last.type, socket.close_code) == (
        "second",
        ["word", bytes(2**20)],
        aiohttp.WSMsgType.CLOSE,
        4001,
    )


async def test_an_app_that_refuses_a_web_socket_is_heard(hub: LocalHub) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(hub.host("atelier/echo") + "/closed")
    assert caught.value.status == 403


async def test_a_visitor_who_leaves_ends_the_web_socket_of_the_app(hub: LocalHub) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(hub.host("atelier/echo") + "/talk")
        await socket.close()
    assert socket.closed
