"""One local Hub for the whole table of calls."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    *(f"tests.loopback.conformance.{path.stem}" for path in Path(__file__).parent.glob("*_calls.py"))
)

from tests.loopback.conformance.world import World, start  # noqa: E402 the rewriting has to be asked for first


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("conforming")
    data, home = folder / "hub", folder / "home"
    data.mkdir()
    home.mkdir()
    heard = folder / "heard.txt"
    heard.touch()
    before = os.environ.get("HF_XET_CLIENT_RETRY_MAX_ATTEMPTS")
    os.environ["HF_XET_CLIENT_RETRY_MAX_ATTEMPTS"] = "1"
    world = World(start(data, heard), heard, home)
    try:
        yield world
    finally:
        world.close()
        if before is None:
            del os.environ["HF_XET_CLIENT_RETRY_MAX_ATTEMPTS"]
