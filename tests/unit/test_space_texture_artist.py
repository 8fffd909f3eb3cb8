"""The bundled Space that retextures models, without its page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from tests.unit.space_modules import Space

STYLES = ["impressionist", "pointillist", "cubist", "abstract", "japanese print", "dutch still life"]


@pytest.fixture(scope="module")
def room() -> bytes:
    """A sketched room: 8,000 triangles, empty frames, a camera."""
    with Space("room-sketcher") as sketcher:
        made: bytes = sketcher.build.make("a room", "rectangular", "arched", 2, 3)
    return made


@pytest.fixture(scope="module")
def space() -> Iterator[Space]:
    with Space("texture-artist") as opened:
        yield opened


def wish(space: Space, **changes: Any) -> Any:
    plain = {
        "prompt": "boats and lilies",
        "painting": "impressionist",
        "floor": "marble",
        "walls": "plaster",
        "paintings": True,
        "size": 256,
        "seed": 1,
    }
    return space.artist.Wish(**(plain | changes))


@pytest.fixture(scope="module")
def refined(space: Space, room: bytes) -> Any:
    return space.reading.read(space.artist.retexture(room, wish(space)))


def names(model: Any) -> set[str]:
    return {piece.name for piece in model.pieces}


def exported(*meshes: trimesh.Trimesh) -> bytes:
    data = trimesh.Scene(list(meshes)).export(file_type="glb")
    assert isinstance(data, bytes)
    return data


def hollow_box() -> bytes:
    """A room of 5 × 3 × 4 metres seen from inside, without any names."""
    box = trimesh.creation.box((5.0, 3.0, 4.0))
    box.invert()
    return exported(box.subdivide().subdivide())


def test_a_refined_room_has_a_quarter_more_triangles(space: Space, room: bytes, refined: Any) -> None:
    assert 1.15 < refined.triangles / space.reading.read(room).triangles < 1.35


def test_the_camera_and_the_extras_are_kept(refined: Any) -> None:
    assert ([view.name for view in refined.viewpoints], refined.extras["interior"]) == (["visitor"], True)


def test_every_canvas_gets_its_own_part_of_a_sheet(refined: Any) -> None:
    canvases = [piece for piece in refined.pieces if piece.name.startswith("picture_canvas")]
    corners = {(piece.material, *piece.mesh.uvs.min(axis=0).round(4)) for piece in canvases}
    assert len(corners) == len(canvases) > 0


def test_the_main_textures_have_the_size_that_was_asked_for(space: Space, refined: Any) -> None:
    floor = next(piece.material for piece in refined.pieces if piece.name == "floor")
    image = refined.textures[refined.materials[floor]["pbrMetallicRoughness"]["baseColorTexture"]["index"]][0]
    assert Image.open(io.BytesIO(refined.images[image].payload)).size == (256, 256)


def test_paintings_can_be_left_out(space: Space, room: bytes) -> None:
    plain = space.reading.read(space.artist.retexture(room, wish(space, paintings=False)))
    assert not any("label" in name for name in names(plain))


def test_a_room_without_names_gets_floor_walls_and_pictures_from_its_shape(space: Space) -> None:
    made = space.reading.read(space.artist.retexture(hollow_box(), wish(space)))
    assert any(name.endswith("_floor") for name in names(made))
    assert "picture_frame_01" in names(made) and "picture_canvas_01" in names(made)


def test_what_is_no_room_is_retextured_without_pictures(space: Space) -> None:
    made = space.reading.read(space.artist.retexture(exported(trimesh.creation.icosphere(3)), wish(space)))
    assert not any("picture" in name for name in names(made))
    assert [piece.material for piece in made.pieces] == ["marble"]


@pytest.mark.parametrize("payload", [b"", b"<html></html>", b"glTF" + b"\0" * 40])
def test_what_is_no_glb_is_refused_in_one_line(space: Space, payload: bytes) -> None:
    with pytest.raises(space.reading.Unreadable, match=r"^The [^\n]+$"):
        space.artist.retexture(payload, wish(space))


def test_a_cut_off_glb_is_refused(space: Space, room: bytes) -> None:
    with pytest.raises(space.reading.Unreadable):
        space.artist.retexture(room[: len(room) // 2], wish(space))


@pytest.mark.parametrize("style", STYLES)
def test_every_painter_paints_something_rich_and_different_each_time(space: Space, style: str) -> None:
    def paint(seed: int) -> Any:
        return space.painters.PAINTERS[style]((120, 90), np.random.default_rng(seed), "poplars").pixels

    first, second = paint(1), paint(2)
    assert first.shape == (90, 120, 3) and first.std() > 15
    assert np.abs(first.astype(int) - second.astype(int)).mean() > 3


def test_the_words_of_the_prompt_choose_the_first_motifs(space: Space) -> None:
    assert space.painters.order_of({"snow"}, 3, np.random.default_rng(0))[0] == "snow"


@pytest.mark.parametrize("name", ["marble", "parquet", "terrazzo", "plaster", "damask"])
def test_a_surface_continues_over_its_edge(space: Space, name: str) -> None:
    make = {**space.surfaces.FLOORS, **space.surfaces.WALLS}[name]
    colour = make(256, (0.6, 0.5, 0.4), np.random.default_rng(0)).colour
    inner = np.abs(np.diff(colour, axis=0)).mean(axis=(1, 2))
    seam = np.abs(colour[0] - colour[-1]).mean()
    assert seam <= inner.max() * 1.5 + 0.02


def test_subdividing_makes_four_of_each_triangle_and_rounds_a_ball(space: Space) -> None:
    ball = trimesh.creation.icosphere(1)
    mesh = space.model.Mesh(np.array(ball.vertices), np.array(ball.vertex_normals), None, None, np.array(ball.faces))
    finer = space.refine.subdivided(mesh)
    flat = space.refine.subdivided(mesh, roundness=0.0)
    assert finer.triangles == 4 * mesh.triangles
    assert np.linalg.norm(finer.positions, axis=1).min() > np.linalg.norm(flat.positions, axis=1).min()
