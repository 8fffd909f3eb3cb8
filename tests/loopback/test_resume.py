"""What resuming does with records that are in other hands, damaged, or missing something."""

import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

import app
from benchmarks import near_zero_space
from benchmarks.crash_driver import TEXTS, Switch
from benchmarks.crashes import Ground, Trial, executions
from core import journal
from core.events import CallAccepted, RunFinished, StepFinished, StepStarted
from core.journal import Journal
from core.record import RunFolder


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["benchmarks.crash_driver"])
    with near_zero_space.running(forthright=True) as address:
        yield address


@pytest.fixture
def trial(hub: str, tmp_path: Path) -> Trial:
    return Ground(tmp_path / "runs", hub, TEXTS, seconds=0.02).trial("resume")


@pytest.fixture
def nearly_done(trial: Trial) -> Trial:
    """Killed when everything but the end of the run was recorded."""
    trial.kill_at(Switch(_end_of(trial), "before"))
    assert trial.landed == 1 and trial.faults == []
    return trial


def _end_of(trial: Trial) -> int:
    """The number of the last event of a run like this one, and the same run from its beginning again."""
    trial.driver().ended()
    number = next(entry.seq for entry in journal.read(trial.folder) if isinstance(entry.event, RunFinished))
    for path in (trial.folder, trial.folder.parent / ".cache"):
        shutil.rmtree(path)
    trial.folder = trial.folder.with_name(f"{trial.folder.name}-again")
    trial.folder.mkdir()
    return number


def made_again(trial: Trial) -> set[str]:
    """Steps that were started after their result had been recorded."""
    done: set[str] = set()
    again: set[str] = set()
    for entry in journal.read(trial.folder):
        if isinstance(entry.event, StepStarted) and entry.event.step in done:
            again.add(entry.event.step)
        if isinstance(entry.event, StepFinished):
            done.add(entry.event.step)
    return again


def counted(trial: Trial) -> dict[str, int]:
    """How often the Space executed each step."""
    found = executions(trial.hub, trial.folder.name, trial.chains)
    return {name.split()[0]: len(times) for name, times in found.items()}


def test_of_three_resumers_started_together_one_runs(trial):
    trial.kill_at(Switch(20, "after"))
    trial.finish(rivals=2)
    assert (trial.faults, trial.refused) == ([], 2)


def test_the_command_line_says_who_has_the_run_and_exits_75(nearly_done, monkeypatch, capsys):
    monkeypatch.setenv("HF_ENDPOINT", nearly_done.hub)
    holder = Journal(nearly_done.folder)
    try:
        command = ["resume", nearly_done.folder.name, "--runs", str(nearly_done.folder.parent)]
        assert app.main([*command, "--endpoint", nearly_done.hub]) == 75
    finally:
        holder.close()
    assert f"pid {os.getpid()} on " in capsys.readouterr().err


def test_the_command_line_resumes_a_run_that_was_killed(trial, monkeypatch, capsys):
    monkeypatch.setenv("HF_ENDPOINT", trial.hub)
    trial.kill_at(Switch(30, "torn"))
    command = ["resume", trial.folder.name, "--runs", str(trial.folder.parent)]
    assert app.main([*command, "--endpoint", trial.hub]) == 0
    assert trial.finish().faults == []


def test_a_call_that_was_accepted_before_the_kill_is_picked_up_and_not_made_again(trial):
    trial.kill_at(Switch(6, "after"))
    accepted = [entry.event for entry in journal.read(trial.folder) if isinstance(entry.event, CallAccepted)]
    assert len(accepted) == 1
    assert trial.finish().faults == []
    assert counted(trial)[accepted[0].step] == 1


def test_a_damaged_line_costs_nothing_that_the_cache_still_knows(nearly_done):
    before = counted(nearly_done)
    _damage(nearly_done)
    nearly_done.finish()
    run = RunFolder(nearly_done.folder).run()
    assert (run.status, len(run.repairs), counted(nearly_done)) == ("passed", 1, before)
    assert list((nearly_done.folder / "quarantine").iterdir())


def test_a_damaged_line_costs_what_it_and_those_behind_it_recorded(nearly_done):
    lost = _damage(nearly_done)
    shutil.rmtree(nearly_done.folder.parent / ".cache")
    nearly_done.finish()
    assert RunFolder(nearly_done.folder).run().status == "passed"
    again = {step for step, times in counted(nearly_done).items() if times > 1}
    assert lost and again <= lost


def _damage(trial: Trial) -> set[str]:
    """Overwrite a line in the middle; the steps whose results stand there or behind it."""
    path = trial.folder / "events.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    middle = len(lines) // 2
    events = [json.loads(line)["event"] for line in lines[middle:]]
    lines[middle] = lines[middle].replace(b'"v":1', b'"v":0')
    path.write_bytes(b"".join(lines))
    return {event["step"] for event in events if event["type"] in ("step_finished", "call_accepted", "step_started")}


def test_a_deleted_artifact_is_made_again_and_nothing_else(nearly_done):
    path = next((nearly_done.folder / "artifacts").iterdir())
    finished = [entry.event for entry in journal.read(nearly_done.folder) if isinstance(entry.event, StepFinished)]
    (step,) = (event.step for event in finished if any(made.file == path.name for made in event.artifacts))
    path.unlink()
    nearly_done.finish()
    run = RunFolder(nearly_done.folder).run()
    assert (run.status, path.exists(), made_again(nearly_done)) == ("passed", True, {step})
    assert counted(nearly_done) == {name: 2 if name == step else 1 for name in counted(nearly_done)}


@pytest.mark.parametrize("state", [None, b"", b'{"upto": "0", "status": "failed"}'])
def test_a_stale_state_is_not_believed(nearly_done, state):
    path = nearly_done.folder / "state.json"
    path.unlink() if state is None else path.write_bytes(state)
    assert nearly_done.finish().faults == []
    written = json.loads(path.read_text())
    assert (written["status"], written["upto"]) == ("passed", journal.read(nearly_done.folder)[-1].hash)


def test_a_step_that_dies_twice_with_its_process_is_still_made(hub, tmp_path):
    trial = Ground(tmp_path, hub, TEXTS, seconds=0.8).trial("twice")
    for _ in range(2):
        driver = trial.driver()
        _wait_for_streams(trial)
        driver.kill()
        driver.ended()
    assert trial.finish().faults == []


def _wait_for_streams(trial: Trial) -> None:
    """Until this process follows its first calls, so that their results die with it."""
    tail = journal.Tail(trial.folder)
    first = len(journal.read(trial.folder)) if (trial.folder / "events.jsonl").exists() else 0
    running = 0
    while running < len(trial.chains):
        news = [entry for entry in tail.news() if entry.seq >= first]
        running += sum(getattr(entry.event, "stage", "") == "running" for entry in news)


def _watch(folder: Path, ready: Event) -> None:
    while True:
        journal.owner(folder)
        ready.set()


def test_a_reader_who_asks_for_the_owner_does_not_keep_anybody_from_resuming(tmp_path):
    Journal(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    watching = context.Process(target=_watch, args=(tmp_path, ready), daemon=True)
    watching.start()
    assert ready.wait(30)
    try:
        for _ in range(2000):
            Journal(tmp_path).close()
    finally:
        watching.kill()
        watching.join()
