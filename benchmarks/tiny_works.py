"""What the Spaces of the benchmarks do: tiny functions of text and bytes, the same result for the same input.

With them what Gradio 6 would say of an app that offers them, its `/config` and its `/info`.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

TEXT, PICTURE, MODEL = "Textbox", "Image", "Model3d"
ENDPOINTS = {
    "/echo": (TEXT, TEXT),
    "/long": (TEXT, TEXT),
    "/sum": (TEXT, TEXT),
    "/image": (TEXT, PICTURE),
    "/tint": (PICTURE, PICTURE),
    "/digest": (PICTURE, TEXT),
    "/glb": (TEXT, MODEL),
}
"""What each takes first, before `seconds`, and what it gives."""


def picture(seed: bytes, side: int = 48) -> bytes:
    """A PNG of colours drawn from the seed: the same bytes for the same seed."""
    colours = hashlib.shake_256(seed).digest(side * side * 3)
    rows = b"".join(b"\0" + colours[row * side * 3 : (row + 1) * side * 3] for row in range(side))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def model(seed: bytes) -> bytes:
    """A GLB with one tetrahedron, its size from the seed."""
    size = 1.0 + hashlib.sha256(seed).digest()[0] / 256
    points = (0.0, 0.0, 0.0, size, 0.0, 0.0, 0.0, size, 0.0, 0.0, 0.0, size)
    faces = (0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3)
    body = struct.pack("<12f", *points) + struct.pack("<12H", *faces)
    described = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": len(body)}],
        "bufferViews": [{"buffer": 0, "byteLength": 48}, {"buffer": 0, "byteOffset": 48, "byteLength": 24}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0] * 3, "max": [size] * 3},
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
    }
    text = json.dumps(described).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(body), 0x004E4942) + body
    return struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks


def ending(subject: str, endpoints: Sequence[str]) -> str:
    """What stands at the end of a chain of these endpoints: the text, or the sha256 of the file."""
    return passed_on(subject, endpoints)[-1][0]


def passed_on(subject: str, endpoints: Sequence[str]) -> list[tuple[str, str | bytes]]:
    """The subject, then what each endpoint of the chain makes of it: each with its name at `/count`."""
    values: list[str | bytes] = [subject]
    for endpoint in endpoints:
        content = values[-1] if isinstance(values[-1], bytes) else values[-1].encode()
        values.append(MAKERS[endpoint](content))
    return [(value if isinstance(value, str) else hashlib.sha256(value).hexdigest(), value) for value in values]


MAKERS: dict[str, Callable[[bytes], str | bytes]] = {
    "/echo": lambda content: f"{content.decode()}.",
    "/long": lambda content: " ".join(hashlib.sha256(content + bytes([n])).hexdigest() for n in range(160)),
    "/sum": lambda content: hashlib.sha256(content).hexdigest(),
    "/image": picture,
    "/tint": picture,
    "/digest": lambda content: hashlib.sha256(content).hexdigest(),
    "/glb": model,
}


def _part(id: int, kind: str) -> dict[str, Any]:
    props = {"label": kind, "name": kind.lower()}
    return {"id": id, "type": kind.lower(), "props": props, "skip_api": False}


def _function(number: int, name: str, inputs: list[int], outputs: list[int]) -> dict[str, Any]:
    return {
        "id": number,
        "targets": [[0, "click"]],
        "inputs": inputs,
        "outputs": outputs,
        "backend_fn": True,
        "queue": True,
        "api_name": name.removeprefix("/"),
        "api_visibility": "public",
        "show_api": True,
        "batch": False,
        "cancels": [],
        "types": {"generator": False, "cancel": False},
        "connection": "sse",
    }


def _typed(component: str) -> dict[str, Any]:
    if component in (PICTURE, MODEL):
        shape: dict[str, Any] = {"type": "object", "title": "FileData", "properties": {"path": {"type": "string"}}}
        return {"type": shape, "python_type": {"type": "filepath", "description": ""}, "component": component}
    schema, python = ("number", "float") if component == "Number" else ("string", "str")
    return {"type": {"type": schema}, "python_type": {"type": python, "description": ""}, "component": component}


def _said(component: str, name: str, default: object = None) -> dict[str, Any]:
    return {
        "label": name,
        "parameter_name": name,
        "parameter_has_default": default is not None,
        "parameter_default": default,
        "example_input": default,
        **_typed(component),
    }


def _config() -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    functions = []
    for number, (name, (takes, gives)) in enumerate(ENDPOINTS.items()):
        own = [_part(3 * number + place, kind) for place, kind in enumerate((takes, "Number", gives))]
        parts += own
        functions.append(_function(number, name, [own[0]["id"], own[1]["id"]], [own[2]["id"]]))
    return {
        "version": "6.31.0",
        "mode": "blocks",
        "api_prefix": "/gradio_api",
        "protocol": "sse_v3",
        "connect_heartbeat": True,
        "enable_queue": True,
        "show_error": True,
        "space_id": None,
        "title": "Near zero",
        "components": parts,
        "dependencies": functions,
    }


def _info() -> dict[str, Any]:
    return {
        "named_endpoints": {
            name: {
                "parameters": [_said(takes, "subject"), _said("Number", "seconds", 0)],
                "returns": [{"label": "result", **_typed(gives)}],
                "api_visibility": "public",
                "description": "",
            }
            for name, (takes, gives) in ENDPOINTS.items()
        },
        "unnamed_endpoints": {},
    }


CONFIG = _config()
INFO = _info()
