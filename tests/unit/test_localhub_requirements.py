"""What requirements.txt asks for, beside what this interpreter has; and where packages come from on this machine."""

from pathlib import Path

import pytest

from localhub import package_index
from localhub.spaces import requirements
from localhub.spaces.environments import Recipe


@pytest.mark.parametrize(
    ("line", "satisfied"),
    [
        ("numpy", True),
        ("NumPy>=2.2,<99", True),
        ("numpy==1.0.0", False),
        ("gradio[oauth]", True),
        ("gradio[no-such-extra]", True),
        ("pytest[dev]", False),
        ("purring", False),
        ("pywin32; sys_platform == 'win32'", True),
        ("purring @ https://example.invalid/purring-1.0-py3-none-any.whl", False),
        ("git+https://example.invalid/purring", False),
        ("-r more.txt", False),
        ("./purring", False),
    ],
)
def test_a_requirement_is_satisfied_by_what_is_here(line: str, satisfied: bool) -> None:
    assert requirements.look_up(line).satisfied is satisfied


def test_comments_and_continued_lines_are_read_as_pip_does() -> None:
    text = "# first\nnumpy>=2  # why\n\npurring==1 \\\n    --hash=sha256:abc\nx @ http://a/b#egg=x\n"
    assert requirements.lines(text) == ["numpy>=2", "purring==1      --hash=sha256:abc", "x @ http://a/b#egg=x"]


def test_lines_about_indexes_are_nothing_to_install() -> None:
    assert requirements.compared("--extra-index-url https://example.invalid/simple\n-f wheels\n") == []


@pytest.mark.parametrize(
    ("asked", "same"), [(None, True), ("6.0.0", True), ("5.49.1", False), ("6.999.0", False), ("newest", False)]
)
def test_a_newer_gradio_of_the_same_major_version_stands_for_an_older_one(asked: str | None, same: bool) -> None:
    assert requirements.same_gradio(asked) is same


def test_pips_settings_become_uvs_where_uv_has_none(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = http://file/simple\nfind-links = /a /b\n")
    machine = {
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "PIP_EXTRA_INDEX_URL": "http://more/simple",
        "UV_FIND_LINKS": "/own",
        "UV_PUBLISH_TOKEN": "secret",
        "HF_TOKEN": "secret",
    }
    told = package_index.environment(machine)
    assert (told["UV_DEFAULT_INDEX"], told["UV_INDEX"]) == ("http://file/simple", "http://more/simple")
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert told["UV_FIND_LINKS"] == "/own" and "secret" not in told.values()


def recipe(**changed: object) -> Recipe:
    given = {"python": "/python", "packages": ("gradio==6",), "requirements": {"requirements.txt": "numpy\n"}}
    return Recipe.model_validate(given | changed)


def test_an_environment_is_known_by_all_that_is_in_it() -> None:
    others = [
        recipe(python="/other"),
        recipe(packages=("gradio==5",)),
        recipe(requirements={"requirements.txt": "numpy>2\n"}),
        recipe(commit="a" * 40),
    ]
    assert len({each.key for each in (recipe(), *others)}) == 5
    assert recipe().key == recipe().key
