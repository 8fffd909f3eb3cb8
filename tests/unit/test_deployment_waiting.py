"""When the build of a Space has ended, and when it wants a machine."""

import pytest

from tools.deployment.requests import Machine
from tools.deployment.waiting import under_way, wants_machine

REVISION = "a" * 40


def seen(stage: str, current: str | None = "l4x1", revision: str | None = REVISION, error: str = "") -> Machine:
    return Machine(stage=stage, requested="l4x1", current=current, revision=revision, error=error)


@pytest.mark.parametrize(
    "machine",
    [
        seen("NO_APP_FILE"),
        seen("BUILDING", None),
        seen("APP_STARTING", None),
        seen("RUNNING_BUILDING"),
        seen("RUNNING", revision="b" * 40),
        seen("RUNNING", current="cpu-basic"),
    ],
)
def test_a_space_that_still_builds_or_shows_what_was_there_before_is_under_way(machine):
    assert under_way(machine, REVISION)


@pytest.mark.parametrize(
    "machine",
    [
        seen("RUNNING"),
        seen("RUNNING", revision=None),
        seen("RUNNING", current=None),
        seen("SLEEPING", current="cpu-basic"),
        seen("BUILD_ERROR", None),
        seen("A_NEW_STAGE"),
    ],
)
def test_a_space_that_runs_sleeps_or_failed_is_waited_for_no_longer(machine):
    assert not under_way(machine, REVISION)


@pytest.mark.parametrize(
    ("machine", "wanting"),
    [
        (seen("RUNTIME_ERROR", error="Scheduling failure: unable to schedule"), True),
        (seen("RUNTIME_ERROR", error="not enough hardware capacity"), True),
        (seen("RUNTIME_ERROR", error="KeyError: 'quota'"), False),
        (seen("RUNNING", error="unable to schedule"), False),
        (seen("PAUSED"), True),
    ],
)
def test_only_a_space_without_a_machine_wants_one(machine, wanting):
    assert wants_machine(machine) is wanting
