"""Spaces put to the proof on a local Hub: honest ones, cheats, and ones that do not run."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.events import ConsentAsked, RunStarted
from core.factory import Validation
from core.journal import Journal
from core.nouns import Argument, Goal
from core.record import Runs
from core.settings import Settings
from localhub.bundled import FOLDER
from planners.factory.planner import proof_of
from planners.runner import Planned
from planners.workshop import workshop
from tests.loopback.cheating_spaces import CHEATS, HONEST, MOODS, card, install, put_all
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub
from window.outcomes import validation_of

ROOT = Path(__file__).parents[2]
SPACES = {space.name: space for space in (*HONEST, *CHEATS)}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER, fork=True) as running:
        yield running


@pytest.fixture(scope="module")
def settings(hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("runs")
    return Settings(endpoint=hub.endpoint, token=hub.token, runs=root / "runs", home=root / "home")


async def nobody(asked: ConsentAsked) -> bool:
    return False


def validated(settings: Settings, space: str, **more: Argument) -> Validation:
    async def work() -> Validation:
        folder = Runs(settings.runs).begin(f"Validate {space}")
        planned = Planned("validator", proof_of({"space": space, **more}))
        async with workshop(settings, nobody, planned) as shop:
            run = await shop.pursue(folder, Goal(text=f"Validate {space}"))
        found = validation_of(run, folder)
        assert found, run.reason
        return found

    return asyncio.run(work())


def broken(hub: LocalHub, name: str, app: str, model: str = MOODS, more: str = "", stage: str = "RUNTIME_ERROR") -> str:
    """A Space that has come to the stage."""
    readme = card(model).replace("license:", f"{more}\nlicense:") if more else card(model)
    id = put_all(hub, name, {"README.md": readme.encode(), "app.py": app.encode()})
    assert eventually(lambda: hub.runtime(id)["stage"] == stage, 60), hub.runtime(id)
    return id


@pytest.mark.parametrize("name", ["honest-moods", "honest-tales", "honest-apples"])
def test_a_space_that_computes_with_its_model_is_proved(hub, settings, name):
    found = validated(settings, install(hub, SPACES[name]))
    assert found.rung == "full_inference_success", found.reasons
    assert len(found.trials) == 8 and found.first_seconds is not None and found.duration == 10


@pytest.mark.parametrize("name", ["cheat-noise", "cheat-template", "cheat-substitute", "cheat-decoy"])
def test_a_cheat_is_refused_with_its_trace(hub, settings, name):
    found = validated(settings, install(hub, SPACES[name]))
    assert found.rung == "output_type_ok"
    assert SPACES[name].trace in " ".join(found.reasons)


def test_a_program_that_does_not_run_yet_is_no_proof_of_the_one_that_does(hub, settings):
    cheat, honest = SPACES["cheat-other-model"], SPACES["honest-moods"]
    id = put_all(hub, "changing", {"README.md": card(MOODS).encode(), "app.py": cheat.app.encode()})
    assert eventually(lambda: hub.runtime(id)["stage"] == "RUNNING", 60)
    put_all(hub, "changing", {"app.py": f"import time\ntime.sleep(600)\n{honest.app}".encode()})
    assert eventually(lambda: hub.runtime(id)["stage"].startswith("RUNNING_"), 60)
    found = validated(settings, id)
    assert found.rung != "full_inference_success"
    assert "what answers is not what was read" in " ".join(found.reasons)
    hub.api().delete_repo(id, repo_type="space")


def test_another_model_may_be_asked_for_than_the_card_names(hub, settings):
    id = install(hub, SPACES["honest-moods"])
    found = validated(settings, id, model="atelier/tale-writer")
    assert found.rung == "output_type_ok"
    assert "nothing in its program leads from the answer to atelier/tale-writer" in found.reasons


def test_a_space_without_a_model_is_not_proved(settings):
    found = validated(settings, "atelier/image-maker")
    assert found.rung == "output_type_ok" and "no path leads" in " ".join(found.reasons)


def test_a_space_that_is_not_there_is_no_crash(settings):
    found = validated(settings, "nobody/nowhere")
    assert found.rung == "insufficient_information" and "check the name" in found.reasons[0]


def test_a_crashed_app_is_built_and_no_more(hub, settings):
    found = validated(settings, broken(hub, "crashed", "raise SystemExit('the tea is cold')"))
    assert found.rung == "built" and "its app crashed" in found.reasons[0]


def test_a_build_that_failed_says_so(hub, settings):
    id = put_all(
        hub, "unbuilt", {"README.md": card(MOODS).encode(), "app.py": b"", "requirements.txt": b"-e ./nothing\n"}
    )
    assert eventually(lambda: hub.runtime(id)["stage"] == "BUILD_ERROR", 60)
    assert validated(settings, id).rung == "generated"


def test_a_paused_space_is_left_alone(hub, settings):
    id = install(hub, HONEST[0]._replace(name="paused"))
    hub.api().pause_space(id)
    found = validated(settings, id)
    assert found.rung == "generated" and "paused" in found.reasons[0]


def test_a_space_that_wants_other_hardware_leads_to_its_settings(hub, settings):
    id = broken(hub, "hungry", "raise RuntimeError('Found no NVIDIA driver on your system')")
    found = validated(settings, id)
    assert found.rung == "manual_hardware_required"
    assert f"{hub.endpoint}/spaces/{id}/settings" in found.reasons[0]


def test_a_gated_model_is_a_technical_blocker(hub, settings):
    app = "from huggingface_hub import snapshot_download\nsnapshot_download('atelier/sound-classifier', token=False)"
    found = validated(settings, broken(hub, "gated", app, model="atelier/sound-classifier"))
    assert found.rung == "technical_blocker" and "atelier/sound-classifier is gated" in found.reasons[0]


def test_a_private_space_of_somebody_else_is_not_told_from_one_that_is_not_there(hub, settings):
    id = install(hub, HONEST[1]._replace(name="hidden"))
    hub.api().update_repo_settings(id, repo_type="space", private=True)
    found = validated(settings.model_copy(update={"token": None}), id)
    assert found.rung == "insufficient_information"


def test_an_endpoint_that_always_fails_is_alive_and_no_more(hub, settings):
    app = "import gradio as gr\ndef go(text: str) -> str:\n    raise gr.Error('not today')\n"
    app += "gr.Interface(go, gr.Textbox(), gr.Textbox(), api_name='go').launch()\n"
    id = put_all(hub, "refusing", {"README.md": card(MOODS).encode(), "app.py": app.encode()})
    found = validated(settings, id)
    assert (found.rung, len(found.trials)) == ("api_alive", 3) and "not today" in found.reasons[0]


def spacewright(hub: LocalHub, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token}
    command = [sys.executable, str(ROOT / "app.py"), *arguments]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)


def test_the_command_keeps_what_it_asked_and_what_came_back(hub, tmp_path):
    id = install(hub, SPACES["honest-moods"])
    given = "A friendly waiter and a delicious cake"
    said = spacewright(hub, tmp_path, "validate", id, "--endpoint", "/feel", "--input", f"text={given}", "--json")
    told = json.loads(said.stdout)
    assert (said.returncode, told["rung"], told["endpoint"]) == (0, "full_inference_success", "/feel"), said.stderr
    assert told["trials"][0]["inputs"] == {"text": given}
    tests = tmp_path / "runs" / told["run"] / "tests"
    assert json.loads((tests / "test_result.json").read_text())["rung"] == told["rung"]
    assert json.loads((tests / "api_schema.json").read_text())["space"]["id"] == id


def test_the_command_says_that_it_was_not_proved(hub, tmp_path):
    said = spacewright(hub, tmp_path, "validate", install(hub, SPACES["cheat-template"]))
    assert said.returncode == 1 and "output_type_ok" in said.stdout and "Traceback" not in said.stderr
    again = spacewright(hub, tmp_path, "resume", "last")
    assert (again.returncode, again.stdout.splitlines()[0]) == (1, said.stdout.splitlines()[0])


def test_nothing_is_said_to_have_passed_about_a_space_that_is_not_there(hub, tmp_path):
    said = spacewright(hub, tmp_path, "validate", "nobody/nowhere")
    assert said.returncode == 1 and "insufficient_information" in said.stdout
    assert "passed" not in [line.strip() for line in (said.stdout + said.stderr).splitlines()]


def test_a_validation_that_had_not_written_down_what_to_test_is_not_guessed_at(hub, tmp_path):
    folder = Runs(tmp_path / "runs").begin("Validate a/b")
    journal = Journal(folder.path)
    goal = Goal(text="Validate a/b")
    journal.append(RunStarted(run=folder.id, goal=goal, planner="validator", endpoint=hub.endpoint))
    journal.close()
    said = spacewright(hub, tmp_path, "resume", "last")
    assert said.returncode == 1 and "validate the Space anew" in said.stderr and "Traceback" not in said.stderr


def test_an_endpoint_that_is_not_there_is_named_with_what_there_is(hub, settings):
    found = validated(settings, install(hub, SPACES["honest-moods"]), endpoint="/draw")
    assert "it offers /feel" in found.reasons[0]
