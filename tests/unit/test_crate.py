"""The record as an RO-Crate: complete in itself, every reference resolved, nothing overwritten."""

import json
import zipfile
from pathlib import Path

import pytest

from core.events import PlanMade, RunFinished, RunStarted, StepFinished, StepStarted
from core.journal import Journal
from core.nouns import Artifact, Call, From, Goal, Licensed, Origin, Plan, Step
from core.record import RunFolder, Runs
from planners.crate import METADATA, export

MODELS = (Licensed(what="me/one", role="space", license="mit"), Licensed(what="a/model", role="model", license="gemma"))


def call(space: str) -> Call:
    return Call(tool="call_space", arguments={"space": space, "endpoint": "/do", "inputs": {}})


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A passed run of two steps: a file, and a value made from it."""
    made = Runs(tmp_path / "runs").begin("a goal")
    writer = Journal(made.path)
    path = made.artifacts.incoming()
    path.write_bytes(b"some bytes")
    origin = Origin(tool="call_space", space="me/one", revision="abc", endpoint="/do", licensed=MODELS)
    first = made.artifacts.keep_file(path, "file", "Thing", ".bin", origin)
    second = made.artifacts.keep_value(
        "words", "text", "Said", origin.model_copy(update={"space": "me/two", "inputs": (first.sha256,)})
    )
    steps = (Step(id="one", title="One", call=call("me/one")), Step(id="two", title="Two", call=call("me/two")))
    writer.append(RunStarted(run=made.id, goal=Goal(text="a goal"), planner="test", endpoint="http://127.0.0.1:1"))
    writer.append(PlanMade(plan=Plan(steps=steps, results=(From(step="two"),), planner="test")))
    for step, artifact in zip(steps, (first, second), strict=True):
        writer.append(StepStarted(step=step.id, attempt=1, call=step.call, key=step.id))
        writer.append(finished(step, artifact))
    writer.append(RunFinished(status="passed", results=(second,)))
    writer.close()
    return made


def finished(step: Step, artifact: Artifact) -> StepFinished:
    return StepFinished(step=step.id, attempt=1, key=step.id, call=step.call, artifacts=(artifact,), seconds=0.1)


def graph(crate: Path) -> dict[str, dict[str, object]]:
    return {entity["@id"]: entity for entity in json.loads((crate / METADATA).read_text("utf-8"))["@graph"]}


def references(value: object) -> list[str]:
    match value:
        case {"@id": str(id)} if len(value) == 1:
            return [id]
        case dict():
            return [id for part in value.values() for id in references(part)]
        case list():
            return [id for part in value for id in references(part)]
    return []


def test_every_file_that_is_named_is_there_and_every_reference_is_described(folder, tmp_path):
    entities = graph(export(folder, tmp_path / "crate"))
    files = [id for id, entity in entities.items() if entity["@type"] == "File"]
    assert all((tmp_path / "crate" / id).is_file() for id in files) and any("artifacts/thing" in id for id in files)
    outside = {id for entity in entities.values() for id in references(entity)} - entities.keys()
    assert all(id.startswith(("https://w3id.org/", "http://schema.org/")) for id in outside)


def test_a_step_tells_its_space_at_its_revision_and_what_went_in(folder, tmp_path):
    entities = graph(export(folder, tmp_path / "crate"))
    (made,) = entities["#two"]["object"]
    (instrument,) = entities["#two"]["instrument"]
    assert entities[made["@id"]]["name"] == "Thing"
    assert (entities[instrument["@id"]]["version"], entities[instrument["@id"]]["name"]) == ("abc", "me/two /do")


def test_the_crate_says_what_the_licences_of_the_chain_allow(folder, tmp_path):
    root = graph(export(folder, tmp_path / "crate"))["./"]
    assert "Commercial use: conditional, because a/model is gemma" in str(root["description"])


def test_an_archive_holds_the_same(folder, tmp_path):
    export(folder, tmp_path / "crate.zip")
    with zipfile.ZipFile(tmp_path / "crate.zip") as archive:
        assert {METADATA, "events.jsonl"} <= set(archive.namelist())
    assert not (tmp_path / "crate").exists()


def test_nothing_that_exists_is_overwritten(folder, tmp_path):
    (tmp_path / "crate").mkdir()
    with pytest.raises(FileExistsError):
        export(folder, tmp_path / "crate")
