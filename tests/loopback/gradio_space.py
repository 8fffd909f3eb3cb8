"""A real Gradio app for tests: `python gradio_space.py PORT OLD_PORT` says when it serves, until its input closes.

At the second port stands a smaller app that names an older dialect of Gradio's protocol as its own.
"""

import contextlib
import io
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

FOLDER = Path(tempfile.mkdtemp(prefix="gradio-space-"))
COUNT = FOLDER / "count"


def count() -> None:
    with COUNT.open("ab", buffering=0) as file:
        file.write(b".")


def echo(text: str) -> str:
    count()
    return text


def slow(text: str, seconds: float, progress: gr.Progress = gr.Progress()) -> str:  # noqa: B008 - how Gradio injects it
    count()
    for part in range(10):
        progress(part / 10, desc=f"part {part}")
        time.sleep(seconds / 10)
    return text


def executed() -> float:
    return len(COUNT.read_bytes()) if COUNT.exists() else 0


def paint(size: float, colour: str) -> tuple[str, str]:
    path = FOLDER / f"{colour}-{int(size)}.png"
    Image.new("RGB", (int(size), int(size)), colour).save(path)
    return str(path), f"painted {colour}"


def measure(picture: str, note: str = "none") -> dict[str, object]:
    with Image.open(picture) as image:
        return {"width": image.width, "note": note, "name": Path(picture).name}


def optional(picture: str | None = None) -> str:
    return "nothing" if picture is None else Path(picture).name


def remember(word: str, words: list[str]) -> tuple[str, list[str]]:
    words = [*words, word]
    return " ".join(words), words


def spread(number: float) -> list[str]:
    return [paint(8 + i, "red")[0] for i in range(int(number))]


def stream(text: str):  # type: ignore[no-untyped-def]  # a generator is how Gradio streams
    for end in range(1, len(text) + 1):
        yield text[:end]


def fail(kind: str) -> str:
    if kind == "quota":
        text = "You have exceeded your free ZeroGPU quota (60s requested vs. 12s left). Try again in 3:12:00."
        raise gr.Error(text, title="ZeroGPU quota exceeded", print_exception=False)
    if kind == "said":
        raise gr.Error("The prompt is not to my taste", print_exception=False)
    raise gr.Error("hidden", print_exception=False) if kind == "null" else ValueError(kind)


def strict(text: str) -> str:
    return text


with gr.Blocks() as app:
    words = gr.State([])
    gr.api(executed, api_name="executed")
    text, out = gr.Textbox(label="Text"), gr.Textbox(label="Out")
    gr.Button().click(echo, text, out, api_name="echo", concurrency_limit=None)
    gr.Button().click(slow, [text, gr.Number(label="Seconds")], out, api_name="slow", concurrency_limit=4)
    gr.Button().click(stream, text, out, api_name="stream")
    gr.Button().click(fail, text, out, api_name="fail")
    gr.Button().click(remember, [text, words], [out, words], api_name="remember")
    picture = gr.Image(label="Picture", type="filepath", format="png")
    colour = gr.Dropdown(["red", "blue"], value="red", label="Colour")
    size = gr.Slider(8, 512, value=64, label="Size")
    gr.Button().click(paint, [size, colour], [picture, out], api_name="paint")
    gr.Button().click(measure, [picture, text], gr.JSON(label="Measures"), api_name="measure")
    example = gr.Image(label="Example", type="filepath", value=str(Image.new("RGB", (8, 8)) and paint(8, "blue")[0]))
    gr.Button().click(optional, example, out, api_name="demo_picture")
    gr.Button().click(optional, picture, out, api_name="optional")
    gr.Button().click(spread, gr.Number(label="Number"), gr.Gallery(label="Pictures"), api_name="spread")
    gr.Button().click(
        strict,
        text,
        out,
        api_name="strict",
        validator=lambda text: gr.validate(len(text) > 3, "too short"),
    )


class Older(gr.Blocks):
    """Says that it speaks the dialect before this one."""

    def get_config_file(self) -> Any:  # Gradio's own type is private
        return super().get_config_file() | {"protocol": "sse_v2.1"}


with Older() as older:
    text, out, held = gr.Textbox(label="Text"), gr.Textbox(label="Out"), gr.State([])
    picture = gr.Image(label="Picture", type="filepath", format="png")
    gr.Button().click(remember, [text, held], [out, held], api_name="remember")
    gr.Button().click(paint, [gr.Slider(8, 64, value=8), gr.Textbox("red")], [picture, out], api_name="paint")
    gr.Button().click(measure, [picture, text], gr.JSON(), api_name="measure")
    gr.Button().click(fail, text, out, api_name="fail")
    gr.Button().click(slow, [text, gr.Number()], out, api_name="slow")


if __name__ == "__main__":
    real = sys.stdout
    with contextlib.redirect_stdout(io.StringIO()):
        for served, port in zip((app, older), sys.argv[1:], strict=True):
            served.queue(max_size=1000)
            served.launch(server_name="127.0.0.1", server_port=int(port), prevent_thread_lock=True, quiet=True)
    print("ready", file=real, flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    threading.Event().wait()
