"""Every recipe gives a whole Space that keeps the rules; where none fits, there is none."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from core.factory import Blocker, CardFacts, Evidence, Workspace
from tests.unit.recipe_facts import COVERED, SPELLED_OUT, facts, shipped
from tools.compile_recipe import compile_recipe
from tools.preflight.lint import lint


def compiled(name: str) -> Workspace:
    workspace = compile_recipe(COVERED[name])
    assert workspace is not None, f"no recipe covers {name}"
    return workspace


def front(workspace: Workspace) -> dict[str, object]:
    read: dict[str, object] = yaml.safe_load(workspace.files["README.md"].split("---\n")[1])
    return read


def test_more_than_twenty_tasks_are_covered() -> None:
    assert len({known.task for known in COVERED.values()}) >= 24


@pytest.mark.parametrize("name", COVERED)
def test_a_recipe_keeps_every_rule(name: str) -> None:
    assert lint(compiled(name), COVERED[name]) == ()


@pytest.mark.parametrize("name", COVERED)
def test_a_recipe_is_compiled_at_once(name: str) -> None:
    begun = time.perf_counter()
    compiled(name)
    assert time.perf_counter() - begun < 1


def test_the_apps_are_formatted_and_lint_clean(tmp_path: Path) -> None:
    for name in COVERED:
        (tmp_path / f"{name.replace(' ', '_')}.py").write_text(compiled(name).files["app.py"], "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length", "120", "--no-cache", str(tmp_path)]
    formatted = subprocess.run([*ruff, "format", "--check", *options], capture_output=True, text=True)
    checked = subprocess.run([*ruff, "check", "--select", "E,F,B,N,UP", *options], capture_output=True, text=True)
    assert (formatted.returncode, checked.returncode) == (0, 0), formatted.stdout + checked.stdout


@pytest.mark.parametrize("name", COVERED)
def test_an_app_offers_generate_and_health_and_pins_its_model(name: str) -> None:
    app = compiled(name).files["app.py"]
    functions = {node.name: node for node in ast.parse(app).body if isinstance(node, ast.FunctionDef)}
    assert {"generate", "health"} <= set(functions)
    assert ast.get_docstring(functions["generate"]) and functions["health"].returns is not None
    assert (f'REVISION = "{"0" * 40}"' in app and "revision=REVISION" in app) or "@{REVISION}" in app


def test_the_front_matter_names_the_model_its_licence_and_python() -> None:
    read = front(compiled("transformers text-generation"))
    assert (read["models"], read["license"], read["python_version"]) == (["someone/small"], "apache-2.0", "3.12.12")
    assert "hardware" not in read and read["suggested_hardware"] == "zero-a10g"


def test_a_model_for_the_processor_asks_for_no_gpu() -> None:
    workspace = compiled("numpy text-classification")
    assert "spaces" not in workspace.files["app.py"]
    assert front(workspace)["suggested_hardware"] == "cpu-basic"


def test_a_chat_model_is_asked_through_its_template() -> None:
    chats = [
        facts("text-generation", "transformers", model="someone/small-Instruct"),
        facts("text-generation", "transformers", files=("chat_template.jinja",)),
        facts("text-generation", "transformers", usage='messages = [{"role": "user"}]'),
    ]
    texts = [compile_recipe(one) for one in [*chats, facts("text-generation", "transformers")]]
    assert ["apply_chat_template" in one.files["app.py"] for one in texts if one] == [True, True, True, False]


def test_an_adapter_is_put_on_its_base() -> None:
    workspace = compiled("peft text-generation")
    assert 'BASE = "someone/large"' in workspace.files["app.py"] and "peft" in workspace.files["requirements.txt"]
    assert front(workspace)["models"] == ["someone/small", "someone/large"]


def test_a_large_model_gets_the_large_gpu_and_time_to_start() -> None:
    known = facts("text-generation", "transformers", hardware="zero-gpu-xlarge", memory_gb=70)
    workspace = compile_recipe(known)
    assert workspace and '@spaces.GPU(duration=60, size="xlarge")' in workspace.files["app.py"]
    assert (front(workspace)["startup_duration_timeout"], lint(workspace, known)) == ("1h", ())


def test_a_gated_model_is_compiled_and_the_token_is_spoken_of() -> None:
    gated = Blocker(kind="gated", evidence=Evidence(where="hub", text="gated: manual"))
    workspace = compile_recipe(facts("text-generation", "transformers", gated=True, blockers=(gated,)))
    assert workspace and "HF_TOKEN" in workspace.files["README.md"] and workspace.blockers == (gated,)


def blocked(kind: str) -> CardFacts:
    blocker = Blocker.model_validate({"kind": kind, "evidence": Evidence(where="README.md:1", text="words")})
    return facts("text-generation", "transformers", blockers=(blocker,))


@pytest.mark.parametrize(
    "known",
    [
        facts("text-generation", "gguf"),
        facts("reinforcement-learning", "transformers"),
        CardFacts(),
        facts("text-generation", "peft"),
        facts("text-generation", "transformers", hardware="multi-gpu"),
        *(blocked(kind) for kind in ("docker_only", "multi_gpu", "comfyui_only", "missing_base_model", "remote_code")),
        facts("text-classification", "numpy"),
        shipped("text-generation").model_copy(update={"usage": shipped("text-classification").usage}),
    ],
)
def test_where_no_recipe_fits_there_is_none(known: CardFacts) -> None:
    assert compile_recipe(known) is None


@pytest.mark.parametrize("name", ['x" + exec("1") + "', "some one/x", "a/b/c", "a\nb", "{os}"])
def test_names_that_are_none_never_get_into_code(name: str) -> None:
    assert compile_recipe(facts("text-generation", "transformers", model=name)) is None
    assert compile_recipe(facts("text-generation", "transformers", license=name)) is None
    assert compile_recipe(facts("text-generation", "transformers", revision=name)) is None


@pytest.mark.parametrize(
    "line", ["import os", "eval('1')", "from subprocess import run", "().__class__", "__import__('os')"]
)
def test_a_card_that_does_more_than_arithmetic_is_not_taken_over(line: str) -> None:
    known = facts("tabular-regression", "numpy", hardware="cpu", usage=SPELLED_OUT.replace("print(", f"{line}\nprint("))
    assert compile_recipe(known) is None
