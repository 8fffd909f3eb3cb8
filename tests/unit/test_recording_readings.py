"""Which of the readings that a session repeated stand in its cassette, and how a run and its Jobs are named there."""

import json
from typing import Any

from vcr.request import Request

from window.recording.bodies import asked_form
from window.recording.exchange import asked
from window.recording.job_readings import newest
from window.recording.names import Names
from window.recording.readings import together

HUB = "http://127.0.0.1:8000"
RUN = "20260102-030405-a-goal-0a1b2c"


def reading(path: str, told: Any = None, method: str = "GET") -> dict[str, Any]:
    return {"ask": f"{method} {HUB}{path}", "answer": "200 OK", "told": {"json": told}}


def times(documents: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    return [(one["told"]["json"], one.get("times", 1)) for one in documents]


def test_of_waiting_for_a_change_three_readings_are_kept():
    path = "/api/spaces/me/painter"
    kept = together([reading(path, "building") for _ in range(9)] + [reading(path, "running")])
    assert times(kept) == [("building", 3), ("running", 1)]


def test_what_was_read_before_our_own_change_is_kept_as_often_as_it_was():
    path = "/api/spaces/me/painter"
    commit = reading(f"{path}/commit/main", "done", "POST")
    kept = together([reading(path, "old") for _ in range(5)] + [commit, reading(path, "new")])
    assert times(kept) == [("old", 5), ("done", 1), ("new", 1)]


def test_a_change_that_is_late_is_waited_for_with_three_readings():
    path = "/api/spaces/me/painter"
    commit = reading(f"{path}/commit/main", "done", "POST")
    before, after = ([reading(path, "old") for _ in range(5)] for _ in range(2))
    kept = together([*before, commit, *after, reading(path, "new")])
    assert times(kept) == [("old", 5), ("done", 1), ("old", 3), ("new", 1)]


def test_of_a_job_each_stage_stands_there_once_and_its_log_once():
    path = "/api/jobs/me/1f2e"
    stages = [{"status": {"stage": stage}, "seconds": n} for n, stage in enumerate(["RUNNING"] * 4 + ["COMPLETED"] * 2)]
    given = [one for stage in stages for one in (reading(path, stage), reading(f"{path}/logs", stage["seconds"]))]
    kept = [document["told"]["json"] for document in newest(given)]
    assert kept == [stages[3], stages[5], 5]


def test_what_is_asked_of_all_jobs_or_of_hardware_is_no_reading_of_a_job():
    given = [reading("/api/jobs/me?label=a"), reading("/api/jobs/me?label=a"), reading("/api/jobs/hardware")] * 2
    assert newest(given) == given


def test_a_run_has_one_name_wherever_it_stands_in_a_request():
    names = Names()
    for word in ("runs%2F{}%2Fjobs", "label=run%3D{}", "/runs/{}/jobs"):
        one = asked(Request("GET", f"{HUB}/{word.format(RUN)}", b"", {}), names)
        assert one.uri == f"{HUB}/{word.format('<run>')}"


def test_an_answer_speaks_of_the_run_that_is_played():
    names = Names()
    assert names.told(b"runs/<run>/out") == b"runs/<run>/out"
    asked(Request("GET", f"{HUB}/tree/runs%2F{RUN}", b"", {}), names)
    assert names.told(b"runs/<run>/out") == f"runs/{RUN}/out".encode()


def test_when_a_file_was_put_into_a_bucket_makes_no_difference():
    lines = [json.dumps({"type": "addFile", "path": "a", "xetHash": "ff", "mtime": time}) for time in (1, 2)]
    forms = [
        asked_form(f"{HUB}/api/buckets/me/b/batch", "application/x-ndjson", one.encode(), Names()) for one in lines
    ]
    assert forms[0] == forms[1] == {"lines": [{"type": "addFile", "path": "a", "xetHash": "ff"}]}
