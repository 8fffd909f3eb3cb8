"""From one picture to a closed, textured model."""

from dataclasses import dataclass

import numpy as np
import trimesh
from cutout import cut_out
from numpy.typing import NDArray
from PIL import Image
from silhouette import Depth, Silhouette, choose_depth, flat_depth, silhouette
from skin import coordinates, texture
from surface import Surface, normals, smoothed, surface, without_crumbs
from volume import Sampling, field, pitch_for, sampling, solid

HEIGHT, WIDEST = 1.8, 2.6
"""Size of a model in units: this high, unless it would become wider than the second figure."""


@dataclass(frozen=True)
class Model:
    """A GLB file and what is in it."""

    glb: bytes
    depth: Depth
    triangles: int


def reconstruct(
    picture: Image.Image, depth: str, triangles: int, texture_size: int, remove_background: bool, seed: int
) -> Model:
    """A model of the thing in the picture, standing on y = 0. Raises NoObject when there is none.

    `depth` is "auto", "round", "solid" or "relief". All follows from the picture; the seed only roughens the surface by
    an invisible hundredth of a triangle's side.
    """
    thing = cut_out(picture, remove_background)
    outline = silhouette(thing)
    chosen: Depth = choose_depth(outline) if depth == "auto" else depth  # type: ignore[assignment]
    volume = solid(outline, chosen)
    at = sampling(volume, pitch_for(volume, triangles))
    shape = smoothed(without_crumbs(surface(field(volume, at))), 2 if chosen == "solid" else 5)
    shape = _placed(shape, at, seed)
    mesh = _skinned(shape, outline, chosen, texture(thing, texture_size, chosen == "solid"))
    return Model(bytes(mesh.export(file_type="glb")), chosen, len(shape.triangles))


def _placed(shape: Surface, at: Sampling, seed: int) -> Surface:
    """Grid units to pixels of the silhouette."""
    step = at.x[1] - at.x[0]
    origin = np.array([at.x[0], at.y[0], at.z[0]])
    rough = np.random.default_rng(seed).normal(0, 0.01, shape.vertices.shape)
    return Surface(shape.vertices * step + origin + rough * step, shape.triangles)


def _skinned(shape: Surface, outline: Silhouette, depth: Depth, picture: Image.Image) -> trimesh.Trimesh:
    faces, smooth = normals(shape)
    with_sides = depth == "solid"
    sideways = np.abs(faces[:, 0]) > np.abs(faces[:, 2]) if with_sides else np.zeros(len(faces), bool)
    # A vertex between a front and a side triangle is needed once for each.
    corners = shape.triangles * 2 + sideways[:, None]
    kept, triangles = np.unique(corners, return_inverse=True)
    source, side = kept // 2, kept % 2 == 1
    places = shape.vertices[source]
    uv = coordinates(outline, places, flat_depth(outline), side, with_sides)
    material = trimesh.visual.material.PBRMaterial(
        name="picture", baseColorTexture=picture, metallicFactor=0.0, roughnessFactor=0.85
    )
    mesh = trimesh.Trimesh(
        vertices=_in_units(places, outline),
        faces=triangles.reshape(-1, 3),
        vertex_normals=smooth[source],
        process=False,
        visual=trimesh.visual.TextureVisuals(uv=uv, material=material),
    )
    mesh.metadata["name"] = "model"
    return mesh


def _in_units(places: NDArray[np.float64], outline: Silhouette) -> NDArray[np.float64]:
    height, width = outline.mask.shape
    scale = min(HEIGHT / height, WIDEST / width)
    ground = places[:, 1].min()
    return np.asarray((places - np.array([width / 2, ground, 0.0])) * scale)
