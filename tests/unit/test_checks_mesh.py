import numpy as np
import pytest

from tests.unit.checks_samples import (
    CUBE,
    CUBE_FACES,
    glb,
    gltf_document,
    looked_at,
    packed,
    picture,
    png_header,
    textured_glb,
)
from tools.checks.finding import Unsound
from tools.checks.measure import measure
from tools.checks.models.polygons import measure_polygons


def broken(change) -> bytes:
    document, binary = gltf_document()
    change(document)
    return packed(document, binary)


def test_a_cube_is_measured():
    facts = measure(glb(), "model3d")["facts"]
    assert (facts["faces"], facts["vertices"], facts["watertight"], facts["extents"]) == (12, 8, True, [1.0, 1.0, 1.0])


def test_doubled_vertices_at_a_seam_do_not_open_a_surface():
    soup = CUBE[CUBE_FACES.reshape(-1)]
    facts = measure(glb(soup, np.arange(36, dtype="<u2").reshape(-1, 3)), "model3d")["facts"]
    assert (facts["vertices"], facts["watertight"], facts["degenerate"]) == (36, True, 0.0)


def test_a_cube_without_a_side_is_open():
    assert measure(glb(CUBE, CUBE_FACES[2:]), "model3d")["facts"]["watertight"] is False


def test_textures_are_measured_by_their_headers():
    facts = measure(textured_glb(picture(640, 320)), "model3d")["facts"]
    assert (facts["texture_px"], facts["texture_count"]) == (640, 1)


def test_extents_are_those_of_the_world():
    data = broken(lambda d: d["nodes"][0].update(rotation=[0, 0.3826834, 0, 0.9238795], scale=[2, 1, 2]))
    assert measure(data, "model3d")["facts"]["extents"] == pytest.approx([2.828427, 1, 2.828427], abs=1e-5)


def test_every_drawing_of_a_mesh_counts_as_drawn():
    data = broken(lambda d: (d["nodes"].append({"mesh": 0}), d["scenes"][0].update(nodes=[0, 1])))
    facts = measure(data, "model3d")["facts"]
    assert (facts["faces"], facts["drawn_faces"]) == (12, 24)


def test_a_few_empty_bytes_behind_the_end_are_only_told():
    report = measure(glb() + b"\0\0\0\0", "model3d")
    assert (report["status"], report["reason"]) == ("warn", "ambiguous: 4 bytes behind its end")


def test_two_cubes_apart_are_two_bodies():
    two = np.concatenate([CUBE, CUBE + 5]).astype("<f4")
    facts = measure(glb(two, np.concatenate([CUBE_FACES, CUBE_FACES + 8]).astype("<u2")), "model3d")["facts"]
    assert (facts["bodies"], facts["watertight"], facts["winding_consistent"]) == (2, True, True)


def test_a_triangle_turned_round_makes_the_winding_inconsistent():
    turned = CUBE_FACES.copy()
    turned[0] = turned[0][::-1]
    facts = measure(glb(CUBE, turned), "model3d")["facts"]
    assert (facts["watertight"], facts["winding_consistent"]) == (True, False)


def loop(document):
    document["nodes"] = [{"children": [1]}, {"children": [0]}]
    document["scenes"] = [{"nodes": []}]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (glb()[:-30], "truncated"),
        (glb() + b"PK\5\6" + b"\0" * 18, "polyglot"),
        (glb()[:8], "truncated"),
        (packed({}), "corrupt"),
        (broken(lambda d: d["accessors"][1].update(count=360)), "truncated"),
        (glb(CUBE[:7]), "index_oob"),
        (glb().replace(CUBE.tobytes(), np.where(CUBE == 1, np.float32("nan"), CUBE).tobytes()), "nonfinite"),
        (broken(lambda d: d["buffers"][0].update(uri="../../secret.bin")), "external_ref"),
        (broken(lambda d: d.update(images=[{"uri": "https://example.org/a.png"}])), "external_ref"),
        (broken(loop), "corrupt"),
        (broken(lambda d: d["scenes"][0].update(nodes=[7])), "corrupt"),
        (broken(lambda d: d["accessors"].append({"componentType": 5126, "count": 2 * 10**9, "type": "VEC3"})), "bomb"),
        (
            broken(lambda d: d["accessors"][0].update(sparse={"count": 2 * 10**9, "indices": {}, "values": {}})),
            "corrupt",
        ),
        (textured_glb(png_header(30_000, 30_000)), "bomb"),
        (textured_glb(b"<html>not a texture</html>"), "type_mismatch"),
        (b"<!doctype html><html>Not found</html>", "type_mismatch"),
        (b"\x80\x04\x95\x01\0\0\0\0\0\0\0N.", "code_exec"),
        (b"", "empty"),
    ],
)
def test_a_broken_or_false_model_is_refused(data, word):
    assert looked_at(data, "model3d") == ("fail", word)


def test_a_mesh_that_no_scene_shows_has_no_faces():
    assert measure(broken(lambda d: d["scenes"][0].pop("nodes")), "model3d")["facts"]["faces"] == 0


def test_compressed_positions_leave_facts_unknown():
    def compress(document):
        document["extensionsUsed"] = ["KHR_draco_mesh_compression"]
        document["meshes"][0]["primitives"][0]["extensions"] = {"KHR_draco_mesh_compression": {"bufferView": 0}}
        for accessor in document["accessors"]:
            accessor.pop("bufferView")

    facts = measure(broken(compress), "model3d")["facts"]
    assert (facts["faces"], facts["compressed"], "watertight" in facts) == (12, True, False)


OBJ = "".join(f"v {x} {y} {z}\n" for x, y, z in CUBE)


def test_an_obj_is_measured_and_its_missing_materials_are_a_warning():
    lines = "".join(f"f {a + 1} {b + 1} {c + 1}\n" for a, b, c in CUBE_FACES)
    report = measure(f"mtllib cube.mtl\n{OBJ}{lines}".encode(), "model3d")
    assert (report["status"], report["facts"]["faces"], report["facts"]["watertight"]) == ("warn", 12, True)


def test_an_obj_that_counts_back_from_the_last_vertex_is_the_same_cube():
    triangles = "".join("".join(f"v {x} {y} {z}\n" for x, y, z in CUBE[face]) + "f -3 -2 -1\n" for face in CUBE_FACES)
    facts = measure(triangles.encode(), "model3d")["facts"]
    assert (facts["faces"], facts["watertight"], facts["extents"]) == (12, True, [1.0, 1.0, 1.0])


def test_an_obj_of_nothing_but_points_has_no_faces():
    assert measure(OBJ.encode(), "model3d")["facts"]["faces"] == 0


def test_an_obj_with_nan_is_refused():
    assert looked_at(OBJ.replace("v 1.0", "v nan", 1).encode(), "model3d") == ("fail", "nonfinite")


def test_a_ply_that_promises_more_than_it_has_is_refused():
    head = "ply\nformat binary_little_endian 1.0\nelement vertex 1000000\nproperty float x\nend_header\n"
    assert looked_at(head.encode() + b"\0" * 40, "model3d") == ("fail", "truncated")


def test_splats_are_told_from_meshes():
    names = ["x", "y", "z", "opacity", "scale_0", "rot_0", "f_dc_0"]
    head = ["ply", "format binary_little_endian 1.0", "element vertex 2", *(f"property float {n}" for n in names)]
    report = measure(("\n".join([*head, "end_header", ""])).encode() + b"\0" * 56, "model3d")
    assert (report["status"], report["facts"]["splats"]) == ("pass", 2)


OFF = "OFF\n8 12 0\n" + "".join(f"{x} {y} {z}\n" for x, y, z in CUBE)
OFF += "".join(f"3 {a} {b} {c}\n" for a, b, c in CUBE_FACES)


def test_an_off_is_measured():
    facts = measure_polygons(OFF.encode(), "off").facts
    assert (facts["faces"], facts["watertight"], facts["bodies"]) == (12, True, 1)


def test_an_off_that_promises_more_than_it_has_is_refused():
    with pytest.raises(Unsound, match="truncated"):
        measure_polygons(OFF.replace("8 12 0", "8 999999999 0").encode(), "off")


@pytest.mark.parametrize("axis", ["y", "z"])
def test_the_flat_side_that_a_model_stands_on_says_which_way_is_up(axis):
    apex = {"y": (0.5, 1, 0.5), "z": (0.5, 0.5, 1)}[axis]
    base = [(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)] if axis == "y" else [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    lines = [f"v {x} {y} {z}" for x, y, z in [*base, apex]]
    lines += ["f 1 2 3", "f 1 3 4", *(f"f {i + 1} {(i + 1) % 4 + 1} 5" for i in range(4))]
    assert measure("\n".join(lines).encode(), "model3d")["facts"]["up_axis"] == axis
