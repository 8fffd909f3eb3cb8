"""Collects what a model shows, as triangles in the world with colours, for drawing it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from tools.checks.finding import Unsound
from tools.checks.gltf.document import Array, Bytes, Gltf, extensions, opened
from tools.checks.gltf.nodes import check_nodes
from tools.checks.gltf.pictures import image_bytes
from tools.checks.models.geometry import moved
from tools.checks.models.polygons import loaded
from tools.checks.models.scene import Instance, Primitive, instances, primitives
from tools.checks.pictures.raster import Eye

MOST = 2_000_000
"""Triangles that are drawn; of more, an even choice."""

TEXTURE_SIDE = 512
GREY = (0.55, 0.56, 0.58)
"""Of a surface that says nothing of its colour, linear."""


@dataclass
class Material:
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    texture: Callable[[], Array] | None = None
    """Decodes the picture, rows of sRGB bytes; called only when the material is seen."""
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    glow_texture: Callable[[], Array] | None = None
    clamped: bool = False
    lit: bool = True
    both_sides: bool = True


@dataclass
class Scenery:
    """All triangles, n x 3 corners each."""

    places: Array
    uvs: Array
    colours: Array | None
    material: Array
    """Number of each triangle's material."""
    materials: list[Material] = field(default_factory=list)
    eye: Eye | None = None
    """The camera that the file brings."""


@np.errstate(all="ignore")  # foreign numbers overflow
def scenery(data: bytes, format: str) -> Scenery:
    """Raises Unsound when there is nothing to draw."""
    found = _from_gltf(*opened(data, format)[:1]) if format in ("glb", "gltf") else _from_polygons(data, format)
    if not len(found.places):
        raise Unsound("unread", "no triangle to draw")
    return found


def _from_polygons(data: bytes, format: str) -> Scenery:
    shapes = [shape for shape in loaded(data, format) if len(shape.faces)]
    if not shapes:
        raise Unsound("unread", "no triangle to draw")
    places = np.concatenate([shape.vertices[shape.faces] for shape in shapes]).astype(np.float32)
    colours = None
    if all(shape.visual.kind == "vertex" for shape in shapes):
        shades = [np.asarray(shape.visual.vertex_colors)[shape.faces][:, :, :3] for shape in shapes]
        colours = linear(np.concatenate(shades))
    number = np.zeros(len(places), np.int32)
    plain = Material(colour=(1.0, 1.0, 1.0) if colours is not None else GREY)
    return _thinned(Scenery(places, np.zeros((len(places), 3, 2), np.float32), colours, number, [plain]))


def _from_gltf(gltf: Gltf) -> Scenery:
    drawn = instances(gltf, check_nodes(gltf))
    meshes = [primitives(gltf, mesh) for mesh in gltf.table("meshes")]
    materials = [_material(gltf, entry) for entry in gltf.table("materials")]
    materials.append(Material(colour=GREY))
    parts = [
        part
        for instance in drawn
        if "mesh" in instance.node
        for part in _parts(gltf, instance, meshes[instance.node["mesh"]], materials)
    ]
    if not parts:
        raise Unsound("unread", "no triangle to draw")
    places, uvs, colours, numbers = zip(*parts, strict=True)
    shades = None
    if any(colour is not None for colour in colours):
        shades = np.concatenate(
            [np.ones_like(place) if colour is None else colour for place, colour in zip(places, colours, strict=True)]
        )
    found = Scenery(
        np.concatenate(places),
        np.concatenate(uvs),
        shades,
        np.concatenate(numbers),
        materials,
        _camera(gltf, drawn),
    )
    return _thinned(found)


def _parts(
    gltf: Gltf, instance: Instance, mesh: list[Primitive], materials: list[Material]
) -> Iterator[tuple[Array, Array, Array | None, Array]]:
    for primitive in mesh:
        if primitive.points is None or primitive.faces is None or not len(primitive.faces):
            continue
        number = len(materials) - 1 if primitive.material is None else primitive.material
        if primitive.material is not None and _invisible(gltf.entry("materials", number)):
            continue
        faces = primitive.faces
        places = moved(primitive.points.astype(np.float64), instance.matrix)[faces].astype(np.float32)
        uvs = _attribute(gltf, primitive, "TEXCOORD_0")
        colours = _attribute(gltf, primitive, "COLOR_0")
        yield (
            places,
            np.zeros((len(faces), 3, 2), np.float32) if uvs is None else uvs[faces][:, :, :2],
            None if colours is None else colours[faces][:, :, :3],
            np.full(len(faces), number, np.int32),
        )


def _attribute(gltf: Gltf, primitive: Primitive, name: str) -> Array | None:
    if name not in primitive.attributes:
        return None
    values = gltf.array(primitive.attributes[name])
    if values is None or values.shape[1] < 2:
        return None
    top = np.iinfo(values.dtype).max if values.dtype.kind != "f" else 1
    return np.nan_to_num(values.astype(np.float32) / top)


def _material(gltf: Gltf, entry: dict[str, Any]) -> Material:
    surface = entry.get("pbrMetallicRoughness")
    surface = surface if isinstance(surface, dict) else {}
    texture, clamped = _texture(gltf, surface.get("baseColorTexture"))
    return Material(
        colour=_three(surface.get("baseColorFactor"), 1.0),
        texture=texture,
        glow=_three(entry.get("emissiveFactor"), 0.0),
        glow_texture=_texture(gltf, entry.get("emissiveTexture"))[0],
        clamped=clamped,
        lit="KHR_materials_unlit" not in extensions(entry),
        both_sides=entry.get("doubleSided") is True,
    )


def _three(factor: Any, default: float) -> tuple[float, float, float]:
    if not isinstance(factor, list) or len(factor) < 3:
        return default, default, default
    return float(factor[0]), float(factor[1]), float(factor[2])


def _texture(gltf: Gltf, reference: Any) -> tuple[Callable[[], Array] | None, bool]:
    """What decodes the picture, and whether it ends at its edges instead of repeating."""
    if not isinstance(reference, dict):
        return None, False
    texture = gltf.entry("textures", reference.get("index"))
    source = extensions(texture).get("EXT_texture_webp", texture).get("source")
    if source is None:
        return None, False
    sampler = gltf.entry("samplers", texture["sampler"]) if "sampler" in texture else {}
    image = gltf.entry("images", source)
    return lambda: _decoded(image_bytes(gltf, image)), sampler.get("wrapS") == 33071


def _invisible(entry: dict[str, Any]) -> bool:
    """Glass: drawn as a solid it would hide what stands behind it."""
    surface = entry.get("pbrMetallicRoughness")
    factor = surface.get("baseColorFactor", (1, 1, 1, 1)) if isinstance(surface, dict) else (1, 1, 1, 1)
    clear = entry.get("alphaMode") == "BLEND" and len(factor) == 4 and factor[3] < 0.5
    glass = extensions(entry).get("KHR_materials_transmission")
    return clear or (isinstance(glass, dict) and glass.get("transmissionFactor", 0) > 0.5)


def _decoded(data: Bytes | None) -> Array:
    try:
        with Image.open(BytesIO(data or b""), formats=["PNG", "JPEG", "WEBP"]) as picture:
            picture.draft("RGB", (TEXTURE_SIDE, TEXTURE_SIDE))
            picture.thumbnail((TEXTURE_SIDE, TEXTURE_SIDE), reducing_gap=1.0)
            return np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError):
        return np.full((1, 1, 3), 200, np.uint8)


def _camera(gltf: Gltf, drawn: list[Instance]) -> Eye | None:
    for instance in drawn:
        if "camera" not in instance.node:
            continue
        lens = gltf.entry("cameras", instance.node["camera"]).get("perspective")
        angle = lens.get("yfov") if isinstance(lens, dict) else None
        if isinstance(angle, int | float) and 0.05 < angle < 3 and abs(np.linalg.det(instance.matrix)) > 1e-12:
            return Eye(np.linalg.inv(instance.matrix), float(np.tan(angle / 2)))
    return None


def _thinned(found: Scenery) -> Scenery:
    if len(found.places) <= MOST:
        return found
    kept = np.linspace(0, len(found.places) - 1, MOST).astype(np.int64)
    colours = None if found.colours is None else found.colours[kept]
    return Scenery(found.places[kept], found.uvs[kept], colours, found.material[kept], found.materials, found.eye)


def linear(bytes_of_srgb: Array) -> Array:
    return (bytes_of_srgb.astype(np.float32) / 255) ** 2.2
