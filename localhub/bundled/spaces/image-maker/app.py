"""Image Maker: a specimen picture of the thing you name, drawn by geometry and light."""

import gradio as gr
from lexicon import subject
from picture import BACKGROUNDS, STYLES, draw
from PIL import Image


def make_image(
    prompt: str,
    style: str = "natural",
    background: str = "dark",
    width: float = 768,
    height: float = 768,
    seed: float = 0,
) -> Image.Image:
    """Makes an image from a text prompt: one object (a landmark, a building, a tree, a vase, a boat, …) seen from the
    front, centred on a plain background, lit and textured. Good as input for making a 3D model. Procedural: it knows
    about 60 kinds of things by their names and draws an ornament, shaped by your words, for everything else.

    Args:
        prompt: What to draw, in words; colours count.
        style: The look of the object.
        background: The plain colour behind the object.
        width: Picture width in pixels.
        height: Picture height in pixels.
        seed: The same seed draws the same picture.
    """
    if not prompt or not prompt.strip():
        raise gr.Error("The prompt is empty: name a thing to draw, for example 'Eiffel Tower'.")
    if style not in STYLES or background not in BACKGROUNDS:
        raise gr.Error(f"Choose a style of {', '.join(STYLES)} and a background of {', '.join(BACKGROUNDS)}.")
    if not (64 <= width <= 1536 and 64 <= height <= 1536):
        raise gr.Error("Width and height must lie between 64 and 1536 pixels.")
    return draw(prompt, style, background, int(width), int(height), int(seed))


def page() -> gr.Blocks:
    """The web page and its one endpoint."""
    with gr.Blocks(title="Image Maker") as blocks:
        gr.Markdown("# Image Maker\nName a thing; it is drawn by geometry, light and noise. No model is involved.")
        with gr.Row():
            with gr.Column():
                prompt = gr.Textbox(label="Prompt", placeholder="Eiffel Tower")
                style = gr.Dropdown(STYLES, value="natural", label="Style")
                background = gr.Dropdown(list(BACKGROUNDS), value="dark", label="Background")
                width = gr.Number(768, label="Width", minimum=64, maximum=1536, precision=0)
                height = gr.Number(768, label="Height", minimum=64, maximum=1536, precision=0)
                seed = gr.Number(0, label="Seed", minimum=0, maximum=2**31 - 1, precision=0)
                button = gr.Button("Draw", variant="primary")
            image = gr.Image(label="Image", format="png", type="pil")
        prompt.change(
            lambda text: f"Draw {subject(text).phrase or 'an ornament'}", prompt, button, api_visibility="private"
        )
        button.click(make_image, [prompt, style, background, width, height, seed], image, api_name="make_image")
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=2).launch(show_error=True)
