"""Exchanges with a model can be looked at afterwards, without a secret in them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, Tracer, TracerProvider
from smolagents.models import ChatMessage, MessageRole

from core.errors import Failure, RecordUnusable
from core.language_model import LanguageModel, Patience
from core.model_spec import ModelSpec
from core.tracing import TraceFile, Watch, spans
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

ROOT = Path(__file__).parents[2]
SECRET = "hf_" + "Ab1" * 10
USAGE = {"prompt_tokens": 7, "completion_tokens": 2}


class KeptSpan(NonRecordingSpan):
    def __init__(self, attributes: dict[str, Any], began: int, parent: int) -> None:
        super().__init__(SpanContext(1, 2, False, TraceFlags(1)))
        self.attributes, self.began, self.parent = attributes, began, parent
        self.status: Any = None
        self.ended = 0

    def set_status(self, status: Any, description: str | None = None) -> None:
        self.status = (status, description)

    def end(self, end_time: int | None = None) -> None:
        self.ended = end_time or 0


class Kept(Tracer, TracerProvider):
    """A provider of the application, as OpenTelemetry lets one set up."""

    def __init__(self) -> None:
        self.spans: list[KeptSpan] = []

    def get_tracer(self, *_: Any, **__: Any) -> Tracer:
        return self

    def start_span(self, name: str, *_: Any, attributes: Any = None, start_time: Any = None, **__: Any) -> KeptSpan:
        self.spans.append(KeptSpan(dict(attributes), start_time, trace.get_current_span().get_span_context().span_id))
        return self.spans[-1]

    @contextmanager
    def start_as_current_span(self, *_: Any, **__: Any) -> Iterator[Any]:
        yield None


@pytest.fixture(scope="module")
def kept() -> Kept:
    provider = Kept()
    trace.set_tracer_provider(provider)
    return provider


def ask(script: list[Reply], watch: Watch, text: str = "Hello?") -> None:
    with ScriptedChat(script) as chat:
        spec = ModelSpec.parse(f"openai:m@{chat.base_url}")
        model = LanguageModel(spec, secret=SECRET, watch=watch, patience=Patience(attempts=2, pause=0.01))
        model.generate([ChatMessage(role=MessageRole.USER, content=[{"type": "text", "text": text}])])


def test_every_exchange_is_a_line_of_the_file(tmp_path):
    path = tmp_path / "traces" / "model.jsonl"
    ask([Reply(status=500, body="<html>"), Reply("Hi", usage=USAGE)], TraceFile(path), f"My token is {SECRET}")
    first, second = map(json.loads, path.read_text("utf-8").splitlines())
    assert (first["status"], first["answer"], first["usage"]["requests"]) == (500, "<html>", 0)
    assert second["question"]["messages"][0]["content"] == "My token is [secret]"
    assert second["answer"]["choices"][0]["message"]["content"] == "Hi"
    assert (second["usage"]["tokens_in"], second["usage"]["tokens_out"]) == (7, 2)


def test_a_request_without_an_answer_is_a_line_too(tmp_path):
    path = tmp_path / "model.jsonl"
    with pytest.raises(Failure):
        ask([Reply(reset_after=0)] * 2, TraceFile(path))
    assert [json.loads(line)["status"] for line in path.read_text("utf-8").splitlines()] == [None, None]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(RecordUnusable, match="cannot be written"):
        ask([Reply("Hi")], TraceFile(tmp_path / "taken" / "model.jsonl"))


def test_an_exchange_is_a_span_with_the_names_of_openinference(kept):
    call = ToolCall("look", {"place": "sky"})
    parent = NonRecordingSpan(SpanContext(1, 77, False, TraceFlags(1)))
    with trace.use_span(parent):
        ask([Reply("Hi", tool_calls=[call], usage=USAGE)], spans())
    span = kept.spans[-1]
    wanted = {
        "openinference.span.kind": "LLM",
        "llm.model_name": "m",
        "llm.token_count.total": 9,
        "llm.input_messages.0.message.content": "Hello?",
        "llm.output_messages.0.message.content": "Hi",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
    }
    assert {name: span.attributes[name] for name in wanted} == wanted
    assert (span.parent, span.status) == (77, None) and span.ended > span.began


def test_a_refused_request_is_a_span_with_an_error(kept):
    with pytest.raises(Failure):
        ask([Reply(status=402, body={"error": f"pay, {SECRET}"})], spans())
    assert kept.spans[-1].status == (trace.StatusCode.ERROR, "status 402")
    assert SECRET not in str(kept.spans[-1].attributes)


def test_nothing_is_imported_for_whoever_wants_no_spans():
    code = "import core.language_model, sys; print('opentelemetry' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]
