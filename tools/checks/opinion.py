"""Asks a model what no parser can measure, after everything that can be measured has passed.

The model is somebody else's: what is known here is how it is called and how far its answer is believed.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from core.checks import Check, Facts, JudgeCheck, Verdict
from core.errors import Failure
from tools.checks.rows import Status

SECONDS = 60.0
"""For one answer."""

LONGEST_REASON = 200


class Opinion(NamedTuple):
    score: float
    """From 0, no, to 1, yes."""
    reason: str


Shown = Path | str | None
"""A picture of the artifact; or its text, which is foreign and goes into a prompt quoted; None for neither."""

Judge = Callable[[str, Facts, Shown], Awaitable[Opinion]]
"""Question, facts of the artifact and what can be shown of it → an opinion. Raises a Failure when there is none."""


async def weighed(
    verdicts: Sequence[Verdict],
    checks: Sequence[Check],
    facts: Facts,
    ask: Judge,
    show: Callable[[], Awaitable[Shown]],
    seconds: float = SECONDS,
) -> tuple[Verdict, ...]:
    """The verdicts of `judge()`, with the model's own in place of those that only say that nobody was asked.

    Neither `ask` nor `show` is called when something before has failed, or when no question is asked. The questions
    are answered one after the other, each within `seconds`.
    """
    questions = [check for check in checks if isinstance(check, JudgeCheck)]
    measured = [verdict for verdict in verdicts if verdict.check != "judge"]
    if not questions or not all(verdict.passed for verdict in measured):
        return tuple(verdicts)
    shown = await show()
    return (*measured, *[await _asked(check, facts, ask, shown, seconds) for check in questions])


async def _asked(check: JudgeCheck, facts: Facts, ask: Judge, shown: Shown, seconds: float) -> Verdict:
    try:
        async with asyncio.timeout(seconds):
            opinion = await ask(check.question, facts, shown)
    except TimeoutError:
        return _without_answer(check, f"the model did not answer within {seconds:g} s")
    except Failure as failure:
        return _without_answer(check, f"the model could not be asked: {failure}")
    if not (math.isfinite(opinion.score) and 0 <= opinion.score <= 1):
        return _without_answer(check, f"the model answered {opinion.score:g}, which is not from 0 to 1")
    met = opinion.score >= check.min_score
    status: Status = "pass" if met else "fail" if check.severity == "error" else "warn"
    said = " ".join(opinion.reason.split())[:LONGEST_REASON]
    reason = f"{check.question} Wanted >= {check.min_score:g}, the model says {opinion.score:g}: {said}"
    return Verdict(check="judge", status=status, reason=reason, facts={"score": round(opinion.score, 3)})


def _without_answer(check: JudgeCheck, why: str) -> Verdict:
    status: Status = "unknown" if check.severity == "error" else "warn"
    return Verdict(check="judge", status=status, reason=f"{check.question} {why}")
