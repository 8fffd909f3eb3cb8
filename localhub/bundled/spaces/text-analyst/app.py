"""Text Analyst: summaries by extraction, and the figures of a text."""

from typing import Any

import gradio as gr
from reading import analysis, sentences
from summary import summarised

LONGEST = 200_000
"""Characters."""
MOST_SENTENCES = 2_000


def checked(text: str) -> str:
    if not text or not text.strip():
        raise gr.Error("The text is empty: paste some sentences.")
    if len(text) > LONGEST:
        raise gr.Error(f"The text is longer than {LONGEST:,} characters; shorten it.")
    return text


def summarise(text: str, sentence_count: float = 3) -> str:
    """Makes a shorter text, a summary, from a text: the most central sentences, word for word, in their order. Any
    language with spaces and full stops.

    Args:
        text: The text to summarise.
        sentence_count: How many sentences to keep.
    """
    if not 1 <= sentence_count <= 50:
        raise gr.Error("The number of sentences must lie between 1 and 50.")
    if len(sentences(checked(text))) > MOST_SENTENCES:
        raise gr.Error(f"The text has more than {MOST_SENTENCES:,} sentences; shorten it.")
    return summarised(text, int(sentence_count))


def analyse_text(text: str) -> dict[str, Any]:
    """Makes a JSON report from a text: words, sentences, paragraphs, readability (Flesch), reading time, guessed
    language (en, fr, de, es, it, pt, nl, sv), keywords with their counts.

    Args:
        text: The text to analyse.
    """
    return analysis(checked(text))


def page() -> gr.Blocks:
    """The web page and its two endpoints."""
    with gr.Blocks(title="Text Analyst") as blocks:
        gr.Markdown(
            "# Text Analyst\nSentence centrality, readability, trigrams: counted and computed. No model is involved."
        )
        text = gr.Textbox(label="Text", lines=10)
        with gr.Row():
            with gr.Column():
                count = gr.Number(3, label="Number of sentences", minimum=1, maximum=50, precision=0)
                shorten = gr.Button("Summarise", variant="primary")
                short = gr.Textbox(label="Summary", lines=5)
            with gr.Column():
                look = gr.Button("Analyse")
                report = gr.JSON(label="Report")
        shorten.click(summarise, [text, count], short, api_name="summarise")
        look.click(analyse_text, text, report, api_name="analyse_text")
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=4).launch(show_error=True)
