import json
import multiprocessing
import os
from pathlib import Path

import pytest

from core import journal
from core.errors import DiskFull, RecordUnusable, RunBusy
from core.events import RunFinished, RunRepaired, RunStarted, StepFailed
from core.journal import Journal, Tail
from core.nouns import Goal
from core.record import RunFolder, Runs
from core.redact import redact

START = RunStarted(run="r", goal=Goal(text="a fox"), planner="catalogue", endpoint="http://127.0.0.1:1")
FAILED = StepFailed(step="draw", reason="no paint")


def write(folder: Path, *events: object) -> None:
    writer = Journal(folder)
    for event in events:
        writer.append(event)
    writer.close()


def spoken(folder: Path) -> list[object]:
    return [entry.event for entry in journal.read(folder)]


def test_what_was_appended_is_read_back_in_order(tmp_path):
    write(tmp_path, START, FAILED)
    assert spoken(tmp_path) == [START, FAILED]


async def test_waiters_of_one_turn_share_a_sync(tmp_path):
    writer = Journal(tmp_path)
    writer.append(START)
    await writer.durable()
    writer.close()
    assert spoken(tmp_path) == [START]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_torn_last_line_is_dropped_and_kept_aside(tmp_path, cut):
    write(tmp_path, START, FAILED)
    path = tmp_path / "events.jsonl"
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    path.write_bytes(whole[: -min(cut, len(last) - 1)])
    writer = Journal(tmp_path)
    writer.close()
    first, mended = spoken(tmp_path)
    assert first == START and isinstance(mended, RunRepaired) and "torn" in mended.reason
    assert last.startswith((tmp_path / "quarantine" / "events-0").read_bytes())


def test_a_changed_line_ends_what_is_believed(tmp_path):
    write(tmp_path, START, FAILED, FAILED)
    path = tmp_path / "events.jsonl"
    path.write_bytes(path.read_bytes().replace(b"no paint", b"no brush", 1))
    assert spoken(tmp_path) == [START]


def test_a_line_taken_out_of_the_middle_ends_what_is_believed(tmp_path):
    write(tmp_path, START, FAILED, FAILED)
    path = tmp_path / "events.jsonl"
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)
    assert spoken(tmp_path) == [START]


def test_each_process_that_writes_counts_one_session(tmp_path):
    write(tmp_path, START)
    write(tmp_path, FAILED)
    assert [entry.session for entry in journal.read(tmp_path)] == [1, 2]


def _hold(folder: Path, ready, leave) -> None:
    writer = Journal(folder)
    ready.set()
    leave.wait(30)
    writer.close()


def test_a_second_process_is_refused_and_told_who_holds_the_run(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, leave = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path, ready, leave))
    process.start()
    assert ready.wait(30)
    try:
        with pytest.raises(RunBusy, match=f"pid {process.pid} on "):
            Journal(tmp_path)
    finally:
        leave.set()
        process.join(30)
    Journal(tmp_path).close()


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path):
    def write_half(file: int, data: bytes) -> int:
        return os.write(file, data[: len(data) // 2])

    write(tmp_path, START)
    writer = Journal(tmp_path, write_half)
    with pytest.raises(DiskFull, match="free some space and resume"):
        writer.append(FAILED)
    writer.close()
    assert spoken(tmp_path) == [START]


def test_a_record_of_a_newer_version_is_refused_and_not_touched(tmp_path):
    write(tmp_path, START)
    path = tmp_path / "events.jsonl"
    newer = path.read_bytes().replace(b'{"v":1,', b'{"v":2,')
    path.write_bytes(newer)
    with pytest.raises(RecordUnusable, match="newer version"):
        Journal(tmp_path)
    assert path.read_bytes() == newer


def test_secrets_never_reach_the_file(tmp_path):
    token = "hf_" + "a1B2" * 8
    write(tmp_path, START, StepFailed(step="draw", reason=f'your token is {token}, "Bearer {"x" * 30}"'))
    text = (tmp_path / "events.jsonl").read_text()
    assert token not in text and "x" * 30 not in text and len(spoken(tmp_path)) == 2


def test_a_tail_gives_each_event_once_and_waits_for_whole_lines(tmp_path):
    tail = Tail(tmp_path)
    assert tail.news() == []
    writer = Journal(tmp_path)
    writer.append(START)
    assert [entry.event for entry in tail.news()] == [START]
    writer.append(FAILED)
    writer.close()
    assert [entry.event for entry in tail.news()] == [FAILED] and tail.news() == []


def test_a_missing_or_stale_state_is_made_again_from_the_journal(tmp_path):
    folder = Runs(tmp_path).begin("a fox")
    write(folder.path, START, RunFinished(status="failed", reason="no paint"))
    state = folder.path / "state.json"
    for damage in (None, b"{", b"[1]", json.dumps({"upto": "0"}).encode()):
        state.unlink(missing_ok=True) if damage is None else state.write_bytes(damage)
        assert folder.run().status == "failed"
        assert json.loads(state.read_text())["reason"] == "no paint"


def test_a_run_is_found_by_a_part_of_its_id_only_when_one_fits(tmp_path):
    runs = Runs(tmp_path)
    fox, owl = runs.begin("a fox"), runs.begin("an owl")
    for folder in (fox, owl):
        write(folder.path, START)
    assert runs.find("owl").id == owl.id
    with pytest.raises(RecordUnusable, match="fits 2 runs"):
        runs.find("-")
    with pytest.raises(RecordUnusable, match="there is no run 'cat'"):
        RunFolder(runs.find("cat").path)


@pytest.mark.parametrize(
    "name",
    ["obelisk-of-luxor-ba7816bf8f01cfea.png", "acme/desk-lamp-generator-v2-large", "a-flask-on-a-wooden-tab-abc123"],
)
def test_ordinary_names_are_no_secrets(name):
    assert redact(name) == name


def test_what_is_written_is_what_this_process_goes_on_with(tmp_path):
    writer = Journal(tmp_path)
    entry = writer.append(START.model_copy(update={"goal": Goal(text="use hf_" + "a1B2" * 8)}))
    writer.close()
    assert entry.event == spoken(tmp_path)[0] and "hf_" not in entry.event.goal.text
