"""Loudness of sound of any length: takes blocks of samples, keeps two numbers for every twentieth of a second.

What is told at the end is told after the mean has been taken off: a constant is silence.
"""

from typing import Any

import numpy as np

from tools.checks.rows import QUIET

FULL = 0.999
"""From here on a sample counts as clipped."""

WINDOW = 0.05
"""Seconds over which silence is told."""

_BLOCK = 1 << 16
"""Samples looked at together: what fits into the processor's cache."""

Samples = np.ndarray[Any, Any]
"""Frames by channels: 32-bit floats of full scale 1, or 16-bit integers."""


class Loudness:
    def __init__(self, rate: int, channels: int) -> None:
        self.rate, self.channels = rate, channels
        self.frames = self.clipped = 0
        self.peak = 0.0
        self.finite = True
        self._window = max(1, int(rate * WINDOW))
        self._sums: list[Samples] = []
        self._squares: list[Samples] = []
        self._waiting: list[Samples] = []
        self._held = 0
        self._scale = 1.0
        self._used: Samples = np.empty((2, 0), np.float32)

    def add(self, samples: Samples) -> None:
        self._waiting.append(samples)
        self._held += len(samples)
        if self._held * self.channels >= _BLOCK:
            self._take(whole=False)

    def facts(self) -> dict[str, Any]:
        """Figures of everything that was added; at least one frame."""
        self._take(whole=True)
        sums, squares = np.concatenate(self._sums), np.concatenate(self._squares)
        mean = sums.sum(axis=0) / self.frames
        sizes = np.full(len(sums), self._window)
        sizes[-1] = self.frames - self._window * (len(sums) - 1)
        energy = squares - 2 * mean * sums + sizes[:, None] * mean**2
        loudness = np.sqrt(np.maximum(energy, 0).mean(axis=1) / sizes)
        # The last window may be too short to say anything, unless it is all there is.
        told = loudness[:-1] if len(loudness) > 1 and sizes[-1] < self._window else loudness
        return {
            "seconds": round(self.frames / self.rate, 3),
            "rate": self.rate,
            "channels": self.channels,
            "peak": round(self.peak, 4),
            "rms": round(float(np.sqrt(max(0.0, energy.sum()) / (self.frames * self.channels))), 5),
            "silence": round(float((told < QUIET).mean()), 4),
            "clipping": round(self.clipped / (self.frames * self.channels), 5),
        }

    def _take(self, *, whole: bool) -> None:
        """Whole windows; what is left over waits for the next block, unless there is none."""
        if not self._held:
            return
        samples = self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting)
        step = max(1, _BLOCK // (self._window * self.channels)) * self._window
        ready = len(samples) if whole else len(samples) // self._window * self._window
        for start in range(0, ready, step):
            self._measure(samples[start : min(start + step, ready)])
        self._waiting, self._held = ([samples[ready:]], len(samples) - ready) if ready < len(samples) else ([], 0)

    def _measure(self, samples: Samples) -> None:
        self.frames += len(samples)
        if samples.dtype.kind == "i":
            self._scale = 32768.0
        highest, lowest = float(samples.max()), float(samples.min())
        top = max(highest, -lowest) / self._scale
        if not np.isfinite(top):
            self.finite = False
            return
        self.peak = max(self.peak, top)
        if top >= FULL:
            limit = FULL * self._scale
            self.clipped += int(np.count_nonzero(samples >= limit) + np.count_nonzero(samples <= -limit))
        full = len(samples) // self._window * self._window
        if full:
            self._keep(samples[:full].reshape(-1, self._window, self.channels))
        if full < len(samples):
            self._keep(samples[None, full:])

    def _keep(self, windows: Samples) -> None:
        """`windows` are windows by frames by channels."""
        ones = np.ones((1, windows.shape[1]), np.float32)
        plain, squared = self._room(windows)
        np.copyto(plain, windows, casting="unsafe")
        np.multiply(plain, plain, out=squared)
        # A product with ones adds up along the frames several times faster than a sum over every other sample.
        self._sums.append((ones @ plain)[:, 0].astype(np.float64) / self._scale)
        self._squares.append((ones @ squared)[:, 0].astype(np.float64) / self._scale**2)

    def _room(self, windows: Samples) -> tuple[Samples, Samples]:
        """Memory that has been used before: fresh pages would cost more than the sums."""
        if self._used.shape[1] < windows.size:
            self._used = np.empty((2, windows.size), np.float32)
        plain, squared = (row[: windows.size].reshape(windows.shape) for row in self._used)
        return plain, squared
