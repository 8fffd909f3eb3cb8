"""The README of a Space that a coding agent wrote: the facts win, and rights come only from whoever handed it in."""

import pytest
import yaml

from core.factory import CardFacts
from tools.coding.readme import readme

FACTS = CardFacts(model="someone/small", license="cc-by-nc-4.0", hardware="zero-gpu")
HOSTILE = """\
---
title: "Small\\nhf_oauth: true"
emoji: 🎨
colorFrom: beige
colorTo: pink
sdk: docker
sdk_version: 3.1
python_version: 3.8
app_file: evil.py
license: mit
models: [someone/other]
datasets: [someone/private]
hardware: a100-large
suggested_hardware: a100x8
hf_oauth: true
hf_oauth_scopes: [manage-repos]
preload_from_hub: [someone/other]
pinned: true
custom_headers: {cross-origin-embedder-policy: require-corp}
thumbnail: https://example.com/pixel.png
short_description: It speaks, and it says so in far more words than the sixty that are allowed here
---
# It speaks

A body.
"""


def front(text: str) -> dict[str, object]:
    return dict(yaml.safe_load(text.split("---\n")[1]))


def test_only_harmless_keys_are_the_agents_own():
    made = readme(HOSTILE, "", FACTS, {"app.py": "import spaces\n"})
    assert front(made) == {
        "title": "Small hf_oauth: true",
        "emoji": "🎨",
        "colorFrom": "blue",
        "colorTo": "pink",
        "sdk": "gradio",
        "sdk_version": "6.31.0",
        "python_version": "3.12.12",
        "app_file": "app.py",
        "suggested_hardware": "zero-a10g",
        "short_description": "It speaks, and it says so in far more words than the sixty …",
        "license": "cc-by-nc-4.0",
        "models": ["someone/small"],
    }
    assert made.endswith("---\n\n# It speaks\n\nA body.\n")


def test_a_licence_that_nobody_states_is_not_invented():
    assert "license" not in front(readme(HOSTILE, "", CardFacts(model="someone/small"), {}))


@pytest.mark.parametrize("text", ["", "no front matter", "---\n\t- broken: [\n---\n", "---\n- a list\n---\nwords"])
def test_a_readme_without_front_matter_gets_it(text):
    made = front(readme(text, "", FACTS, {"app.py": "import gradio as gr\n"}))
    assert (made["sdk"], made["title"], made["suggested_hardware"]) == ("gradio", "small", "cpu-basic")


def test_what_the_space_had_before_stays_whatever_the_agent_writes():
    before = (
        "---\ntitle: Old\nsdk: gradio\nsdk_version: 5.1.0\napp_file: main.py\nhf_oauth: true\ndatasets: [a/b]\n---\n"
    )
    stripped = "---\ntitle: New\nsdk: gradio\nsdk_version: 5.2.0\nhf_oauth_scopes: [jobs]\n---\n"
    made = front(readme(stripped, before, FACTS, {}))
    assert [made[name] for name in ("title", "app_file", "hf_oauth", "datasets")] == ["New", "main.py", True, ["a/b"]]
    assert made["sdk_version"] == "5.2.0" and "hf_oauth_scopes" not in made


def test_weights_that_load_slowly_get_an_hour():
    assert front(readme("", "", FACTS.model_copy(update={"memory_gb": 40}), {}))["startup_duration_timeout"] == "1h"
