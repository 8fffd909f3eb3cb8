"""What the page is told of a run: made from its events alone."""

from pathlib import Path

import pytest

from core.artifacts import ArtifactStore
from core.checks import Verdict
from core.events import (
    AttemptFailed,
    ConsentAsked,
    ConsentRefused,
    Event,
    PlanMade,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from core.journal import Entry
from core.nouns import Artifact, Call, Cost, Fault, From, Goal, Origin, Plan, Step
from window.page.picture.run import At, Picture, changes, layers


def place(step: str) -> From:
    return From.model_validate({"from": step})


CALL = Call(
    tool="call_space", arguments={"space": "a/painter", "endpoint": "/draw", "inputs": {"prompt": place("each")}}
)
PLAN = Plan(
    steps=(
        Step(id="draw", title="Draw", call=CALL, each=("Tower", "Arch")),
        Step(id="solid", title="Solid", call=CALL, each=place("draw")),
        Step(id="words", title="Words", call=Call(tool="call_space", arguments={"inputs": {"of": place("draw")}})),
        Step(id="publish", title="Publish", call=Call(tool="publish_viewer", arguments={"exhibits": place("solid")})),
    ),
    results=(place("solid"), place("publish")),
    planner="catalogue",
)
BEGUN = (
    RunStarted(run="r", goal=Goal(text="Two things"), planner="catalogue", endpoint="http://127.0.0.1:1"),
    PlanMade(plan=PLAN, costs=(Cost(step="publish", space="", calls=1, hardware="none", effect="write"),)),
)


@pytest.fixture
def parts(tmp_path: Path):
    def told(*events: Event, at: At = "here") -> dict[str, object]:
        picture = Picture(ArtifactStore(tmp_path))
        picture.read(Entry(number, 100.0 + number, 1, event, "") for number, event in enumerate((*BEGUN, *events)))
        return picture.parts(at)

    return told


def started(step: str, item: int | None = None, attempt: int = 1) -> StepStarted:
    return StepStarted(step=step, item=item, attempt=attempt, call=CALL, key="k")


def finished(step: str, item: int | None = None, value: str = "made") -> StepFinished:
    origin = Origin(tool="call_space", step=step, item=item, space="a/painter")
    made = Artifact(kind="text", sha256=f"{value}{item}", size=4, name=f"{step} {item}", value=value, origin=origin)
    verdicts = (Verdict(check="text", status="pass", reason="has words"),)
    return StepFinished(
        step=step, item=item, attempt=1, key="k", call=CALL, artifacts=(made,), verdicts=verdicts, seconds=1
    )


def failed(step: str, item: int | None = None) -> AttemptFailed:
    return AttemptFailed(step=step, item=item, attempt=1, fault=Fault(kind="AppFailed", message="no"), seconds=1)


def test_what_may_run_side_by_side_stands_in_one_row():
    assert layers(PLAN) == [["draw"], ["solid", "words"], ["publish"]]


def test_every_item_has_its_place_and_name_before_it_runs(parts):
    step = parts()["step solid"]
    assert [(unit["name"], unit["state"]) for unit in step["units"]] == [("Tower", "waiting"), ("Arch", "waiting")]
    assert step["state"] == "waiting"


def test_a_step_says_since_when_its_attempt_runs(parts):
    step = parts(started("draw", 1))["step draw"]
    assert [unit["began"] for unit in step["units"]] == [None, 102.0]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([started("words")], "running"),
        ([started("words"), failed("words")], "running"),
        ([started("words"), finished("words")], "passed"),
        ([started("words"), failed("words"), started("words", attempt=2), finished("words")], "repaired"),
    ],
)
def test_one_word_says_how_a_step_stands(parts, events, state):
    assert parts(*events)["step words"]["state"] == state


def test_results_have_their_places_from_the_first_one_on(parts):
    before = parts(started("draw", 0))["results"]
    live = parts(finished("solid", 1))["results"]
    over = parts(finished("solid", 1), RunFinished(status="failed"), at="")["results"]
    assert before == []
    assert [slot["made"] and slot["made"]["name"] for slot in live] == [None, "solid 1"]
    assert [slot["made"]["name"] for slot in over] == ["solid 1"]


def test_a_question_is_open_only_where_somebody_waits_for_the_answer(parts):
    asked = ConsentAsked(step="publish", effect="write", question="Publish: may it be done?")
    here, elsewhere = parts(asked), parts(asked, at="elsewhere")
    assert [(ask["effect"], ask["dollars"]) for ask in here["asks"]] == [("write", 0)]
    assert (here["head"]["status"], here["step publish"]["asked"], elsewhere["asks"]) == ("asking", True, [])
    assert parts(asked, ConsentRefused(step="publish"))["asks"] == []


def test_a_run_that_nobody_works_on_was_interrupted(parts):
    assert parts(started("words"), at="")["head"]["status"] == "interrupted"


def test_only_what_has_changed_travels(parts):
    before, now = parts(started("words")), parts(started("words"), finished("words"))
    assert set(changes(before, now)) == {"head", "step words"}
    assert changes(now, now) == {}
    assert changes({"step old": 1}, {}) == {"step old": None}


def test_long_foreign_text_is_one_line(parts):
    event = failed("words").model_copy(update={"fault": Fault(kind="AppFailed", message="x\x1b[31m\n" * 4000)})
    told = parts(started("words"), event)["step words"]["attempts"][0]["fault"]
    assert len(told) <= 240 and "\x1b" not in told and "\n" not in told
