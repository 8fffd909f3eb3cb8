"""Takes places, colours and sizes out of splats, for drawing them. What they measure is in `splats` and `spz`."""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.containers.archive import inflate
from tools.checks.finding import Unsound
from tools.checks.models.polygons import ply_elements
from tools.checks.models.splats import rows_of

Array = np.ndarray[Any, Any]

_FLAT = 0.28209479177387814
"""The first spherical harmonic: colours are stored as its factors around grey."""


class Points(NamedTuple):
    places: Array
    """n x 3, y up."""
    colours: Array
    """n x 3, sRGB bytes."""
    sizes: Array
    """Radius of each, in units of the scene."""
    opacities: Array
    """From 0 to 1."""


@np.errstate(all="ignore")  # an opacity may be infinite, and foreign numbers anything
def splat_points(data: bytes, format: str) -> Points:
    """Raises Unsound for splats that nothing here unpacks."""
    match format:
        case "ply":
            found = _ply(data)
        case "splat":
            found = _splat(data)
        case "ksplat":
            found = _ksplat(data)
        case "spz" if data.startswith(b"\x1f\x8b"):
            packed = inflate(data)
            found = _spz(packed[16:], *struct.unpack_from("<IIBB", packed, 4))
        case "spz":
            found = _spz(b"".join(_streams(data)), *struct.unpack_from("<IIBB", data, 4))
        case _:
            raise Unsound("unread", f"nothing here unpacks this {format}")
    kept = np.isfinite(found.places).all(axis=1) & np.isfinite(found.sizes) & (found.opacities > 0.05)
    if not kept.any():
        raise Unsound("unread", "no splat to draw")
    return Points(*(column[kept] for column in found))


def _upright(places: Array) -> Array:
    """Captures are stored with y down and z ahead."""
    return np.asarray(places, np.float64) * (1.0, -1.0, -1.0)


def _sigmoid(values: Array) -> Array:
    result: Array = 1 / (1 + np.exp(-values.astype(np.float64)))
    return result


def _from_harmonics(factors: Array) -> Array:
    return ((0.5 + _FLAT * factors) * 255).clip(0, 255).astype(np.uint8)


def _ply(data: bytes) -> Points:
    elements = ply_elements(data)
    rows = rows_of(data, "vertex")
    if rows is None:
        raise Unsound("unread", "splats in a PLY that is text")
    if "chunk" in elements:
        return _packed_ply(data, rows)
    places = np.stack([rows[name] for name in "xyz"], axis=1)
    colours = np.stack([rows[f"f_dc_{number}"] for number in range(3)], axis=1)
    names = [name for name in ("scale_0", "scale_1", "scale_2") if name in (rows.dtype.names or ())]
    sizes = np.exp(np.stack([rows[name] for name in names], axis=1).astype(np.float64)).mean(axis=1)
    return Points(_upright(places), _from_harmonics(colours), sizes, _sigmoid(rows["opacity"]))


def _packed_ply(data: bytes, rows: Array) -> Points:
    """Places and sizes are 11, 10 and 11 bits between the bounds that 256 of them share."""
    chunks = rows_of(data, "chunk")
    if chunks is None:
        raise Unsound("unread", "the bounds of the splats are not readable")
    shared = np.arange(len(rows)) // 256
    places = _between(rows["packed_position"], chunks, shared, "")
    sizes = np.exp(_between(rows["packed_scale"], chunks, shared, "scale_")).mean(axis=1)
    colours = rows["packed_color"].astype("<u4")
    channels = np.stack([(colours >> shift & 255) / 255 for shift in (24, 16, 8)], axis=1)
    if {"min_r", "max_b"} <= set(chunks.dtype.names or ()):
        low, high = (np.stack([chunks[f"{end}_{name}"] for name in "rgb"], axis=1)[shared] for end in ("min", "max"))
        channels = low + channels * (high - low)
    return Points(_upright(places), (channels * 255).clip(0, 255).astype(np.uint8), sizes, (colours & 255) / 255)


def _between(packed: Array, chunks: Array, shared: Array, name: str) -> Array:
    packed = packed.astype("<u4")
    shares = np.stack([(packed >> 21) / 2047, (packed >> 11 & 1023) / 1023, (packed & 2047) / 2047], axis=1)
    low, high = (np.stack([chunks[f"{end}_{name}{axis}"] for axis in "xyz"], axis=1)[shared] for end in ("min", "max"))
    result: Array = low + shares * (high - low)
    return result


def _splat(data: bytes) -> Points:
    layout = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("turn", "u1", 4)])
    rows: Any = np.frombuffer(data, layout)
    return Points(
        _upright(rows["place"]),
        rows["colour"][:, :3],
        rows["scale"].astype(np.float64).mean(axis=1),
        rows["colour"][:, 3] / 255,
    )


def _ksplat(data: bytes) -> Points:
    """Only the form that is not compressed, in one section."""
    sections, _, _, count = struct.unpack_from("<IIII", data, 4)
    if sections != 1 or struct.unpack_from("<H", data, 20)[0]:
        raise Unsound("unread", "nothing here unpacks this ksplat")
    layout = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("turn", "<f4", 4), ("colour", "u1", 4)])
    rows: Any = np.frombuffer(data, layout, count, 4096 + 1024 * sections)
    return Points(
        _upright(rows["place"]),
        rows["colour"][:, :3],
        rows["scale"].astype(np.float64).mean(axis=1),
        rows["colour"][:, 3] / 255,
    )


def _spz(data: bytes, version: int, count: int, degree: int, fraction: int) -> Points:
    """From version 2 on: places of 3 x 24 bits, then opacities, colours and sizes of a byte each. y is up already."""
    if version < 2 or len(data) < 16 * count:
        raise Unsound("unread", f"nothing here unpacks this SPZ {version}")
    bytes_of = np.frombuffer(data, np.uint8)
    wide = np.zeros((3 * count, 4), np.uint8)
    wide[:, 1:] = bytes_of[: 9 * count].reshape(-1, 3)
    places = wide.view("<i4").reshape(-1, 3) / (256 * 2.0**fraction)
    opacities, rest = bytes_of[9 * count : 10 * count] / 255, bytes_of[10 * count :]
    factors = (rest[: 3 * count].reshape(-1, 3) / 255 - 0.5) / 0.15
    sizes = np.exp(rest[3 * count : 6 * count].reshape(-1, 3) / 16 - 10).mean(axis=1)
    return Points(places, _from_harmonics(factors), sizes, opacities)


def _streams(data: bytes) -> Iterator[bytes]:
    """The first streams of version 4, unpacked: places, opacities, colours, sizes."""
    try:
        import zstandard
    except ImportError as error:
        raise Unsound("unread", "nothing here unpacks Zstandard") from error
    streams, table = data[15], struct.unpack_from("<I", data, 16)[0]
    sizes = [struct.unpack_from("<QQ", data, table + 16 * number) for number in range(streams)]
    place = table + 16 * streams
    for packed, unpacked in sizes[:4]:
        if unpacked > CAPS.archive_bytes:
            raise Unsound("bomb", f"a stream of {unpacked} bytes")
        try:
            yield zstandard.ZstdDecompressor().decompress(data[place : place + packed], max_output_size=unpacked)
        except zstandard.ZstdError as error:
            raise Unsound("corrupt", f"not Zstandard: {error}") from error
        place += packed
