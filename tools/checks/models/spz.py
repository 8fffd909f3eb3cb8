"""Reads SPZ, splats in gzip (versions 1 to 3) or in streams of Zstandard (version 4), without unpacking the latter."""

import struct

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.containers.archive import inflate
from tools.checks.finding import Finding, Unsound
from tools.checks.models.splats import splat_finding

_HARMONICS = {0: 0, 1: 9, 2: 24, 3: 45, 4: 72}
"""Bytes a splat takes for its spherical harmonics, by their degree."""

_ZSTANDARD = b"\x28\xb5\x2f\xfd"


def measure_spz(data: bytes) -> Finding:
    """Raises Unsound for what is cut or whose numbers do not fit together."""
    return _streams(data) if data.startswith(b"NGSP") else _packed(inflate(data))


def _packed(data: bytes) -> Finding:
    if not data.startswith(b"NGSP"):
        raise Unsound("type_mismatch", "a gzip without an SPZ in it")
    if len(data) < 16:
        raise Unsound("truncated", f"an SPZ of {len(data)} bytes")
    version, count, degree, fraction = struct.unpack_from("<IIBB", data, 4)
    if not 1 <= version <= 3 or degree not in _HARMONICS or fraction > 24:
        raise Unsound("corrupt", f"SPZ version {version}, degree {degree}, {fraction} bits behind the point")
    place = 6 if version == 1 else 9
    wanted = 16 + count * (place + 1 + 3 + 3 + (4 if version == 3 else 3) + _HARMONICS[degree])
    if wanted > len(data):
        raise Unsound("truncated", f"{count} splats take {wanted} bytes, there are {len(data)}")
    return splat_finding(count, compressed=True, places=_places(data[16 : 16 + place * count], version, fraction))


def _places(packed: bytes, version: int, fraction: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Half floats in version 1, then whole numbers of three bytes with a point inside."""
    if version == 1:
        return np.frombuffer(packed, "<f2").reshape(-1, 3).astype(np.float64)
    three = np.frombuffer(packed, np.uint8).reshape(-1, 3)
    four = np.zeros((len(three), 4), np.uint8)
    four[:, 1:] = three
    return four.view("<i4").reshape(-1, 3).astype(np.float64) / (256 * 2.0**fraction)


def _streams(data: bytes) -> Finding:
    """Version 4: the streams of its table must fill the file exactly."""
    if len(data) < 32:
        raise Unsound("truncated", f"an SPZ of {len(data)} bytes")
    version, count, degree = struct.unpack_from("<IIB", data, 4)
    if version < 4 or degree not in _HARMONICS:
        raise Unsound("corrupt", f"SPZ version {version} without gzip, degree {degree}")
    streams, table = data[15], struct.unpack_from("<I", data, 16)[0]
    begin = table + 16 * streams
    if table < 20 or begin > len(data):
        raise Unsound("truncated", "the table of streams is cut")
    sizes = np.frombuffer(data, "<u8", 2 * streams, table).reshape(-1, 2)
    packed, unpacked = ([int(size) for size in column] for column in sizes.T)
    if begin + sum(packed) != len(data):
        raise Unsound("truncated", f"its streams take {begin + sum(packed)} bytes, the file has {len(data)}")
    if sum(unpacked) > CAPS.archive_bytes:
        raise Unsound("bomb", f"{len(data)} bytes inflate to {sum(unpacked)}")
    if not streams or unpacked[0] != 9 * count:
        raise Unsound("corrupt", f"the places of {count} splats take {unpacked[:1]} bytes")
    starts = [begin + sum(packed[:number]) for number in range(streams)]
    if not all(data.startswith(_ZSTANDARD, start) for start, size in zip(starts, packed, strict=True) if size):
        raise Unsound("corrupt", "a stream is not Zstandard")
    return splat_finding(count, compressed=True)
