"""What the transport does with Spaces that misbehave, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from core.egress import origin, permitted
from core.errors import (
    AccessRefused,
    AnswerBroken,
    AppFailed,
    CallLost,
    EndpointMissing,
    Failure,
    OutputRefused,
    QuotaExceeded,
    SpaceBusy,
    Unreachable,
)
from core.sse import Finished, Message, Queued, Running
from core.transport import Transport, Visit
from tests.loopback.hostile_space import FAULTS, PICTURE, HostileSpace, hostile_space, served


@pytest.fixture
async def space() -> AsyncIterator[HostileSpace]:
    async with hostile_space() as space:
        yield space


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport(loopback=True) as transport:
        yield transport


async def messages(visit: Visit, fault: str) -> list[Message]:
    event = await visit.join(FAULTS.index(fault), ["hello", None])
    async with aclosing(visit.follow(event)) as stream:
        return [message async for message in stream]


async def test_a_call_gives_its_place_its_progress_and_its_result(space: HostileSpace, transport: Transport) -> None:
    said = await messages(transport.visit("me/space", space.host), "fine")
    assert said == [Queued(0, None), Running(), Finished(["you said hello", None])]


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("cut", CallLost),
        ("ends", CallLost),
        ("reset", CallLost),
        ("garbage", AnswerBroken),
        ("nested", AnswerBroken),
        ("huge", AnswerBroken),
        ("stopped", CallLost),
        ("null_error", AppFailed),
        ("quota", QuotaExceeded),
        ("gpu", SpaceBusy),
        ("no_data", AnswerBroken),
        ("full", SpaceBusy),
        ("html", AnswerBroken),
        ("forbidden", AccessRefused),
        ("slow_down", SpaceBusy),
        ("crash", AppFailed),
        ("gone", EndpointMissing),
        ("no_event_id", AnswerBroken),
    ],
)
async def test_every_fault_has_a_class_and_a_line_that_names_the_space(
    space: HostileSpace, transport: Transport, fault: str, failure: type[Failure]
) -> None:
    with pytest.raises(failure, match="me/space") as caught:
        await messages(transport.visit("me/space", space.host), fault)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


async def test_a_quota_names_the_seconds_to_wait(space: HostileSpace, transport: Transport) -> None:
    with pytest.raises(QuotaExceeded) as caught:
        await messages(transport.visit("me/space", space.host), "quota")
    assert caught.value.retry_after == 600


async def test_a_host_that_said_later_is_not_asked_again_before(space: HostileSpace, transport: Transport) -> None:
    for _ in range(3):
        with pytest.raises(SpaceBusy) as caught:
            await messages(transport.visit("me/space", space.host), "slow_down")
        assert 29 < (caught.value.retry_after or 0) <= 30
    assert space.times("queue/join") == 1


async def test_a_silent_stream_is_given_up(space: HostileSpace) -> None:
    async with Transport(loopback=True, idle=0.2) as transport:
        with pytest.raises(CallLost, match="said nothing"):
            await messages(transport.visit("me/space", space.host), "silent")


async def test_heartbeats_do_not_outlive_the_deadline(space: HostileSpace, transport: Transport) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await messages(transport.visit("me/space", space.host), "heartbeats")


async def test_a_result_that_somebody_else_read_is_not_waited_for(space: HostileSpace, transport: Transport) -> None:
    visit = transport.visit("me/space", space.host)
    event = await visit.join(FAULTS.index("consumed"), ["", None])
    with pytest.raises(CallLost, match="said nothing"):
        async for _ in visit.follow(event, patience=0.2):
            pass


async def test_messages_of_another_call_are_not_ours(space: HostileSpace, transport: Transport) -> None:
    assert (await messages(transport.visit("me/space", space.host), "other_event"))[-1] == Finished(["mine", None])


async def test_half_a_character_does_not_enter(space: HostileSpace, transport: Transport) -> None:
    last = (await messages(transport.visit("me/space", space.host), "unicode"))[-1]
    assert last == Finished(["a?b\u202ec", None])


@pytest.mark.parametrize("fault", ["lost", "too_long", "endless", "redirect", "gzip", "missing"])
async def test_a_file_that_is_not_taken_leaves_nothing_behind(
    space: HostileSpace, transport: Transport, tmp_path: Path, fault: str
) -> None:
    space.elsewhere = space.host
    with pytest.raises(OutputRefused, match="me/space"):
        await transport.visit("me/space", space.host).download(f"/files/{fault}", tmp_path / "file", cap=1_000_000)
    assert list(tmp_path.iterdir()) == []
    assert space.times("secret") == 0
    assert space.sent < 5_000_000


async def test_a_file_that_drips_is_given_up(
    space: HostileSpace, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.transport.GRACE", 0.2)
    with pytest.raises(OutputRefused, match="too slow"):
        await transport.visit("me/space", space.host).download("/files/drip", tmp_path / "file")


async def test_a_download_that_breaks_is_tried_once_more(
    space: HostileSpace, transport: Transport, tmp_path: Path
) -> None:
    size = await transport.visit("me/space", space.host).download("/files/twice", tmp_path / "file")
    assert (size, (tmp_path / "file").read_bytes()) == (len(PICTURE), PICTURE)


async def test_a_file_is_never_written_over_another(space: HostileSpace, transport: Transport, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileExistsError):
        await transport.visit("me/space", space.host).download("/files/picture", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


async def test_a_hostile_path_reaches_the_space_as_it_is_and_no_other_route(
    space: HostileSpace, transport: Transport, tmp_path: Path
) -> None:
    path = "/../../config?x=1#y http://10.0.0.1/%2e%2e"
    await transport.visit("me/space", space.host).download(path, tmp_path / "file")
    sent = "/gradio_api/file=/../../config%3Fx%3D1%23y%20http%3A//10.0.0.1/%252e%252e"
    assert [path for _, path, _ in space.seen] == [sent]


async def test_a_token_goes_where_it_was_given_and_not_along_with_a_redirect(
    space: HostileSpace, transport: Transport, tmp_path: Path
) -> None:
    async with hostile_space() as other:
        space.elsewhere = other.host
        with pytest.raises(OutputRefused):
            visit = transport.visit("me/space", space.host, token="hf_mine")
            await visit.download("/files/redirect", tmp_path / "file")
        await messages(transport.visit("you/space", other.host), "fine")
        assert space.seen[0][2]["x-hf-authorization"] == "Bearer hf_mine"
        assert not any("hf_mine" in str(headers) for _, _, headers in other.seen)


async def test_the_environment_adds_no_proxy_and_no_password(
    space: HostileSpace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with Transport(loopback=True) as transport:
        await transport.visit("me/space", space.host).schema()
    assert not any("authorization" in headers for _, _, headers in space.seen)


async def test_an_upload_arrives_byte_for_byte(space: HostileSpace, transport: Transport, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content := bytes(range(256)) * 3000 + b"\r\n--")
    visit = transport.visit("me/space", space.host)
    assert await visit.upload(tmp_path / "file", "picture.png") == "/uploads/1"
    assert await visit.upload(b"note", "note.txt") == "/uploads/2"
    assert space.uploads == [content, b"note"]


async def test_cookies_stay_with_the_visit(transport: Transport) -> None:
    seen: list[str | None] = []

    async def config(request: web.Request) -> web.Response:
        seen.append(request.headers.get("cookie"))
        response = web.json_response({"api_prefix": "/gradio_api"})
        response.set_cookie("replica", "7")
        return response

    app = web.Application()
    app.router.add_get("/{path:.*}", config)
    async with served(app) as host:
        await transport.visit("me/space", host).schema()
        await transport.visit("me/space", host).schema()
    assert seen == [None, "replica=7", None, "replica=7"]


async def test_one_session_is_used_by_one_call_at_a_time(space: HostileSpace, transport: Transport) -> None:
    inside: list[int] = []

    async def call(number: int) -> None:
        visit = transport.visit("me/space", space.host, session="shared")
        async with transport.turn(visit):
            inside.append(number)
            await messages(visit, "fine")
            assert inside[-1] == number

    await asyncio.gather(*(call(number) for number in range(5)))


async def test_a_host_gets_no_more_calls_than_allowed(space: HostileSpace) -> None:
    running = most = 0

    async def call() -> None:
        nonlocal running, most
        visit = transport.visit("me/space", space.host)
        async with transport.turn(visit):
            running += 1
            most = max(most, running)
            await messages(visit, "fine")
            running -= 1

    async with Transport(loopback=True, calls_per_host=3) as transport:
        await asyncio.gather(*(call() for _ in range(12)))
    assert most == 3


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://localhost:1", "http://10.0.0.1", "ftp://a.hf.space"])
async def test_a_space_is_called_over_https_only(host: str) -> None:
    async with Transport() as transport:
        with pytest.raises(Unreachable, match="https"):
            transport.visit("me/space", host)


@pytest.mark.parametrize("host", ["https://169.254.169.254", "https://[::1]", "https://10.1.2.3", "https://0.0.0.0"])
def test_an_address_inside_is_not_a_space(host: str) -> None:
    with pytest.raises(Unreachable, match="public"):
        origin(host, loopback=False)


@pytest.mark.parametrize("host", ["", "https://", "me/space", "https://a@b.hf.space", "https://[::1", "https://a:b:c"])
def test_what_is_no_address_is_said_so(host: str) -> None:
    with pytest.raises(Unreachable):
        origin(host, loopback=True)


async def test_a_name_that_leads_inside_is_refused_when_it_is_connected(space: HostileSpace) -> None:
    port = space.host.rpartition(":")[2]
    async with Transport() as transport:
        with pytest.raises(Unreachable, match="not a public address"):
            await transport.visit("me/space", f"https://localhost:{port}").schema()
    assert space.seen == []


def test_only_public_addresses_are_permitted() -> None:
    inside: Any = ["10.0.0.1", "192.168.1.1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1"]
    inside += ["64:ff9b::10.0.0.1", "2002:a00:1::"]
    assert not any(permitted(address, loopback=True) for address in [*inside, "fe80::1%eth0", "name"])
    assert permitted("8.8.8.8", loopback=False) and permitted("2606:4700::1", loopback=False)
    assert permitted("64:ff9b::8.8.8.8", loopback=False)
    assert permitted("127.0.0.1", loopback=True) and permitted("::ffff:127.0.0.1", loopback=True)
    assert not permitted("127.0.0.1", loopback=False)
