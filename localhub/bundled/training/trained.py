"""What a training leaves behind, and the models' own modules, which serve training and use alike."""

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

MODELS = Path(__file__).parents[1] / "models"

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Trained:
    config: dict[str, Any]
    tensors: dict[str, Floats]
    files: dict[str, bytes] = field(default_factory=dict)
    """What else the repository ships, by path: examples, a vocabulary."""

    @property
    def parameters(self) -> int:
        return sum(tensor.size for tensor in self.tensors.values())

    def save(self, folder: Path) -> None:
        """Write the weights, the config, which tells their shapes, and the other files."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: np.ascontiguousarray(tensor, np.float32) for name, tensor in self.tensors.items()}
        (folder / "model.safetensors").write_bytes(save(tensors, metadata={"format": "np"}))
        config = self.config | {"tensors": {name: list(tensor.shape) for name, tensor in tensors.items()}}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def module_of(model: str) -> ModuleType:
    """The Python module that a model's repository ships, named like the repository."""
    name = model.replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, MODELS / model / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"the model {model} ships no module {name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
