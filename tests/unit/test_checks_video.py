import numpy as np
import pytest

from tests.unit.checks_media_samples import encoded, film, moving
from tests.unit.checks_samples import looked_at
from tools.checks.measure import measure

pytest.importorskip("av")


def facts(data: bytes):
    return measure(data, "video")["facts"]


@pytest.mark.parametrize(
    ("format", "sniffed", "codec"),
    [
        ("mp4", "mp4", "mpeg4"),
        ("mov", "mov", "mpeg4"),
        ("matroska", "mkv", "mpeg4"),
        ("webm", "webm", "libvpx"),
        ("avi", "avi", "mpeg4"),
        ("flv", "flv", "flv"),
    ],
)
def test_frames_are_counted_and_timed(format, sniffed, codec):
    found = facts(film(moving(), format, codec=codec))
    assert (found["format"], found["frames"], found["width"], found["height"]) == (sniffed, 12, 96, 64)
    assert (found["fps"], found["seconds"]) == (pytest.approx(10, abs=0.2), pytest.approx(1.2, abs=0.05))
    assert (found["frozen"], found["audio"], found["std"] > 20) == (False, False, True)


def test_a_video_that_does_not_move_is_frozen():
    assert facts(film([moving()[3]] * 12))["frozen"] is True


def test_a_video_of_one_colour_is_blank():
    assert facts(film([np.full((64, 96, 3), 90, np.uint8)] * 12))["std"] < 2


def test_a_cut_video_is_refused():
    whole = film(moving(60))
    assert looked_at(whole[: len(whole) // 2], "video")[0] == "fail"


def test_a_stream_that_ends_early_is_truncated():
    whole = film(moving(60), "matroska")
    assert looked_at(whole[: len(whole) // 3], "video") == ("fail", "truncated")


@pytest.mark.parametrize("format", ["mp4", "matroska", "avi"])
def test_a_video_that_is_a_document_too_is_refused(format):
    free = b"\0\0\0\x20free%PDF-1.4 and so on and so".ljust(32, b" ")
    assert looked_at(film(moving(), format) + free, "video") == ("fail", "polyglot")


@pytest.mark.parametrize(
    "text", [b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n", b"ffconcat version 1.0\nfile other.mp4\n"]
)
def test_a_playlist_is_no_video(text):
    assert looked_at(text, "video") == ("fail", "type_mismatch")


def test_a_playlist_inside_a_video_is_refused():
    data = film(moving(), "avi")
    assert looked_at(data[:-40] + b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/\n\n\n\n", "video") == (
        "fail",
        "external_ref",
    )


def test_a_track_that_is_encrypted_is_refused():
    assert looked_at(film(moving()).replace(b"mp4v", b"encv"), "video") == ("fail", "encrypted")


def test_samples_in_another_file_are_refused():
    data = film(moving())
    place = data.index(b"dref") - 4
    elsewhere = data[: place + 16] + (24).to_bytes(4, "big") + b"url " + bytes(4) + b"http://a.b/c"
    assert looked_at(elsewhere + data[place + 28 :], "video")[0] == "fail"


def test_a_container_with_sound_only_is_sound():
    assert measure(encoded("aac", "mp4"), "audio")["kind"] == "audio"
    assert looked_at(encoded("aac", "mp4"), "video") == ("fail", "type_mismatch")
