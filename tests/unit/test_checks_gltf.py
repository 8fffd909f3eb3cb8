"""Whether a glTF keeps to its specification, and whether the small ones that ask for a lot are refused in time."""

import copy
import json
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.gltf_documents import Builder, documents, moving, packed_close, textured, unpacked
from benchmarks.gltf_documents import packed as contained
from tests.unit.checks_samples import CUBE, CUBE_FACES, gltf_document, looked_at, packed
from tools.checks.measure import measure

Change = Callable[[dict[str, Any]], Any]


def changed(builder: Builder, change: Change) -> bytes:
    document, binary = unpacked(builder.glb())
    document = copy.deepcopy(document)
    change(document)
    return contained(document, binary)


@pytest.mark.parametrize("name", list(documents()))
def test_a_file_that_uses_most_of_the_format_is_sound(name: str) -> None:
    report = measure(documents()[name], "model3d")
    assert (report["status"], report["facts"].get("valid")) == ("pass", True)


def part(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["meshes"][0]["primitives"][0]
    return found


def accessor(document: dict[str, Any], attribute: str) -> dict[str, Any]:
    found: dict[str, Any] = document["accessors"][part(document)["attributes"][attribute]]
    return found


SHAPES: list[tuple[str, Change]] = [
    ("no asset", lambda d: d.pop("asset")),
    ("a null", lambda d: d["nodes"][0].update(name=None)),
    ("an empty list", lambda d: d.update(cameras=[])),
    ("a number as text", lambda d: d["nodes"][0].update(mesh="0")),
    ("a factor above one", lambda d: d["materials"][0]["pbrMetallicRoughness"].update(metallicFactor=2)),
    ("a child named twice", lambda d: d["nodes"][0].update(children=[1, 1])),
    ("a camera without a lens", lambda d: d["cameras"][0].pop("perspective")),
    ("a stride that is no multiple of four", lambda d: d["bufferViews"][0].update(byteStride=13)),
]

LINKS: list[tuple[str, Change]] = [
    ("an undeclared extension", lambda d: d["extensionsUsed"].remove("KHR_materials_ior")),
    ("an extension out of place", lambda d: d["nodes"][0].update(extensions={"KHR_materials_ior": {}})),
    ("required and not used", lambda d: d.update(extensionsRequired=["KHR_other"])),
    ("a light that is not there", lambda d: d["nodes"][3]["extensions"]["KHR_lights_punctual"].update(light=9)),
    ("an attribute nobody knows", lambda d: part(d)["attributes"].update(UV0=0)),
    ("texture coordinates from 1 on", lambda d: part(d)["attributes"].pop("TEXCOORD_0")),
    ("positions without bounds", lambda d: accessor(d, "POSITION").pop("min")),
    ("bounds that are not those of the data", lambda d: accessor(d, "POSITION").update(max=[1, 1, 2])),
    ("normals as vectors of two", lambda d: accessor(d, "NORMAL").update(type="VEC2")),
    (
        "one view for two attributes",
        lambda d: accessor(d, "NORMAL").update(bufferView=accessor(d, "POSITION")["bufferView"]),
    ),
    ("a picture that says another type", lambda d: d["images"][0].update(mimeType="image/jpeg")),
    ("a matrix and a scale", lambda d: d["nodes"][2].update(scale=[1, 1, 1])),
    ("a matrix that shears", lambda d: d["nodes"][2].update(matrix=[1, 0, 0, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])),
    ("a rotation that is too long", lambda d: d["nodes"][1].update(rotation=[0, 0, 0.5, 1])),
    ("a camera that sees backwards", lambda d: d["cameras"][0]["perspective"].update(zfar=0.01)),
    ("a variant twice", lambda d: part(d)["extensions"]["KHR_materials_variants"]["mappings"][0].update(variants=[5])),
]


@pytest.mark.parametrize("change", [change for _, change in SHAPES], ids=[name for name, _ in SHAPES])
def test_an_object_of_the_wrong_shape_is_refused(change: Change) -> None:
    assert looked_at(changed(textured(), change), "model3d") == ("fail", "corrupt")


@pytest.mark.parametrize("change", [change for _, change in LINKS], ids=[name for name, _ in LINKS])
def test_what_the_specification_forbids_is_refused(change: Change) -> None:
    assert looked_at(changed(textured(), change), "model3d") == ("fail", "spec_error")


RIGS: list[tuple[str, Change, str]] = [
    ("a skin without joints in its mesh", lambda d: part(d)["attributes"].pop("JOINTS_0"), "spec_error"),
    (
        "too few bind matrices",
        lambda d: d["accessors"][d["skins"][0]["inverseBindMatrices"]].update(count=1),
        "spec_error",
    ),
    ("joints without a common root", lambda d: d["nodes"][1].pop("children"), "spec_error"),
    ("a scene without the joints", lambda d: d["scenes"][0].update(nodes=[0]), "spec_error"),
    ("more joints than the skin has", lambda d: d["skins"][0].update(joints=[2]), "index_oob"),
    ("weights for targets that are not there", lambda d: d["nodes"][0].update(weights=[1]), "spec_error"),
    ("two channels for one thing", lambda d: d["animations"][0]["channels"][3]["target"].update(node=3), "spec_error"),
    ("too few keys", lambda d: d["animations"][0]["samplers"][0].update(interpolation="CUBICSPLINE"), "spec_error"),
    ("a moved node with a matrix", lambda d: d["nodes"][3].update(matrix=np.eye(4).ravel().tolist()), "spec_error"),
    (
        "a sparse part behind its view",
        lambda d: d["accessors"][1]["sparse"]["values"].update(byteOffset=8),
        "truncated",
    ),
]


@pytest.mark.parametrize(("change", "word"), [rig[1:] for rig in RIGS], ids=[rig[0] for rig in RIGS])
def test_a_broken_rig_is_refused(change: Change, word: str) -> None:
    def with_rig(document: dict[str, Any]) -> None:
        document["nodes"][3].pop("rotation")
        change(document)

    assert looked_at(changed(moving(), with_rig), "model3d") == ("fail", word)


def test_quantized_vertices_take_an_extension() -> None:
    def unsaid(document: dict[str, Any]) -> None:
        document.pop("extensionsUsed")
        document.pop("extensionsRequired")

    assert looked_at(changed(packed_close(), unsaid), "model3d") == ("fail", "spec_error")


def test_normals_that_are_too_long_are_told_and_not_refused() -> None:
    builder = textured()
    document, binary = unpacked(builder.glb())
    place = document["bufferViews"][document["accessors"][1]["bufferView"]]["byteOffset"]
    assert document["accessors"][1]["type"] == "VEC4"
    report = measure(contained(document, binary[:place] + struct.pack("<f", 2.0) + binary[place + 4 :]), "model3d")
    assert (report["status"], report["reason"]) == ("warn", "spec_error: a tangent is not of length 1")


def test_a_whole_number_may_be_written_with_a_point() -> None:
    document, binary = gltf_document()
    document["nodes"][0]["mesh"] = 0.0
    assert measure(packed(document, binary), "model3d")["status"] == "pass"


def test_a_word_that_a_later_version_may_add_is_no_error() -> None:
    assert (
        measure(changed(textured(), lambda d: d["materials"][0].update(alphaMode="GLOW")), "model3d")["status"]
        == "pass"
    )


def bomb_of_instances() -> bytes:
    """About 34 kB that draw half a million parts."""
    document, binary = gltf_document()
    document["meshes"] = [{"primitives": document["meshes"][0]["primitives"] * 500}]
    document["nodes"] = [{"mesh": 0} for _ in range(1000)]
    document["scenes"] = [{"nodes": list(range(1000))}]
    return packed(document, binary)


def chain(length: int) -> bytes:
    document, binary = gltf_document()
    document["nodes"] = [{"children": [number + 1]} for number in range(length - 1)] + [{"mesh": 0}]
    return packed(document, binary)


def sparse(count: int) -> bytes:
    """Under a kilobyte that asks for an array of two thousand million rows."""
    document, binary = gltf_document(CUBE, CUBE_FACES)
    part = {"count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
    document["accessors"].append({"componentType": 5126, "count": count, "type": "VEC3", "sparse": part})
    return packed(document, binary)


@pytest.mark.parametrize(
    "data",
    [
        bomb_of_instances(),
        chain(10_000),
        chain(50_000),
        sparse(2_000_000_000),
        b'{"asset": {"version": "2.0"}, "extras": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=["instances", "chain of 10,000", "chain of 50,000", "sparse", "deep JSON"],
)
def test_a_small_file_that_asks_for_a_lot_is_refused_within_a_second(data: bytes) -> None:
    start = time.process_time()
    assert looked_at(data, "model3d" if data[:4] == b"glTF" else None) in [("fail", "bomb"), ("fail", "limits")]
    assert time.process_time() - start < 1


def test_a_long_chain_is_fine_as_long_as_readers_can_walk_it() -> None:
    assert measure(chain(500), "model3d")["facts"]["faces"] == 12


def test_bytes_that_nothing_needs_may_be_missing() -> None:
    document = {"asset": {"version": "2.0"}, "buffers": [{"byteLength": 8}]}
    assert measure(json.dumps(document).encode(), "model3d")["status"] == "warn"


def test_bytes_of_what_is_drawn_may_not_be_missing() -> None:
    document, _ = gltf_document()
    assert looked_at(json.dumps(document).encode(), "model3d") == ("fail", "truncated")
