"""Streams of events, cut anywhere, and what Gradio's queue says in them."""

import json
import random
import time
from itertools import pairwise
from typing import Any

import pytest

from core.errors import AnswerBroken, CallLost, Failure, QuotaExceeded
from core.sse import Finished, Message, Parser, Queued, Running, TooLong, read_json, read_message

STREAM = (
    b": a comment\n"
    b"event: generating\ndata: [1]\n\n"
    b'data: {"a":\ndata: 2}\r\n\r\n'
    b"id: 7\nretry: 10\nevent: heartbeat\n\n"
    b"data:bare\n\n\n" + "data: \u00e9\u20ac\n\n".encode()
)
EVENTS = [b"[1]", b'{"a":\n2}', b"bare", "é€".encode()]


def parsed(stream: bytes, cuts: list[int]) -> list[bytes]:
    parser = Parser()
    edges = [0, *sorted(cuts), len(stream)]
    return [event for a, b in pairwise(edges) for event in parser.feed(stream[a:b])]


def said(event: str = "mine", **message: Any) -> Message | None:
    return read_message("me/space", json.dumps(message).encode(), event)


def test_an_event_ends_at_an_empty_line() -> None:
    assert parsed(STREAM, []) == EVENTS


def test_where_the_network_cuts_makes_no_difference() -> None:
    chance = random.Random(7)
    for _ in range(300):
        assert parsed(STREAM, [chance.randrange(len(STREAM)) for _ in range(chance.randrange(12))]) == EVENTS
    assert parsed(STREAM, list(range(len(STREAM)))) == EVENTS


def test_a_half_event_at_the_end_is_no_event() -> None:
    assert Parser().feed(b"data: {}\n") == []


def test_a_line_without_an_end_is_limited() -> None:
    parser = Parser(longest=1000)
    with pytest.raises(TooLong):
        for _ in range(30):
            parser.feed(b"x" * 100)


def test_an_event_of_many_lines_is_limited() -> None:
    with pytest.raises(TooLong):
        Parser(longest=1000).feed(b"data: xxxxxxxxxx\n" * 200)


def test_many_small_events_are_not_one_large_one() -> None:
    assert len(Parser(longest=1000).feed(b"data: xxxxxxxxxx\n\n" * 2000)) == 2000


def test_the_time_grows_with_the_size_and_not_faster() -> None:
    def seconds(size: int) -> float:
        parser = Parser()
        start = time.process_time()
        for _ in range(size // 64):
            parser.feed(b"x" * 64)
        return time.process_time() - start

    seconds(100_000)
    # Quadratic would be 64 times as long.
    assert seconds(4_000_000) < 24 * max(seconds(500_000), 0.002)


def test_noise_never_breaks_the_parser() -> None:
    chance = random.Random(1)
    for _ in range(500):
        parser = Parser(longest=200)
        try:
            for _ in range(8):
                parser.feed(bytes(chance.choices(b"data: event\n\r{}[]\xff\0", k=chance.randrange(60))))
        except TooLong:
            pass


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ({"msg": "estimation", "event_id": "mine", "rank": 3, "queue_size": 9, "rank_eta": 1.5}, Queued(3, 1.5)),
        ({"msg": "estimation", "rank": None, "queue_size": 1, "rank_eta": None}, Queued(None, None)),
        ({"msg": "process_starts", "event_id": "mine", "eta": None}, Running()),
        ({"msg": "process_generating", "event_id": "mine", "output": {}, "success": True}, Running()),
        ({"msg": "progress", "progress_data": [{"index": 3, "length": 12, "desc": "steps"}]}, Running(0.25, "steps")),
        ({"msg": "progress", "progress_data": [{"progress": 7.0, "desc": None}]}, Running(1.0, "")),
        ({"msg": "progress", "progress_data": []}, Running()),
        ({"msg": "process_completed", "success": True, "output": {"data": ["x", None]}}, Finished(["x", None])),
        ({"msg": "heartbeat"}, None),
        ({"msg": "log", "log": "hello", "level": "info"}, None),
        ({"msg": "close_stream", "event_id": None}, None),
        ({"msg": "process_completed", "event_id": "another", "success": False, "output": {}}, None),
        ({"msg": "something of 2031"}, None),
    ],
)
def test_the_queue_is_understood(message: dict[str, Any], meaning: Message | None) -> None:
    assert said(**message) == meaning


@pytest.mark.parametrize(
    ("message", "failure"),
    [
        ({"msg": "unexpected_error", "message": "Server stopped unexpectedly.", "success": False}, CallLost),
        ({"msg": "unexpected_error", "message": "", "session_not_found": True}, CallLost),
        ({"msg": "process_completed", "success": False, "output": {"error": "GPU quota exceeded"}}, QuotaExceeded),
        ({"msg": "process_completed", "success": True, "output": {}}, AnswerBroken),
        ({"msg": "process_completed", "success": True, "output": None}, AnswerBroken),
        ({"msg": "process_completed", "success": True, "output": {"data": "x"}}, AnswerBroken),
    ],
)
def test_a_message_of_failure_is_a_failure(message: dict[str, Any], failure: type[Failure]) -> None:
    with pytest.raises(failure, match="me/space"):
        said(**message)


@pytest.mark.parametrize("data", [b"", b"[", b"[]", b"null", b"\xff", b"[" * 100_000, b"<html>"])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(AnswerBroken, match="me/space"):
        read_message("me/space", data, "mine")


def test_numbers_that_are_none_and_half_characters_do_not_enter() -> None:
    assert read_json("me/space", b'[NaN, Infinity, "a\\ud83d", "\\ud83d\\ude00"]', "it") == [None, None, "a?", "😀"]
