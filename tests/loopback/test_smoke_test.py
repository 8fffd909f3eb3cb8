"""Spaces of a local Hub called by the unmodified gradio_client from inside a real Job."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd

from core.errors import InputsRefused
from core.factory import Trial, Validation
from core.hub import Hub
from core.nouns import Artifact, Origin
from tests.loopback.job_scope import Notes
from tests.loopback.localhub_fixtures import GREETER, LocalHub, eventually, readme, running_hub
from tools.jobs.desk import RUN
from tools.jobs.failures import JobFailed
from tools.jobs.smoke_report import SmokeReport
from tools.run_job import RunJob
from tools.smoke_test import SmokeTest

HEALTH = "    gr.api(lambda: 'well', api_name='health')\n\n"
APP = GREETER.replace("demo.launch()", "").rstrip() + f"\n{HEALTH}demo.launch()\n"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645"
    "400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def client() -> None:
    """What the Job installs, in uv's cache."""
    wanted = ["--with", "gradio-client==2.7.2", "--with", "huggingface-hub==2.4.0"]
    command = [
        str(Path(sys.executable).with_name("uv")),
        "run",
        "--no-project",
        *wanted,
        "python",
        "-c",
        "import gradio_client",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip("gradio_client cannot be installed here: no package index, and it is not in uv's cache")


@pytest.fixture(scope="module")
def hub(client: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        api = running.api()
        api.create_repo("local/greeter", repo_type="space", space_sdk="gradio", private=True)
        files = [CommitOperationAdd("README.md", readme().encode()), CommitOperationAdd("app.py", APP.encode())]
        api.create_commit("local/greeter", files, commit_message="Add", repo_type="space")
        assert eventually(lambda: running.runtime("local/greeter")["stage"] == "RUNNING", 150)
        yield running


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Notes:
    """One run: what is asked for again is the same Job."""
    return Notes(tmp_path_factory.mktemp("run"))


def text(words: str, output: int = 0) -> Artifact:
    origin = Origin(tool="call_space", output=output)
    return Artifact(kind="text", sha256="0" * 64, size=len(words), name="Greeting", value=words, origin=origin)


def validation(notes: Notes, *, second: Trial | None = None, kind: str = "image") -> Validation:
    """As the validator tells of the greeter: two greetings, the first with a picture that comes back."""
    store = notes.scope().artifacts
    path = store.incoming()
    path.write_bytes(PIXEL)
    picture = store.keep_file(path, "image", "Pixel", ".png", Origin(tool="call_space", output=1))
    back = picture.model_copy(update={"kind": kind})
    first = Trial(inputs={"name": "Ada", "picture": f"artifact:{picture.sha256}"}, artifacts=(text("Hello Ada"), back))
    other = second or Trial(inputs={"name": "Bo"}, artifacts=(text("Hello Bo"),))
    return Validation(
        space="local/greeter",
        revision="r1",
        rung="output_type_ok",
        reasons=(),
        endpoint="/greet",
        trials=(first, other),
    )


def smoke(hub: LocalHub, notes: Notes, found: Validation, **more: Any) -> SmokeReport:
    return asyncio.run(SmokeTest(Hub(hub.endpoint, hub.token)).smoke(notes.scope("smoke"), found, **more))


def test_a_private_space_that_answers_alike_is_agreed_on(hub, notes):
    report = smoke(hub, notes, validation(notes))
    assert (report.agrees, report.reasons, report.client, report.healthy) == (True, (), "2.7.2", True)
    assert set(report.endpoints) == {"/greet", "/health"}
    assert [call.kinds for call in report.calls] == [("str", "image"), ("str", "NoneType")]
    assert report.first_seconds is not None and report.warm_seconds is not None
    assert any("calling /greet, 2 of 2" in told for told in notes.progress())


def test_the_same_test_of_the_same_revision_is_one_job(hub, notes):
    def jobs() -> list[str]:
        return [job.id for job in hub.api().list_jobs(namespace="local", labels={RUN: notes.folder.name})]

    found = validation(notes)
    first, before = smoke(hub, notes, found), jobs()
    assert (smoke(hub, notes, found), jobs()) == (first, before)


def test_what_differs_is_said(hub, notes):
    failed = Trial(inputs={"name": "Bo"}, failure="AppFailed: no")
    report = smoke(hub, notes, validation(notes, second=failed, kind="audio"))
    assert report.agrees is False
    assert report.reasons == (
        "call 1: output 2 is image here, and audio for the validator",
        "call 2: it answered here, and failed for the validator",
    )


def test_a_call_that_fails_is_told_in_one_line(hub, notes):
    unknown = Trial(inputs={"nobody": "x"}, artifacts=(text("Hello"),))
    report = smoke(hub, notes, validation(notes, second=unknown))
    assert len(report.reasons) == 1 and "call 2: it answered the validator, and failed here: " in report.reasons[0]


def test_the_tool_keeps_its_report_and_takes_only_a_validation_of_the_space(hub, notes):
    tool = SmokeTest(Hub(hub.endpoint, hub.token))
    found = validation(notes).model_dump(mode="json")
    (kept,) = asyncio.run(tool.work(notes.scope("smoke"), space="local/greeter", validation=found))
    assert kept.kind == "json" and SmokeReport.model_validate(kept.value).agrees
    with pytest.raises(InputsRefused, match="the validation is of local/greeter, not of local/other"):
        asyncio.run(tool.work(notes.scope("smoke"), space="local/other", validation=found))
    assert asyncio.run(tool.question({"space": "local/greeter"})) is None, "on this machine nobody pays"


def test_an_agent_runs_a_script_of_ours_by_name_and_nothing_else(hub, notes):
    tool = RunJob(Hub(hub.endpoint, hub.token))
    order = {"space": "local/greeter", "endpoint": "/greet", "calls": [{}], "seconds": 30}
    (kept,) = asyncio.run(tool.work(notes.scope(), script="smoke_test", arguments=order))
    assert isinstance(kept.value, dict) and kept.value["stage"] == "COMPLETED"
    # Its Job has no token, and the Space is private.
    assert isinstance(kept.value["result"], dict) and "not found" in str(kept.value["result"]["error"]).lower()
    for script in ("uv run", "../localhub", "bash"):
        with pytest.raises(InputsRefused, match="there is no script"):
            asyncio.run(tool.work(notes.scope(), script=script))


def test_a_script_that_fails_is_told_with_its_last_line(hub, notes):
    with pytest.raises(JobFailed, match="the Job smoke_test is ERROR: KeyError: 'space'; look at http"):
        asyncio.run(RunJob(Hub(hub.endpoint, hub.token)).work(notes.scope(), script="smoke_test", arguments={}))
