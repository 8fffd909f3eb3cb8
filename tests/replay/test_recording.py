"""A session that was recorded comes to the same again with nobody there, and says so when it does not."""

import asyncio
import os
from argparse import Namespace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.redact import redact
from tests.replay.sessions import SECRET, Client, World, played, recorded, session, world
from window.recording import recorder


async def everything(client: Client) -> list[Any]:
    """One of each: polling in threads, a prompt, a call of a Space, a picture."""
    session = {"data": ["a fox"], "fn_index": 0, "session_hash": os.urandom(8).hex()}
    while (stage := await asyncio.to_thread(client.stage)) != "RUNNING":
        await asyncio.sleep(0.01)
    await client.post("/gradio_api/queue/join", session)
    stream = await client.get(f"/gradio_api/queue/data?session_hash={session['session_hash']}")
    return [stage, await client.say("paint a fox"), stream.count(b"data:"), len(await client.get("/picture"))]


@pytest.fixture(scope="module")
def cassette(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("session") / "everything.yaml"
    with world() as there:
        recorded(path, there, everything)
    return path


def test_a_session_comes_to_the_same_when_its_world_is_gone(cassette: Path) -> None:
    assert played(cassette, everything).same


def test_a_changed_prompt_fails_and_says_what_changed(cassette: Path) -> None:
    async def changed(client: Client) -> list[Any]:
        client.say, say = (lambda words: say(words.replace("fox", "wolf"))), client.say  # type: ignore[method-assign]
        return await everything(client)

    done = played(cassette, changed)
    assert not done.same
    (difference,) = done.missed
    assert "-  - content: paint a fox" in difference and "+  - content: paint a wolf" in difference
    assert any("/chat/completions" in line for line in done.left)


def test_an_exchange_left_over_fails(cassette: Path) -> None:
    async def less(client: Client) -> list[Any]:
        client.get, get = (lambda path: _nothing() if path == "/picture" else get(path)), client.get  # type: ignore[method-assign]
        return await everything(client)

    done = played(cassette, less)
    assert not done.same and done.left == ("GET http://127.0.0.1:8000/picture",)


def test_a_missing_exchange_fails(cassette: Path) -> None:
    async def more(client: Client) -> list[Any]:
        came = await everything(client)
        await client.get("/picture")
        return came

    done = played(cassette, more)
    assert not done.same and done.missed == (
        "GET http://127.0.0.1:8000/picture\nwas recorded 1 times and asked for once more",
    )


def test_another_outcome_of_the_same_exchanges_fails(cassette: Path) -> None:
    async def other(client: Client) -> list[Any]:
        return list(reversed(await everything(client)))

    (difference,) = played(cassette, other).differences
    assert difference.startswith("said differs")


def test_pauses_are_not_waited_for(cassette: Path) -> None:
    async def slow(client: Client) -> list[Any]:
        await asyncio.sleep(600)
        return await everything(client)

    assert played(cassette, slow).same


def test_waiting_takes_no_room(cassette: Path) -> None:
    text = cassette.read_text()
    assert text.count("stage: BUILDING") == 1 and "times: 3" in text and text.count("stage: RUNNING") == 1


def test_calls_side_by_side_get_their_own_answers(tmp_path: Path) -> None:
    words = [f"paint {number}" for number in range(6)]

    def all_of(order: list[str]) -> Any:
        async def work(client: Client) -> list[str]:
            return sorted(await asyncio.gather(*map(client.say, order)))

        return work

    with world() as there:
        recorded(tmp_path / "six.yaml", there, all_of(words))
    assert played(tmp_path / "six.yaml", all_of(words[::-1])).same


def test_no_secret_and_no_folder_of_the_session_is_written_down(cassette: Path) -> None:
    text = cassette.read_text()
    assert SECRET not in text and "me@home.example" not in text and "set-cookie" not in text.lower()
    assert redact(text) == text and "/tmp/" not in text


def test_a_connection_that_broke_breaks_again(tmp_path: Path) -> None:
    async def broken(client: Client) -> str:
        try:
            await client.get("/breaks")
        except aiohttp.ClientError as error:
            return f"{isinstance(error, aiohttp.ServerConnectionError | aiohttp.ClientConnectionError)}"
        return "it came"

    with world() as there:
        recorded(tmp_path / "broken.yaml", there, broken)
    assert played(tmp_path / "broken.yaml", broken).same


def test_nobody_there_is_nobody_there_again(tmp_path: Path) -> None:
    async def closed(client: Client) -> str:
        try:
            await client.get("/picture")
            return "it came"
        except aiohttp.ClientConnectorError as error:
            return type(error).__name__

    assert "ClientConnectorError" in recorded(tmp_path / "closed.yaml", World(port=1), closed)
    assert played(tmp_path / "closed.yaml", closed).same


def test_a_deadline_that_passed_passes_again_without_the_wait(tmp_path: Path) -> None:
    def late(seconds: float) -> Any:
        async def work(client: Client) -> str:
            try:
                async with asyncio.timeout(seconds):
                    await client.get("/waits")
            except TimeoutError:
                return "late"
            return "in time"

        return work

    with world() as there:
        recorded(tmp_path / "late.yaml", there, late(0.3))
    assert played(tmp_path / "late.yaml", late(600)).same


def test_a_cassette_says_how_to_record_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "again.yaml"
    with world() as there:
        first = recorded(path, there, everything)
    with world() as there:
        monkeypatch.setenv("HF_ENDPOINT", there.endpoint)
        monkeypatch.setenv("HF_TOKEN", SECRET)
        options = Namespace(cassette=str(path), rest=[], note="", seed=None, runs=None)
        assert recorder.record(options, session(everything)) == 0
    assert path.read_text("utf-8") == first


async def _nothing() -> bytes:
    return b"\x89PNG\0" + bytes(range(256)) * 40
