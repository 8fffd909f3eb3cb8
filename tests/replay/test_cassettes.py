"""Every recorded session comes to the same plan, artifacts and verdicts, with no network at all."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from core.redact import redact
from window.recording import recorder
from window.recording.shelf import read

FOLDER = Path(__file__).parents[2] / "cassettes"
CASSETTES = sorted(FOLDER.glob("*.yaml"))

MACHINE = re.compile(r"(?<![\w}.])/(?:root|home/\w+|Users|tmp)/")

_offline = False


def _nowhere(event: str, arguments: tuple[object, ...]) -> None:
    if _offline and event == "socket.connect" and isinstance(arguments[1], tuple):
        raise AssertionError(f"a played session tried to reach {arguments[1]}")


sys.addaudithook(_nowhere)


@pytest.fixture
def offline() -> Iterator[None]:
    global _offline
    _offline = True
    yield
    _offline = False


def test_there_are_sessions() -> None:
    assert len(CASSETTES) >= 6


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_the_session_comes_to_the_same_again(cassette: Path, offline: None) -> None:
    played = recorder.play(cassette, app.main)
    assert (played.missed, played.left, played.differences) == ((), (), ())


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_no_secret_and_no_machine_is_in_it(cassette: Path) -> None:
    text = cassette.read_text("utf-8")
    assert redact(text) == text and not MACHINE.search(text)


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_the_header_says_what_answered(cassette: Path) -> None:
    header, _ = read(cassette)
    assert {"hub", "model"} <= header["answered"].keys() and {"recorded", "session", "versions"} <= header.keys()
    if "127.0.0.1" in header["answered"].get("coding model", ""):
        assert "script" in header["answered"]["note"]
