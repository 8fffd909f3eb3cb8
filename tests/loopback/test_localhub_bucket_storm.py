"""Buckets that are deleted and moved while they are read and written."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from localhub.buckets.bucket import Buckets
from localhub.refusal import Refusal
from tests.loopback.localhub_fixtures import LocalHub, running_hub

REQUESTS, WORKERS = 250, 8
NAMES = ("one", "two")
EMPTY = json.dumps({"type": "addFile", "path": "e", "xetHash": "0" * 64})


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


def stormy(client: httpx.Client, seed: int) -> httpx.Response:
    chance = random.Random(seed)
    name, other = chance.choice(NAMES), chance.choice(NAMES)
    path = f"/api/buckets/local/{name}"
    match chance.randrange(9):
        case 0 | 1:
            return client.post(path, json={})
        case 2:
            return client.delete(path)
        case 3:
            moved = {"fromRepo": f"local/{name}", "toRepo": f"local/{other}", "type": "bucket"}
            return client.post("/api/repos/move", json=moved)
        case 4 | 5:
            return client.post(f"{path}/batch", content=EMPTY)
        case 6:
            return client.get(f"{path}/tree")
        case 7:
            return client.get(f"/buckets/local/{name}/resolve/e")
    return client.get("/api/buckets/local")


def test_no_request_fails_for_what_others_do_to_the_bucket_meanwhile(hub: LocalHub) -> None:
    headers = {"authorization": f"Bearer {hub.token}"}
    client = httpx.Client(base_url=hub.endpoint, headers=headers, timeout=60)
    with client, ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda seed: stormy(client, seed), range(REQUESTS)))
    broken = [(answer.request.method, answer.request.url.path) for answer in answers if answer.is_server_error]
    assert broken == []
    assert sum(answer.is_success for answer in answers) > REQUESTS / 10


def test_a_bucket_that_went_while_it_was_read_is_not_there(tmp_path: Path) -> None:

    buckets = Buckets(tmp_path)
    bucket = buckets.create("a", "b", False)
    contents = buckets.contents(bucket)
    buckets.delete(bucket)
    with pytest.raises(Refusal) as refused, buckets.while_there(bucket):
        contents.index.hashes([])
    assert refused.value.status == 404
    assert list(tmp_path.rglob("*.sqlite")) == []
    again = buckets.create("a", "b", False)
    with pytest.raises(OSError, match="something else"), buckets.while_there(again):
        raise OSError("something else")
    with pytest.raises(Refusal), buckets.while_there(again):
        buckets.move(buckets.move(again, "a", "c"), "a", "b")
        raise OSError("for that moment")


def test_who_knew_a_bucket_by_its_old_name_hides_it_from_nobody(tmp_path: Path) -> None:
    buckets = Buckets(tmp_path)
    old = buckets.create("a", "old", False)
    new = buckets.move(old, "a", "new")
    assert list(buckets.contents(old).folder.files()) == []
    (tmp_path / "a/new/files/x").write_text("x")
    assert [entry.path for entry in buckets.contents(new).folder.files()] == ["x"]


def test_a_move_that_was_broken_off_has_happened(tmp_path: Path) -> None:
    Buckets(tmp_path).create("a", "old", False)
    (tmp_path / "a/old").rename(tmp_path / "a/new")
    again = Buckets(tmp_path)
    found = again.find("a", "new")
    assert found and (found.id, again.find("a", "old"), again.at(found.instance)) == ("a/new", None, found)
