"""A short pointer inside a file to where it came from, in formats that allow one without changing what is seen.

Only for copies that leave the record: the bytes of an artifact are its name and never change.
"""

import json
import struct
import zlib
from collections.abc import Mapping

from pydantic import JsonValue

from core.nouns import Artifact

KEYWORD = "provenance"

Pointer = Mapping[str, JsonValue]


def pointer(artifact: Artifact) -> Pointer:
    """What is told: the artifact's sha256, who made it from what, and the licences they state. Not the prompt."""
    origin = artifact.origin
    maker = f"{origin.space}@{origin.revision or 'unknown'}{origin.endpoint or ''}" if origin.space else origin.tool
    return {
        "generator": "Spacewright",
        "artifact": f"sha256:{artifact.sha256}",
        "made_by": maker,
        "inputs": [f"sha256:{sha256}" for sha256 in origin.inputs],
        "licences": [f"{part.what}: {part.license or 'none stated'}" for part in origin.licensed],
        "ai_generated": bool(origin.space),
    }


def embedded(data: bytes, told: Pointer) -> bytes:
    """The same file with the pointer in it; unchanged where the format has no place, or already tells its own."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _in_png(data, text)
    if data[:4] == b"glTF" and len(data) >= 20:
        return _in_glb(data, told)
    return data


def _in_png(data: bytes, text: str) -> bytes:
    """An iTXt chunk (PNG 1.2, 4.2.3.3) in front of IEND: uncompressed UTF-8, no language."""
    end = data.rfind(b"IEND") - 4
    if end < 8 or b"iTXt" + KEYWORD.encode() in data:
        return data
    content = b"iTXt" + KEYWORD.encode() + b"\0" * 5 + text.encode()
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return data[:end] + chunk + data[end:]


def _in_glb(data: bytes, told: Pointer) -> bytes:
    """`asset.extras.provenance` of the JSON chunk (glTF 2.0, 3.2 and 4.4)."""
    (length,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + length])
    extras = document["asset"].setdefault("extras", {})
    if not isinstance(extras, dict) or KEYWORD in extras:
        return data
    extras[KEYWORD] = dict(told)
    described = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    described += b" " * (-len(described) % 4)
    rest = data[20 + length :]
    whole = 20 + len(described) + len(rest)
    return struct.pack("<4sIII4s", b"glTF", 2, whole, len(described), b"JSON") + described + rest
