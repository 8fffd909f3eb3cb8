"""Decodes compressed sound and video with FFmpeg, by PyAV, which is imported when the first such file comes.

The demuxer is the one that the bytes say, never one that FFmpeg would find: a text file that begins like a playlist
would make it open other files.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.containers.passengers import refuse_passengers
from tools.checks.finding import Finding, Unsound
from tools.checks.media.audio import judged
from tools.checks.media.boxes import refuse_boxes
from tools.checks.media.loudness import Loudness, Samples
from tools.checks.media.ogg import refuse_pages
from tools.checks.media.video import Watched, measured

if TYPE_CHECKING:
    from av.container import InputContainer

_DEMUXERS = {
    "wav": "wav",
    "aiff": "aiff",
    "mp3": "mp3",
    "aac": "aac",
    "flac": "flac",
    "ogg": "ogg",
    "mp4": "mov",
    "m4a": "mov",
    "mov": "mov",
    "webm": "matroska",
    "mkv": "matroska",
    "avi": "avi",
    "flv": "flv",
}

_BOXED = frozenset({"mp4", "m4a", "mov"})

_PLAYLIST = re.compile(rb"#EXTM3U|ffconcat version")
"""Text that makes FFmpeg open addresses, wherever in a container it stands."""

_BAD_PACKETS = 0.05
"""Share of packets that nobody can decode from which on the file is damaged; tags at the end look like a few."""


def measure_media(data: bytes, format: str) -> tuple[str, Finding]:
    """The family, audio or video, by the streams inside, and what was decoded. Raises Unsound."""
    refuse_passengers(data, format)
    if found := _PLAYLIST.search(data):
        raise Unsound("external_ref", f"there is a playlist inside the {format}: {found[0].decode()}")
    if format in _BOXED:
        refuse_boxes(data)
    if format == "ogg":
        refuse_pages(data)
    try:
        import av  # 30 MB, and most artifacts are pictures and text
    except ImportError as error:
        raise Unsound("unread", f"nothing here decodes {format}; `pip install av` would help") from error
    av.logging.set_level(None)
    try:
        with av.open(BytesIO(data), "r", format=_DEMUXERS[format], metadata_errors="ignore") as container:
            return _decoded(container, data, format)
    except av.error.FFmpegError as error:
        raise Unsound("corrupt", f"not a {format} that can be decoded: {error.strerror}") from error


def _decoded(container: "InputContainer", data: bytes, format: str) -> tuple[str, Finding]:
    cover = 1 << 10  # AV_DISPOSITION_ATTACHED_PIC: a picture of the record, not a film
    if any(stream.codec_context is None for stream in (*container.streams.video, *container.streams.audio)):
        raise Unsound("unread", f"this {format} is packed in a way that nothing here decodes")
    films = [stream for stream in container.streams.video if not int(stream.disposition) & cover]
    if films:
        return "video", _film(container, films[0])
    if container.streams.audio:
        return "audio", _sound(container, container.streams.audio[0], _believable(data, format))
    raise Unsound("empty", "there is neither sound nor a picture in it")


def _sound(container: "InputContainer", stream: Any, believable: bool) -> Finding:
    loudness: Loudness | None = None
    frames = 0

    def hear(frame: Any) -> None:
        nonlocal loudness, frames
        loudness = loudness or Loudness(frame.sample_rate, frame.layout.nb_channels)
        frames += frame.samples
        if frames * loudness.channels > CAPS.samples:
            raise Unsound("limits", f"more than {CAPS.samples} samples")
        loudness.add(_of_channels(_floats(frame), loudness.channels))

    packets, failed = _each_frame(container, stream, hear)
    claim = _claim(container, stream) if believable else 0.0
    _refuse_damage(packets, failed, frames)
    if loudness is None:
        raise Unsound("truncated" if claim > 0.1 else "empty", f"it claims {claim:.3g} s and no sample can be decoded")
    finding = judged(loudness, frames, claim, stream.codec_context.codec.canonical_name)
    if failed:
        finding.warn("corrupt", f"{failed} of {packets} packets could not be decoded")
    return finding


def _film(container: "InputContainer", stream: Any) -> Finding:
    if stream.codec_context.width * stream.codec_context.height > CAPS.image_pixels:
        raise Unsound("bomb", f"frames of {stream.codec_context.width} x {stream.codec_context.height}")
    watched = Watched(stream.average_rate)
    packets, failed = _each_frame(container, stream, watched.see, watched.tired)
    _refuse_damage(packets, failed, watched.frames)
    watched.unseen = max(0, packets - watched.asleep_since) if watched.asleep_since else 0
    finding = measured(watched, stream.frames, _claim(container, stream))
    finding.facts["codec"] = stream.codec_context.codec.canonical_name
    finding.facts["audio"] = bool(container.streams.audio)
    if failed:
        finding.warn("corrupt", f"{failed} of {packets} packets could not be decoded")
    return finding


def _each_frame(
    container: "InputContainer",
    stream: Any,
    take: Callable[[Any], None],
    enough: Callable[[int], bool] = lambda packets: False,
) -> tuple[int, int]:
    """Packets and how many of them nobody could decode. From `enough` on they are counted and not decoded."""
    import av

    stream.codec_context.thread_type = "NONE"  # this process may not start threads
    packets = failed = 0
    for packet in _packets(container, stream):
        packets += packet.size > 0
        if enough(packets):
            continue
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            failed += packet.size > 0
            continue
        for frame in frames:
            take(frame)
    return packets, failed


def _packets(container: "InputContainer", stream: Any) -> Iterator[Any]:
    """Up to where the file can be read."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            yield next(packets)
        except (StopIteration, av.error.FFmpegError):
            return


def _refuse_damage(packets: int, failed: int, frames: int) -> None:
    if failed and not frames:
        raise Unsound("corrupt", f"none of {packets} packets can be decoded")
    if failed > max(2, _BAD_PACKETS * packets):
        raise Unsound("corrupt", f"{failed} of {packets} packets cannot be decoded")


def _claim(container: "InputContainer", stream: Any) -> float:
    """Seconds, 0 for none."""
    if stream.duration and stream.time_base:
        return max(0.0, float(stream.duration * stream.time_base))
    return max(0.0, (container.duration or 0) / 1e6)


def _believable(data: bytes, format: str) -> bool:
    """FFmpeg guesses the length of streams without a header of their own from their first bit rate."""
    if format != "mp3":
        return format != "aac"
    return re.search(rb"Xing|Info\0\0\0|VBRI", data[: 1 << 20]) is not None


def _floats(frame: Any) -> Samples:
    """Frames by channels, full scale 1."""
    values: Samples = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels)
    match values.dtype.kind:
        case "u":
            return (values.astype(np.float32) - 128) / 128
        case "i":
            return values.astype(np.float32) / np.float32(2.0 ** (8 * values.dtype.itemsize - 1))
        case _:
            return values.astype(np.float32, copy=False)


def _of_channels(samples: Samples, channels: int) -> Samples:
    """A stream may change its channels on the way; then all of them get the mean."""
    if samples.shape[1] == channels:
        return samples
    mean: Samples = np.repeat(samples.mean(axis=1, keepdims=True), channels, axis=1)
    return mean
