"""The scripted model complains when its script and what happened differ."""

import pytest
from smolagents.models import ChatMessage, MessageRole

from tests.scripted_model import Call, Question, ScriptedModel

HELLO = [ChatMessage(role=MessageRole.USER, content=[{"type": "text", "text": "Hello?"}])]


def test_it_answers_in_order_and_remembers_what_it_was_asked():
    with ScriptedModel(["Hi", [Call("look", place="sky"), Call("look", place="sea")]]) as model:
        first, second = model.generate(HELLO), model.generate(HELLO)
    assert (first.content, [call.id for call in second.tool_calls]) == ("Hi", ["call_2_0", "call_2_1"])
    assert [question.text for question in model.questions] == ["Hello?", "Hello?"]


def test_an_answer_may_follow_from_the_question():
    with ScriptedModel([lambda question: question.last.upper()]) as model:
        assert model.generate(HELLO).content == "HELLO?"


def test_a_function_answers_every_question():
    def count(question: Question) -> str:
        return f"{len(question.messages)} messages"

    with ScriptedModel(count) as model:
        assert {model.generate(HELLO).content for _ in range(3)} == {"1 messages"}


def test_an_error_is_raised():
    with ScriptedModel([TimeoutError("late")]) as model, pytest.raises(TimeoutError):
        model.generate(HELLO)


def test_an_answer_that_was_not_asked_for_is_complained_about():
    with pytest.raises(AssertionError, match="1 answers of the script were not asked for"), ScriptedModel(["Hi"]):
        pass


def test_a_question_that_finds_no_answer_is_complained_about_even_when_somebody_caught_it():
    model = ScriptedModel([])
    with pytest.raises(AssertionError, match="no answer to question 1: Hello"):
        model.generate(HELLO)
    with pytest.raises(AssertionError, match="1 questions found no answer"):
        model.complain()
