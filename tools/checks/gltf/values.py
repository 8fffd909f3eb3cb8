"""Checks the numbers in a glTF's accessors: finite, as bounded as they say, and fit for what they are used for.

All at once with numpy, one look an accessor. What real exporters get slightly wrong and every viewer forgives (the
length of a normal, a colour above 1, weights that do not add up to 1) is told and not refused.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tools.checks.finding import Finding, Unsound
from tools.checks.gltf.document import Array, Gltf
from tools.checks.gltf.links import known, spec_error
from tools.checks.gltf.nodes import UNIT_LENGTH
from tools.checks.gltf.primitives import format_of

UNIT_LENGTH_3 = 0.00674
"""The same as for quaternions, for vectors of three."""

_RESTART = {1: 0xFF, 2: 0xFFFF, 4: 0xFFFFFFFF}
"""By bytes of an index: the value that starts a new strip in graphics libraries."""


def check_values(gltf: Gltf, finding: Finding) -> None:
    """Raises Unsound; what is only told goes into the finding."""
    for index, accessor in enumerate(gltf.table("accessors")):
        if known(accessor) and ("bufferView" in accessor or "sparse" in accessor):
            _check_bounds(gltf, index, accessor)
    odd = {detail for mesh in gltf.table("meshes") for part in mesh["primitives"] for detail in _primitive(gltf, part)}
    odd |= {detail for index in range(len(gltf.table("meshes"))) for detail in _influences(gltf, index)}
    for detail in sorted(odd):
        finding.warn("spec_error", detail)
    for skin in gltf.table("skins"):
        _check_bind_matrices(gltf, skin)
    for animation in gltf.table("animations"):
        _check_animation(gltf, animation)


def _values(gltf: Gltf, index: int) -> Array | None:
    accessor = gltf.entry("accessors", index)
    stored = "bufferView" in accessor or "sparse" in accessor
    return gltf.array(index) if stored and known(accessor) else None


def _real(gltf: Gltf, index: int) -> Array | None:
    """As they are meant: normalized integers between -1 and 1."""
    values = _values(gltf, index)
    if values is None or values.dtype.kind == "f" or not gltf.entry("accessors", index).get("normalized"):
        return values
    return np.maximum(values.astype(np.float32) / np.iinfo(values.dtype).max, -1)


def _check_bounds(gltf: Gltf, index: int, accessor: dict[str, Any]) -> None:
    values = gltf.array(index)
    if values is None:
        return
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise Unsound("nonfinite", f"accessor {index} holds something that is not a number")
    for name, found in (("min", np.min), ("max", np.max)):
        if name in accessor:
            said = np.array(accessor[name], np.float64).astype(values.dtype)
            columns = values.T if values.shape[1] < 8 else values
            real = np.array([found(column) for column in columns]) if columns is not values else found(values, axis=0)
            if not np.array_equal(said, real):
                raise spec_error(f"accessor {index}: {name} is not that of its values")


def _primitive(gltf: Gltf, primitive: dict[str, Any]) -> Iterator[str]:
    attributes = primitive["attributes"]
    if "indices" in primitive:
        count = gltf.entry("accessors", next(iter(attributes.values())))["count"]
        _check_indices(_values(gltf, primitive["indices"]), count)
    for name in ("NORMAL", "TANGENT"):
        values = _real(gltf, attributes[name]) if name in attributes else None
        if values is None:
            continue
        lengths = np.sqrt(np.einsum("ij,ij->i", values[:, :3], values[:, :3], dtype=np.float64))
        if (np.abs(lengths - 1) > UNIT_LENGTH_3).any():
            yield f"a {name.lower()} is not of length 1"
        if values.shape[1] == 4 and (np.abs(values[:, 3]) != 1).any():
            raise spec_error("the sign of a tangent is neither 1 nor -1")
    colours = _values(gltf, attributes["COLOR_0"]) if "COLOR_0" in attributes else None
    if colours is not None and colours.dtype.kind == "f" and (colours.min() < 0 or colours.max() > 1):
        yield "a vertex colour is not between 0 and 1"


def _check_indices(indices: Array | None, count: int) -> None:
    if indices is None:
        return
    highest = int(indices.max())
    if highest >= count:
        raise Unsound("index_oob", f"index {highest} of {count} vertices")
    if highest == _RESTART[indices.dtype.itemsize]:
        raise spec_error(f"index {highest} would start a new strip")


def _influences(gltf: Gltf, index: int) -> Iterator[str]:
    """Joints and weights of a mesh, against the smallest skin it is drawn with."""
    skins = [node["skin"] for node in gltf.table("nodes") if node.get("mesh") == index and "skin" in node]
    if not skins:
        return
    limit = min(len(gltf.entry("skins", skin)["joints"]) for skin in skins)
    for primitive in gltf.table("meshes")[index]["primitives"]:
        sets = sum(name.startswith("JOINTS_") for name in primitive["attributes"])
        joints = [_values(gltf, primitive["attributes"][f"JOINTS_{number}"]) for number in range(sets)]
        weights = [_real(gltf, primitive["attributes"][f"WEIGHTS_{number}"]) for number in range(sets)]
        if sets and all(values is not None for values in (*joints, *weights)):
            yield from _influence(np.hstack(joints), np.hstack(weights), limit)  # type: ignore[arg-type]  # no None left


def _influence(joints: Array, weights: Array, limit: int) -> Iterator[str]:
    if int(joints.max()) >= limit:
        raise Unsound("index_oob", f"joint {int(joints.max())} of {limit}")
    if weights.min() < 0:
        raise spec_error("a weight of a joint is below 0")
    # A joint without weight does not count, so each of those gets a number of its own before the twins are looked for.
    alone = np.arange(joints.shape[1]) + limit
    ranked = np.sort(np.where(weights != 0, joints.astype(np.int64), alone), axis=1)
    if (ranked[:, 1:] == ranked[:, :-1]).any():
        raise spec_error("a vertex hangs on the same joint twice")
    room = 2e-7 * np.maximum((weights != 0).sum(axis=1), 1)
    if (np.abs(weights.sum(axis=1, dtype=np.float32) - 1) > room).any():
        yield "the weights of a vertex do not add up to 1"


def _check_bind_matrices(gltf: Gltf, skin: dict[str, Any]) -> None:
    matrices = _values(gltf, skin["inverseBindMatrices"]) if "inverseBindMatrices" in skin else None
    if matrices is not None and (matrices[:, (3, 7, 11, 15)] != (0, 0, 0, 1)).any():
        raise spec_error("the last row of a bind matrix is not 0 0 0 1")


def _check_animation(gltf: Gltf, animation: dict[str, Any]) -> None:
    for sampler in animation["samplers"]:
        times = _values(gltf, sampler["input"])
        if times is not None and (times.min() < 0 or (np.diff(times[:, 0]) <= 0).any()):
            raise spec_error("the times of an animation do not rise from 0")
    for channel in animation["channels"]:
        sampler = animation["samplers"][channel["sampler"]]
        turns = _real(gltf, sampler["output"]) if channel["target"]["path"] == "rotation" else None
        if turns is None or format_of(gltf.entry("accessors", sampler["output"]))[0] != "VEC4":
            continue
        turns = turns[1::3] if sampler.get("interpolation") == "CUBICSPLINE" else turns
        if (np.abs(np.linalg.norm(turns.astype(np.float64), axis=1) - 1) > UNIT_LENGTH).any():
            raise spec_error("a rotation of an animation is not of length 1")
