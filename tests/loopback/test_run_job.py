"""Scripts run as real Jobs of a real local Hub: found again, cancelled, paid, and never begun twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.errors import AccessRefused, BudgetSpent, InputsRefused, OutputRefused
from core.hub import Hub
from core.ledger import Spending
from tests.loopback.job_scope import Notes
from tests.loopback.localhub_fixtures import ROOT, LocalHub, eventually, running_hub
from tests.loopback.watching_proxy import Forward, proxy
from tools.jobs.desk import JOB, RUN, cancel_jobs
from tools.jobs.failures import JobRefused, JobStuck
from tools.jobs.job_order import JobOrder, JobResult
from tools.jobs.running import run_job

SEED = """
users:
  - {name: local, credits: 5, tokens: [{secret: hf_local_first}]}
  - {name: poor, credits: 0, tokens: [{secret: hf_owner_poor}]}
  - {name: open, credits: 5, tokens: [{secret: hf_owner_open}]}
"""

HEADER = '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n# ///\n'
SCRIPTS = {
    "echo": """
import json, os, pathlib, sys
import greeting
given, left = pathlib.Path(os.environ["INPUT"], "given"), pathlib.Path(os.environ["OUTPUT"])
try:
    (given / "new.txt").write_text("x")
except OSError as error:
    print("given:", error.strerror)
print("started as", __file__)
print("progress: reading")
(left / "deep").mkdir(exist_ok=True)
(left / "deep/copy.bin").write_bytes((given / "in/data.bin").read_bytes())
print("the key is", os.environ["KEY"], "and", os.environ["PLAIN"])
print("progress: writing")
(left / "result.json").write_text(json.dumps({"text": greeting.hello((given / "name.txt").read_text())}))
""",
    "waits": "import time; print('up', flush=True); time.sleep(600)",
    "fails": """
import os, pathlib
pathlib.Path(os.environ["OUTPUT"], "trace.txt").write_text("so far")
print("progress: about to fail")
raise SystemExit("it went wrong")
""",
    "quick": "import os, pathlib; pathlib.Path(os.environ['OUTPUT'], 'result.json').write_text('1')",
    "many": "import os, pathlib\nfor n in range(501): pathlib.Path(os.environ['OUTPUT'], str(n)).write_text('x')",
    "strange": "import os, pathlib; pathlib.Path(os.environ['OUTPUT'], 'a\\\\..\\\\b').write_text('x')",
    "large": "import os\nwith open(os.environ['OUTPUT'] + '/zeros', 'wb') as file: file.truncate(50_000_001)",
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "seed.yaml").write_text(SEED)
    with running_hub(folder / "hub", None, False, folder / "seed.yaml") as running:
        running.token = "hf_local_first"
        yield running


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    for name, code in SCRIPTS.items():
        (folder / name).mkdir()
        (folder / name / "job.py").write_text(HEADER + code)
    (folder / "echo/greeting.py").write_text("def hello(name): return f'Hello {name}'\n")
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path)


class Running:
    """Runs orders for one run."""

    def __init__(self, hub: LocalHub, scripts: Path, notes: Notes) -> None:
        self.hub, self.scripts, self.notes = hub, scripts, notes

    def ours(self, endpoint: str = "") -> Hub:
        return Hub(endpoint or self.hub.endpoint, self.hub.token)

    async def work(self, script: str, endpoint: str = "", patience: float = 30, **more: Any) -> JobResult:
        order = JobOrder.model_validate({"script": script, "key": "code.1", "minutes": 1, **more})
        scope = self.notes.scope()
        return await run_job(self.ours(endpoint), scope, order, patience=patience, scripts=self.scripts)

    def __call__(self, script: str, endpoint: str = "", patience: float = 30, **more: Any) -> JobResult:
        return asyncio.run(self.work(script, endpoint, patience, **more))

    def jobs(self) -> list[tuple[str, str]]:
        """Name and stage of every Job of the run, in order."""
        found = self.hub.api().list_jobs(namespace="local", labels={RUN: self.notes.folder.name})
        return [((job.labels or {})[JOB], str(job.status.stage)) for job in found][::-1]


@pytest.fixture
def run(hub: LocalHub, scripts: Path, notes: Notes) -> Iterator[Running]:
    yield Running(hub, scripts, notes)
    asyncio.run(cancel_jobs(Hub(hub.endpoint, hub.token), notes.folder.name))


GIVEN: dict[str, Any] = {
    "files": {"name.txt": "Ada", "in/data.bin": bytes(range(256))},
    "environment": {"PLAIN": "plain"},
    "secrets": {"KEY": "a-very-secret-value"},
}


def test_a_job_finds_what_it_is_given_and_what_it_leaves_comes_back(run, hub, notes):
    done = run("echo", **GIVEN)
    assert (done.job.stage, run.jobs()) == ("COMPLETED", [("code.1", "COMPLETED")]), done.log
    assert set(done.files) == {"deep/copy.bin", "result.json"}
    assert done.files["deep/copy.bin"].read_bytes() == bytes(range(256))
    assert json.loads(done.files["result.json"].read_bytes()) == {"text": "Hello Ada"}
    assert all(path.is_relative_to(notes.folder / "incoming") for path in done.files.values())
    assert hub.api().bucket_info("local/spacewright-runs").private
    assert "given: Read-only file system" in done.log and 0 < done.seconds < 30


def test_two_scripts_never_share_the_environment_that_uv_keeps_for_a_path(run):
    assert "/job/echo.py" in next(line for line in run("echo", **GIVEN).log.splitlines() if "started as" in line)


def test_what_a_job_says_of_its_progress_is_passed_on_once(run, notes):
    run("echo", **GIVEN)
    told = notes.progress()
    assert [text for text in told if text in ("reading", "writing")] == ["reading", "writing"]


def test_a_secret_reaches_the_job_and_no_other_place(run, notes):
    done = run("echo", **GIVEN)
    order = JobOrder.model_validate({"script": "echo", "key": "a", "minutes": 1, **GIVEN})
    assert "the key is [secret] and plain" in done.log
    assert "a-very-secret-value" not in f"{order!r}{notes.mentioned}{done!r}"


def test_a_job_that_is_done_is_read_again_and_not_run_again(run):
    first = run("echo", **GIVEN)
    again = run("echo", **GIVEN)
    assert (again.job, again.seconds, set(again.files)) == (first.job, first.seconds, set(first.files))
    assert run.jobs() == [("code.1", "COMPLETED")]


def test_a_job_that_failed_is_told_with_its_log_and_followed_by_another(run):
    first = run("fails")
    assert (first.job.stage, first.job.message) == ("ERROR", "Job failed with exit code: 1. Reason: Error")
    assert "it went wrong" in first.log and first.files["trace.txt"].read_text() == "so far"
    second = run("fails")
    assert second.job.id != first.job.id
    assert run.jobs() == [("code.1", "ERROR"), ("code.1--2", "ERROR")]


def test_two_keys_are_two_jobs_side_by_side(run):
    async def both() -> list[JobResult]:
        return await asyncio.gather(run.work("quick", key="code.1"), run.work("quick", key="code.10"))

    assert [done.job.stage for done in asyncio.run(both())] == ["COMPLETED"] * 2
    assert sorted(run.jobs()) == [("code.1", "COMPLETED"), ("code.10", "COMPLETED")]


def test_money_is_put_aside_before_and_settled_after(run, notes):
    done = run("quick", minutes=3)
    price = 0.000167
    assert notes.reserved == {"job.code.1": Spending(job_minutes=3, dollars=3 * price)}
    assert notes.settled["job.code.1"].job_minutes == pytest.approx(done.seconds / 60)
    assert notes.settled["job.code.1"].dollars == pytest.approx(done.seconds / 60 * price)


def test_a_budget_that_is_spent_begins_no_job(run, scripts, notes):
    async def spent(key: str, what: str, amount: Spending) -> None:
        raise BudgetSpent(f"no room for {what}")

    scope = notes.scope()
    object.__setattr__(scope, "reserve", spent)
    with pytest.raises(BudgetSpent, match="no room for the Job quick on cpu-basic"):
        asyncio.run(run_job(run.ours(), scope, JobOrder(script="quick", key="a", minutes=1), scripts=scripts))
    assert run.jobs() == []


def test_a_cancelled_task_takes_its_job_with_it_within_a_second(run, notes):
    async def cancel() -> float:
        task = asyncio.create_task(run.work("waits"))
        while not task.done() and not any("running" in text for text in notes.progress()):
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - begun

    assert asyncio.run(cancel()) < 1
    assert run.jobs() == [("code.1", "CANCELED")]
    assert notes.settled["job.code.1"].job_minutes < 1


def test_a_task_cancelled_while_the_job_is_being_submitted_leaves_none_at_work(run, hub, notes):
    async def cancel() -> None:
        submitting = asyncio.Event()
        loop = asyncio.get_running_loop()

        def watch(method: str, path: str, forward: Forward) -> httpx.Response | None:
            if (method, path) != ("POST", "/api/jobs/local"):
                return None
            loop.call_soon_threadsafe(submitting.set)
            time.sleep(0.3)  # The Hub takes its time.
            return forward()

        with proxy(hub.endpoint, watch) as endpoint:
            task = asyncio.create_task(run.work("waits", endpoint))
            await asyncio.wait([task, asyncio.create_task(submitting.wait())], return_when=asyncio.FIRST_COMPLETED)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancel())
    assert run.jobs() == [("code.1", "CANCELED")]


def test_every_job_of_a_run_is_cancelled_by_its_label(run, hub, notes):
    api = hub.api()
    for name, folder in (("a", notes.folder.name), ("b", notes.folder.name), ("c", "another-run")):
        api.run_job(
            image="python", command=["sleep", "60"], namespace="local", labels={RUN: folder, JOB: name}, timeout=60
        )
    assert asyncio.run(cancel_jobs(run.ours(), notes.folder.name)) == 2
    assert asyncio.run(cancel_jobs(run.ours(), notes.folder.name)) == 0
    assert run.jobs() == [("a", "CANCELED"), ("b", "CANCELED")]
    assert asyncio.run(cancel_jobs(run.ours(), "another-run")) == 1


DRIVER = """
import asyncio, pathlib, sys
from core.hub import Hub
from tests.loopback.job_scope import Notes
from tools.jobs.job_order import JobOrder
from tools.jobs.running import run_job
endpoint, token, folder, scripts, script = sys.argv[1:]
order = JobOrder(script=script, key="code.1", minutes=1)
asyncio.run(run_job(Hub(endpoint, token), Notes(pathlib.Path(folder)).scope(), order, scripts=pathlib.Path(scripts)))
"""


class Killer:
    """Kills the process that asks, before, during or after its submission of a Job.

    `slowly` is during it, and the Hub has not begun the Job when the next process looks for it.
    """

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.victim: subprocess.Popen[bytes] | None = None
        self.looked_for = threading.Event()

    def __call__(self, method: str, path: str, forward: Forward) -> httpx.Response | None:
        submitting = (method, path) == ("POST", "/api/jobs/local")
        waiting = method == "GET" and path.startswith("/api/jobs/local/")
        if self.moment == "before" and submitting:
            self.kill()
            return httpx.Response(500)
        if self.moment in ("during", "slowly") and submitting and not self.done:
            self.kill()
            if self.moment == "slowly":
                assert self.looked_for.wait(30)
            return forward()
        if self.done and path.startswith("/api/jobs/local?"):
            answer = forward()
            self.looked_for.set()
            return answer
        if self.moment == "after" and waiting:
            self.kill()
        return None

    @property
    def done(self) -> bool:
        return self.victim is not None and self.victim.returncode is not None

    def kill(self) -> None:
        assert self.victim
        self.victim.send_signal(signal.SIGKILL)
        self.victim.wait()


@pytest.mark.parametrize(
    ("moment", "script"), [("before", "quick"), ("during", "waits"), ("slowly", "quick"), ("after", "waits")]
)
def test_a_process_killed_around_the_submission_begins_exactly_one_job(run, hub, scripts, notes, moment, script):
    killer = Killer(moment)

    async def resume(endpoint: str) -> None:
        task = asyncio.create_task(run.work(script, endpoint))
        while script == "waits" and not notes.progress() and not task.done():
            await asyncio.sleep(0.05)
        if script == "waits":
            task.cancel()
        await asyncio.wait([task])

    with proxy(hub.endpoint, killer) as endpoint:
        command = [sys.executable, "-c", DRIVER, endpoint, hub.token, str(notes.folder), str(scripts), script]
        environment = {"PATH": os.environ["PATH"], "HOME": str(notes.folder), "PYTHONPATH": str(ROOT)}
        killer.victim = subprocess.Popen(command, cwd=ROOT, env=environment)
        assert killer.victim.wait(60) == -signal.SIGKILL
        asyncio.run(resume(endpoint if moment == "slowly" else hub.endpoint))
    assert run.jobs() == [("code.1", "COMPLETED" if script == "quick" else "CANCELED")]


def test_a_submission_whose_answer_is_lost_is_not_made_again(run, hub):
    lost = []

    def lose(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if (method, path) == ("POST", "/api/jobs/local") and not lost:
            lost.append(forward().json()["id"])
            return httpx.Response(500, json={"error": "Internal Error"})
        return None

    with proxy(hub.endpoint, lose) as endpoint:
        done = run("quick", endpoint)
    assert ([done.job.id], run.jobs()) == (lost, [("code.1", "COMPLETED")])


def test_a_submission_that_the_hub_dropped_is_made_again(run, hub):
    dropped = []

    def drop(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if (method, path) == ("POST", "/api/jobs/local") and not dropped:
            dropped.append(path)
            return httpx.Response(500, json={"error": "Internal Error"})
        return None

    with proxy(hub.endpoint, drop) as endpoint:
        done = run("quick", endpoint)
    assert (done.job.stage, run.jobs()) == ("COMPLETED", [("code.1", "COMPLETED")])


def test_a_hub_that_is_away_for_a_moment_is_waited_for(run, hub):
    away = []

    def fail(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if method == "GET" and path.startswith("/api/jobs/local/") and not path.endswith("/logs") and len(away) < 3:
            away.append(path)
            return httpx.Response(503)
        return None

    with proxy(hub.endpoint, fail) as endpoint:
        assert run("quick", endpoint).job.stage == "COMPLETED"
    assert len(away) == 3


def test_a_file_that_the_hub_does_not_give_at_once_is_asked_for_again(run, hub):
    asked = []

    def fail(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if "/resolve/" not in path:
            return None
        asked.append(path)
        return httpx.Response(503) if len(asked) == 1 else None

    with proxy(hub.endpoint, fail) as endpoint:
        done = run("quick", endpoint)
    assert done.files["result.json"].read_text() == "1" and len(asked) == 2


@pytest.mark.parametrize("given", [b"", b"1234567"])
def test_a_file_of_another_size_than_the_hub_said_is_refused(run, hub, given):
    def lie(method: str, path: str, forward: Forward) -> httpx.Response | None:
        return httpx.Response(200, content=given) if "/resolve/" in path else None

    with proxy(hub.endpoint, lie) as endpoint, pytest.raises(OutputRefused, match=r"result\.json.* did not come whole"):
        run("quick", endpoint)


def test_a_job_that_does_not_start_is_cancelled_and_said_to_be_stuck(run, hub, notes):
    def hold(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if not path.startswith("/api/jobs/local") or "/logs" in path:
            return None
        answer = forward()
        return httpx.Response(answer.status_code, text=answer.text.replace('"RUNNING"', '"SCHEDULING"'))

    with proxy(hub.endpoint, hold) as endpoint, pytest.raises(JobStuck, match="has not started after 1 s and was canc"):
        run("waits", endpoint, patience=1)
    assert run.jobs() == [("code.1", "CANCELED")]
    assert "job.code.1" in notes.settled


def test_without_credits_one_line_says_where_to_pay(run, scripts, notes):
    words = r"poor has no credits for Jobs \(402\): .*; add some at http.*/settings/billing"
    hub = Hub(run.hub.endpoint, "hf_owner_poor")
    with pytest.raises(JobRefused, match=words):
        asyncio.run(run_job(hub, notes.scope(), JobOrder(script="quick", key="a", minutes=1), scripts=scripts))
    assert notes.settled == {"job.a": Spending()}


@pytest.mark.parametrize("refused", ["GET", "POST"])
def test_a_token_without_the_scope_for_jobs_is_told_what_it_lacks(run, hub, refused):
    asked = []

    def refuse(method: str, path: str, forward: Forward) -> httpx.Response | None:
        if method == refused and path.partition("?")[0] == "/api/jobs/local":
            asked.append(method)
            return httpx.Response(403, json={"error": "this token needs the scope jobs"})
        return None

    with proxy(hub.endpoint, refuse) as endpoint, pytest.raises(JobRefused, match="with the scope jobs, and see http"):
        run("quick", endpoint)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("script", "words"),
    [("many", "more than 500 files"), ("strange", "name is refused"), ("large", "50,000,001 bytes")],
)
def test_too_much_and_strange_names_are_not_taken(run, script, words):
    with pytest.raises(OutputRefused, match=words):
        run(script)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"script": "no_such"}, "no script 'no_such'"), ({"flavor": "abacus"}, "no hardware 'abacus' for Jobs")],
)
def test_what_cannot_be_run_is_refused_before_anything_is_asked_for(run, notes, more, words):
    with pytest.raises(InputsRefused, match=words):
        run(**({"script": "quick"} | more))
    assert (run.jobs(), notes.reserved) == ([], {})


def test_a_public_bucket_of_that_name_is_not_used(run, hub, scripts, notes):
    hub_of_open = Hub(hub.endpoint, "hf_owner_open")
    api = hub.api()
    api.create_bucket("open/spacewright-runs", private=False, token="hf_owner_open")
    with pytest.raises(AccessRefused, match="is public, and runs are private"):
        asyncio.run(run_job(hub_of_open, notes.scope(), JobOrder(script="quick", key="a", minutes=1), scripts=scripts))


def test_a_job_outlives_nothing_of_its_processes(run, hub, notes):
    run("echo", **GIVEN)
    assert eventually(lambda: not list(hub.data.glob("work/jobs/local/*/container")))
