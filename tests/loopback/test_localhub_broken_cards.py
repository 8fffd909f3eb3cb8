"""A README that nobody can read hides nothing and breaks nobody's lists."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tests.loopback.test_localhub_bad_bodies import HEADER, file, post

CARDS = {
    "nan": "x: .nan",
    "date": "2020-01-01: x",
    "binary": "!!binary aGk=: x",
    "circle": "a: &a [*a]",
    "half": 'x: "\\ud800"',
    "digits": "x: 0x" + "f" * 20_000,
    "deep": "x: " + "[" * 3000 + "]" * 3000,
    "mapping": "sdk: {a: 1}",
    "list": "sdk: [gradio]\ntags: 5\nmodels: {a: b}\ntitle: [1]\nlicense: [[1]]\nshort_description: {a: 1}",
}
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("world") / "hub") as running:
        for name, front in CARDS.items():
            for kind in ("model", "dataset", "space"):
                created = {"name": name, "type": kind, "sdk": "static"}
                assert post(running, "/api/repos/create", created).status_code == 200
                readme = base64.b64encode(f"---\n{front}\n---\n# Title\n".encode()).decode()
                body = "\n".join(json.dumps(line) for line in (HEADER, file("README.md", readme)))
                assert post(running, f"/api/{kind}s/local/{name}/commit/main", body).status_code == 200
        yield running


@pytest.mark.parametrize(
    "path",
    [
        *("/api/models?full=true&cardData=true", "/api/datasets?full=true", "/api/spaces?full=true", "/"),
        *("/api/models-tags-by-type", "/api/datasets-tags-by-type", "/api/spaces/semantic-search?q=title"),
        "/api/models?expand=cardData&expand=tags",
    ],
)
def test_lists_and_pages_hold_them_all(hub: LocalHub, path: str) -> None:
    assert hub.get(path, hub.token).status_code == 200


@pytest.mark.parametrize("name", CARDS)
def test_each_is_described(hub: LocalHub, name: str) -> None:
    addresses = [*(f"/api/{kinds}/local/{name}" for kinds in ("models", "datasets", "spaces")), f"/local/{name}"]
    addresses += [f"/datasets/local/{name}", f"/spaces/local/{name}/agents.md", f"/api/spaces/local/{name}/runtime"]
    assert {address: hub.get(address, hub.token).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@pytest.mark.parametrize("name", ["circle", "mapping", "list", "deep"])
def test_a_space_with_such_a_card_has_a_configuration_error(hub: LocalHub, name: str) -> None:
    assert hub.runtime(f"local/{name}")["stage"] == "CONFIG_ERROR"


def validate(hub: LocalHub, front: str) -> httpx.Response:
    return httpx.post(f"{hub.endpoint}/api/validate-yaml", json={"content": f"---\n{front}\n---\n"}, timeout=30)


@pytest.mark.parametrize("front", [BOMB, "".join(f"k{n}: [1, two, {{a: b}}]\n" for n in range(40_000))])
def test_a_card_that_would_grow_is_refused_while_others_are_answered(hub: LocalHub, front: str) -> None:
    began, worst = time.monotonic(), 0.0
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(validate, hub, front)
        while not answer.done():
            asked = time.monotonic()
            hub.get("/avatar.svg")
            worst = max(worst, time.monotonic() - asked)
    assert answer.result().status_code == 400
    assert time.monotonic() - began < 3
    assert worst < 1


def test_a_good_card_is_valid_without_a_token(hub: LocalHub) -> None:
    assert validate(hub, "license: mit").status_code == 200
