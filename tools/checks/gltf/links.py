"""Checks what the objects of a glTF say of each other: buffers, views, accessors, pictures and materials.

Each view of the bytes and each accessor serves one purpose: vertices, indices, a picture, times, …
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from tools.checks.finding import Unsound
from tools.checks.gltf.document import COMPONENTS, SHAPES, Gltf, extensions, footprint
from tools.checks.gltf.rules import Many, One
from tools.checks.gltf.shapes import EXTENSIONS
from tools.checks.gltf.shapes import SHAPES as OBJECTS

_TARGETS = {34962: "vertices", 34963: "indices"}
_TEXTURE_INFOS = frozenset({"textureInfo", "normalTextureInfo", "occlusionTextureInfo"})


def spec_error(detail: str) -> Unsound:
    return Unsound("spec_error", detail)


class Uses:
    """The purpose of every view and every accessor that something refers to."""

    def __init__(self, gltf: Gltf) -> None:
        self.gltf = gltf
        self.accessors: dict[int, str] = {}
        self.views = {
            number: _TARGETS[view["target"]]
            for number, view in enumerate(gltf.table("bufferViews"))
            if view.get("target") in _TARGETS
        }

    def view(self, index: int, purpose: str) -> dict[str, Any]:
        view = self.gltf.entry("bufferViews", index)
        if self.views.setdefault(index, purpose) != purpose:
            raise spec_error(f"bufferView {index} holds {self.views[index]} and {purpose}")
        return view

    def accessor(self, index: int, purpose: str, stored: str | None = None) -> dict[str, Any]:
        """`stored` is the purpose of its view, where that is another word."""
        accessor = self.gltf.entry("accessors", index)
        if self.accessors.setdefault(index, purpose) != purpose:
            raise spec_error(f"accessor {index} holds {self.accessors[index]} and {purpose}")
        if "bufferView" in accessor:
            view = self.view(accessor["bufferView"], stored or purpose)
            if purpose != "vertices" and "byteStride" in view:
                raise spec_error(f"accessor {index}: only vertices may be stored with a stride")
        return accessor


def check_extensions(gltf: Gltf) -> None:
    used, required = (gltf.document.get(name, []) for name in ("extensionsUsed", "extensionsRequired"))
    for name in required:
        if name not in used:
            raise spec_error(f"{name[:60]!r} is required and not listed as used")
    if "KHR_mesh_quantization" in used and "KHR_mesh_quantization" not in required:
        raise spec_error("KHR_mesh_quantization is used and not required")


def check_version(gltf: Gltf) -> None:
    asset = gltf.document["asset"]
    version, least = _version(asset["version"]), _version(asset.get("minVersion", "2.0"))
    if version[0] != 2:
        raise Unsound("corrupt", f"asset.version is {asset['version'][:20]!r}, not 2.0")
    if least > version and "minVersion" in asset:
        raise spec_error(f"asset.minVersion is above {asset['version'][:20]!r}")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in text.split("."))


def check_views(gltf: Gltf) -> None:
    for number, view in enumerate(gltf.table("bufferViews")):
        length, room = view["byteLength"], gltf.entry("buffers", view["buffer"])["byteLength"]
        if view.get("byteOffset", 0) + length > room:
            raise Unsound("truncated", f"bufferView {number} ends behind its buffer of {room} bytes")
        if "byteStride" in view and (view["byteStride"] > length or view.get("target") == 34963):
            raise spec_error(f"bufferView {number} must not have a stride of {view['byteStride']} bytes")


def known(accessor: dict[str, Any]) -> bool:
    return accessor["componentType"] in COMPONENTS and accessor["type"] in SHAPES


def element_bytes(accessor: dict[str, Any]) -> int:
    return footprint(np.dtype(COMPONENTS[accessor["componentType"]]), SHAPES[accessor["type"]])[1]


def check_accessors(gltf: Gltf, uses: Uses) -> None:
    for number, accessor in enumerate(gltf.table("accessors")):
        if "byteOffset" in accessor and "bufferView" not in accessor:
            raise spec_error(f"accessor {number} has an offset and no view")
        if known(accessor):
            gltf.layout(number)
            _check_bounds_form(number, accessor)
            _check_place(gltf, number, accessor)
        if "sparse" in accessor:
            _check_sparse(gltf, uses, number, accessor)


def _check_bounds_form(number: int, accessor: dict[str, Any]) -> None:
    kind, whole = np.dtype(COMPONENTS[accessor["componentType"]]), accessor["componentType"] != 5126
    wide = int(np.prod(SHAPES[accessor["type"]]))
    for name in ("min", "max"):
        if name not in accessor:
            continue
        values = accessor[name]
        sound = isinstance(values, list) and len(values) == wide
        sound = sound and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        if not sound or not all(abs(value) != float("inf") for value in values):
            raise Unsound("corrupt", f"accessor {number}: {name} is not {wide} numbers")
        if whole and not all(value == int(value) and _holds(kind, value) for value in values):
            raise spec_error(f"accessor {number}: {name} does not fit its component type")
    if accessor.get("normalized") and accessor["componentType"] in (5125, 5126):
        raise spec_error(f"accessor {number} is normalized and may not be")


def _holds(kind: np.dtype[Any], value: float) -> bool:
    limits = np.iinfo(kind)
    return bool(limits.min <= value <= limits.max)


def _check_place(gltf: Gltf, number: int, accessor: dict[str, Any]) -> None:
    offset, size = accessor.get("byteOffset", 0), np.dtype(COMPONENTS[accessor["componentType"]]).itemsize
    if accessor["type"].startswith("MAT") and offset % 4:
        raise spec_error(f"accessor {number}: a matrix must start at a multiple of four bytes")
    if "bufferView" not in accessor:
        return
    view = gltf.entry("bufferViews", accessor["bufferView"])
    step, element = footprint(np.dtype(COMPONENTS[accessor["componentType"]]), SHAPES[accessor["type"]])
    stride = view.get("byteStride", step * SHAPES[accessor["type"]][0])
    if stride < element:
        raise spec_error(f"accessor {number}: {stride} bytes from one element of {element} to the next")
    _check_fit(f"accessor {number}", offset, size, stride * (accessor["count"] - 1) + element, view)


def _check_fit(what: str, offset: int, size: int, length: int, view: dict[str, Any]) -> None:
    if offset % size or (offset + view.get("byteOffset", 0)) % size:
        raise Unsound("corrupt", f"{what} does not start at a multiple of {size} bytes")
    if offset + length > view["byteLength"]:
        raise Unsound("truncated", f"{what} ends at byte {offset + length} of a view of {view['byteLength']}")


def _check_sparse(gltf: Gltf, uses: Uses, number: int, accessor: dict[str, Any]) -> None:
    sparse, what = accessor["sparse"], f"accessor {number}, its sparse part"
    if known(accessor) and sparse["count"] > accessor["count"]:
        raise Unsound("corrupt", f"accessor {number} replaces {sparse['count']} of {accessor['count']} elements")
    for part in (sparse["indices"], sparse["values"]):
        if "byteStride" in uses.view(part["bufferView"], "other numbers"):
            raise spec_error(f"{what} is stored with a stride")
    indices = sparse["indices"]
    if indices["componentType"] in (5121, 5123, 5125):
        size = np.dtype(COMPONENTS[indices["componentType"]]).itemsize
        view = gltf.entry("bufferViews", indices["bufferView"])
        _check_fit(what, indices.get("byteOffset", 0), size, size * sparse["count"], view)
    if known(accessor):
        size = np.dtype(COMPONENTS[accessor["componentType"]]).itemsize
        length = size * int(np.prod(SHAPES[accessor["type"]])) * sparse["count"]
        view = gltf.entry("bufferViews", sparse["values"]["bufferView"])
        _check_fit(what, sparse["values"].get("byteOffset", 0), size, length, view)


def check_images(gltf: Gltf, uses: Uses) -> None:
    for number, image in enumerate(gltf.table("images")):
        if ("bufferView" in image) == ("uri" in image):
            raise spec_error(f"image {number} must have either a view or an address")
        if "bufferView" not in image:
            continue
        if "mimeType" not in image:
            raise spec_error(f"image {number} does not say what it is")
        if "byteStride" in uses.view(image["bufferView"], "a picture"):
            raise spec_error(f"image {number} is stored with a stride")


def media_type(image: dict[str, Any]) -> str:
    """What the file says that the picture is; "" when it does not say."""
    inside = re.match(r"data:([^;,]*)", image.get("uri", ""))
    return str(image.get("mimeType") or (inside[1] if inside else ""))


def check_textures(gltf: Gltf) -> None:
    for number, texture in enumerate(gltf.table("textures")):
        if "sampler" in texture:
            gltf.entry("samplers", texture["sampler"])
        webp = extensions(texture).get("EXT_texture_webp", {})
        for entry, allowed in ((texture, ("image/png", "image/jpeg")), (webp, ("image/webp",))):
            said = media_type(gltf.entry("images", entry["source"])) if "source" in entry else ""
            if said and said not in allowed:
                raise spec_error(f"texture {number} shows a picture of type {said[:40]!r}")


def check_materials(gltf: Gltf) -> None:
    for material in gltf.table("materials"):
        for _, info in texture_infos(material, "material"):
            gltf.entry("textures", info["index"])


def texture_infos(entry: dict[str, Any], shape: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place where an object, and what is inside of it, uses a texture: the property and the object there."""
    rules = [(entry, OBJECTS[shape])]
    for name, value in extensions(entry).items():
        if shape in EXTENSIONS.get(name, {}):
            rules.append((value, OBJECTS[EXTENSIONS[name][shape]]))
    for owner, properties in rules:
        for name, rule in properties.items():
            if name not in owner or not isinstance(rule, One | Many):
                continue
            if rule.shape in _TEXTURE_INFOS:
                yield name, owner[name]
            elif isinstance(rule, One):
                yield from texture_infos(owner[name], rule.shape)


def coordinates(info: dict[str, Any]) -> int:
    """Number of the texture coordinates that a use of a texture needs."""
    moved = extensions(info).get("KHR_texture_transform", {})
    return int(moved.get("texCoord", info.get("texCoord", 0)))
