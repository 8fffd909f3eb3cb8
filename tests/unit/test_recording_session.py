"""The command of a recorded session: what is kept of it, and what every session finds for itself."""

import os

import pytest

from core.errors import InputsRefused
from tools.preflight.package_index import package_index
from window.recording.session import command_of, surroundings


def test_where_the_hub_is_and_runs_are_kept_does_not_belong_to_a_session():
    command = command_of(["--", "ask", "--local", "--runs", "here", "--yes", "Draw a fox"])
    assert command.words == ("ask", "--yes", "Draw a fox") and command.local


def test_an_endpoint_of_a_space_stays_and_that_of_a_hub_does_not():
    command = command_of(["validate", "me/painter", "--endpoint", "/draw", "--endpoint", "http://127.0.0.1:1"])
    assert command.words == ("validate", "me/painter", "--endpoint", "/draw")
    assert command.endpoint == "http://127.0.0.1:1"


@pytest.mark.parametrize("before", ["", "picture="])
def test_a_file_comes_along(tmp_path, before):
    (tmp_path / "tower.png").write_bytes(b"\x89PNG\0")
    command = command_of(["validate", "me/painter", "--file", f"{before}{tmp_path / 'tower.png'}"])
    assert str(tmp_path) not in command.model_dump_json()
    words = command.unpacked(tmp_path / "elsewhere")
    assert words[-1] == f"{before}{tmp_path / 'elsewhere' / 'tower.png'}"
    assert (tmp_path / "elsewhere" / "tower.png").read_bytes() == b"\x89PNG\0"


@pytest.mark.parametrize("words", [[], ["--"], ["--", "runs"], ["replay", "x"]])
def test_what_says_nothing_to_the_world_is_not_recorded(words):
    with pytest.raises(InputsRefused, match="record wants a command"):
        command_of(words)


def test_a_session_asks_a_package_index_that_nobody_answers(tmp_path):
    before = dict(os.environ)
    with surroundings(command_of(["plan", "Draw a fox"]), "http://127.0.0.1:1", None, tmp_path, tmp_path / "runs"):
        assert package_index(os.environ) == "http://127.0.0.1:9/simple"
    assert dict(os.environ) == before
