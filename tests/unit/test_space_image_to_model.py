"""The bundled reconstruction: models of pictures drawn here, without a server."""

import io

import numpy as np
import pytest
import trimesh
from PIL import Image, ImageDraw

from tests.unit.space_modules import load

reconstruction, cutout, regions, silhouette = load(
    "image-to-model", "reconstruction", "cutout", "regions", "silhouette"
)


def picture(*boxes: tuple[int, int, int, int], holes: tuple[tuple[int, int, int, int], ...] = ()) -> Image.Image:
    """Shaded red boxes on a slightly noisy light background."""
    image = Image.new("RGB", (240, 240), (235, 236, 238))
    pen = ImageDraw.Draw(image)
    for box in boxes:
        pen.rectangle(box, fill=(190, 60, 40))
    for hole in holes:
        pen.rectangle(hole, fill=(235, 236, 238))
    noise = np.random.default_rng(0).normal(0, 1.5, (240, 240, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


ARCH = picture((40, 30, 200, 210), holes=((95, 100, 145, 239),))


def model(
    image: Image.Image, depth: str = "auto", triangles: int = 8000, size: int = 512, seed: int = 0
) -> trimesh.Trimesh:
    made = reconstruction.reconstruct(image, depth, triangles, size, True, seed)
    return trimesh.load(io.BytesIO(made.glb), file_type="glb", force="mesh", process=False)


def welded(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    whole = mesh.copy()
    whole.merge_vertices(merge_tex=True, merge_norm=True)
    return whole


@pytest.mark.parametrize("depth", ["solid", "round", "relief"])
def test_a_model_is_closed_faces_outwards_and_stands_on_the_ground(depth: str) -> None:
    mesh = welded(model(ARCH, depth))
    assert mesh.is_watertight and mesh.is_winding_consistent and mesh.volume > 0
    assert abs(mesh.bounds[0][1]) < 1e-6
    assert mesh.extents[1] == pytest.approx(1.8, rel=0.05)


def test_the_number_of_triangles_is_about_what_was_asked() -> None:
    assert len(model(ARCH, triangles=30_000).faces) == pytest.approx(30_000, rel=0.4)


def test_an_arch_stands_on_four_piers() -> None:
    section = welded(model(ARCH, "solid")).vertices
    low = section[(section[:, 1] > 0.2) & (section[:, 1] < 0.6)]
    middle = (np.abs(low[:, 0]) < 0.15) & (np.abs(low[:, 2]) < 0.1)
    corners = {
        (bool(x > 0), bool(z > 0)) for x, z in low[(np.abs(low[:, 0]) > 0.4) & (np.abs(low[:, 2]) > 0.25)][:, [0, 2]]
    }
    assert not middle.any()
    assert len(corners) == 4


def test_the_texture_is_the_picture_and_its_sides_are_darker() -> None:
    mesh = model(ARCH, "solid", size=512)
    texture = np.asarray(mesh.visual.material.baseColorTexture.convert("RGB")).astype(float)
    assert texture.shape[:2] == (512, 512)
    front, side = texture[:, :256].mean(axis=(0, 1)), texture[:, 256:].mean(axis=(0, 1))
    assert np.abs(front - (190, 60, 40)).max() < 12
    assert side[0] < 0.85 * front[0]


def test_the_same_picture_and_seed_give_the_same_bytes() -> None:
    first, again, other = (reconstruction.reconstruct(ARCH, "auto", 4000, 512, True, s).glb for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_picture_of_one_colour_is_refused() -> None:
    with pytest.raises(cutout.NoObject, match="one plain colour"):
        reconstruction.reconstruct(Image.new("RGB", (200, 150), "teal"), "auto", 8000, 512, True, 0)


def test_a_transparent_background_is_used_as_it_is() -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 10, 80, 90), fill=(0, 0, 0, 255))
    assert cutout.cut_out(image, True).mask.shape == (81, 61)


def test_enclosed_background_is_a_hole() -> None:
    framed = picture((40, 40, 200, 200), holes=((90, 90, 150, 150),))
    assert not cutout.cut_out(framed, True).mask[80, 80]


def test_a_slope_of_light_across_the_background_is_no_object() -> None:
    ramp = np.linspace(40, 90, 240)[None, :, None].repeat(240, axis=0).repeat(3, axis=2)
    ramp[80:200, 100:140] = (200, 180, 40)
    thing = cutout.cut_out(Image.fromarray(ramp.astype(np.uint8)), True)
    assert thing.mask.shape == pytest.approx((120, 40), abs=3)


def test_a_column_in_side_light_is_round_and_a_wall_is_solid() -> None:
    column = np.full((200, 120, 3), 240.0)
    across = np.linspace(-1, 1, 60)
    column[20:180, 30:90] = (60 + 150 * np.sqrt(1 - across**2))[None, :, None]
    chosen = [
        silhouette.choose_depth(silhouette.silhouette(cutout.cut_out(image, True)))
        for image in (Image.fromarray(column.astype(np.uint8)), picture((60, 20, 180, 220)))
    ]
    assert chosen == ["round", "solid"]


def test_distances_are_euclidean() -> None:
    mask = np.ones((9, 9), bool)
    mask[0, 0] = False
    assert regions.distance(mask)[3, 4] == pytest.approx(5.0)


def test_regions_are_counted_by_edge_neighbours() -> None:
    mask = np.array([[1, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1], [1, 0, 1, 1]], bool)
    labels, count = regions.labelled(mask)
    assert count == 3
    assert labels[0, 3] == labels[3, 2] != labels[0, 0]
