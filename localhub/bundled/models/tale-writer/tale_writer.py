"""Writes on from a beginning, in the manner of animal tales: a gated recurrent network over pieces of words.

Needs numpy and safetensors.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

END = 0
"""The piece that ends a tale; it also stands before the first one."""


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def advance(tensors, state, given):
    """The next state from this one and `given`, a piece's row of `embedding @ input + bias` (Cho et al. 2014)."""
    size = state.shape[-1]
    gates = sigmoid(given[..., : 2 * size] + state @ tensors["recurrent"][:, : 2 * size])
    update, reset = gates[..., :size], gates[..., size:]
    fresh = np.tanh(given[..., 2 * size :] + (reset * state) @ tensors["recurrent"][:, 2 * size :])
    return update * state + (1 - update) * fresh


class TaleWriter:
    def __init__(self, config, tensors):
        shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
        if shapes != config["tensors"]:
            raise ValueError(f"the weights do not fit config.json: {shapes} instead of {config['tensors']}")
        self.pieces = config["pieces"]
        self.numbers = {piece: number for number, piece in enumerate(self.pieces)}
        self.longest = max(map(len, self.pieces))
        self.tensors = tensors
        self.given = tensors["embedding"] @ tensors["input"] + tensors["bias"]

    @classmethod
    def from_pretrained(cls, folder):
        """The model whose config.json and model.safetensors lie in the folder."""
        config = json.loads((Path(folder) / "config.json").read_text("utf-8"))
        return cls(config, load_file(Path(folder) / "model.safetensors"))

    def encode(self, text):
        """The numbers of the pieces of a text: at each place the longest piece that fits."""
        numbers, place = [], 0
        while place < len(text):
            fits = (text[place : place + length] for length in range(self.longest, 0, -1))
            piece = next((piece for piece in fits if piece in self.numbers), None)
            if piece is None:
                raise ValueError(f"the model does not know the character {text[place]!r}; it writes plain English")
            numbers.append(self.numbers[piece])
            place += len(piece)
        return numbers

    def __call__(self, prompt="", max_new_tokens=240, temperature=0.7, seed=None):
        """The prompt and what follows it, up to the end of the tale. Temperature 0 always takes the likeliest piece.

        The same prompt, temperature and seed give the same text.
        """
        if not 0 <= temperature <= 5:
            raise ValueError(f"the temperature is {temperature}, and must lie between 0 and 5")
        random = np.random.default_rng(seed)
        state = np.zeros(self.tensors["recurrent"].shape[0], np.float32)
        for number in [END, *self.encode(prompt)]:
            state = advance(self.tensors, state, self.given[number])
        written = []
        for _ in range(int(max_new_tokens)):
            number = self.choose(state, temperature, random)
            if number == END:
                break
            written.append(self.pieces[number])
            state = advance(self.tensors, state, self.given[number])
        return prompt + "".join(written)

    def choose(self, state, temperature, random):
        logits = (state @ self.tensors["output"] + self.tensors["output_bias"]).astype(np.float64)
        if temperature == 0:
            return int(logits.argmax())
        chances = np.exp((logits - logits.max()) / temperature)
        return int(random.choice(len(chances), p=chances / chances.sum()))
