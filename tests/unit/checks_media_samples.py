"""Small sounds, videos, splats and archives made by code."""

import gzip
import struct
import zipfile
from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO

import numpy as np

from tests.unit.checks_samples import tone


def encoded(codec: str, format: str, seconds: float = 1.0, rate: int = 48000, level: float = 1.0) -> bytes:
    """A tone of one channel, compressed."""
    import av

    target = BytesIO()
    with av.open(target, "w", format=format) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        samples = (tone(seconds, rate) * level).astype(np.float32)[None]
        resampler = av.AudioResampler(
            stream.codec_context.format, "mono", rate, stream.codec_context.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = rate
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return target.getvalue()


def film(frames: Sequence[np.ndarray], format: str = "mp4", rate: int = 10, codec: str = "mpeg4") -> bytes:
    """A video of these pictures: height by width by 3."""
    import av

    target = BytesIO()
    with av.open(target, "w", format=format) as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return target.getvalue()


def moving(count: int = 12, width: int = 96, height: int = 64) -> list[np.ndarray]:
    """A bright bar that goes from left to right."""
    pictures = [np.full((height, width, 3), 20, np.uint8) for _ in range(count)]
    for number, picture in enumerate(pictures):
        picture[:, number * 6 : number * 6 + 16] = 230
    return pictures


def splat_ply(count: int = 6, opacity: float = 1.0, place: float = 2.0) -> bytes:
    names = ("x", "y", "z", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "f_dc_0")
    head = f"ply\nformat binary_little_endian 1.0\nelement vertex {count}\n"
    head += "".join(f"property float {name}\n" for name in names) + "end_header\n"
    rows = np.ones((count, len(names)), "<f4")
    rows[:, 3] = opacity
    rows[-1, 0] = 1 + place
    return head.encode() + rows.tobytes()


def compressed_ply(count: int = 300, chunks: int = 2) -> bytes:
    bounds = ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")
    packed = ("packed_position", "packed_rotation", "packed_scale", "packed_color")
    head = f"ply\nformat binary_little_endian 1.0\nelement chunk {chunks}\n"
    head += "".join(f"property float {name}\n" for name in bounds) + f"element vertex {count}\n"
    head += "".join(f"property uint {name}\n" for name in packed) + "end_header\n"
    return head.encode() + np.tile(np.array([0, 0, 0, 1, 2, 3], "<f4"), chunks).tobytes() + bytes(16 * count)


def spz(version: int = 2, count: int = 5) -> bytes:
    size = {1: 6, 2: 9, 3: 9}[version] + 1 + 3 + 3 + (4 if version == 3 else 3)
    return gzip.compress(struct.pack("<4sIIBBBB", b"NGSP", version, count, 0, 12, 0, 0) + bytes(size * count))


def spz4(count: int = 5) -> bytes:
    streams = [b"\x28\xb5\x2f\xfd" + bytes(4)] * 5
    table = b"".join(
        struct.pack("<QQ", len(stream), size * count) for stream, size in zip(streams, (9, 1, 3, 3, 4), strict=True)
    )
    head = struct.pack("<4sIIBBBBI", b"NGSP", 4, count, 0, 12, 0, 5, 32).ljust(32, b"\0")
    return head + table + b"".join(streams)


def raw_splat(count: int = 4, scale: float = 0.1) -> bytes:
    rows = np.zeros(count, np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("rest", "u1", 8)]))
    rows["place"][:, 0] = np.arange(count)
    rows["scale"] = scale
    return rows.tobytes()


def ksplat(count: int = 3) -> bytes:
    head = bytearray(4096)
    struct.pack_into("<BBHIIIIH", head, 0, 0, 1, 0, 1, 1, count, count, 0)
    return bytes(head) + bytes(1024 + 44 * count)


def sog(count: int = 7, files: Sequence[str] = ("means_l.webp",), written: bool = True) -> bytes:
    table = f'{{"count": {count}, "means": {{"mins": [0, 0, 0], "maxs": [1, 1, 1], "files": {list(files)}}}}}'
    entries = {"meta.json": table.replace("'", '"').encode()}
    return zipped(entries | ({name: b"RIFF\x04\0\0\0WEBP" for name in files} if written else {}))


def zipped(entries: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target.getvalue()
