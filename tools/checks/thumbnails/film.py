"""Frames and samples of sound and video for their thumbnails, decoded by PyAV only as far as they are shown."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.media.audio import decoded
from tools.checks.media.pcm import Foreign

Array = np.ndarray[Any, Any]

_DEMUXERS = {"ogg": "ogg", "mp4": "mov", "m4a": "mov", "mov": "mov", "webm": "matroska", "mkv": "matroska"}
"""By the bytes, never one that FFmpeg would find; other formats are called as they are."""

_COVER = 1 << 10
"""What FFmpeg calls an attached picture: that of the record, not a film."""

_LOOKED_AT = 3000
"""Frames of a film, at most."""

WIDEST = 512
"""Pixels of the longer side of a frame that is handed on."""


def has_film(data: bytes, format: str) -> bool:
    with _opened(data, format) as container:
        return any(not int(stream.disposition) & _COVER for stream in container.streams.video)


def peaks(data: bytes, format: str, columns: int) -> Array:
    """The loudest sample in each of so many equal parts of the sound, of any scale. Raises Unsound."""
    loud = np.concatenate(list(_loudness(data, format)) or [np.zeros(0, np.float32)])
    if not len(loud):
        raise Unsound("empty", "no sample to draw")
    edges = np.linspace(0, len(loud), columns + 1).astype(np.int64)
    return np.maximum.reduceat(loud, np.minimum(edges[:-1], len(loud) - 1))


def _loudness(data: bytes, format: str) -> Iterator[Array]:
    """The larger of all channels, sample by sample."""
    if format in ("wav", "aiff"):
        try:
            yield np.abs(decoded(data, format).samples).max(axis=1, initial=0)
            return
        except Foreign:
            pass
    total = 0
    with _opened(data, format) as container:
        for frame in _frames(container, container.streams.audio):
            values = frame.to_ndarray()
            values = values if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels).T
            total += values.size
            if total > CAPS.samples:
                return
            middle = 128.0 if values.dtype.kind == "u" else 0.0
            yield np.abs(values.astype(np.float32) - middle).max(axis=0)


def stills(data: bytes, format: str, count: int) -> list[Image.Image]:
    """So many frames from all over the film, upright, fewer when it has fewer. Raises Unsound."""
    with _opened(data, format) as container:
        films = [stream for stream in container.streams.video if not int(stream.disposition) & _COVER]
        if films and films[0].codec_context.width * films[0].codec_context.height > CAPS.image_pixels:
            raise Unsound("bomb", "frames too large to draw")
        kept: list[Any] = []
        every = 1
        for number, frame in enumerate(_frames(container, films)):
            if number % every == 0:
                kept.append(frame)
            # Nobody knows how many will come: when too many are kept, every second one goes.
            if len(kept) > 4 * count:
                kept, every = kept[::2], 2 * every
            if number > _LOOKED_AT:
                break
        if not kept:
            raise Unsound("empty", "no frame to draw")
        chosen = sorted({round(place) for place in np.linspace(0, len(kept) - 1, count)})
        return [_upright(kept[place]) for place in chosen]


def _upright(frame: Any) -> Image.Image:
    from av.video.reformatter import VideoReformatter

    # One thread, because this process may not start any; and small, because nobody sees more.
    share = min(1.0, WIDEST / max(frame.width, frame.height))
    wide, tall = (max(1, round(side * share)) for side in (frame.width, frame.height))
    small = VideoReformatter().reformat(frame, wide, tall, "rgb24", interpolation="AREA", threads=1)
    picture = Image.fromarray(small.to_ndarray())
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _opened(data: bytes, format: str) -> Any:
    try:
        import av  # 30 MB, and most artifacts are pictures and text
    except ImportError as error:
        raise Unsound("unread", f"nothing here decodes {format}") from error
    av.logging.set_level(None)
    try:
        return av.open(BytesIO(data), "r", format=_DEMUXERS.get(format, format), metadata_errors="ignore")
    except av.error.FFmpegError as error:
        raise Unsound("corrupt", f"not a {format} that can be decoded: {error.strerror}") from error


def _frames(container: Any, streams: Any) -> Iterator[Any]:
    """What can be decoded, as far as it can."""
    import av

    if not streams:
        return
    streams[0].codec_context.thread_type = "NONE"  # this process may not start threads
    packets = container.demux(streams[0])
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue
