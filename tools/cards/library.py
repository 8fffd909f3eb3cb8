"""The library that loads the model, as the Hub names libraries."""

import re
from collections.abc import Iterator

from core.factory import Evidence
from tools.cards.document import Document
from tools.cards.source import Source

NAMES = {
    "sentence-transformers": "sentence-transformers",
    "sentence_transformers": "sentence-transformers",
    "setfit": "setfit",
    "diffusers": "diffusers",
    "timm": "timm",
    "peft": "peft",
    "spacy": "spacy",
    "flair": "flair",
    "stanza": "stanza",
    "span-marker": "span-marker",
    "gliner": "gliner",
    "stable-baselines3": "stable-baselines3",
    "ml-agents": "ml-agents",
    "unity-ml-agents": "ml-agents",
    "sample-factory": "sample-factory",
    "cleanrl": "cleanrl",
    "keras": "keras",
    "tf-keras": "keras",
    "sklearn": "sklearn",
    "scikit-learn": "sklearn",
    "skops": "sklearn",
    "fastai": "fastai",
    "espnet": "espnet",
    "espnet2": "espnet",
    "nemo": "nemo",
    "speechbrain": "speechbrain",
    "fairseq": "fairseq",
    "asteroid": "asteroid",
    "pyannote": "pyannote-audio",
    "pyannote-audio": "pyannote-audio",
    "yolov5": "yolov5",
    "ultralytics": "ultralytics",
    "ultralyticsplus": "ultralytics",
    "doctr": "doctr",
    "open_clip": "open_clip",
    "openclip": "open_clip",
    "adapter-transformers": "adapter-transformers",
    "allennlp": "allennlp",
    "coqui": "coqui",
    "tensorflowtts": "tensorflowtts",
    "fasttext": "fasttext",
    "bertopic": "bertopic",
    "paddlenlp": "paddlenlp",
    "mlx": "mlx",
    "onnx": "onnx",
    "openvino": "openvino",
    "lerobot": "lerobot",
    "monai": "monai",
    "fastmonai": "fastmonai",
    "transformers": "transformers",
    "transformers.js": "transformers.js",
    "xgboost": "xgboost",
    "joblib": "sklearn",
}
"""By what a tag or an import calls it, the particular before the general."""

_IMPORT = re.compile(r"(?m)^[\s>]*(?:from|import)\s+([A-Za-z_]\w*)")
_IMPORTED = {
    "sentence_transformers": "sentence-transformers",
    "setfit": "setfit",
    "diffusers": "diffusers",
    "timm": "timm",
    "peft": "peft",
    "spacy": "spacy",
    "flair": "flair",
    "stanza": "stanza",
    "span_marker": "span-marker",
    "gliner": "gliner",
    "stable_baselines3": "stable-baselines3",
    "huggingface_sb3": "stable-baselines3",
    "sample_factory": "sample-factory",
    "keras": "keras",
    "tensorflow": "keras",
    "sklearn": "sklearn",
    "joblib": "sklearn",
    "skops": "sklearn",
    "fastai": "fastai",
    "espnet2": "espnet",
    "nemo": "nemo",
    "speechbrain": "speechbrain",
    "fairseq": "fairseq",
    "asteroid": "asteroid",
    "pyannote": "pyannote-audio",
    "yolov5": "yolov5",
    "ultralytics": "ultralytics",
    "ultralyticsplus": "ultralytics",
    "doctr": "doctr",
    "open_clip": "open_clip",
    "fasttext": "fasttext",
    "bertopic": "bertopic",
    "paddlenlp": "paddlenlp",
    "lerobot": "lerobot",
    "monai": "monai",
    "xgboost": "xgboost",
    "transformers": "transformers",
    "llama_cpp": "llama-cpp-python",
    "onnxruntime": "onnx",
    "mlx_lm": "mlx",
    "faster_whisper": "ctranslate2",
    "optimum": "transformers",
    "simpletransformers": "transformers",
}
_COMES_FROM = {
    "generated_from_trainer": "transformers",
    "autotrain": "transformers",
    "whisper-event": "transformers",
    "hf-asr-leaderboard": "transformers",
    "generated_from_keras_callback": "transformers",
    "stable-diffusion": "diffusers",
    "stable-diffusion-diffusers": "diffusers",
    "dreambooth": "diffusers",
}
"""What a tag says of the tool that wrote the card."""

_FILES = {
    "adapter_config.json": "peft",
    "modules.json": "sentence-transformers",
    "model_index.json": "diffusers",
    "config_setfit.json": "setfit",
    "open_clip_config.json": "open_clip",
}

GENERAL = frozenset({"transformers", "pytorch", "tf", "jax", "onnx"})
"""Such a tag stands beside that of the library which really loads the model."""


def library_of(source: Source) -> tuple[str, Evidence] | None:
    """The surest first: stated, the Hub's, the files', the tags', the code's, the card's author's tool."""
    return next(_told(source), None)


def _told(source: Source) -> Iterator[tuple[str, Evidence]]:
    document = source.document
    for key in ("library_name", "library", "library_tag"):
        for name in document.stated(key)[:1]:
            # A general word for weights, as `library: pytorch` is, names no library of the Hub's.
            if name.lower() not in ("pytorch", "generic", "pytorch-lightning", "safetensors"):
                yield NAMES.get(name.lower(), name.lower())[:60], document.evidence(document.line_of(key, name))
    if source.library:
        yield source.library[:60], Evidence(where="hub", text=f"library_name: {source.library}"[:300])
    for file, name in _FILES.items():
        if file in source.paths:
            yield name, Evidence(where="files", text=file)
    if isinstance(source.config.get("model_type"), str) and source.architectures:
        yield "transformers", Evidence(where="config.json", text=f"model_type: {source.config['model_type']}"[:300])
    yield from _tags(document)
    yield from _code(document)
    for tag in document.stated("tags"):
        if tool := _COMES_FROM.get(tag.strip().lower()):
            yield tool, document.evidence(document.line_of("tags", tag))


def _tags(document: Document) -> Iterator[tuple[str, Evidence]]:
    tags = [tag for tag in document.stated("tags") if tag.strip().lower() in NAMES]
    for tag in sorted(tags, key=lambda tag: tag.lower() in GENERAL):
        yield NAMES[tag.strip().lower()], document.evidence(document.line_of("tags", tag))


def _code(document: Document) -> Iterator[tuple[str, Evidence]]:
    """The library of the first import that is one; transformers only when nothing else is imported beside it."""
    found = [(_IMPORTED[m.group(1)], m.start()) for m in _IMPORT.finditer(document.code) if m.group(1) in _IMPORTED]
    for name, position in sorted(found, key=lambda item: (item[0] in ("keras", "sklearn"), item[1])):
        yield name, document.evidence(document.line_at(position))
