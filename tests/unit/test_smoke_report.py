"""When two witnesses of a Space agree."""

from pathlib import Path
from typing import Any

import pytest

from core.factory import Trial, Validation
from core.nouns import Artifact, Job, Origin
from jobs.smoke_test.looking import Keep, kind, looked_at
from tools.jobs.failures import JobFailed
from tools.jobs.smoke_report import SmokeReport, Told, ToldCall, compared, differences, read_report

JOB = Job(id="1", stage="COMPLETED", url="http://hub/jobs/me/1")


def trial(*kinds: str, failure: str = "") -> Trial:
    made = [
        Artifact.model_validate(
            {"kind": kind, "sha256": "0", "size": 1, "name": "x", "origin": Origin(tool="call_space", output=number)}
        )
        for number, kind in enumerate(kinds)
    ]
    return Trial(inputs={}, artifacts=tuple(made), failure=failure)


def call(*values: str, error: str | None = None) -> ToldCall:
    """A value is a Python type, or the kind of a file after `file:`."""
    told = []
    for value in values:
        name, _, found = value.partition(":")
        files = [{"kind": found, "size": 1, "sha256": "0"}] if name == "file" else []
        told.append({"type": "str" if files else name, "files": files})
    return ToldCall.model_validate({"seconds": 1.5, "error": error, "values": told})


@pytest.mark.parametrize(
    ("seen", "here"),
    [
        (trial("text"), call("str")),
        (trial("number", "boolean"), call("float", "bool")),
        (trial("image"), call("file:image")),
        (trial("model3d"), call("file:file")),
        (trial("file"), call("file:image")),
        (trial("json"), call("dict")),
        (trial("text"), call("str", "NoneType")),
        (trial(failure="AppFailed"), call(error="AppError: no")),
    ],
)
def test_the_same_kinds_are_agreement(seen, here):
    assert differences(seen, here) == []


@pytest.mark.parametrize(
    ("seen", "here", "words"),
    [
        (trial("image"), call("str"), "output 1 is str here, and image for the validator"),
        (trial("image"), call("file:audio"), "output 1 is audio here, and image for the validator"),
        (trial("number"), call("bool"), "output 1 is bool here, and number for the validator"),
        (trial("text", "text"), call("str"), "output 2 is missing here"),
        (trial("text"), call(error="X: no"), "it answered the validator, and failed here: X: no"),
        (trial(failure="AppFailed"), call("str"), "it answered here, and failed for the validator"),
    ],
)
def test_a_difference_is_named(seen, here, words):
    assert differences(seen, here) == [words]


def report(*calls: ToldCall, **more: Any) -> SmokeReport:
    trials = tuple(trial("text") for _ in calls)
    validation = Validation(space="me/a", revision="r", rung="output_type_ok", reasons=(), trials=trials)
    told = Told.model_validate({"client": "2.7.2", "error": None, "endpoints": {"/a": {}}, "calls": calls, **more})
    return compared(validation, "/a", told, JOB)


def test_the_first_call_and_the_warm_one_are_told_apart():
    found = report(call("str"), call("str").model_copy(update={"seconds": 0.2}))
    assert (found.agrees, found.first_seconds, found.warm_seconds) == (True, 1.5, 0.2)


def test_a_space_that_the_client_cannot_reach_is_no_agreement():
    found = report(error="ValueError: not found", endpoints={})
    assert (found.agrees, found.reasons) == (False, ("gradio_client could not call me/a: ValueError: not found",))


def test_an_endpoint_that_the_client_does_not_see_is_no_agreement():
    assert report(endpoints={"/b": {}}).reasons == ("/a is not among the endpoints that gradio_client sees",)


@pytest.mark.parametrize("text", ["", "[]", '{"client": 1}', "[" * 100_000, "\xff"])
def test_a_report_that_cannot_be_read_is_a_plain_failure(tmp_path, text):
    path = tmp_path / "result.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(JobFailed, match="cannot be read"):
        read_report(JOB, path)


def test_a_job_that_left_no_report_is_told_by_its_stage():
    with pytest.raises(JobFailed, match="its Job is ERROR; look at http://hub/jobs/me/1"):
        read_report(JOB.model_copy(update={"stage": "ERROR"}), None)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x89PNG\r\n", "image"),
        (b"RIFF\0\0\0\0WAVE", "audio"),
        (b"RIFF\0\0\0\0WEBP", "image"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"\0\0\0\x18ftypM4A ", "audio"),
        (b"glTF\x02", "model3d"),
        (b"", "file"),
        (b"hello", "file"),
    ],
)
def test_the_kind_of_a_file_is_in_its_first_bytes(tmp_path, head, found):
    path = tmp_path / "named.mp3"
    path.write_bytes(head)
    assert kind(path) == found


def test_only_what_the_client_has_downloaded_is_a_file(tmp_path):
    keep = Keep(tmp_path / "downloads", tmp_path / "kept")
    for path in (keep.downloads / "a.png", tmp_path / "secret"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\x89PNG")
    outside = str(Path(keep.downloads, "..", "secret"))
    seen = looked_at([str(keep.downloads / "a.png"), str(tmp_path / "secret"), outside, "a\0b"], keep)
    assert [file["kind"] for file in seen["files"]] == ["image"]
    assert [path.read_bytes() for path in keep.folder.iterdir()] == [b"\x89PNG"]
