import asyncio

import pytest

from core.checks import ImageCheck, JudgeCheck
from core.errors import Failure
from tests.unit.test_checks_judge import seen
from tools.checks.judge import judge
from tools.checks.opinion import Opinion, weighed

QUESTION = "Is there an arched window in it?"
PICTURE = seen("image", std=50.0, width=512, height=512)


class ScriptedJudge:
    """Gives these answers in turn, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def __call__(self, question, facts, shown):
        self.asked.append((question, facts["width"], shown))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def verdicts_of(model, *checks, examination=PICTURE, seconds=5.0):
    async def show():
        return "a room"

    found = judge("image", examination, checks)
    return await weighed(found, checks, examination.facts, model, show, seconds)


async def test_a_model_is_asked_and_its_reason_is_kept():
    model = ScriptedJudge(Opinion(0.9, "two tall\narches on the left"))
    verdict = (await verdicts_of(model, JudgeCheck(question=QUESTION)))[-1]
    assert (verdict.status, verdict.facts) == ("pass", {"score": 0.9})
    assert verdict.reason == f"{QUESTION} Wanted >= 0.5, the model says 0.9: two tall arches on the left"
    assert model.asked == [(QUESTION, 512, "a room")]


@pytest.mark.parametrize(("severity", "status"), [("warn", "warn"), ("error", "fail")])
async def test_a_low_score_warns_unless_the_plan_lets_it_decide(severity, status):
    check = JudgeCheck(question=QUESTION, severity=severity)
    assert (await verdicts_of(ScriptedJudge(Opinion(0.2, "no window")), check))[-1].status == status


async def test_no_model_is_asked_about_what_has_failed_already():
    model = ScriptedJudge()
    verdicts = await verdicts_of(model, JudgeCheck(question=QUESTION), ImageCheck(min_width=1024))
    assert (model.asked, verdicts[-1].reason) == (
        [],
        f"not asked, because something before it failed: {QUESTION}",
    )


async def test_without_a_question_nothing_is_shown_to_anybody():
    async def show():
        raise AssertionError("a picture was drawn for nobody")

    found = judge("image", PICTURE, ())
    assert await weighed(found, (), PICTURE.facts, ScriptedJudge(), show) == found


@pytest.mark.parametrize("answer", [Failure("no credit left"), Opinion(7.0, "very"), Opinion(float("nan"), "hm")])
async def test_a_model_without_a_usable_answer_leaves_the_question_open(answer):
    check = JudgeCheck(question=QUESTION, severity="error")
    assert (await verdicts_of(ScriptedJudge(answer), check))[-1].status == "unknown"


async def test_a_model_that_never_answers_holds_nobody_up():
    async def silent(question, facts, shown):
        await asyncio.Event().wait()

    verdict = (await verdicts_of(silent, JudgeCheck(question=QUESTION), seconds=0.01))[-1]
    assert (verdict.status, verdict.reason) == ("warn", f"{QUESTION} the model did not answer within 0.01 s")


async def test_every_question_has_its_own_answer():
    model = ScriptedJudge(Opinion(0.9, "yes"), Opinion(0.1, "no"))
    checks = [JudgeCheck(question=QUESTION), JudgeCheck(question="Is the floor of marble?")]
    assert [verdict.status for verdict in (await verdicts_of(model, *checks))[-2:]] == ["pass", "warn"]
