"""The objects of a glTF document: which properties they have and what those may hold.

Source: glTF 2.0 specification, chapter 5, and the schemas of the Khronos extensions named here. A property that is
not listed is allowed, and nothing is known of it.
"""

from tools.checks.gltf.rules import (
    Constant,
    Flag,
    IndexMap,
    IndexMaps,
    Indices,
    Many,
    Names,
    Number,
    Numbers,
    One,
    Rule,
    Text,
    Whole,
)

Shape = dict[str, Rule]

INDEX, NEEDED_INDEX = Whole(), Whole(needed=True)
SHARE = Number(low=0, high=1)
POSITIVE = Number(above=0)
TEXTURE = One(shape="textureInfo")
QUARTER_TURN = 1.5707963267948966

_VERSION = r"^([0-9]+)\.([0-9]+)\Z"


def _named(**properties: Rule) -> Shape:
    return {"name": Text(), **properties}


SHAPES: dict[str, Shape] = {
    "glTF": {
        "extensionsUsed": Names(),
        "extensionsRequired": Names(),
        "asset": One(shape="asset", needed=True),
        "scene": INDEX,
        "accessors": Many(shape="accessor"),
        "animations": Many(shape="animation"),
        "buffers": Many(shape="buffer"),
        "bufferViews": Many(shape="bufferView"),
        "cameras": Many(shape="camera"),
        "images": Many(shape="image"),
        "materials": Many(shape="material"),
        "meshes": Many(shape="mesh"),
        "nodes": Many(shape="node"),
        "samplers": Many(shape="sampler"),
        "scenes": Many(shape="scene"),
        "skins": Many(shape="skin"),
        "textures": Many(shape="texture"),
    },
    "asset": {
        "copyright": Text(),
        "generator": Text(),
        "version": Text(pattern=_VERSION, needed=True),
        "minVersion": Text(pattern=_VERSION),
    },
    "buffer": _named(uri=Text(), byteLength=Whole(low=1, needed=True)),
    "bufferView": _named(
        buffer=NEEDED_INDEX,
        byteOffset=Whole(),
        byteLength=Whole(low=1, needed=True),
        byteStride=Whole(low=4, high=252, multiple=4),
        target=Constant(),
    ),
    "accessor": _named(
        bufferView=INDEX,
        byteOffset=Whole(),
        componentType=Constant(needed=True),
        normalized=Flag(),
        count=Whole(low=1, needed=True),
        type=Text(needed=True),
        sparse=One(shape="sparse"),
    ),
    "sparse": {
        "count": Whole(low=1, needed=True),
        "indices": One(shape="sparseIndices", needed=True),
        "values": One(shape="sparseValues", needed=True),
    },
    "sparseIndices": {
        "bufferView": NEEDED_INDEX,
        "byteOffset": Whole(),
        "componentType": Constant(needed=True),
    },
    "sparseValues": {"bufferView": NEEDED_INDEX, "byteOffset": Whole()},
    "image": _named(uri=Text(), mimeType=Text(), bufferView=INDEX),
    "sampler": _named(magFilter=Constant(), minFilter=Constant(), wrapS=Constant(), wrapT=Constant()),
    "texture": _named(sampler=INDEX, source=INDEX),
    "textureInfo": {"index": NEEDED_INDEX, "texCoord": Whole()},
    "normalTextureInfo": {"index": NEEDED_INDEX, "texCoord": Whole(), "scale": Number()},
    "occlusionTextureInfo": {"index": NEEDED_INDEX, "texCoord": Whole(), "strength": SHARE},
    "material": _named(
        pbrMetallicRoughness=One(shape="pbrMetallicRoughness"),
        normalTexture=One(shape="normalTextureInfo"),
        occlusionTexture=One(shape="occlusionTextureInfo"),
        emissiveTexture=TEXTURE,
        emissiveFactor=Numbers(length=3, low=0, high=1),
        alphaMode=Text(),
        alphaCutoff=Number(low=0),
        doubleSided=Flag(),
    ),
    "pbrMetallicRoughness": {
        "baseColorFactor": Numbers(length=4, low=0, high=1),
        "baseColorTexture": TEXTURE,
        "metallicFactor": SHARE,
        "roughnessFactor": SHARE,
        "metallicRoughnessTexture": TEXTURE,
    },
    "mesh": _named(primitives=Many(shape="primitive", needed=True), weights=Numbers()),
    "primitive": {
        "attributes": IndexMap(needed=True),
        "indices": INDEX,
        "material": INDEX,
        "mode": Whole(high=6),
        "targets": IndexMaps(),
    },
    "node": _named(
        camera=INDEX,
        children=Indices(),
        skin=INDEX,
        matrix=Numbers(length=16),
        mesh=INDEX,
        rotation=Numbers(length=4, low=-1, high=1),
        scale=Numbers(length=3),
        translation=Numbers(length=3),
        weights=Numbers(),
    ),
    "scene": _named(nodes=Indices()),
    "skin": _named(inverseBindMatrices=INDEX, skeleton=INDEX, joints=Indices(needed=True)),
    "camera": _named(type=Text(needed=True)),
    "orthographic": {
        "xmag": Number(needed=True),
        "ymag": Number(needed=True),
        "zfar": Number(above=0, needed=True),
        "znear": Number(low=0, needed=True),
    },
    "perspective": {
        "aspectRatio": POSITIVE,
        "yfov": Number(above=0, needed=True),
        "zfar": POSITIVE,
        "znear": Number(above=0, needed=True),
    },
    "animation": _named(
        channels=Many(shape="channel", needed=True), samplers=Many(shape="animationSampler", needed=True)
    ),
    "channel": {"sampler": NEEDED_INDEX, "target": One(shape="target", needed=True)},
    "target": {"node": INDEX, "path": Text(needed=True)},
    "animationSampler": {"input": NEEDED_INDEX, "interpolation": Text(), "output": NEEDED_INDEX},
    "lights": {"lights": Many(shape="light", needed=True)},
    "light": _named(
        color=Numbers(length=3, low=0, high=1),
        intensity=Number(low=0),
        type=Text(needed=True),
        range=POSITIVE,
    ),
    "spot": {
        "innerConeAngle": Number(low=0, below=QUARTER_TURN),
        "outerConeAngle": Number(above=0, high=QUARTER_TURN),
    },
    "lightOfNode": {"light": NEEDED_INDEX},
    "variants": {"variants": Many(shape="variant", needed=True)},
    "variant": {"name": Text(needed=True)},
    "variantsOfPrimitive": {"mappings": Many(shape="mapping", needed=True)},
    "mapping": _named(variants=Indices(needed=True), material=NEEDED_INDEX),
    "pointer": {"pointer": Text(pattern=r"^(?:/(?:[^/~]|~0|~1)*)*\Z", needed=True)},
    "webp": {"source": INDEX},
    "textureTransform": {
        "offset": Numbers(length=2),
        "rotation": Number(),
        "scale": Numbers(length=2),
        "texCoord": Whole(),
    },
    "unlit": {},
    "anisotropy": {"anisotropyStrength": SHARE, "anisotropyRotation": Number(), "anisotropyTexture": TEXTURE},
    "clearcoat": {
        "clearcoatFactor": SHARE,
        "clearcoatTexture": TEXTURE,
        "clearcoatRoughnessFactor": SHARE,
        "clearcoatRoughnessTexture": TEXTURE,
        "clearcoatNormalTexture": One(shape="normalTextureInfo"),
    },
    "dispersion": {"dispersion": Number(low=0)},
    "emissiveStrength": {"emissiveStrength": Number(low=0)},
    "ior": {"ior": Number(low=1, besides=0)},
    "iridescence": {
        "iridescenceFactor": SHARE,
        "iridescenceTexture": TEXTURE,
        "iridescenceIor": Number(low=1),
        "iridescenceThicknessMinimum": Number(low=0),
        "iridescenceThicknessMaximum": Number(low=0),
        "iridescenceThicknessTexture": TEXTURE,
    },
    "specularGlossiness": {
        "diffuseFactor": Numbers(length=4, low=0, high=1),
        "diffuseTexture": TEXTURE,
        "specularFactor": Numbers(length=3, low=0, high=1),
        "glossinessFactor": SHARE,
        "specularGlossinessTexture": TEXTURE,
    },
    "sheen": {
        "sheenColorFactor": Numbers(length=3, low=0, high=1),
        "sheenColorTexture": TEXTURE,
        "sheenRoughnessFactor": SHARE,
        "sheenRoughnessTexture": TEXTURE,
    },
    "specular": {
        "specularFactor": SHARE,
        "specularTexture": TEXTURE,
        "specularColorFactor": Numbers(length=3, low=0),
        "specularColorTexture": TEXTURE,
    },
    "transmission": {"transmissionFactor": SHARE, "transmissionTexture": TEXTURE},
    "volume": {
        "attenuationColor": Numbers(length=3, low=0, high=1),
        "attenuationDistance": POSITIVE,
        "thicknessFactor": Number(low=0),
        "thicknessTexture": TEXTURE,
    },
}

CASES: dict[str, tuple[str, ...]] = {
    "camera": ("orthographic", "perspective"),
    "light": ("spot",),
}
"""Shapes whose `type` names the one property that must be there, an object of the shape of that name."""

_OF_MATERIALS = {
    "KHR_materials_unlit": "unlit",
    "KHR_materials_anisotropy": "anisotropy",
    "KHR_materials_clearcoat": "clearcoat",
    "KHR_materials_dispersion": "dispersion",
    "KHR_materials_emissive_strength": "emissiveStrength",
    "KHR_materials_ior": "ior",
    "KHR_materials_iridescence": "iridescence",
    "KHR_materials_pbrSpecularGlossiness": "specularGlossiness",
    "KHR_materials_sheen": "sheen",
    "KHR_materials_specular": "specular",
    "KHR_materials_transmission": "transmission",
    "KHR_materials_volume": "volume",
}

EXTENSIONS: dict[str, dict[str, str]] = {
    "KHR_lights_punctual": {"glTF": "lights", "node": "lightOfNode"},
    "KHR_materials_variants": {"glTF": "variants", "primitive": "variantsOfPrimitive"},
    "KHR_animation_pointer": {"target": "pointer"},
    "EXT_texture_webp": {"texture": "webp"},
    "KHR_texture_transform": dict.fromkeys(
        ("textureInfo", "normalTextureInfo", "occlusionTextureInfo"), "textureTransform"
    ),
    "KHR_mesh_quantization": {},
    **{name: {"material": shape} for name, shape in _OF_MATERIALS.items()},
}
"""By name: the shapes it may extend, and its own shape there. Of other extensions only the name is looked at."""
