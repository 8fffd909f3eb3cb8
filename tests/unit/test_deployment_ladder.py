"""Which hardware is asked for, in which order."""

import pytest

from tools.deployment.ladder import app_of, creations, for_zero, ladder, paid, sdk_of

PLAIN = {"app.py": "import gradio as gr\n"}
SHARED = {"app.py": "import spaces\n\n@spaces.GPU(duration=60)\ndef go(text): ...\n"}


@pytest.mark.parametrize(
    ("wish", "need", "fixed", "files", "expected"),
    [
        (None, "zero-gpu", None, SHARED, ("zero-a10g",)),
        (None, "zero-gpu-xlarge", "l4x1", SHARED, ("zero-a10g", "l4x1")),
        (None, "unknown", None, SHARED, ("zero-a10g",)),
        (None, "cpu", None, PLAIN, ("cpu-basic",)),
        (None, "cpu", "l4x1", SHARED, ("cpu-basic", "zero-a10g")),
        (None, "gpu", None, SHARED, ()),
        (None, "multi-gpu", "l4x4", SHARED, ("l4x4",)),
        ("cpu", "zero-gpu", "l4x1", PLAIN, ("cpu-basic",)),
        ("zero-gpu", "cpu", None, SHARED, ("zero-a10g",)),
        ("t4-small", "cpu", "t4-small", PLAIN, ("t4-small",)),
        ("t4-small", "cpu", "l4x1", PLAIN, ("t4-small", "l4x1")),
    ],
)
def test_the_wish_comes_before_the_need_and_what_is_allowed_comes_last(wish, need, fixed, files, expected):
    assert ladder(wish, need, fixed, files) == expected


@pytest.mark.parametrize(
    ("flavors", "expected"),
    [
        (("zero-a10g", "l4x1"), ("zero-a10g", "cpu-basic", "l4x1")),
        (("cpu-basic", "zero-a10g"), ("cpu-basic", "zero-a10g")),
        ((), ("cpu-basic",)),
    ],
)
def test_a_plain_space_is_created_before_a_paid_one(flavors, expected):
    assert creations(flavors) == expected


def test_only_a_function_on_the_gpu_makes_a_space_one_for_zero_gpu():
    assert for_zero(SHARED) and for_zero({"app.py": "from spaces import GPU\n@GPU\ndef go(): ..."})
    assert not for_zero({"app.py": "print('@spaces.GPU')", "notes.md": "@spaces.GPU\n"})


def test_what_is_paid_is_what_is_neither_zero_gpu_nor_the_plain_machine():
    assert paid("t4-small", "l4x1") == ("t4-small", "l4x1")
    assert paid("zero-gpu", None) == paid("cpu", None) == paid(None, "zero-a10g") == ()


@pytest.mark.parametrize(
    ("readme", "sdk"),
    [
        ("---\ntitle: A\nsdk: docker\n---\nsdk: static\n", "docker"),
        ("---\nsdk: 'gradio'\n---\n", "gradio"),
        ("nothing", "gradio"),
        ("---\ntitle: A\n---\nsdk: static", "gradio"),
    ],
)
def test_the_sdk_is_the_one_of_the_front_matter(readme, sdk):
    assert sdk_of(readme) == sdk


@pytest.mark.parametrize(
    ("readme", "file"),
    [
        ("---\nsdk: gradio\n---\n", "app.py"),
        ("---\nsdk: gradio\napp_file: src/main.py # here\n---\n", "src/main.py"),
        ("---\nsdk: docker\napp_file: x.py\n---\n", "Dockerfile"),
    ],
)
def test_the_file_that_is_run_is_the_one_the_front_matter_names(readme, file):
    assert app_of(readme) == file
