"""What a Job of the local Hub is told of this machine's package registries."""

from pathlib import Path

import pytest

from localhub.jobs import environment


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY", "npm_config_userconfig", "npm_config_cache"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_npm_in_a_job_has_the_settings_and_the_cache_of_this_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".npmrc").write_text("registry=http://127.0.0.1:9/\n")
    monkeypatch.setenv("NPM_CONFIG_STRICT_SSL", "false")
    found = environment.installer()
    assert found["npm_config_userconfig"] == str(home / ".npmrc")
    assert (found["npm_config_cache"], found["NPM_CONFIG_STRICT_SSL"]) == (str(home / ".npm"), "false")


def test_a_variable_of_npm_wins_over_the_place_where_its_file_would_be(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".npmrc").write_text("")
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", "/elsewhere/npmrc")
    monkeypatch.setenv("npm_config_cache", "/elsewhere/cache")
    found = environment.installer()
    assert (found["NPM_CONFIG_USERCONFIG"], found["npm_config_cache"]) == ("/elsewhere/npmrc", "/elsewhere/cache")
    assert "npm_config_userconfig" not in found


def test_a_node_of_this_machine_brings_its_own_settings_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "bin").mkdir()
    (home / "etc").mkdir()
    (home / "bin/node").write_text("#!/bin/sh\n")
    (home / "bin/node").chmod(0o755)
    (home / "etc/npmrc").write_text("")
    monkeypatch.setenv("PATH", str(home / "bin"))
    assert environment.installer()["npm_config_globalconfig"] == str(home / "etc/npmrc")


@pytest.mark.parametrize("words", ["npm pack x", "uv run --script job.py", "sh -c 'npx x'"])
def test_a_command_that_installs_is_known_by_its_words(words: str) -> None:
    assert environment.INSTALLS.search(words)
