"""The pointer in a published file: there to be read, and nothing that is seen has changed."""

import io
import json
import struct

import numpy
import pytest
import trimesh
from PIL import Image

from core.nouns import Artifact, Licensed, Origin
from tools.provenance import embedded, pointer

ORIGIN = Origin(
    tool="call_space",
    space="owner/painter",
    revision="abc",
    endpoint="/paint",
    licensed=(Licensed(what="owner/painter", role="space", license="mit"),),
    inputs=("1" * 64,),
)
ARTIFACT = Artifact(kind="image", sha256="2" * 64, size=3, name="A fox", file="fox.png", origin=ORIGIN)


def picture() -> bytes:
    noise = numpy.random.default_rng(1).integers(0, 255, (20, 30, 3), dtype=numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "png")
    return file.getvalue()


def model() -> bytes:
    return bytes(trimesh.creation.box().export(file_type="glb"))


def document(glb: bytes) -> dict[str, object]:
    (length,) = struct.unpack_from("<I", glb, 12)
    found: dict[str, object] = json.loads(glb[20 : 20 + length])
    return found


def test_the_pointer_names_maker_inputs_and_licences_and_no_prompt():
    assert pointer(ARTIFACT) == {
        "generator": "Spacewright",
        "artifact": f"sha256:{'2' * 64}",
        "made_by": "owner/painter@abc/paint",
        "inputs": [f"sha256:{'1' * 64}"],
        "licences": ["owner/painter: mit"],
        "ai_generated": True,
    }


def test_a_picture_tells_its_pointer_and_shows_the_same_pixels():
    signed = embedded(picture(), pointer(ARTIFACT))
    with Image.open(io.BytesIO(signed)) as image:
        image.load()
        assert json.loads(image.text["provenance"]) == pointer(ARTIFACT)
        with Image.open(io.BytesIO(picture())) as before:
            assert image.tobytes() == before.tobytes()


def test_a_model_tells_its_pointer_and_has_the_same_geometry():
    signed = embedded(model(), pointer(ARTIFACT))
    assert document(signed)["asset"]["extras"]["provenance"] == pointer(ARTIFACT)
    before, after = (trimesh.load(io.BytesIO(glb), file_type="glb").to_geometry() for glb in (model(), signed))
    assert numpy.array_equal(before.vertices, after.vertices) and numpy.array_equal(before.faces, after.faces)
    (whole,) = struct.unpack_from("<I", signed, 8)
    assert whole == len(signed) and (len(signed) % 4, signed[12:16] != b"") == (0, True)


@pytest.mark.parametrize("make", [picture, model])
def test_a_file_that_has_a_pointer_keeps_it(make):
    signed = embedded(make(), pointer(ARTIFACT))
    assert embedded(signed, {"generator": "another"}) == signed


def test_a_format_without_a_place_for_it_stays_as_it_is():
    assert embedded(b"RIFF....WAVE", pointer(ARTIFACT)) == b"RIFF....WAVE"
