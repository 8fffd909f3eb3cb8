"""Checks the animations of a glTF: times, values and what they move."""

from typing import Any

from tools.checks.gltf.document import Gltf, extensions
from tools.checks.gltf.links import Uses, spec_error
from tools.checks.gltf.primitives import format_of

_TURNS = {5126: False, 5120: True, 5121: True, 5122: True, 5123: True}
"""By component type: whether it must be normalized."""

_PATHS = ("translation", "rotation", "scale", "weights")


def check_animations(gltf: Gltf, uses: Uses) -> None:
    for number, animation in enumerate(gltf.table("animations")):
        what = f"animation {number}"
        for sampler in animation["samplers"]:
            _check_sampler(uses, sampler, what)
        targets: set[tuple[int, str]] = set()
        for channel in animation["channels"]:
            _check_channel(gltf, animation, channel, what)
            target = channel["target"]
            if "node" in target and (target["node"], target["path"]) in targets:
                raise spec_error(f"{what} moves node {target['node']} twice")
            targets.add((target.get("node", -1), target["path"]))


def _check_sampler(uses: Uses, sampler: dict[str, Any], what: str) -> None:
    times = uses.accessor(sampler["input"], "times", "other numbers")
    uses.accessor(sampler["output"], "animated values", "other numbers")
    if format_of(times) != ("SCALAR", 5126, False) or not {"min", "max"} <= times.keys():
        raise spec_error(f"{what}: times must be floats with their bounds")
    if sampler.get("interpolation") == "CUBICSPLINE" and times["count"] < 2:
        raise spec_error(f"{what}: a spline through {times['count']} point")


def _check_channel(gltf: Gltf, animation: dict[str, Any], channel: dict[str, Any], what: str) -> None:
    target, path = channel["target"], channel["target"]["path"]
    if channel["sampler"] >= len(animation["samplers"]):
        raise spec_error(f"{what} has no sampler {channel['sampler']}")
    if "KHR_animation_pointer" in extensions(target) and ("node" in target or path != "pointer"):
        raise spec_error(f"{what} moves by a pointer and by a node")
    node = gltf.entry("nodes", target["node"]) if "node" in target else {}
    if "matrix" in node and path in ("translation", "rotation", "scale"):
        raise spec_error(f"{what} moves node {target['node']}, which has a matrix")
    morphs = _morphs(gltf, node)
    if path == "weights" and "node" in target and not morphs:
        raise spec_error(f"{what} changes weights of a mesh without morph targets")
    sampler = animation["samplers"][channel["sampler"]]
    values, times = gltf.entry("accessors", sampler["output"]), gltf.entry("accessors", sampler["input"])
    if path in _PATHS and not _fits(path, values):
        raise spec_error(f"{what}: values for {path} cannot be {values['type'][:20]} of {values['componentType']}")
    wanted = times["count"] * (3 if sampler.get("interpolation") == "CUBICSPLINE" else 1)
    wanted *= morphs if path == "weights" else 1
    if wanted and values["count"] != wanted:
        raise spec_error(f"{what}: {values['count']} values where {wanted} are needed")


def _fits(path: str, values: dict[str, Any]) -> bool:
    if path in ("translation", "scale"):
        return format_of(values) == ("VEC3", 5126, False)
    shape, component, normalized = format_of(values)
    return shape == ("VEC4" if path == "rotation" else "SCALAR") and _TURNS.get(component) is normalized


def _morphs(gltf: Gltf, node: dict[str, Any]) -> int:
    if "mesh" not in node:
        return 0
    return len(gltf.entry("meshes", node["mesh"])["primitives"][0].get("targets", ()))
