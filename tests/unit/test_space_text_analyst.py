"""The bundled text analyst: summaries and figures, without a server."""

import pytest

from tests.unit.space_modules import load

language, reading, summary = load("text-analyst", "language", "reading", "summary")

TEXT = """The lighthouse stands on a rock. Dr. Marsh painted the lighthouse every summer. The light of the lighthouse \
reaches thirty miles. Croissants are tasty. Ships steer by the light of the lighthouse at night.

Nobody lives on the rock now."""


def test_a_summary_keeps_whole_sentences_in_their_order() -> None:
    kept = reading.sentences(summary.summarised(TEXT, 3))
    assert len(kept) == 3
    assert [s for s in reading.sentences(TEXT) if s in kept] == kept


def test_a_summary_leaves_out_what_has_nothing_to_do_with_the_rest() -> None:
    assert "Croissants" not in summary.summarised(TEXT, 4)


def test_a_short_text_is_its_own_summary() -> None:
    assert summary.summarised("One thing. Two things.", 5) == "One thing. Two things."


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert reading.sentences(TEXT)[1] == "Dr. Marsh painted the lighthouse every summer."


def test_figures_are_counted() -> None:
    figures = reading.analysis(TEXT)
    assert (figures["sentences"], figures["paragraphs"], figures["language"]) == (6, 2, "en")
    assert figures["keywords"][0] == {"word": "lighthouse", "count": 4}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le chat dort sur le canapé et il ne veut pas manger.", "fr"),
        ("Ich weiß nicht, wo der Bahnhof ist.", "de"),
        ("¿Dónde está la biblioteca? No lo sé.", "es"),
        ("The quick brown fox jumps over the lazy dog.", "en"),
        ("Non so dove sia la stazione della città.", "it"),
        ("xqzt", "unknown"),
    ],
)
def test_the_language_is_guessed_from_letters(text: str, code: str) -> None:
    assert language.guessed_language(text)[0] == code


def test_simple_words_read_more_easily_than_learned_ones() -> None:
    easy, hard = (
        reading.analysis(text)["flesch_reading_ease"]
        for text in (
            "The cat sat. It was fat.",
            "Epistemological considerations necessitate terminological sophistication.",
        )
    )
    assert easy > hard + 50
