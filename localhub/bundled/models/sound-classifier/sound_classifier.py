"""Names what is heard in a short recording: bands of a spectrogram and a small network. Needs numpy and safetensors."""

import json
import wave
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

RATE = 8000
"""Samples per second of what the network hears."""

FRAME, STEP, BANDS = 256, 128, 24


def read_wave(path):
    """Samples from -1 to 1 of a WAV file of 8, 16 or 32 bits, its channels mixed, and its rate."""
    with wave.open(str(path), "rb") as file:
        width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
        frames = file.readframes(file.getnframes())
    if width not in (1, 2, 4):
        raise ValueError(f"{path} has samples of {8 * width} bits; 8, 16 and 32 can be read")
    values = np.frombuffer(frames, {1: "u1", 2: "<i2", 4: "<i4"}[width]).astype(np.float32)
    values = (values - 128) / 128 if width == 1 else values / float(2 ** (8 * width - 1))
    return values.reshape(-1, channels).mean(axis=1), rate


def resampled(samples, rate):
    count = int(len(samples) * RATE / rate)
    return np.interp(np.arange(count) * rate / RATE, np.arange(len(samples)), samples).astype(np.float32)


def bands(samples):
    """How loud 24 bands, narrow below and wide above, are in each frame: (frames, 24), in logarithms."""
    starts = np.arange(0, len(samples) - FRAME + 1, STEP)
    frames = samples[starts[:, None] + np.arange(FRAME)] * np.hanning(FRAME).astype(np.float32)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(2, FRAME // 2 + 1, BANDS + 6).astype(int))[-BANDS - 1 :]
    return np.log(np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) + 1e-4).astype(np.float32)


def features(samples):
    """What a recording of any length is reduced to: each band's mean, spread and unrest."""
    if len(samples) < 2 * FRAME:
        raise ValueError(
            f"the recording is too short: {len(samples) / RATE:.3f} s, at least {2 * FRAME / RATE} s needed"
        )
    loudness = float(np.abs(samples).max())
    if loudness == 0:
        raise ValueError("the recording is silent")
    heard = bands(samples / loudness)
    unrest = np.abs(np.diff(heard, axis=0)).mean(axis=0)
    return np.concatenate([heard.mean(axis=0), heard.std(axis=0), unrest]).astype(np.float32)


class SoundClassifier:
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

    def __call__(self, path, top_k=3):
        """The likeliest labels of a WAV file, the best first: [{"label": "bell", "score": 0.97}, ...]."""
        samples, rate = read_wave(path)
        logits = self.logits(features(resampled(samples, rate))[None])[0]
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return [
            {"label": self.labels[number], "score": float(scores[number])} for number in np.argsort(-scores)[:top_k]
        ]

    def logits(self, rows):
        tensors = self.tensors
        rows = (rows - tensors["mean"]) / tensors["scale"]
        hidden = np.maximum(rows @ tensors["weight_1"] + tensors["bias_1"], 0)
        return hidden @ tensors["weight_2"] + tensors["bias_2"]
