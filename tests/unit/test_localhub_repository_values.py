"""The parts of repositories that need no server: names, trees, merges, and commits that come in pieces."""

import base64
import json
from pathlib import Path

import pytest

from localhub.refusal import Refusal
from localhub.repositories.blobs import Blob, Blobs, Drafts, git_oid, large
from localhub.repositories.changes import LONG, Changes
from localhub.repositories.commit import Conflict, Files, folders, merged
from localhub.repositories.large_files import LargeFiles
from localhub.repositories.models import Model
from localhub.repositories.moves import Moves
from localhub.repositories.names import check_path, check_ref
from localhub.repositories.pulls import diff
from localhub.repositories.repository import Commit, Repositories


def tree(**texts: str) -> Files:
    return {path: Blob(oid=git_oid(text.encode()), size=len(text)) for path, text in texts.items()}


def test_folders_have_the_ids_that_git_gives_them() -> None:
    paths = ["a", "b/c", "b/d/e/f", "b/d.x", "b/d/g", "b-x", "z/y/x/w"]
    found = folders(tree(**{path: path for path in paths}))
    assert (found[""], found["b"], found["b/d"]) == (
        *("efb7560dd168d7d75486bb1b36c73e8b1d95ee89", "b7810bd4b07f6e3cbc11e61508332dd0b072f89d"),
        "b06189d5b4c76e8a2dcd94713b402eb1919d6c26",
    )


def test_a_large_file_has_the_id_of_its_pointer() -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    assert large("a" * 64, 5).oid == git_oid(pointer.encode())


def test_what_both_sides_changed_alike_is_merged() -> None:
    base = tree(a="1", b="1", c="1")
    ours, theirs = tree(a="2", b="1", c="2", d="new"), tree(a="1", c="2", e="new")
    assert merged(base, ours, theirs) == tree(a="2", c="2", d="new", e="new")


def test_what_one_side_changed_and_the_other_deleted_is_a_conflict() -> None:
    with pytest.raises(Conflict) as caught:
        merged(tree(a="1", b="1"), tree(a="2", b="1"), tree(b="2"))
    assert caught.value.paths == ["a"]


@pytest.mark.parametrize("piece", [1, 7, 1000, 10**9])
def test_a_commit_is_the_same_in_pieces_of_any_size(tmp_path: Path, piece: int) -> None:
    big = bytes(range(256)) * (LONG // 256 if piece > 999 else 4)
    lines = [
        {"key": "header", "value": {"summary": "x"}},
        {"key": "file", "value": {"content": base64.b64encode(big).decode(), "path": "big", "encoding": "base64"}},
        {"key": "file", "value": {"content": "", "path": "empty", "encoding": "base64"}},
    ]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    blobs = Blobs(tmp_path / "blobs")
    with Drafts(blobs) as drafts:
        changes = Changes(drafts, LargeFiles(tmp_path))
        for start in range(0, len(body), piece):
            changes.feed(body[start : start + piece])
        changes.finish()
    assert (changes.files["big"].oid, changes.files["empty"].size) == (git_oid(big), 0)
    assert blobs.read(changes.files["big"]) == big


def test_a_file_that_comes_piece_by_piece_is_never_held_as_a_whole(tmp_path: Path) -> None:
    with Drafts(Blobs(tmp_path / "blobs")) as drafts:
        changes = Changes(drafts, LargeFiles(tmp_path))
        changes.feed(b'{"key": "file", "value": {"path": "big", "content": "')
        for _ in range(20):
            changes.feed(b"QUJD" * 250_000)
            assert len(changes.pending) <= LONG
        changes.feed(b'"}}\n')
        assert changes.files["big"].size == 15_000_000


def test_drafts_of_a_commit_that_failed_are_forgotten(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with pytest.raises(ZeroDivisionError), Drafts(blobs) as drafts:
        drafts.keep(b"never")
        raise ZeroDivisionError
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_drafts_that_a_crash_has_left_are_removed_at_the_next_start(tmp_path: Path) -> None:
    drafts = Drafts(Blobs(tmp_path))
    drafts.keep(b"left")
    assert len(list((tmp_path / ".drafts").iterdir())) == 1
    Blobs(tmp_path)
    assert not list((tmp_path / ".drafts").iterdir())


@pytest.mark.parametrize("name", ["main", "v1.0", "feature/x", "2024", "ünder", "a-b_c"])
def test_an_ordinary_name_of_a_branch_is_taken(name: str) -> None:
    assert check_ref(name) == name


@pytest.mark.parametrize(
    "name", ["", "a..b", "/a", "a/", ".a", "a/.b", "a.lock", "a\x00b", "a b", "@", "a@{b", "f" * 40]
)
def test_a_name_that_git_refuses_is_refused(name: str) -> None:
    with pytest.raises(Refusal):
        check_ref(name)


@pytest.mark.parametrize("path", ["a", ".gitattributes", "a b/ü.txt", "x" * 255, "..a", "a/...", "CON"])
def test_an_ordinary_path_is_taken(path: str) -> None:
    assert check_path(path) == path


def test_a_move_over_several_names_leads_to_the_last(tmp_path: Path) -> None:
    moves = Moves(tmp_path / "moved.json")
    for old, new in (("a/1", "a/2"), ("a/2", "a/3"), ("a/3", "a/1")):
        moves.forget("model", new)
        moves.note("model", old, new)
    assert [Moves(tmp_path / "moved.json").new_id("model", f"a/{number}") for number in (1, 2, 3)] == [
        *(None, "a/1", "a/1")
    ]


def test_a_move_that_was_cut_short_leaves_the_repository_under_its_new_name(tmp_path: Path) -> None:
    repositories = Repositories(tmp_path / "repos", Blobs(tmp_path / "blobs"))
    old = repositories.folder_of(repositories.create("model", "me", "old", False, {"a": b"a"}))
    old.rename(old.with_name("new"))
    found = repositories.find("model", "me", "new")
    assert found is not None and found.id == "me/new"
    assert [repository.id for repository in repositories.all("model")] == ["me/new"]


def test_a_diff_reads_like_that_of_git(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    old = {"a": blobs.keep(b"1\n2\n"), "gone": blobs.keep(b"x\n"), "binary": blobs.keep(b"\xff")}
    new = {"a": blobs.keep(b"1\n3"), "binary": blobs.keep(b"\xfe")}
    assert diff(blobs, old, new) == (
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n\\ No newline at end of file\n"
        "diff --git a/binary b/binary\nBinary files a/binary and b/binary differ\n"
        "diff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )


def test_a_model_without_a_card_is_known_by_its_config(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    files = {"config.json": blobs.keep(b'{"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2"}')}
    commit = Commit(sha="0" * 40, parent=None, title="", author="me", date="", files=files)
    model = Model(blobs, commit, {})
    assert (model.library(), model.pipeline_tag()) == ("transformers", "text-generation")
    assert model.tags() == ["transformers", "gpt2", "text-generation", "region:us"]
