"""A gated recurrent network and its gradients through time, for a batch of sequences side by side."""

import numpy as np

from localhub.bundled.training.gradient import Parameters, glorot, softmax
from localhub.bundled.training.trained import Floats, Whole


def fresh(pieces: int, width: int, size: int, random: np.random.Generator) -> Parameters:
    """Embeddings of `width`, a state of `size`; the gates stand side by side: update, reset, new state."""
    recurrent = [np.linalg.qr(random.normal(0, 1, (size, size)))[0].astype(np.float32) for _ in range(3)]
    return {
        "embedding": random.normal(0, 0.3, (pieces, width)).astype(np.float32),
        "input": np.concatenate([glorot(random, width, size) for _ in range(3)], axis=1),
        "recurrent": np.concatenate(recurrent, axis=1),
        "bias": np.zeros(3 * size, np.float32),
        "output": glorot(random, size, pieces),
        "output_bias": np.zeros(pieces, np.float32),
    }


def sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)


def gradients(parameters: Parameters, tokens: Whole, state: Floats) -> tuple[float, Parameters, Floats]:
    """The mean loss of telling each token of (batch, length + 1) from those before it, its gradients, the last state.

    The state comes from the batch before, but no error flows back into that.
    """
    size, recurrent = state.shape[1], parameters["recurrent"]
    embedded = parameters["embedding"][tokens[:, :-1].T]
    given = embedded @ parameters["input"] + parameters["bias"]
    states, gates, news = [state], [], []
    for row in given:
        gate = sigmoid(row[:, : 2 * size] + state @ recurrent[:, : 2 * size])
        update, reset = gate[:, :size], gate[:, size:]
        new = np.tanh(row[:, 2 * size :] + (reset * state) @ recurrent[:, 2 * size :])
        state = update * state + (1 - update) * new
        states.append(state)
        gates.append(gate)
        news.append(new)
    outputs = np.stack(states[1:])
    chances = softmax(outputs @ parameters["output"] + parameters["output_bias"])
    targets = tokens[:, 1:].T
    steps, rows = np.indices(targets.shape)
    loss = float(-np.log(chances[steps, rows, targets] + 1e-9).mean())
    chances[steps, rows, targets] -= 1
    error = np.asarray(chances / targets.size, np.float32)
    flat_error, flat_outputs = error.reshape(-1, error.shape[2]), outputs.reshape(-1, size)
    found = {"output": flat_outputs.T @ flat_error, "output_bias": flat_error.sum(axis=0)}
    given_error, found["recurrent"] = through_time(
        parameters, np.asarray(error @ parameters["output"].T), states, gates, news
    )
    flat_given = given_error.reshape(-1, 3 * size)
    found["input"] = embedded.reshape(-1, embedded.shape[2]).T @ flat_given
    found["bias"] = flat_given.sum(axis=0)
    found["embedding"] = np.zeros_like(parameters["embedding"])
    np.add.at(found["embedding"], tokens[:, :-1].T, given_error @ parameters["input"].T)
    return loss, found, state


def through_time(
    parameters: Parameters, errors: Floats, states: list[Floats], gates: list[Floats], news: list[Floats]
) -> tuple[Floats, Floats]:
    """The errors at the sums before the gates, step by step, and the gradient of the recurrent weights."""
    size, recurrent = states[0].shape[1], parameters["recurrent"]
    slope, later = np.zeros_like(recurrent), np.zeros_like(states[0])
    sums = []
    for step in range(len(news) - 1, -1, -1):
        before, new = states[step], news[step]
        update, reset = gates[step][:, :size], gates[step][:, size:]
        error = errors[step] + later
        new_error = error * (1 - update) * (1 - new * new)
        held_error = new_error @ recurrent[:, 2 * size :].T
        update_error = error * (before - new) * update * (1 - update)
        reset_error = held_error * before * reset * (1 - reset)
        gate_error = np.concatenate([update_error, reset_error], axis=1)
        slope[:, : 2 * size] += before.T @ gate_error
        slope[:, 2 * size :] += (reset * before).T @ new_error
        later = error * update + held_error * reset + gate_error @ recurrent[:, : 2 * size].T
        sums.append(np.concatenate([gate_error, new_error], axis=1))
    return np.stack(sums[::-1]), slope


def clipped(found: Parameters, limit: float) -> Parameters:
    """Gradients no longer than the limit altogether: one odd batch must not undo the rest."""
    length = float(np.sqrt(sum(float((gradient * gradient).sum()) for gradient in found.values())))
    scale = np.float32(min(1.0, limit / (length + 1e-9)))
    return {name: gradient * scale for name, gradient in found.items()}
