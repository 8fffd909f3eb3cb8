"""The main job as a stranger meets it: one sentence to `python app.py ask`, no token, no Hub, an empty folder."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
GALLERY = "Create a 3D Paris art gallery with arched windows, marble floors, and impressionist paintings."
MONUMENTS = ("Eiffel Tower", "Louvre", "Notre-Dame", "Arc de Triomphe", "Sacré-Cœur", "Panthéon")
MELODY = "Compose a calm piano melody in D minor, 12 seconds long, and measure its loudness and tempo"


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stranger")


def spacewright(home: Path, *arguments: str) -> Said:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *arguments], cwd=home, env=environment, capture_output=True, text=True
    )
    return Said(done.returncode, done.stdout, done.stderr)


def record(home: Path, run: str = "last") -> dict[str, Any]:
    return json.loads(spacewright(home, "show", run, "--json").out)


def artifacts(state: dict[str, Any], step: dict[str, Any]) -> list[dict[str, Any]]:
    units = [unit for unit in state["units"].values() if unit["step"] == step["id"]]
    return [artifact for unit in units for artifact in unit["artifacts"]]


@pytest.fixture(scope="module")
def gallery(home: Path) -> tuple[Said, dict[str, Any]]:
    return spacewright(home, "ask", GALLERY), record(home)


@pytest.fixture(scope="module")
def monuments(home: Path, gallery: object) -> tuple[Said, dict[str, Any]]:
    goal = f"Make a web gallery of six Paris monuments as 3D models: {', '.join(MONUMENTS)}"
    return spacewright(home, "ask", goal), record(home)


def test_the_gallery_is_made_checked_and_deployed(gallery):
    said, state = gallery
    assert said.code == 0, said.err
    assert [step["call"]["tool"] for step in state["plan"]["steps"]] == ["call_space", "call_space", "publish_viewer"]
    assert "look at it: http://127.0.0.1:" in said.out


def test_the_second_space_refines_what_the_first_made(gallery):
    _, state = gallery
    (raw,), (refined,) = (artifacts(state, step) for step in state["plan"]["steps"][:2])
    before, after = raw["facts"], refined["facts"]
    assert 100_000 < before["faces"] < 140_000 and before["texture_px"] == 512
    assert 130_000 < after["faces"] < 170_000 and after["texture_px"] == 2048
    assert refined["origin"]["inputs"] == [raw["sha256"]]


def test_the_figures_stand_side_by_side_in_the_terminal_and_in_the_report(gallery, home):
    said, state = gallery
    report = (home / "runs" / state["id"] / "report.md").read_text()
    assert "Polygon count" in said.out and "Texture resolution" in said.out
    assert "| Polygon count |" in report and "```mermaid" in report and ".thumbnail.png" in report


def test_every_artifact_says_which_space_at_which_revision_made_it(gallery, home):
    _, state = gallery
    for step in state["plan"]["steps"][:2]:
        for artifact in artifacts(state, step):
            path = home / "runs" / state["id"] / "artifacts" / artifact["file"]
            assert hashlib.sha256(path.read_bytes()).hexdigest() == artifact["sha256"]
            assert artifact["origin"]["space"] and len(artifact["origin"]["revision"]) == 40


def test_the_same_goal_again_calls_no_space(gallery, home):
    said = spacewright(home, "ask", GALLERY)
    units = record(home)["units"].values()
    standings = [unit["standing"] for unit in units if unit["step"] != "publish"]
    assert (said.code, standings) == (0, ["skipped", "skipped"])


def test_six_monuments_go_from_text_to_image_to_model_and_meet_on_one_page(monuments):
    said, state = monuments
    assert said.code == 0, said.err
    images, models, page = (artifacts(state, step) for step in state["plan"]["steps"])
    assert [artifact["kind"] for artifact in images] == ["image"] * 6
    assert [artifact["kind"] for artifact in models] == ["model3d"] * 6
    assert len({artifact["sha256"] for artifact in models}) == 6 and page[0]["value"]["exhibits"] == 6


def test_a_melody_is_composed_and_measured_without_a_step_of_the_others(home, gallery):
    said = spacewright(home, "ask", MELODY)
    state = record(home)
    assert said.code == 0, said.err
    assert [artifact["kind"] for artifact in state["results"]][:2] == ["audio", "json"]
    others = {step["call"]["arguments"].get("space") for step in gallery[1]["plan"]["steps"]}
    assert not others & {step["call"]["arguments"].get("space") for step in state["plan"]["steps"]}


def test_a_plan_is_shown_with_its_costs_and_calls_nothing(home, gallery):
    before = spacewright(home, "runs").out
    said = spacewright(home, "plan", GALLERY)
    assert said.code == 0 and "GPU s" in said.out and "flowchart LR" in said.out
    assert spacewright(home, "runs").out == before


@pytest.mark.parametrize(
    ("goal", "words"),
    [("", "the goal is empty"), ("Fold the protein MKTAYIAKQR", "nothing in the catalogue")],
)
def test_a_goal_that_cannot_be_done_is_one_clear_line(home, gallery, goal, words):
    said = spacewright(home, "ask", goal)
    lines = said.err.strip().splitlines()
    assert said.code == 1 and words in lines[-1] and "Traceback" not in said.err
