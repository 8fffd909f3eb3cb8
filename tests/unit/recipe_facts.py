"""Facts about made-up models, one for each kind that a recipe covers."""

from core.factory import CardFacts

SHIPPED = """\
import sys

from huggingface_hub import snapshot_download

folder = snapshot_download("someone/small")
sys.path.insert(0, folder)
from small_model import SmallModel

use = SmallModel.from_pretrained(folder)
print({call})
"""

SPELLED_OUT = """\
import json

import numpy as np
from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file

with open(hf_hub_download("someone/small", "config.json")) as file:
    config = json.load(file)
weights = load_file(hf_hub_download("someone/small", "model.safetensors"))


def estimate(row: dict[str, float]) -> float:
    values = np.array([row[name] for name in config["features"]], np.float32)
    return float(values @ weights["weight"] + weights["bias"])


print(estimate({"one": 1, "two": 2}))
"""

TRANSFORMERS = (
    "text-generation summarization translation text2text-generation text-classification token-classification "
    "question-answering fill-mask zero-shot-classification feature-extraction image-classification object-detection "
    "image-segmentation depth-estimation image-to-text visual-question-answering image-text-to-text "
    "zero-shot-image-classification automatic-speech-recognition text-to-speech text-to-audio audio-classification"
)
DIFFUSERS = "text-to-image image-to-image text-to-video image-to-3d"
CALLS = {
    "image-classification": "use(picture)",
    "text-classification": 'use("some text")',
    "token-classification": 'use("some text")',
    "audio-classification": "use(path)",
    "sentence-similarity": 'use.similarity("one", "two")',
    "text-generation": 'use("Once", max_new_tokens=9, temperature=0.5, seed=1)',
}


def facts(task: str, library: str, **more: object) -> CardFacts:
    known: dict[str, object] = {
        "model": "someone/small",
        "revision": "0" * 40,
        "task": task,
        "library": library,
        "license": "apache-2.0",
        "files": ("config.json", "model.safetensors", "README.md"),
    }
    return CardFacts.model_validate(known | more)


def shipped(task: str) -> CardFacts:
    files = ("config.json", "model.safetensors", "small_model.py", "README.md")
    return facts(task, "numpy", hardware="cpu", files=files, usage=SHIPPED.replace("{call}", CALLS[task]))


COVERED: dict[str, CardFacts] = {
    **{f"transformers {task}": facts(task, "transformers") for task in TRANSFORMERS.split()},
    "transformers chat": facts("text-generation", "transformers", model="someone/small-instruct"),
    **{f"diffusers {task}": facts(task, "diffusers", files=("model_index.json",)) for task in DIFFUSERS.split()},
    "timm image-classification": facts("image-classification", "timm"),
    "sentence-transformers sentence-similarity": facts("sentence-similarity", "sentence-transformers"),
    "sentence-transformers feature-extraction": facts("feature-extraction", "sentence-transformers"),
    "peft text-generation": facts(
        "text-generation",
        "peft",
        base_model="someone/large",
        files=("adapter_config.json", "adapter_model.safetensors"),
    ),
    "lora text-to-image": facts(
        "text-to-image", "diffusers", base_model="someone/large", files=("pytorch_lora_weights.safetensors",)
    ),
    "sklearn tabular-classification": facts(
        "tabular-classification", "sklearn", hardware="cpu", files=("config.json", "model.skops")
    ),
    "sklearn tabular-regression": facts(
        "tabular-regression", "sklearn", hardware="cpu", files=("config.json", "model.pkl")
    ),
    **{f"numpy {task}": shipped(task) for task in CALLS},
    "numpy tabular-regression": facts("tabular-regression", "numpy", hardware="cpu", usage=SPELLED_OUT),
}
"""What a recipe covers, by library and task."""
