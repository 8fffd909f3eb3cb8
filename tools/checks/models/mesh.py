"""Measures models: what is drawn, how large, how whole, with which textures.

GLB and glTF are read here; OBJ, STL and PLY in `polygons`, splats in `splats`.
"""

from collections import Counter
from typing import Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.gltf.document import Gltf, opened
from tools.checks.gltf.pictures import texture_sizes
from tools.checks.gltf.spec import check_spec
from tools.checks.models.geometry import Points, corners_of, moved, shown, surface
from tools.checks.models.scene import Instance, Primitive, instances, primitives

VIEWABLE = frozenset(
    {
        "KHR_draco_mesh_compression",
        "KHR_mesh_quantization",
        "KHR_texture_basisu",
        "KHR_texture_transform",
        "EXT_meshopt_compression",
        "EXT_texture_webp",
        "EXT_mesh_gpu_instancing",
        "KHR_lights_punctual",
        "KHR_gaussian_splatting",
    }
)
"""Required extensions that usual viewers load; materials of Khronos come on top."""

MOST_DRAWS = 50_000
"""Primitives with every instance counted."""


@np.errstate(all="ignore")  # foreign numbers overflow; what comes of them is looked at
def measure_gltf(data: bytes, format: str) -> Finding:
    """Facts of a GLB or glTF. Raises Unsound for what makes a viewer fail or wait for another file."""
    gltf, odd = opened(data, format)
    finding = Finding()
    for detail in odd:
        finding.warn("ambiguous", detail)
    parents = check_spec(gltf, finding)
    _extension_facts(gltf, finding)
    drawn = [instance for instance in instances(gltf, parents) if "mesh" in instance.node]
    _refuse_draws(gltf, drawn)
    meshes = [primitives(gltf, mesh) for mesh in gltf.table("meshes")]
    _refuse_absence(gltf, drawn, meshes, finding)
    _drawn_facts(drawn, meshes, finding)
    _surface_facts(drawn, meshes, finding)
    _look_facts(gltf, meshes, finding)
    finding.facts["valid"] = not any(warning.startswith("spec_error") for warning in finding.warnings)
    return finding


def _extension_facts(gltf: Gltf, finding: Finding) -> None:
    for name in gltf.document.get("extensionsRequired", ()):
        if name not in VIEWABLE and not name.startswith("KHR_materials_"):
            finding.warn("limits", f"it requires {name[:60]!r}, which few viewers know")


def _refuse_draws(gltf: Gltf, drawn: list[Instance]) -> None:
    """A small file may draw many small things: each costs a viewer a call of its own."""
    parts = [len(mesh["primitives"]) for mesh in gltf.table("meshes")]
    draws = sum(parts[instance.node["mesh"]] for instance in drawn)
    if draws > MOST_DRAWS:
        raise Unsound("bomb", f"it draws {draws} parts of meshes, at most {MOST_DRAWS}")


def _refuse_absence(gltf: Gltf, drawn: list[Instance], meshes: list[list[Primitive]], finding: Finding) -> None:
    if not gltf.absent:
        return
    if any(part.points is None for instance in drawn for part in meshes[instance.node["mesh"]]):
        raise Unsound("truncated", "a buffer has no bytes, and what is drawn is in it")
    finding.warn("unread", "a buffer has no bytes")


def _drawn_facts(drawn: list[Instance], meshes: list[list[Primitive]], finding: Finding) -> None:
    """`faces` and `vertices` count every mesh that is drawn once, `drawn_faces` every time it is drawn."""
    times = Counter(instance.node["mesh"] for instance in drawn)
    parts = [(part, count) for index, count in times.items() for part in meshes[index]]
    drawn_faces = sum(part.triangles * count for part, count in parts)
    if max(drawn_faces, sum(part.vertices * count for part, count in parts)) > CAPS.triangles:
        raise Unsound("bomb", f"it draws {drawn_faces} triangles with every instance counted")
    finding.facts |= {
        "faces": sum(part.triangles for part, _ in parts),
        "vertices": sum(part.vertices for part, _ in parts),
        "drawn_faces": drawn_faces,
        "meshes": len(times),
        "nodes": len(drawn),
        "compressed": any(part.points is None for part, _ in parts),
    }
    if extents := _extents(drawn, meshes):
        finding.facts["extents"] = extents


def _extents(drawn: list[Instance], meshes: list[list[Primitive]]) -> list[float] | None:
    """Width, height and depth of everything drawn; None when a part of it is compressed."""
    lows, highs = [], []
    for instance in drawn:
        for primitive in meshes[instance.node["mesh"]]:
            if primitive.points is None:
                return None
            points = moved(_outline(primitive.points, instance.matrix), instance.matrix)
            lows.append(points.min(axis=0))
            highs.append(points.max(axis=0))
    return shown(np.max(highs, axis=0) - np.min(lows, axis=0)) if lows else None


def _outline(points: Points, matrix: Points) -> Points:
    """Points enough for the extent: the corners of the box, unless the mesh stands askew."""
    upright = np.count_nonzero(np.abs(matrix[:3, :3]) > 1e-9) <= 3
    return corners_of(points.min(axis=0), points.max(axis=0)) if upright else points


def _surface_facts(drawn: list[Instance], meshes: list[list[Primitive]], finding: Finding) -> None:
    """Nothing is said about a mesh whose positions are compressed: a missing fact is `unknown`."""
    times = Counter(instance.node["mesh"] for instance in drawn)
    solid = {index: [part for part in meshes[index] if part.triangles] for index in times}
    solid = {index: parts for index, parts in solid.items() if parts}
    if not solid or any(part.points is None or part.faces is None for parts in solid.values() for part in parts):
        return
    results = {index: surface(*_joined(parts)) for index, parts in solid.items()}
    finding.facts |= {
        "watertight": all(result.watertight for result in results.values()),
        "winding_consistent": all(result.winding_consistent for result in results.values()),
        "degenerate": round(max(result.degenerate for result in results.values()), 4),
        "bodies": sum(result.bodies * times[index] for index, result in results.items()),
        "finite": True,
        "up_axis": "y",
    }


def _joined(parts: list[Primitive]) -> tuple[Any, Any]:
    """The primitives of one mesh as one set of triangles."""
    if len(parts) == 1:
        return parts[0].points, parts[0].faces
    starts = np.cumsum([0, *(len(part.points) for part in parts if part.points is not None)])
    points = np.concatenate([part.points for part in parts if part.points is not None])
    faces = [
        part.faces.astype(np.int64) + start
        for part, start in zip(parts, starts, strict=False)
        if part.faces is not None
    ]
    return points, np.concatenate(faces)


def _look_facts(gltf: Gltf, meshes: list[list[Primitive]], finding: Finding) -> None:
    sizes = [max(size) for size in texture_sizes(gltf, finding)]
    names = {name for mesh in meshes for primitive in mesh for name in primitive.attributes}
    finding.facts |= {
        "materials": len(gltf.table("materials")),
        "texture_count": len(gltf.table("images")),
        "has_uv": "TEXCOORD_0" in names,
        "has_colours": "COLOR_0" in names,
        "cameras": len(gltf.table("cameras")),
        "animations": len(gltf.table("animations")),
    }
    if sizes or not gltf.table("images"):
        finding.facts |= {"texture_px": max(sizes, default=0), "min_texture_px": min(sizes, default=0)}
    if any(name.startswith("KHR_gaussian_splatting") for name in names):
        finding.facts["splats"] = finding.facts["vertices"]
