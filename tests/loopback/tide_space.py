"""A model that no recipe covers, and the files that a coding agent may write for it: sound, broken and fake."""

import json

from huggingface_hub import HfApi
from numpy import array, float32
from safetensors.numpy import save

MODEL = "local/tide-table"
CARD = """\
---
license: apache-2.0
pipeline_tag: time-series-forecasting
tags: [tides]
---

# Tide Table

Says how high the water stands at a given hour: the sum of two waves, which were fitted to a year of a gauge.

```python
import json
import numpy as np
from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file

waves = load_file(hf_hub_download("local/tide-table", "model.safetensors"))
hours = np.arange(24)
print((waves["height"] * np.cos(np.outer(hours, waves["speed"]) + waves["phase"])).sum(axis=1))
```
"""
APP = '''\
"""Says how high the water stands."""

import gradio as gr
import numpy as np
from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file

MODEL = "local/tide-table"
REVISION = "main"
waves = load_file(hf_hub_download(MODEL, "model.safetensors", revision=REVISION))


def generate(hour: float) -> float:
    """Gives the height of the water in metres, so many hours after midnight."""
    return float((waves["height"] * np.cos(hour * waves["speed"] + waves["phase"])).sum())


def health() -> dict[str, str]:
    """Says that the app is up."""
    return {"status": "ok", "model": MODEL}


with gr.Blocks() as demo:
    hour = gr.Number(label="Hour", value=6)
    height = gr.Number(label="Height in metres")
    gr.Button("Run").click(generate, hour, height, api_name="generate")
    gr.api(health, api_name="health")

demo.launch()
'''
FAKE = APP.replace(
    'return float((waves["height"] * np.cos(hour * waves["speed"] + waves["phase"])).sum())', "return 1.5"
)
BROKEN = APP.replace("waves = load_file(", "waves = load_files(").replace("load_file\n", "load_files\n")
REQUIREMENTS = "numpy\nsafetensors\n"
README = (
    "---\ntitle: Tides\nsdk: gradio\nlicense: mit\nhf_oauth: true\nhardware: a100-large\n---\n# Tides\n\nHow high.\n"
)


def put_model(api: HfApi) -> None:
    weights = {"height": array([1.2, 0.4]), "speed": array([0.506, 0.524]), "phase": array([0.3, 1.1])}
    data = save({name: value.astype(float32) for name, value in weights.items()})
    config = json.dumps({"waves": 2, "unit": "m"})
    api.create_repo(MODEL, repo_type="model")
    for path, content in {
        "README.md": CARD.encode(),
        "config.json": config.encode(),
        "model.safetensors": data,
    }.items():
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=MODEL)
