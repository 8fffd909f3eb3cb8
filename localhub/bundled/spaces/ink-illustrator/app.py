"""Ink Illustrator: a pen-and-ink drawing of the thing you name."""

import gradio as gr
import picture
from PIL import Image


def illustrate(
    prompt: str, paper: str = "cream", ink: str = "black", hatching: str = "cross", size: float = 768, seed: float = 0
) -> Image.Image:
    """Makes an image from a text prompt: a pen-and-ink illustration of one object (a landmark, a building, a tree, a
    vase, a boat, …), seen from the front, centred on light paper, shaded by hatching. Procedural: it knows about 60
    kinds of things by their names and draws an ornament, shaped by your words, for everything else.

    Args:
        prompt: What to draw, in words.
        paper: The colour of the paper.
        ink: The colour of the ink.
        hatching: How shade is drawn.
        size: Width and height of the picture in pixels.
        seed: The same seed draws the same picture.
    """
    if not prompt or not prompt.strip():
        raise gr.Error("The prompt is empty: name a thing to draw, for example 'lighthouse'.")
    if paper not in picture.PAPERS or ink not in picture.INKS or hatching not in picture.HATCHINGS:
        raise gr.Error(
            f"Choose a paper of {', '.join(picture.PAPERS)}; an ink of {', '.join(picture.INKS)}; a hatching of "
            f"{', '.join(picture.HATCHINGS)}."
        )
    if not 64 <= size <= 1536:
        raise gr.Error("The size must lie between 64 and 1536 pixels.")
    return picture.illustrate(prompt, paper, ink, hatching, int(size), int(seed))


def page() -> gr.Blocks:
    """The web page and its one endpoint."""
    with gr.Blocks(title="Ink Illustrator") as blocks:
        gr.Markdown(
            "# Ink Illustrator\nName a thing; it is drawn in strokes of ink, by geometry. No model is involved."
        )
        with gr.Row():
            with gr.Column():
                prompt = gr.Textbox(label="Prompt", placeholder="lighthouse")
                paper = gr.Dropdown(list(picture.PAPERS), value="cream", label="Paper")
                ink = gr.Dropdown(list(picture.INKS), value="black", label="Ink")
                hatching = gr.Dropdown(picture.HATCHINGS, value="cross", label="Hatching")
                size = gr.Number(768, label="Size", minimum=64, maximum=1536, precision=0)
                seed = gr.Number(0, label="Seed", minimum=0, maximum=2**31 - 1, precision=0)
                button = gr.Button("Draw", variant="primary")
            image = gr.Image(label="Image", format="png", type="pil")
        button.click(illustrate, [prompt, paper, ink, hatching, size, seed], image, api_name="illustrate")
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=2).launch(show_error=True)
