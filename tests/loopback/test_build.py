"""From a model's id to a private Space that is proved to work, by the command and through real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import journal
from localhub.bundled import FOLDER
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall
from tests.loopback.tide_space import APP, README, REQUIREMENTS, put_model
from tests.loopback.tide_space import MODEL as TIDES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER, fork=True) as running:
        yield running


def command(hub: LocalHub, home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), *arguments],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def spacewright(hub: LocalHub, home: Path, *arguments: str) -> tuple[int, str, str]:
    with command(hub, home, *arguments) as process:
        out, err = process.communicate(timeout=240)
    assert "Traceback" not in err
    return process.returncode, out, err


def events(home: Path, kind: str) -> list[Any]:
    (folder,) = (home / "runs").glob("2*")
    return [entry.event for entry in journal.read(folder) if entry.event.type == kind]


def jobs(hub: LocalHub, run: str) -> list[str]:
    found = hub.api().list_jobs(namespace="local", labels={"spacewright-run": run})
    return [str(job.status.stage) for job in found]


def spaces(hub: LocalHub, name: str) -> list[str]:
    return [space.id for space in hub.api().list_spaces(author="local") if name in space.id]


def mended(hub: LocalHub, home: Path, broken: str) -> tuple[dict[str, Any], str]:
    """A build for which Pi writes this app first and a sound one when asked again: the answer, and that request."""
    if not any(model.id == TIDES for model in hub.api().list_models(author="local")):
        put_model(hub.api())
    first = {"app.py": broken, "requirements.txt": REQUIREMENTS, "README.md": README}
    script = [
        Reply(tool_calls=[ToolCall("write", {"path": path, "content": text}) for path, text in first.items()]),
        Reply("The Space is written."),
        Reply(tool_calls=[ToolCall("write", {"path": "app.py", "content": APP})]),
        Reply("It is mended."),
    ]
    with ScriptedChat(script, models=["maker/coder"]) as chat:
        coder = f"openai:maker/coder@{chat.base_url}"
        code, out, err = spacewright(hub, home, "build", TIDES, "--coding-model", coder, "--json")
        asked = "\n".join(chat.requests[2].texts)
    told: dict[str, Any] = json.loads(out)
    assert (code, told["rung"]) == (0, "full_inference_success"), err
    return told, asked


def test_a_model_becomes_a_private_space_that_is_proved(hub, tmp_path):
    code, out, err = spacewright(hub, tmp_path, "build", "atelier/shape-classifier", "--json")
    told = json.loads(out)
    assert (code, told["rung"]) == (0, "full_inference_success"), err
    assert hub.space(told["space"])["private"] is True
    folder = tmp_path / "runs" / told["run"]
    assert "snapshot_download" in (folder / "generated" / "app.py").read_text()
    assert json.loads((folder / "tests" / "test_result.json").read_text())["rung"] == told["rung"]
    assert (folder / "tests" / "preflight.json").is_file() and (folder / "tests" / "api_schema.json").is_file()
    assert jobs(hub, told["run"]) == ["COMPLETED"]
    assert 0 < told["spent"]["job_minutes"] < 5
    report = (folder / "report.md").read_text()
    assert "### Spent" in report and told["address"] in report
    assert hub.token not in "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_weights_for_another_runtime_are_a_technical_blocker(hub, tmp_path):
    code, out, _ = spacewright(hub, tmp_path, "build", "atelier/tale-writer-gguf")
    assert code == 1 and "technical_blocker" in out and "use atelier/tale-writer" in out
    assert spaces(hub, "gguf") == []


def test_a_card_that_says_nothing_is_insufficient_information(hub, tmp_path):
    code, out, _ = spacewright(hub, tmp_path, "build", "atelier/untitled-2", "--json")
    assert (code, json.loads(out)["rung"]) == (1, "insufficient_information")


def test_what_is_no_model_is_told_in_one_line(hub, tmp_path):
    code, out, err = spacewright(hub, tmp_path, "build", "three little words")
    assert (code, out) == (1, "") and len(err.splitlines()) == 1 and "owner/name" in err
    code, out, _ = spacewright(hub, tmp_path, "build", "nobody/nothing")
    assert code == 1 and "check the name" in out


@pytest.mark.parametrize("option", ["--minutes=-3", "--dollars=nan", "--tokens=-1", "--budget=nan", "--budget=0"])
def test_a_budget_that_is_no_amount_is_told_in_one_line(hub, tmp_path, option):
    code, out, err = spacewright(hub, tmp_path, "build", "atelier/shape-classifier", option)
    assert (code, out, len(err.splitlines())) == (1, "", 1) and option.partition("=")[0] in err
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_a_gated_model_waits_for_a_person_and_goes_on_when_they_have_done_it(hub, tmp_path):
    code, _, err = spacewright(hub, tmp_path, "build", "atelier/sound-classifier")
    assert code == 3 and "secret HF_TOKEN" in err
    headers = {"authorization": f"Bearer {hub.token}"}
    httpx.post(f"{hub.endpoint}/atelier/sound-classifier/ask-access", headers=headers)
    hub.api().add_space_secret("local/sound-classifier", "HF_TOKEN", hub.token)
    assert eventually(lambda: hub.runtime("local/sound-classifier")["stage"] == "RUNNING", 60)
    code, out, err = spacewright(hub, tmp_path, "resume", "last", "--leave")
    assert code == 0 and "full_inference_success" in out, err
    assert spaces(hub, "sound-classifier") == ["local/sound-classifier"]
    assert len(events(tmp_path, "plan_made")) == 1


@pytest.mark.slow
def test_hardware_that_is_refused_ends_with_the_link_and_what_to_click(hub, tmp_path):
    code, out, _ = spacewright(hub, tmp_path, "build", "atelier/tale-writer", "--hardware", "a10g-small", "--yes")
    assert code == 3 and "manual_hardware_required" in out
    assert f"{hub.endpoint}/spaces/local/tale-writer/settings" in out and "choose a10g-small" in out
    code, out, _ = spacewright(hub, tmp_path, "resume", "last", "--leave")
    assert code == 3 and "manual_hardware_required" in out
    assert spaces(hub, "tale-writer") == ["local/tale-writer"]


@pytest.mark.slow
def test_paid_hardware_is_not_asked_for_without_consent(hub, tmp_path):
    code, _, err = spacewright(hub, tmp_path, "build", "atelier/review-sentiment", "--hardware", "t4-small")
    assert code == 3 and "t4-small ($0.40 an hour)" in err
    assert spaces(hub, "review-sentiment") == []


@pytest.mark.slow
@pytest.mark.parametrize("event", ["step_started deploy", "step_started validate", "step_started witness"])
def test_a_build_that_is_killed_goes_on_without_doing_anything_twice(hub, tmp_path, event):
    kind, step = event.split()
    with command(hub, tmp_path, "build", "atelier/entity-tagger") as process:
        assert eventually(
            lambda: (
                (tmp_path / "runs").is_dir()
                and any((tmp_path / "runs").glob("2*/events.jsonl"))
                and any(started.step == step for started in events(tmp_path, kind))
            ),
            120,
        )
        if step == "witness":
            (folder,) = (tmp_path / "runs").glob("2*")
            assert eventually(lambda: bool(jobs(hub, folder.name)), 30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    before = spaces(hub, "entity-tagger")
    code, out, err = spacewright(hub, tmp_path, "resume", "last", "--leave")
    assert code == 0 and "full_inference_success" in out, err
    if before:
        assert spaces(hub, "entity-tagger") == before
    (folder,) = (tmp_path / "runs").glob("2*")
    assert jobs(hub, folder.name) == ["COMPLETED"]


@pytest.mark.slow
def test_ctrl_c_ends_the_build_and_its_job(hub, tmp_path):
    with command(hub, tmp_path, "build", "atelier/review-sentiment") as process:
        assert eventually(
            lambda: (
                any((tmp_path / "runs").glob("2*/events.jsonl"))
                and any(jobs(hub, path.name) for path in (tmp_path / "runs").glob("2*"))
            ),
            120,
        )
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        process.communicate()
    assert process.returncode == 130 and time.monotonic() - began < 5
    (folder,) = (tmp_path / "runs").glob("2*")
    assert eventually(lambda: jobs(hub, folder.name) in (["CANCELED"], ["COMPLETED"]), 10)


@pytest.mark.slow
def test_a_run_that_is_cancelled_at_rest_takes_its_job_with_it(hub, tmp_path):
    with command(hub, tmp_path, "build", "atelier/sentence-embedder") as process:
        assert eventually(
            lambda: (
                any((tmp_path / "runs").glob("2*/events.jsonl"))
                and any(jobs(hub, path.name) for path in (tmp_path / "runs").glob("2*"))
            ),
            120,
        )
        process.send_signal(signal.SIGKILL)
        process.communicate()
    code, _, _ = spacewright(hub, tmp_path, "cancel", "last")
    (folder,) = (tmp_path / "runs").glob("2*")
    assert code == 0 and eventually(lambda: jobs(hub, folder.name) in (["CANCELED"], ["COMPLETED"]), 10)


@pytest.mark.slow
def test_a_budget_of_no_minutes_leaves_the_witness_out(hub, tmp_path):
    code, out, _ = spacewright(hub, tmp_path, "build", "atelier/apple-harvest", "--minutes", "1")
    assert code == 0 and "no second witness: the budget does not allow" in out


@pytest.mark.slow
def test_what_no_recipe_covers_is_written_by_pi_and_mended_when_the_space_fails(hub, tmp_path):
    # Nothing before the upload can know that the weights have no such name.
    broken = APP.replace('waves["height"]', 'waves["hight"]')
    told, asked = mended(hub, tmp_path, broken)
    assert "hight" in asked and "api_alive" in asked
    assert told["spent"]["tokens"] > 0
    assert len(events(tmp_path, "plan_made")) == 2
    assert spaces(hub, "tide-table") == ["local/tide-table"]
    folder = tmp_path / "runs" / told["run"]
    assert {path.name for path in (folder / "traces").iterdir()} == {"pi-code.1", "pi-code_2.1"}
    assert sorted(jobs(hub, told["run"])) == ["COMPLETED"] * 3


@pytest.mark.slow
def test_a_space_that_crashes_at_its_start_is_mended_by_what_its_log_says(hub, tmp_path):
    # Only where it runs as a Space does it ask for what is not there.
    crashing = APP.replace(
        "waves = load_file(", 'if "SPACE_ID" in os.environ:\n    open("tides.csv")\nwaves = load_file('
    )
    crashing = crashing.replace("import gradio as gr", "import os\n\nimport gradio as gr")
    _, asked = mended(hub, tmp_path, crashing)
    assert "tides.csv" in asked
