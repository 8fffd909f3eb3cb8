"""Image to Model: a closed textured mesh from one picture of one thing, by silhouette and projection."""

import tempfile
from pathlib import Path

import gradio as gr
from cutout import NoObject
from PIL import Image
from reconstruction import reconstruct

DEPTHS = ["auto", "round", "solid", "relief"]


def image_to_model(
    image: Image.Image,
    depth: str = "auto",
    triangles: float = 30_000,
    texture_size: str = "1024",
    remove_background: bool = True,
    seed: float = 0,
) -> str:
    """Makes a textured 3D model (GLB) from a single image of one object on a plain background: the object is cut out,
    given depth from its silhouette, and the image becomes its texture. The model is closed, about 30,000 triangles,
    Y-up, and stands on the ground.

    Args:
        image: A picture of one object in front of a plain background.
        depth: How the object gets its depth: round like a column, solid like a building, relief like a coin, or
            chosen by the silhouette.
        triangles: Level of detail: about how many triangles.
        texture_size: Side of the square texture in pixels.
        remove_background: Cut the object out of its background first.
        seed: The same image and seed give the same file.
    """
    if image is None:
        raise gr.Error("There is no image: give a picture of one thing on a plain background.")
    if depth not in DEPTHS or texture_size not in ("512", "1024", "2048"):
        raise gr.Error(f"Choose a depth of {', '.join(DEPTHS)} and a texture size of 512, 1024, 2048.")
    if not 2_000 <= triangles <= 120_000:
        raise gr.Error("The number of triangles must lie between 2,000 and 120,000.")
    try:
        model = reconstruct(image, depth, int(triangles), int(texture_size), remove_background, int(seed))
    except NoObject as no_object:
        raise gr.Error(str(no_object)) from no_object
    path = Path(tempfile.mkdtemp()) / "model.glb"
    path.write_bytes(model.glb)
    return str(path)


def page() -> gr.Blocks:
    """The web page and its one endpoint."""
    with gr.Blocks(title="Image to Model") as blocks:
        gr.Markdown(
            "# Image to Model\nOne picture of one thing becomes a closed, textured mesh: geometry from the "
            "silhouette. No trained model is involved."
        )
        with gr.Row():
            with gr.Column():
                image = gr.Image(label="Image", type="pil", image_mode="RGBA")
                depth = gr.Dropdown(DEPTHS, value="auto", label="Depth")
                triangles = gr.Number(30_000, label="Triangles", minimum=2_000, maximum=120_000, precision=0)
                texture_size = gr.Dropdown(["512", "1024", "2048"], value="1024", label="Texture size")
                remove_background = gr.Checkbox(True, label="Remove background")
                seed = gr.Number(0, label="Seed", minimum=0, maximum=2**31 - 1, precision=0)
                button = gr.Button("Make the model", variant="primary")
            model = gr.Model3D(label="3D model")
        button.click(
            image_to_model,
            [image, depth, triangles, texture_size, remove_background, seed],
            model,
            api_name="image_to_model",
        )
    return blocks


if __name__ == "__main__":
    page().queue(default_concurrency_limit=2).launch(show_error=True)
