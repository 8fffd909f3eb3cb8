"""The whole cycle on the local Hub, with the unmodified clients: where the seconds go.

    python -m benchmarks.hub_cycle [--rounds 3]

create → upload → RUNNING → predict → Job → its logs → what it wrote to a bucket, read back. Each round makes a Space, a
bucket and a Job of its own on one Hub that has been used once before, which is what "warm" means here.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import rounds
from core.local_hub import local_hub

MOST_SECONDS = 8.0

CYCLE = """
import json, os, sys, time
from pathlib import Path

begun = time.perf_counter()
from gradio_client import Client
from huggingface_hub import HfApi, Volume

steps = {}


def note(name):
    global begun
    steps[name] = time.perf_counter() - begun
    begun = time.perf_counter()


note("import the clients")
number, home = sys.argv[1], Path(sys.argv[2])
api = HfApi()
space, bucket = f"local/cycle-{number}", f"local/cycle-{number}"
api.create_repo(space, repo_type="space", space_sdk="gradio", private=True, space_hardware="zero-a10g")
note("create")
api.upload_folder(repo_id=space, repo_type="space", folder_path=home)
note("upload")
stage = api.wait_for_space(space, timeout=60, poll_interval=0.05).stage
note("RUNNING")
client = Client(space, token=api.token, verbose=False)
said = client.predict("world", api_name="/greet")
note("predict")
api.create_bucket(bucket, private=True)
job = api.run_job(
    image="python:3.12",
    command=["python", "-c", "import os; print('working'); open(os.environ['OUT'] + '/result.txt', 'w').write('done')"],
    env={"OUT": "/output"},
    volumes=[Volume(type="bucket", source=bucket, mount_path="/output")],
    timeout=60,
    namespace="local",
)
note("bucket and Job asked for")
lines = list(api.fetch_job_logs(job_id=job.id, namespace="local", follow=True))
ended = api.inspect_job(job_id=job.id, namespace="local").status.stage
note("Job and its logs")
api.download_bucket_files(bucket, files=[("result.txt", home.parent / f"result-{number}.txt")])
back = (home.parent / f"result-{number}.txt").read_text()
note("bucket read back")
assert (stage, said, lines, ended, back) == ("RUNNING", "Hello world", ["working"], "COMPLETED", "done"), locals()
print(json.dumps(steps))
sys.stdout.flush()
os._exit(0)  # gradio_client's heartbeat thread would hold the process
"""

APP = """
import gradio as gr


def greet(name: str) -> str:
    return f"Hello {name}"


gr.Interface(greet, "text", "text", api_name="greet").launch()
"""

README = "---\ntitle: Cycle\nemoji: 🔁\nsdk: gradio\n---\n"


@contextmanager
def prepared() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with a Space to upload, and the environment of a client of a fresh local Hub."""
    with tempfile.TemporaryDirectory() as root:
        home = Path(root, "space")
        home.mkdir()
        (home / "app.py").write_text(APP)
        (home / "README.md").write_text(README)
        (home / "requirements.txt").write_text("numpy\n")
        with local_hub(Path(root, "hub")) as hub:
            yield (
                home,
                {
                    "PATH": os.environ["PATH"],
                    "HOME": root,
                    "HF_ENDPOINT": hub.endpoint,
                    "HF_TOKEN": hub.token,
                    "HF_HUB_DISABLE_TELEMETRY": "1",
                    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                    "GRADIO_ANALYTICS_ENABLED": "False",
                },
            )


def cycle(number: int, home: Path, environment: dict[str, str]) -> dict[str, float]:
    """The seconds of each part, told by a fresh client process."""
    command = [sys.executable, "-c", CYCLE, str(number), str(home)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    steps: dict[str, float] = json.loads(done.stdout)
    return steps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rounds.introduce()
    with prepared() as (home, environment):
        begun = time.perf_counter()
        cold = cycle(0, home, environment)
        print(f"cold: {time.perf_counter() - begun:.2f} s")
        warm = [cycle(number + 1, home, environment) for number in range(options.rounds)]
    rows = [(name, f"{cold[name]:.2f}", f"{statistics.median(each[name] for each in warm):.2f}") for name in cold]
    whole = statistics.median(sum(each.values()) for each in warm)
    rounds.table(("part", "cold s", "warm s"), [*rows, ("whole", f"{sum(cold.values()):.2f}", f"{whole:.2f}")])
    return 0 if rounds.gate("seconds of a warm cycle", whole, MOST_SECONDS) else 1


if __name__ == "__main__":
    sys.exit(main())
