"""Descent on gradients written by hand: the optimiser, the loss, and networks of dense layers."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from localhub.bundled.training.trained import Floats, Whole

Parameters = dict[str, Floats]


class Adam:
    """Kingma and Ba 2015, arXiv:1412.6980; changes the parameters in place."""

    def __init__(self, parameters: Parameters, rate: float) -> None:
        self.parameters = parameters
        self.rate = rate
        self.steps = 0
        self.mean = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.square = {name: np.zeros_like(value) for name, value in parameters.items()}

    def step(self, gradients: Parameters, rate: float | None = None) -> None:
        self.steps += 1
        scale = (rate or self.rate) * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        for name, gradient in gradients.items():
            self.mean[name] += 0.1 * (gradient - self.mean[name])
            self.square[name] += 0.001 * (gradient * gradient - self.square[name])
            self.parameters[name] -= np.float32(scale) * self.mean[name] / (np.sqrt(self.square[name]) + 1e-8)


def batches(count: int, size: int, epochs: int, random: np.random.Generator) -> Iterator[tuple[float, Whole]]:
    """Rows in a new order each epoch, and how far the training is, from 0 to 1. A rest smaller than a batch waits."""
    steps = epochs * (count // size)
    done = 0
    for _ in range(epochs):
        order = random.permutation(count)
        for start in range(0, count - size + 1, size):
            yield done / steps, order[start : start + size]
            done += 1


def softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def blame(logits: Floats, labels: Whole) -> Floats:
    """The gradient of the mean cross entropy with respect to the logits."""
    chances = softmax(logits)
    chances[np.arange(len(labels)), labels] -= 1
    return chances / np.float32(len(labels))


def glorot(random: np.random.Generator, inputs: int, outputs: int) -> Floats:
    return random.normal(0, np.sqrt(2 / (inputs + outputs)), (inputs, outputs)).astype(np.float32)


def dense_parameters(random: np.random.Generator, sizes: list[int]) -> Parameters:
    """`weight_1`, `bias_1`, … of layers with these widths, the input's first."""
    parameters = {}
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        parameters[f"weight_{number}"] = glorot(random, inputs, outputs)
        parameters[f"bias_{number}"] = np.zeros(outputs, np.float32)
    return parameters


def dense_forward(parameters: Parameters, rows: Floats) -> list[Floats]:
    """The input and what each layer gives; a rectifier stands after every layer but the last."""
    outputs = [rows]
    last = len(parameters) // 2
    for number in range(1, last + 1):
        sums = outputs[-1] @ parameters[f"weight_{number}"] + parameters[f"bias_{number}"]
        outputs.append(sums if number == last else np.maximum(sums, 0))
    return outputs


def dense_backward(parameters: Parameters, outputs: list[Floats], error: Floats) -> Parameters:
    """The gradients of every layer, from the gradient of the loss with respect to the last output."""
    gradients = {}
    for number in range(len(outputs) - 1, 0, -1):
        gradients[f"weight_{number}"] = outputs[number - 1].T @ error
        gradients[f"bias_{number}"] = error.sum(axis=0)
        error = (error @ parameters[f"weight_{number}"].T) * (outputs[number - 1] > 0)
    return gradients
