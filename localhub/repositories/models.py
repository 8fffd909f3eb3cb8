"""What the Hub derives of a model from its card and the files beside it: library, task, tags, config."""

import json
import re
from typing import Any

from localhub.repositories import card
from localhub.repositories.blobs import Blobs
from localhub.repositories.commit import Commit

ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})")
LARGEST_JSON = 2_000_000

LIBRARY_FILES = {
    "adapter_config.json": "peft",
    "modules.json": "sentence-transformers",
    "model_index.json": "diffusers",
}
"""The library that a file gives away; a `config.json` with a model type is of transformers."""

FORMATS = {
    ".safetensors": "safetensors",
    ".onnx": "onnx",
    ".gguf": "gguf",
    ".joblib": "joblib",
    ".tflite": "tflite",
    ".keras": "keras",
}
FILES = {"pytorch_model.bin": "pytorch", "tf_model.h5": "tf", "flax_model.msgpack": "jax", "rust_model.ot": "rust"}

TASKS = {
    "ForCausalLM": ("AutoModelForCausalLM", "text-generation", "AutoTokenizer"),
    "LMHeadModel": ("AutoModelForCausalLM", "text-generation", "AutoTokenizer"),
    "ForMaskedLM": ("AutoModelForMaskedLM", "fill-mask", "AutoTokenizer"),
    "ForSequenceClassification": ("AutoModelForSequenceClassification", "text-classification", "AutoTokenizer"),
    "ForTokenClassification": ("AutoModelForTokenClassification", "token-classification", "AutoTokenizer"),
    "ForQuestionAnswering": ("AutoModelForQuestionAnswering", "question-answering", "AutoTokenizer"),
    "ForConditionalGeneration": ("AutoModelForSeq2SeqLM", "text2text-generation", "AutoTokenizer"),
    "ForImageClassification": ("AutoModelForImageClassification", "image-classification", "AutoImageProcessor"),
    "ForObjectDetection": ("AutoModelForObjectDetection", "object-detection", "AutoImageProcessor"),
    "ForSpeechSeq2Seq": ("AutoModelForSpeechSeq2Seq", "automatic-speech-recognition", "AutoProcessor"),
}
"""How transformers loads an architecture, by the end of its name: class, task, and what prepares its input."""

SHOWN_CONFIG = ("architectures", "auto_map", "model_type", "quantization_config")
SHOWN_TOKENIZER = ("bos_token", "chat_template", "cls_token", "eos_token", "mask_token", "pad_token", "sep_token")


class Model:
    """One commit of a model, and what can be said of it without running it."""

    def __init__(self, blobs: Blobs, commit: Commit, facts: dict[str, Any]) -> None:
        self.blobs = blobs
        self.commit = commit
        self.facts = facts

    def json(self, path: str) -> dict[str, Any]:
        """A JSON file of the commit; empty without one that can be read."""
        blob = self.commit.files.get(path)
        if blob is None or blob.size > LARGEST_JSON:
            return {}
        try:
            found = json.loads(self.blobs.read(blob))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def config(self) -> dict[str, Any] | None:
        whole = self.json("config.json")
        shown = {key: whole[key] for key in SHOWN_CONFIG if key in whole}
        tokenizer = self.json("tokenizer_config.json")
        if tokens := {key: tokenizer[key] for key in SHOWN_TOKENIZER if tokenizer.get(key) is not None}:
            shown["tokenizer_config"] = tokens
        return shown or None

    def task(self) -> tuple[str, str, str] | None:
        """Of the first architecture in config.json that transformers knows by its name."""
        named = self.json("config.json").get("architectures")
        for architecture in named if isinstance(named, list) else []:
            for end, task in TASKS.items():
                if str(architecture).endswith(end):
                    return task
        return None

    def library(self) -> str | None:
        if self.facts.get("library_name"):
            return str(self.facts["library_name"])
        found = next((library for file, library in LIBRARY_FILES.items() if file in self.commit.files), None)
        return found or ("transformers" if self.json("config.json").get("model_type") else None)

    def libraries(self) -> list[str]:
        """What it can be loaded with: its library, and those of the formats it comes in."""
        found = [self.library(), *self.formats()]
        return [library for library in found if library]

    def formats(self) -> list[str]:
        paths = self.commit.files
        ends = [tag for end, tag in FORMATS.items() if any(path.endswith(end) for path in paths)]
        return ends + [tag for file, tag in FILES.items() if file in paths]

    def languages(self) -> list[str]:
        return card.strings(self.facts, "language")

    def pipeline_tag(self) -> str | None:
        if self.facts.get("pipeline_tag"):
            return str(self.facts["pipeline_tag"])
        task = self.task()
        return task[1] if task else None

    def transformers_info(self) -> dict[str, Any] | None:
        task = self.task() if self.library() == "transformers" else None
        return {"auto_model": task[0], "pipeline_tag": task[1], "processor": task[2]} if task else None

    def mask_token(self) -> str | None:
        token = self.json("tokenizer_config.json").get("mask_token")
        return str(token.get("content") if isinstance(token, dict) else token) if token else None

    def base_models(self) -> dict[str, Any] | None:
        ids = card.strings(self.facts, "base_model")
        return {"relation": self.relation(), "models": [{"id": id} for id in ids]} if ids else None

    def relation(self) -> str:
        told = str(self.facts.get("base_model_relation") or "")
        return told or ("adapter" if self.library() == "peft" else "finetune")

    def tags(self) -> list[str]:
        """In the order of the Hub: library and formats, the card's own, task, languages, and what it comes from."""
        found: list[str | None] = [*self.libraries()]
        found += [str(self.json("config.json").get("model_type") or "") or None]
        found += [*card.strings(self.facts, "tags"), self.pipeline_tag(), *self.languages()]
        found += [f"dataset:{id}" for id in card.strings(self.facts, "datasets")]
        found += [f"arxiv:{id}" for id in self.papers()]
        bases = card.strings(self.facts, "base_model")
        found += [f"base_model:{id}" for id in bases] + [f"base_model:{self.relation()}:{id}" for id in bases]
        found += [f"license:{name}" for name in card.strings(self.facts, "license")]
        return list(dict.fromkeys(tag for tag in [*found, "region:us"] if tag))

    def papers(self) -> list[str]:
        blob = self.commit.files.get("README.md")
        return ARXIV.findall(self.blobs.read(blob).decode("utf-8", "replace")) if blob else []
