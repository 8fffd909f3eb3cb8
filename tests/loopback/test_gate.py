"""Broken outputs between two Spaces: each is stopped before the second Space is called, and sound ones get through."""

from collections.abc import Iterable
from typing import NamedTuple

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet

from benchmarks.broken_outputs import BROKEN, SOUND, Case
from benchmarks.composition import crew_on
from benchmarks.faulty_spaces import WIRE, served
from benchmarks.gate_chain import pursue
from core.run import Run

pytestmark = pytest.mark.asyncio(loop_scope="module")

LET_THROUGH = {
    "html_csv": "a page that calls itself .csv is kept as the page it is, and as any file it may go on",
    "nan_json": "NaN is read as null, as Gradio's own encoder writes it",
    "orders": "orders to a language model are only a warning",
}
"""What the gate cannot tell yet, and why."""


class Chained(NamedTuple):
    run: Run
    called: int
    """Times that the second Space was called in this run."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chain(tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    async with served() as stage, crew_on(stage.hub, root) as crew:

        async def through(case: Case) -> Chained:
            before = stage.witness.called[case.name]
            run = await pursue(case, WIRE, crew, stage.hub, root)
            return Chained(run, stage.witness.called[case.name] - before)

        yield through


def each(cases: Iterable[Case]) -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(strict=True, reason=why)] if (why := LET_THROUGH.get(case.name)) else [],
        )
        for case in cases
    ]


@pytest.mark.parametrize("case", each(BROKEN))
async def test_a_broken_output_is_stopped_before_the_next_space_is_called(chain, case):
    run, called = await chain(case)
    assert (run.status, called) == ("failed", 0)
    # The step that made it, and a sentence that a person can read.
    step, _, words = run.reason.partition(": ")
    assert step == "made" and " " in words and "\n" not in words and "Traceback" not in words


@pytest.mark.parametrize("case", each(SOUND))
async def test_a_sound_output_is_handed_on(chain, case):
    run, called = await chain(case)
    assert (run.status, run.reason, called) == ("passed", "", 1)
