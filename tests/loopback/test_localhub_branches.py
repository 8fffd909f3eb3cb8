"""Branches, tags, pull requests and what becomes of a repository as a whole, through huggingface_hub as it is."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from tests.loopback.localhub_fixtures import LocalHub, readme, running_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    other = {"name": "other", "tokens": [{"secret": "hf_local_other"}]}
    me = {"name": "local", "fullname": "Local user", "tokens": [{"secret": "hf_local_me"}], "pro": True}
    (data / "users.json").write_text(json.dumps([me, other]))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


@pytest.fixture(scope="module")
def other(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token="hf_local_other")


@pytest.fixture
def repository(api: HfApi, request: pytest.FixtureRequest) -> str:
    """A model with one file, `a`, named after the test."""
    id = f"local/{request.node.name[5:60]}"
    api.create_repo(id)
    commit(api, id, a="first\n")
    return id


def commit(api: HfApi, id: str, title: str = "put", **more: Any) -> Any:
    options = {key: more.pop(key) for key in ("revision", "create_pr", "parent_commit") if key in more}
    operations = [CommitOperationAdd(path, text.encode()) for path, text in more.items()]
    return api.create_commit(id, operations, commit_message=title, **options)


def text(api: HfApi, id: str, path: str, revision: str, folder: Path) -> str:
    return Path(api.hf_hub_download(id, path, revision=revision, cache_dir=folder)).read_text()


def test_a_branch_goes_its_own_way(api: HfApi, repository: str, tmp_path: Path) -> None:
    api.create_branch(repository, branch="feature/x")
    made = commit(api, repository, a="branched", revision="feature/x")
    assert (
        text(api, repository, "a", "feature/x", tmp_path),
        text(api, repository, "a", "main", tmp_path),
        text(api, repository, "a", made.oid, tmp_path),
    ) == ("branched", "first\n", "branched")
    assert [branch.name for branch in api.list_repo_refs(repository).branches] == ["main", "feature/x"]
    assert [one.title for one in api.list_repo_commits(repository, revision="feature/x")] == [
        *("put", "put", "initial commit")
    ]
    assert api.model_info(repository, revision="feature/x").sha == made.oid
    assert api.list_repo_files(repository, revision="feature/x") == [".gitattributes", "a"]
    api.delete_branch(repository, branch="feature/x")
    assert not api.revision_exists(repository, "feature/x")


def test_a_branch_begins_where_it_is_told_and_only_once(api: HfApi, repository: str) -> None:
    first = api.list_repo_commits(repository)[-1].commit_id
    api.create_branch(repository, branch="old", revision=first)
    api.create_branch(repository, branch="old", exist_ok=True)
    with pytest.raises(HfHubHTTPError) as again:
        api.create_branch(repository, branch="old")
    with pytest.raises(HfHubHTTPError) as main:
        api.delete_branch(repository, branch="main")
    assert (again.value.response.status_code, main.value.response.status_code) == (409, 403)
    assert api.list_repo_files(repository, revision="old") == [".gitattributes"]


def test_a_tag_stays_where_it_was_put(api: HfApi, repository: str, tmp_path: Path) -> None:
    api.create_tag(repository, tag="v1", tag_message="the first")
    commit(api, repository, a="second")
    assert text(api, repository, "a", "v1", tmp_path) == "first\n"
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_tag(repository, tag="v1")
    with pytest.raises(RevisionNotFoundError):
        commit(api, repository, a="third", revision="v1")
    api.delete_tag(repository, tag="v1")
    assert api.list_repo_refs(repository).tags == []


def test_a_squashed_branch_is_one_commit_with_the_same_files(api: HfApi, repository: str) -> None:
    commit(api, repository, b="more")
    api.super_squash_history(repository, commit_message="all of it")
    assert [made.title for made in api.list_repo_commits(repository)] == ["all of it"]
    assert api.list_repo_files(repository) == [".gitattributes", "a", "b"]


def test_somebody_else_proposes_and_the_owner_merges(api: HfApi, other: HfApi, repository: str, tmp_path: Path) -> None:
    proposed = commit(other, repository, title="Better", a="better\n", create_pr=True)
    commit(api, repository, b="meanwhile")
    details = api.get_discussion_details(repository, proposed.pr_num)
    assert (details.status, details.author, details.conflicting_files) == ("open", "other", [])
    assert "-first\n+better\n" in details.diff
    assert text(api, repository, "a", "refs/pr/1", tmp_path) == "better\n"
    commit(other, repository, title="More", c="more", revision="refs/pr/1")
    with pytest.raises(HfHubHTTPError):
        other.merge_pull_request(repository, 1)
    api.merge_pull_request(repository, 1, comment="thanks")
    merged = api.get_discussion_details(repository, 1)
    assert (merged.status, merged.merge_commit_oid) == ("merged", api.model_info(repository).sha)
    assert [event.type for event in merged.events] == ["comment", "commit", "commit", "comment", "status-change"]
    assert text(api, repository, "a", "main", tmp_path) == "better\n"
    assert api.list_repo_files(repository) == [".gitattributes", "a", "b", "c"]
    refs = api.list_repo_refs(repository, include_pull_requests=True)
    assert [pull.ref for pull in refs.pull_requests or []] == ["refs/pr/1"]


def test_changes_that_stand_against_each_other_are_not_merged(api: HfApi, repository: str) -> None:
    number = commit(api, repository, a="mine", create_pr=True).pr_num
    commit(api, repository, a="yours")
    with pytest.raises(HfHubHTTPError) as caught:
        api.merge_pull_request(repository, number)
    assert caught.value.response.status_code == 409
    assert api.get_discussion_details(repository, number).conflicting_files == ["a"]


def test_an_empty_pull_request_is_a_draft_until_it_is_opened(api: HfApi, repository: str) -> None:
    pull = api.create_pull_request(repository, "Later", description="soon")
    commit(api, repository, b="late", revision=str(pull.git_reference))
    with pytest.raises(HfHubHTTPError, match="draft"):
        api.merge_pull_request(repository, pull.num)
    api.change_discussion_status(repository, pull.num, "open")
    api.merge_pull_request(repository, pull.num)
    assert api.file_exists(repository, "b")


def test_people_discuss(api: HfApi, other: HfApi, repository: str) -> None:
    begun = other.create_discussion(repository, "Why?", description="I wonder.")
    said = api.comment_discussion(repository, begun.num, "Because.")
    edited = api.edit_discussion_comment(repository, begun.num, said.id, "Because of this.")
    api.rename_discussion(repository, begun.num, "Why not?")
    api.change_discussion_status(repository, begun.num, "closed", comment="done")
    with pytest.raises(HfHubHTTPError):
        other.edit_discussion_comment(repository, begun.num, said.id, "No.")
    with pytest.warns(UserWarning, match="irreversible"):
        hidden = api.hide_discussion_comment(repository, begun.num, said.id)
    listed = list(api.get_repo_discussions(repository, discussion_status="closed"))
    assert [(one.title, one.author, one.is_pull_request) for one in listed] == [("Why not?", "other", False)]
    assert (edited.content, edited.number_of_edits, hidden.hidden) == ("Because of this.", 1, True)
    assert list(api.get_repo_discussions(repository, discussion_type="pull_request")) == []


def test_a_moved_repository_is_found_under_its_old_name(
    api: HfApi, hub: LocalHub, repository: str, tmp_path: Path
) -> None:
    new = f"{repository}-moved"
    api.move_repo(repository, new)
    answer = httpx.get(f"{hub.endpoint}/api/models/{repository}/revision/main?blobs=true")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/api/models/{new}/revision/main?blobs=true")
    assert api.model_info(repository).id == new
    assert text(api, repository, "a", "main", tmp_path) == "first\n"
    commit(api, repository, b="by the old name")
    assert api.file_exists(new, "b")
    api.create_repo(repository)
    assert api.model_info(repository).id == repository
    with pytest.raises(HfHubHTTPError, match="409"):
        api.move_repo(new, repository)


def test_a_repository_is_not_moved_to_others(api: HfApi, repository: str) -> None:
    with pytest.raises(HfHubHTTPError, match="403"):
        api.move_repo(repository, "other/mine")


def test_a_model_is_duplicated_with_its_files_only(api: HfApi, repository: str) -> None:
    api.duplicate_repo(repository, f"{repository}-twin", private=True)
    assert api.list_repo_files(f"{repository}-twin") == [".gitattributes", "a"]
    assert len(api.list_repo_commits(f"{repository}-twin")) == 1
    assert api.model_info(f"{repository}-twin").private


def test_a_duplicated_space_takes_its_variables_along_and_no_secrets(api: HfApi, hub: LocalHub) -> None:
    api.create_repo(
        "local/original",
        repo_type="space",
        space_sdk="static",
        space_secrets=[{"key": "S", "value": "s"}],
        space_variables=[{"key": "V", "value": "v"}],
    )
    api.upload_file(
        path_or_fileobj=readme("static").encode(),
        path_in_repo="README.md",
        repo_id="local/original",
        repo_type="space",
    )
    api.duplicate_repo("local/original", "local/copy", repo_type="space", space_variables=[{"key": "W", "value": "w"}])
    api.duplicate_repo("local/original", "local/copy", repo_type="space", exist_ok=True)
    assert {key: one.value for key, one in api.get_space_variables("local/copy").items()} == {"V": "v", "W": "w"}
    assert api.get_space_secrets("local/copy") == {}
    assert api.space_info("local/copy").sdk == "static"


def test_files_are_copied_and_deleted_in_one_commit(api: HfApi, repository: str, tmp_path: Path) -> None:
    operations = [CommitOperationCopy("a", "deep/copy"), CommitOperationDelete("a")]
    api.create_commit(repository, operations, commit_message="move it")
    assert api.list_repo_files(repository) == [".gitattributes", "deep/copy"]
    api.delete_folder("deep", repository)
    assert api.list_repo_files(repository) == [".gitattributes"]


def test_a_large_file_comes_by_large_file_storage(hub: LocalHub, api: HfApi, repository: str) -> None:
    data = bytes(range(256)) * 40
    sha256 = hashlib.sha256(data).hexdigest()
    headers = {"authorization": f"Bearer {hub.token}"}
    objects = f"{hub.endpoint}/{repository}.git/info/lfs/objects"
    asked = {"operation": "upload", "objects": [{"oid": sha256, "size": len(data)}]}
    actions = httpx.post(f"{objects}/batch", json=asked, headers=headers).json()["objects"][0]["actions"]
    wrong = httpx.put(actions["upload"]["href"], content=data[:-1] + b"x")
    right = httpx.put(actions["upload"]["href"], content=data)
    verified = httpx.post(actions["verify"]["href"], json={"oid": sha256, "size": len(data)}, headers=headers)
    lines = [
        {"key": "header", "value": {"summary": "large"}},
        {"key": "lfsFile", "value": {"path": "m.bin", "algo": "sha256", "oid": sha256, "size": len(data)}},
    ]
    put = httpx.post(
        f"{hub.endpoint}/api/models/{repository}/commit/main",
        content="\n".join(map(json.dumps, lines)),
        headers=headers,
    )
    assert [one.status_code for one in (wrong, right, verified, put)] == [400, 200, 200, 200]
    head = httpx.head(f"{hub.endpoint}/{repository}/resolve/main/m.bin")
    assert (head.headers["etag"], head.headers["x-linked-size"]) == (f'"{sha256}"', str(len(data)))
    assert httpx.get(f"{hub.endpoint}/{repository}/resolve/main/m.bin").content == data
    assert "oid sha256:" + sha256 in hub.get(f"/{repository}/raw/main/m.bin").text
    found = api.get_paths_info(repository, ["m.bin"])[0]
    assert found.lfs is not None and (found.lfs.sha256, found.lfs.size) == (sha256, len(data))
    assert "actions" not in httpx.post(f"{objects}/batch", json=asked, headers=headers).json()["objects"][0]
    assert [one.filename for one in api.list_lfs_files(repository)] == ["m.bin"]
    api.create_commit(repository, [CommitOperationCopy("m.bin", "n.bin")], commit_message="copy")
    assert api.file_exists(repository, "n.bin")


def test_an_object_of_another_repository_cannot_be_taken_by_its_hash(hub: LocalHub, api: HfApi) -> None:
    line = {"key": "lfsFile", "value": {"path": "m.bin", "algo": "sha256", "oid": "a" * 64, "size": 1}}
    api.create_repo("local/taker")
    content = "\n".join(map(json.dumps, [{"key": "header", "value": {"summary": "x"}}, line]))
    answer = httpx.post(
        f"{hub.endpoint}/api/models/local/taker/commit/main",
        content=content,
        headers={"authorization": f"Bearer {hub.token}"},
    )
    assert (answer.status_code, "was not uploaded" in answer.json()["error"]) == (400, True)


def test_the_repositories_of_the_caller_are_listed_with_their_size(api: HfApi, repository: str) -> None:
    found = {one.id: one for one in api.list_user_repos()}
    assert found[repository].storage == 1519 + len("first\n")


def test_what_is_deleted_is_gone_with_missing_ok(api: HfApi, repository: str) -> None:
    api.delete_repo(repository)
    api.delete_repo(repository, missing_ok=True)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(repository)


def test_branches_tags_and_pull_requests_outlive_a_restart(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        hub.api().create_repo("local/kept")
        commit(hub.api(), "local/kept", a="a", create_pr=True)
        hub.api().create_branch("local/kept", branch="b")
        hub.process.kill()
        hub.process.wait()
    with running_hub(tmp_path) as hub:
        refs = hub.api().list_repo_refs("local/kept", include_pull_requests=True)
        assert [one.name for one in refs.branches] == ["main", "b"]
        assert hub.api().list_repo_files("local/kept", revision="refs/pr/1") == [".gitattributes", "a"]
