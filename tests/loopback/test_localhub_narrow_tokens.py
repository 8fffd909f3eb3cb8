"""What a token without the right to it does not do in somebody's name."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.loopback.localhub_fixtures import LocalHub, running_hub

SEED = """
users:
  - name: ada
    tokens:
      - hf_ada_writes
      - {secret: hf_ada_reads, role: read}
      - {secret: hf_ada_nothing, role: fineGrained}
      - {secret: hf_ada_speaks, role: fineGrained, scopes: [write-discussions]}
repositories:
  - {id: local/gated, gated: auto}
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    folder: Path = tmp_path_factory.mktemp("world")
    (folder / "seed.yaml").write_text(SEED)
    with running_hub(folder / "hub", seed=folder / "seed.yaml") as running:
        yield running


def ask(hub: LocalHub, path: str, token: str) -> int:
    return httpx.post(hub.endpoint + path, headers={"authorization": f"Bearer hf_ada_{token}"}).status_code


@pytest.mark.parametrize(("token", "status"), [("nothing", 403), ("reads", 403), ("speaks", 200), ("writes", 200)])
def test_a_like_needs_a_token_that_may_speak_for_somebody(hub: LocalHub, token: str, status: int) -> None:
    assert ask(hub, "/api/models/local/gated/like", token) == status


@pytest.mark.parametrize(("token", "status"), [("nothing", 403), ("speaks", 403), ("reads", 200), ("writes", 200)])
def test_access_is_asked_for_with_a_token_that_could_use_it(hub: LocalHub, token: str, status: int) -> None:
    assert ask(hub, "/local/gated/ask-access", token) == status
