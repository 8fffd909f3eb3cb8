"""The door to language models, against a real endpoint on loopback."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from PIL import Image
from smolagents import ToolCallingAgent
from smolagents.models import ChatMessage, MessageRole
from smolagents.monitoring import AgentLogger, LogLevel
from smolagents.tools import Tool
from smolagents.utils import AgentGenerationError

from core.errors import (
    BudgetSpent,
    Cancelled,
    Failure,
    ModelBroken,
    ModelBusy,
    ModelRefused,
    ModelUnpaid,
    Unreachable,
)
from core.language_model import LanguageModel, Patience
from core.meter import Meter, Price
from core.model_spec import ModelSpec
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

AT_ONCE = Patience(request=10, total=20, attempts=3, pause=0.01)
KEY = "key-of-a-test-0123456789"


class Look(Tool):
    name = "look"
    description = "Looks at a place."
    inputs = {"place": {"type": "string", "description": "Where."}}
    output_type = "string"

    def forward(self, place: str) -> str:
        return f"{place} is blue"


def model_of(chat: ScriptedChat, **more: object) -> LanguageModel:
    return LanguageModel(ModelSpec.parse(f"openai:m@{chat.base_url}"), **{"patience": AT_ONCE, **more})


def say(text: str) -> list[ChatMessage]:
    return [ChatMessage(role=MessageRole.USER, content=[{"type": "text", "text": text}])]


def failure_of(*script: Reply, **more: object) -> Failure:
    with ScriptedChat(script) as chat, pytest.raises(Failure) as caught:
        model_of(chat, **more).generate(say("Hello?"))
    return caught.value


def test_an_answer_comes_with_its_tokens():
    with ScriptedChat([Reply("Hello", usage={"prompt_tokens": 7, "completion_tokens": 2})]) as chat:
        answer = model_of(chat).generate(say("Hello?"))
    assert (answer.content, answer.tool_calls) == ("Hello", None)
    assert (answer.token_usage.input_tokens, answer.token_usage.output_tokens) == (7, 2)


def test_a_question_is_sent_in_the_plainest_form():
    with ScriptedChat([Reply("Hello")]) as chat:
        model_of(chat, temperature=0).generate(say("Hello?"), ["Observation:"], None, [Look()])
    body = chat.requests[0].body
    assert body["messages"] == [{"role": "user", "content": "Hello?"}]
    assert {name: body[name] for name in ("model", "temperature", "tool_choice", "max_tokens")} == {
        "model": "m",
        "temperature": 0,
        "tool_choice": "auto",
        "max_tokens": 8192,
    }
    assert "stop" not in body and body["tools"][0]["function"]["name"] == "look"


def test_half_a_character_in_a_question_is_replaced():
    with ScriptedChat([Reply("Hello")]) as chat:
        model_of(chat).generate(say("Hello \ud800"))
    assert chat.requests[0].texts == ["Hello ?"]


def test_a_picture_goes_along():
    picture = {"type": "image", "image": Image.new("RGB", (2, 2))}
    with ScriptedChat([Reply("Grey", usage={})]) as chat:
        model = model_of(chat)
        model.generate([ChatMessage(MessageRole.USER, [*say("What is it?")[0].content, picture])])
    assert chat.requests[0].body["messages"][0]["content"][1]["image_url"]["url"].startswith("data:image/png;base64,")
    assert model.meter.totals.tokens_in > 1500


def test_several_calls_come_with_their_arguments():
    calls = [ToolCall("look", {"place": "sky"}), ToolCall("look", raw_arguments="{'place': 'sea'}")]
    with ScriptedChat([Reply(tool_calls=calls)]) as chat:
        answer = model_of(chat).generate(say("Look"), tools_to_call_from=[Look()])
    assert [call.function.arguments["place"] for call in answer.tool_calls] == ["sky", "sea"]


def test_a_call_in_words_is_a_call_only_of_a_tool_that_there_is():
    said = 'I look.\n```json\n{"name": "%s", "arguments": {"place": "sky"}}\n```'
    with ScriptedChat([Reply(said % "look"), Reply(said % "delete")]) as chat:
        model = model_of(chat)
        answers = [model.generate(say("Look"), tools_to_call_from=[Look()]) for _ in range(2)]
    assert [call.function.name for call in answers[0].tool_calls] == ["look"]
    assert answers[1].tool_calls is None


def test_an_agent_of_smolagents_works_with_it():
    script = [
        Reply(tool_calls=[ToolCall("look", {"place": "sky"})]),
        Reply("I had better say it."),
        Reply(tool_calls=[ToolCall("final_answer", {"answer": "blue"})]),
    ]
    with ScriptedChat(script) as chat:
        agent = ToolCallingAgent([Look()], model_of(chat), logger=AgentLogger(LogLevel.OFF))
        assert agent.run("What colour is the sky?") == "blue"
    assert "sky is blue" in chat.requests[1].texts[-1]
    assert "calls no tool" in chat.requests[2].texts[-1]


def test_an_agent_ends_with_the_failure_as_its_cause():
    with ScriptedChat([Reply(status=402, body={"error": "pay"})]) as chat:
        agent = ToolCallingAgent([Look()], model_of(chat), logger=AgentLogger(LogLevel.OFF))
        with pytest.raises(AgentGenerationError) as caught:
            agent.run("What colour is the sky?")
    assert type(caught.value.__cause__) is ModelUnpaid


@pytest.mark.parametrize(
    ("status", "said", "kind", "words"),
    [
        (400, "bad tool", ModelRefused, "does not take the request (400): 'bad tool'"),
        (400, "maximum context length is 8", ModelRefused, "longer than m takes"),
        (401, "", ModelRefused, "SPACEWRIGHT_MODEL_KEY"),
        (402, "pay", ModelUnpaid, "without payment (402)"),
        (403, "no", ModelRefused, "not allowed with this key"),
        (404, "no", ModelRefused, "has no model m"),
        (301, "", ModelRefused, "does not take the request (301)"),
    ],
)
def test_a_refusal_is_one_line_and_is_not_asked_again(status, said, kind, words):
    failure = failure_of(Reply(status=status, body={"error": {"message": said}}))
    assert type(failure) is kind
    assert words in str(failure) and "\n" not in str(failure)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=429, body={}), ModelBusy),
        (Reply(status=500, body="<html>oops</html>"), ModelBusy),
        (Reply(status=503, body={"error": "no capacity"}), ModelBusy),
        (Reply(error={"message": "overloaded", "code": 529}), ModelBusy),
        (Reply(body="{broken"), ModelBroken),
        (Reply(body="[1, 2]"), ModelBroken),
        (Reply(body={"choices": []}), ModelBroken),
        (Reply(""), ModelBroken),
        (Reply("Hello there", chunk=9, reset_after=2), Unreachable),
        (Reply("Hello there", chunk=9, eof_after=2), Unreachable),
        (Reply(reset_after=0), Unreachable),
    ],
)
def test_trouble_is_tried_again_and_then_told(reply, kind):
    heard: list[str] = []
    with ScriptedChat([reply, Reply("Hello")]) as chat:
        assert model_of(chat, notice=heard.append).generate(say("Hello?")).content == "Hello"
    assert len(heard) == 1 and "asking again in" in heard[0]
    failure = failure_of(*[reply] * 3)
    assert type(failure) is kind and "asked 3 times" in str(failure)


def test_an_endpoint_that_says_nothing_is_given_up_in_time():
    failure = failure_of(*[Reply(hang=True)] * 2, patience=Patience(request=0.2, attempts=2, pause=0.01))
    assert (type(failure), str(failure)) == (
        ModelBusy,
        "m did not answer within 0 s; asked 2 times: try later or another model",
    )


def test_the_time_for_all_attempts_is_limited_too():
    began = time.monotonic()
    failure = failure_of(Reply(status=500, body={}), patience=Patience(total=5, pause=60))
    assert "asked once" in str(failure) and time.monotonic() - began < 4


def test_retry_after_is_waited_for():
    with ScriptedChat([Reply(status=429, headers={"Retry-After": "1"}), Reply("Hello")]) as chat:
        began = time.monotonic()
        model_of(chat).generate(say("Hello?"))
    assert 1 <= time.monotonic() - began < 5


def test_a_retry_after_beyond_all_patience_is_told_at_once():
    failure = failure_of(Reply(status=429, headers={"Retry-After": "3600"}, body={}))
    assert (type(failure), failure.retry_after) == (ModelBusy, 3600)
    assert "it wants 3,600 s of patience" in str(failure)


def test_a_server_that_is_not_there_is_told_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    heard: list[str] = []
    with pytest.raises(Unreachable, match="nothing listens at http"):
        LanguageModel(ModelSpec.parse(f"openai:m@{address}"), notice=heard.append).generate(say("Hello?"))
    assert heard == []


def test_a_name_is_looked_up():
    with ScriptedChat([Reply("Hello")]) as chat:
        spec = ModelSpec.parse(f"openai:m@{chat.base_url.replace('127.0.0.1', 'localhost')}")
        assert LanguageModel(spec).generate(say("Hello?")).content == "Hello"


def test_the_key_is_sent_and_never_told():
    with ScriptedChat([], key=KEY) as chat:
        model = model_of(chat, secret="wrong-" + KEY)
        with pytest.raises(ModelRefused) as caught:
            model.generate(say("Hello?"))
    assert chat.requests[0].headers["authorization"] == f"Bearer wrong-{KEY}"
    assert KEY not in f"{caught.value} {model!r} {model.to_dict()} {caught.value.__cause__}"


def test_an_endpoint_that_repeats_the_key_is_not_quoted_with_it():
    failure = failure_of(Reply(status=400, body={"error": f"no such key: {KEY}"}), secret=KEY)
    assert KEY not in str(failure) and "no such key" in str(failure)


def test_an_organisation_pays_when_it_is_named_and_nobody_else_is_told_of_it():
    with ScriptedChat([Reply("Hello", repeat=2)]) as chat:
        router = ModelSpec(kind="hf", model="a/b", base_url=chat.base_url)
        other = ModelSpec.parse(f"openai:m@{chat.base_url}")
        for spec in (router, other):
            LanguageModel(spec, secret=KEY, bill_to="us").generate(say("Hello?"))
    assert [request.headers.get("x-hf-bill-to") for request in chat.requests] == ["us", None]


@pytest.mark.parametrize(("spec", "words"), [("hf:a/b", "set HF_TOKEN"), ("catalogue", "nobody to ask")])
def test_a_model_that_cannot_be_asked_is_told_before_it_is(spec, words):
    with pytest.raises(ModelRefused, match=words):
        LanguageModel(ModelSpec.parse(spec))


def test_a_redirect_is_not_followed():
    with ScriptedChat([]) as elsewhere:
        moved = Reply(status=307, headers={"Location": f"{elsewhere.base_url}/chat/completions"}, body={})
        with ScriptedChat([moved]) as chat, pytest.raises(ModelRefused, match=r"\(307\)"):
            model_of(chat, secret=KEY).generate(say("Hello?"))
    assert elsewhere.requests == []


def test_an_endless_answer_is_given_up():
    endless = Reply(body='{"a": "' + "x" * 20_100_000)
    assert "more than 20,000,000 bytes" in str(failure_of(endless, patience=Patience(attempts=1)))


def test_a_question_that_nobody_took_costs_nothing():
    meter = Meter()
    with pytest.raises(Unreachable):
        LanguageModel(ModelSpec.parse("openai:m@http://127.0.0.1:9/v1"), meter=meter).generate(say("Hello?"))
    assert meter.totals.tokens == 0


def test_an_answer_that_never_came_is_counted_with_its_question():
    meter = Meter()
    with ScriptedChat([Reply(hang=True)]) as chat, pytest.raises(ModelBusy):
        model_of(chat, meter=meter, patience=Patience(request=0.2, attempts=1)).generate(say("Hello?"))
    assert meter.totals.tokens_in > 0


def test_an_endpoint_that_calls_the_limit_otherwise_is_understood():
    script = [
        Reply(status=400, body={"error": {"message": "use 'max_completion_tokens' instead"}}),
        Reply("a", repeat=2),
    ]
    with ScriptedChat(script) as chat:
        model = model_of(chat, answer_tokens=50)
        for _ in range(2):
            model.generate(say("Hello?"))
    sent = [[name for name in request.body if name.startswith("max")] for request in chat.requests]
    assert sent == [["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"]]


def test_what_is_used_is_counted_and_told():
    told: list[tuple[int, int, float]] = []
    meter = Meter(spend=lambda *used: told.append(used))
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 500_000}
    with ScriptedChat([Reply("Hello", usage=usage), Reply(status=500, body={}), Reply("Hello", usage={})]) as chat:
        model = model_of(chat, meter=meter, price=Price(tokens_in=1, tokens_out=2))
        for _ in range(2):
            model.generate(say("Hello?"))
    assert told[0] == (1_000_000, 500_000, 2.0)
    assert (meter.totals.requests, len(told)) == (2, 2)
    assert told[1][0] > 0, "an endpoint that keeps no count is reckoned"


def test_a_request_that_the_budget_does_not_cover_is_never_made():
    meter = Meter(tokens=300)
    with ScriptedChat([Reply("Hello", usage={"prompt_tokens": 200, "completion_tokens": 50})]) as chat:
        model = model_of(chat, meter=meter, answer_tokens=100)
        model.generate(say("Hello?"))
        with pytest.raises(BudgetSpent, match="250 of 300 tokens are used"):
            model.generate(say("Hello?"))
    assert len(chat.requests) == 1


def test_requests_side_by_side_do_not_pass_the_budget_together():
    meter = Meter(tokens=1000)
    with ScriptedChat([Reply(hang=True)]) as chat:
        model = model_of(chat, meter=meter, answer_tokens=900)
        first = in_thread(lambda: model.generate(say("Hello?")))
        assert chat.holding.wait(5)
        with pytest.raises(BudgetSpent):
            model.generate(say("Hello?"))
        model.cancel()
        first.join(5)
    assert 0 < meter.totals.tokens < 1000, "the question was read, so it is counted"


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply("Hello there", chunk=9, stall_after=2)])
def test_cancelling_ends_a_request_within_a_second(reply):
    ended: list[float] = []
    with ScriptedChat([reply]) as chat:
        model = model_of(chat)

        def ask() -> None:
            with pytest.raises(Cancelled):
                model.generate(say("Hello?"))
            ended.append(time.monotonic())

        thread = in_thread(ask)
        assert chat.holding.wait(5)
        began = time.monotonic()
        model.cancel()
        thread.join(5)
        assert chat.hung_up.wait(5), "the connection is closed"
    assert ended and ended[0] - began < 1


def test_cancelling_ends_the_wait_for_a_retry():
    waiting = threading.Event()
    with ScriptedChat([Reply(status=429, headers={"Retry-After": "19"})]) as chat:
        model = model_of(chat, notice=lambda _: waiting.set())
        thread = in_thread(lambda: model.generate(say("Hello?")))
        assert waiting.wait(5)
        model.cancel()
        thread.join(1)
        assert not thread.is_alive()


def test_a_cancelled_model_is_not_asked_again():
    with ScriptedChat([]) as chat:
        model = model_of(chat)
        model.cancel()
        with pytest.raises(Cancelled):
            model.generate(say("Hello?"))
    assert chat.requests == []


def test_many_threads_ask_one_model_side_by_side():
    heard: list[str] = []
    with ScriptedChat(lambda asked: Reply(asked.texts[-1])) as chat:
        model = model_of(chat)
        threads = [in_thread(lambda n=n: heard.append(model.generate(say(f"n{n}")).content)) for n in range(16)]
        for thread in threads:
            thread.join(20)
    assert sorted(heard) == sorted(f"n{n}" for n in range(16))


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def quietly() -> None:
        with suppress(Cancelled):
            work()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    return thread
