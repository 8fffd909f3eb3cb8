"""Turns English sentences into vectors that lie close together when the sentences speak of like things.

A sentence is the weighted mean of its words' vectors. Needs numpy and safetensors.
"""

import json
import re
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

WORD = re.compile(r"[a-z]+")
ENDINGS = ("s", "es", "ed", "d", "ing")


def words_of(text):
    return WORD.findall(text.lower())


class SentenceEmbedder:
    def __init__(self, config, tensors):
        shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
        if shapes != config["tensors"]:
            raise ValueError(f"the weights do not fit config.json: {shapes} instead of {config['tensors']}")
        self.rows = {word: number for number, word in enumerate(config["words"])}
        self.vectors, self.weights = tensors["vectors"], tensors["weights"]

    @classmethod
    def from_pretrained(cls, folder):
        """The model whose config.json and model.safetensors lie in the folder."""
        config = json.loads((Path(folder) / "config.json").read_text("utf-8"))
        return cls(config, load_file(Path(folder) / "model.safetensors"))

    def row(self, word):
        """The number of a word, or of the word without its ending; None for one the model does not know."""
        stems = [word] + [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)]
        return next((self.rows[stem] for stem in stems if stem in self.rows), None)

    def unknown(self, text):
        """The words of a text that count for nothing."""
        return [word for word in words_of(text) if self.row(word) is None]

    def __call__(self, sentences):
        """One vector of length 1 a sentence, as an array (sentences, 48); a dot product is the cosine."""
        if isinstance(sentences, str):
            raise ValueError("give a list of sentences")
        return np.stack([self.embed(sentence) for sentence in sentences])

    def embed(self, text):
        rows = [row for row in map(self.row, words_of(text)) if row is not None]
        if not rows:
            raise ValueError(f"the model knows no word of {text!r}")
        vector = self.weights[rows] @ self.vectors[rows]
        return vector / np.linalg.norm(vector)

    def similarity(self, one, other):
        """The cosine of two sentences, from -1 to 1."""
        first, second = self([one, other])
        return float(first @ second)
