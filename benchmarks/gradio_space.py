"""The same endpoints as `near_zero_space`, in a real Gradio app of one process: what a Space itself costs."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.near_zero_space import ROOT
from benchmarks.tiny_works import picture


@contextmanager
def running() -> Iterator[str]:
    """The app in a process of its own for as long as the context is open; its address. Dies with this process."""
    command = [sys.executable, "-m", "benchmarks.gradio_space"]
    quiet = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, env=quiet) as process:
        try:
            assert process.stdout is not None and process.stdin is not None
            yield json.loads(process.stdout.readline())["endpoint"]
        finally:
            process.kill()


def main() -> None:
    import gradio as gr

    folder = Path(tempfile.mkdtemp(prefix="gradio-space-"))

    def keep(content: bytes) -> str:
        path = folder / f"{hashlib.sha256(content).hexdigest()}.png"
        path.write_bytes(content)
        return str(path)

    def echo(subject: str, seconds: float) -> str:
        time.sleep(seconds)
        return f"{subject}."

    def image(subject: str, seconds: float) -> str:
        time.sleep(seconds)
        return keep(picture(subject.encode()))

    def tint(subject: str, seconds: float) -> str:
        time.sleep(seconds)
        return keep(picture(Path(subject).read_bytes()))

    with gr.Blocks() as app:
        said, seconds, answer = gr.Textbox(label="subject"), gr.Number(0, label="seconds"), gr.Textbox(label="result")
        taken, given = gr.Image(type="filepath", label="subject"), gr.Image(type="filepath", label="result")
        button = gr.Button()
        for function, inputs, output in ((echo, said, answer), (image, said, given), (tint, taken, given)):
            button.click(function, [inputs, seconds], output, api_name=function.__name__, concurrency_limit=None)
    app.queue(default_concurrency_limit=None, max_size=None)
    _, url, _ = app.launch(server_name="127.0.0.1", quiet=True, prevent_thread_lock=True, max_threads=256)
    print(json.dumps({"endpoint": url.rstrip("/")}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
