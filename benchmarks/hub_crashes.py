"""The local Hub killed with SIGKILL under its clients: what was acknowledged is there, and nobody is left behind.

    python -m benchmarks.hub_crashes [--kills 20] [--seed 1]

A client makes repositories, commits, bucket files, Jobs and a Space, and writes down each answer it got. At a random
moment the Hub is killed. Afterwards no process of it may live, and a new Hub on the same folder must tell everything
that was acknowledged, each file with its bytes, and every Job.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi

from benchmarks import rounds

CLIENT = '''
import itertools, json, os, sys
from huggingface_hub import HfApi, Volume

api = HfApi()
acknowledged = open(sys.argv[1], "a", buffering=1)
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    os.fork()
time.sleep(30)
"""
APP = "import gradio as gr; gr.Interface(lambda name: name, 'text', 'text', api_name='echo').launch()"
README = "---\\ntitle: Crash\\nsdk: gradio\\n---\\n"


def note(kind, *values):
    acknowledged.write(json.dumps([kind, *values]) + "\\n")


for number in itertools.count(int(sys.argv[2])):
    repo, bucket = f"local/crash-{number}", f"local/crash-{number}"
    api.create_repo(repo, private=True)
    note("repo", repo)
    for turn in range(3):
        text = f"{number}/{turn} " * 2000
        api.upload_file(path_or_fileobj=text.encode(), path_in_repo=f"turn-{turn}.txt", repo_id=repo)
        note("file", repo, f"turn-{turn}.txt", text)
    api.create_bucket(bucket)
    note("bucket", bucket)
    text = f"bucket {number} " * 1000
    api.batch_bucket_files(bucket, add=[(text.encode(), "kept.txt")])
    note("kept", bucket, "kept.txt", text)
    job = api.run_job(
        image="python:3.12",
        command=["python", "-c", STUBBORN],
        volumes=[Volume(type="bucket", source=bucket, mount_path="/output")],
        namespace="local",
    )
    note("job", job.id)
    if number == int(sys.argv[2]):
        space = f"local/space-{number}"
        api.create_repo(space, repo_type="space", space_sdk="gradio", space_hardware="zero-a10g")
        api.upload_file(path_or_fileobj=README.encode(), path_in_repo="README.md", repo_id=space, repo_type="space")
        api.upload_file(path_or_fileobj=APP.encode(), path_in_repo="app.py", repo_id=space, repo_type="space")
        note("space", space)
'''


@dataclass
class Hub:
    process: "subprocess.Popen[bytes]"
    endpoint: str
    token: str


@contextmanager
def started(data: Path) -> Iterator[Hub]:
    """A Hub in its own session, without bundled Spaces. Killed at the end, if not before."""
    command = [sys.executable, "-m", "localhub", "--data", str(data), "--port", "0", "--spaces", str(data / "none")]
    process = subprocess.Popen(command, cwd=rounds.ROOT, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    try:
        yield Hub(process, told["endpoint"], told["token"])
    finally:
        process.kill()
        process.communicate()


def environment(hub: Hub, home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "huggingface"),
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "1",
    }


def disturbed(data: Path, home: Path, first: int, seconds: float) -> None:
    """Let a client work for so long and kill the Hub under it."""
    with started(data) as hub:
        command = [sys.executable, "-c", CLIENT, str(home / "acknowledged"), str(first)]
        client = subprocess.Popen(command, env=environment(hub, home), stderr=subprocess.DEVNULL)
        try:
            client.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        hub.process.send_signal(signal.SIGKILL)
        hub.process.wait()
        client.kill()
        client.wait()


def left_behind(data: Path, patience: float = 3.0) -> list[str]:
    """The command lines of processes that still name the data folder in their environment, after a while."""
    deadline = time.monotonic() + patience
    while found := list(processes(data)):
        if time.monotonic() > deadline:
            return found
        time.sleep(0.05)
    return []


def processes(data: Path) -> Iterator[str]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"={data}/".encode() in (folder / "environ").read_bytes():
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if command:  # a zombie has none, and runs no more
                    yield f"{folder.name}: {command}"
        except OSError:
            continue


def faults(data: Path, home: Path) -> list[str]:
    """What a new Hub on the same folder does not tell as it was acknowledged."""
    acknowledged = home / "acknowledged"
    notes = [json.loads(line) for line in acknowledged.read_text().splitlines()] if acknowledged.exists() else []
    found = []
    with started(data) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        jobs = {job.id: job.status.stage for job in api.list_jobs(namespace="local")}
        for kind, *values in notes:
            try:
                fault = missing(api, kind, values, jobs)
            except Exception as error:  # whatever the client says is the finding
                fault = f"{kind} {values[:2]}: {error}"
            found += [fault] if fault else []
        for repository in [*api.list_models(author="local"), *api.list_spaces(author="local")]:
            kind = "space" if hasattr(repository, "sdk") else "model"
            for path in api.list_repo_files(repository.id, repo_type=kind):
                if not readable(api, repository.id, kind, path):
                    found.append(f"{repository.id}/{path} cannot be read")
        for bucket in api.list_buckets(namespace="local"):
            list(api.list_bucket_tree(bucket.id, recursive=True))
    return found


def missing(api: HfApi, kind: str, values: list[str], jobs: dict[str, str]) -> str:
    """What is wrong with one acknowledged thing; empty if nothing is."""
    match kind, values:
        case "repo", [repo]:
            api.model_info(repo)
        case "space", [space]:
            api.space_info(space)
        case "bucket", [bucket]:
            api.bucket_info(bucket)
        case "file", [repo, path, text]:
            address = f"{api.endpoint}/{repo}/resolve/main/{path}"
            return "" if read(api, address) == text else f"{repo}/{path} has other bytes"
        case "kept", [bucket, path, text]:
            address = f"{api.endpoint}/buckets/{bucket}/resolve/{path}"
            return "" if read(api, address) == text else f"{bucket}/{path} has other bytes"
        case "job", [job]:
            stage = jobs.get(job, "lost")
            # One that waited for its turn still does, or has it now; one that ran has ended with the Hub.
            return f"Job {job} is {stage}" if stage in ("lost", "DELETED") else ""
    return ""


def readable(api: HfApi, repo: str, kind: str, path: str) -> bool:
    prefix = "spaces/" if kind == "space" else ""
    try:
        read(api, f"{api.endpoint}/{prefix}{repo}/resolve/main/{path}")
    except OSError:
        return False
    return True


def read(api: HfApi, address: str) -> str:
    request = urllib.request.Request(address, headers={"authorization": f"Bearer {api.token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode())


def trial(seed: int, kills: int, longest: float = 6.0) -> tuple[list[str], int]:
    """Faults of one data folder that sees several kills, and how many answers were acknowledged on it."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as root:
        data, home = Path(root, "hub"), Path(root, "home")
        home.mkdir()
        found: list[str] = []
        for number in range(kills):
            disturbed(data, home, number * 1000, chance.uniform(0.3, longest))
            found += [f"left behind: {process}" for process in left_behind(data)]
            found += faults(data, home)
            found += [f"left behind: {process}" for process in left_behind(data)]
        acknowledged = home / "acknowledged"
        return found, len(acknowledged.read_text().splitlines()) if acknowledged.exists() else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rounds.introduce()
    found, acknowledged = trial(options.seed, options.kills)
    for fault in found:
        print(fault)
    print(f"{2 * options.kills} kills, {acknowledged} acknowledged answers, {len(found)} faults")
    return 0 if rounds.gate("faults", len(found), 0) and acknowledged else 1


if __name__ == "__main__":
    sys.exit(main())
