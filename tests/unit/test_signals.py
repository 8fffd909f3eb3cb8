"""Which failure a status or a text of a Space is."""

from datetime import UTC, datetime

import pytest

from core.errors import (
    AccessRefused,
    AnswerBroken,
    AppFailed,
    CallLost,
    EndpointMissing,
    Failure,
    InputsRefused,
    QuotaExceeded,
    SpaceBusy,
    SpaceUnavailable,
)
from core.signals import app_error, refusal, retry_after, say, seconds_to_wait, speaks_of_quota

TITLE = "ZeroGPU quota exceeded"


@pytest.mark.parametrize(
    ("error", "title", "failure", "wait"),
    [
        (
            "You have exceeded your free ZeroGPU quota (60s requested vs. 12s left). Try again in 3:12:00. ",
            TITLE,
            QuotaExceeded,
            11_520,
        ),
        ("You have exceeded your Pro GPU quota (60s requested). Try again in 0:10:00", "", QuotaExceeded, 600),
        ("You have exceeded your GPU quota (60s requested vs. 55s left).", TITLE, QuotaExceeded, None),
        ("No GPU was available after 60s. Retry later", TITLE, SpaceBusy, 60),
        ("Waited too long", "ZeroGPU queue timeout", SpaceBusy, 60),
        ("Space app has reached its GPU limit. Sign in", TITLE, AccessRefused, None),
        ("Wait a moment", "ZeroGPU pending credits exceeded", SpaceBusy, 60),
        ("The requested GPU duration is larger than allowed", "ZeroGPU illegal duration", SpaceUnavailable, None),
        ("CUDA out of memory. Tried to allocate 20.00 GiB", "Error", SpaceUnavailable, None),
        ("Queue is full! Please try again.", None, SpaceBusy, None),
        ("404: Not Found", None, CallLost, None),
        ("Server stopped unexpectedly.", None, CallLost, None),
        ("Expired ZeroGPU proxy token", None, AccessRefused, None),
        ("429 rate limit reached, try again in 20 s", None, QuotaExceeded, 20),
        ("list index out of range", "Error", AppFailed, None),
        (None, "Error", AppFailed, None),
        ("", None, AppFailed, None),
    ],
)
def test_what_an_app_says(error: str | None, title: str | None, failure: type[Failure], wait: float | None) -> None:
    found = app_error("me/space", {"error": error, "title": title})
    assert (type(found), found.retry_after) == (failure, wait)
    assert "me/space" in str(found)
    assert type(app_error("me/space", error, title)) is failure


@pytest.mark.parametrize("error", [{}, None, {"error": {"deep": ["x"]}}, {"error": 7}, ["x"], 7])
def test_an_error_of_any_shape_is_the_apps(error: object) -> None:
    assert isinstance(app_error("me/space", error), AppFailed)


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (302, b"", AnswerBroken),
        (400, b'{"detail":"No function index provided."}', InputsRefused),
        (401, b'{"detail":"Not authenticated"}', AccessRefused),
        (403, b"<html>", AccessRefused),
        (404, b'{"detail":"Not Found"}', EndpointMissing),
        (413, b"Maximum file size exceeded", InputsRefused),
        (422, b'{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}', InputsRefused),
        (429, b"", SpaceBusy),
        (500, b"Internal Server Error", AppFailed),
        (502, b"<html><h1>Bad gateway", SpaceBusy),
        (503, b'{"detail":"Queue is full. Max size is 1 and size is 1."}', SpaceBusy),
        (503, b'{"detail":"Queue is stopped."}', SpaceBusy),
        (504, b"", SpaceBusy),
        (418, b"\xff\xfe" * 5000, AnswerBroken),
    ],
)
def test_what_a_status_means(status: int, body: bytes, failure: type[Failure]) -> None:
    found = refusal("me/space", "/draw", status, {}, body)
    assert type(found) is failure
    assert str(found).startswith("me/space ") and "\n" not in str(found) and len(str(found)) < 500
    assert "<h" not in str(found)


def test_a_validator_is_quoted_by_parameter() -> None:
    gradio = b'{"detail":[{"__type__":"validate","is_valid":false,"message":"too short","parameter_name":"p"}]}'
    fastapi = b'{"detail":[{"type":"missing","loc":["body","data"],"msg":"Field required"}]}'
    assert "'p: too short'" in str(refusal("me/space", "/draw", 422, {}, gradio))
    assert "'body.data: Field required'" in str(refusal("me/space", "/draw", 422, {}, fastapi))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3),
        ("2.5", 2.5),
        ("-1", 0),
        ("99999999", 86_400),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("nan", None),
        ("", None),
    ],
)
def test_retry_after_in_both_forms(header: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert retry_after({"Retry-After": header}, now) == seconds
    assert retry_after({}, now) is None


def test_a_busy_space_says_for_how_long() -> None:
    assert refusal("me/space", "/draw", 503, {"retry-after": "7"}, b"").retry_after == 7
    assert refusal("me/space", "/draw", 429, {"retry-after": "7"}, b"").retry_after == 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Try again in 3:12:00", 11_520),
        ("try again in 1 day, 0:00:05", 86_400),
        ("Try again in 20 seconds.", 20),
        ("Try again in 2 min", 120),
        ("Try again later", None),
        ("", None),
    ],
)
def test_times_in_texts(text: str, seconds: float | None) -> None:
    assert seconds_to_wait(text) == seconds


def test_texts_that_stand_in_for_files() -> None:
    assert speaks_of_quota("Sorry, quota exceeded")
    assert not speaks_of_quota("a fox in the snow")


def test_foreign_text_is_one_harmless_line() -> None:
    assert say("a\nb\x1b[31m\u202ec\0d") == "'a b [31m c d'"
    assert say("x" * 1000, 10) == "'xxxxxxxxx…'"
