"""A call recorded once is played again without a network: upload, stream and download included."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import pytest
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from core.sse import Finished
from core.transport import Transport, Visit
from tests.loopback.hostile_space import FAULTS, PICTURE, hostile_space

EVERYTHING = ["method", "scheme", "host", "port", "path", "query", "body"]


@contextmanager
def cassette(path: Path, mode: str) -> Iterator[vcr.cassette.Cassette]:
    recorder = vcr.VCR(record_mode=mode, match_on=EVERYTHING, filter_headers=["x-hf-authorization"])
    with recorder.use_cassette(str(path)) as tape:
        yield tape


async def draw(transport: Transport, host: str, words: str, folder: Path) -> bytes:
    """Everything a call can do: the schema, a file up, the call itself, a file down."""
    session = transport.session_name("a run's own id", "draw", words)
    visit = transport.visit("me/space", host, session=session, token="hf_mine")
    await visit.schema()
    await visit.upload(b"\x00\xff" + words.encode(), "sketch.png")
    picture = await result(visit, words)
    await visit.download(picture, folder / words)
    return (folder / words).read_bytes()


async def result(visit: Visit, words: str) -> str:
    event = await visit.join(FAULTS.index("picture"), [words, None])
    async with aclosing(visit.follow(event)) as stream:
        (finished,) = [message async for message in stream if isinstance(message, Finished)]
    picture = finished.data[0]
    assert isinstance(picture, dict)
    return str(picture["path"])


async def test_a_whole_call_is_played_again_after_the_space_is_gone(tmp_path: Path) -> None:
    tape = tmp_path / "call.yaml"
    (tmp_path / "first").mkdir()
    async with hostile_space() as space, Transport(loopback=True, seed="fixed") as transport:
        with cassette(tape, "once"):
            assert await draw(transport, space.host, "fox", tmp_path / "first") == PICTURE
        host = space.host
    async with Transport(loopback=True, seed="fixed") as transport:
        with cassette(tape, "none") as played:
            assert await draw(transport, host, "fox", tmp_path) == PICTURE
        assert played.all_played
        with cassette(tape, "none"), pytest.raises(CannotOverwriteExistingCassetteException):
            await draw(transport, host, "wolf", tmp_path)
    assert "hf_mine" not in tape.read_text()


async def test_calls_that_ran_side_by_side_get_their_own_answers_again(tmp_path: Path) -> None:
    tape = tmp_path / "calls.yaml"
    words = [f"fox {number}" for number in range(8)]
    (tmp_path / "first").mkdir()
    async with hostile_space() as space, Transport(loopback=True, seed="fixed") as transport:
        with cassette(tape, "once"):
            await asyncio.gather(*(draw(transport, space.host, word, tmp_path / "first") for word in words))
        host = space.host
    async with Transport(loopback=True, seed="fixed") as transport:
        with cassette(tape, "none") as played:
            await asyncio.gather(*(draw(transport, host, word, tmp_path) for word in reversed(words)))
        assert played.all_played


def test_a_session_is_named_by_the_run_unless_a_seed_is_given() -> None:
    first, second = Transport(), Transport()
    assert first.session_name("run 1", "draw") == second.session_name("run 1", "draw")
    assert first.session_name("run 1", "draw") != first.session_name("run 2", "draw")
    seeded = Transport(seed="fixed")
    assert seeded.session_name("run 1", "draw") == seeded.session_name("run 2", "draw")
