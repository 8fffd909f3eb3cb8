"""What can be seen in a video: counted, timed and compared frame by frame as it is decoded.

Small grey copies are kept of some frames only: enough to tell one flat colour and a picture that does not move.
"""

import time
from fractions import Fraction
from typing import Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.media.audio import claimed

DECODING = 6.0
"""Seconds of processor after which frames are counted and not decoded any more."""

_SIDE = 64
_FIRST = 50
_EVERY = 10
"""The first frames are all looked at, then one of so many."""

STILL = 0.1
"""Mean difference of grey values, of 0 to 255, below which two frames are the same."""

_MISSING = 0.9
"""Share of the claimed frames below which the rest is missing."""


class Watched:
    """Takes frames in the order in which they are shown."""

    def __init__(self, rate: Fraction | None) -> None:
        self.rate = float(rate or 0)
        self.frames = self.unseen = self.asleep_since = 0
        self.size = (0, 0)
        self.std = 0.0
        self.moved = 0.0
        self._times: list[float] = []
        self._before: np.ndarray[Any, Any] | None = None
        self._began = time.process_time()
        self._reformatter: Any = None

    def see(self, frame: Any) -> None:
        if frame.width * frame.height > CAPS.image_pixels:
            raise Unsound("bomb", f"a frame of {frame.width} x {frame.height}")
        turned = frame.rotation % 180 == 90
        self.size = self.size if self.frames else (frame.height, frame.width) if turned else (frame.width, frame.height)
        if self.frames < _FIRST or self.frames % _EVERY == 0:
            self._compare(frame)
        self.frames += 1
        if frame.time is not None:
            self._times = [self._times[0] if self._times else frame.time, frame.time]

    def tired(self, packets: int) -> bool:
        """Whether enough was decoded; asked once for every packet."""
        if not self.asleep_since and (self.frames >= CAPS.frames or time.process_time() - self._began > DECODING):
            self.asleep_since = packets
        return bool(self.asleep_since)

    def _compare(self, frame: Any) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = self._reformatter or VideoReformatter()
        # One thread, because this process may not start any.
        small = self._reformatter.reformat(frame, _SIDE, _SIDE, "gray8", interpolation="FAST_BILINEAR", threads=1)
        grey = small.to_ndarray().astype(np.float32)
        self.std = max(self.std, float(grey.std()))
        if self._before is not None:
            self.moved = max(self.moved, float(np.abs(grey - self._before).mean()))
        self._before = grey

    def clock(self) -> tuple[float, float]:
        """Seconds and frames a second, by the times of the frames where they have any."""
        span = self._times[-1] - self._times[0] if self._times else 0.0
        fps = (self.frames - 1) / span if span > 0 and self.frames > 1 else self.rate
        whole = self.frames + self.unseen
        return (whole / fps if fps else 0.0), fps


def measured(watched: Watched, claimed_frames: int, claim: float) -> Finding:
    """Facts of the frames that were seen. `claim` is in seconds, 0 for none. Raises Unsound."""
    whole = watched.frames + watched.unseen
    if not watched.frames:
        claims = claim > 0.1 or claimed_frames
        raise Unsound("truncated" if claims else "empty", f"{claimed_frames} frames claimed and none can be decoded")
    if whole < _MISSING * claimed_frames:
        raise Unsound("truncated", f"{whole} frames could be decoded of {claimed_frames} claimed")
    seconds, fps = watched.clock()
    width, height = watched.size
    finding = Finding(
        {
            "seconds": round(seconds, 3),
            "width": width,
            "height": height,
            "frames": whole,
            "fps": round(fps, 3),
            "std": round(watched.std, 2),
            "frozen": watched.moved < STILL,
        }
    )
    if whole > 1:
        claimed(finding, claim)
    if watched.unseen:
        finding.warn("limits", f"only the first {watched.frames} of {whole} frames were looked at")
    return finding
