"""Counts the frames of compressed sound without decoding it: length, rate and channels, no loudness."""

import re
import struct
from typing import Any, NamedTuple

from tools.checks.finding import Finding, Unsound

_BITRATES = {  # kbit/s by (is version 1, layer), ISO/IEC 11172-3 and 13818-3
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


class _Frame(NamedTuple):
    length: int
    samples: int
    rate: int
    channels: int


def measure_mp3(data: bytes) -> Finding:
    """Walks every frame header, so the length is counted and not believed."""
    position = _behind_id3(data)
    frames: list[_Frame] = []
    while frame := _mp3_frame(data, position):
        if not frames and re.search(rb"Xing|Info|VBRI", data[position : position + 64]):
            position += frame.length  # describes the others and is silent itself
            continue
        if position + frame.length > len(data):
            break
        frames.append(frame)
        position += frame.length
    if len(frames) < 2:
        raise Unsound("corrupt", "not two MPEG audio frames in a row")
    seconds = sum(frame.samples / frame.rate for frame in frames)
    return Finding(
        {
            "seconds": round(seconds, 3),
            "rate": frames[0].rate,
            "channels": max(frame.channels for frame in frames),
            "codec": "mp3",
        }
    )


def _behind_id3(data: bytes) -> int:
    position = 0
    while data.startswith(b"ID3", position) and len(data) >= position + 10:
        a, b, c, d = data[position + 6 : position + 10]
        position += 10 + (a << 21 | b << 14 | c << 7 | d)
    found = data.find(b"\xff", position, position + 65536)
    while found >= 0 and not _mp3_frame(data, found):
        found = data.find(b"\xff", found + 1, position + 65536)
    return max(found, position)


def _mp3_frame(data: bytes, position: int) -> _Frame | None:
    if len(data) < position + 4 or data[position] != 0xFF or data[position + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[position + 1] >> 3 & 3, 4 - (data[position + 1] >> 1 & 3)
    bitrate, rate, padding = data[position + 2] >> 4, data[position + 2] >> 2 & 3, data[position + 2] >> 1 & 1
    if version == 1 or layer == 4 or bitrate in (0, 15) or rate == 3:
        return None
    hertz = (44100, 48000, 32000)[rate] >> {3: 0, 2: 1, 0: 2}[version]
    kilobits = _BITRATES[version == 3, layer][bitrate]
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    length = (12000 * kilobits // hertz + padding) * 4 if layer == 1 else samples * 125 * kilobits // hertz + padding
    return _Frame(length, samples, hertz, 1 if data[position + 3] >> 6 == 3 else 2)


def measure_flac(data: bytes) -> Finding:
    """Its header, and whether frames follow: the samples themselves are compressed."""
    if len(data) < 42 or data[4] & 0x7F != 0:
        raise Unsound("truncated", "a FLAC without its stream information")
    packed = int.from_bytes(data[18:26], "big")
    rate, channels = packed >> 44, (packed >> 41 & 7) + 1
    position, last = 4, False
    while not last and position + 4 <= len(data):
        last = bool(data[position] & 0x80)
        position += 4 + int.from_bytes(data[position + 1 : position + 4], "big")
    if rate == 0 or position + 2 > len(data) or data[position] != 0xFF or data[position + 1] & 0xFC != 0xF8:
        raise Unsound("truncated", "no FLAC frame behind the header")
    return Finding({"rate": rate, "channels": channels, "codec": "flac"})


def measure_ogg(data: bytes) -> Finding:
    """Every page must be there; length from the last position, channels and rate from the first packet."""
    position, granule = 0, 0
    while position < len(data):
        if data[position : position + 4] != b"OggS" or position + 27 > len(data):
            raise Unsound("truncated", f"no Ogg page at byte {position}")
        table = data[position + 27 : position + 27 + data[position + 26]]
        granule = max(granule, struct.unpack_from("<q", data, position + 6)[0])
        position += 27 + data[position + 26] + sum(table)
    if position > len(data):
        raise Unsound("truncated", "its last page is cut")
    facts: dict[str, Any] = {}
    vorbis, opus = data[:200].find(b"\x01vorbis"), data[:200].find(b"OpusHead")
    if vorbis >= 0:
        channels, rate = struct.unpack_from("<BI", data, vorbis + 11)
        facts = {"channels": channels, "rate": rate, "codec": "vorbis"}
    elif opus >= 0:
        facts = {"channels": data[opus + 9], "rate": 48000, "codec": "opus"}
    if facts.get("rate"):
        facts["seconds"] = round(granule / facts["rate"], 3)
    return Finding(facts)
