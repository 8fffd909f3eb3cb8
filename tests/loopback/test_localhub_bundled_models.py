"""The models that come with the local Hub, as the real clients see them; their cards' own code runs as it stands."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import ModelCard, snapshot_download
from huggingface_hub.errors import GatedRepoError
from safetensors.numpy import load_file

from localhub.bundled import FOLDER
from tests.loopback.localhub_fixtures import LocalHub, run_client, running_hub, start_hub

MODELS = FOLDER.with_name("models")
OPEN = {
    "apple-harvest": r"^\d+\.\d+ kg$",
    "entity-tagger": r"^PER Anna Lindqvist 0 14 \S+\nLOC Bergen .*\nDATE 7 March 1912 .*$",
    "review-sentiment": r"^positive .*\nnegative .*$",
    "sentence-embedder": r"^\(2, 48\)\n0\.[5-9]\d*\n-?0\.[0-4]\d*$",
    "shape-classifier": r"^star: .*\n.*\n.*$",
    "tale-writer": r"^Once upon a time there was a clever fox[\s\S]{40,}$",
}
"""What the code in each card prints."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub"), FOLDER) as running:
        yield running


def snippet(model: str) -> str:
    """The code under "How to use" of a card."""
    readme = (MODELS / model / "README.md").read_text("utf-8")
    found = re.search(r"## How to use\n.*?```python\n(.*?)```", readme, re.DOTALL)
    assert found, f"the card of {model} has no code"
    return found[1]


@pytest.mark.parametrize("model", sorted(OPEN))
def test_the_code_of_a_card_runs_as_it_stands(model: str, hub: LocalHub, tmp_path: Path) -> None:
    assert re.search(OPEN[model], run_client(hub, tmp_path, snippet(model)))


@pytest.mark.parametrize("model", [*OPEN, "sound-classifier"])
def test_the_code_of_a_card_is_short(model: str) -> None:
    assert len(snippet(model).splitlines()) <= 25


def test_a_gated_model_is_for_those_who_have_agreed(hub: LocalHub, tmp_path: Path) -> None:
    api, id = hub.api(), "atelier/sound-classifier"
    assert api.model_info(id).gated == "auto"
    with pytest.raises(GatedRepoError):
        api.hf_hub_download(id, "model.safetensors", local_dir=tmp_path / "before")
    asked = httpx.post(f"{hub.endpoint}/{id}/ask-access", headers={"authorization": f"Bearer {hub.token}"})
    assert asked.status_code == 200
    assert re.match(r"bell: [01]\.\d+\n", run_client(hub, tmp_path, snippet("sound-classifier")))


def test_what_is_gated_can_still_be_read_about(hub: LocalHub) -> None:
    facts = hub.get("/api/models/atelier/sound-classifier").json()
    assert (facts["gated"], facts["pipeline_tag"]) == ("auto", "audio-classification")
    assert "agree" in facts["cardData"]["extra_gated_prompt"]
    assert "## How to use" in ModelCard(hub.get("/atelier/sound-classifier/resolve/main/README.md").text).text


@pytest.mark.parametrize("model", sorted(path.parent.name for path in MODELS.glob("*/model.safetensors")))
def test_the_hub_counts_the_parameters_of_a_model(model: str, hub: LocalHub) -> None:
    count = sum(tensor.size for tensor in load_file(MODELS / model / "model.safetensors").values())
    safetensors = hub.api().model_info(f"atelier/{model}").safetensors
    assert safetensors
    assert (safetensors.total, safetensors.parameters) == (count, {"F32": count})


def test_models_are_found_by_what_they_do(hub: LocalHub) -> None:
    found = [model.id for model in hub.api().list_models(author="atelier", pipeline_tag="image-classification")]
    assert found == ["atelier/shape-classifier"]


def test_of_one_model_nobody_can_say_what_it_does(hub: LocalHub, tmp_path: Path) -> None:
    facts = hub.api().model_info("atelier/untitled-2")
    assert (facts.pipeline_tag, facts.library_name) == (None, None)
    folder = snapshot_download("atelier/untitled-2", endpoint=hub.endpoint, local_dir=tmp_path)
    assert load_file(Path(folder) / "model.safetensors")["weight_1"].shape == (6, 16)


def test_a_second_start_changes_nothing_and_keeps_who_has_access(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    (bundle / "spaces").mkdir(parents=True)
    (bundle / "models").symlink_to(MODELS)
    seen = []
    for _ in range(2):
        hub = start_hub(tmp_path / "hub", bundle / "spaces")
        headers = {"authorization": f"Bearer {hub.token}"}
        httpx.post(f"{hub.endpoint}/atelier/sound-classifier/ask-access", headers=headers)
        names = [path.name for path in MODELS.iterdir()]
        seen.append({name: hub.get(f"/api/models/atelier/{name}").json()["sha"] for name in names})
        weights = hub.get("/atelier/sound-classifier/resolve/main/model.safetensors", hub.token)
        assert weights.status_code == 200
        assert hub.stop() == 0
        assert hub.process.stdout
        hub.process.stdout.close()
    assert seen[0] == seen[1]


def test_a_model_that_no_longer_comes_with_the_hub_is_gone(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    (bundle / "models/gone").mkdir(parents=True)
    (bundle / "models/gone/README.md").write_text("# Gone\n")
    with running_hub(tmp_path / "hub", bundle / "spaces") as hub:
        assert hub.get("/api/models/atelier/gone").status_code == 200
    (bundle / "models/gone/README.md").unlink()
    with running_hub(tmp_path / "hub", bundle / "spaces") as hub:
        assert hub.get("/api/models/atelier/gone").status_code in (401, 404)
