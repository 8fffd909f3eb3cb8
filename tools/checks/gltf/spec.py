"""Whether a glTF keeps to its specification, beyond the shapes of its objects.

Follows the errors of the Khronos validator (2.0.0-dev.3.10); its warnings are none here.
"""

from tools.checks.finding import Finding
from tools.checks.gltf.animations import check_animations
from tools.checks.gltf.document import Gltf
from tools.checks.gltf.links import (
    Uses,
    check_accessors,
    check_extensions,
    check_images,
    check_materials,
    check_textures,
    check_version,
    check_views,
)
from tools.checks.gltf.nodes import check_cameras, check_lights, check_nodes, check_scenes, check_skins
from tools.checks.gltf.primitives import check_meshes
from tools.checks.gltf.values import check_values


def check_spec(gltf: Gltf, finding: Finding) -> dict[int, int]:
    """The parent of every node that has one. Raises Unsound; what every viewer forgives is a warning."""
    check_version(gltf)
    check_extensions(gltf)
    parents = check_nodes(gltf)
    check_scenes(gltf, parents)
    uses = Uses(gltf)
    check_views(gltf)
    check_accessors(gltf, uses)
    check_images(gltf, uses)
    check_textures(gltf)
    check_materials(gltf)
    check_meshes(gltf, uses)
    check_skins(gltf, uses, parents)
    check_animations(gltf, uses)
    check_cameras(gltf)
    check_lights(gltf)
    check_values(gltf, finding)
    return parents
