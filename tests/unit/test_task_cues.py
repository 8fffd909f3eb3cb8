"""Which tasks the phrases of a request ask for."""

import pytest

from planners.catalogue.sketch.cues import cues, task_named
from planners.catalogue.sketch.hearing import hear
from planners.catalogue.sketch.task_words import TASKS


def asked(text: str) -> set[str]:
    return {task for task, cue in cues(hear(text), TASKS).items() if cue.logit > 0}


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Make a summary of the minutes", "summarization"),
        ("Write down what was said in call.mp3", "automatic speech recognition"),
        ("Sharpen the photo", "image to image"),
        ("How far away are the houses", "depth estimation"),
        ("Put a voiceover on it", "text to speech"),
        ("Draw boxes: detect every bicycle in street.png", "object detection"),
        ("Who is speaking in the recording?", "audio classification"),
        ("Compose a jingle", "text to music"),
        ("Tag the words with their part of speech", "token classification"),
        ("A question about the photo: is it raining", "visual question answering"),
    ],
)
def test_a_task_is_known_by_how_it_is_asked_for(text: str, task: str) -> None:
    assert task in asked(text)


def test_a_longer_phrase_overrules_a_shorter_one_inside_it() -> None:
    found = cues(hear("Answer my question about the article"), TASKS)
    assert found["question answering"].logit > cues(hear("an article"), TASKS).get("text generation", (-9.0, 0))[0]


def test_an_offer_is_of_the_longest_task_that_its_name_holds() -> None:
    assert task_named("Document Question Answering with LayoutLM") == "document question answering"
    assert task_named("Image-to-Text") == "image to text"
    assert task_named("My Space") is None


def test_files_and_quotations_are_heard_as_what_they_are() -> None:
    heard = hear("Look at 'cat.png' and tell me: 'Is it asleep?' or 'not'.")
    assert [word for word in heard.words if word[0] == "<"] == ["<image>", "<question>", "<quotation>"]
