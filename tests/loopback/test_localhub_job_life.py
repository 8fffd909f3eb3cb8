"""How Jobs end: wholly, in time, and so that none is lost."""

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import JobInfo

from localhub.jobs.jobs import SIDE_BY_SIDE
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub, start_hub

STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.setsid()
    os.environ.clear()
    os.closerange(0, 100)
else:
    print("up", flush=True)
while True:
    time.sleep(600)  # {name}
"""
"""Forks twice into sessions of its own, lets go of its output and ignores SIGTERM."""

MODES = ([], ["--no-namespaces"])


class Tree:
    """The processes of one stubborn Job, whatever has become of their parents and environments."""

    def __init__(self) -> None:
        self.name = f"tree-{secrets.token_hex(8)}"

    def run(self, hub: LocalHub, **more: Any) -> JobInfo:
        command = ["python", "-c", STUBBORN.format(name=self.name)]
        job = hub.api().run_job(image="python:3.12", command=command, namespace="local", **more)
        assert eventually(lambda: len(self.processes()) == 2), "both have started"
        return job

    def processes(self) -> list[int]:
        return with_argument(self.name)

    def gone(self, seconds: float) -> bool:
        return eventually(lambda: not self.processes(), seconds)


def with_argument(part: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and part.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def keepers(hub: LocalHub) -> list[int]:
    """The keeper of the hub's Jobs and its guards: the number of the hub is their last argument."""
    return [pid for pid in with_argument("keeper_process.py") if last_argument(pid) == str(hub.process.pid)]


def last_argument(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[-2]
    except (OSError, IndexError):
        return ""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def status(hub: LocalHub, job: JobInfo) -> tuple[str, str | None]:
    found = hub.api().inspect_job(job_id=job.id, namespace="local").status
    return found.stage, found.message


def let_go(hub: LocalHub) -> None:
    for pipe in (hub.process.stdin, hub.process.stdout):
        if pipe:
            pipe.close()
    hub.process.wait(10)


@pytest.fixture(params=MODES, ids=["namespaces", "without"])
def mode(request: pytest.FixtureRequest) -> list[str]:
    options: list[str] = request.param
    return options


@pytest.fixture(scope="module", params=MODES, ids=["namespaces", "without"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("life") / "hub", None, False, None, *request.param) as running:
        yield running


def test_a_canceled_job_leaves_no_process(hub: LocalHub) -> None:
    tree = Tree()
    job = tree.run(hub)
    hub.api().cancel_job(job_id=job.id, namespace="local")
    assert tree.gone(seconds=3)
    assert status(hub, job) == ("CANCELED", None)


def test_a_job_that_takes_too_long_leaves_no_process(hub: LocalHub) -> None:
    tree = Tree()
    job = tree.run(hub, timeout=1)
    assert tree.gone(seconds=4)
    assert eventually(lambda: status(hub, job) == ("ERROR", "Job timeout"))


def test_what_a_job_leaves_behind_ends_with_its_command(hub: LocalHub) -> None:
    name = secrets.token_hex(8)
    code = f"import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.fork()\n    time.sleep(600)  # {name}"
    job = hub.api().run_job(image="python:3.12", command=["python", "-c", code], namespace="local")
    assert eventually(lambda: status(hub, job) == ("COMPLETED", None))
    assert with_argument(name) == []


def test_fifty_jobs_at_once_all_end_well(hub: LocalHub) -> None:
    api = hub.api()
    ids = [
        api.run_job(image="python:3.12", command=["sh", "-c", f"echo {number}"], namespace="local").id
        for number in range(50)
    ]
    jobs = api.wait_for_job(ids, namespace="local", poll_interval=0.05, timeout=60)
    assert {job.status.stage for job in jobs} == {"COMPLETED"}
    assert [list(api.fetch_job_logs(job_id=id, namespace="local")) for id in ids[::10]] == [
        [str(number)] for number in range(0, 50, 10)
    ]


@pytest.mark.parametrize("deadly", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_however_the_hub_ends_its_jobs_end_with_it(tmp_path: Path, mode: list[str], deadly: signal.Signals) -> None:
    hub = start_hub(tmp_path / "hub", None, False, None, *mode)
    tree = Tree()
    job = tree.run(hub)
    os.kill(hub.process.pid, deadly)
    assert tree.gone(seconds=2) and eventually(lambda: not keepers(hub), seconds=2)
    let_go(hub)
    with running_hub(tmp_path / "hub", None, False, None, *mode) as second:
        word = "ended" if deadly == signal.SIGKILL else "was stopped"
        assert status(second, job) == ("ERROR", f"The local Hub {word} while this Job ran")


def test_a_killed_hub_runs_the_jobs_that_had_waited_when_it_starts_again(tmp_path: Path) -> None:
    hub = start_hub(tmp_path / "hub")
    api = hub.api()
    running = [
        api.run_job(image="python:3.12", command=["sleep", "600"], namespace="local") for _ in range(SIDE_BY_SIDE)
    ]
    waiting = api.run_job(
        image="python:3.12", command=["sh", "-c", "echo $KEY"], secrets={"KEY": "k"}, namespace="local"
    )
    assert eventually(lambda: all(status(hub, job)[0] == "RUNNING" for job in running))
    assert status(hub, waiting) == ("SCHEDULING", None)
    hub.process.kill()
    let_go(hub)
    with running_hub(tmp_path / "hub") as second:
        assert eventually(lambda: status(second, waiting) == ("COMPLETED", None))
        assert {status(second, job) for job in running} == {("ERROR", "The local Hub ended while this Job ran")}
        assert list(second.api().fetch_job_logs(job_id=waiting.id, namespace="local")) == ["k"]


def test_a_killed_keeper_takes_its_jobs_with_it_and_harms_no_later_one(hub: LocalHub) -> None:
    tree = Tree()
    job = tree.run(hub)
    keeper = next(pid for pid in keepers(hub) if parent(pid) == hub.process.pid)
    os.kill(keeper, signal.SIGKILL)
    assert tree.gone(seconds=2)
    assert eventually(lambda: status(hub, job)[0] == "ERROR")
    after = hub.api().run_job(image="python:3.12", command=["true"], namespace="local")
    assert eventually(lambda: status(hub, after) == ("COMPLETED", None))


def test_a_killed_guard_takes_its_job_with_it(hub: LocalHub) -> None:
    tree = Tree()
    job = tree.run(hub)
    keeper = next(pid for pid in keepers(hub) if parent(pid) == hub.process.pid)
    for guard in [pid for pid in keepers(hub) if parent(pid) == keeper]:
        os.kill(guard, signal.SIGKILL)
    assert tree.gone(seconds=2)
    assert eventually(lambda: status(hub, job) == ("ERROR", "Job failed with exit code: 137. Reason: Error"))


def test_a_canceled_job_that_waits_never_starts(hub: LocalHub) -> None:
    api = hub.api()
    running = [
        api.run_job(image="python:3.12", command=["sleep", "600"], namespace="local") for _ in range(SIDE_BY_SIDE)
    ]
    waiting = api.run_job(image="python:3.12", command=["true"], namespace="local")
    api.cancel_job(job_id=waiting.id, namespace="local")
    for job in running:
        api.cancel_job(job_id=job.id, namespace="local")
    after = api.run_job(image="python:3.12", command=["true"], namespace="local")
    assert eventually(lambda: status(hub, after) == ("COMPLETED", None))
    assert status(hub, waiting) == ("CANCELED", None)
    assert not (hub.data / "work/jobs/local" / waiting.id / "run.log").exists()


def test_a_job_has_no_more_memory_than_its_flavor_or_the_machine(hub: LocalHub) -> None:
    code = (
        "import resource; print(*resource.getrlimit(resource.RLIMIT_DATA), resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    job = hub.api().run_job(image="python:3.12", command=["python", "-c", code], namespace="local")
    most = min(16 * 10**9, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    told = list(hub.api().fetch_job_logs(job_id=job.id, namespace="local", follow=True))
    assert told == [f"{most} {most} 0"]
