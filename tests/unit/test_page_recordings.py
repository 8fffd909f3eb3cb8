"""Recorded sessions on the page: what the shelf says of them, and the moments of a run in words."""

from pathlib import Path

from core.events import (
    AttemptFailed,
    CallProgressed,
    Event,
    PlanMade,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from core.journal import Entry
from core.nouns import Call, Fault, From, Goal, Plan, Step
from window.page.picture.moment import moments
from window.page.recorded.shelf import goal_of, recordings
from window.page.scopes import asked_for

HEAD = """\
cassette: 1
recorded: '2026-01-02'
session:
  words: [{words}]
answered: {{hub: a local Hub, model: no language model, note: ''}}
outcome: {outcome}
---
ask: GET http://127.0.0.1:8000/
answer: 200
"""
CALL = Call(tool="call_space", arguments={"space": "they/painter", "endpoint": "/draw", "inputs": {}})
PLAN = Plan(
    steps=(Step(id="draw", title="Draw it", call=CALL),),
    results=(From.model_validate({"from": "draw"}),),
    planner="catalogue",
)


def written(*events: Event) -> list[Entry]:
    return [Entry(number, float(number), 1, event, "") for number, event in enumerate(events)]


def test_the_shelf_has_what_leaves_a_run_behind_and_nothing_else(tmp_path: Path):
    (tmp_path / "draw.yaml").write_text(HEAD.format(words="ask, --yes, Draw a fox", outcome="{status: passed}"))
    (tmp_path / "facts.yaml").write_text(HEAD.format(words="card, they/model", outcome="{exit: 0}"))
    (tmp_path / "other.yaml").write_text("- a list\n- of things\n")
    (tmp_path / "broken.yaml").write_text("{")
    (found,) = recordings(tmp_path)
    assert (found.name, found.goal, found.day, found.status) == ("draw", "Draw a fox", "2026-01-02", "passed")


def test_an_option_and_its_value_are_no_goal():
    assert goal_of(["ask", "Draw a fox", "--budget", "60", "--yes"]) == "Draw a fox"
    assert goal_of(["build", "--hardware", "cpu", "they/model", "--yes"]) == "Build a Space for they/model"
    assert goal_of(["validate", "they/space"]) == "Validate they/space"


def test_every_decision_is_a_moment_and_progress_is_none():
    fault = Fault(kind="CheckFailed", message="it is blank")
    found = moments(
        written(
            RunStarted(run="r", goal=Goal(text="Draw"), planner="catalogue", endpoint="http://hub"),
            PlanMade(plan=PLAN),
            StepStarted(step="draw", attempt=1, call=CALL, key="k"),
            CallProgressed(step="draw", attempt=1, stage="queued", position=2),
            AttemptFailed(step="draw", attempt=1, fault=fault, seconds=1.0),
            StepStarted(step="draw", attempt=2, call=CALL, key="k"),
            StepFinished(step="draw", attempt=2, key="k", call=CALL, artifacts=(), seconds=1.0),
            RunFinished(status="passed"),
        )
    )
    assert found == [
        (1, "The goal was said"),
        (2, "A plan of 1 step was made"),
        (3, "Draw it: begun by they/painter"),
        (5, "Draw it: try 1 failed: it is blank"),
        (6, "Draw it: begun by they/painter, try 2"),
        (7, "Draw it: done"),
        (8, "Everything is done"),
    ]


def test_a_sign_in_says_what_it_asks_for_and_no_scope_goes_unnamed():
    said = asked_for("openid profile contribute-repos something-new")
    assert [words.rpartition("(")[2] for words in said] == ["contribute-repos)", "something-new)"]
    assert said[0].startswith("create Spaces and change those that it has created itself")
