"""Checks the meshes of a glTF: attributes and their formats, indices, morph targets, what materials need of them."""

import re
from collections.abc import Iterator
from typing import Any

from tools.checks.gltf.document import Gltf, extensions
from tools.checks.gltf.links import Uses, coordinates, element_bytes, known, spec_error, texture_infos

Format = tuple[str, int, bool]
"""Type, component type, normalized."""


def _formats(shape: str, *components: str) -> frozenset[Format]:
    """`f` is a 32-bit float, `n` before a number of bits means normalized: "nu8"."""
    numbers = {"i8": 5120, "u8": 5121, "i16": 5122, "u16": 5123, "f": 5126}
    return frozenset((shape, numbers[name.removeprefix("n")], name.startswith("n")) for name in components)


_COLOURS = _formats("VEC3", "f", "nu8", "nu16") | _formats("VEC4", "f", "nu8", "nu16")
_ATTRIBUTES = {
    "POSITION": _formats("VEC3", "f"),
    "NORMAL": _formats("VEC3", "f"),
    "TANGENT": _formats("VEC4", "f"),
    "TEXCOORD": _formats("VEC2", "f", "nu8", "nu16"),
    "COLOR": _COLOURS,
    "JOINTS": _formats("VEC4", "u8", "u16"),
    "WEIGHTS": _formats("VEC4", "f", "nu8", "nu16"),
}
_MORPHED = {
    "POSITION": _formats("VEC3", "f"),
    "NORMAL": _formats("VEC3", "f"),
    "TANGENT": _formats("VEC3", "f"),
    "TEXCOORD": _formats("VEC2", "f", "ni8", "nu8", "ni16", "nu16"),
    "COLOR": _COLOURS | _formats("VEC3", "ni8", "ni16") | _formats("VEC4", "ni8", "ni16"),
}
_QUANTIZED = {
    "POSITION": _formats("VEC3", "i8", "ni8", "u8", "nu8", "i16", "ni16", "u16", "nu16"),
    "NORMAL": _formats("VEC3", "ni8", "ni16"),
    "TANGENT": _formats("VEC4", "ni8", "ni16"),
    "TEXCOORD": _formats("VEC2", "i8", "ni8", "u8", "i16", "ni16", "u16"),
}
_QUANTIZED_MORPHED = {
    "POSITION": _formats("VEC3", "i8", "ni8", "i16", "ni16"),
    "NORMAL": _formats("VEC3", "ni8", "ni16"),
    "TANGENT": _formats("VEC3", "ni8", "ni16"),
    "TEXCOORD": _formats("VEC2", "i8", "u8", "i16", "u16"),
}
_NUMBERED = re.compile(r"(TEXCOORD|COLOR|JOINTS|WEIGHTS)_(0|[1-9]\d*)")
_INDICES = frozenset({("SCALAR", 5121, False), ("SCALAR", 5123, False), ("SCALAR", 5125, False)})


def format_of(accessor: dict[str, Any]) -> Format:
    return accessor["type"], accessor["componentType"], accessor.get("normalized", False)


def check_meshes(gltf: Gltf, uses: Uses) -> None:
    quantized = "KHR_mesh_quantization" in gltf.document.get("extensionsUsed", ())
    shared: dict[int, int] = {}
    for number, mesh in enumerate(gltf.table("meshes")):
        targets = {len(primitive.get("targets", ())) for primitive in mesh["primitives"]}
        if len(targets) > 1 or ("weights" in mesh and targets != {len(mesh["weights"])}):
            raise spec_error(f"mesh {number}: morph targets and weights do not match")
        for primitive in mesh["primitives"]:
            _Primitive(gltf, uses, primitive, quantized, shared).check()


class _Primitive:
    def __init__(self, gltf: Gltf, uses: Uses, entry: dict[str, Any], quantized: bool, shared: dict[int, int]) -> None:
        self.gltf, self.uses, self.entry, self.quantized = gltf, uses, entry, quantized
        self.attributes: dict[str, int] = entry["attributes"]
        self.shared = shared
        """By view without a stride: the one accessor of vertices it may have."""

    def check(self) -> None:
        counted = self._named(self.attributes)
        if counted["JOINTS"] != counted["WEIGHTS"]:
            raise spec_error(f"{counted['JOINTS']} sets of joints and {counted['WEIGHTS']} of weights")
        counts = {self._attribute(name, index, morphed=False)["count"] for name, index in self.attributes.items()}
        if len(counts) > 1:
            raise spec_error(f"attributes of one primitive count {sorted(counts)[:4]} vertices")
        if "indices" in self.entry:
            self._indices(self.entry["indices"])
        self._targets(counts.pop())
        if "material" in self.entry:
            self._material(self.gltf.entry("materials", self.entry["material"]), counted["TEXCOORD"])
        self._variants(counted["TEXCOORD"])

    def _named(self, attributes: dict[str, int]) -> dict[str, int]:
        """How many sets there are of each numbered attribute; they count from 0."""
        numbers: dict[str, list[int]] = {name: [] for name in ("TEXCOORD", "COLOR", "JOINTS", "WEIGHTS")}
        for name in attributes:
            if name.startswith("_") or name in ("POSITION", "NORMAL", "TANGENT"):
                continue
            found = _NUMBERED.fullmatch(name)
            if not found and not self._of_an_unknown_extension(name):
                raise spec_error(f"unknown vertex attribute {name[:40]!r}")
            if found:
                numbers[found[1]].append(int(found[2]))
        for name, places in numbers.items():
            if sorted(places) != list(range(len(places))):
                raise spec_error(f"{name} is numbered {sorted(places)[:4]}")
        return {name: len(places) for name, places in numbers.items()}

    def _of_an_unknown_extension(self, name: str) -> bool:
        """Splats name their attributes "KHR_gaussian_splatting:SCALE"."""
        prefix, colon, _ = name.partition(":")
        return bool(colon) and prefix in self.gltf.document.get("extensionsUsed", ())

    def _attribute(self, name: str, index: int, morphed: bool) -> dict[str, Any]:
        accessor = self.uses.accessor(index, "vertices")
        if name == "POSITION" and not {"min", "max"} <= accessor.keys():
            raise spec_error("positions without their bounds")
        word = name.split("_")[0]
        formats = (_MORPHED if morphed else _ATTRIBUTES).get(word)
        if formats is not None and self.quantized:
            formats |= (_QUANTIZED_MORPHED if morphed else _QUANTIZED).get(word, frozenset())
        if formats is not None and format_of(accessor) not in formats:
            raise spec_error(f"{name[:40]} cannot be {' '.join(map(str, format_of(accessor)))[:60]}")
        if formats is None and accessor["componentType"] == 5125 and not morphed:
            raise spec_error(f"{name[:40]} cannot be unsigned integers")
        self._stored(name, index, accessor)
        return accessor

    def _stored(self, name: str, index: int, accessor: dict[str, Any]) -> None:
        unstrided = "bufferView" in accessor and "byteStride" not in self.gltf.entry(
            "bufferViews", accessor["bufferView"]
        )
        odd = known(accessor) and element_bytes(accessor) % 4 != 0
        if accessor.get("byteOffset", 0) % 4 or (odd and unstrided):
            raise spec_error(f"{name[:40]} is not stored at multiples of four bytes")
        if unstrided and self.shared.setdefault(accessor["bufferView"], index) != index:
            raise spec_error(f"bufferView {accessor['bufferView']} holds several attributes and has no stride")

    def _indices(self, index: int) -> None:
        accessor = self.uses.accessor(index, "indices")
        if format_of(accessor) not in _INDICES:
            raise spec_error("indices must be unsigned integers")

    def _targets(self, count: int) -> None:
        for target in self.entry.get("targets", ()):
            for name, index in target.items():
                word = name.startswith("_") or name in ("POSITION", "NORMAL", "TANGENT")
                numbered = _NUMBERED.fullmatch(name)
                if not word and not (numbered and numbered[1] in ("TEXCOORD", "COLOR")):
                    raise spec_error(f"unknown attribute {name[:40]!r} of a morph target")
                if name not in self.attributes or self._attribute(name, index, morphed=True)["count"] != count:
                    raise spec_error(f"a morph target of {name[:40]!r} fits no attribute")

    def _material(self, material: dict[str, Any], sets: int) -> None:
        infos = list(texture_infos(material, "material"))
        if any(coordinates(info) >= sets for _, info in infos):
            raise spec_error("a material needs texture coordinates that its mesh does not have")
        frames = {"normalTexture", "clearcoatNormalTexture", "anisotropyTexture"} & {name for name, _ in infos}
        if frames and "normalTexture" not in material and not {"NORMAL", "TANGENT"} <= self.attributes.keys():
            raise spec_error(f"a material has {min(frames)} and its mesh no tangents")

    def _variants(self, sets: int) -> None:
        for mapping in _mappings(self.gltf, self.entry):
            material = self.gltf.entry("materials", mapping["material"])
            if any(coordinates(info) >= sets for _, info in texture_infos(material, "material")):
                raise spec_error("a variant needs texture coordinates that its mesh does not have")


def _mappings(gltf: Gltf, primitive: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Which material stands for which variants; every variant exists and has one."""
    found = extensions(primitive).get("KHR_materials_variants")
    if not found:
        return
    variants = extensions(gltf.document).get("KHR_materials_variants", {}).get("variants", ())
    seen: set[int] = set()
    for mapping in found["mappings"]:
        for variant in mapping["variants"]:
            if variant in seen or variant >= len(variants):
                raise spec_error(f"variant {variant} stands twice, or there is none")
            seen.add(variant)
        yield mapping
