"""The files that a coding agent leaves, taken back with suspicion."""

import os
from pathlib import Path

import pytest

from tools.coding.workspace_files import LARGEST, MOST, read_back


def left(folder: Path, files: dict[str, bytes]) -> dict[str, Path]:
    """The files under names of ours, as a Job's output lies in quarantine."""
    found = {}
    for number, (path, data) in enumerate(files.items()):
        found[path] = folder / str(number)
        found[path].write_bytes(data)
    return found


def refused(folder: Path, path: str, data: bytes = b"x = 1\n") -> str:
    """Why a file beside a good one was not taken."""
    files, found = read_back(left(folder, {"app.py": b"good\n", path: data}), {})
    assert list(files) == ["app.py"]
    return found[0].message


def test_the_files_of_a_space_and_small_modules_come_back_as_text(tmp_path):
    names = ("app.py", "requirements.txt", "README.md", "packages.txt", "model_io.py", "parts/voice.py", "BLOCKERS.md")
    files, found = read_back(left(tmp_path, {name: b"one\r\ntwo\n" for name in names}), {})
    assert files == {name: "one\ntwo\n" for name in names} and found == ()


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "/etc/passwd",
        "a/b/c.py",
        ".git/config",
        ".env",
        "run.sh",
        "weights.bin",
        "App.py",
        "a\nb.py",
        "x y.py",
    ],
)
def test_a_file_of_another_name_is_not_taken(tmp_path, path):
    assert "only app.py" in refused(tmp_path, path)


@pytest.mark.parametrize("name", ["spaces", "torch", "gradio", "json", "numpy", "sitecustomize", "huggingface_hub"])
def test_a_module_that_would_stand_in_for_a_package_is_not_taken(tmp_path, name):
    assert f"stand in for the package {name}" in refused(tmp_path, f"{name}.py")
    assert f"stand in for the package {name}" in refused(tmp_path, f"{name}/__init__.py")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0", b"\xff\xfe", b"x = 1\0", "x = '\u202e'".encode(), b"\x1b[2J"])
def test_what_is_no_plain_text_is_not_taken(tmp_path, data):
    assert refused(tmp_path, "parts.py", data).startswith("it was not taken: it ")


def test_an_emoji_of_several_signs_is_plain_text(tmp_path):
    files, found = read_back(left(tmp_path, {"README.md": "👩\u200d🎨 \u2764\ufe0f".encode()}), {})
    assert "README.md" in files and found == ()


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("a secret")
    os.symlink(tmp_path / "secret", tmp_path / "link")
    assert read_back({"app.py": tmp_path / "link"}, {})[0] == {}


def test_files_that_are_too_large_or_too_many_are_not_taken(tmp_path):
    assert "too large" in refused(tmp_path, "parts.py", b"#" * (LARGEST + 1))
    files, found = read_back(left(tmp_path, {f"part_{n}.py": b"x" for n in range(MOST + 5)}), {})
    assert (len(files), len(found)) == (MOST, 5)
    files, found = read_back(left(tmp_path, {f"part_{n}.py": b"#" * (LARGEST - 1) for n in range(5)}), {})
    assert (len(files), len(found)) == (3, 2)


def test_what_was_given_to_read_does_not_come_back(tmp_path):
    given = {"MODEL_CARD.md": b"card", "model/config.json": b"{}", "model/code.py": b"x"}
    assert read_back(left(tmp_path, given), {}) == ({}, ())


def test_what_a_space_had_before_it_may_keep_and_what_never_comes_back_it_keeps(tmp_path):
    before = {"style.css": "a", ".gitattributes": "b", "in/a&b.txt": "e", "model/code.py": "c", "old.py": "d"}
    files, found = read_back(left(tmp_path, {"style.css": b"new", "model/code.py": b"c"}), before)
    assert files == {"style.css": "new", ".gitattributes": "b", "in/a&b.txt": "e", "model/code.py": "c"}
    assert found == ()
