"""A bucket's folder, to which a Job may have written anything."""

import os
import socket
from pathlib import Path

import pytest

from localhub.buckets.about import timestamp
from localhub.buckets.events import nanoseconds
from localhub.buckets.folder import DEEPEST, Folder, Improper
from localhub.buckets.tree import listing


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "files").mkdir()
    return Folder(tmp_path / "files")


def draft(folder: Folder, text: str = "new") -> Path:
    path = folder.root.with_name("draft")
    path.write_text(text)
    return path


def names(folder: Folder) -> list[str]:
    return sorted(entry.path for entry in folder.files())


def test_only_plain_files_with_proper_names_are_there(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "a/b").mkdir(parents=True)
    (folder.root / "a/b/file").write_text("x")
    (folder.root / "empty").mkdir()
    os.mkfifo(folder.root / "pipe")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("secret")
    (folder.root / "link").symlink_to(tmp_path / "outside/secret")
    (folder.root / "linked").symlink_to(tmp_path / "outside")
    (folder.root / "loop").symlink_to(".")
    with open(os.fsencode(folder.root) + b"/\xff\xfe", "wb"):
        pass
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(folder.root)
        listener.bind("socket")
        os.chdir(here)
        assert names(folder) == ["a/b/file"]
    for path in ("link", "linked/secret", "loop/a/b/file", "pipe", "socket", "a", "missing", "a/b/file/c"):
        assert (folder.look(path), folder.open(path)) == (None, None)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../x",
        "a/./x",
        "a//x",
        "a/",
        "a\0b",
        "x" * 256,
        "\udc80",
        "a/" * 600 + "x",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(folder: Folder, path: str) -> None:
    for refused in (folder.look, folder.open, folder.remove, lambda wrong: folder.put(wrong, draft(folder))):
        with pytest.raises(Improper):
            refused(path)
    assert names(folder) == []


@pytest.mark.parametrize("path", ["a\\b", "line\nbreak", "bell\a"])
def test_an_odd_name_is_read_and_removed_but_not_made(folder: Folder, path: str) -> None:
    (folder.root / path).write_text("from a Job")
    assert names(folder) == [path]
    with pytest.raises(Improper):
        folder.put(path, draft(folder))
    folder.remove(path)
    assert names(folder) == []


def test_nothing_is_written_or_removed_through_a_link(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("old")
    (folder.root / "linked").symlink_to(tmp_path / "outside")
    for path in ("linked/file", "linked/new", "linked/deep/new"):
        with pytest.raises(Improper):
            folder.put(path, draft(folder))
        with pytest.raises(Improper):
            folder.remove(path)
    assert [(path.name, path.read_text()) for path in (tmp_path / "outside").iterdir()] == [("file", "old")]


def test_a_link_is_replaced_by_a_file_of_its_name(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("old")
    (folder.root / "link").symlink_to(tmp_path / "outside")
    folder.put("link", draft(folder))
    assert ((tmp_path / "outside").read_text(), (folder.root / "link").read_text()) == ("old", "new")


def test_a_name_is_a_file_or_a_folder(folder: Folder) -> None:
    (folder.root / "a/b").mkdir(parents=True)
    (folder.root / "a/b/file").write_text("x")
    with pytest.raises(Improper, match="folder of files"):
        folder.put("a", draft(folder))
    with pytest.raises(Improper, match="a file or a link"):
        folder.put("a/b/file/c", draft(folder))
    assert names(folder) == ["a/b/file"]


def test_a_folder_without_files_gives_way_to_a_file(folder: Folder) -> None:
    (folder.root / "a/b/c").mkdir(parents=True)
    folder.put("a", draft(folder))
    assert names(folder) == ["a"]


def test_what_lies_too_deep_is_not_seen(folder: Folder) -> None:
    shallow = folder.root.joinpath(*["d"] * (DEEPEST - 1))
    (shallow / "e").mkdir(parents=True)
    (shallow / "file").write_text("x")
    (shallow / "e/file").write_text("x")
    assert [path.count("/") for path in names(folder)] == [DEEPEST - 1]


def test_a_time_that_was_told_is_understood() -> None:
    times = [1_795_274_000_000_000_000 + milliseconds * 1_000_000 for milliseconds in range(1000)]
    assert [nanoseconds(timestamp(time)) for time in times] == times


def test_a_listing_follows_the_letters_of_the_prefix(folder: Folder) -> None:
    for path in ("logs/a", "logs/deep/b", "logs/deep/er/c", "logs.json", "logs_old/d", "other"):
        (folder.root / path).parent.mkdir(parents=True, exist_ok=True)
        (folder.root / path).write_text("x")

    def told(prefix: str, deep: bool = False) -> list[str]:
        return [path for path, _ in listing(folder.files(), prefix, deep)]

    assert told("") == ["logs", "logs.json", "logs_old", "other"]
    assert told("logs") == ["logs.json", "logs/a", "logs/deep", "logs_old/d"]
    assert told("logs/") == ["logs/a", "logs/deep"]
    assert told("logs/deep", deep=True) == ["logs/deep/b", "logs/deep/er/c"]
    assert told("log", deep=True) == ["logs.json", "logs/a", "logs/deep/b", "logs/deep/er/c", "logs_old/d"]
    assert told("logs/a") == ["logs/a"]
    assert told("missing") == []
