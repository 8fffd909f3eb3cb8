"""The content-addressed store of the local Hub: what it refuses, and what is left of uploads when the Hub dies."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi

from localhub.xet import xorb
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub, start_hub

HASH = "ab" * 32


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
        running.api().create_bucket("local/one")
        running.api().create_bucket("local/two")
        running.api().create_bucket("local/private", private=True)
        yield running


def connection(hub: LocalHub, bucket: str, right: str, token: str | None = "hf_local_me") -> httpx.Client:
    """A client of the bucket's part of the store."""
    told = hub.get(f"/api/buckets/{bucket}/xet-{right}-token", token)
    assert told.json()["casUrl"] == told.headers["x-xet-cas-url"]
    assert told.json()["accessToken"] == told.headers["x-xet-access-token"]
    assert abs(int(told.headers["x-xet-token-expiration"]) - told.json()["exp"]) == 0
    assert time.time() + 600 < told.json()["exp"] < time.time() + 90_000
    headers = {"authorization": f"Bearer {told.json()['accessToken']}"}
    return httpx.Client(base_url=told.json()["casUrl"], headers=headers)


def staged(hub: LocalHub, bucket: str) -> list[str]:
    staging = hub.data / "buckets" / bucket / "staging"
    return sorted(path.name for path in staging.iterdir() if path.name != "uploads.sqlite") if staging.exists() else []


@pytest.mark.parametrize("body", [b"", b"garbage", b"\0\5\0\0\0\5\0\0hell", b"\0\1\0\0\7\1\0\0x", bytes(1000)])
def test_what_is_no_xorb_is_refused_and_not_kept(hub: LocalHub, body: bytes) -> None:
    with connection(hub, "local/one", "write") as store:
        answer = store.post(f"/v1/xorbs/default/{HASH}", content=body)
    assert (answer.status_code, staged(hub, "local/one")) == (400, [])
    assert answer.json()["error"]


def test_a_xorb_that_is_too_large_is_refused_and_not_kept(hub: LocalHub) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(xorb.LARGEST // 1_000_000 + 2):
            yield bytes(1_000_000)

    with connection(hub, "local/one", "write") as store:
        answer = store.post(f"/v1/xorbs/default/{HASH}", content=endless())
    assert (answer.status_code, staged(hub, "local/one")) == (413, [])


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2fescape", "AB" * 32, "ab" * 33, "g" * 64])
def test_a_xorb_needs_a_hash_for_a_name(hub: LocalHub, name: str) -> None:
    with connection(hub, "local/one", "write") as store:
        answer = store.post(f"/v1/xorbs/default/{name}", content=b"\0\1\0\0\0\1\0\0x")
    assert answer.status_code in (400, 404)
    assert staged(hub, "local/one") == []


@pytest.mark.parametrize("path", ["/v1/shards", "/v2/shards"])
@pytest.mark.parametrize("body", [b"", b"garbage", bytes(32) + b"\2" + bytes(15) + b"torn"])
def test_a_torn_shard_is_refused(hub: LocalHub, path: str, body: bytes) -> None:
    with connection(hub, "local/one", "write") as store:
        answer = store.post(path, content=body)
    assert (answer.status_code, "shard" in answer.json()["error"]) == (400, True)


def test_a_token_is_good_for_one_bucket_and_one_right(hub: LocalHub) -> None:
    with connection(hub, "local/one", "read") as reader, connection(hub, "local/two", "write") as elsewhere:
        good = b"\0\1\0\0\0\1\0\0x"
        there = str(reader.base_url).rstrip("/")
        refused = [
            reader.post(f"/v1/xorbs/default/{HASH}", content=good),
            reader.post("/v2/shards", content=b""),
            elsewhere.post(f"{there}/v1/xorbs/default/{HASH}", content=good),
            elsewhere.get(f"{there}/v2/reconstructions/{HASH}"),
            httpx.get(f"{there}/v2/reconstructions/{HASH}"),
            httpx.get(f"{there}/v2/reconstructions/{HASH}", headers={"authorization": f"Bearer {hub.token}"}),
            httpx.get(f"{there}/v1/chunks/default/{HASH}"),
            httpx.get(f"{hub.endpoint}/xet/unknown/v2/reconstructions/{HASH}"),
        ]
        assert [answer.status_code for answer in refused] == [401] * len(refused)
        known = [reader.get(f"/v1/chunks/default/{HASH}"), elsewhere.get(f"/v2/reconstructions/{HASH}")]
        assert [answer.status_code for answer in known] == [404, 404]
        assert elsewhere.post(f"/v1/xorb-grants/default/{HASH}").status_code == 404
    assert httpx.get(f"{there}/fetch/{HASH}/0?pass=forged").status_code == 403


def test_tokens_are_given_to_those_who_have_the_right(hub: LocalHub) -> None:
    def status(bucket: str, right: str, token: str | None) -> int:
        return hub.get(f"/api/buckets/{bucket}/xet-{right}-token", token).status_code

    assert [status("local/one", "read", token) for token in (None, "hf_local_other", "hf_local_me")] == [200] * 3
    assert [status("local/one", "write", token) for token in (None, "hf_local_other")] == [401, 403]
    assert [status("local/private", right, "hf_local_other") for right in ("read", "write")] == [404, 404]


def test_a_token_is_worthless_once_the_bucket_is_hidden(hub: LocalHub) -> None:
    api = hub.api()
    api.create_bucket("local/turned")
    with connection(hub, "local/turned", "read", None) as stranger:
        assert stranger.get(f"/v1/chunks/default/{HASH}").status_code == 404
        api.update_bucket_settings("local/turned", private=True)
        assert stranger.get(f"/v1/chunks/default/{HASH}").status_code == 403


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_plan_of_a_download_leads_to_the_bytes(hub: LocalHub, version: str) -> None:
    data = os.urandom(200_000)
    (hub.data / "buckets/local/one/files/plain").write_bytes(data)
    name = next(iter(hub.api().get_bucket_paths_info("local/one", ["plain"]))).xet_hash
    with connection(hub, "local/one", "read") as store:
        for wanted, start, end in [
            ("", 0, 200_000),
            ("bytes=70000-140000", 70_000, 140_001),
            ("bytes=199999-", -1, None),
        ]:
            plan = store.get(f"/{version}/reconstructions/{name}", headers={"range": wanted} if wanted else {}).json()
            made = b"".join(term_bytes(plan, term) for term in plan["terms"])
            offset = plan["offset_into_first_range"]
            assert made[offset : offset + len(data[start:end])] == data[start:end]
        refused = store.get(f"/{version}/reconstructions/{name}", headers={"range": "bytes=200000-"})
        assert refused.status_code == 416


def term_bytes(plan: dict[str, object], term: dict[str, object]) -> bytes:
    """What one term of a plan stands for, fetched without a token as hf_xet does."""
    places = plan.get("xorbs") or plan.get("fetch_info")
    place = places[term["hash"]][0]  # type: ignore[index]
    part = place["url_range"] if "url_range" in place else place["ranges"][0]["bytes"]
    answer = httpx.get(place["url"], headers={"range": f"bytes={part['start']}-{part['end']}"})
    assert (answer.status_code, len(answer.content)) == (206, part["end"] + 1 - part["start"])
    unpacked = [xorb.unpack(answer.content, chunk) for chunk in xorb.chunks(answer.content)]
    assert len(unpacked) == term["range"]["end"] - term["range"]["start"]  # type: ignore[index]
    assert sum(map(len, unpacked)) == term["unpacked_length"]
    return b"".join(unpacked)


def test_a_file_that_was_changed_is_not_taken_for_what_it_was(hub: LocalHub) -> None:
    path = hub.data / "buckets/local/one/files/changed"
    path.write_bytes(os.urandom(100_000))
    name = next(iter(hub.api().get_bucket_paths_info("local/one", ["changed"]))).xet_hash
    with connection(hub, "local/one", "read") as store:
        plan = store.get(f"/v2/reconstructions/{name}").json()
        path.write_bytes(os.urandom(100_000))
        assert store.get(f"/v2/reconstructions/{name}").status_code == 404
    (place,) = plan["xorbs"].values()
    assert httpx.get(place[0]["url"]).status_code == 404


def test_telemetry_is_heard(hub: LocalHub) -> None:
    assert httpx.post(f"{hub.endpoint}/v1/telemetry", content=b"{}").status_code == 200


def test_uploads_of_long_ago_are_forgotten_on_a_start_and_can_be_uploaded_again(tmp_path: Path) -> None:
    data = os.urandom(100_000)
    with running_hub(tmp_path) as hub:
        hub.api().create_bucket("local/old")
        hub.api().batch_bucket_files("local/old", add=[(data, "file")])
        first = hub.get("/api/buckets/local/old/xet-read-token", hub.token).json()["casUrl"].rpartition("/")[2]
    assert any(name.startswith("xorb-") for name in staged(hub, "local/old"))
    for path in (tmp_path / "buckets/local/old/staging").iterdir():
        os.utime(path, (0, 0))
    with running_hub(tmp_path) as hub:
        second = hub.get("/api/buckets/local/old/xet-read-token", hub.token).json()["casUrl"].rpartition("/")[2]
        assert (staged(hub, "local/old"), first != second) == ([], True)
        hub.api().batch_bucket_files("local/old", add=[(data, "again")])
        for name in ("file", "again"):
            assert hub.get(f"/buckets/local/old/resolve/{name}", hub.token).content == data


def test_the_index_can_be_made_again(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        hub.api().create_bucket("local/indexed")
        hub.api().batch_bucket_files("local/indexed", add=[(b"x" * 1000, "file")])
        before = next(iter(hub.api().get_bucket_paths_info("local/indexed", ["file"])))
    (tmp_path / "buckets/local/indexed/index.sqlite").unlink()
    with running_hub(tmp_path) as hub:
        assert next(iter(hub.api().get_bucket_paths_info("local/indexed", ["file"]))) == before


UPLOADER = """
import hashlib, sys
from huggingface_hub import HfApi
api = HfApi()
for start in range(0, 200, 10):
    names = [f"{start + n:03}" for n in range(10)]
    api.batch_bucket_files("local/crash", add=[(hashlib.shake_256(n.encode()).digest(70_000), n) for n in names])
    print(names[-1], flush=True)
"""


def content(name: str) -> bytes:
    return hashlib.shake_256(name.encode()).digest(70_000)


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.13])
def test_a_hub_that_is_killed_within_an_upload_loses_nothing_it_has_answered(tmp_path: Path, pause: float) -> None:
    hub = start_hub(tmp_path / "data")
    hub.api().create_bucket("local/crash")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token,
        "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "1",
    }
    command = [sys.executable, "-c", UPLOADER]
    client = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert client.stdout
        answered = [client.stdout.readline().strip()]
        time.sleep(pause)  # Not a wait for something: the moment of the crash is what differs.
        os.kill(hub.process.pid, signal.SIGKILL)
        hub.process.wait()
    finally:
        client.kill()
        answered += client.communicate()[0].split()
    for pipe in (hub.process.stdin, hub.process.stdout):
        assert pipe
        pipe.close()
    with running_hub(tmp_path / "data") as restarted:
        api: HfApi = restarted.api()
        listed = [item.path for item in api.list_bucket_tree("local/crash")]
        assert set(listed) >= {f"{number:03}" for number in range(int(answered[-1]) + 1)}
        api.download_bucket_files("local/crash", [(name, tmp_path / "down" / name) for name in listed])
        assert all((tmp_path / "down" / name).read_bytes() == content(name) for name in listed)
        names = [f"{number:03}" for number in range(0, 200, 9)]
        api.batch_bucket_files("local/crash", add=[(content(name), name) for name in names])
        files = tmp_path / "data/buckets/local/crash/files"
        assert all((files / name).read_bytes() == content(name) for name in names)
        assert eventually(lambda: not list((tmp_path / "data/buckets/local/crash/drafts").iterdir()))
