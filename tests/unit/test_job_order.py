"""What may be ordered as a Job, and which of our scripts there are."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.errors import InputsRefused
from tools.jobs.job_order import JobOrder, harmless
from tools.jobs.scripts import FOLDER, names, sources

ROOT = Path(__file__).parents[2]


def order(**more: Any) -> JobOrder:
    return JobOrder.model_validate({"script": "smoke_test", "key": "code.1", "minutes": 5} | more)


@pytest.mark.parametrize("key", ["code.1", "smoke.0a1b", "a", "A_b-c.9", "x" * 80])
def test_a_key_names_a_job(key):
    assert order(key=key).key == key


@pytest.mark.parametrize("key", ["", ".hidden", "..", "a/b", "a b", "code.1--2", "x" * 81, "ä", "a\n"])
def test_a_key_is_plain_and_is_no_key_of_a_further_try(key):
    with pytest.raises(ValidationError, match="cannot name a Job"):
        order(key=key)


@pytest.mark.parametrize("path", ["order.json", "workspace/app.py", ".hidden", "a b.txt", "ä.txt"])
def test_a_path_leads_to_a_file_below_a_folder(path):
    assert order(files={path: "x"}).files == {path: "x"}


HOSTILE = ["", "/a", "../a", "a/../b", "a//b", "a/", ".", "a\\b", "a\0b", "a\nb", "\u202ea", "a" * 501]


@pytest.mark.parametrize("path", HOSTILE, ids=range(len(HOSTILE)))
def test_a_path_leads_nowhere_else(path):
    assert not harmless(path)
    with pytest.raises(ValidationError, match="is not a path below /input/given"):
        order(files={path: "x"})


@pytest.mark.parametrize("script", ["../localhub", "Smoke", "a/b", ""])
def test_a_script_is_named_and_no_command(script):
    with pytest.raises(ValidationError):
        order(script=script)


@pytest.mark.parametrize("minutes", [0, -1, 24 * 60 + 1])
def test_a_job_always_has_a_time_limit(minutes):
    with pytest.raises(ValidationError):
        order(minutes=minutes)


def test_neither_secrets_nor_files_stand_in_what_is_printed():
    told = repr(order(secrets={"KEY": "a-very-secret-value"}, files={"a.txt": "a whole file"}))
    assert "KEY" in told and "a-very-secret-value" not in told and "a whole file" not in told


def test_bytes_stay_bytes_and_text_stays_text():
    assert order(files={"a": b"\xff", "b": "x"}).files == {"a": b"\xff", "b": "x"}


def test_a_script_is_sent_with_its_modules_and_without_what_tools_leave(tmp_path):
    for name in ("job.py", "part/module.py", "__pycache__/job.cpython-311.pyc", ".DS_Store", "part/.swp"):
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text("")
    (tmp_path / "no_script").mkdir()
    assert names(tmp_path) == ("mine",)
    assert set(sources("mine", tmp_path)) == {"job.py", "part/module.py"}
    with pytest.raises(InputsRefused, match="there is no script 'no_script' to run as a Job; there is mine"):
        sources("no_script", tmp_path)


def test_every_script_of_ours_says_what_it_needs():
    for name in names():
        head = (FOLDER / name / "job.py").read_text("utf-8")
        assert head.startswith("# /// script\n") and '# requires-python = ">=3.11"' in head, name


def test_the_smoke_test_has_the_client_that_we_have():
    pins = re.findall(r'"([a-z-]+==[\d.]+)"', (FOLDER / "smoke_test/job.py").read_text("utf-8"))
    ours = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert len(pins) == 2 and set(pins) <= set(ours)
