"""The same cases in a real Gradio app, as far as Gradio lets an app give them: `bench/faulty`."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.broken_outputs import CASES, Case
from benchmarks.near_zero_space import ROOT


@contextmanager
def running() -> Iterator[str]:
    """The app in a process of its own for as long as the context is open; its address. Dies with this process."""
    quiet = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}
    command, pipe = [sys.executable, "-m", "benchmarks.faulty_gradio"], subprocess.PIPE
    with (
        tempfile.TemporaryDirectory(prefix="faulty-gradio-") as made,
        tempfile.TemporaryDirectory(prefix="faulty-gradio-") as copies,
        subprocess.Popen(
            [*command, made], cwd=ROOT, stdin=pipe, stdout=pipe, env={**quiet, "GRADIO_TEMP_DIR": copies}
        ) as app,
    ):
        try:
            assert app.stdout is not None
            yield json.loads(app.stdout.readline())["endpoint"]
        finally:
            app.kill()
            app.wait()


def main() -> None:
    import gradio as gr

    # Not in Gradio's own folder: it takes what it finds there for a copy that it made itself.
    folder = Path(sys.argv[1])

    def kept(case: Case) -> str:
        content = case.content()
        place = folder / hashlib.sha256(content).hexdigest()
        place.mkdir(exist_ok=True)
        (place / case.file).write_bytes(content)
        return str(place / case.file)

    def component(name: str, **more: Any) -> Any:
        made = {"Model3d": gr.Model3D, "Json": gr.JSON}.get(name) or getattr(gr, name)
        return made(**more, **({"type": "filepath"} if name in ("Image", "Audio") else {}))

    def work(case: Case) -> Callable[[Any], Any]:
        def function(subject: Any) -> Any:
            if case.name == "echo":
                return subject
            return kept(case) if case.file else case.content()

        return function

    with gr.Blocks() as app:
        words = gr.Textbox(label="subject")
        for case in CASES.values():
            if case.by == "gradio":
                given = words
                if case.takes_picture:
                    given = gr.Image(
                        value=kept(case) if case.name == "example" else None, type="filepath", label="subject"
                    )
                gr.Button().click(work(case), given, component(case.component, label="made"), api_name=case.name)
    app.queue(default_concurrency_limit=None)
    _, url, _ = app.launch(
        server_name="127.0.0.1", quiet=True, prevent_thread_lock=True, show_error=True, allowed_paths=[str(folder)]
    )
    print(json.dumps({"endpoint": url.rstrip("/")}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
