"""Scheduled Jobs of the local Hub: what the client is told, and that they run when their time comes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub._jobs_api import ScheduledJobInfo
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from localhub.buckets.bucket import Buckets
from localhub.jobs.job import Initiator
from localhub.jobs.jobs import Jobs
from localhub.jobs.records import Records
from localhub.jobs.schedule import Schedule
from localhub.jobs.schedules import Schedules
from localhub.jobs.specification import Specification
from localhub.mounting.volumes import Volumes
from localhub.processes.keeper import Keeper
from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Repositories
from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    with running_hub(tmp_path_factory.mktemp("scheduled") / "hub") as running:
        yield running


def create(hub: LocalHub, schedule: str = "@hourly", command: str = "echo $KEY", **more: Any) -> ScheduledJobInfo:
    return hub.api().create_scheduled_job(
        image="python:3.12",
        command=["sh", "-c", command],
        schedule=schedule,
        secrets={"KEY": "hush"},
        namespace="local",
        **more,
    )


def test_a_scheduled_job_is_told_with_its_next_time(hub: LocalHub) -> None:
    made = create(hub, "0 9 * * 1", labels={"kind": "weekly"}, timeout=60)
    found = hub.api().inspect_scheduled_job(scheduled_job_id=made.id, namespace="local")
    at = found.status.next_job_run_at
    assert at and (at.weekday(), at.hour, at.minute) == (0, 9, 0) and at > datetime.now(UTC)
    assert (found.schedule, found.suspend, found.concurrency) == ("0 9 * * 1", False, False)
    assert (found.job_spec.secrets, found.job_spec.timeout, found.job_spec.command) == (
        ["KEY"],
        60,
        ["sh", "-c", "echo $KEY"],
    )
    listed = hub.api().list_scheduled_jobs(namespace="local", labels={"kind": "weekly"})
    assert [job.id for job in listed] == [made.id]


def test_a_scheduled_job_is_changed_suspended_resumed_and_deleted(hub: LocalHub) -> None:
    api, id = hub.api(), create(hub).id
    api.suspend_scheduled_job(scheduled_job_id=id, namespace="local")
    assert api.inspect_scheduled_job(scheduled_job_id=id, namespace="local").suspend is True
    api.resume_scheduled_job(scheduled_job_id=id, namespace="local")
    assert api.inspect_scheduled_job(scheduled_job_id=id, namespace="local").suspend is False
    assert (
        api.update_scheduled_job_schedule(scheduled_job_id=id, schedule="@daily", namespace="local").schedule
        == "@daily"
    )
    labels = api.update_scheduled_job_labels(scheduled_job_id=id, labels={"a": "b"}, namespace="local").job_spec.labels
    assert labels == {"a": "b"}
    api.delete_scheduled_job(scheduled_job_id=id, namespace="local")
    with pytest.raises(HfHubHTTPError, match="404"):
        api.inspect_scheduled_job(scheduled_job_id=id, namespace="local")


def test_a_scheduled_job_can_be_run_at_once_but_not_beside_itself(hub: LocalHub) -> None:
    api, made = hub.api(), create(hub, command="echo $KEY; sleep 600")
    job = api.trigger_scheduled_job(scheduled_job_id=made.id, namespace="local")
    assert job.initiator and (job.initiator.type, job.initiator.id) == ("scheduled-job", made.id)
    with pytest.raises(HfHubHTTPError, match="409"):
        api.trigger_scheduled_job(scheduled_job_id=made.id, namespace="local")
    log = hub.data / "work/jobs/local" / job.id / "run.log"
    assert eventually(lambda: log.exists() and "\thush" in log.read_text())
    last = api.inspect_scheduled_job(scheduled_job_id=made.id, namespace="local").status.last_job
    assert last and last.id == job.id
    api.cancel_job(job_id=job.id, namespace="local")


@pytest.mark.parametrize("schedule", ["every day", "61 * * * *", "* * * * * *", "@sometimes", "0 0 30 2 *"])
def test_what_is_no_schedule_is_refused(hub: LocalHub, schedule: str) -> None:
    with pytest.raises(BadRequestError, match="is no schedule"):
        create(hub, schedule)


def test_scheduled_jobs_survive_a_restart(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub") as first:
        made = create(first, suspend=True)
    with running_hub(tmp_path / "hub") as second:
        found = second.api().list_scheduled_jobs(namespace="local")
        assert [(job.id, job.suspend, job.schedule) for job in found] == [(made.id, True, "@hourly")]
        job = second.api().trigger_scheduled_job(scheduled_job_id=made.id, namespace="local")
        assert list(second.api().fetch_job_logs(job_id=job.id, namespace="local", follow=True)) == ["hush"]


class Clock:
    """Runs as fast as the real one, from another time on."""

    def __init__(self, start: str) -> None:
        self.shift = datetime.fromisoformat(start) - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.shift


@pytest.fixture
async def jobs(tmp_path: Path) -> AsyncIterator[Jobs]:
    volumes = Volumes(Repositories(tmp_path / "repos", Blobs(tmp_path / "blobs")), Buckets(tmp_path / "buckets"))
    jobs = Jobs(Records(tmp_path / "jobs"), Keeper(), volumes, "http://127.0.0.1:1")
    yield jobs
    await jobs.close()


def minutely(**more: Any) -> Schedule:
    return Schedule(
        id="0" * 24,
        namespace="local",
        specification=Specification(image="python:3.12", command=["sleep", "600"]),
        initiator=Initiator(type="user", id="1"),
        created="2026-01-01T00:00:00.000Z",
        times="* * * * *",
        **more,
    )


async def started(jobs: Jobs, count: int) -> bool:
    for _ in range(200):
        if len(jobs.jobs) >= count:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_scheduled_job_starts_when_its_time_comes(tmp_path: Path, jobs: Jobs) -> None:
    schedules = Schedules(tmp_path / "schedules", jobs, Clock("2026-03-01T11:59:59.500+00:00"))
    await schedules.open()
    await schedules.create(minutely(), {})
    assert await started(jobs, 1)
    await schedules.close()
    assert schedules.due == {"0" * 24: datetime(2026, 3, 1, 12, 1, tzinfo=UTC)}


async def test_a_job_that_still_runs_is_not_started_beside_itself_by_the_clock(tmp_path: Path, jobs: Jobs) -> None:
    clock = Clock("2026-03-01T11:59:00+00:00")
    schedules = Schedules(tmp_path / "schedules", jobs, clock)
    schedules.take(minutely())
    for _ in range(3):
        clock.shift += timedelta(minutes=1)
        await schedules.fire_due()
    assert len(jobs.jobs) == 1


async def test_a_concurrent_one_is(tmp_path: Path, jobs: Jobs) -> None:
    clock = Clock("2026-03-01T11:59:00+00:00")
    schedules = Schedules(tmp_path / "schedules", jobs, clock)
    schedules.take(minutely(concurrent=True))
    for _ in range(3):
        clock.shift += timedelta(minutes=1)
        await schedules.fire_due()
    assert len(jobs.jobs) == 3


async def test_times_that_were_missed_are_not_made_up_for(tmp_path: Path, jobs: Jobs) -> None:
    first = Schedules(tmp_path / "schedules", jobs, Clock("2026-03-01T11:59:10+00:00"))
    await first.create(minutely(concurrent=True), {})
    later = Schedules(tmp_path / "schedules", jobs, Clock("2026-03-02T11:59:10+00:00"))
    await later.open()
    await later.fire_due()
    await later.close()
    assert (jobs.jobs, later.due["0" * 24]) == ({}, datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize("turns", range(4))
async def test_the_clock_stops_although_something_changes_at_that_moment(
    tmp_path: Path, jobs: Jobs, turns: int
) -> None:
    schedules = Schedules(tmp_path / "schedules", jobs)
    await schedules.open()
    for _ in range(5):
        await asyncio.sleep(0)
    schedules.changed.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(2):
        await schedules.close()


async def test_a_suspended_one_does_not_start(tmp_path: Path, jobs: Jobs) -> None:
    clock = Clock("2026-03-01T11:59:00+00:00")
    schedules = Schedules(tmp_path / "schedules", jobs, clock)
    schedules.take(minutely(suspended=True))
    clock.shift += timedelta(days=1)
    await schedules.fire_due()
    assert jobs.jobs == {}
