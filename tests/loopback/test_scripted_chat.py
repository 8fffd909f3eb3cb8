"""The scripted chat endpoint: what real clients see of it, and when it complains."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.loopback.scripted_chat import Asked, Reply, ScriptedChat, ToolCall

QUESTION = [{"role": "user", "content": [{"type": "text", "text": "Hello?"}]}]


def ask(chat: ScriptedChat, **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": QUESTION, **more}
    return httpx.post(f"{chat.base_url}/chat/completions", json=body, timeout=10)


def streamed(chat: ScriptedChat) -> Iterator[dict[str, Any]]:
    text = ask(chat, stream=True).text
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return map(json.loads, lines)


def test_a_reply_says_the_same_whole_and_streamed():
    reply = Reply("Good morning", [ToolCall("look", {"place": "sky"})], reasoning="Hm", chunk=3, repeat=2)
    with ScriptedChat([reply]) as chat:
        message = ask(chat).json()["choices"][0]["message"]
        deltas = [choice["delta"] for event in streamed(chat) for choice in event["choices"]]
    arguments = [delta["tool_calls"][0]["function"]["arguments"] for delta in deltas if "tool_calls" in delta]
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"] == "Good morning"
    assert "".join(arguments) == message["tool_calls"][0]["function"]["arguments"] == '{"place": "sky"}'


def test_a_stream_ends_with_its_finish_and_its_usage():
    with ScriptedChat([Reply("Hello", usage={"prompt_tokens": 3, "completion_tokens": 1})]) as chat:
        *_, finish, usage = streamed(chat)
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert (usage["choices"], usage["usage"]["prompt_tokens"]) == ([], 3)


def test_what_was_asked_is_written_down():
    with ScriptedChat(lambda asked: Reply(asked.texts[-1].upper())) as chat:
        answer = ask(chat, temperature=0).json()
    assert answer["choices"][0]["message"]["content"] == "HELLO?"
    assert (chat.requests[0].body["temperature"], chat.requests[0].headers["content-type"]) == (0, "application/json")


def test_a_reply_that_nobody_asked_for_is_complained_about():
    with pytest.raises(AssertionError, match="1 replies of the script were not asked for"), ScriptedChat([Reply("Hi")]):
        pass


def test_a_request_that_is_not_in_the_script_is_complained_about():
    with pytest.raises(AssertionError, match="1 requests found no reply"), ScriptedChat([]) as chat:
        assert ask(chat).status_code == 400


def test_a_reply_may_answer_all_that_is_still_to_come():
    with ScriptedChat([Reply("first"), Reply("more", repeat=-1)]) as chat:
        said = [ask(chat).json()["choices"][0]["message"]["content"] for _ in range(3)]
    assert said == ["first", "more", "more"]


def test_a_request_without_the_key_is_refused():
    with ScriptedChat(lambda _: Reply("Hi"), key="right") as chat:
        assert ask(chat).status_code == 401


def test_the_models_are_listed():
    with ScriptedChat([], models=("one", "two")) as chat:
        assert [model["id"] for model in httpx.get(f"{chat.base_url}/models").json()["data"]] == ["one", "two"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply("Hello there", chunk=4, reset_after=0), httpx.ReadError),
        (Reply("Hello there", chunk=4, reset_after=2), httpx.ReadError),
        (Reply("Hello there", chunk=4, stall_after=2), httpx.ReadTimeout),
        (Reply(hang=True), httpx.ReadTimeout),
    ],
)
def test_a_fault_is_one_on_the_wire(stream, reply, error):
    body = {"model": "m", "messages": QUESTION, "stream": stream}
    with ScriptedChat([reply]) as chat, pytest.raises(error):
        httpx.post(f"{chat.base_url}/chat/completions", json=body, timeout=0.3)


def test_a_stream_may_end_without_a_finish():
    with ScriptedChat([Reply("Hello there", chunk=4, eof_after=2)]) as chat:
        text = ask(chat, stream=True).text
    assert text.count("data: ") == 2


def test_an_error_may_come_with_its_status_or_inside_a_stream():
    slow_down = Reply(status=429, headers={"Retry-After": "7"}, body={"error": {"message": "slow down"}})
    with ScriptedChat([slow_down, Reply("He", error={"message": "overloaded"})]) as chat:
        refused = ask(chat)
        broken = ask(chat, stream=True).text
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert '"error": {"message": "overloaded"}' in broken and "[DONE]" not in broken


def test_a_client_that_leaves_while_it_waits_is_noticed():
    body = {"model": "m", "messages": QUESTION}
    with ScriptedChat([Reply(hang=True)]) as chat:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{chat.base_url}/chat/completions", json=body, timeout=0.2)
        assert chat.hung_up.wait(5)


def test_the_function_sees_the_number_of_the_request():
    def count(asked: Asked) -> Reply:
        return Reply(str(asked.number))

    with ScriptedChat(count) as chat:
        assert [ask(chat).json()["choices"][0]["message"]["content"] for _ in range(2)] == ["1", "2"]
