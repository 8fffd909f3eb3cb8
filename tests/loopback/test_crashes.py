"""Runs that are killed with SIGKILL and resumed. `python -m benchmarks.crashes` is the long form with a report."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import near_zero_space
from benchmarks.crash_driver import BUGS, PICTURES, TEXTS, Bug
from benchmarks.crashes import PLACES, Ground, Trial, recordings, together


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["benchmarks.crash_driver"])
    with near_zero_space.running(forthright=True) as address:
        yield address


@pytest.fixture(scope="module")
def ground(hub: str, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("runs"), hub, TEXTS, seconds=0.02)


@pytest.fixture(scope="module")
def clean(ground: Ground) -> Trial:
    return ground.undisturbed()[0]


def events(trial: Trial) -> int:
    return (trial.folder / "events.jsonl").read_bytes().count(b"\n")


def faults(trials: list[Trial]) -> dict[str, list[str]]:
    return {trial.name: trial.faults for trial in trials if trial.faults}


def test_an_undisturbed_run_is_sound(clean):
    assert clean.faults == []


def test_a_run_killed_at_a_boundary_of_its_journal_is_resumed_by_exactly_one_of_two(ground, clean):
    boundaries = range(0, events(clean), 4)
    trials = together([lambda at=at: ground.boundary(at, PLACES[at % 3], rivals=1) for at in boundaries])
    assert faults(trials) == {}
    assert sum(trial.landed for trial in trials) == sum(trial.refused for trial in trials) == len(boundaries)


def test_a_run_killed_at_random_and_again_while_it_recovers_is_resumed(ground):
    trials = together([lambda seed=seed: ground.random(seed, 0.4) for seed in range(6)])
    assert faults(trials) == {}
    assert sum(trial.landed for trial in trials) >= len(trials) // 2


@pytest.mark.parametrize("bug", BUGS)
def test_the_checker_notices_a_planted_bug(ground: Ground, clean: Trial, bug: Bug):
    assert any(ground.exposed(bug, event).faults for event in recordings(clean))


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_every_boundary(hub: str, tmp_path: Path, place):
    ground = Ground(tmp_path, hub, PICTURES)
    boundaries = range(events(ground.undisturbed()[0]))
    trials = together([lambda at=at: ground.boundary(at, place, rivals=1) for at in boundaries])
    assert faults(trials) == {}
    assert sum(trial.refused for trial in trials) == len(boundaries)


@pytest.mark.slow
def test_two_hundred_runs_killed_at_random(hub: str, tmp_path: Path):
    ground = Ground(tmp_path, hub, PICTURES)
    seconds = ground.undisturbed()[2]
    trials = together([lambda seed=seed: ground.random(seed, seconds, rivals=2) for seed in range(200)])
    assert faults(trials) == {}
    assert sum(trial.landed for trial in trials) >= 200
    assert sum(trial.refused for trial in trials) == 400


@pytest.mark.slow
def test_every_boundary_of_a_recovery(hub: str, tmp_path: Path):
    ground = Ground(tmp_path, hub, TEXTS)
    boundaries = range(1, events(ground.undisturbed()[0]))
    trials = together([lambda at=at: ground.relapse(at, PLACES[at % 3], at % 7) for at in boundaries])
    assert faults(trials) == {}
