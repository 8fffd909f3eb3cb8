import pytest

from core.checks import AudioCheck, FileCheck, ImageCheck, JsonCheck, MeshCheck, TextCheck, Verdict
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
        (seen("audio", seconds=2.0, silence=1.0), "fail"),
        (seen("text", words=9, refusal=True, refusal_plain=True), "fail"),
        (seen("text", words=9, refusal=True, refusal_plain=False), "warn"),
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
            seen("text", words=3, content="a marble floor", refusal=False, refusal_plain=False),
            "pass",
        ),
        (
            TextCheck(contains=("oak",)),
            seen("text", words=3, content="a marble floor", refusal=False, refusal_plain=False),
            "fail",
        ),
        (TextCheck(contains=("oak",)), seen("text", words=3, content="a", characters=9), "unknown"),
        (JsonCheck(require=("a", "b")), seen("json", content=["a"], keys=1), "fail"),
        (JsonCheck(min_items=2), seen("json", items=3), "pass"),
    ],
)
def test_every_kind_of_bound(check, examination, status):
    assert judge("file", examination, [check])[1].status == status


def test_foreign_text_stays_out_of_the_facts():
    verdict = judge("text", seen("text", words=2, content="secret words", refusal=False), [TextCheck(contains=("x",))])[
        1
    ]
    assert "secret" not in verdict.model_dump_json()
