"""The bundled Space that builds rooms, without its page."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.unit.space_modules import Space


@pytest.fixture(scope="module")
def space() -> Iterator[Space]:
    with Space("scene-builder") as opened:
        yield opened


def document(payload: bytes) -> dict[str, Any]:
    size = struct.unpack("<I", payload[12:16])[0]
    found: dict[str, Any] = json.loads(payload[20 : 20 + size])
    return found


def triangles(payload: bytes) -> int:
    gltf = document(payload)
    parts = [part for mesh in gltf["meshes"] for part in mesh["primitives"]]
    return sum(gltf["accessors"][part["indices"]]["count"] // 3 for part in parts)


@pytest.fixture(scope="module")
def gallery(space: Space) -> bytes:
    made: bytes = space.room.make("a bright art gallery", "gallery", "beaux-arts", "arched", "high", 0)
    return made


def test_a_room_at_high_resolution_has_about_120_000_triangles(gallery: bytes) -> None:
    assert 110_000 < triangles(gallery) < 130_000


def test_its_nodes_are_named_after_their_parts(gallery: bytes) -> None:
    names = {node["name"] for node in document(gallery)["nodes"]}
    assert {
        "floor",
        "wall",
        "ceiling",
        "window_glass",
        "picture_frame_01",
        "picture_canvas_01",
        "plinth",
        "bench",
        "visitor",
    } <= names


def test_a_visitor_stands_at_eye_height_inside_and_the_scene_says_it_is_an_interior(gallery: bytes) -> None:
    gltf = document(gallery)
    visitor = next(node for node in gltf["nodes"] if node.get("name") == "visitor")
    assert (visitor["translation"][1], gltf["scenes"][0]["extras"]["interior"]) == (1.6, True)


def test_every_texture_is_512_pixels_wide(space: Space) -> None:
    from io import BytesIO

    from PIL import Image

    _, images = space.surfaces.palette(space.design.design("a hall", "hall", "modern", "arched"))
    assert {Image.open(BytesIO(image)).size for image in images.values()} == {(512, 512)}


def test_the_same_prompt_gives_the_same_bytes_and_another_prompt_another_room(space: Space) -> None:
    def make(prompt: str) -> bytes:
        made: bytes = space.room.make(prompt, "salon", "renaissance", "rectangular", "low", 0)
        return made

    assert make("a red salon") == make("a red salon") != make("a blue salon")


@pytest.mark.parametrize("style", ["beaux-arts", "gothic", "renaissance", "modern"])
@pytest.mark.parametrize("windows", ["round", "none"])
def test_every_style_gives_finite_geometry_with_unit_normals(space: Space, style: str, windows: str) -> None:
    design = space.design.design("a small room", "salon", style, windows)
    for name, _, mesh in space.room.fixed(design, 0).lots + space.fields.fields(design, 0, 1.0):
        used = np.unique(mesh.faces)
        assert np.isfinite(mesh.positions[used]).all() and np.isfinite(mesh.uvs[used]).all(), name
        assert np.allclose(np.linalg.norm(mesh.normals[used], axis=1), 1, atol=1e-6), name


def test_words_of_the_prompt_shape_the_room(space: Space) -> None:
    def design(prompt: str) -> Any:
        return space.design.design(prompt, "gallery", "beaux-arts", "arched", seed=7)

    assert design("a grand gallery").width > design("a gallery").width > design("a small gallery").width
    assert design("a red gallery").wall == space.design.WALL_COLOURS["red"]


def test_a_swept_square_frame_is_mitred_and_faces_outwards(space: Space) -> None:
    path = np.array([[1.0, 0, 1.0], [1.0, 0, -1.0], [-1.0, 0, -1.0], [-1.0, 0, 1.0]])
    bar = space.mesh.sweep(np.array([[0.0, 0.0], [0.1, 0.0], [0.1, 0.1], [0.0, 0.1]]), path, (0, 1, 0), closed=True)
    assert np.allclose(np.abs(bar.positions[:, [0, 2]]).max(axis=1).min(), 0.9)


def test_a_box_is_closed_and_holds_its_volume(space: Space) -> None:
    box = space.mesh.boxes(np.zeros((1, 3)), (1.0, 2.0, 3.0))
    corners = box.positions[box.faces]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert np.isclose(volume, 6.0)


def test_light_is_brighter_in_the_open_than_in_a_corner(space: Space) -> None:
    floor = space.mesh.sheet(np.array([-2.0, 0, 2.0]), np.array([4.0, 0, 0]), np.array([0, 0, -4.0]), 40, 40)
    wall = space.mesh.sheet(np.array([-2.0, 0, 2.0]), np.array([0, 0, -4.0]), np.array([0, 3.0, 0]), 40, 40)
    field = space.light.DistanceField(space.light.samples(space.mesh.join([floor, wall]), 0.2))
    places = np.array([[-1.9, 0.0, 0.0], [1.0, 0.0, 0.0]])
    corner, open_floor = space.light.openness(field, places, np.array([[0.0, 1.0, 0.0]] * 2))
    assert corner < open_floor
