"""Buckets of the local Hub, through huggingface_hub and hf_xet as they are."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from huggingface_hub import BucketFile, BucketFolder, HfApi, HfFileSystem
from huggingface_hub._bucket_live_follow import BUCKET_FOLLOWERS
from huggingface_hub.errors import BucketBatchError, BucketNotFoundError, HfHubHTTPError

from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub

EMPTY = "0" * 64


@pytest.fixture(scope="module", autouse=True)
def xet_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """hf_xet remembers uploads there, and reads these variables when it is first used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_XET_CACHE", str(tmp_path_factory.mktemp("xet")))
        patch.setenv("HF_XET_CLIENT_RETRY_MAX_ATTEMPTS", "1")
        patch.setenv("HF_XET_CLIENT_RETRY_BASE_DELAY", "100ms")
        yield


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


@pytest.fixture(scope="module")
def stranger(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.endpoint, token="hf_local_other")


@pytest.fixture
def bucket(api: HfApi) -> str:
    return api.create_bucket(f"local/bucket-{secrets.token_hex(4)}").bucket_id


def folder(hub: LocalHub, bucket: str) -> Path:
    return hub.data / "buckets" / bucket / "files"


def paths(api: HfApi, bucket: str, prefix: str | None = None, deep: bool = True) -> list[str]:
    return [item.path for item in api.list_bucket_tree(bucket, prefix, recursive=deep)]


def failures(api: HfApi, bucket: str, **operations: object) -> dict[str, str]:
    with pytest.raises(BucketBatchError) as failed:
        api.batch_bucket_files(bucket, **operations)  # type: ignore[arg-type]
    return {failure["path"]: failure["error"] for failure in failed.value.failures}


def post(hub: LocalHub, bucket: str, body: str | bytes) -> httpx.Response:
    headers = {"authorization": f"Bearer {hub.token}"}
    return httpx.post(f"{hub.endpoint}/api/buckets/{bucket}/batch", content=body, headers=headers)


def test_a_bucket_is_made_described_changed_and_deleted(api: HfApi, hub: LocalHub) -> None:
    url = api.create_bucket("made", private=True)
    assert (url.url, url.bucket_id) == (f"{hub.endpoint}/buckets/local/made", "local/made")
    info = api.bucket_info("local/made")
    assert (info.id, info.private, info.size, info.total_files) == ("local/made", True, 0, 0)
    api.update_bucket_settings("local/made", private=False)
    assert api.bucket_info("local/made").private is False
    api.delete_bucket("local/made")
    assert not (hub.data / "buckets/local/made").exists()
    with pytest.raises(BucketNotFoundError):
        api.bucket_info("local/made")
    with pytest.raises(BucketNotFoundError):
        api.delete_bucket("local/made")
    api.delete_bucket("local/made", missing_ok=True)


def test_a_bucket_is_made_once(api: HfApi, bucket: str) -> None:
    with pytest.raises(HfHubHTTPError, match="already created") as refused:
        api.create_bucket(bucket)
    assert refused.value.response.status_code == 409
    assert api.create_bucket(bucket, exist_ok=True).bucket_id == bucket


def test_a_bucket_is_given_another_name(api: HfApi, hub: LocalHub, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"data", "file")])
    api.move_bucket(bucket, f"{bucket}-moved")
    with pytest.raises(BucketNotFoundError):
        api.bucket_info(bucket)
    api.batch_bucket_files(f"{bucket}-moved", add=[(b"more", "more")])
    assert paths(api, f"{bucket}-moved") == ["file", "more"]
    api.create_bucket(bucket)
    with pytest.raises(HfHubHTTPError) as refused:
        api.move_bucket(bucket, f"{bucket}-moved")
    assert refused.value.response.status_code == 409
    with pytest.raises(HfHubHTTPError) as refused:
        api.move_bucket(bucket, "other/theirs")
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("name", ["..", "a--b", ".hidden", "a%2Fb", "x" * 97, "%00"])
def test_a_bucket_cannot_have_any_name(hub: LocalHub, name: str) -> None:
    headers = {"authorization": f"Bearer {hub.token}"}
    answer = httpx.post(f"{hub.endpoint}/api/buckets/local/{name}", json={}, headers=headers)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]


def test_what_is_private_is_seen_by_its_owner_only(api: HfApi, stranger: HfApi, hub: LocalHub) -> None:
    api.create_bucket("local/hidden", private=True, exist_ok=True)
    api.create_bucket("local/shown", exist_ok=True)
    assert {"local/hidden", "local/shown"} <= {found.id for found in api.list_buckets()}
    seen = {found.id for found in stranger.list_buckets("local")}
    assert ("local/hidden" in seen, "local/shown" in seen) == (False, True)
    with pytest.raises(BucketNotFoundError):
        list(stranger.list_bucket_tree("local/hidden"))
    assert hub.get("/api/buckets/local/hidden").status_code == 401
    assert hub.get("/api/buckets/local/shown").status_code == 200
    assert hub.get("/buckets/local/hidden/resolve/x", "hf_local_other").status_code == 404
    assert [found.id for found in api.list_buckets(search="SHOW")] == ["local/shown"]


def test_only_the_owner_writes(api: HfApi, stranger: HfApi, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"mine", "file")])
    attempts = [
        lambda: stranger.create_bucket("local/theirs"),
        lambda: stranger.batch_bucket_files(bucket, delete=["file"]),
        lambda: stranger.delete_bucket(bucket),
        lambda: stranger.update_bucket_settings(bucket, private=True),
    ]
    for attempt in attempts:
        with pytest.raises(HfHubHTTPError) as refused:
            attempt()
        assert refused.value.response.status_code == 403
    with pytest.raises(Exception, match=r"403|Forbidden"):
        stranger.batch_bucket_files(bucket, add=[(b"theirs", "file")])
    assert paths(api, bucket) == ["file"]


def test_buckets_are_listed_page_by_page(api: HfApi, hub: LocalHub) -> None:
    for name in "abc":
        api.create_bucket(f"local/page-{name}", exist_ok=True)
    found, address = [], "/api/buckets/me?search=page-&limit=2"
    while address:
        answer = hub.get(address, hub.token)
        found.append([bucket["id"] for bucket in answer.json()])
        address = answer.links.get("next", {}).get("url", "")
    assert found == [["local/page-a", "local/page-b"], ["local/page-c"]]


def test_files_are_added_and_read_back(api: HfApi, hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "local.txt"
    path.write_text("from a path")
    os.utime(path, (1_700_000_000, 1_700_000_000.25))
    floats = np.random.default_rng(0).normal(size=300_001).astype("float32").tobytes() + b"xyz"
    contents = {"bytes.txt": b"from bytes", "deep/er/empty": b"", "floats.bin": floats, "zeros": bytes(500_000)}
    before = time.time()
    api.batch_bucket_files(bucket, add=[(path, "path.txt"), *((data, name) for name, data in contents.items())])
    contents["path.txt"] = b"from a path"
    assert {name: (folder(hub, bucket) / name).read_bytes() for name in contents} == contents
    files = {item.path: item for item in api.list_bucket_tree(bucket, recursive=True) if isinstance(item, BucketFile)}
    assert {name: file.size for name, file in files.items()} == {name: len(data) for name, data in contents.items()}
    assert files["deep/er/empty"].xet_hash == EMPTY
    assert files["path.txt"].mtime and files["path.txt"].mtime.timestamp() == 1_700_000_000.25
    assert files["path.txt"].uploaded_at and files["path.txt"].uploaded_at.timestamp() > before - 1
    api.download_bucket_files(bucket, [(name, tmp_path / "down" / name) for name in contents])
    assert {name: (tmp_path / "down" / name).read_bytes() for name in contents} == contents
    info = api.bucket_info(bucket)
    assert (info.size, info.total_files) == (sum(map(len, contents.values())), len(contents))


def test_what_a_job_wrote_is_listed_and_downloaded(api: HfApi, hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    api.batch_bucket_files(bucket, add=[(b"old", "result.txt")])
    large = os.urandom(3_000_000)
    (folder(hub, bucket) / "run").mkdir()
    (folder(hub, bucket) / "run/large.bin").write_bytes(large)
    (folder(hub, bucket) / "result.txt").write_bytes(b"new")
    (folder(hub, bucket) / "nothing").touch()
    assert [(item.path, item.type) for item in api.list_bucket_tree(bucket)] == [
        ("nothing", "file"),
        ("result.txt", "file"),
        ("run", "directory"),
    ]
    api.download_bucket_files(bucket, [(name, tmp_path / name) for name in ("result.txt", "run/large.bin", "nothing")])
    assert (tmp_path / "result.txt").read_bytes() == b"new"
    assert (tmp_path / "run/large.bin").read_bytes() == large
    assert (tmp_path / "nothing").read_bytes() == b""


def test_the_hash_of_a_file_is_the_same_by_whomever_it_was_written(api: HfApi, hub: LocalHub, bucket: str) -> None:
    data = os.urandom(400_000)
    api.batch_bucket_files(bucket, add=[(data, "uploaded")])
    (folder(hub, bucket) / "written").write_bytes(data)
    hashes = {
        info.path: info.xet_hash for info in api.get_bucket_paths_info(bucket, ["uploaded", "written", "missing"])
    }
    assert set(hashes) == {"uploaded", "written"} and len(set(hashes.values())) == 1
    metadata = api.get_bucket_file_metadata(bucket, "written")
    assert (metadata.size, metadata.xet_file_data.file_hash) == (400_000, hashes["written"])


def test_a_file_that_a_job_keeps_writing_to_is_listed_again_and_again(api: HfApi, hub: LocalHub, bucket: str) -> None:
    stop = folder(hub, bucket).with_name("stop")
    script = f"import os, pathlib\nwhile not os.path.exists({str(stop)!r}):\n"
    script += " log = open('log', 'ab'); log.write(b'x' * 1000); log.close(); new = open('new', 'w'); new.write('y')\n"
    script += " new.close(); os.remove('new')\n"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=folder(hub, bucket))
    try:
        assert eventually(lambda: (folder(hub, bucket) / "log").exists())
        for _ in range(2):
            for item in api.list_bucket_tree(bucket, recursive=True):
                assert isinstance(item, BucketFile) and item.path in ("log", "new") and len(item.xet_hash) == 64
                assert item.path != "log" or item.size % 1000 == 0
            assert hub.get(f"/buckets/{bucket}/resolve/log", hub.token).content.strip(b"x") == b""
    finally:
        stop.touch()
        assert process.wait(10) == 0


def test_no_link_that_a_job_planted_leads_outside(api: HfApi, hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder(hub, bucket) / "link").symlink_to(tmp_path / "secret")
    (folder(hub, bucket) / "linked").symlink_to(tmp_path)
    os.mkfifo(folder(hub, bucket) / "pipe")
    told = failures(api, bucket, add=[(b"x", "linked/new")], delete=["linked/secret", "link"])
    assert set(told) == {"linked/new", "linked/secret", "link"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]
    assert paths(api, bucket) == []
    assert list(api.get_bucket_paths_info(bucket, ["link", "linked/secret", "pipe"])) == []
    for path in ("link", "linked/secret", "pipe"):
        assert hub.get(f"/buckets/{bucket}/resolve/{path}", hub.token).status_code == 404


def test_files_are_copied_within_and_between_buckets(api: HfApi, stranger: HfApi, hub: LocalHub, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"one", "a/one"), (b"two", "a/two")])
    api.create_bucket(target := f"{bucket}-copy", private=True)
    api.copy_files(f"hf://buckets/{bucket}/a/", f"hf://buckets/{target}/b/")
    api.copy_files(f"hf://buckets/{bucket}/a/one", f"hf://buckets/{bucket}/c/one")
    assert (paths(api, target), paths(api, bucket)) == (["b/one", "b/two"], ["a/one", "a/two", "c/one"])
    assert (folder(hub, target) / "b/two").read_bytes() == b"two"
    stolen = next(iter(api.get_bucket_paths_info(target, ["b/two"]))).xet_hash
    stranger.create_bucket("other/copy", exist_ok=True)
    told = failures(stranger, "other/copy", copy=[("bucket", target, stolen, "stolen")])
    assert "has no file with the Xet hash" in told["stolen"]


def test_a_file_of_a_repository_is_copied_into_a_bucket(
    api: HfApi, hub: LocalHub, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.create_repo("local/source", exist_ok=True)
    api.upload_file(path_or_fileobj=b"weights", path_in_repo="w.bin", repo_id="local/source")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    api.copy_files("hf://local/source/w.bin", f"hf://buckets/{bucket}/w.bin")
    assert (folder(hub, bucket) / "w.bin").read_bytes() == b"weights"


def test_files_are_deleted_one_by_one(api: HfApi, hub: LocalHub, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"1", "a/1"), (b"2", "a/2"), (b"3", "b")])
    told = failures(api, bucket, delete=["a/1", "missing", "b"])
    assert (list(told), paths(api, bucket)) == (["missing"], ["a/2"])
    api.batch_bucket_files(bucket, delete=["a/2"])
    api.batch_bucket_files(bucket, add=[(b"a file now", "a")])
    assert (folder(hub, bucket) / "a").read_bytes() == b"a file now"


@pytest.mark.parametrize(
    "path", ["../escape", "/etc/escape", "a/../../escape", "a//b", "a/", ".", "", "nul\0", "back\\slash", "x" * 300]
)
def test_a_path_that_leads_elsewhere_fails_alone(api: HfApi, hub: LocalHub, bucket: str, path: str) -> None:
    told = failures(api, bucket, add=[(b"bad", path), (b"good", "good")])
    assert (list(told), paths(api, bucket)) == ([path], ["good"])
    assert not list(hub.data.rglob("*escape*"))


def test_a_file_cannot_stand_where_a_folder_is(api: HfApi, bucket: str) -> None:
    told = failures(api, bucket, add=[(b"1", "a/b"), (b"2", "a"), (b"3", "a/b/c"), (b"4", "d")])
    assert (set(told), paths(api, bucket)) == ({"a", "a/b/c"}, ["a/b", "d"])


def test_a_hash_that_was_not_uploaded_fails_alone(hub: LocalHub, bucket: str) -> None:
    one = {"type": "addFile", "path": "one", "xetHash": "ab" * 32, "mtime": 1}
    answer = post(hub, bucket, json.dumps(one))
    assert (answer.status_code, answer.json()["failed"][0]["path"]) == (422, "one")
    empty = {"type": "addFile", "path": "two", "xetHash": EMPTY, "mtime": 1}
    answer = post(hub, bucket, json.dumps(one) + "\n" + json.dumps(empty))
    assert (answer.status_code, len(answer.json()["failed"])) == (200, 1)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "1",
        '{"type":"addFile"}',
        '{"type":"moveFile","path":"a"}',
        '{"type":"addFile","path":1}',
        '{"type":"addFile","path":"a","xetHash":"x","mtime":-1}',
        '{"type":"addFile","path":"a","xetHash":"x","mtime":1e30}',
        b'{"type":"deleteFile","path":"\xff"}',
    ],
)
def test_a_broken_batch_does_nothing(api: HfApi, hub: LocalHub, bucket: str, body: str | bytes) -> None:
    (folder(hub, bucket) / "file").write_text("x")
    first = b'{"type":"deleteFile","path":"file"}\n' if body else b""
    answer = post(hub, bucket, first + (body.encode() if isinstance(body, str) else body))
    assert (answer.status_code, paths(api, bucket)) == (400, ["file"])
    assert answer.json()["error"]


def test_a_batch_that_is_too_large_is_refused(hub: LocalHub, bucket: str) -> None:
    line = b'{"type":"deleteFile","path":"' + b"x" * 1_000_000 + b'"}\n'
    assert post(hub, bucket, line * 65).status_code == 413


def test_a_folder_is_synchronized_both_ways_and_only_once(api: HfApi, bucket: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (source / name).write_text(name)
    uri = f"hf://buckets/{bucket}/some"
    summaries = [
        api.sync_bucket(str(start), str(end), delete=True).summary()
        for start, end in [(source, uri), (source, uri), (uri, target), (uri, target)]
    ]
    counts = [tuple(summary[key] for key in ("uploads", "downloads", "skips")) for summary in summaries]
    assert counts == [(3, 0, 0), (0, 0, 3), (0, 3, 0), (0, 0, 3)]
    (source / "a").unlink()
    assert api.sync_bucket(str(source), uri, delete=True).summary()["deletes"] == 1
    assert paths(api, bucket) == ["some/b", "some/deep/c"]


def test_the_file_system_reads_and_writes(hub: LocalHub, bucket: str, tmp_path: Path) -> None:
    files = HfFileSystem(endpoint=hub.endpoint, token=hub.token, skip_instance_cache=True)
    root = f"hf://buckets/{bucket}"
    with files.open(f"{root}/notes/a.txt", "w") as writing:
        writing.write("0123456789")
    (tmp_path / "put").write_bytes(b"put")
    files.put(str(tmp_path / "put"), f"{root}/notes/put")
    files.cp(f"{root}/notes/a.txt", f"{root}/notes/copy.txt")
    assert files.ls(f"{root}/notes", detail=False) == [
        f"buckets/{bucket}/notes/{name}" for name in ("a.txt", "copy.txt", "put")
    ]
    assert files.find(root) == [f"buckets/{bucket}/notes/{name}" for name in ("a.txt", "copy.txt", "put")]
    assert files.info(f"{root}/notes")["type"] == "directory"
    assert files.info(f"{root}/notes/a.txt")["size"] == 10
    assert files.exists(f"{root}/notes/a.txt") and not files.exists(f"{root}/notes/b.txt")
    assert files.cat(f"{root}/notes/copy.txt") == b"0123456789"
    assert files.cat_file(f"{root}/notes/a.txt", start=3, end=6) == b"345"
    with files.open(f"{root}/notes/a.txt", "rb") as reading:
        reading.seek(7)
        assert reading.read() == b"789"
    files.get(f"{root}/notes/put", str(tmp_path / "got"))
    assert (tmp_path / "got").read_bytes() == b"put"
    files.rm(f"{root}/notes", recursive=True)
    assert not files.exists(f"{root}/notes")


def test_a_part_of_a_file_is_read(api: HfApi, hub: LocalHub, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"0123456789", "a b/ü.txt")])
    address = f"{hub.endpoint}/buckets/{bucket}/resolve/a%20b%2F%C3%BC.txt"
    told = {
        wanted: (answer.status_code, answer.content, answer.headers.get("content-range"))
        for wanted in ("bytes=2-4", "bytes=-3", "bytes=8-99", "bytes=10-", "nonsense")
        for answer in [httpx.get(address, headers={"range": wanted})]
    }
    assert told["bytes=2-4"] == (206, b"234", "bytes 2-4/10")
    assert told["bytes=-3"] == (206, b"789", "bytes 7-9/10")
    assert told["bytes=8-99"] == (206, b"89", "bytes 8-9/10")
    assert told["bytes=10-"][0] == 416
    assert told["nonsense"] == (200, b"0123456789", None)
    head = httpx.head(address)
    assert (head.headers["content-length"], len(head.headers["x-xet-hash"])) == ("10", 64)
    assert head.links["xet-auth"]["url"] == f"{hub.endpoint}/api/buckets/{bucket}/xet-read-token"


def test_what_is_not_there_is_said_so(api: HfApi, hub: LocalHub, bucket: str) -> None:
    answer = hub.get(f"/buckets/{bucket}/resolve/missing", hub.token)
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")
    with pytest.warns(UserWarning, match="not found"):
        api.download_bucket_files(bucket, [("missing", "nowhere")])
    assert post(hub, "local/none", "{}").status_code == 404
    assert hub.get("/api/buckets/nobody", hub.token).status_code == 404


def test_a_long_listing_comes_in_pages(api: HfApi, hub: LocalHub, bucket: str) -> None:
    (folder(hub, bucket) / "many").mkdir()
    for number in range(1005):
        (folder(hub, bucket) / f"many/{number:04} ü").touch()
    assert len(hub.get(f"/api/buckets/{bucket}/tree/many%2F?recursive=true", hub.token).json()) == 1000
    assert paths(api, bucket, "many/") == [f"many/{number:04} ü" for number in range(1005)]


def test_many_batches_at_once_lose_nothing(api: HfApi, bucket: str, hub: LocalHub) -> None:
    def add(number: int) -> None:
        api.batch_bucket_files(bucket, add=[(b"%d" % number, f"own/{number}"), (b"shared %d" % number, "shared")])

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(add, range(20)))
    assert {path.name: path.read_bytes() for path in (folder(hub, bucket) / "own").iterdir()} == {
        str(number): b"%d" % number for number in range(20)
    }
    assert (folder(hub, bucket) / "shared").read_bytes() in {b"shared %d" % number for number in range(20)}


def test_a_path_is_overwritten_again_and_again(api: HfApi, bucket: str, tmp_path: Path) -> None:
    for number in range(5):
        api.batch_bucket_files(bucket, add=[(b"%d" % (number % 2) * 100_000, "same")])
        api.download_bucket_files(bucket, [("same", tmp_path / "same")])
        assert (tmp_path / "same").read_bytes() == b"%d" % (number % 2) * 100_000


def test_a_bucket_that_was_deleted_and_made_again_takes_the_same_files(api: HfApi, bucket: str, hub: LocalHub) -> None:
    data = os.urandom(100_000)
    for _ in range(2):
        api.batch_bucket_files(bucket, add=[(data, "file")])
        assert (folder(hub, bucket) / "file").read_bytes() == data
        api.delete_bucket(bucket)
        api.create_bucket(bucket)
    assert paths(api, bucket) == []


def test_the_same_file_is_uploaded_to_two_buckets(api: HfApi, bucket: str, hub: LocalHub) -> None:
    data = os.urandom(100_000)
    api.create_bucket(second := f"{bucket}-2")
    for target in (bucket, second):
        api.batch_bucket_files(target, add=[(data, "file")])
        assert (folder(hub, target) / "file").read_bytes() == data


def test_changes_are_followed_as_they_happen(hub: LocalHub, bucket: str) -> None:
    files = HfFileSystem(endpoint=hub.endpoint, token=hub.token, live_follow=True, skip_instance_cache=True)
    try:
        assert files.ls(f"hf://buckets/{bucket}", detail=False) == []
        assert eventually(lambda: all(follower.subscribed for follower, _ in BUCKET_FOLLOWERS.values()))
        assert files.ls(f"hf://buckets/{bucket}", detail=False) == []
        (folder(hub, bucket) / "new").write_text("by a Job")
        assert eventually(
            lambda: files.ls(f"hf://buckets/{bucket}", detail=False) == [f"buckets/{bucket}/new"], seconds=5
        )
        (folder(hub, bucket) / "new").unlink()
        assert eventually(lambda: files.ls(f"hf://buckets/{bucket}", detail=False) == [], seconds=5)
    finally:
        for follower, _ in BUCKET_FOLLOWERS.values():
            follower.stop()


def test_a_follower_who_comes_back_is_told_what_was_missed(api: HfApi, hub: LocalHub, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"x", "file")])
    updated = hub.get(f"/api/buckets/{bucket}", hub.token).json()["updatedAt"]
    address = f"{hub.endpoint}/api/buckets/{bucket}/events"

    def first(query: dict[str, str]) -> tuple[str, dict[str, object]]:
        with httpx.stream("GET", address, params=query) as stream:
            told = stream.iter_lines()
            return next(told), json.loads(next(told).removeprefix("data: "))

    name, missed = first({"since": "2020-01-01T00:00:00.000Z"})
    assert name == "event: changes" and isinstance(missed["changes"], list)
    assert [(change["path"], change["op"]) for change in missed["changes"]] == [("file", "add")]
    assert first({"since": updated})[0] == "event: ready"
    assert first({"cursor": str(missed["cursor"])})[0] == "event: reset"
    assert httpx.get(address, params={"since": "yesterday"}).status_code == 400


def test_the_command_line_works(hub: LocalHub, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "huggingface"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }

    def hf(*arguments: str) -> str:
        command = [Path(sys.executable).with_name("hf"), "buckets", *arguments]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.txt").write_text("a")
    hf("create", "shell")
    hf("cp", "data/a.txt", "hf://buckets/local/shell/copied.txt")
    hf("sync", "data", "hf://buckets/local/shell/synced")
    assert (folder(hub, "local/shell") / "synced/a.txt").read_text() == "a"
    assert "copied.txt" in hf("list", "local/shell", "-R")
    hf("rm", "local/shell/copied.txt", "--yes")
    assert not (folder(hub, "local/shell") / "copied.txt").exists()


def test_folders_are_told_with_their_last_upload(api: HfApi, bucket: str) -> None:
    api.batch_bucket_files(bucket, add=[(b"1", "a/b/1"), (b"2", "a/2")])
    (one,) = api.list_bucket_tree(bucket)
    assert isinstance(one, BucketFolder) and one.path == "a" and one.uploaded_at is not None
