"""Questions to a language model recorded once are answered again without the model."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import vcr
from smolagents.models import ChatMessage, MessageRole
from vcr.errors import CannotOverwriteExistingCassetteException

from core.language_model import LanguageModel, Patience
from core.model_spec import ModelSpec
from tests.loopback.scripted_chat import Reply, ScriptedChat, ToolCall

EVERYTHING = ["method", "scheme", "host", "port", "path", "query", "body"]
SECRET = "secret-of-a-test-0123456789"


def cassette(path: Path, mode: str) -> vcr.cassette.Cassette:
    recorder = vcr.VCR(record_mode=mode, match_on=EVERYTHING, filter_headers=["authorization"])
    return recorder.use_cassette(str(path))


def ask(base: str, text: str) -> ChatMessage:
    patience = Patience(attempts=2, pause=0.01)
    model = LanguageModel(ModelSpec.parse(f"openai:m@{base}"), secret=SECRET, patience=patience)
    return model.generate([ChatMessage(role=MessageRole.USER, content=[{"type": "text", "text": text}])])


def test_an_answer_is_played_again_and_a_changed_prompt_fails(tmp_path):
    tape = tmp_path / "answer.yaml"
    script = [Reply(status=503, body={}), Reply("Grüße", tool_calls=[ToolCall("look", {"place": "sky"})])]
    with ScriptedChat(script) as chat, cassette(tape, "once"):
        first = ask(chat.base_url, "Hello?")
    with cassette(tape, "none") as played:
        assert ask(chat.base_url, "Hello?").dict() == first.dict()
    assert played.all_played and SECRET not in tape.read_text("utf-8")
    with cassette(tape, "none"), pytest.raises(CannotOverwriteExistingCassetteException):
        ask(chat.base_url, "Hello!")


def test_answers_to_questions_side_by_side_are_not_mixed_up(tmp_path):
    tape = tmp_path / "answers.yaml"
    words = [f"word {number}" for number in range(8)]
    with ScriptedChat(lambda asked: Reply(asked.texts[-1])) as chat, cassette(tape, "once"):
        for word in words:
            ask(chat.base_url, word)
    with cassette(tape, "none") as played, ThreadPoolExecutor(8) as pool:
        assert [answer.content for answer in pool.map(lambda word: ask(chat.base_url, word), words)] == words
    assert played.all_played
