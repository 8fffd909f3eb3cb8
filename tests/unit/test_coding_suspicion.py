"""What is not believed of the files of a coding agent."""

import pytest

from core.factory import CardFacts
from tools.coding.suspicion import suspicions

FACTS = CardFacts(model="someone/small")
APP = 'MODEL = "someone/small"\n'


def doubts(app: str = APP, before: dict[str, str] | None = None, **more: str) -> list[str]:
    files = {"app.py": app} | {path.replace("_dot_", "."): text for path, text in more.items()}
    return [f"{one.where} {one.message}" for one in suspicions(files, before or {}, FACTS)]


def test_an_app_that_names_its_model_is_believed():
    assert doubts(requirements_dot_txt="numpy>=2\n--extra-index-url https://download.pytorch.org/whl/cu128\n") == []


def test_an_app_that_never_names_the_model_is_not():
    assert doubts("import gradio as gr\n") == ["app.py someone/small is named nowhere"]
    assert doubts('MODEL = "someone/other"\n', parts_dot_py=APP) == []
    assert doubts("import gradio as gr\n", before={"app.py": "pass"}) == []
    assert doubts("import gradio as gr\n", before={"app.py": APP}) == ["app.py someone/small is named nowhere"]


@pytest.mark.parametrize(
    "line",
    [
        "from huggingface_hub import InferenceClient",
        "client = huggingface_hub.AsyncInferenceClient(MODEL)",
        "import openai",
        "from openai import OpenAI",
        "from gradio_client import Client",
        "demo = gr.load(MODEL, src='models')",
        "answer = requests.post('https://router.huggingface.co/v1/chat/completions')",
        "URL = 'https://someone-small.hf.space/api'",
    ],
)
def test_somebody_elses_machine_in_place_of_the_model_is_found(line):
    assert doubts(APP + line) == ["app.py:2 somebody else's machine is asked in place of the model"]


def test_a_line_that_stood_there_before_is_not_the_agents():
    app = APP + "from gradio_client import Client\npipe = load(MODEL, token=secret_value_here)\n"
    assert doubts(app, before={"app.py": app}) == []


@pytest.mark.parametrize("line", ['KEY = "hf_' + "a1" * 12 + '"', "pipe = load(MODEL, token='a1b2c3d4e5f6a7b8c9')"])
def test_what_looks_like_a_secret_is_found(line):
    assert doubts(APP + line)[0].startswith("app.py:2 what stands here looks like a secret")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "-r other.txt",
        "-e .",
        "thing @ https://packages.example/thing-1-py3-none-any.whl",
        "git+https://git.example/thing",
    ],
)
def test_a_package_of_unknown_origin_is_found(line):
    assert len(doubts(requirements_dot_txt=f"numpy\n{line}\n")) >= 1
    assert doubts(requirements_dot_txt=line, before={"requirements.txt": line}) == []


def test_code_that_does_not_parse_is_left_to_the_preflight():
    assert doubts(APP + "def (:\n") == []
