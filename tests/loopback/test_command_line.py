"""What the command line answers without a Hub."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spacewright(tmp_path):
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, str(ROOT / "app.py"), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )

    return call


def test_help_imports_nothing_heavy():
    script = "import sys, app\ntry: app.main(['--help'])\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert not [name for name in ("pydantic", "gradio", "smolagents", "numpy", "aiohttp") if f"'{name}'" in loaded]


def test_what_cannot_be_recorded_or_played_is_one_clear_line(spacewright):
    recorded, played = spacewright("record", "tape.yaml", "--", "runs"), spacewright("replay", "tape.yaml")
    assert (recorded.returncode, played.returncode) == (1, 2)
    assert recorded.stderr == "record wants a command behind --, one of ask, plan, card, validate, build\n"
    assert played.stderr == "cannot read the cassette tape.yaml: No such file or directory\n"


@pytest.mark.parametrize("command", ["show", "resume", "cancel"])
def test_a_run_that_is_not_there_is_one_clear_line(spacewright, command):
    said = spacewright(command, "nowhere")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1) and "there is no run 'nowhere'" in said.stderr


def test_no_runs_yet(spacewright):
    assert json.loads(spacewright("runs", "--json").stdout) == []


def test_check_tells_sound_from_refused_from_unreadable(spacewright, tmp_path):
    (tmp_path / "good.json").write_text('{"a": 1}')
    (tmp_path / "bad.glb").write_text("<html>quota exceeded</html>")
    sound = spacewright("check", "good.json", "--json")
    assert sound.returncode == 0 and json.loads(sound.stdout)["status"] == "pass"
    refused = spacewright("check", "bad.glb", "--kind", "model3d", "--json")
    assert refused.returncode == 1 and json.loads(refused.stdout)["status"] == "fail"
    assert spacewright("check", "missing.png").returncode == 2


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(spacewright, tmp_path):
    (tmp_path / "file").write_text("")
    said = spacewright("ask", "Draw a lighthouse", "--runs", "file/runs")
    assert said.returncode == 1 and "choose another folder with --runs" in said.stderr


def test_a_model_that_is_none_is_refused_in_one_line_with_the_right_form(spacewright):
    said = spacewright("ask", "Draw a lighthouse", "--model", "some/model")
    assert (said.returncode, said.stderr) == (1, "'some/model' is no language model: write 'hf:some/model'\n")


def test_a_model_that_wants_a_token_says_so(spacewright):
    said = spacewright("ask", "Draw a lighthouse", "--model", "hf:some/model")
    assert said.returncode == 1 and "set HF_TOKEN" in said.stderr and "Traceback" not in said.stderr


def test_a_manifest_that_cannot_be_read_is_one_clear_line(spacewright, tmp_path):
    (tmp_path / "torn.json").write_text('{"files":')
    torn, gone = spacewright("check", "--manifest", "torn.json"), spacewright("check", "--manifest", "gone.json")
    assert (torn.returncode, gone.returncode) == (2, 2)
    assert torn.stderr.startswith("torn.json is not a manifest: Invalid JSON")
    assert gone.stderr == "gone.json: No such file or directory\n"
