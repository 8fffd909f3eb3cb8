"""What a client sends to break things is refused in clear words, and others do not notice it."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tests.loopback.test_localhub_bad_bodies import HEADER, file, post

HALF = b"\\ud800"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("world") / "hub") as running:
        running.api().create_repo("local/target")
        running.api().create_repo("local/shown", repo_type="space", space_sdk="static")
        running.api().create_bucket("local/things")
        post(running, "/api/models/local/target/discussions", {"title": "t", "description": "d"})
        yield running


HALVES = [
    ("/api/models/local/target/discussions", b'{"title": "@", "description": "d"}'),
    ("/api/models/local/target/discussions/1/title", b'{"title": "@"}'),
    ("/api/models/local/target/discussions/1/comment", b'{"comment": "@"}'),
    ("/api/models/local/target/discussions/1/merge", b'{"comment": "@"}'),
    ("/api/models/local/target/tag/main", b'{"tag": "v1", "message": "@"}'),
    ("/api/models/local/target/super-squash/main", b'{"message": "@"}'),
    ("/api/models/local/target/preupload/main", b'{"files": [{"path": "@"}]}'),
    ("/api/models/local/target/commit/main", b'{"key": "header", "value": {"summary": "@"}}'),
    ("/api/models/local/target/commit/main", b'{"key": "header", "value": {"summary": "x", "description": "@"}}'),
    ("/api/spaces/local/shown/secrets", b'{"key": "A", "value": "@"}'),
    ("/api/spaces/local/shown/variables", b'{"key": "A", "value": "@"}'),
    ("/api/jobs/local", b'{"command": ["@"], "dockerImage": "x", "flavor": "cpu-basic"}'),
    ("/api/jobs/local", b'{"command": ["true"], "dockerImage": "x", "environment": {"A": "@"}}'),
    ("/api/repos/create", b'{"name": "licensed", "license": "@"}'),
    ("/api/repos/create", b'{"name": "typed", "type": "@"}'),
    ("/api/buckets/local/things/batch", b'{"type": "deleteFile", "path": "@"}'),
    ("/api/buckets/local/things/paths-info", b'{"paths": ["@"]}'),
]


@pytest.mark.parametrize(("path", "body"), HALVES)
def test_half_a_character_is_refused_wherever_a_text_is_taken(hub: LocalHub, path: str, body: bytes) -> None:
    answer = post(hub, path, body.replace(b"@", HALF), **{"content-type": "application/json"})
    assert answer.status_code == 400
    assert "half of a character" in answer.json()["error"]


def test_a_character_outside_the_basic_plane_may_be_written_in_two_halves(hub: LocalHub) -> None:
    body = b'{"tag": "v-smile", "message": "\\ud83d\\ude00"}'
    assert post(hub, "/api/models/local/target/tag/main", body).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/api/models/local/target/discussions", "/api/repos/create", "/api/validate-yaml", "/api/jobs/local"),
        *("/api/buckets/local/things/batch", "/api/models/local/target/discussions/1/merge"),
    ],
)
@pytest.mark.parametrize("depth", [100, 900, 100_000])
def test_json_within_json_is_taken_only_so_deep(hub: LocalHub, path: str, depth: int) -> None:
    answer = post(hub, path, b'{"title": ' + b"[" * depth + b"]" * depth + b"}")
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_refused(hub: LocalHub, number: str) -> None:
    body = f'{{"command": ["true"], "dockerImage": "x", "timeoutSeconds": {number}}}'
    assert "not JSON" in post(hub, "/api/jobs/local", body).json()["error"]


def raw(hub: LocalHub, request: str) -> bytes:
    """The whole answer to a request as it is written, with what httpx would put right."""
    address = httpx.URL(hub.endpoint)
    head = f"Host: {address.netloc.decode()}\r\nAuthorization: Bearer {hub.token}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        connection.sendall(f"{request}\r\n{head}".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("odd", ["%00", "%0d%0aX-Injected:%20yes", "%1b%5b2J", "%c3%a9", "%ff"])
@pytest.mark.parametrize(
    "path",
    [
        *("/local/target/resolve/main/a{}b", "/local/target/resolve/ma{}in/a", "/api/models/local/target/tree/{}"),
        *("/api/models/x{}/y", "/x{}/y/z", "/api/models/local/target/tree/main/{}", "/local/target/commit/{}"),
    ],
)
def test_control_characters_in_an_address_tear_no_connection(hub: LocalHub, path: str, odd: str) -> None:
    answer = raw(hub, f"GET {path.format(odd)} HTTP/1.1")
    head = answer.partition(b"\r\n\r\n")[0]
    assert answer.startswith(b"HTTP/1.1 40")
    assert b"\r\nX-Injected" not in head


@pytest.mark.parametrize("tail", ["²", "9" * 5000, "-1", "x", ""])
def test_a_tail_that_is_no_number_of_lines_is_refused(hub: LocalHub, tail: str) -> None:
    answer = httpx.get(
        f"{hub.endpoint}/api/spaces/local/shown/logs/run",
        params={"tail": tail},
        headers={"authorization": f"Bearer {hub.token}"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("size", ["²", "9" * 5000])
def test_the_size_of_an_upload_has_to_be_a_number(hub: LocalHub, size: str) -> None:
    address = f"{hub.endpoint}/local/target.git/info/lfs/objects/{'0' * 64}"
    answer = httpx.put(address, params={"size": size, "__sign": "x"}, content=b"x")
    assert answer.status_code == 403


def multipart(name: str, size: int, is_file: bool) -> bytes:
    kind = '; filename="large"' if is_file else ""
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n'
    return head.encode() + b"a" * size + b"\r\n--edge--\r\n"


@pytest.mark.parametrize("path", ["/api/models/local/target/paths-info/main", "/local/gated/ask-access"])
def test_a_form_takes_neither_files_nor_any_size(hub: LocalHub, path: str) -> None:
    hub.api().create_repo("local/gated", exist_ok=True)
    hub.api().update_repo_settings("local/gated", gated="manual")
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    with_file = post(hub, path, multipart("paths", 10, is_file=True), **headers)
    large = post(hub, path, multipart("paths", 5_000_000, is_file=False), **headers)
    plain = post(hub, path, b"paths=" + b"a" * 5_000_000, **{"content-type": "application/x-www-form-urlencoded"})
    torn = post(hub, path, multipart("paths", 10, is_file=False), **{"content-type": "multipart/form-data"})
    assert [one.status_code for one in (with_file, large, plain, torn)] == [400, 413, 413, 400]
    assert "Too many files" in with_file.json()["error"]
    assert post(hub, path, multipart("paths", 10, is_file=False), **headers).status_code == 200


def test_a_merge_takes_no_body_of_any_size(hub: LocalHub) -> None:
    assert post(hub, "/api/models/local/target/discussions/1/merge", b"x" * 17_000_000).status_code == 413


def test_a_batch_may_not_name_any_number_of_objects(hub: LocalHub) -> None:
    objects = [{"oid": f"{number:064x}", "size": 1} for number in range(1001)]
    path = "/local/target.git/info/lfs/objects/batch"
    assert post(hub, path, {"operation": "upload", "objects": objects}).status_code == 413
    assert post(hub, path, {"operation": "upload", "objects": objects[1:]}).status_code == 200


LONG = {
    "/api/repos/create": b'{"name": "x", "x": [' + b"[1]," * 3_000_000 + b"1]}",
    "/api/buckets/local/things/batch": b"\n" * 8_000_000,
    "/api/models/local/target/commit/main": b"\n" * 8_000_000,
}


@pytest.mark.parametrize("path", LONG)
def test_others_are_answered_while_something_long_is_read(hub: LocalHub, path: str) -> None:
    worst = 0.0
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, hub, path, LONG[path])
        while not answer.done():
            began = time.monotonic()
            hub.get("/avatar.svg")
            worst = max(worst, time.monotonic() - began)
    assert answer.result().status_code in (400, 413)
    assert worst < 1


def test_empty_lines_count_for_the_size_of_a_batch(hub: LocalHub) -> None:
    answer = post(hub, "/api/buckets/local/things/batch", b"\n" * 65_000_000)
    assert answer.status_code == 413


def test_empty_lines_of_a_commit_are_nothing(hub: LocalHub) -> None:
    body = "\n\n" + json.dumps(HEADER) + "\n\n\n" + json.dumps(file("after-nothing")) + "\n\n"
    assert post(hub, "/api/models/local/target/commit/main", body).status_code == 200
    assert "after-nothing" in hub.api().list_repo_files("local/target")


def test_nothing_is_left_of_what_was_refused(hub: LocalHub) -> None:
    assert [path.name for path in hub.data.parent.iterdir()] == ["hub"]
    assert list((hub.data / "blobs/.drafts").glob("*")) == []
    assert not hub.api().repo_exists("local/licensed")
