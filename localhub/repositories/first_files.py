"""What a new repository holds, as the Hub makes it."""

from typing import Any

import yaml

LARGE = (
    *("7z", "arrow", "bin", "bz2", "ckpt", "ftz", "gz", "h5", "joblib", "lfs.*", "mlmodel", "model", "msgpack", "npy"),
    *("npz", "onnx", "ot", "parquet", "pb", "pickle", "pkl", "pt", "pth", "rar", "safetensors"),
)
MORE_LARGE = ("tar.*", "tar", "tflite", "tgz", "wasm", "xz", "zip", "zst")

README = """---
title: {title}
emoji: \U0001f680
colorFrom: blue
colorTo: indigo
sdk: {sdk}
pinned: false
---

Check out the configuration reference at https://huggingface.co/docs/hub/spaces-config-reference
"""


def first_files(kind: str, name: str, body: dict[str, Any]) -> dict[str, bytes]:
    """A Space cannot be one without a README; a model or dataset gets one when its license is named."""
    files = {".gitattributes": attributes()}
    if kind == "space":
        title = name.replace("-", " ").replace("_", " ").title()
        files["README.md"] = README.format(title=title, sdk=body["sdk"]).encode()
    elif body.get("license"):
        front = yaml.safe_dump({"license": str(body["license"])}, allow_unicode=True)
        files["README.md"] = f"---\n{front}---\n".encode()
    return files


def attributes() -> bytes:
    """Which files Git would put into large file storage; the API takes them in either way."""
    patterns = [f"*.{end}" for end in LARGE] + ["saved_model/**/*"] + [f"*.{end}" for end in MORE_LARGE]
    lines = [f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in [*patterns, "*tfevents*"]]
    return "".join(lines).encode()
