"""Checks the node tree of a glTF: transformations, one parent each, no loops, scenes, skins, cameras, lights."""

from typing import Any

import numpy as np

from tools.checks.caps import CAPS
from tools.checks.finding import Unsound
from tools.checks.gltf.document import Gltf, extensions
from tools.checks.gltf.links import Uses, spec_error
from tools.checks.gltf.primitives import format_of

UNIT_LENGTH = 0.00769
"""How much longer or shorter than 1 a quaternion may be: rounding to a signed byte does that."""

DEEPEST = 1000
"""Nodes from a root down. Readers walk the tree by recursion, and ours multiplies a matrix at each."""

_PLACES = ("translation", "rotation", "scale")


def check_nodes(gltf: Gltf) -> dict[int, int]:
    """The parent of every node that has one. Raises Unsound."""
    nodes = gltf.table("nodes")
    if len(nodes) > CAPS.nodes:
        raise Unsound("bomb", f"{len(nodes)} nodes, at most {CAPS.nodes}")
    parents: dict[int, int] = {}
    for index, node in enumerate(nodes):
        for child in node.get("children", ()):
            gltf.entry("nodes", child)
            if child in parents:
                raise Unsound("corrupt", f"node {child} has two parents")
            parents[child] = index
        _check_place(index, node)
        _check_mesh(gltf, index, node)
        if "camera" in node:
            gltf.entry("cameras", node["camera"])
        _check_light(gltf, node)
    _refuse_loops(parents)
    return parents


def _refuse_loops(parents: dict[int, int]) -> None:
    """With one parent each, a loop is a chain of parents that comes back."""
    depths: dict[int, int] = {}
    for start in parents:
        chain: dict[int, None] = {}
        node: int | None = start
        while node is not None and node not in depths:
            if node in chain:
                raise Unsound("corrupt", f"node {node} is its own ancestor")
            chain[node] = None
            node = parents.get(node)
        above = 0 if node is None else depths[node]
        depths.update({node: above + up for up, node in enumerate(reversed(chain), 1)})
        if depths[start] > DEEPEST:
            raise Unsound("bomb", f"node {start} is {depths[start]} deep, at most {DEEPEST}")


def _check_place(index: int, node: dict[str, Any]) -> None:
    if "rotation" in node and abs(1 - float(np.linalg.norm(node["rotation"]))) > UNIT_LENGTH:
        raise spec_error(f"the rotation of node {index} is not of length 1")
    if "matrix" not in node:
        return
    if any(name in node for name in _PLACES):
        raise spec_error(f"node {index} has a matrix and a {next(name for name in _PLACES if name in node)}")
    if not _decomposable(np.array(node["matrix"], np.float32).astype(np.float64).reshape(4, 4).T):
        raise spec_error(f"the matrix of node {index} is no move, turn and stretch")


def _decomposable(matrix: Any) -> bool:
    """Whether a matrix is a translation, rotation and scale, and not a shear or a projection.

    Taken apart and put together again, its largest column must have kept its size, as the Khronos validator measures.
    """
    determinant = float(np.linalg.det(matrix[:3, :3]))
    if not np.array_equal(matrix[3], (0, 0, 0, 1)) or determinant == 0:
        return False
    lengths = np.linalg.norm(matrix[:3, :3], axis=0) * (np.sign(determinant), 1, 1)
    again = matrix.copy()
    again[:3, :3] = _turned(_quaternion(matrix[:3, :3] / lengths)) * lengths
    return bool(abs(_size(again) - _size(matrix)) < 5e-5)


def _size(matrix: Any) -> float:
    return float(np.abs(matrix).sum(axis=0).max())


def _quaternion(turn: Any) -> Any:
    """x, y, z, w by the largest of the four; not of length 1 when the matrix is no pure rotation."""
    trace = float(np.trace(turn))
    if trace > 0:
        root = float(np.sqrt(trace + 1))
        around = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        return np.array([*around * 0.5 / root, root * 0.5])
    i = int(np.argmax(np.diag(turn)))
    j, k = (i + 1) % 3, (i + 2) % 3
    root = float(np.sqrt(max(turn[i, i] - turn[j, j] - turn[k, k] + 1, 1e-30)))
    result = np.zeros(4)
    result[i], result[3] = root * 0.5, (turn[k, j] - turn[j, k]) * 0.5 / root
    result[j], result[k] = (np.array([turn[j, i] + turn[i, j], turn[k, i] + turn[i, k]])) * 0.5 / root
    return result


def _turned(quaternion: Any) -> Any:
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _check_mesh(gltf: Gltf, index: int, node: dict[str, Any]) -> None:
    if "mesh" not in node:
        if "skin" in node or "weights" in node:
            raise spec_error(f"node {index} has a skin or weights and no mesh")
        return
    mesh = gltf.entry("meshes", node["mesh"])
    if "weights" in node and len(node["weights"]) != len(mesh["primitives"][0].get("targets", ())):
        raise spec_error(f"node {index} has {len(node['weights'])} weights, which its mesh has not")
    if "skin" in node:
        gltf.entry("skins", node["skin"])
        if not any("JOINTS_0" in primitive["attributes"] for primitive in mesh["primitives"]):
            raise spec_error(f"node {index} has a skin, its mesh has no joints")


def _check_light(gltf: Gltf, node: dict[str, Any]) -> None:
    light = extensions(node).get("KHR_lights_punctual")
    if light is None or "KHR_lights_punctual" not in gltf.document.get("extensionsUsed", ()):
        return
    lights = extensions(gltf.document).get("KHR_lights_punctual", {}).get("lights", ())
    if light["light"] >= len(lights):
        raise spec_error(f"light {light['light']} is referred to; there are {len(lights)}")


def check_lights(gltf: Gltf) -> None:
    for light in extensions(gltf.document).get("KHR_lights_punctual", {}).get("lights", ()):
        spot = light.get("spot", {}) if light["type"] == "spot" else {}
        if spot.get("outerConeAngle", np.pi / 4) <= spot.get("innerConeAngle", 0):
            raise spec_error("a spot light is narrower outside than inside")


def check_cameras(gltf: Gltf) -> None:
    for number, camera in enumerate(gltf.table("cameras")):
        if {"orthographic", "perspective"} <= camera.keys():
            raise spec_error(f"camera {number} is of both kinds")
        lens = camera.get(camera["type"], {}) if camera["type"] in ("orthographic", "perspective") else {}
        if "zfar" in lens and lens["zfar"] <= lens["znear"]:
            raise spec_error(f"camera {number} sees from {lens['znear']} to {lens['zfar']}")
        if camera["type"] == "orthographic" and 0 in (lens["xmag"], lens["ymag"]):
            raise spec_error(f"camera {number} sees nothing")


def check_scenes(gltf: Gltf, parents: dict[int, int]) -> None:
    if "scene" in gltf.document:
        gltf.entry("scenes", gltf.document["scene"])
    for scene in gltf.table("scenes"):
        for root in scene.get("nodes", ()):
            gltf.entry("nodes", root)
            if root in parents:
                raise Unsound("corrupt", f"a scene lists node {root}, which has a parent")


def check_skins(gltf: Gltf, uses: Uses, parents: dict[int, int]) -> None:
    tops = []
    for number, skin in enumerate(gltf.table("skins")):
        shared = _shared_ancestors(gltf, skin["joints"], parents)
        if not shared:
            raise spec_error(f"the joints of skin {number} have no common root")
        if "skeleton" in skin and skin["skeleton"] not in shared:
            gltf.entry("nodes", skin["skeleton"])
            raise spec_error(f"the skeleton of skin {number} is not above all its joints")
        if "inverseBindMatrices" in skin:
            accessor = uses.accessor(skin["inverseBindMatrices"], "bind matrices")
            if format_of(accessor) != ("MAT4", 5126, False) or accessor["count"] < len(skin["joints"]):
                raise spec_error(f"skin {number} needs {len(skin['joints'])} matrices of floats")
        tops.append(next(node for node in shared if node not in parents))
    _check_scenes_of_skins(gltf, parents, tops)


def _shared_ancestors(gltf: Gltf, joints: list[int], parents: dict[int, int]) -> set[int]:
    """Nodes that all joints hang from; a joint counts as its own."""
    shared: set[int] | None = None
    for joint in joints:
        gltf.entry("nodes", joint)
        chain = set()
        node: int | None = joint
        while node is not None and node not in chain:
            chain.add(node)
            node = parents.get(node)
        shared = chain if shared is None else shared & chain
    return shared or set()


def _check_scenes_of_skins(gltf: Gltf, parents: dict[int, int], tops: list[int]) -> None:
    scenes: dict[int, set[int]] = {}
    for number, scene in enumerate(gltf.table("scenes")):
        for root in scene.get("nodes", ()):
            scenes.setdefault(root, set()).add(number)
    for index, node in enumerate(gltf.table("nodes")):
        if "skin" in node:
            root = index
            while root in parents:
                root = parents[root]
            if not scenes.get(root, set()) <= scenes.get(tops[node["skin"]], set()):
                raise spec_error(f"node {index} is in a scene without the joints of its skin")
