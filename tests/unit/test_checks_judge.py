import pytest

from core.checks import (
    AudioCheck,
    FileCheck,
    ImageCheck,
    JsonCheck,
    JudgeCheck,
    MeshCheck,
    SplatCheck,
    TableCheck,
    TextCheck,
    Verdict,
    VideoCheck,
)
from tools.checks.examination import Examination
from tools.checks.judge import judge, passed


def seen(kind: str, format: str = "x", status: str = "pass", content=None, **facts) -> Examination:
    return Examination(
        kind=kind, format=format, facts=facts, gate=Verdict(check="gate", status=status, reason="r"), content=content
    )


MESH = seen("model3d", "glb", faces=480, texture_px=512, texture_count=1, extents=[1, 2, 3], bytes=4_000_000)


def statuses(examination: Examination, *checks):
    return [(verdict.check, verdict.status) for verdict in judge(examination.kind, examination, checks)]


def test_a_reason_says_what_was_wanted_what_was_measured_and_what_would_help():
    verdict = judge("model3d", MESH, [MeshCheck(min_faces=1000)])[1]
    assert verdict == Verdict(
        check="mesh",
        status="fail",
        reason="mesh.min_faces: wanted >= 1000, measured 480; ask the Space for more detail or choose another",
        facts={"faces": 480},
    )


def test_a_refused_gate_is_the_only_answer():
    assert statuses(seen("binary", status="fail"), MeshCheck()) == [("gate", "fail")]


def test_severity_warn_turns_a_fail_into_a_warning():
    verdicts = judge("model3d", MESH, [MeshCheck(min_faces=1000, severity="warn")])
    assert (verdicts[1].status, passed(verdicts)) == ("warn", True)


def test_false_is_not_a_demand():
    assert statuses(MESH, MeshCheck(watertight=False)) == [("gate", "pass"), ("mesh", "pass")]


def test_a_fact_that_was_asked_for_and_not_measured_is_unknown_and_does_not_pass():
    verdicts = judge("model3d", MESH, [MeshCheck(watertight=True)])
    assert (verdicts[1].status, passed(verdicts)) == ("unknown", False)


def test_a_default_bound_that_cannot_be_measured_is_only_a_warning():
    verdicts = judge("audio", seen("audio", "mp3", seconds=3.0), [AudioCheck(min_seconds=1)])
    assert (verdicts[1].status, passed(verdicts)) == ("warn", True)


def test_a_check_that_went_through_the_journal_asks_for_no_more_than_before():
    check = AudioCheck.model_validate(AudioCheck(min_seconds=1).model_dump())
    assert passed(judge("audio", seen("audio", "mp3", seconds=3.0), [check]))


def test_a_check_of_another_kind_fails_and_says_so():
    verdict = judge("image", seen("image", std=50.0), [MeshCheck()])[1]
    assert (verdict.status, verdict.reason) == (
        "fail",
        "a check of mesh does not fit: declared image, the content is image",
    )


@pytest.mark.parametrize(
    ("examination", "status"),
    [
        (seen("image", std=0.4, width=512, height=512), "fail"),
        (seen("image", std=40.0, width=512, height=512), "pass"),
        (seen("image", std=40.0, width=32, height=32), "warn"),
        (seen("model3d", faces=0), "fail"),
        (seen("model3d", faces=0, splats=90), "pass"),
        (seen("audio", seconds=0.01, silence=0.0), "fail"),
        (seen("audio", seconds=2.0, rms=0.0004, silence=1.0), "fail"),
        (seen("audio", seconds=2.0, rms=0.02, silence=0.97), "warn"),
        (seen("video", std=0.3, frozen=True), "fail"),
        (seen("video", std=30.0, frozen=True), "warn"),
        (seen("table", rows=0), "fail"),
        (seen("text", words=9, refusal=True, refusal_plain=True), "fail"),
        (seen("text", words=9, refusal=True, refusal_plain=False, failure=False), "warn"),
    ],
)
def test_bounds_that_hold_when_the_plan_says_nothing(examination, status):
    assert judge(examination.kind, examination, [])[1].status == status


def test_a_bound_the_plan_states_replaces_the_default():
    small = seen("image", std=40.0, width=32, height=32)
    assert statuses(small, ImageCheck(min_width=16, min_height=16)) == [("gate", "pass"), ("image", "pass")]


@pytest.mark.parametrize(
    ("check", "examination", "status"),
    [
        (ImageCheck(aspect="16:9"), seen("image", std=9.0, width=1920, height=1080), "pass"),
        (ImageCheck(aspect="16:9"), seen("image", std=9.0, width=1024, height=1024), "fail"),
        (ImageCheck(alpha=True), seen("image", std=9.0, alpha=False), "fail"),
        (ImageCheck(max_pixels=100), seen("image", std=9.0, width=20, height=20), "fail"),
        (MeshCheck(max_extent=2), MESH, "fail"),
        (MeshCheck(min_texture_px=1024), MESH, "fail"),
        (MeshCheck(textured=True), seen("model3d", faces=9, texture_count=1), "pass"),
        (FileCheck(max_mb=3), MESH, "fail"),
        (FileCheck(kind="glb"), MESH, "pass"),
        (FileCheck(kind="splat"), MESH, "fail"),
        (
            TextCheck(contains=("Marble",)),
            seen("text", words=3, content="a marble floor", refusal=False, refusal_plain=False, failure=False),
            "pass",
        ),
        (
            TextCheck(contains=("oak",)),
            seen("text", words=3, content="a marble floor", refusal=False, refusal_plain=False, failure=False),
            "fail",
        ),
        (TextCheck(contains=("oak",)), seen("text", words=3, content="a", characters=9), "unknown"),
        (JsonCheck(require=("a", "b")), seen("json", content=["a"], keys=1), "fail"),
        (JsonCheck(min_items=2), seen("json", items=3), "pass"),
        (SplatCheck(min_splats=100), seen("model3d", splats=90), "fail"),
        (SplatCheck(max_extent=2), seen("model3d", splats=90, extents=[1, 9, 1]), "fail"),
        (SplatCheck(), MESH, "fail"),
        (MeshCheck(valid="spec"), seen("model3d", faces=9, valid=True), "pass"),
        (MeshCheck(valid="spec"), seen("model3d", faces=9, valid=False), "fail"),
        (MeshCheck(valid="spec"), seen("model3d", faces=9), "unknown"),
        (MeshCheck(valid="loads"), seen("model3d", faces=9, valid=False), "pass"),
        (MeshCheck(max_bodies=1), seen("model3d", faces=9, bodies=3), "fail"),
        (VideoCheck(min_seconds=2), seen("video", seconds=1.5, std=30.0, frozen=False), "fail"),
        (VideoCheck(min_fps=12), seen("video", fps=24.0, std=30.0, frozen=False), "pass"),
        (VideoCheck(audio=True), seen("video", audio=False, std=30.0, frozen=False), "fail"),
        (VideoCheck(), seen("video", std=30.0, frozen=True), "fail"),
        (VideoCheck(frozen_ok=True), seen("video", std=30.0, frozen=True), "pass"),
        (TableCheck(columns=("name",)), seen("table", content=["name", "age"], rows=2, columns=2), "pass"),
        (TableCheck(columns=("size",)), seen("table", content=["name", "age"], rows=2, columns=2), "fail"),
        (TableCheck(columns=("size",)), seen("table", content=["name"], rows=2, columns=900), "unknown"),
        (TableCheck(min_rows=3), seen("table", rows=2), "fail"),
    ],
)
def test_every_kind_of_bound(check, examination, status):
    assert judge("file", examination, [check])[1].status == status


def test_foreign_text_stays_out_of_the_facts():
    verdict = judge("text", seen("text", words=2, content="secret words", refusal=False), [TextCheck(contains=("x",))])[
        1
    ]
    assert "secret" not in verdict.model_dump_json()


QUESTION = "Is there an arched window in it?"


def test_a_question_for_a_model_comes_last_and_only_warns():
    verdicts = judge(
        "image", seen("image", std=50.0, frames=1), [JudgeCheck(question=QUESTION), ImageCheck(max_frames=1)]
    )
    assert [verdict.check for verdict in verdicts] == ["gate", "image", "image", "judge"]
    assert (verdicts[-1].status, verdicts[-1].reason) == ("warn", f"no model is configured to answer: {QUESTION}")


def test_a_question_that_decides_is_unknown_without_a_model():
    verdicts = judge("image", seen("image", std=50.0), [JudgeCheck(question=QUESTION, severity="error")])
    assert (verdicts[-1].status, passed(verdicts)) == ("unknown", False)


def test_a_question_is_not_asked_about_what_has_failed_already():
    verdict = judge("image", seen("image", std=0.0), [JudgeCheck(question=QUESTION)])[-1]
    assert verdict.reason.startswith("not asked")


def test_the_spaces_example_or_the_steps_own_input_is_no_result():
    known = {"ab12": "the Space's example file"}
    verdict = judge("image", seen("image", std=50.0, bytes=900), [], "ab12", known)[1]
    assert verdict == Verdict(
        check="known",
        status="fail",
        reason="this is the Space's example file, byte for byte; the Space did not work on what it was given",
    )


@pytest.mark.parametrize(("sha256", "size"), [("cd34", 900), ("ab12", 3), ("", 900)])
def test_another_result_or_one_too_short_to_tell_is_not_recognised(sha256, size):
    known = {"ab12": "the step's own input"}
    verdicts = judge("text", seen("text", words=1, bytes=size), [], sha256, known)
    assert "known" not in [verdict.check for verdict in verdicts]
