"""Tells whether a review is positive, negative or neutral: hashed words and word pairs, one linear layer.

Needs numpy and safetensors.
"""

import json
import re
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def features(text, buckets):
    """The numbers of the weights that the words, word pairs and word beginnings of a text stand for."""
    words = WORD.findall(text.lower().replace("’", "'"))
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    negated = [
        f"{one} .. {two}"
        for one, two in zip(words, words[2:], strict=False)
        if one in ("not", "never", "no", "nothing")
    ]
    beginnings = [f"{word[:5]}-" for word in words if len(word) > 5]
    return [zlib.crc32(name.encode()) % buckets for name in words + pairs + negated + beginnings]


class ReviewSentiment:
    def __init__(self, config, tensors):
        shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
        if shapes != config["tensors"]:
            raise ValueError(f"the weights do not fit config.json: {shapes} instead of {config['tensors']}")
        self.labels = config["labels"]
        self.weight, self.bias = tensors["weight"], tensors["bias"]

    @classmethod
    def from_pretrained(cls, folder):
        """The model whose config.json and model.safetensors lie in the folder."""
        config = json.loads((Path(folder) / "config.json").read_text("utf-8"))
        return cls(config, load_file(Path(folder) / "model.safetensors"))

    def __call__(self, text):
        """All three labels, the likeliest first: [{"label": "positive", "score": 0.93}, ...]."""
        rows = features(text, len(self.weight))
        if not rows:
            raise ValueError("the text has no English word in it")
        logits = self.weight[rows].sum(axis=0) / np.sqrt(len(rows)) + self.bias
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return [{"label": self.labels[number], "score": float(scores[number])} for number in np.argsort(-scores)]
