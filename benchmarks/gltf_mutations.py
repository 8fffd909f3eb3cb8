"""Breaks glTF files in many small ways, seeded. Most results are unsound, and a good part is not."""

import contextlib
import copy
import json
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.gltf_documents import packed, unpacked

Place = tuple[Any, Any]
"""A container and the key or number in it."""

_ODD: tuple[Any, ...] = (
    *(-1, 0, 1, 2, 3, 4, 7, 12, 255, 1000, 2**31, 1.0, 2.0, 0.5, -0.5, 1.5, 1e39, 1e-9),
    *("", "x", "POSITION", "MAT4", "VEC3", "image/png", "data:,x", None, True, False, [], {}, [0], [0, 0], [1, 0]),
    *([0.1] * 3, [2] * 4, [0, 0, 0, 1], [1] * 16),
)
_CONSTANTS = (5120, 5121, 5122, 5123, 5124, 5125, 5126, 34962, 34963, 9729, 10497)
_WORDS = ("POSITION", "NORMAL", "TANGENT", "TEXCOORD_0", "TEXCOORD_1", "COLOR_0", "JOINTS_0", "WEIGHTS_0", "_OWN", "UV")
_TYPES = ("SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4")
_EXTENSIONS = ("KHR_materials_unlit", "KHR_texture_transform", "KHR_lights_punctual", "KHR_unknown", "EXT_texture_webp")


def mutated(data: bytes, text: bool, chance: random.Random) -> tuple[str, bytes]:
    """The group of the mutation and the broken, or not so broken, file."""
    if not text and chance.random() < 0.12:
        return "container", _container(data, chance)
    document, binary = (json.loads(data), b"") if text else unpacked(data)
    document = copy.deepcopy(document)
    if binary and chance.random() < 0.12:
        return "numbers", packed(document, _numbers(binary, document, chance))
    group = chance.choice(list(_GROUPS))
    for _ in range(chance.choice((1, 1, 1, 2))):
        # A first mutation may have taken away what the second one looks for.
        with contextlib.suppress(KeyError, IndexError, TypeError, AttributeError):
            _GROUPS[group](document, chance)
    return group, json.dumps(document).encode() if text else packed(document, binary)


def _container(data: bytes, chance: random.Random) -> bytes:
    match chance.randrange(6):
        case 0:
            return data[: chance.randrange(len(data))]
        case 1:
            return data + b"\0" * chance.randrange(1, 9)
        case 2:
            place = chance.choice((0, 4, 8, 12, 16))
            return (
                data[:place] + struct.pack("<I", chance.choice((0, 1, 2, 20, len(data), 2**32 - 1))) + data[place + 4 :]
            )
        case 3:
            body = data[12:] + struct.pack("<I4s", 4, chance.choice((b"BIN\0", b"JSON", b"XTRA"))) + b"\0" * 4
            return data[:8] + struct.pack("<I", 12 + len(body)) + body
        case 4:
            place = chance.randrange(12, 28)
            return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        case _:
            size = struct.unpack_from("<I", data, 12)[0]
            body = data[12 : 20 + size]
            return data[:8] + struct.pack("<I", 12 + len(body)) + body


def _numbers(binary: bytes, document: Any, chance: random.Random) -> bytes:
    """A few bytes of one view."""
    view = chance.choice(document["bufferViews"])
    start, length = view.get("byteOffset", 0), view["byteLength"]
    changed = bytearray(binary)
    for _ in range(chance.randrange(1, 4)):
        place = start + 4 * chance.randrange(max(1, length // 4))
        new = chance.choice((struct.pack("<f", chance.choice((float("nan"), -1.0, 2.0, 1e30))), chance.randbytes(4)))
        changed[place : place + 4] = new
    return bytes(changed[: len(binary)])


def _places(document: Any) -> Iterator[Place]:
    left = [document]
    while left:
        container = left.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            yield container, key
            if isinstance(container[key], dict | list):
                left.append(container[key])


def _any(document: Any, chance: random.Random) -> Place:
    places = list(_places(document))
    # Long addresses and names are not interesting, and neither are single numbers of long lists.
    return chance.choice([place for place in places if not isinstance(place[0], list) or len(place[0]) < 20])


def _replace(document: Any, chance: random.Random) -> None:
    container, key = _any(document, chance)
    container[key] = copy.deepcopy(chance.choice(_ODD))


def _remove(document: Any, chance: random.Random) -> None:
    container, key = _any(document, chance)
    del container[key]


def _double(document: Any, chance: random.Random) -> None:
    lists = [container[key] for container, key in _places(document) if isinstance(container[key], list)]
    chosen = chance.choice([entry for entry in lists if entry])
    match chance.randrange(4):
        case 0:
            chosen.append(copy.deepcopy(chance.choice(chosen)))
        case 1:
            chosen.clear()
        case 2:
            chance.shuffle(chosen)
        case _:
            chosen.pop()


def _nudge(document: Any, chance: random.Random) -> None:
    """A number that is a little different: the next index, one byte more."""
    numbers = [
        (container, key)
        for container, key in _places(document)
        if isinstance(container[key], int | float) and not isinstance(container[key], bool)
    ]
    container, key = chance.choice(numbers)
    container[key] += chance.choice((-4, -2, -1, 1, 2, 4, 12, 0.001, -0.001, 0.0))


def _retype(document: Any, chance: random.Random) -> None:
    accessor = chance.choice(document["accessors"])
    match chance.randrange(6):
        case 0:
            accessor["componentType"] = chance.choice(_CONSTANTS)
        case 1:
            accessor["type"] = chance.choice(_TYPES)
        case 2:
            accessor["normalized"] = not accessor.get("normalized", False)
        case 3:
            accessor["count"] = max(1, accessor["count"] + chance.choice((-3, -1, 1, 3)))
        case 4:
            accessor["byteOffset"] = chance.choice((0, 1, 2, 4, 8))
        case _:
            accessor[chance.choice(("min", "max"))] = [chance.choice((0, 1, 0.5, -1))] * chance.choice((1, 3, 4))


def _restore(document: Any, chance: random.Random) -> None:
    view = chance.choice(document["bufferViews"])
    key = chance.choice(("byteStride", "target", "byteLength", "byteOffset"))
    pool = {"byteStride": (4, 8, 12, 16, 20, 3, 256), "target": (34962, 34963, 1)}
    view[key] = chance.choice(pool.get(key, (0, 1, 4, 24, 96, view["byteLength"] + chance.choice((-4, 4)))))


def _relink(document: Any, chance: random.Random) -> None:
    """One object gets a property of another of its kind, or points elsewhere."""
    tables = [value for value in document.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    table = chance.choice(tables)
    giver, taker = chance.choice(table), chance.choice(table)
    if giver:
        key = chance.choice(list(giver))
        taker[key] = copy.deepcopy(giver[key])


def _rename(document: Any, chance: random.Random) -> None:
    parts = [part for mesh in document["meshes"] for part in mesh["primitives"]]
    part = chance.choice(parts)
    attributes = chance.choice([part["attributes"], *part.get("targets", [])])
    old = chance.choice(list(attributes))
    index = attributes.pop(old) if chance.random() < 0.6 else attributes[old]
    attributes[chance.choice(_WORDS)] = index
    if chance.random() < 0.3:
        part[chance.choice(("mode", "material", "indices"))] = chance.randrange(7)


def _extend(document: Any, chance: random.Random) -> None:
    name = chance.choice(_EXTENSIONS)
    if chance.random() < 0.6:
        used = document.setdefault("extensionsUsed", [])
        used.append(name) if name not in used or chance.random() < 0.2 else used.remove(name)
    owners = [container[key] for container, key in _places(document) if isinstance(container[key], dict)]
    if chance.random() < 0.7:
        chance.choice(owners).setdefault("extensions", {})[name] = chance.choice(({}, {"light": 0}, {"texCoord": 1}, 1))


_GROUPS: dict[str, Callable[[Any, random.Random], None]] = {
    "replaced value": _replace,
    "removed value": _remove,
    "changed list": _double,
    "nudged number": _nudge,
    "accessor": _retype,
    "view": _restore,
    "reference": _relink,
    "attribute": _rename,
    "extension": _extend,
}
