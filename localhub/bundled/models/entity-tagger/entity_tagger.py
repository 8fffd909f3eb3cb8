"""Finds people, places and dates in English sentences: hashed features of each word and its neighbours, one linear
layer, and the best sequence of labels that makes sense. Needs numpy and safetensors.
"""

import json
import re
import zlib
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

TOKEN = re.compile(r"\b[A-Z]\.|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|_")


def tokens(text):
    """Start and end of each word, number and sign."""
    return [match.span() for match in TOKEN.finditer(text)]


def shape(word):
    """`Anna` as Xx, `1912` as 0000, `-` as it is."""
    if word.isdigit():
        return "0" * len(word)
    if not word[0].isalpha():
        return word
    return ("X" if word[0].isupper() else "x") + ("." if word.endswith(".") else "x" * (len(word) > 1))


def features(words, buckets):
    """For every word the numbers of the weights that stand for it and its surroundings."""
    edge = ["<", "<", *words, ">", ">"]
    low = [word.lower() if not word.isdigit() else "0" * len(word) for word in edge]
    shapes = [shape(word) for word in edge]
    rows = []
    for i in range(2, len(edge) - 2):
        names = [
            f"word {low[i]}", f"shape {shapes[i]}", f"end {low[i][-3:]}", f"begin {low[i][:3]}",
            f"before {low[i - 1]}", f"after {low[i + 1]}", f"before 2 {low[i - 2]}", f"after 2 {low[i + 2]}",
            f"shapes {shapes[i - 1]} {shapes[i]}", f"shapes {shapes[i]} {shapes[i + 1]}",
            f"mixed {low[i - 1]} {shapes[i]}", f"mixed {shapes[i]} {low[i + 1]}",
            f"pair {low[i - 2]} {low[i - 1]} {shapes[i]}", f"wide {low[i - 2]} {shapes[i - 1]} {shapes[i]}",
            f"wide {shapes[i]} {shapes[i + 1]} {low[i + 2]}", f"first {i == 2} {shapes[i]}",
        ]  # fmt: skip
        rows.append([zlib.crc32(name.encode()) % buckets for name in names])
    return rows


def best_path(scores, labels):
    """The labels with the greatest sum in which no entity goes on that has not begun (Viterbi)."""
    count = len(labels)
    barred = np.zeros((count, count))
    for after, label in enumerate(labels):
        if label.startswith("I-"):
            barred[[before for before in range(count) if labels[before][2:] != label[2:]], after] = -np.inf
    total = scores[0] + np.array([-np.inf if label.startswith("I-") else 0 for label in labels])
    steps = []
    for row in scores[1:]:
        ways = total[:, None] + barred
        steps.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + row
    path = [int(total.argmax())]
    for step in reversed(steps):
        path.append(int(step[path[-1]]))
    return path[::-1]


class EntityTagger:
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
        """The entities in their order: [{"entity_group": "PER", "word": "Anna", "score": 0.9, "start": 0, "end": 4}].

        The score is the mean over the entity's words. A text without entities gives an empty list.
        """
        spans = tokens(text)
        if not spans:
            raise ValueError("the text is empty")
        rows = np.array(features([text[start:end] for start, end in spans], len(self.weight)))
        logits = self.weight[rows].sum(axis=1) / np.sqrt(rows.shape[1]) + self.bias
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        return self.entities(text, spans, best_path(np.log(chances + 1e-9), self.labels), chances)

    def entities(self, text, spans, path, chances):
        found = []
        for number, ((start, end), choice) in enumerate(zip(spans, path, strict=True)):
            begun, _, kind = self.labels[choice].partition("-")
            if begun == "B":
                found.append({"entity_group": kind, "scores": [], "start": start})
            if begun != "O":
                found[-1]["scores"].append(float(chances[number, choice]))
                found[-1]["end"] = end
        return [
            {
                "entity_group": one["entity_group"],
                "word": text[one["start"] : one["end"]],
                "score": sum(one["scores"]) / len(one["scores"]),
                "start": one["start"],
                "end": one["end"],
            }
            for one in found
        ]
