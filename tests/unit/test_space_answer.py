"""What a Space answered, held against what it promised."""

from typing import Any

import pytest

from core.errors import AnswerBroken, QuotaExceeded
from core.nouns import Endpoint, Kind, Output
from tools.space_answer import MOST_PARTS, Part, read_answer, suffix
from tools.space_schema import Wire


def file(path: str = "/files/a.png", **more: Any) -> dict[str, Any]:
    return {"path": path, "orig_name": "a.png", "meta": {"_type": "gradio.FileData"}, "url": None} | more


def answer(value: Any, kind: Kind = "image", many: bool = False) -> tuple[Part, ...]:
    endpoint = Endpoint(name="/x", outputs=(Output(label="Out", kind=kind, many=many),))
    wire = Wire(endpoint="/x", function=0, protocol="sse_v3", prefix="", inputs=(), outputs=(True,))
    return read_answer("me/space", endpoint, wire, [value])


@pytest.mark.parametrize(
    ("value", "kind", "many", "found"),
    [
        (file(), "image", False, [("image", "/files/a.png")]),
        (file("/files/a.glb"), "model3d", False, [("model3d", "/files/a.glb")]),
        ({"video": file("/files/a.mp4"), "subtitles": None}, "video", False, [("video", "/files/a.mp4")]),
        (
            {"background": file("/b"), "layers": [], "composite": file("/c"), "id": None},
            "image",
            False,
            [("image", "/c")],
        ),
        ({"background": file("/b"), "layers": [], "composite": None}, "image", False, [("image", "/b")]),
        ({"image": file("/i"), "annotations": []}, "image", False, [("image", "/i")]),
        ([file("/a"), file("/b")], "image", True, [("image", "/a"), ("image", "/b")]),
        (
            [{"image": file("/a"), "caption": None}, {"video": file("/b")}],
            "image",
            True,
            [("image", "/a"), ("video", "/b")],
        ),
        ([[file("/a"), "caption"], [file("/b"), None]], "image", True, [("image", "/a"), ("image", "/b")]),
        ([file("/a"), None], "image", True, [("image", "/a")]),
        ({"__type__": "update", "value": file("/u"), "visible": True}, "image", False, [("image", "/u")]),
    ],
)
def test_files_are_found_in_every_frame(value: Any, kind: Kind, many: bool, found: list[tuple[str, str]]) -> None:
    assert [(part.kind, part.path) for part in answer(value, kind, many)] == found


@pytest.mark.parametrize(
    "value", ["a text", 7, True, {}, {"path": ""}, {"path": 7}, [file()], {"image": {"path": 7}}, "", [""]]
)
def test_what_is_no_file_is_not_taken_for_one(value: Any) -> None:
    with pytest.raises(AnswerBroken, match="me/space"):
        answer(value)


@pytest.mark.parametrize("value", [file(is_stream=True), file("/stream/playlist.m3u8")])
def test_a_live_stream_is_no_file(value: Any) -> None:
    with pytest.raises(AnswerBroken, match="streams"):
        answer(value, "video")


def test_a_quota_in_place_of_a_file_is_a_quota() -> None:
    with pytest.raises(QuotaExceeded) as caught:
        answer("Sorry, quota exceeded. Try again in 0:01:00")
    assert caught.value.retry_after == 60


def test_json_that_looks_like_a_file_stays_json() -> None:
    assert answer(file(), "json") == (Part(0, "Out", "json", value=file()),)


@pytest.mark.parametrize(
    ("value", "kind", "kept"),
    [
        ("words", "text", "words"),
        (7, "text", "7"),
        ({"text": "hello", "files": []}, "text", "hello"),
        (0.5, "number", 0.5),
        (False, "boolean", False),
        ("<b>x</b>", "html", "<b>x</b>"),
        ({"headers": [], "data": []}, "table", {"headers": [], "data": []}),
    ],
)
def test_values_are_kept_by_kind(value: Any, kind: Kind, kept: Any) -> None:
    assert [part.value for part in answer(value, kind)] == [kept]


@pytest.mark.parametrize(
    ("value", "kind"), [("7", "number"), (True, "number"), (1, "boolean"), ([], "text"), ({}, "html")]
)
def test_values_of_another_kind_are_refused(value: Any, kind: Kind) -> None:
    with pytest.raises(AnswerBroken, match=r"something else|answered text"):
        answer(value, kind)


def test_several_choices_become_several_texts() -> None:
    assert [part.value for part in answer(["a", "b"], "text", True)] == ["a", "b"]


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(AnswerBroken, match="more than"):
        answer([file()] * (MOST_PARTS + 1), "image", True)


@pytest.mark.parametrize(
    ("head", "name", "found"),
    [
        (b"glTF\x02\0\0\0", "evil.exe", ".glb"),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", ".png"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", ".wav"),
        (b"\0\0\0\x18ftypisom", "", ".mp4"),
        (b"ply\nformat", "scene.ply", ".ply"),
        (b'{"asset": {}}', "scene.gltf", ".gltf"),
        (b'{"a": 1}', "scene.png", ".json"),
        (b"v 0 0 0\n", "mesh.OBJ", ".obj"),
        (b"a,b\n", "table.csv", ".csv"),
        (b"\0\0\0\0", "scene.splat", ".splat"),
        (b"MZ", "setup.exe", ".bin"),
        (b"hello", "../../etc/passwd", ".bin"),
        (b"", "", ".bin"),
    ],
)
def test_a_suffix_follows_the_content_first(head: bytes, name: str, found: str) -> None:
    assert suffix(head, name) == found


def test_a_file_that_stands_in_the_answer_itself_is_taken_from_there() -> None:
    svg = {"path": None, "url": "data:image/svg+xml;base64,PHN2Zy8+", "orig_name": None}
    plain = {"path": None, "url": "data:image/svg+xml,%3Csvg%2F%3E"}
    assert [part.data for value in (svg, plain) for part in answer(value)] == [b"<svg/>", b"<svg/>"]


@pytest.mark.parametrize(
    "url", ["https://example.com/a.png", "file:///a.png", "data:image/png;base64,?", "data:," + "a" * 8_000_001]
)
def test_no_address_is_followed_and_no_endless_one_decoded(url: str) -> None:
    with pytest.raises(AnswerBroken):
        answer({"path": None, "url": url})
