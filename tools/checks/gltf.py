"""Opens a GLB or glTF: the container by its exact rules, and numbers out of accessors, everything in bounds.

One file must be complete: a `uri` that is not `data:` is refused, wherever it stands.
Source of the rules: glTF 2.0 specification, chapters 3 and 4.
"""

import base64
import binascii
import struct
from typing import Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.json_value import strict_json

Array = np.ndarray[Any, Any]

_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_SHAPES = {
    "SCALAR": (1, 1),
    "VEC2": (1, 2),
    "VEC3": (1, 3),
    "VEC4": (1, 4),
    "MAT2": (2, 2),
    "MAT3": (3, 3),
    "MAT4": (4, 4),
}
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_PACKED_VIEWS = ("EXT_meshopt_compression", "KHR_meshopt_compression")
"""Extensions that replace the bytes of a view with compressed ones."""


class Gltf:
    """A document whose tables are lists of objects, with its buffers."""

    def __init__(self, document: dict[str, Any], binary: bytes | None) -> None:
        self.document = document
        for name in (
            "buffers",
            "bufferViews",
            "accessors",
            "meshes",
            "nodes",
            "scenes",
            "materials",
            "textures",
            "images",
            "samplers",
            "cameras",
            "skins",
            "animations",
        ):
            _objects(document.get(name, []), name)
        _refuse_references(document)
        self._arrays: dict[int, Array | None] = {}
        self.buffers = [self._buffer(number, entry, binary) for number, entry in enumerate(self.table("buffers"))]

    def table(self, name: str) -> list[dict[str, Any]]:
        table: list[dict[str, Any]] = self.document.get(name, [])
        return table

    def entry(self, name: str, index: Any) -> dict[str, Any]:
        """The object a reference points to. Raises Unsound when there is none."""
        table = self.table(name)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(table):
            raise Unsound("corrupt", f"{name}[{index}] is referred to; there are {len(table)}")
        return table[index]

    def view(self, index: Any) -> bytes | None:
        """The bytes of a buffer view; None when they are compressed."""
        entry = self.entry("bufferViews", index)
        if any(name in extensions(entry) for name in _PACKED_VIEWS):
            return None
        self.entry("buffers", entry.get("buffer"))
        buffer: bytes | None = self.buffers[entry["buffer"]]
        offset, length = natural(entry, "byteOffset", 0), natural(entry, "byteLength")
        if buffer is None:
            return None
        if offset + length > len(buffer):
            raise Unsound("truncated", f"bufferView {index} ends at {offset + length} of {len(buffer)} bytes")
        return buffer[offset : offset + length]

    def array(self, index: Any) -> Array | None:
        """Rows of an accessor, one a vertex, as stored; None when they are compressed."""
        self.entry("accessors", index)
        if index not in self._arrays:
            self._arrays[index] = self._read(index)
        return self._arrays[index]

    def _read(self, index: int) -> Array | None:
        accessor = self.entry("accessors", index)
        count, dtype, shape = self.layout(index)
        if "bufferView" in accessor:
            values = self._strided(index, accessor, count, dtype, shape)
        else:
            values = np.zeros((count, *shape), dtype)
        if values is not None and "sparse" in accessor:
            values = self._replaced(accessor["sparse"], values)
        return None if values is None else values.reshape(count, -1)

    def layout(self, index: Any) -> tuple[int, np.dtype[Any], tuple[int, int]]:
        accessor = self.entry("accessors", index)
        count = natural(accessor, "count")
        component, shape = accessor.get("componentType"), accessor.get("type")
        known = isinstance(component, int) and isinstance(shape, str)
        if not known or component not in _COMPONENTS or shape not in _SHAPES:
            raise Unsound("corrupt", f"accessor {index} is of type {shape!r} of {component!r}")
        if not 1 <= count <= CAPS.vertices:
            raise Unsound("bomb" if count else "corrupt", f"accessor {index} has {count} elements")
        return count, np.dtype(_COMPONENTS[component]), _SHAPES[shape]

    def _strided(
        self, index: Any, accessor: dict[str, Any], count: int, dtype: np.dtype[Any], shape: tuple[int, int]
    ) -> Array | None:
        data = self.view(accessor["bufferView"])
        entry = self.entry("bufferViews", accessor["bufferView"])
        # Columns of small matrices start at multiples of four bytes.
        column = shape[1] * dtype.itemsize
        column += -column % 4 if shape[0] > 1 else 0
        element = column * shape[0]
        stride, offset = natural(entry, "byteStride", element), natural(accessor, "byteOffset", 0)
        if stride < element or stride > 252:
            raise Unsound("corrupt", f"accessor {index}: {stride} bytes from one element of {element} to the next")
        if (offset + natural(entry, "byteOffset", 0)) % dtype.itemsize or offset % dtype.itemsize:
            raise Unsound("corrupt", f"accessor {index} does not start at a multiple of {dtype.itemsize} bytes")
        end = offset + stride * (count - 1) + element
        if end > natural(entry, "byteLength"):
            raise Unsound("truncated", f"accessor {index} ends at byte {end} of a view of {entry['byteLength']}")
        if data is None:
            return None
        return np.ndarray((count, *shape), dtype, data, offset, (stride, column, dtype.itemsize))

    def _replaced(self, sparse: Any, values: Array) -> Array | None:
        if not isinstance(sparse, dict):
            raise Unsound("corrupt", "a sparse accessor without its parts")
        count, where, what = natural(sparse, "count"), sparse.get("indices"), sparse.get("values")
        if not isinstance(where, dict) or not isinstance(what, dict) or not 1 <= count <= len(values):
            raise Unsound("corrupt", f"a sparse accessor replaces {count} of {len(values)} elements")
        if where.get("componentType") not in (5121, 5123, 5125):
            raise Unsound("corrupt", "sparse indices must be unsigned integers")
        places = self._plain(where, count, np.dtype(_COMPONENTS[where["componentType"]]), 1)
        rows = self._plain(what, count, values.dtype, int(np.prod(values.shape[1:])))
        if places is None or rows is None:
            return None
        if int(places[-1, 0]) >= len(values) or (np.diff(places[:, 0].astype(np.int64)) <= 0).any():
            raise Unsound("index_oob", "sparse indices must rise and stay below the count")
        replaced = values.copy()
        replaced[places[:, 0]] = rows.reshape(count, *values.shape[1:])
        return replaced

    def _plain(self, part: dict[str, Any], count: int, dtype: np.dtype[Any], width: int) -> Array | None:
        data, offset = self.view(part.get("bufferView")), natural(part, "byteOffset", 0)
        if data is None:
            return None
        if offset + count * width * dtype.itemsize > len(data):
            raise Unsound("truncated", "a sparse accessor reads past its view")
        return np.frombuffer(data, dtype, count * width, offset).reshape(count, width)

    def _buffer(self, number: int, entry: dict[str, Any], binary: bytes | None) -> bytes | None:
        wanted = natural(entry, "byteLength")
        if "uri" in entry:
            data: bytes | None = data_uri(entry["uri"])
        elif any(name in extensions(entry) for name in _PACKED_VIEWS):
            return None
        else:
            data = binary if number == 0 else None
        if data is None:
            raise Unsound("truncated", f"buffer {number} has no bytes")
        if wanted < 1 or wanted > len(data):
            raise Unsound("truncated", f"buffer {number} promises {wanted} bytes, there are {len(data)}")
        return data


def opened(data: bytes, format: str) -> tuple[Gltf, int]:
    """The document and how many keys stand twice in it. Raises Unsound for a wrong container."""
    text, binary = _chunks(data) if format == "glb" else (data, None)
    document, _, repeated = strict_json(text, CAPS.gltf_depth)
    if not isinstance(document, dict):
        raise Unsound("corrupt", "the glTF is not a JSON object")
    return Gltf(document, binary), repeated


def _chunks(data: bytes) -> tuple[bytes, bytes | None]:
    if len(data) < 20:
        raise Unsound("truncated", f"a GLB of {len(data)} bytes")
    _, version, length = struct.unpack_from("<4sII", data)
    if version != 2:
        raise Unsound("corrupt", f"GLB version {version}, not 2")
    if length != len(data):
        raise Unsound("truncated" if length > len(data) else "corrupt", f"it says {length} bytes and has {len(data)}")
    found: list[tuple[int, bytes]] = []
    position = 12
    while position < length:
        if position + 8 > length:
            raise Unsound("truncated", "a chunk without its header")
        size, kind = struct.unpack_from("<II", data, position)
        if size % 4:
            raise Unsound("corrupt", f"a chunk of {size} bytes, which is no multiple of four")
        if position + 8 + size > length:
            raise Unsound("truncated", f"a chunk of {size} bytes where {length - position - 8} are left")
        found.append((kind, data[position + 8 : position + 8 + size]))
        position += 8 + size
    return _arranged(found)


def _arranged(chunks: list[tuple[int, bytes]]) -> tuple[bytes, bytes | None]:
    kinds = [kind for kind, _ in chunks]
    if kinds[0] != _JSON or kinds.count(_JSON) > 1:
        raise Unsound("corrupt", "the first chunk, and only that, must be JSON")
    if _BIN in kinds and (kinds.index(_BIN) != 1 or kinds.count(_BIN) > 1):
        raise Unsound("corrupt", "there may be one binary chunk, in the second place")
    return chunks[0][1], chunks[1][1] if _BIN in kinds else None


def extensions(entry: dict[str, Any]) -> dict[str, Any]:
    found = entry.get("extensions")
    return found if isinstance(found, dict) else {}


def natural(entry: dict[str, Any], key: str, default: int | None = None) -> int:
    """A whole number from 0 up. Raises Unsound for anything else."""
    value = entry.get(key, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Unsound("corrupt", f"{key} is {value!r}")
    return value


def data_uri(uri: Any) -> bytes:
    """The bytes in a base64 `data:` address. Raises Unsound for every other address."""
    if not isinstance(uri, str) or not uri.startswith("data:"):
        raise Unsound("external_ref", f"it needs another file: {str(uri)[:80]!r}")
    head, _, body = uri.partition(",")
    try:
        return base64.b64decode(body, validate=True) if head.endswith(";base64") else body.encode()
    except (binascii.Error, ValueError) as error:
        raise Unsound("corrupt", f"a data address that is not base64: {error}") from error


def _objects(table: Any, name: str) -> None:
    if not isinstance(table, list) or not all(isinstance(entry, dict) for entry in table):
        raise Unsound("corrupt", f"{name} is not a list of objects")


def _refuse_references(document: dict[str, Any]) -> None:
    """Every `uri` in the document, those of extensions included; `extras` belong to the author."""
    left: list[Any] = [document]
    while left:
        match left.pop():
            case dict() as entry:
                uri = entry.get("uri")
                if isinstance(uri, str) and not uri.startswith("data:"):
                    raise Unsound("external_ref", f"it needs another file: {uri[:80]!r}")
                left.extend(value for key, value in entry.items() if key != "extras")
            case list() as entries:
                left.extend(entry for entry in entries if isinstance(entry, dict | list))
