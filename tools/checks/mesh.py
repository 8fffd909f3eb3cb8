"""Measures models: what is drawn, how large, how whole, with which textures.

GLB and glTF are read here; OBJ, STL and PLY in `polygons`, splats in `splats`.
"""

import re
from collections import Counter
from typing import Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Finding, Unsound
from tools.checks.geometry import Points, corners_of, moved, shown, surface
from tools.checks.gltf import Gltf, opened
from tools.checks.scene import Instance, Primitive, instances, primitives, textures

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

_ATTRIBUTE = re.compile(r"POSITION|NORMAL|TANGENT|(TEXCOORD|COLOR|JOINTS|WEIGHTS)_\d+|_\w+|KHR_gaussian_splatting:\w+")


def measure_gltf(data: bytes, format: str) -> Finding:
    """Facts of a GLB or glTF. Raises Unsound for what makes a viewer fail or wait for another file."""
    gltf, repeated = opened(data, format)
    finding = Finding()
    _version(gltf, finding)
    if repeated:
        finding.warn("ambiguous", f"{repeated} JSON keys stand twice")
    for index in range(len(gltf.table("accessors"))):
        gltf.array(index)
    for index in range(len(gltf.table("bufferViews"))):
        gltf.view(index)
    drawn = [instance for instance in instances(gltf) if "mesh" in instance.node]
    # Numbers may be written 1.0 in JSON; `entry` has refused everything that is no whole number by now.
    meshes = [primitives(gltf, mesh) for mesh in gltf.table("meshes")]
    _drawn_facts(drawn, meshes, finding)
    _surface_facts(drawn, meshes, finding)
    _look_facts(gltf, meshes, finding)
    _habits(gltf, meshes, finding)
    finding.facts["valid"] = not any(warning.startswith("spec_error") for warning in finding.warnings)
    return finding


def _version(gltf: Gltf, finding: Finding) -> None:
    asset = gltf.document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not re.fullmatch(r"2\.\d+", version):
        raise Unsound("corrupt", f"asset.version is {version!r}, not 2.0")
    required = gltf.document.get("extensionsRequired", [])
    used = gltf.document.get("extensionsUsed", [])
    if not isinstance(required, list) or not isinstance(used, list):
        raise Unsound("corrupt", "the lists of extensions are no lists")
    for name in required:
        if name not in VIEWABLE and not str(name).startswith("KHR_materials_"):
            finding.warn("limits", f"it requires {str(name)[:60]!r}, which few viewers know")
        if name not in used:
            finding.warn("spec_error", f"{str(name)[:60]!r} is required and not listed as used")


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
    shapes = [meshes[index] for index in sorted({instance.node["mesh"] for instance in drawn})]
    shapes = [mesh for mesh in shapes if any(primitive.triangles for primitive in mesh)]
    if not shapes or any(
        part.points is None or part.faces is None for mesh in shapes for part in mesh if part.triangles
    ):
        return
    results = [surface(*_joined([part for part in mesh if part.triangles])) for mesh in shapes]
    finding.facts["watertight"] = all(closed for closed, _ in results)
    finding.facts["degenerate"] = round(max(share for _, share in results), 4)
    finding.facts["finite"] = True


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
    sizes = [max(size) for size in textures(gltf, finding)]
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


def _habits(gltf: Gltf, meshes: list[list[Primitive]], finding: Finding) -> None:
    """What the specification forbids and viewers forgive."""
    for name in (
        "extensionsUsed",
        "extensionsRequired",
        *("nodes", "meshes", "accessors", "materials", "images"),
    ):
        if gltf.document.get(name) == []:
            finding.warn("spec_error", f"{name} is there and empty")
    odd = {
        name for mesh in meshes for primitive in mesh for name in primitive.attributes if not _ATTRIBUTE.fullmatch(name)
    }
    if odd:
        finding.warn("spec_error", f"unknown vertex attribute {min(odd)[:40]!r}")
    positions = {primitive.attributes.get("POSITION") for mesh in meshes for primitive in mesh} - {None}
    if any(not {"min", "max"} <= gltf.entry("accessors", index).keys() for index in positions):
        finding.warn("spec_error", "positions without their bounds")
