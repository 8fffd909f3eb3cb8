"""Opens a GLB or glTF and takes numbers out of its accessors, everything in bounds.

One file must be complete: a `uri` that is not `data:` is refused, wherever it stands.
Source of the rules: glTF 2.0 specification, chapters 3 and 4.
"""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.gltf.glb import behind, chunks_of
from tools.checks.gltf.schema import check_schema
from tools.checks.writing.json_value import strict_json

Array = np.ndarray[Any, Any]
Bytes = bytes | memoryview

COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
SHAPES = {
    "SCALAR": (1, 1),
    "VEC2": (1, 2),
    "VEC3": (1, 3),
    "VEC4": (1, 4),
    "MAT2": (2, 2),
    "MAT3": (3, 3),
    "MAT4": (4, 4),
}
BUFFER_TYPES = ("application/octet-stream", "application/gltf-buffer")
_ADDRESS_ALPHABET = bytes.maketrans(b"-_", b"+/")
_PACKED_VIEWS = ("EXT_meshopt_compression", "KHR_meshopt_compression")
"""Extensions that replace the bytes of a view with compressed ones."""


class Gltf:
    """A document whose tables are lists of objects, with its buffers."""

    def __init__(self, document: dict[str, Any], binary: Bytes | None, contained: bool) -> None:
        _refuse_references(document)
        check_schema(document)
        self.document = document
        self.contained = contained
        """In a GLB, where buffer 0 is the binary chunk."""
        self.absent = False
        """Whether bytes are missing: a buffer that says nothing of where it is may be handed over by a program."""
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

    def view(self, index: Any) -> Bytes | None:
        """The bytes of a buffer view; None when they are compressed."""
        entry = self.entry("bufferViews", index)
        if any(name in extensions(entry) for name in _PACKED_VIEWS):
            return None
        self.entry("buffers", entry.get("buffer"))
        buffer: Bytes | None = self.buffers[entry["buffer"]]
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
        if not known or component not in COMPONENTS or shape not in SHAPES:
            raise Unsound("corrupt", f"accessor {index} is of type {shape!r} of {component!r}")
        if not 1 <= count <= CAPS.vertices:
            raise Unsound("bomb" if count else "corrupt", f"accessor {index} has {count} elements")
        return count, np.dtype(COMPONENTS[component]), SHAPES[shape]

    def _strided(
        self, index: Any, accessor: dict[str, Any], count: int, dtype: np.dtype[Any], shape: tuple[int, int]
    ) -> Array | None:
        data = self.view(accessor["bufferView"])
        entry = self.entry("bufferViews", accessor["bufferView"])
        column, element = footprint(dtype, shape)
        stride, offset = natural(entry, "byteStride", column * shape[0]), natural(accessor, "byteOffset", 0)
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
        places = self._plain(where, count, np.dtype(COMPONENTS[where["componentType"]]), 1)
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

    def _buffer(self, number: int, entry: dict[str, Any], binary: Bytes | None) -> Bytes | None:
        wanted: int = entry["byteLength"]
        if "uri" in entry:
            data: Bytes | None = data_uri(entry["uri"], BUFFER_TYPES)
        elif self.contained and number == 0 and not extensions(entry):
            data = binary
            if data is None:
                raise Unsound("truncated", "buffer 0 has no bytes: there is no binary chunk")
        else:
            self.absent |= not any(name in extensions(entry) for name in _PACKED_VIEWS)
            return None
        if data is None or wanted > len(data):
            raise Unsound("truncated", f"buffer {number} promises {wanted} bytes, there are {len(data or b'')}")
        return data


def opened(data: bytes, format: str) -> tuple[Gltf, list[str]]:
    """The document, and what is odd about the file without being wrong. Raises Unsound."""
    text, binary = chunks_of(data) if format == "glb" else (data, None)
    document, _, repeated = strict_json(text, CAPS.gltf_depth)
    if not isinstance(document, dict):
        raise Unsound("corrupt", "the glTF is not a JSON object")
    odd = [f"{repeated} JSON keys stand twice"] if repeated else []
    if format == "glb" and (more := behind(data)):
        odd.append(f"{more} bytes behind its end")
    return Gltf(document, binary, format == "glb"), odd


def footprint(dtype: np.dtype[Any], shape: tuple[int, int]) -> tuple[int, int]:
    """Bytes from column to column and of a whole element: columns of small matrices start at multiples of four."""
    column = shape[1] * dtype.itemsize
    step = column + (-column % 4 if shape[0] > 1 else 0)
    return step, step * (shape[0] - 1) + column


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


def data_uri(uri: Any, types: tuple[str, ...] = ()) -> bytes:
    """The bytes in a `data:` address, of one of the `types` if there are any. Raises Unsound for any other address."""
    if not isinstance(uri, str) or not uri.startswith("data:"):
        raise Unsound("external_ref", f"it needs another file: {str(uri)[:80]!r}")
    head, _, body = uri.partition(",")
    type, *words = head[5:].split(";")
    if types and type not in types:
        raise Unsound("spec_error", f"a data address of type {type[:40]!r}")
    if any("=" not in word for word in words[:-1]) or (words and words[-1] != "base64" and "=" not in words[-1]):
        raise Unsound("corrupt", "a data address that is malformed")
    if not words or words[-1] != "base64":
        return unquote_to_bytes(body)
    try:
        # Padding and the alphabet for addresses are both optional there.
        plain = unquote_to_bytes(body).translate(_ADDRESS_ALPHABET).rstrip(b"=")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsound("corrupt", f"a data address that is not base64: {error}") from error


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
