"""Eight kinds of sound, computed: no recording is behind them. One second, 8000 samples, from -1 to 1."""

import io
import wave
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 8000

Samples = NDArray[np.float64]
Random = np.random.Generator


def times() -> Samples:
    return np.arange(RATE) / RATE


def sine(frequency: Samples | float, phase: float = 0.0) -> Samples:
    """A tone whose frequency, in hertz, may change with time."""
    steps = np.broadcast_to(np.asarray(frequency, np.float64), RATE)
    return np.asarray(np.sin(2 * np.pi * (np.cumsum(steps) / RATE + phase)))


def smooth(values: Samples, width: int) -> Samples:
    """A running mean: what is left below the frequency 0.44 * RATE / width."""
    return np.convolve(values, np.ones(width) / width, "same")


def strokes(random: Random, fall: float, moments: list[float]) -> Samples:
    """An envelope that leaps up at each moment and falls off, `fall` times a second by e."""
    envelope = np.zeros(RATE)
    for moment in moments:
        since = times() - moment
        envelope += np.where(since >= 0, np.exp(-fall * np.maximum(since, 0)), 0) * random.uniform(0.6, 1)
    return envelope


def bell(random: Random) -> Samples:
    base = random.uniform(300, 900)
    partials = [(1.0, 1.0), (2.0, 0.6), (2.76, 0.5), (4.07, 0.25), (5.4, 0.15)]
    rung = [weight * sine(base * ratio, random.random()) * np.exp(-times() * 2 * ratio) for ratio, weight in partials]
    return np.asarray(sum(rung))


def drum(random: Random) -> Samples:
    pace = random.uniform(2, 6)
    moments = [float(moment) for moment in np.arange(random.uniform(0, 0.1), 1, 1 / pace)]
    skin = sine(random.uniform(60, 140)) + 0.5 * smooth(random.normal(0, 1, RATE), 5)
    return skin * strokes(random, random.uniform(14, 30), moments)


def engine(random: Random) -> Samples:
    base = random.uniform(25, 70) * (1 + 0.1 * sine(random.uniform(0.3, 1.5), random.random()))
    roar = np.asarray(sum(sine(base * number, random.random()) / number for number in range(1, 12)))
    return roar * (1 + 0.3 * sine(base / 2)) + 0.4 * smooth(random.normal(0, 1, RATE), 8)


def rain(random: Random) -> Samples:
    drops = np.where(random.random(RATE) < random.uniform(0.005, 0.03), random.normal(0, 4, RATE), 0)
    return random.normal(0, 1, RATE) - 0.6 * smooth(random.normal(0, 1, RATE), 3) + drops


def siren(random: Random) -> Samples:
    swing = sine(random.uniform(0.5, 3), random.random())
    tone = sine(random.uniform(600, 1000) * (1 + random.uniform(0.2, 0.4) * swing))
    return tone + 0.3 * np.sign(tone)


def string(random: Random) -> Samples:
    """Karplus and Strong 1983: a burst of noise that goes round and is smoothed."""
    period = int(RATE / random.uniform(90, 350))
    loop = random.uniform(-1, 1, period)
    rounds = []
    for _ in range(RATE // period + 1):
        rounds.append(loop)
        loop = 0.996 * 0.5 * (loop + np.roll(loop, 1))
    return np.concatenate(rounds)[:RATE]


def bird(random: Random) -> Samples:
    length = random.uniform(0.08, 0.2)
    within = (times() / length) % 1
    sweep = random.uniform(1800, 2600) + random.uniform(300, 1000) * within * random.choice([-1, 1])
    song = sine(sweep) * np.sin(np.pi * within) ** 2
    return np.asarray(song * (np.floor(times() / length) % random.integers(2, 4) == 0))


def whistle(random: Random) -> Samples:
    tremble = 1 + 0.01 * sine(random.uniform(4, 8))
    breath = 0.08 * random.normal(0, 1, RATE)
    return sine(random.uniform(700, 2500) * tremble) * (0.8 + 0.2 * sine(random.uniform(2, 5))) + breath


KINDS: dict[str, Callable[[Random], Samples]] = {
    "bell": bell, "bird": bird, "drum": drum, "engine": engine,
    "rain": rain, "siren": siren, "string": string, "whistle": whistle,
}  # fmt: skip
LABELS = list(KINDS)


def play(label: str, random: Random) -> NDArray[np.float32]:
    """A sound of this kind, louder or softer, with an echo and some hiss."""
    samples = KINDS[label](random)
    samples /= np.abs(samples).max()
    samples += random.uniform(0, 0.4) * np.roll(samples, int(random.integers(200, 1600)))
    samples += random.normal(0, random.uniform(0.001, 0.12), RATE)
    return np.asarray(samples / np.abs(samples).max() * random.uniform(0.2, 1), np.float32)


def wave_file(samples: NDArray[np.float32]) -> bytes:
    """A WAV file of 16 bits and one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()
