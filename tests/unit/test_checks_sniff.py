import pickle

import pytest

from tests.unit.checks_samples import glb, picture, tone, wav
from tools.checks.sniff import sniff


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"", "empty"),
        (glb(), "glb"),
        (picture(), "png"),
        (picture(format="JPEG"), "jpeg"),
        (picture(format="WEBP"), "webp"),
        (picture(format="GIF"), "gif"),
        (picture(format="AVIF"), "avif"),
        (wav(tone(0.1)), "wav"),
        (b"\0\0\0\x20ftypM4A \0\0", "m4a"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x7fELF\x02", "elf"),
        (b"ply\nformat ascii 1.0\n", "ply"),
        (b"\0" * 80 + (1).to_bytes(4, "little") + b"\0" * 50, "stl"),
        (b"solid a\nfacet normal 0 0 1\n", "stl"),
        (b"# made by hand\nv 0 0 0\nv 1 0 0\nf 1 2 1\n", "obj"),
        (b'{"asset": {"generator": "x", "version": "2.0"}}', "gltf"),
        (b'{"version": "2.0"}', "json"),
        (b"<!-- a page --><p>Hello", "html"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "svg"),
        ("\ufeffMarbre gris, très poli".encode(), "text"),
        (b"\x01\x02\x03\x04", "binary"),
    ],
)
def test_the_content_says_what_a_file_is(data, format):
    assert sniff(data).format == format


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_calls_something_is_known_at_every_protocol(protocol):
    assert sniff(pickle.dumps(BytesOf(), protocol)).family == "pickle"


def test_a_list_of_words_is_no_pickle():
    assert sniff(b"cats\ndogs\nhorses.\n").family == "text"


def test_a_character_cut_at_the_end_of_the_look_is_still_text():
    assert sniff(b"a" * 4095 + "é".encode() * 10).family == "text"


class BytesOf:
    def __reduce__(self):
        return bytes, (b"harmless",)
