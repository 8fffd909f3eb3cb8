"""Repositories of the local Hub, through huggingface_hub as it is."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.loopback.localhub_fixtures import LocalHub, running_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    other = {"name": "other", "token": "hf_local_other", "fullname": ""}
    me = {"name": "local", "token": "hf_local_me", "fullname": "Local user"}
    (data / "users.json").write_text(json.dumps([me, other]))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


def add(path: str, text: str) -> CommitOperationAdd:
    return CommitOperationAdd(path, text.encode())


def test_the_owner_of_the_token_is_known(api: HfApi) -> None:
    assert api.whoami()["name"] == "local"


def test_a_token_nobody_has_is_refused(hub: LocalHub) -> None:
    assert hub.get("/api/whoami-v2", "hf_wrong").status_code == 401


def test_a_folder_is_uploaded_listed_and_downloaded(api: HfApi, hub: LocalHub, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\ntags: [tiny]\n---\n# Tiny\n")
    (folder / "deep/weights.bin").write_bytes(bytes(range(256)) * 5000)
    api.create_repo("local/tiny")
    api.upload_folder(repo_id="local/tiny", folder_path=folder)
    path = api.hf_hub_download("local/tiny", "deep/weights.bin", cache_dir=tmp_path / "cache")
    info = api.model_info("local/tiny", files_metadata=True)
    sizes = {sibling.rfilename: sibling.size for sibling in info.siblings or []}
    assert Path(path).read_bytes() == bytes(range(256)) * 5000
    assert sizes == {".gitattributes": 1519, "README.md": 41, "deep/weights.bin": 1_280_000}
    assert info.tags == ["tiny", "license:mit", "region:us"]


def test_the_same_folder_again_makes_no_commit(api: HfApi, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    api.create_repo("local/same")
    api.upload_folder(repo_id="local/same", folder_path=tmp_path)
    before = api.model_info("local/same").sha
    api.upload_folder(repo_id="local/same", folder_path=tmp_path)
    assert api.model_info("local/same").sha == before


def test_history_trees_and_old_revisions_stay(api: HfApi) -> None:
    api.create_repo("local/history", repo_type="dataset")
    commit = {"repo_id": "local/history", "repo_type": "dataset"}
    first = api.create_commit(operations=[add("a/one", "1"), add("two", "2")], commit_message="first", **commit)
    api.create_commit(operations=[CommitOperationDelete("a/", is_folder=True)], commit_message="second", **commit)
    titles = [made.title for made in api.list_repo_commits("local/history", repo_type="dataset")]
    old = api.list_repo_tree("local/history", revision=first.oid, recursive=True, expand=True, repo_type="dataset")
    assert titles == ["second", "first", "initial commit"]
    assert api.list_repo_files("local/history", repo_type="dataset") == [".gitattributes", "two"]
    assert {entry.path for entry in old} == {".gitattributes", "a", "a/one", "two"}
    assert api.list_repo_refs("local/history", repo_type="dataset").branches[0].name == "main"
    found = api.get_paths_info("local/history", ["two", "gone"], repo_type="dataset", expand=True)
    assert [(entry.path, entry.last_commit.title) for entry in found] == [("two", "first")]


def test_a_commit_on_an_old_parent_is_refused_and_changes_nothing(api: HfApi) -> None:
    api.create_repo("local/race")
    start = api.model_info("local/race").sha
    api.create_commit("local/race", [add("a", "mine")], commit_message="mine", parent_commit=start)
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_commit("local/race", [add("a", "yours")], commit_message="yours", parent_commit=start)
    assert caught.value.response.status_code == 412
    assert len(api.list_repo_commits("local/race")) == 2


@pytest.mark.parametrize("path", ["../escape", "a//b", "/etc/x", "a/../../b", ".git/config"])
def test_a_path_that_leaves_the_repository_is_refused(hub: LocalHub, api: HfApi, path: str) -> None:
    api.create_repo("local/paths", exist_ok=True)
    header = {"key": "header", "value": {"summary": "x"}}
    body = "\n".join(map(json.dumps, [header, {"key": "file", "value": {"path": path, "content": ""}}]))
    headers = {"authorization": f"Bearer {hub.token}"}
    answer = httpx.post(f"{hub.endpoint}/api/models/local/paths/commit/main", content=body, headers=headers)
    assert answer.status_code == 400


def test_a_download_can_be_resumed_in_the_middle(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("local/range", exist_ok=True)
    api.create_commit("local/range", [add("a.txt", "0123456789")], commit_message="a")
    address = f"{hub.endpoint}/local/range/resolve/main/a.txt"
    part = httpx.get(address, headers={"range": "bytes=3-5"})
    head = httpx.head(address)
    assert (part.status_code, part.text, part.headers["content-range"]) == (206, "345", "bytes 3-5/10")
    assert (head.headers["content-length"], len(head.headers["x-repo-commit"])) == ("10", 40)
    assert head.headers["etag"] == '"ad471007bd7f5983d273b9584e5629230150fd54"'


def test_what_is_missing_is_missing_in_the_hubs_own_words(api: HfApi) -> None:
    api.create_repo("local/there", exist_ok=True)
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("local/not-there")
    with pytest.raises(RevisionNotFoundError):
        api.model_info("local/there", revision="0" * 40)
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download("local/there", "nothing.txt")


def test_a_private_repository_is_hidden_from_everybody_else(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("local/hidden", private=True)
    path = "/api/models/local/hidden"
    statuses = [hub.get(path, token).status_code for token in (None, "hf_local_other", hub.token)]
    listed = [model.id for model in HfApi(endpoint=hub.endpoint, token=False).list_models()]
    assert statuses == [401, 404, 200]
    assert hub.get(path).headers["x-error-code"] == "RepoNotFound"
    assert "local/hidden" not in listed
    api.update_repo_settings("local/hidden", private=False)
    assert hub.get(path).status_code == 200


def test_nobody_writes_into_a_namespace_of_others(api: HfApi, hub: LocalHub) -> None:
    api.create_repo("local/mine", exist_ok=True)
    with pytest.raises(HfHubHTTPError) as created:
        api.create_repo("somebody/mine")
    with pytest.raises(HfHubHTTPError) as deleted:
        HfApi(endpoint=hub.endpoint, token="hf_local_other").delete_repo("local/mine")
    assert (created.value.response.status_code, deleted.value.response.status_code) == (403, 403)


def test_a_repository_is_made_once_and_deleted_for_good(api: HfApi) -> None:
    api.create_repo("local/once")
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_repo("local/once")
    api.create_repo("local/once", exist_ok=True)
    api.delete_repo("local/once")
    assert caught.value.response.status_code == 409
    assert not api.repo_exists("local/once")


def test_a_readme_with_broken_front_matter_is_refused_before_the_upload(api: HfApi) -> None:
    api.create_repo("local/broken", exist_ok=True)
    with pytest.raises(ValueError, match="Invalid metadata"):
        api.create_commit("local/broken", [add("README.md", "---\na: [\n---\n")], commit_message="x")


def twenty_files(number: int) -> str:
    lines: list[dict[str, object]] = [{"key": "header", "value": {"summary": str(number)}}]
    for name in range(20):
        value = {"path": f"{name}/{number}", "content": f"{name} {number}" * 50, "encoding": "utf-8"}
        lines.append({"key": "file", "value": value})
    return "\n".join(map(json.dumps, lines))


def test_a_hub_that_was_killed_while_it_was_written_to_has_no_broken_repository(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        hub.api().create_repo("local/crash")
        written = 0
        killer = threading.Timer(0.6, hub.process.kill)
        killer.start()
        address = f"{hub.endpoint}/api/models/local/crash/commit/main"
        # Not through huggingface_hub, which would try again for 23 s.
        with suppress(httpx.HTTPError), httpx.Client(headers={"authorization": f"Bearer {hub.token}"}) as client:
            for written in range(10_000):
                assert client.post(address, content=twenty_files(written)).is_success
        killer.join()
        hub.process.wait()
    with running_hub(tmp_path) as hub:
        api = hub.api()
        paths = api.list_repo_files("local/crash")
        texts = {path: hub.get(f"/local/crash/resolve/main/{path}").text for path in paths if "/" in path}
        assert len(texts) in (20 * written, 20 * (written + 1))
        assert all(text == path.replace("/", " ") * 50 for path, text in texts.items())
        api.create_commit("local/crash", [add("after", "a")], commit_message="after")
        assert not list((tmp_path / "blobs/.drafts").glob("*"))


def test_an_unknown_address_is_named_in_the_answer(hub: LocalHub) -> None:
    answer = hub.get("/api/jobs/local/none/whatever")
    assert answer.status_code == 404
    assert answer.json() == {"error": "The local Hub has no GET /api/jobs/local/none/whatever"}


def test_a_foreign_host_name_is_refused(hub: LocalHub) -> None:
    assert httpx.get(hub.endpoint, headers={"host": "evil.example"}).status_code == 400


def test_the_history_comes_in_numbered_pages(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("local/long")
    for number in range(3):
        api.upload_file(path_or_fileobj=b"%d" % number, path_in_repo="n.txt", repo_id="local/long")
    pages = [hub.get("/api/models/local/long/commits/main?limit=3")]
    pages.append(hub.get(pages[0].links["next"]["url"]))
    assert [len(page.json()) for page in pages] == [3, 1]
    assert ([page.headers["x-total-count"] for page in pages], "next" in pages[1].links) == (["4", "4"], False)
    every = [commit["id"] for page in pages for commit in page.json()]
    assert every == [commit.commit_id for commit in api.list_repo_commits("local/long")]
    refused = [
        hub.get(f"/api/models/local/long/commits/main?{query}").status_code for query in ("p=-1", "p=x", "limit=0")
    ]
    assert refused == [400] * 3


def test_a_text_is_served_as_plain_text_under_its_own_name(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("local/texts")
    shown = {}
    for path in ("page.html", 'two "words" é.json', "picture.png"):
        api.upload_file(path_or_fileobj=b"{}", path_in_repo=path, repo_id="local/texts")
        headers = hub.get(f"/local/texts/resolve/main/{quote(path)}").headers
        shown[headers["content-disposition"]] = headers["content-type"]
    assert shown == {
        "inline; filename*=UTF-8''page.html; filename=\"page.html\";": "text/plain; charset=utf-8",
        "inline; filename*=UTF-8''two%20%22words%22%20%C3%A9.json; filename=\"two _words_ ?.json\";": (
            "text/plain; charset=utf-8"
        ),
        "inline; filename*=UTF-8''picture.png; filename=\"picture.png\";": "image/png",
    }


def test_a_data_set_has_a_page_that_is_no_models(hub: LocalHub, api: HfApi) -> None:
    api.create_repo("local/numbers", repo_type="dataset")
    api.create_repo("local/words")
    found = [hub.get(path).status_code for path in ("/datasets/local/numbers", "/datasets/local/words", "/local/words")]
    assert found == [200, 404, 200]


def test_who_is_not_known_is_told_how_to_become_it(hub: LocalHub) -> None:
    refused = [hub.get("/api/whoami-v2"), hub.get("/api/models/local/missing")]
    assert [answer.status_code for answer in refused] == [401, 401]
    assert {answer.headers["www-authenticate"].partition(" ")[0] for answer in refused} == {"Bearer"}
