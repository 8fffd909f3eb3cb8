"""The page and the endpoint `/sketch_room`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import build
import gradio as gr
from sketch import SHAPES, WINDOWS


def sketch_room(
    prompt: str, shape: str = "rectangular", window_shape: str = "arched", detail: float = 5, seed: float = 0
) -> str:
    """Sketches a simple 3D room from a text prompt, quickly, and gives it as a GLB file.

    A plain scene of a room's interior: walls with windows, floor, ceiling, skirting, empty picture frames, a bench.
    With the default settings it has about 20,000 triangles and 256 px textures; there is no ornament. It is
    procedural: computed with numpy, without a model.

    Args:
        prompt: What the room should be like; words for size, colour and light shape it.
        shape: The shape of the room's floor plan.
        window_shape: The shape of the windows.
        detail: How finely the room is made: about 4,000 triangles for each step.
        seed: The same prompt and seed give the same room; 0 takes the seed from the prompt.
    """
    if not prompt.strip():
        raise gr.Error("The prompt is empty: say in a few words what the room should be like.")
    if not 1 <= detail <= 10:
        raise gr.Error("Detail must be between 1 and 10.")
    path = Path(tempfile.mkdtemp(prefix="sketch-")) / "room.glb"
    path.write_bytes(build.make(prompt, shape, window_shape, int(detail), int(seed or 0)))
    return str(path)


def page() -> gr.Interface:
    return gr.Interface(
        fn=sketch_room,
        inputs=[
            gr.Textbox(label="Prompt", info="What the room should be like", placeholder="a small warm reading room"),
            gr.Dropdown(list(SHAPES), value="rectangular", label="Room shape"),
            gr.Dropdown(list(WINDOWS), value="arched", label="Window shape"),
            gr.Slider(1, 10, value=5, step=1, label="Detail"),
            gr.Number(
                value=0, minimum=0, maximum=2**31 - 1, precision=0, label="Seed", info="0 takes it from the prompt"
            ),
        ],
        outputs=gr.Model3D(label="Room", clear_color=(0.93, 0.92, 0.90, 1.0), height=480),
        title="Room Sketcher",
        description="A plain room as one GLB, in a second or two. Procedural: numpy only, no model.",
        flagging_mode="never",
        api_name="sketch_room",
    )


if __name__ == "__main__":
    page().queue(max_size=20).launch(show_error=True)
