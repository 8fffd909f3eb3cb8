"""Which Jobs a Hub still knows after a start."""

from pathlib import Path

from localhub.buckets.bucket import Buckets
from localhub.jobs import jobs as module
from localhub.jobs.job import Initiator, Job
from localhub.jobs.jobs import Jobs
from localhub.jobs.records import Records
from localhub.jobs.specification import Specification
from localhub.mounting.volumes import Volumes
from localhub.processes.keeper import Keeper
from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Repositories


def write(folder: Path, namespace: str, number: int) -> str:
    job = Job(
        id=f"{number:024x}",
        namespace=namespace,
        specification=Specification(image="x", command=["true"]),
        initiator=Initiator(type="user", id="1"),
        created=f"2026-01-01T00:00:00.{number:06d}Z",
        stage="COMPLETED",
    )
    place = folder / namespace / job.id
    place.mkdir(parents=True)
    (place / "job.json").write_text(job.model_dump_json())
    (place / "run.log").write_text("said\n")
    return job.id


async def test_a_start_keeps_the_newest_jobs_of_each_namespace(tmp_path: Path) -> None:
    folder = tmp_path / "jobs"
    ids = [write(folder, "many", number) for number in range(module.KEPT + 3)]
    few = write(folder, "few", 9999)
    volumes = Volumes(Repositories(tmp_path / "repos", Blobs(tmp_path / "blobs")), Buckets(tmp_path / "buckets"))
    jobs = Jobs(Records(folder), Keeper(), volumes, "http://127.0.0.1:1")
    await jobs.open()
    kept = [job.id for job in jobs.of("many")]
    await jobs.close()
    assert kept == ids[:2:-1] and [job.id for job in jobs.of("few")] == [few]
    assert {path.name for path in (folder / "many").iterdir()} == set(kept)
