"""Calling Spaces from end to end: a Hub, real Gradio apps in processes of their own, and one that misbehaves."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.artifacts import ArtifactStore
from core.errors import (
    AnswerBroken,
    AppFailed,
    CallLost,
    EndpointMissing,
    Failure,
    HubFailure,
    InputsRefused,
    QuotaExceeded,
    SpaceUnavailable,
)
from core.events import CallAccepted, CallProgressed, Event, SchemaDrifted
from core.hub import Hub
from core.nouns import Artifact, Origin
from core.scope import Scope
from core.transport import Transport
from tests.loopback.hostile_space import PICTURE, HostileSpace, hostile_space
from tests.loopback.small_hub import SmallHub, small_hub
from tools.artifact_tool import SCOPE
from tools.call_space import CallSpace
from tools.catalogue import Catalogue
from tools.find_spaces import FindSpaces
from tools.inspect_space import InspectSpace

ORIGIN = Origin(tool="test")
APP = Path(__file__).with_name("gradio_space.py")


@dataclass
class Apps:
    """Two Gradio apps of one process."""

    new: str
    old: str


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    """Real Gradio; the process ends when its standard input closes."""
    folder = str(tmp_path_factory.mktemp("apps"))
    environment = os.environ | {"GRADIO_TEMP_DIR": folder, "TMPDIR": folder, "GRADIO_ANALYTICS_ENABLED": "False"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    ports = _free_ports()
    with subprocess.Popen([sys.executable, str(APP), *ports], env=environment, text=True, **pipes) as child:
        assert child.stdin and child.stdout
        assert child.stdout.readline() == "ready\n"
        new, old = (f"http://127.0.0.1:{port}" for port in ports)
        yield Apps(new, old)
        child.stdin.close()
        child.wait(10)


def _free_ports() -> list[str]:
    with socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        return [str(probe.getsockname()[1]) for probe in (first, second)]


@pytest.fixture
def app(apps: Apps) -> str:
    return apps.new


@dataclass
class World:
    """One Hub, one transport and a run to keep things in."""

    hub: SmallHub
    transport: Transport
    catalogue: Catalogue
    store: ArtifactStore
    events: list[Event] = field(default_factory=list)
    attempt: int = 0

    def scope(self, accepted: CallAccepted | None = None) -> Scope:
        async def announce(event: Event) -> None:
            self.events.append(event)

        self.attempt += 1
        return Scope("draw", "A drawing", None, self.attempt, 5.0, self.store, announce, self.events.append, accepted)

    async def call(self, space: str, endpoint: str, inputs: dict[str, Any], **more: Any) -> tuple[Artifact, ...]:
        scope = self.scope(more.pop("accepted", None))
        tool = CallSpace(self.catalogue)
        return await tool.work(scope, space=space, endpoint=endpoint, inputs=inputs, **more)

    async def one(self, *words: Any, **more: Any) -> Any:
        (artifact,) = await self.call(*words, **more)
        return self.store.value(artifact)

    def seen(self, kind: type[Event]) -> list[Any]:  # type: ignore[valid-type]  # Event is a union
        return [event for event in self.events if isinstance(event, kind)]

    def picture(self, name: str = "Picture") -> Artifact:
        path = self.store.incoming()
        Image.new("RGB", (20, 10), "green").save(path, "png")
        return self.store.keep_file(path, "image", name, ".png", ORIGIN)

    def text(self, words: str) -> Artifact:
        return self.store.keep_value(words, "text", "Words", ORIGIN)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with small_hub() as hub, Transport(loopback=True) as transport:
        catalogue = Catalogue(Hub(hub.endpoint, None), transport, tmp_path / "cache")
        yield World(hub, transport, catalogue, ArtifactStore(tmp_path / "run"))


@pytest.fixture
async def hostile(world: World) -> AsyncIterator[HostileSpace]:
    async with hostile_space() as space:
        world.hub.add("they/hostile", space.host)
        yield space


@pytest.fixture
def real(world: World, app: str) -> str:
    return world.hub.add("they/real", app)


# What a real app gives


async def test_text_comes_back_with_where_it_came_from(world: World, real: str) -> None:
    (artifact,) = await world.call(real, "/echo", {"text": "a fox"})
    assert (artifact.kind, artifact.value, artifact.name) == ("text", "a fox", "A drawing")
    assert (artifact.origin.space, artifact.origin.revision, artifact.origin.endpoint) == (real, "a" * 40, "/echo")
    assert (artifact.origin.license, artifact.origin.models) == ("mit", ("someone/model",))


async def test_a_picture_and_its_note_become_two_artifacts(world: World, real: str) -> None:
    picture, note = await world.call(real, "/paint", {"size": 40, "colour": "blue"})
    assert (picture.kind, picture.origin.output, note.value, note.origin.output) == ("image", 0, "painted blue", 1)
    assert picture.file and picture.file.endswith(".png")
    with Image.open(world.store.path(picture)) as image:
        assert image.size == (40, 40)
    assert list(world.store.quarantine.iterdir()) == []


async def test_a_picture_of_one_step_is_uploaded_to_the_next(world: World, real: str) -> None:
    picture = world.picture()
    (artifact,) = await world.call(real, "/measure", {"picture": picture, "note": world.text("mine")})
    assert world.store.value(artifact) == {"width": 20, "note": "mine", "name": picture.file}
    assert artifact.origin.inputs == (picture.sha256, world.text("mine").sha256)


async def test_a_gallery_becomes_one_artifact_a_picture(world: World, real: str) -> None:
    pictures = await world.call(real, "/spread", {"number": 3})
    assert [(picture.kind, picture.origin.output) for picture in pictures] == [("image", 0)] * 3
    assert len({picture.sha256 for picture in pictures}) == 3


async def test_what_was_left_out_has_its_default(world: World, real: str) -> None:
    _, note = await world.call(real, "/paint", {})
    assert note.value == "painted red"


async def test_an_optional_picture_left_out_is_none_and_never_the_example(world: World, real: str) -> None:
    assert await world.one(real, "/optional", {}) == "nothing"
    with pytest.raises(InputsRefused, match="'picture' of /demo_picture must be given"):
        await world.call(real, "/demo_picture", {})


async def test_a_stream_of_texts_ends_with_the_whole(world: World, real: str) -> None:
    assert await world.one(real, "/stream", {"text": "fox"}) == "fox"


async def test_calls_of_one_session_remember_each_other_and_others_do_not(world: World, real: str) -> None:
    assert await world.one(real, "/remember", {"word": "a"}, session="talk") == "a"
    assert await world.one(real, "/remember", {"word": "b"}, session="talk") == "a b"
    assert await world.one(real, "/remember", {"word": "c"}) == "c"


async def test_progress_is_passed_on(world: World, real: str) -> None:
    await world.call(real, "/slow", {"text": "x", "seconds": 0.8})
    told = world.seen(CallProgressed)
    assert [event.stage for event in told[:2]] == ["queued", "running"]
    assert 2 < len(told) < 8 and told[-1].fraction > 0.4 and told[-1].text.startswith("part")


@pytest.mark.parametrize(("kind", "failure"), [("quota", QuotaExceeded), ("said", AppFailed), ("null", AppFailed)])
async def test_an_app_that_fails_says_so_by_class(world: World, real: str, kind: str, failure: type[Failure]) -> None:
    with pytest.raises(failure, match=real):
        await world.call(real, "/fail", {"kind": kind})


async def test_the_spaces_own_validator_is_heard(world: World, real: str) -> None:
    with pytest.raises(InputsRefused, match="text: too short"):
        await world.call(real, "/strict", {"text": "ab"})


async def test_side_by_side_calls_keep_their_answers_apart(world: World, real: str) -> None:
    said = await asyncio.gather(*(world.one(real, "/echo", {"text": f"fox {n}"}) for n in range(30)))
    assert said == [f"fox {n}" for n in range(30)]
    assert world.hub.asked.count("/api/spaces/they/real") == 1


# Dialects that the transport does not speak


@pytest.fixture
def old(world: World, apps: Apps) -> str:
    return world.hub.add("they/old", apps.old)


async def test_an_older_dialect_is_spoken_by_the_reference_client(world: World, old: str) -> None:
    painted = world.call(old, "/paint", {"size": 16})
    words = world.one(old, "/remember", {"word": "a"})
    measured = world.one(old, "/measure", {"picture": world.picture(), "note": "b"})
    (picture, note), word, measures = await asyncio.gather(painted, words, measured)
    with Image.open(world.store.path(picture)) as image:
        assert (image.size, note.value) == ((16, 16), "painted red")
    assert (word, measures["width"], measures["note"]) == ("a", 20, "b")


async def test_a_failure_there_has_its_class_too(world: World, old: str) -> None:
    with pytest.raises(QuotaExceeded, match="they/old"):
        await world.call(old, "/fail", {"kind": "quota"})


async def test_a_deadline_ends_the_reference_client(world: World, old: str) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await world.call(old, "/slow", {"text": "", "seconds": 3600})


# Cancelling and picking up


async def test_a_call_is_recorded_before_it_is_followed(world: World, hostile: HostileSpace) -> None:
    call = asyncio.ensure_future(world.call("they/hostile", "/silent", {"text": ""}))
    await asyncio.wait_for(hostile.waiting.wait(), 5)
    (accepted,) = world.seen(CallAccepted)
    assert (accepted.host, accepted.endpoint, accepted.step) == (hostile.host, "/silent", "draw")
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_a_cancelled_call_is_cancelled_at_the_space(world: World, hostile: HostileSpace) -> None:
    call = asyncio.ensure_future(world.call("they/hostile", "/heartbeats", {"text": ""}))
    await asyncio.wait_for(hostile.waiting.wait(), 5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(call, 2)
    (accepted,) = world.seen(CallAccepted)
    told = [(body["event_id"], body["session_hash"]) for body in hostile.cancelled]
    assert told == [(accepted.event_id, accepted.session)]


async def test_a_call_that_cannot_be_recorded_is_not_left_running(world: World, hostile: HostileSpace) -> None:
    async def full(event: Event) -> None:
        raise OSError("no space left")

    scope = Scope("draw", "A drawing", None, 1, 5.0, world.store, full, world.events.append)
    with pytest.raises(OSError, match="no space left"):
        await CallSpace(world.catalogue).work(scope, space="they/hostile", endpoint="/fine", inputs={"text": ""})
    assert len(hostile.cancelled) == 1 and hostile.times("queue/data") == 0


@pytest.mark.parametrize("seconds", [0.0, 0.5])
async def test_a_call_that_a_dead_process_left_is_picked_up_and_not_made_again(
    world: World, real: str, app: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.call_space.RECOVERY_SECONDS", 0.3)
    before = await world.one(real, "/executed", {})
    space = await world.catalogue.read(real)
    wire = await world.catalogue.wire(space, "/slow")
    visit = world.transport.visit(real, app, session="left-behind-" + str(seconds))
    event = await visit.join(wire.function, ["kept", seconds])
    accepted = CallAccepted(step="draw", attempt=1, host=app, endpoint="/slow", event_id=event, session=visit.session)
    inputs = {"text": "kept", "seconds": seconds}
    assert await world.one(real, "/slow", inputs, accepted=accepted) == "kept"
    assert await world.one(real, "/executed", {}) == before + 1
    assert await world.one(real, "/slow", inputs, accepted=accepted) == "kept"
    assert await world.one(real, "/executed", {}) == before + 2


async def test_a_result_that_was_being_read_when_the_process_died_is_made_anew(
    world: World, real: str, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.call_space.RECOVERY_SECONDS", 0.3)
    inputs = {"text": "lost", "seconds": 0.3}
    async with asyncio.timeout(20):
        wire = await world.catalogue.wire(await world.catalogue.read(real), "/slow")
        async with Transport(loopback=True) as dying:
            visit = dying.visit(real, app, session="half-read")
            event = await visit.join(wire.function, ["lost", 0.3])
            async with aclosing(visit.follow(event)) as stream:
                await anext(stream)
        accepted = CallAccepted(
            step="draw", attempt=1, host=app, endpoint="/slow", event_id=event, session=visit.session
        )
        assert await world.one(real, "/slow", inputs, accepted=accepted) == "lost"


# What is refused before it is sent


@pytest.mark.parametrize(
    ("endpoint", "inputs", "failure", "words"),
    [
        ("/draw", {}, EndpointMissing, "no endpoint '/draw'; it offers /executed, /echo"),
        ("/echo", {"txt": "a"}, EndpointMissing, "no parameter 'txt'; it takes text"),
        ("/echo", {}, InputsRefused, "'text' of /echo must be given"),
        ("/echo", {"text": None}, InputsRefused, "cannot be null"),
        ("/echo", {"text": ["a"]}, InputsRefused, "takes text, not a list"),
        ("/paint", {"size": "large"}, InputsRefused, "takes a number, not the text 'large'"),
        ("/paint", {"size": True}, InputsRefused, "takes a number, not true"),
        ("/paint", {"size": 1000}, InputsRefused, "takes 8 to 512, not 1000"),
        ("/paint", {"colour": "green"}, InputsRefused, "takes one of red, blue"),
        ("/measure", {"picture": "/etc/passwd", "note": ""}, InputsRefused, "takes a file that a step made"),
        ("/measure", {"picture": "https://a.b/c.png", "note": ""}, InputsRefused, "takes a file that a step made"),
        ("/measure", {"picture": {"path": "/etc/passwd"}, "note": ""}, InputsRefused, "not an object"),
    ],
)
async def test_arguments_that_do_not_fit_are_never_sent(
    world: World, real: str, endpoint: str, inputs: dict[str, Any], failure: type[Failure], words: str
) -> None:
    with pytest.raises(failure, match=words):
        await world.call(real, endpoint, inputs)
    assert world.seen(CallAccepted) == []


async def test_a_text_that_is_a_path_is_sent_as_text(world: World, hostile: HostileSpace, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    path = str(tmp_path / "secret")
    assert await world.one("they/hostile", "/fine", {"text": path}) == f"you said {path}"
    assert hostile.uploads == []


async def test_an_artifact_of_the_wrong_kind_is_not_uploaded(world: World, hostile: HostileSpace) -> None:
    with pytest.raises(InputsRefused, match="takes text; 'Picture' is image"):
        await world.call("they/hostile", "/fine", {"text": world.picture()})
    assert hostile.uploads == [] and hostile.joined == []


# What is not believed


@pytest.mark.parametrize(
    ("endpoint", "failure", "words"),
    [
        ("/text", AnswerBroken, "answered text where an image should be: 'Sorry, I only paint cats'"),
        ("/quota_text", QuotaExceeded, "quota exceeded"),
        ("/three_values", AnswerBroken, "answered 3 values where /three_values promises 2"),
        ("/null", AnswerBroken, "with nothing"),
        ("/live", AnswerBroken, "streams its image"),
        ("/html", AnswerBroken, "a web page"),
        ("/cut", CallLost, "broke off"),
        ("/null_error", AppFailed, "does not say why"),
    ],
)
async def test_an_answer_that_is_not_what_was_promised_is_refused(
    world: World, hostile: HostileSpace, endpoint: str, failure: type[Failure], words: str
) -> None:
    with pytest.raises(failure, match=words):
        await world.call("they/hostile", endpoint, {"text": ""})


async def test_an_address_that_a_space_names_is_never_asked(world: World, hostile: HostileSpace) -> None:
    async with hostile_space() as other:
        hostile.elsewhere = other.host
        (picture,) = await world.call("they/hostile", "/elsewhere", {"text": ""})
        assert other.seen == []
    assert world.store.path(picture).read_bytes() == PICTURE


async def test_names_of_files_are_ours(world: World, hostile: HostileSpace) -> None:
    (picture,) = await world.call("they/hostile", "/named", {"text": ""})
    assert picture.file == f"a-drawing-{picture.sha256[:16]}.png"
    assert [path.name for path in world.store.folder.iterdir()] == [picture.file]


async def test_a_deadline_ends_a_space_that_only_beats_its_heart(world: World, hostile: HostileSpace) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await world.call("they/hostile", "/heartbeats", {"text": ""})
    assert len(hostile.cancelled) == 1


# Spaces that changed, sleep, or are not there


async def test_a_renamed_parameter_is_recorded_and_refused_before_the_call(world: World, hostile: HostileSpace) -> None:
    await world.catalogue.read("they/hostile")
    hostile.renamed = True
    world.hub.add("they/hostile", hostile.host, revision="b" * 40)
    world.catalogue.forget("they/hostile")
    with pytest.raises(EndpointMissing, match="no parameter 'text'; it takes words"):
        await world.call("they/hostile", "/fine", {"text": ""}, revision="a" * 40)
    (drift,) = world.seen(SchemaDrifted)
    assert drift.change == "parameter 'text' is gone; parameter 'words' is new"
    assert hostile.joined == []


async def test_a_new_revision_that_takes_the_same_is_called(world: World, hostile: HostileSpace) -> None:
    await world.catalogue.read("they/hostile")
    world.hub.add("they/hostile", hostile.host, revision="b" * 40)
    world.catalogue.forget("they/hostile")
    (artifact,) = await world.call("they/hostile", "/fine", {"text": "a"}, revision="a" * 40)
    assert (artifact.origin.revision, world.seen(SchemaDrifted)) == ("b" * 40, [])


async def test_a_space_that_sleeps_is_woken_by_a_request_and_then_called(world: World, hostile: HostileSpace) -> None:
    world.hub.add("they/hostile", hostile.host, stages=("SLEEPING", "SLEEPING", "BUILDING", "APP_STARTING", "RUNNING"))
    assert await world.one("they/hostile", "/fine", {"text": "a"}) == "you said a"
    assert hostile.seen[0][:2] == ("GET", "/config")
    assert world.seen(CallProgressed)[0].stage == "waking"


@pytest.mark.parametrize("stage", ["PAUSED", "BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE"])
async def test_a_space_that_cannot_wake_is_given_up_at_once(world: World, hostile: HostileSpace, stage: str) -> None:
    world.hub.add("they/hostile", hostile.host, stages=(stage,))
    with pytest.raises(SpaceUnavailable, match=r"they/hostile cannot be called: .*use another Space"):
        await asyncio.wait_for(world.call("they/hostile", "/fine", {"text": ""}), 1)
    assert hostile.seen == []


async def test_a_space_that_takes_for_ever_is_waited_for_only_so_long(world: World, hostile: HostileSpace) -> None:
    world.hub.add("they/hostile", hostile.host, stages=("BUILDING",))
    with pytest.raises(SpaceUnavailable, match="still BUILDING after 0 s"):
        await world.catalogue.hub.wake("they/hostile", 0.3)


async def test_a_space_that_does_not_exist_is_named(world: World) -> None:
    with pytest.raises(HubFailure, match="has no they/nothing"):
        await world.call("they/nothing", "/fine", {})


# Whose token


async def test_the_token_goes_to_our_own_space_and_to_no_other(world: World, tmp_path: Path) -> None:
    async with hostile_space() as ours, hostile_space() as theirs, hostile_space() as lent:
        for id, space in (("me/ours", ours), ("they/theirs", theirs), ("they/lent", lent)):
            world.hub.add(id, space.host)
        hub = Hub(world.hub.endpoint, "hf_mine", lent_to=frozenset({"they/lent"}))
        world.catalogue = Catalogue(hub, world.transport, tmp_path / "other")
        for id in ("me/ours", "they/theirs", "they/lent"):
            await world.call(id, "/picture", {"text": ""})
        for space, given in ((ours, True), (theirs, False), (lent, True)):
            assert {"hf_mine" in str(headers) for _, _, headers in space.seen} == {given}
    assert "hf_mine" not in repr(hub)


# Knowing Spaces


async def test_a_space_that_was_read_is_not_asked_again(world: World, hostile: HostileSpace, tmp_path: Path) -> None:
    first = await world.catalogue.read("they/hostile")
    again = Catalogue(world.catalogue.hub, world.transport, tmp_path / "cache")
    assert (await again.read("they/hostile")).endpoints == first.endpoints
    assert (await again.wire(first, "/fine")).inputs == ("text", None)
    assert hostile.times("/config") == hostile.times("/info") == 1


async def test_a_damaged_cache_is_read_anew(world: World, hostile: HostileSpace, tmp_path: Path) -> None:
    first = await world.catalogue.read("they/hostile")
    for path in (tmp_path / "cache" / "spaces").iterdir():
        path.write_text("{")
    again = Catalogue(world.catalogue.hub, world.transport, tmp_path / "cache")
    assert (await again.read("they/hostile")).endpoints == first.endpoints
    assert hostile.times("/config") == 2


async def test_candidates_are_read_side_by_side_and_bad_ones_stay_bare(world: World, hostile: HostileSpace) -> None:
    world.hub.add("they/paused", hostile.host, stages=("PAUSED",))
    good, bad = await world.catalogue.read_all(await world.catalogue.search("paint a fox"))
    assert (good.id, good.relevance, bool(good.endpoints)) == ("they/hostile", 0.9, True)
    assert (bad.id, bad.endpoints) == ("they/paused", ())


async def test_a_hub_without_semantic_search_is_searched_by_name(world: World, hostile: HostileSpace) -> None:
    world.hub.semantic = False
    (found,) = await world.catalogue.search("hostile")
    assert (found.id, found.revision, found.license) == ("they/hostile", "a" * 40, "mit")


async def test_tools_answer_an_agent_in_its_own_thread(world: World, hostile: HostileSpace) -> None:
    found = await asyncio.to_thread(FindSpaces(world.catalogue), text="paint")
    assert found[0]["id"] == "they/hostile"
    (seen,) = await asyncio.to_thread(InspectSpace(world.catalogue), space="they/hostile")
    assert seen["endpoints"][0]["parameters"] == [
        {"name": "text", "label": "Text", "kind": "text", "component": "Textbox"}
    ]

    def call() -> Any:
        SCOPE.set(world.scope())
        return CallSpace(world.catalogue)(space="they/hostile", endpoint="/fine", inputs={"text": "a"})

    assert (await asyncio.to_thread(call))[0]["value"] == "you said a"


async def test_publishing_never_touches_what_is_there(world: World, tmp_path: Path) -> None:
    (tmp_path / "model.glb").write_bytes(b"glTF")
    hub = Hub(world.hub.endpoint, "hf_mine")
    files = {"index.html": b"<p>Paris", "model.glb": tmp_path / "model.glb"}
    for id in ("me/paris", "me/paris-2"):
        space = await hub.create_static_space("paris", True, files, 'Paris: "a walk"')
        assert (space.id, hub.page(space.id)) == (id, f"{world.hub.endpoint}/spaces/{id}")
        assert world.hub.files[id]["model.glb"] == b"glTF"
        assert b'title: "Paris: \\"a walk\\""' in world.hub.files[id]["README.md"]
    assert world.hub.spaces["me/paris"]["private"] is True


async def test_nobody_signed_in_is_said_plainly(world: World) -> None:
    with pytest.raises(Failure, match="nobody is signed in"):
        await world.catalogue.hub.namespace()
