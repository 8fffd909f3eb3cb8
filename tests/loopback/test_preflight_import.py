"""A generated app is imported once with the real Gradio, where it can harm nobody, and its API is read."""

import os
from pathlib import Path

import pytest

from core.factory import CardFacts
from tests.unit.preflight_apps import APP, FACTS, put, space
from tests.unit.recipe_facts import COVERED
from tools.compile_recipe import compile_recipe
from tools.preflight.trial_import import findings, trial_import
from tools.preflight_space import preflight

PLAIN = '''\
import gradio as gr


def generate(text: str) -> str:
    """Repeats."""
    return text


def health() -> dict[str, str]:
    """Is up."""
    return {"status": "ok"}


with gr.Blocks() as demo:
    gr.Button().click(generate, gr.Textbox(label="Text"), gr.Textbox(label="Same"), api_name="generate")
    gr.api(health, api_name="health")

demo.launch()
'''
CPU = CardFacts(hardware="cpu")


def plain(first: str = "") -> str:
    return first + "\n" + PLAIN


def said(app: str, facts: CardFacts = CPU) -> list[str]:
    workspace = space(app=app)
    return [f"{one.severity}: {one.message}" for one in findings(workspace, trial_import(workspace, facts))]


def test_a_page_is_built_and_its_api_read_without_weights() -> None:
    seen = trial_import(space(), FACTS)
    (endpoint,) = [one for one in seen.endpoints if one.name == "/generate"]
    assert (endpoint.documented, endpoint.hinted, seen.error) == (True, True, ())
    assert [(one.name, one.component) for one in endpoint.parameters] == [("prompt", "Textbox"), ("seed", "Number")]
    assert [one.component for one in endpoint.returns] == ["Image"]
    assert [(one.function, one.duration) for one in seen.gpu] == [("generate", 60)]
    assert {"spaces", "torch", "diffusers"} <= set(seen.stand_ins)


def test_a_whole_app_gives_no_finding() -> None:
    assert said(PLAIN) == []


def test_an_app_that_cannot_be_imported_is_said_with_its_last_lines() -> None:
    (words,) = said(plain("import no_such_package"))
    assert words.startswith("error: it cannot be imported") and "No module named 'no_such_package'" in words


def test_an_app_that_never_launches_is_said() -> None:
    assert said(PLAIN.replace("demo.launch()", "")) == ["error: it ends without launching a page"]


def test_missing_endpoints_and_docstrings_are_said() -> None:
    bare = PLAIN.replace('    """Repeats."""\n', "").replace('    gr.api(health, api_name="health")\n', "")
    assert said(bare) == [
        "warn: there is no endpoint /health",
        "warn: the function of /generate has no docstring",
    ]
    assert said(PLAIN.replace('"generate")', '"repeat")')) == [
        "error: there is no endpoint /generate; it offers /repeat, /health"
    ]


HARM = """\
import os
import socket
import urllib.request

tried = {{}}
def attempt(name, work):
    try:
        work()
        tried[name] = "done"
    except BaseException as error:
        tried[name] = type(error).__name__
attempt("socket", lambda: socket.create_connection(("127.0.0.1", {port}), 2))
attempt("fork", os.fork)
attempt("read", lambda: open({secret!r}).read())
attempt("write", lambda: open({target!r}, "w").write("x"))
attempt("environment", lambda: os.environ["A_SECRET"])
attempt("kill", lambda: os.kill(os.getppid(), 0))
raise SystemExit(str(tried))
"""


@pytest.mark.skipif(os.uname().sysname != "Linux" or os.uname().machine != "x86_64", reason="Landlock and seccomp")
def test_an_app_reaches_neither_files_nor_network_nor_other_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", "secret")
    (tmp_path / "secret").write_text("secret")
    harm = HARM.format(port=9, secret=str(tmp_path / "secret"), target=str(tmp_path / "written"))
    (words,) = trial_import(space(app=harm), CPU).error
    assert "done" not in words and not (tmp_path / "written").exists()
    assert "'socket': 'PermissionError'" in words and "'environment': 'KeyError'" in words


@pytest.mark.slow
def test_an_app_that_never_ends_is_ended() -> None:
    seen = trial_import(space(app="while True:\n    pass\n"), CPU, seconds=15)
    assert seen.error == ("it was not done after 15 seconds",)


def test_a_program_that_the_app_starts_is_written_down_and_not_started() -> None:
    seen = trial_import(
        space(app=plain('import subprocess\n\nsubprocess.run("pip install flash-attn", shell=True)')), CPU
    )
    assert (seen.programs, seen.error) == (("pip install flash-attn",), ())


def test_modules_of_the_space_may_be_called_as_ours_are() -> None:
    app = plain("from tools import GREETING\nfrom core.words import NAME")
    workspace = space(app=app, **{"tools.py": "GREETING = 1\n", "core/__init__.py": "", "core/words.py": "NAME = 1\n"})
    assert trial_import(workspace, CPU).error == ()


def test_files_with_strange_paths_stay_out(tmp_path: Path) -> None:
    workspace = space(app=PLAIN, **{"../outside.py": "x = 1\n", "/absolute.py": "x = 1\n"})
    assert trial_import(workspace, CPU).error == ()


RARE = [
    "numpy tabular-regression",
    "sklearn tabular-classification",
    "diffusers text-to-video",
    "transformers image-segmentation",
    "timm image-classification",
]


@pytest.mark.parametrize("name", [*RARE[:2], *(pytest.param(name, marks=pytest.mark.slow) for name in RARE[2:])])
def test_a_recipe_passes_the_whole_preflight(name: str) -> None:
    workspace = compile_recipe(COVERED[name])
    assert workspace and [one for one in preflight(workspace, COVERED[name]) if one.severity != "info"] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in COVERED if name not in RARE])
def test_every_recipe_passes_the_whole_preflight(name: str) -> None:
    workspace = compile_recipe(COVERED[name])
    assert workspace and [one for one in preflight(workspace, COVERED[name]) if one.severity != "info"] == []


def test_findings_come_with_the_worst_first() -> None:
    broken = put('api_name="generate"', 'api_name="paint"')(APP)
    severities = [one.severity for one in preflight(space(app=broken), FACTS)]
    assert severities == sorted(severities, key=["error", "warn", "info"].index) and severities[0] == "error"
