"""Blockers of the program that runs the weights: not PyTorch, or a desktop application."""

from core.factory import Blocker, Evidence
from tools.cards.reading import Reading

RUNTIMES = frozenset(
    {
        "gguf",
        "ggml",
        "llama.cpp",
        "llama-cpp",
        "mlx",
        "coreml",
        "core-ml",
        "tensorrt",
        "rknn",
        "ncnn",
        "exl2",
        "llamafile",
    }
)
"""By their tags and names of libraries."""

FOREIGN = (".gguf", ".ggml", ".mlmodel", ".mlpackage", ".engine", ".plan", ".rknn", ".ncnn.bin", ".llamafile", ".mnn")
PYTORCH = (
    ".safetensors",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".h5",
    ".msgpack",
    ".onnx",
    ".pkl",
    ".joblib",
    ".keras",
    ".npz",
)

_COMFY = (
    "comfyui models",
    "comfyui custom nodes",
    "comfyui workflow",
    "for comfyui",
    "comfyui only",
    "with comfyui",
    "comfyui nodes",
    "comfyui node",
    "in comfyui",
    "comfy kitchen",
    "use comfyui",
    "comfyui folder",
)


def non_pytorch_runtime(reading: Reading) -> Blocker | None:
    source, document = reading.source, reading.source.document
    evidence: Evidence | None = None
    if source.files is not None:
        foreign = [path for path in source.paths if path.lower().endswith(FOREIGN)]
        known = any(path.lower().endswith(PYTORCH) for path in source.paths)
        if (known or not foreign) and reading.library != "mlx":
            return None
        evidence = Evidence(where="files", text=", ".join(foreign)[:300] or "library: mlx")
    elif reading.unaided or (reading.library or "") in RUNTIMES or "gguf" in document.name.lower():
        evidence = _spoken(reading)
    if evidence is None:
        return None
    instead = (
        f"use {reading.base_model}, which it was converted from"
        if reading.base_model
        else "use the weights it was converted from"
    )
    return Blocker(
        kind="non_pytorch_runtime",
        evidence=evidence,
        remedy=f"{instead}; ZeroGPU runs PyTorch, and these weights need another program",
    )


def _spoken(reading: Reading) -> Evidence | None:
    document = reading.source.document
    for key in ("library_name", "tags"):
        for name in document.stated(key):
            if name.strip().lower() in RUNTIMES:
                return document.evidence(document.line_of(key, name))
    for runtime in ("gguf", "ggml", "mlx", "coreml"):
        if (line := document.title.find(runtime)) is not None:
            return document.evidence(line)
    return None


def comfyui_only(reading: Reading) -> Blocker | None:
    """A way to use it is shown, and it is ComfyUI's alone."""
    document = reading.source.document
    if not reading.unaided or reading.command is not None:
        return None
    evidence: Evidence | None = None
    for key in ("library_name", "tags"):
        for name in document.stated(key):
            if name.lower() in ("comfyui", "comfy-ui", "comfy"):
                evidence = evidence or document.evidence(document.line_of(key, name))
    if evidence is None:
        line = next((at for phrase in _COMFY if (at := document.rest.find(phrase)) is not None), None)
        other = any(document.rest.find(word) is not None for word in ("diffusers", "automatic1111", "webui"))
        if line is None or other:
            return None
        evidence = document.evidence(line)
    remedy = (
        f"use {reading.base_model} with diffusers"
        if reading.base_model
        else "use the same model in the form that diffusers loads"
    )
    return Blocker(kind="comfyui_only", evidence=evidence, remedy=remedy)
