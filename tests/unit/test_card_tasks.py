"""The task of a model, by what speaks for it."""

import pytest

from tools.cards.clues import clues
from tools.cards.source import Source
from tools.cards.task_choice import choose


def task(card: str, **more: object) -> str | None:
    return choose(clues(Source(card=card.encode(), **more)))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\ntags: [sentence-transformers, feature-extraction]\n---\n", "sentence-similarity"),
        ("---\nlibrary_name: setfit\ntags: [sentence-transformers]\n---\n", "text-classification"),
        ("---\ntags: [stable-baselines3]\n---\n", "reinforcement-learning"),
        ("---\nmetrics: [wer]\n---\n", "automatic-speech-recognition"),
        ("---\nmetrics: [mean_iou]\n---\n", "image-segmentation"),
        ("---\nwidget:\n- text: The [MASK] is red.\n---\n", "fill-mask"),
        ("---\nwidget:\n- text: Who?\n  context: Ada was.\n---\n", "question-answering"),
        ("---\ntags: [Image Captioning]\n---\n", "image-to-text"),
        ("---\ndatasets: [some/wmt19]\nmetrics: [sacrebleu]\n---\n", "translation"),
        ("# T\n```python\nx = AutoModelForTokenClassification.from_pretrained('x')\n```\n", "token-classification"),
        ("# T\n```\np = pipeline('text-classification', model='x')\n```\n", "text-classification"),
        ("# Thing\n\nA model for depth estimation.\n", "depth-estimation"),
        ("- Problem type: Single Column Regression\n", "text-classification"),
        ("---\nmodel-index:\n- name: x\n  results:\n  - task:\n      type: summarization\n---\n", "summarization"),
    ],
)
def test_a_single_sign_is_enough(card, expected):
    assert task(card) == expected


def test_what_the_card_declares_outweighs_everything_else():
    card = "---\npipeline_tag: text-to-speech\ntags: [text-to-image, diffusers]\n---\n# Stable diffusion\n"
    assert choose(clues(Source(card=card.encode())))[:2] == ("text-to-speech", 0.97)


def test_the_architecture_in_the_settings_speaks_for_an_empty_card():
    assert task("", config={"architectures": ["BertForMaskedLM"], "model_type": "bert"}) == "fill-mask"


def test_the_parts_of_a_name_speak_where_nothing_else_does():
    assert task("", model="anyone/opus-mt-de-fr") == "translation"


@pytest.mark.parametrize("card", ["", "# Model Card for Model ID\n[More Information Needed]\n", "It works.\n", "\0\0"])
def test_where_nothing_speaks_there_is_no_answer(card):
    assert choose(clues(Source(card=card.encode()))) == (None, 0.0, None)


def test_what_others_may_make_of_the_model_is_not_its_task():
    said = "You can fine-tune it for downstream tasks such as text classification and token classification.\n"
    assert task(said) is None


def test_more_signs_make_it_surer():
    one = choose(clues(Source(card=b"---\nmetrics: [wer]\n---\n")))[1]
    two = choose(clues(Source(card=b"---\nmetrics: [wer]\ndatasets: [common_voice]\n---\n# Whisper\n")))[1]
    assert 0 < one < two <= 0.95


def test_the_evidence_is_the_line():
    evidence = choose(clues(Source(card=b"---\nlicense: mit\ntags:\n- object-detection\n---\n")))[2]
    assert evidence is not None and (evidence.where, evidence.text) == ("README.md:4", "- object-detection")
