"""What stands at the head of a card, however it was written."""

import pytest

from tools.cards.document import Document


def test_scalars_stay_the_texts_they_were_written_as():
    card = Document("---\nlanguage: no\nlicense: mit\ndate: 2023-01-01\n---\n# Title")
    assert card.values == {"language": "no", "license": "mit", "date": "2023-01-01"}


def test_a_text_may_stand_for_a_list_and_a_list_for_a_text():
    card = Document("---\ntags: autotrain\nlicense:\n- mit\n- other\n---\n")
    assert (card.stated("tags"), card.stated("license")) == (("autotrain",), ("mit", "other"))


def test_a_tab_breaks_its_own_key_and_no_other():
    card = Document("---\ntags:\n- a\nwidget:\n- text: x\n\t\nlicense: mit\n---\nBody")
    assert (card.stated("tags"), card.stated("license")) == (("a",), ("mit",))
    assert card.front.last == 8


def test_blank_lines_may_stand_before_the_front_matter_and_text_may_not():
    assert Document(" \n---\nlicense: mit\n---\n").stated("license") == ("mit",)
    assert Document("Hello\n---\nlicense: mit\n---\n").stated("license") == ()


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle():
    assert Document("\ufeff---\r\nlicense: mit\r\n---\r\n# T".encode()).stated("license") == ("mit",)


def test_a_long_front_matter_is_read_whole():
    terms = "\n".join(f"  clause {number} of the terms" for number in range(800))
    card = Document(f"---\nextra_gated_prompt: >-\n{terms}\nlicense: llama9\n---\n# Model\n")
    assert (card.stated("license"), card.headings) == (("llama9",), [(805, "Model")])


def test_values_are_found_on_their_own_line():
    card = Document("---\nlicense: mit\ntags:\n- one\n- two\n---\n")
    assert (card.line_of("license"), card.line_of("tags", "two"), card.line_of("absent")) == (2, 5, 1)


@pytest.mark.parametrize("nested", ["[" * 50_000, "{a: " * 20_000, "\n" + "- " * 20_000 + "x", "&a [*a, *a]"])
def test_nothing_is_nested_too_deep(nested):
    assert Document(f"---\nlicense: mit\ntags: {nested}\n---\n").stated("license") == ("mit",)


def test_comments_and_placeholders_are_no_prose():
    card = Document("# T\n<!-- image\nclassification -->\n[More Information Needed]\nSaid.")
    assert card.rest.text.split() == ["t", "said"]
