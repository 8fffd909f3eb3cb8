"""`python -m localhub.bundled.halving`: write the tale writer's weights again as a GGUF file, 16 bits a weight.

A model as many people publish them: for one runtime, with no module beside it that a Space could load. Needs the
package gguf, which nothing else does.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

MODELS = Path(__file__).with_name("models")
FROM, TO = MODELS / "tale-writer", MODELS / "tale-writer-gguf"
FILE = "tale-writer-f16.gguf"


def write(source: Path, target: Path) -> None:
    """The weights in `source` as one file, with what else is needed to use them as its metadata."""
    from gguf import GGUFWriter

    writer = GGUFWriter(target, "tale-writer")
    writer.add_name("Tale Writer")
    writer.add_license("apache-2.0")
    for name, value in json.loads((source / "config.json").read_text("utf-8")).items():
        writer.add_string(f"tale-writer.{name}", json.dumps(value, ensure_ascii=False))
    for name, tensor in sorted(load_file(source / "model.safetensors").items()):
        writer.add_tensor(name, tensor.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    TO.mkdir(exist_ok=True)
    write(FROM, TO / FILE)
