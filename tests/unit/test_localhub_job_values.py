"""What a Job and its schedule are made of, without running any."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from localhub.jobs import cron, environment, specification
from localhub.jobs.execution import outcome_of
from localhub.mounting.volumes import rewritten
from localhub.processes import tree
from localhub.processes.connection import End
from localhub.processes.keeper import Mount
from localhub.refusal import Refusal

MOUNTS = [Mount(source=Path("/host/in"), target="/data"), Mount(source=Path("/host/out"), target="/out/put")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/data", "/host/in"),
        ("/data/a/b.txt", "/host/in/a/b.txt"),
        ("/out/put/c", "/host/out/c"),
        ("--from=/data/a", "--from=/host/in/a"),
        ("/database/x", "/database/x"),
        ("see /data/a", "see /data/a"),
        ("name=/data", "name=/data"),
    ],
)
def test_only_paths_below_a_mount_are_rewritten(text: str, expected: str) -> None:
    assert rewritten(text, MOUNTS) == expected


@pytest.mark.parametrize(
    ("times", "after", "expected"),
    [
        ("@hourly", "2026-11-21T09:30:00", "2026-11-21T10:00:00"),
        ("@weekly", "2026-11-21T09:30:00", "2026-11-22T00:00:00"),
        ("@yearly", "2026-11-21T09:30:00", "2027-01-01T00:00:00"),
        ("0 9 * * mon", "2026-11-21T09:30:00", "2026-11-23T09:00:00"),
        ("*/5 * * * *", "2026-11-21T09:30:00", "2026-11-21T09:35:00"),
    ],
)
def test_the_next_time_of_a_schedule_is_in_utc(times: str, after: str, expected: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert cron.following(cron.check(times), moment) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (End(0), ("COMPLETED", None)),
        (End(2), ("ERROR", "Job failed with exit code: 2. Reason: Error")),
        (End(-signal.SIGKILL), ("ERROR", "Job failed with exit code: 137. Reason: Error")),
        (End(None), ("ERROR", "The Job ended because the process that keeps Jobs was killed")),
    ],
)
def test_an_exit_code_becomes_a_stage_and_a_message(end: End, expected: tuple[str, str | None]) -> None:
    assert outcome_of(end) == expected


def asked(**more: Any) -> specification.Specification:
    return specification.read({"dockerImage": "python:3.12", "command": ["true"], **more})[0]


def test_an_attempt_is_one_more_than_a_retry() -> None:
    assert (asked(attempts=3).told()["retry"], "retry" in asked().told()) == (2, False)


def test_a_space_can_be_the_image() -> None:
    told = specification.read({"spaceId": "ada/space", "command": ["true"]})[0].told()
    assert (told["spaceId"], "dockerImage" in told) == ("ada/space", False)


def test_secrets_are_kept_apart_from_what_is_told() -> None:
    found, secrets = specification.read({"dockerImage": "x", "command": ["true"], "secrets": {"B": "2", "A": 1}})
    assert (found.told()["secrets"], secrets) == (["A", "B"], {"A": "1", "B": "2"})


def test_a_volume_inside_another_one_is_refused() -> None:
    volumes = [{"type": "bucket", "source": "a/b", "mountPath": path} for path in ("/data", "/data/more")]
    with pytest.raises(Refusal, match="inside another one"):
        asked(volumes=volumes)


def test_python_is_this_hubs_and_other_commands_are_their_own() -> None:
    assert environment.mapped(["node", "python"]) == ["node", "python"]
    assert os.path.basename(environment.mapped(["python3", "-c", "0"])[0]).startswith("python")
    assert environment.mapped(["python"])[0] != "python"


@pytest.mark.parametrize(("words", "given"), [(["uv", "run", "x.py"], True), (["sh", "-c", "pip install x"], True),
                                              (["python", "pipeline.py", "--uvw"], False)])  # fmt: skip
def test_only_installers_learn_of_the_package_index(words: list[str], given: bool) -> None:
    assert bool(environment.INSTALLS.search(" ".join(words))) is given


def test_a_process_is_not_its_own_descendant() -> None:
    assert os.getpid() not in tree.descendants(os.getpid())
    assert os.getpid() in tree.descendants(1) or not os.path.exists("/proc/1")
