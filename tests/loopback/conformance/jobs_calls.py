"""Jobs: run, followed, waited for, labelled, cancelled, scheduled; and what they read and write."""

import pytest
from huggingface_hub import Volume
from huggingface_hub.errors import JobNotFoundError

from tests.loopback.conformance.table import call
from tests.loopback.conformance.world import World

PATIENT = ["python", "-c", "import time; print('waiting', flush=True); time.sleep(60)"]
"""It has to be ended."""

QUICK = ["python", "-c", "import os; print('colour', os.environ['COLOUR'], os.environ['PASSWORD'][:1])"]


def run(world: World, command: list[str], **more: object) -> str:
    given = {"env": {"COLOUR": "red"}, "secrets": {"PASSWORD": "swordfish"}, "timeout": 50} | more
    job = world.api.run_job(image="python:3.12", command=command, namespace="local", **given)  # type: ignore[arg-type]
    return job.id


@call("run_job", "inspect_job", "wait_for_job", "fetch_job_logs")
def a_job_runs_and_is_followed(world: World) -> None:
    id = run(world, QUICK)
    logs = list(world.api.fetch_job_logs(job_id=id, namespace="local", follow=True))
    job = world.api.wait_for_job(id, namespace="local", timeout=30, poll_interval=0.1)
    known = world.api.inspect_job(job_id=id, namespace="local")
    assert (job.status.stage, [line.strip() for line in logs]) == ("COMPLETED", ["colour red s"])
    assert "swordfish" not in world.ask("GET", f"/api/jobs/local/{id}").text
    assert (known.docker_image, known.flavor, known.environment) == ("python:3.12", "cpu-basic", {"COLOUR": "red"})
    assert known.owner.name == "local" and known.durations and known.durations.total_secs is not None
    with pytest.raises(JobNotFoundError):
        world.api.inspect_job(job_id="0" * 24, namespace="local")


@call("list_jobs", "update_job_labels")
def jobs_are_found_by_stage_and_label(world: World) -> None:
    id = run(world, QUICK, labels={"run": "first"})
    world.api.wait_for_job(id, namespace="local", timeout=30, poll_interval=0.1)
    assert id in [job.id for job in world.api.list_jobs(namespace="local", status="COMPLETED")]
    assert [job.id for job in world.api.list_jobs(namespace="local", labels={"run": "first"})] == [id]
    assert world.api.update_job_labels(job_id=id, labels={"run": "second"}, namespace="local").labels == {
        "run": "second"
    }


@call("cancel_job", "fetch_job_metrics", "update_job_expose")
def a_job_is_watched_and_cancelled(world: World) -> None:
    id = run(world, PATIENT)
    world.api.wait_for_job(id, namespace="local", timeout=20, poll_interval=0.1, stages=["RUNNING"])
    measured = list(world.api.fetch_job_metrics(job_id=id, namespace="local"))
    exposed = world.api.update_job_expose(job_id=id, expose=[8000], namespace="local")
    world.api.cancel_job(job_id=id, namespace="local")
    job = world.api.wait_for_job(id, namespace="local", timeout=20, poll_interval=0.1)
    assert (job.status.stage, exposed.id) == ("CANCELED", id)
    assert [set(sample) >= {"cpu_usage_pct", "memory_used_bytes"} for sample in measured] == [True]


@call("rerun_job")
def a_job_runs_again(world: World) -> None:
    id = run(world, QUICK)
    world.api.wait_for_job(id, namespace="local", timeout=30, poll_interval=0.1)
    again = world.api.rerun_job(job_id=id, namespace="local")
    done = world.api.wait_for_job(again.id, namespace="local", timeout=30, poll_interval=0.1)
    assert (again.id != id, done.status.stage) == (True, "COMPLETED")


@call()
def a_job_that_lasts_too_long_is_ended(world: World) -> None:
    job = world.api.wait_for_job(run(world, PATIENT, timeout=1), namespace="local", timeout=30, poll_interval=0.1)
    assert (job.status.stage, job.status.message) == ("ERROR", "Job timeout")


@call("list_jobs_hardware")
def hardware_for_jobs_is_listed(world: World) -> None:
    assert "cpu-basic" in {hardware.name for hardware in world.api.list_jobs_hardware()}


@call("run_uv_job")
def a_script_is_run_with_uv(world: World) -> None:
    script = world.folder / "script.py"
    script.write_text("import sys\nprint('hello', sys.argv[1])\n")
    job = world.api.run_uv_job(str(script), script_args=["there"], namespace="local", timeout=50)
    done = world.api.wait_for_job(job.id, namespace="local", timeout=60, poll_interval=0.1)
    logs = "".join(world.api.fetch_job_logs(job_id=job.id, namespace="local"))
    assert (done.status.stage, "hello there" in logs) == ("COMPLETED", True), logs


@call("sync_job_volume")
def a_job_reads_and_writes_volumes(world: World) -> None:
    folder, bucket = world.folder, world.bucket()
    (folder / "in.txt").write_text("read me")
    code = "import os; open(os.environ['OUT'] + '/out.txt', 'w').write(open(os.environ['IN'] + '/in.txt').read())"
    volumes = [
        world.api.sync_job_volume(folder, "/inputs", namespace="local"),
        Volume(type="bucket", source=bucket, mount_path="/outputs"),
    ]
    id = run(world, ["python", "-c", code], volumes=volumes, env={"IN": "/inputs", "OUT": "/outputs"})
    done = world.api.wait_for_job(id, namespace="local", timeout=30, poll_interval=0.1)
    logs = "".join(world.api.fetch_job_logs(job_id=id, namespace="local"))
    assert done.status.stage == "COMPLETED", logs
    target = world.folder / "out.txt"
    world.api.download_bucket_files(bucket, [("out.txt", target)])
    assert target.read_text() == "read me"


@call(
    "create_scheduled_job",
    "list_scheduled_jobs",
    "inspect_scheduled_job",
    "suspend_scheduled_job",
    "resume_scheduled_job",
    "trigger_scheduled_job",
    "update_scheduled_job_labels",
    "update_scheduled_job_schedule",
    "delete_scheduled_job",
)
def a_job_is_scheduled(world: World) -> None:
    api, here = world.api, {"namespace": "local"}
    made = api.create_scheduled_job(image="python:3.12", command=["python", "-V"], schedule="@yearly", **here)
    one = {"scheduled_job_id": made.id, **here}
    assert made.id in [job.id for job in api.list_scheduled_jobs(**here)]
    api.suspend_scheduled_job(**one)
    assert api.inspect_scheduled_job(**one).suspend is True
    api.resume_scheduled_job(**one)
    assert api.inspect_scheduled_job(**one).suspend is False
    api.update_scheduled_job_schedule(schedule="0 9 * * 1", **one)
    api.update_scheduled_job_labels(labels={"lane": "slow"}, **one)
    known = api.inspect_scheduled_job(**one)
    assert (known.schedule, known.job_spec.labels) == ("0 9 * * 1", {"lane": "slow"})
    run = api.trigger_scheduled_job(**one)
    assert api.wait_for_job(run.id, timeout=30, poll_interval=0.1, **here).status.stage == "COMPLETED"
    assert api.inspect_scheduled_job(**one).status.last_job
    api.delete_scheduled_job(**one)
    assert made.id not in [job.id for job in api.list_scheduled_jobs(**here)]


@call("create_scheduled_uv_job")
def a_script_is_scheduled_with_uv(world: World) -> None:
    script = world.folder / "later.py"
    script.write_text("print('later')\n")
    made = world.api.create_scheduled_uv_job(str(script), schedule="@yearly", suspend=True, namespace="local")
    assert (made.suspend, made.job_spec.command and made.job_spec.command[0]) == (True, "uv")
    world.api.delete_scheduled_job(scheduled_job_id=made.id, namespace="local")


@call()
def a_job_is_another_users_secret(world: World) -> None:
    id = run(world, QUICK)
    assert world.ask("GET", f"/api/jobs/local/{id}", token="hf_local_other").status_code in (403, 404)
    assert world.ask("GET", f"/api/jobs/local/{id}", token=None).status_code == 401
