"""A Space whose licences do not allow commercial use: told, asked about, or refused, as the user wants."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.artifacts import ArtifactStore
from core.errors import LicenceRefused
from core.events import Event
from core.hub import Hub
from core.nouns import Licensed
from core.scope import Scope
from core.transport import Transport
from tests.loopback.hostile_space import hostile_space
from tests.loopback.small_hub import SmallHub, small_hub
from tools.call_space import CallSpace
from tools.catalogue import Catalogue


@dataclass
class World:
    hub: SmallHub
    catalogue: Catalogue
    root: Path

    def scope(self) -> Scope:
        async def announce(event: Event) -> None:
            return None

        return Scope("draw", "A drawing", None, 1, 5.0, ArtifactStore(self.root), announce, lambda event: None)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_hub() as hub, Transport(loopback=True) as transport, hostile_space() as space:
        hub.add("they/artist", space.host)
        yield World(hub, Catalogue(Hub(hub.endpoint, None), transport, tmp_path / "cache"), tmp_path / "run")


CALL = {"space": "they/artist", "endpoint": "/fine", "inputs": {"text": "a fox"}}


async def test_what_a_space_makes_carries_the_licences_behind_it(world):
    (made,) = await CallSpace(world.catalogue).work(world.scope(), **CALL)
    assert made.origin.licensed == (
        Licensed(what="they/artist", role="space", license="mit"),
        Licensed(what="someone/model", role="model", license="mit"),
    )


async def test_a_model_is_asked_about_once(world):
    for _ in range(2):
        await CallSpace(world.catalogue).work(world.scope(), **CALL)
    assert world.hub.asked.count("/api/models/someone/model") == 1


async def test_a_space_that_names_no_model_leaves_it_unknown_what_it_runs_on(world):
    world.hub.spaces["they/artist"]["models"] = []
    (made,) = await CallSpace(world.catalogue).work(world.scope(), **CALL)
    assert made.origin.licensed[1].license is None


async def test_a_card_that_says_no_models_says_more_than_one_that_names_none(world):
    world.hub.spaces["they/artist"]["models"] = []
    world.hub.spaces["they/artist"]["cardData"]["models"] = []
    (made,) = await CallSpace(world.catalogue).work(world.scope(), **CALL)
    assert [part.what for part in made.origin.licensed] == ["they/artist"]


async def test_a_space_on_a_non_commercial_model_is_refused_before_it_is_called(world):
    world.hub.licenses["someone/model"] = "cc-by-nc-4.0"
    with pytest.raises(LicenceRefused, match=r"someone/model is cc-by-nc-4\.0") as refused:
        await CallSpace(world.catalogue, "refuse").work(world.scope(), **CALL)
    assert refused.value.remedy == "elsewhere"


async def test_a_model_that_cannot_be_seen_is_unknown_and_refused(world):
    world.hub.licenses.clear()
    with pytest.raises(LicenceRefused, match="states no licence"):
        await CallSpace(world.catalogue, "refuse").work(world.scope(), **CALL)


async def test_a_person_is_asked_about_a_licence_only_where_it_is_not_free(world):
    tool = CallSpace(world.catalogue, "ask")
    assert await tool.question(CALL) is None
    world.hub.licenses["someone/model"] = "gemma"
    question = await CallSpace(Catalogue(world.catalogue.hub, world.catalogue.transport, world.root), "ask").question(
        CALL
    )
    assert question == "they/artist: commercial use: conditional, because someone/model is gemma. Use it?"
