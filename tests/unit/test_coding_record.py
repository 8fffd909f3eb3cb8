"""What is read of a round's end, and what a run's folder keeps of it."""

import json
from pathlib import Path

import pytest

from core.factory import Draft, Workspace
from core.nouns import Job
from tools.coding.keeping import job_key, keep_findings, keep_traces, keep_workspace, kept
from tools.coding.outcome import read_outcome
from tools.jobs.job_order import JobResult

TOKEN = "hf_" + "b2" * 15


def result(folder: Path, text: str | None) -> JobResult:
    files = {}
    if text is not None:
        files["result.json"] = folder / "quarantined"
        files["result.json"].write_text(text)
    return JobResult(job=Job(id="1", stage="ERROR", url="u"), seconds=1, files=files, log="one\nnpm failed\n\n")


def test_an_outcome_is_what_the_job_says_in_the_shape_that_is_known(tmp_path):
    told = {"outcome": "budget", "detail": "40 turns\nare over", "usage": {"input": 10, "output": 5, "dollars": 0.25}}
    outcome = read_outcome(result(tmp_path, json.dumps(told | {"seconds": 3, "unknown": 1})))
    assert (outcome.name, outcome.detail, outcome.tokens, outcome.dollars) == ("budget", "40 turns are over", 15, 0.25)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "nonsense", '{"outcome": "success"}', '{"usage": {"input": "many", "dollars": NaN, "output": -7}}'],
)
def test_an_outcome_of_another_shape_is_none(tmp_path, text):
    outcome = read_outcome(result(tmp_path, text))
    assert (outcome.name, outcome.tokens, outcome.dollars) == ("nothing", 0, 0.0)


def test_a_job_without_an_outcome_is_told_by_the_end_of_its_log(tmp_path):
    assert read_outcome(result(tmp_path, None)).detail == "the Job ended as ERROR: npm failed"


def test_the_folder_of_generated_files_holds_the_newest_and_no_others(tmp_path):
    first = Workspace(model="a/b", origin="pi", files={"app.py": "one", "parts/old.py": "x"})
    keep_workspace(tmp_path, first)
    keep_workspace(tmp_path, first.model_copy(update={"files": {"app.py": "two"}}))
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {"generated/app.py"} and (tmp_path / "generated/app.py").read_text() == "two"


def test_findings_are_kept_by_step_and_by_version(tmp_path):
    keep_findings(tmp_path, "code", [Draft(origin="recipe")])
    keep_findings(tmp_path, "repair", [Draft(origin="pi", outcome="done")])
    kept = json.loads((tmp_path / "tests/preflight.json").read_text())
    assert {step: [one["origin"] for one in versions] for step, versions in kept.items()} == {
        "code": ["recipe"],
        "repair": ["pi"],
    }


def test_a_job_whose_traces_are_kept_is_known_by_its_key(tmp_path):
    keep_traces(tmp_path, "pi-code.1", "code.1.abc", {}, "the goal")
    assert kept(tmp_path, "pi-code.1", "code.1.abc")
    assert not kept(tmp_path, "pi-code.1", "code.1.xyz") and not kept(tmp_path, "pi-code.2", "code.1.abc")


def test_a_job_whose_model_was_refused_is_followed_by_another_and_no_other_is(tmp_path):
    def after(last: str, outcome: str) -> str:
        (tmp_path / "result").write_text(json.dumps({"outcome": outcome}))
        keep_traces(tmp_path, "pi-code.1", last, {"result.json": tmp_path / "result"}, "the goal")
        return job_key(tmp_path, "pi-code.1", "code.1.abc")

    assert job_key(tmp_path, "pi-code.1", "code.1.abc") == "code.1.abc"
    assert after("code.1.abc", "error") == "code.1.abc.2" and after("code.1.abc.2", "error") == "code.1.abc.3"
    assert after("code.1.abc.3", "done") == "code.1.abc.3" and after("code.1.abc", "budget") == "code.1.abc"
    assert after("code.1.xyz", "error") == "code.1.abc"


def test_no_token_reaches_the_record(tmp_path):
    (tmp_path / "trace").write_text(f'{{"said": "{TOKEN}"}}\n')
    files = {"traces/events.jsonl": tmp_path / "trace", "traces/a/b": tmp_path / "trace", "workspace/x": tmp_path}
    keep_traces(tmp_path, "pi-code.1", "code.1.abc", files, f"the goal {TOKEN}")
    keep_workspace(tmp_path, Workspace(model="a/b", origin="pi", files={"app.py": f"KEY = '{TOKEN}'"}))
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "trace"]
    assert sorted(path.name for path in kept) == ["app.py", "events.jsonl", "goal.md", "job.txt"]
    assert all(TOKEN not in path.read_text() for path in kept)
