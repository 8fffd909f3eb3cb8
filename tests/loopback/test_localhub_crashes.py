"""The local Hub killed under its clients. `python -m benchmarks.hub_crashes` is the long form with a report."""

import pytest

from benchmarks.hub_crashes import trial


def test_a_killed_hub_leaves_nobody_behind_and_loses_nothing_it_acknowledged():
    faults, acknowledged = trial(seed=2, kills=2, longest=3.0)
    assert faults == [] and acknowledged > 2


@pytest.mark.slow
def test_a_hub_that_is_killed_again_and_again_keeps_what_it_acknowledged():
    faults, acknowledged = trial(seed=1, kills=15)
    assert faults == [] and acknowledged > 100
