"""A real local Hub in its own process, and real clients for it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from huggingface_hub import HfApi

ROOT = Path(__file__).parents[2]

GREETER = '''\
import gradio as gr
import os

def greet(name: str, picture: str | None = None) -> tuple[str, str | None]:
    """Says hello to somebody by name."""
    return f"{os.environ.get('GREETING', 'Hello')} {name}", picture

with gr.Blocks() as demo:
    name, picture = gr.Textbox(label="Name"), gr.File(label="Picture", type="filepath")
    greeting, same = gr.Textbox(label="Greeting"), gr.File(label="Same picture")
    gr.Button().click(greet, [name, picture], [greeting, same], api_name="greet")

demo.launch()
'''


def readme(sdk: str = "gradio", **more: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    front = f"title: Greeter\nemoji: 👋\nsdk: {sdk}\nlicense: apache-2.0\n{lines}"
    return f"---\n{front}---\n\n# Greeter\n\nIt greets people.\n"


@dataclass
class LocalHub:
    process: subprocess.Popen[str]
    endpoint: str
    token: str
    data: Path

    def api(self) -> HfApi:
        return HfApi(endpoint=self.endpoint, token=self.token)

    def get(self, path: str, token: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        address = path if path.startswith("http") else self.endpoint + path
        return httpx.get(address, headers=headers, timeout=70)

    def put(self, name: str, sdk: str = "gradio", private: bool = False, **files: str) -> str:
        """A Space of the user's with these files; the `_dot_` in a keyword is a dot in the file's name."""
        id = f"local/{name}"
        api = self.api()
        api.create_repo(id, repo_type="space", space_sdk=sdk, private=private, exist_ok=True)
        for path, text in ({"README_dot_md": readme(sdk)} | files).items():
            api.upload_file(
                path_or_fileobj=text.encode(), path_in_repo=path.replace("_dot_", "."), repo_id=id, repo_type="space"
            )
        return id

    def space(self, id: str) -> dict[str, object]:
        space: dict[str, object] = self.get(f"/api/spaces/{id}", self.token).json()
        return space

    def host(self, id: str) -> str:
        return str(self.space(id)["host"])

    def runtime(self, id: str) -> dict[str, object]:
        runtime: dict[str, object] = self.get(f"/api/spaces/{id}/runtime", self.token).json()
        return runtime

    def stop(self) -> int:
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(10)


def start_hub(
    data: Path, spaces: Path | None = None, fork: bool = False, seed: Path | None = None, *more: str
) -> LocalHub:
    """It ends when its stdin does, so never later than this process. With `fork` it keeps gradio warm."""
    bundle = spaces or data / "no-spaces"
    command = [sys.executable, "-m", "localhub", "--data", str(data), "--port", "0", "--with-parent"]
    options = ["--spaces", str(bundle)] + ([] if fork else ["--no-fork"])
    options += (["--seed", str(seed)] if seed else []) + list(more)
    process = subprocess.Popen([*command, *options], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = json.loads(process.stdout.readline())
    return LocalHub(process, told["endpoint"], told["token"], data)


@contextmanager
def running_hub(
    data: Path, spaces: Path | None = None, fork: bool = False, seed: Path | None = None, *more: str
) -> Iterator[LocalHub]:
    hub = start_hub(data, spaces, fork, seed, *more)
    try:
        yield hub
    finally:
        hub.stop()
        assert hub.process.stdout
        hub.process.stdout.close()


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes_of(data: Path) -> list[int]:
    """Every process whose environment names the hub's data folder: its launcher and its Spaces."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and f"HOME={data}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


def run_client(hub: LocalHub, home: Path, script: str) -> str:
    """Run a script in a fresh Python where HF_ENDPOINT is set before anything is imported; what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "huggingface"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=home, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
