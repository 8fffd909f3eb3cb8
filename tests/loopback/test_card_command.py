"""`python app.py card` on a card on disk and on models of a local Hub, and the tools behind it."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd

from agents.card_analyst import CardAnalyst
from core.errors import InputsRefused
from core.hub import Hub, NotThere
from tests.loopback.localhub_fixtures import LocalHub, running_hub
from tools.read_card import ReadCard

ROOT = Path(__file__).parents[2]

CARD = """---
license: mit
tags: [tiny]
---
# Tiny

```python
from transformers import AutoModelForMaskedLM

model = AutoModelForMaskedLM.from_pretrained("local/tiny")
```
"""


def safetensors(count: int) -> bytes:
    header = json.dumps({"weight": {"dtype": "F16", "shape": [count], "data_offsets": [0, 2 * count]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(2 * count)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


def put(hub: LocalHub, name: str, **files: bytes) -> str:
    api, id = hub.api(), f"local/{name}"
    api.create_repo(id, exist_ok=True)
    made = [CommitOperationAdd(path.replace("_dot_", "."), content) for path, content in files.items()]
    api.create_commit(id, made, commit_message="Files")
    return id


def ours(hub: LocalHub) -> Hub:
    return Hub(hub.endpoint, hub.token)


def spacewright(folder: Path, *arguments: str, hub: LocalHub | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    if hub is not None:
        arguments = (*arguments, "--endpoint", hub.endpoint)
        environment["HF_TOKEN"] = hub.token
    command = [sys.executable, str(ROOT / "app.py"), "card", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


async def test_a_model_is_its_card_its_files_and_what_the_hub_says(hub):
    config = json.dumps({"architectures": ["BertForMaskedLM"], "model_type": "bert"}).encode()
    weights = safetensors(1000)
    id = put(hub, "tiny", README_dot_md=CARD.encode(), config_dot_json=config, model_dot_safetensors=weights)
    facts = await CardAnalyst(ours(hub)).facts(id)
    assert (facts.task, facts.library, facts.license, facts.gated) == ("fill-mask", "transformers", "mit", False)
    assert (facts.parameters, facts.memory_gb, facts.hardware) == (1000, 0.001, "cpu")
    assert (facts.blockers, set(facts.files) >= {"README.md", "config.json", "model.safetensors"}) == ((), True)
    assert facts.revision and facts.usage and facts.evidence["parameters"].where == "hub"


async def test_a_broken_setting_is_as_good_as_none(hub):
    id = put(hub, "broken", README_dot_md=CARD.encode(), config_dot_json=b"{", model_dot_safetensors=safetensors(4))
    assert (await CardAnalyst(ours(hub)).facts(id)).task == "fill-mask"


async def test_a_gated_model_is_told_as_such(hub):
    id = put(hub, "gated", README_dot_md=CARD.encode(), model_dot_safetensors=safetensors(4))
    hub.api().update_repo_settings(id, gated="manual")
    facts = await ReadCard(ours(hub)).read(model=id)
    assert (facts.gated, [blocker.kind for blocker in facts.blockers]) == (True, ["gated"])


async def test_a_model_that_is_not_there_is_a_failure_of_the_hub(hub):
    with pytest.raises(NotThere):
        await CardAnalyst(ours(hub)).facts("local/nothing")


async def test_a_whole_card_is_a_task_too_and_nothing_is_none(hub):
    facts = await CardAnalyst(ours(hub)).facts(CARD)
    assert (facts.model, facts.task) == (None, "fill-mask")
    with pytest.raises(InputsRefused):
        await CardAnalyst(ours(hub)).facts("  ")


def test_the_command_tells_each_fact_with_its_line(tmp_path):
    (tmp_path / "card.md").write_text(CARD)
    said = spacewright(tmp_path, "card.md")
    assert (said.returncode, said.stderr) == (0, "")
    assert "license     mit" in said.stdout and "README.md:2: license: mit" in said.stdout


def test_the_command_for_programs_asks_the_hub(hub, tmp_path):
    id = put(hub, "spoken", README_dot_md=CARD.encode(), model_dot_safetensors=safetensors(4))
    said = spacewright(tmp_path, id, "--json", hub=hub)
    facts = json.loads(said.stdout)
    assert (said.returncode, facts["model"], facts["task"], facts["parameters"]) == (0, id, "fill-mask", 4)


def test_blockers_are_told_with_what_would_help(tmp_path):
    (tmp_path / "card.md").write_text("---\nlicense: mit\ntags: [gguf]\n---\n# \x1b[31mThing\n")
    said = spacewright(tmp_path, "card.md")
    assert said.returncode == 0 and "\x1b" not in said.stdout
    assert "blocked: non_pytorch_runtime (README.md:3" in said.stdout and "what would help: " in said.stdout


def test_nothing_to_tell_is_one_and_unreadable_is_two(hub, tmp_path):
    (tmp_path / "empty.md").write_bytes(b"")
    assert spacewright(tmp_path, "empty.md").returncode == 1
    missing = spacewright(tmp_path, "missing.md")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    unknown = spacewright(tmp_path, "local/nothing", hub=hub)
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
