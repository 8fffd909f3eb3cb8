"""The page and the endpoint `/retexture`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import gradio as gr
from artist import Wish
from artist import retexture as refined
from painters import PAINTERS
from reading import Unreadable
from surfaces import FLOORS, WALLS

MOST_BYTES = 200_000_000


def retexture(
    model: str,
    prompt: str = "",
    painting_style: str = "impressionist",
    floor: str = "marble",
    walls: str = "damask",
    add_paintings: bool = True,
    texture_size: str = "2048",
    seed: float = 0,
) -> str:
    """Refines a 3D model: new textures for floor and walls, gilded frames, and paintings on the walls, as a GLB file.

    Takes any GLB scene and gives it back with high-resolution textures (2048 px textures with the default settings)
    and about 25 % more triangles: about 150,000 triangles for a scene of 120,000. Hangs a different painting on every
    empty canvas, and makes frames on free walls where a room has none. It is procedural: paintings are painted stroke
    by stroke and surfaces computed from noise, without a model.

    Args:
        model: The 3D scene to refine, a GLB file.
        prompt: What to paint; words such as lilies, poppies, boats, snow or cathedral choose the motifs.
        painting_style: The style in which the paintings are painted.
        floor: The material of the floor; keep leaves it as it is.
        walls: The material of the walls, in their own colour; keep leaves them as they are.
        add_paintings: Whether paintings are hung.
        texture_size: Width and height of the main textures in pixels.
        seed: The same scene, prompt and seed give the same result; 0 takes the seed from the prompt.
    """
    if not model:
        raise gr.Error("There is no model: give a GLB file to work on.")
    path = Path(model)
    if path.stat().st_size > MOST_BYTES:
        raise gr.Error(f"The model is larger than {MOST_BYTES // 1_000_000} MB.")
    wish = Wish(prompt, painting_style, floor, walls, bool(add_paintings), int(texture_size), int(seed or 0))
    try:
        payload = refined(path.read_bytes(), wish)
    except Unreadable as error:
        raise gr.Error(str(error)) from error
    result = Path(tempfile.mkdtemp(prefix="refined-")) / "refined.glb"
    result.write_bytes(payload)
    return str(result)


def page() -> gr.Interface:
    return gr.Interface(
        fn=retexture,
        inputs=[
            gr.Model3D(label="3D model", clear_color=(0.93, 0.92, 0.90, 1.0)),
            gr.Textbox(
                value="", label="Prompt", info="What to paint", lines=2, placeholder="water lilies and boats at sunset"
            ),
            gr.Dropdown(list(PAINTERS), value="impressionist", label="Painting style"),
            gr.Dropdown([*FLOORS, "keep"], value="marble", label="Floor material"),
            gr.Dropdown([*WALLS, "keep"], value="damask", label="Wall material"),
            gr.Checkbox(value=True, label="Add paintings"),
            gr.Dropdown(["1024", "2048", "4096"], value="2048", label="Texture size in pixels"),
            gr.Number(
                value=0, minimum=0, maximum=2**31 - 1, precision=0, label="Seed", info="0 takes it from the prompt"
            ),
        ],
        outputs=gr.Model3D(label="Refined model", clear_color=(0.93, 0.92, 0.90, 1.0), height=520),
        title="Texture Artist",
        description="Marble, damask, gold leaf and paintings for a 3D scene. Procedural: numpy and Pillow, no model.",
        flagging_mode="never",
        api_name="retexture",
    )


if __name__ == "__main__":
    page().queue(max_size=20).launch(show_error=True)
