"""A static Space published through the real client to a real local Hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.hub import Hub
from tests.loopback.localhub_fixtures import LocalHub, running_hub


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


async def test_publishing_the_same_page_again_makes_no_second_space(local):
    hub = Hub(local.endpoint, local.token)
    files = {"index.html": b"<p>Paris</p>", "media/model.glb": b"glTF"}
    first = await hub.create_static_space("paris", True, files, "Paris")
    assert await hub.create_static_space("paris", True, files, "Paris") == first


async def test_publishing_another_page_under_a_taken_name_changes_nothing_there(local):
    hub = Hub(local.endpoint, local.token)
    first = await hub.create_static_space("rome", True, {"index.html": b"<p>Rome</p>"}, "Rome")
    second = await hub.create_static_space("rome", True, {"index.html": b"<p>Roma</p>"}, "Rome")
    assert (first.id, second.id) == ("local/rome", "local/rome-2")
    assert (await hub.space(first.id)).revision == first.revision


async def test_a_private_page_opens_with_its_link_and_not_without(local):
    hub = Hub(local.endpoint, local.token)
    space = await hub.create_static_space("lyon", True, {"index.html": b"<p>Lyon</p>"}, "Lyon")
    assert local.get(space.host).status_code == 404
    link = await hub.link(space)
    assert link.startswith(f"{space.host}/?__sign=") and local.get(link).status_code == 302
    assert local.token not in link and Path(link).name != link
