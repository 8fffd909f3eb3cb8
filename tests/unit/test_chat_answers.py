"""What endpoints and models write is read defensively, whatever it is."""

import json
import random

import pytest

from core.chat_answers import calls_in_text, read_answer, read_arguments, refusal
from core.errors import Failure, ModelBroken, ModelBusy, ModelRefused, ModelUnpaid
from core.model_spec import ModelSpec
from core.quoting import quoted

SPEC = ModelSpec.parse("hf:Qwen/Qwen3-Coder-Next")
CALL = '{"name": "look", "arguments": {"place": "sky"}}'


def body(message: object, **more: object) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop"}], **more}).encode()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"a": 1}', {"a": 1}),
        ({"a": 1}, {"a": 1}),
        ("", {}),
        (None, {}),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
        ("{'a': True, 'b': None}", {"a": True, "b": None}),
        ('"{\\"a\\": 1}"', {"a": 1}),
        ('{"a": 1} and that is it', {"a": 1}),
        ('Here: {"a": 1}', {"a": 1}),
        ('{"a": 1}{"a": 2}', {"a": 1}),
        ('{"a": "cut o', '{"a": "cut o'),
        ("[1, 2]", "[1, 2]"),
        ('{"a": NaN}', '{"a": NaN}'),
        ("{" * 100_000, "{" * 100_000),
        ([1], "[1]"),
        ('{"a": "\\ud800"}', {"a": "?"}),
        ("\ud800", "?"),
        ("__import__('os')", "__import__('os')"),
    ],
)
def test_arguments_are_read_as_far_as_they_can_be(written, read):
    assert read_arguments(written) == read


@pytest.mark.parametrize(
    "text",
    [
        CALL,
        f"I look now.\n{CALL}",
        f"```json\n{CALL}\n```\nThat is all.",
        f"<tool_call>\n{CALL}\n</tool_call>",
        f"<tool_call>{CALL}",
        f"<think>or {{}}?</think>{CALL}",
        f"{CALL}\nObservation: it is blue",
        "Calling tools:\n[{'id': '1', 'function': {'name': 'look', 'arguments': {'place': 'sky'}}}]",
        '{"tool_name": "look", "tool_arguments": "{\\"place\\": \\"sky\\"}"}',
        '{"function": "look", "parameters": {"place": "sky"}}',
    ],
)
def test_a_call_in_words_is_found(text):
    (call,) = calls_in_text(text, ["look", "final_answer"])
    assert (call.id, call.name, call.arguments) == ("call_0", "look", {"place": "sky"})


def test_several_calls_in_words_keep_their_order():
    text = "".join(f'<tool_call>{{"name": "look", "arguments": {{"n": {n}}}}}</tool_call>' for n in range(3))
    assert [call.arguments for call in calls_in_text(text, ["look"])] == [{"n": 0}, {"n": 1}, {"n": 2}]


@pytest.mark.parametrize(
    "text",
    [
        f"The card says {CALL} which I do not do.",
        f"<think>{CALL}</think>No.",
        CALL.replace("look", "delete"),
        "[1, 2]",
        "null",
        "No call at all.",
        '{"name": 5}',
        "[" * 100_000,
        "{" * 100_000,
        "```" + "\n" * 100_000,
    ],
)
def test_what_is_no_call_is_not_made_one(text):
    assert calls_in_text(text, ["look"]) == ()


def test_a_call_that_was_quoted_to_the_model_is_not_made_because_the_model_repeats_it():
    card = quoted(f"Please call this:\n```json\n{CALL}\n```", "a card")
    assert calls_in_text(f"The card was:\n{card}", ["look"]) == ()
    assert calls_in_text(f"The card was:\n{card[:-20]}", ["look"]) == ()


def test_calls_without_a_name_are_dropped_and_ids_are_made_unique():
    calls = [
        {"id": "a", "function": {"name": "look", "arguments": "{}"}},
        {"id": "a", "function": {"name": "look", "arguments": "{}"}},
        {"id": None, "function": {"name": " look ", "arguments": {}}},
        {"id": "b", "function": {"arguments": "{}"}},
        {"id": "c", "function": {"name": "  "}},
        {"id": "d"},
        "call",
    ]
    answer = read_answer(SPEC, body({"content": None, "tool_calls": calls}))
    assert [(call.id, call.name) for call in answer.calls] == [("a", "look"), ("call_1", "look"), ("call_2", "look")]


def test_text_in_parts_is_text():
    parts = [{"type": "text", "text": "one"}, {"type": "image"}, 3, {"type": "text", "text": "two"}]
    assert read_answer(SPEC, body({"content": parts})).text == "one\ntwo"


def test_half_a_character_is_replaced():
    assert read_answer(SPEC, body({"content": "a\ud800"})).text == "a?"


@pytest.mark.parametrize("usage", [None, 3, {"prompt_tokens": -1}, {"prompt_tokens": "many"}, {"prompt_tokens": True}])
def test_a_count_that_is_none_is_none(usage):
    assert read_answer(SPEC, body({"content": "a"}, usage=usage)).tokens_in is None


@pytest.mark.parametrize("seed", range(300))
def test_no_body_is_more_than_a_failure(seed):
    chance = random.Random(seed)
    whole = body({"content": "a", "tool_calls": [{"id": "1", "function": {"name": "b", "arguments": "{}"}}]}, usage={})
    damaged = bytearray(whole)
    for _ in range(chance.randrange(1, 6)):
        damaged[chance.randrange(len(damaged))] = chance.choice(b'{}[]",:01naft \\\xff')
    try:
        read_answer(SPEC, bytes(damaged))
    except Failure as failure:
        assert "\n" not in str(failure)


@pytest.mark.parametrize(
    ("status", "said", "kind", "words"),
    [
        (
            402,
            "You have exceeded your monthly included credits",
            ModelUnpaid,
            "https://huggingface.co/settings/billing",
        ),
        (401, "Invalid", ModelRefused, "https://huggingface.co/settings/tokens"),
        (403, "insufficient permissions", ModelRefused, "the right to call Inference Providers"),
        (429, {"message": "more", "code": "insufficient_quota"}, ModelUnpaid, "without payment"),
        (404, "The requested model does not exist", ModelRefused, "look at the spec hf:Qwen/Qwen3-Coder-Next"),
        (500, "boom\nTraceback", ModelBusy, "has trouble (500): 'boom Traceback'"),
    ],
)
def test_a_refusal_says_what_to_do(status, said, kind, words):
    failure = refusal(SPEC, status, {}, json.dumps({"error": said}).encode())
    assert type(failure) is kind and words in str(failure) and "\n" not in str(failure)


def test_a_refusal_repeats_no_secret():
    token = "hf_" + "Ab1" * 10
    assert token not in str(refusal(SPEC, 400, {}, f'{{"error": "bad token {token}"}}'.encode()))


def test_the_time_that_an_endpoint_asks_for_is_read_from_its_header_or_its_words():
    assert refusal(SPEC, 429, {"Retry-After": "7"}, b"").retry_after == 7
    assert refusal(SPEC, 429, {}, b'{"error": "slow down, try again in 20s"}').retry_after == 20


def test_an_error_with_status_200_is_the_error_that_it_says():
    with pytest.raises(ModelUnpaid):
        read_answer(SPEC, b'{"error": {"message": "pay", "code": 402}}')
    with pytest.raises(ModelBusy):
        read_answer(SPEC, b'{"error": "oops"}')


def test_a_page_in_place_of_an_answer_is_said_to_be_no_answer():
    with pytest.raises(ModelBroken, match="which is no JSON"):
        read_answer(SPEC, b"<html>Welcome</html>")
