"""Many Jobs and Spaces at once on the local Hub: whether all of them finish, how long it takes, what the Hub weighs.

    python -m benchmarks.hub_load [--jobs 50] [--spaces 10]

Jobs compute for a moment and write a file to one bucket; Spaces are called once each. Nothing may be lost.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from huggingface_hub import HfApi, JobInfo, Volume

from benchmarks import rounds
from benchmarks.hub_cycle import APP, README
from core.local_hub import LocalHub, local_hub

MOST_IDLE_MB = 120.0

WORK = (
    "import os, sys; total = sum(i * i for i in range(200_000)); "
    "open(os.environ['OUT'] + '/' + sys.argv[1], 'w').write(str(total)); print('wrote', sys.argv[1])"
)

CALL = """
import sys

from gradio_client import Client

print(Client(sys.argv[1], verbose=False).predict("you", api_name="/greet"))
"""


def resident_mb(hub: LocalHub) -> float:
    """Of the Hub's own process, without its children."""
    holders = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if b"localhub\0--data" in _command(folder) and str(os.getpid()) == _parent(folder)
    ]
    status = Path(f"/proc/{holders[0]}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def _parent(folder: Path) -> str:
    return (folder / "stat").read_text().rpartition(")")[2].split()[1]


def put_space(api: HfApi, number: int) -> str:
    space = f"local/load-{number}"
    api.create_repo(space, repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
    for name, text in (("README.md", README), ("app.py", APP)):
        api.upload_file(path_or_fileobj=text.encode(), path_in_repo=name, repo_id=space, repo_type="space")
    return space


def put_job(api: HfApi, number: int) -> JobInfo:
    return api.run_job(
        image="python:3.12",
        command=["python", "-c", WORK, f"{number}.txt"],
        env={"OUT": "/output"},
        volumes=[Volume(type="bucket", source="local/load", mount_path="/output")],
        timeout=600,
        namespace="local",
    )


def call(space: str, hub: LocalHub, home: Path) -> str:
    quiet = {"HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_ANALYTICS_ENABLED": "False", "HOME": str(home)}
    environment = {"PATH": os.environ["PATH"], "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token, **quiet}
    done = subprocess.run(
        [sys.executable, "-c", CALL, space], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip()[-200:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--spaces", type=int, default=10)
    options = parser.parse_args()
    rounds.introduce()
    with tempfile.TemporaryDirectory() as root, local_hub(Path(root, "hub")) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_bucket("local/load")
        idle = resident_mb(hub)
        begun = time.perf_counter()
        with ThreadPoolExecutor(options.jobs + options.spaces) as pool:
            spaces = list(pool.map(lambda number: put_space(api, number), range(options.spaces)))
            jobs = list(pool.map(lambda number: put_job(api, number), range(options.jobs)))
            asked = time.perf_counter() - begun
            answers = list(pool.map(lambda space: call(space, hub, Path(root)), spaces))
            called = time.perf_counter() - begun
            ids = [job.id for job in jobs]
            ended = api.wait_for_job(job_id=ids, namespace="local", timeout=600)
        took = time.perf_counter() - begun
        completed = sum(job.status.stage == "COMPLETED" for job in ended)
        files = [entry for entry in api.list_bucket_tree("local/load") if entry.type == "file"]
        after = resident_mb(hub)
    good = sum(answer == "Hello you" for answer in answers)
    rows = [
        ("Jobs completed", f"{completed} of {options.jobs}"),
        ("files in the bucket", f"{len(files)} of {options.jobs}"),
        ("Spaces that answered", f"{good} of {options.spaces}"),
        ("everything asked for", f"{asked:.1f} s"),
        ("all Spaces had answered", f"{called:.1f} s"),
        ("all Jobs had ended", f"{took:.1f} s"),
        ("the Hub at rest", f"{idle:.0f} MB"),
        ("the Hub afterwards", f"{after:.0f} MB"),
    ]
    rounds.table(("what", "figure"), rows)
    lost = options.jobs - completed + options.jobs - len(files) + options.spaces - good
    print([answer for answer in answers if answer != "Hello you"][:3] or "every answer was right")
    kept = [rounds.gate("lost", lost, 0), rounds.gate("MB of the Hub at rest", idle, MOST_IDLE_MB)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
