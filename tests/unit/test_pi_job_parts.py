"""The parts of the Job that runs Pi which need no process: what they make of events, answers, files and orders."""

import importlib
import json
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.pi_coder import answer, budget, events, order, outcome, redaction, seccomp, workspace

SCRIPT = Path(__file__).parents[2] / "jobs/pi_coder"


@pytest.fixture
def siblings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a module of the script as the script does, and forgets it afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(SCRIPT))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == SCRIPT:
            del sys.modules[name]


ENDED: dict[str, Any] = {
    "ending": None,
    "settled": True,
    "aborted": False,
    "stop": "stop",
    "error": "",
    "reached": None,
    "code": 0,
    "complaint": "",
    "changed": ["app.py"],
}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, "done"),
        ({"code": 143}, "done"),
        ({"changed": []}, "nothing"),
        ({"stop": "error", "error": '401 "Invalid username or password."'}, "error"),
        ({"stop": "error", "error": "403 factory budget reached: 40 requests"}, "budget"),
        ({"stop": "length"}, "error"),
        ({"stop": "aborted", "aborted": True}, "aborted"),
        ({"settled": False, "code": -9}, "killed"),
        ({"settled": False, "code": 143}, "killed"),
        ({"settled": False, "code": 1, "complaint": "No API key found"}, "error"),
        ({"settled": False, "ending": outcome.Ending("budget", "factory budget reached: 3 answers of 3")}, "budget"),
        ({"ending": outcome.Ending("killed", "Pi was done, but did not end")}, "done"),
        ({"stop": "", "settled": True}, "error"),
    ],
)
def test_an_outcome_is_what_events_and_files_say(change: dict[str, Any], kind: str) -> None:
    assert outcome.judge(**{**ENDED, **change}).kind == kind


def test_a_story_counts_what_is_final_and_hears_when_it_is_over() -> None:
    usage = {"input": 10, "output": 5, "cacheRead": 3, "cacheWrite": 0, "cost": {"total": 0.5}}
    said = {"role": "assistant", "stopReason": "toolUse", "usage": usage}
    story = events.Story()
    told = [
        story.hear(event)
        for event in [
            {"type": "agent_start"},
            {"type": "turn_start"},
            {"type": "message_end", "message": {"role": "user"}},
            {"type": "message_end", "message": said},
            {"type": "tool_execution_start", "toolName": "bash", "args": {"command": "ls"}},
            {"type": "tool_execution_end", "toolName": "bash", "isError": True},
            {"type": "turn_end"},
            {"type": "agent_end", "willRetry": True},
        ]
    ]
    assert [line for line in told if line] == ["turn 1: bash ls", "turn 1: bash failed"]
    assert (story.turns, story.input, story.output, story.dollars) == (1, 13, 5, 0.5)
    assert (story.settled, story.turn_over, story.stop) == (False, True, "toolUse")
    story.hear({"type": "agent_settled", "aborted": False})
    assert story.settled


@pytest.mark.parametrize("line", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_line_that_is_no_event_is_passed_over(line: bytes) -> None:
    assert events.read(line) is None


@pytest.mark.parametrize(
    "event",
    [{"type": "message_end", "message": 3}, {"type": "message_end", "message": {"role": "assistant", "usage": []}}],
)
def test_an_event_of_another_shape_breaks_nothing(event: dict[str, Any]) -> None:
    story = events.Story()
    story.hear(event)
    assert (story.input, story.dollars) == (0, 0.0)


def test_news_are_one_line_that_a_terminal_shows_as_it_is() -> None:
    assert events.news("turn 1: bash ls\n\x1b[2J\u202eabc") == "turn 1: bash ls ?[2J?abc"
    assert len(events.news("x" * 1000)) == events.LONGEST_NEWS


def test_a_streamed_answer_is_put_together() -> None:
    heard = answer.Answer()
    call = {"index": 0, "id": "c1", "function": {"name": "write", "arguments": '{"a"'}}
    for delta in ({"content": "I "}, {"content": "write."}, {"tool_calls": [call]}):
        heard.hear_line(b"data: " + json.dumps({"choices": [{"delta": delta}]}).encode())
    heard.hear_line(b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}')
    heard.hear_line(b'data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":4}}')
    for line in (b"data: [DONE]", b": comment", b"data: 7", b'data: {"choices": 3}', b'data: {"choices": [4]}'):
        heard.hear_line(line)
    assert heard.told() == {
        "text": "I write.",
        "tool_calls": [{"id": "c1", "name": "write", "arguments": '{"a":1}'}],
        "finish_reason": "tool_calls",
    }
    assert (heard.usage, heard.size) == ({"prompt_tokens": 4}, 8 + 7)


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        ({"prompt_tokens": 60, "completion_tokens": 41}, "101 tokens of 100"),
        ({"prompt_tokens": 1, "cost": 0.5}, "0.5000 dollars of 0.5"),
        ({"prompt_tokens": 10, "completion_tokens": 20}, "0.5000 dollars of 0.5"),
    ],
)
def test_a_budget_admits_nothing_beyond_it(usage: dict[str, Any], words: str) -> None:
    meter = budget.Meter(turns=9, tokens=100, dollars=0.5, price=budget.Price(10_000, 20_000))
    assert meter.admit() is None
    meter.count(usage, answered=True)
    assert words in (meter.admit() or "") and meter.requests == 1


def test_failed_answers_use_up_requests_and_not_turns() -> None:
    meter = budget.Meter(turns=2, tokens=100, dollars=0.5, price=None)
    for _ in range(22):
        assert meter.admit() is None
        meter.count({"prompt_tokens": "many", "completion_tokens": -4}, answered=False)
    assert meter.admit() == "factory budget reached: 22 requests" and (meter.input, meter.priced) == (0, False)


def test_a_request_goes_out_without_what_endpoints_refuse(siblings: Any) -> None:
    tool = {"type": "function", "function": {"name": "bash", "strict": True}}
    body = {"model": "m", "store": False, "n": 9, "max_tokens": 9000, "stream": True, "tools": [tool, 3]}
    assert siblings("proxy").fit(body, 70) == {
        "model": "m",
        "max_tokens": 70,
        "stream": True,
        "stream_options": {"include_usage": True},
        "tools": [{"type": "function", "function": {"name": "bash"}}, 3],
    }


def test_the_price_is_the_dearest_and_the_context_the_shortest_of_those_that_are_live(siblings: Any) -> None:
    upstream = siblings("upstream")
    about = {
        "id": "m",
        "providers": [
            {"provider": "a", "status": "live", "context_length": 200_000, "pricing": {"input": 0.2, "output": 1.5}},
            {"provider": "b", "status": "live", "context_length": 131_072, "pricing": {"input": 0.1, "output": 2}},
            {"provider": "c", "status": "error", "context_length": 8192, "pricing": {"input": 9, "output": 9}},
            {"provider": "d", "pricing": {"input": "free"}},
            7,
        ],
    }
    assert (upstream.price(about), upstream.context(about)) == ((upstream.Price(0.2, 2)), 131_072)
    assert (upstream.price({}), upstream.context({"providers": 3})) == (None, None)


@pytest.mark.parametrize(
    ("told", "pause"), [("3", 3.0), (None, 2.0), ("Wed, 21 Oct 2026", 2.0), ("-1", 0.0), ("nan", 2.0)]
)
def test_a_pause_is_what_the_endpoint_asks_for(siblings: Any, told: str | None, pause: float) -> None:
    assert siblings("upstream").wanted_pause(told, 0) == pause


def test_a_secret_is_taken_out_by_value_and_by_shape() -> None:
    redact = redaction.Redactor("the-token-itself")
    text = "a the-token-itself b hf_" + "x" * 30 + " https://me:word@host/"
    assert redact(text) == "a [secret] b [secret] https://[secret]@host/"
    assert redact.of_bytes(b"\xff the-token-itself") == b"\xff [secret]"
    assert redact.values(b"hf_" + b"x" * 30) == b"hf_" + b"x" * 30
    assert redaction.Redactor("")("nothing") == "nothing"


def written(folder: Path, told: Any, goal: str = "Build.") -> Path:
    (folder / "order.json").write_text(json.dumps(told))
    (folder / "goal.md").write_text(goal)
    return folder


def test_an_order_is_read_with_its_limits(tmp_path: Path) -> None:
    told = {"model": "a/b", "limits": {"turns": 3.0, "dollars": 2, "colour": "red"}, "system": "Be short."}
    found = order.read(written(tmp_path, told))
    assert found == order.Order("a/b", order.Limits(turns=3, dollars=2.0), "Build.", "Be short.")


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"model": " "},
        {"model": "m", "limits": [1]},
        *({"model": "m", "limits": {"turns": n}} for n in (0, "3", True)),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(tmp_path: Path, told: Any) -> None:
    with pytest.raises(order.BadOrder):
        order.read(written(tmp_path, told))


def test_only_plain_files_are_handed_back(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "target"
    (made / "lib").mkdir(parents=True)
    (made / ".pi").mkdir()
    for path in ("app.py", "lib/part.py", ".env", ".pi/settings.json", "old.txt", "new\nline", "-option"):
        (made / path).write_text("the-token-itself")
    (tmp_path / "outside.txt").write_text("outside")
    (made / "link.txt").symlink_to(tmp_path / "outside.txt")
    (made / "folder").symlink_to(tmp_path)
    os.mkfifo(made / "pipe.txt")
    os.link(tmp_path / "outside.txt", made / "hard.txt")
    with open(made / "big.bin", "wb") as file:
        file.truncate(workspace.LARGEST + 1)
    before = {"old.txt": workspace.digests(made)["old.txt"]}
    changed = workspace.hand_back(made, target, before, redaction.Redactor("the-token-itself").values)
    there = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    assert (changed, there) == (["app.py", "lib/part.py"], ["app.py", "lib/part.py", "old.txt"])
    assert (target / "app.py").read_text() == "[secret]"


def test_files_are_handed_back_up_to_a_number_and_a_size(tmp_path: Path) -> None:
    for number in range(workspace.MOST_FILES + 50):
        (tmp_path / f"{number}.txt").write_text("x")
    assert len(list(workspace.plain_files(tmp_path))) == workspace.MOST_FILES
    assert workspace.overflowing(tmp_path, most_files=100) == "Pi has written more than 100 files"
    assert workspace.overflowing(tmp_path, most_bytes=5000) == "Pi has written more than 5000 bytes"
    assert workspace.overflowing(tmp_path) is None


def answered(calls: seccomp.Calls, number: int, *arguments: int, architecture: int = 0) -> int:
    """What the filter answers, by walking through it as the kernel does."""
    given = struct.pack(
        "<iIQ6Q", number, architecture or calls.architecture, 0, *arguments, *[0] * (6 - len(arguments))
    )
    lines, place, loaded = seccomp.lines(calls), 0, 0
    while True:
        code, yes, no, value = lines[place]
        place += 1
        match code:
            case 0x20:
                loaded = struct.unpack_from("<I", given, value)[0]
            case 0x54:
                loaded &= value
            case 0x06:
                return value
            case _:
                held = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
                place += yes if held else no


@pytest.mark.parametrize("calls", seccomp.PROCESSORS.values(), ids=seccomp.PROCESSORS)
def test_the_filter_lets_through_tcp_and_nothing_else_of_the_network(calls: seccomp.Calls) -> None:
    stream, datagram, raw, close_on_exec = 1, 2, 3, 0o2000000
    allowed = [(2, stream, 0), (10, stream | close_on_exec, 6)]
    refused = [(2, datagram, 0), (1, stream, 0), (2, stream, 262), (16, raw, 0), (10, raw, 6), (17, raw, 3)]
    assert {answered(calls, calls.socket, *wanted) for wanted in allowed} == {0x7FFF0000}
    assert {answered(calls, calls.socket, *wanted) for wanted in refused} == {0x00050001}
    assert {answered(calls, number) for number in calls.denied} == {0x00050001}
    assert answered(calls, calls.sendto, 3, 0, 0, 0x20000000) == answered(calls, calls.sendmsg, 3, 0, 0x20000000)
    assert answered(calls, calls.sendto, 3, 0, 0, 0x4000) == answered(calls, 0) == 0x7FFF0000
    assert answered(calls, 425) == 0x00050026 and answered(calls, 0, architecture=3) == 0x00050001
