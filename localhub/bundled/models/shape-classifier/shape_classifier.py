"""Names the shape in a picture: a small convolutional network. Needs numpy, Pillow and safetensors."""

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from safetensors.numpy import load_file

SIDE = 32
"""Pixels of a side of what the network sees."""

LAYERS = 3


def pixels(image):
    """The picture as a (32, 32, 3) array of mean 0 and deviation 1, made square by borders of its corner's colour."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "P", "PA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    square = ImageOps.pad(image, (SIDE, SIDE), Image.Resampling.BOX, color=image.getpixel((0, 0)))
    values = np.asarray(square, np.float32)
    return (values - values.mean()) / (values.std() + 1)


def neighbourhoods(values):
    """Every 3x3 neighbourhood as one row: (n, height, width, channels) to (n, height, width, 9 * channels)."""
    count, height, width, channels = values.shape
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifts = [padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.concatenate(shifts, axis=3).reshape(count, height, width, 9 * channels)


def pooled(values):
    """The greatest of every 2x2 square."""
    count, height, width, channels = values.shape
    return values.reshape(count, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


class ShapeClassifier:
    def __init__(self, config, tensors):
        shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
        if shapes != config["tensors"]:
            raise ValueError(f"the weights do not fit config.json: {shapes} instead of {config['tensors']}")
        self.labels = config["labels"]
        self.tensors = tensors

    @classmethod
    def from_pretrained(cls, folder):
        """The model whose config.json and model.safetensors lie in the folder."""
        config = json.loads((Path(folder) / "config.json").read_text("utf-8"))
        return cls(config, load_file(Path(folder) / "model.safetensors"))

    def __call__(self, image, top_k=3):
        """The likeliest labels of a PIL image, the best first: [{"label": "star", "score": 0.98}, ...]."""
        if min(image.size) < 8:
            raise ValueError(f"the picture is too small: {image.size[0]}x{image.size[1]}, at least 8x8 is needed")
        logits = self.logits(pixels(image)[None])[0]
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return [
            {"label": self.labels[number], "score": float(scores[number])} for number in np.argsort(-scores)[:top_k]
        ]

    def logits(self, values):
        """(n, 32, 32, 3) to (n, labels)."""
        for number in range(1, LAYERS + 1):
            sums = neighbourhoods(values) @ self.tensors[f"kernel_{number}"] + self.tensors[f"offset_{number}"]
            values = pooled(np.maximum(sums, 0))
        return values.reshape(len(values), -1) @ self.tensors["weight"] + self.tensors["bias"]
