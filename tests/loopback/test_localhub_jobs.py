"""Jobs of the local Hub, as the unmodified huggingface_hub runs them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import JobInfo, Volume
from huggingface_hub.errors import HfHubHTTPError, JobNotFoundError

from tests.loopback.localhub_fixtures import LocalHub, eventually, running_hub

SEED = """
users:
  - {name: local, credits: 5, tokens: [{secret: hf_local_first}]}
  - {name: ada, credits: 5, tokens: [{secret: hf_owner_ada}, {secret: hf_reader_of_ada, role: read}]}
  - {name: poor, credits: 0, tokens: [{secret: hf_owner_poor}]}
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "seed.yaml").write_text(SEED)
    with running_hub(folder / "hub", None, False, folder / "seed.yaml") as running:
        running.token = "hf_owner_ada"
        yield running


@pytest.fixture(scope="module")
def rewriting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A hub as on a machine that cannot mount."""
    with running_hub(tmp_path_factory.mktemp("rewriting") / "hub", None, False, None, "--no-namespaces") as running:
        yield running


def python(hub: LocalHub, code: str, **more: Any) -> JobInfo:
    return run(hub, ["python", "-c", code], **more)


def run(hub: LocalHub, command: list[str], **more: Any) -> JobInfo:
    return hub.api().run_job(image="python:3.12", command=command, namespace=namespace(hub), **more)


def namespace(hub: LocalHub) -> str:
    return "ada" if hub.token == "hf_owner_ada" else "local"


def lines(hub: LocalHub, job: JobInfo, follow: bool = True, tail: int | None = None) -> list[str]:
    return list(hub.api().fetch_job_logs(job_id=job.id, namespace=namespace(hub), follow=follow, tail=tail))


def final(hub: LocalHub, job: JobInfo) -> JobInfo:
    return hub.api().wait_for_job(job.id, namespace=namespace(hub), poll_interval=0.02, timeout=20)


def ended(hub: LocalHub, job: JobInfo) -> tuple[str, str | None]:
    status = final(hub, job).status
    return status.stage, status.message


def post(hub: LocalHub, path: str, body: object, token: str | None = None) -> httpx.Response:
    return httpx.post(hub.endpoint + path, json=body, headers={"authorization": f"Bearer {token or hub.token}"})


SMALL: dict[str, Any] = {"dockerImage": "python:3.12", "command": ["true"]}


def test_a_job_runs_to_its_end_and_its_lines_are_followed(hub: LocalHub) -> None:
    job = python(hub, "for number in range(3): print('line', number)")
    assert job.status.stage in ("SCHEDULING", "RUNNING")
    assert lines(hub, job) == ["line 0", "line 1", "line 2"]
    assert ended(hub, job) == ("COMPLETED", None)


def test_a_job_is_told_with_the_keys_of_the_real_hub(hub: LocalHub) -> None:
    job = final(
        hub, python(hub, "print(1)", labels={"run": "r1"}, env={"A": "b"}, secrets={"KEY": "hush"}, timeout="5m")
    )
    told = hub.get(f"/api/jobs/ada/{job.id}", hub.token).json()
    assert set(told) == {
        *("type", "id", "createdAt", "createdBy", "startedAt", "finishedAt", "dockerImage", "command", "arguments"),
        "environment",
        *("secrets", "flavor", "labels", "timeout", "status", "durations", "owner", "initiator"),
    }
    assert len(told["id"]) == 24 and int(told["id"], 16)
    assert (told["timeout"], told["secrets"], told["environment"]) == (300, ["KEY"], {"A": "b"})
    assert set(told["durations"]) == {"schedulingSecs", "runningSecs", "totalSecs"}
    assert (job.owner.name, job.owner.type, job.initiator and job.initiator.name) == ("ada", "user", "ada")
    assert job.labels and job.labels["run"] == "r1" and job.labels["name"].startswith("python-3-12-")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["sh", "-c", "exit 3"], "Job failed with exit code: 3. Reason: Error"),
        (["sh", "-c", "kill -9 $$"], "Job failed with exit code: 137. Reason: Error"),
        (
            ["no-such-program"],
            "Job failed with exit code: 128. Reason: StartError. "
            'exec: "no-such-program": executable file not found in $PATH',
        ),
    ],
)
def test_a_failed_job_says_how_it_failed(hub: LocalHub, command: list[str], message: str) -> None:
    assert ended(hub, run(hub, command)) == ("ERROR", message)


def test_a_job_tries_as_often_as_it_may(hub: LocalHub) -> None:
    job = python(hub, "print('tried'); raise SystemExit(1)", attempts=3)
    assert (lines(hub, job), final(hub, job).retry) == (["tried"] * 3, 2)


def test_a_job_has_a_clean_environment_and_its_secrets(hub: LocalHub) -> None:
    code = "import os, json, pathlib; print(json.dumps(dict(os.environ) | {'cwd': os.getcwd()}))"
    found = json.loads(lines(hub, python(hub, code, env={"RUN": "r1"}, secrets={"KEY": "hush"}))[0])
    folder = Path(found["HOME"]).parent
    assert (found["RUN"], found["KEY"], found["HF_ENDPOINT"]) == ("r1", "hush", hub.endpoint)
    assert (found["ACCELERATOR"], found["CPU_CORES"], found["MEMORY"]) == ("none", "2", "16Gi")
    assert folder.parent.name == found["JOB_ID"]
    assert all(Path(found[name]).is_relative_to(folder) for name in ("HOME", "TMPDIR", "HF_HOME", "cwd"))
    assert "HF_TOKEN" not in found and not any(name.startswith(("UV_", "PIP_")) for name in found)


def test_a_secret_is_told_to_nobody_and_kept_for_its_owner(hub: LocalHub) -> None:
    job = final(hub, python(hub, "print(1)", secrets={"KEY": "a-very-secret-value"}))
    told = [hub.get(path, hub.token).text for path in ("/api/jobs/ada", f"/api/jobs/ada/{job.id}")]
    assert not any("a-very-secret-value" in text for text in told)
    holders = [path for path in hub.data.rglob("*") if path.is_file() and b"a-very-secret-value" in path.read_bytes()]
    assert [(path.name, path.stat().st_mode & 0o777) for path in holders] == [("secrets.json", 0o600)]


def test_nothing_but_its_record_and_log_outlives_a_job(hub: LocalHub) -> None:
    job = final(hub, python(hub, "open('file', 'w').write('x')"))
    folder = hub.data / "work/jobs/ada" / job.id
    assert eventually(lambda: sorted(path.name for path in folder.iterdir()) == ["job.json", "run.log"])


def test_a_log_begins_with_the_start_also_when_only_its_end_is_asked_for(hub: LocalHub) -> None:
    job = final(hub, python(hub, "for number in range(5): print(number)"))
    path = f"/api/jobs/ada/{job.id}/logs"
    whole, end = (events(hub.get(path + query, hub.token)) for query in ("", "?tail=2"))
    assert [event["data"] for event in whole[1:]] == ["0", "1", "2", "3", "4"]
    assert whole[0] == end[0] and whole[0]["data"] == f"===== Job started at {whole[0]['timestamp']} ====="
    assert [event["data"] for event in end[1:]] == ["3", "4"]
    assert lines(hub, job, follow=False, tail=1) == ["4"]


def events(response: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]


def test_jobs_are_listed_newest_first_by_stage_and_by_labels(hub: LocalHub) -> None:
    first = final(hub, python(hub, "print(1)", labels={"set": "listed", "part": "a"}))
    second = final(hub, python(hub, "raise SystemExit(1)", labels={"set": "listed", "part": "b"}))
    api = hub.api()
    assert [job.id for job in api.list_jobs(namespace="ada", labels={"set": "listed"})] == [second.id, first.id]
    failed = api.list_jobs(namespace="ada", labels={"set": "listed"}, status=["ERROR", "CANCELED"])
    assert [job.id for job in failed] == [second.id]
    assert [job.id for job in api.list_jobs(namespace="ada", labels={"set": "listed", "part": "a"})] == [first.id]


def test_a_long_list_comes_in_pages(hub: LocalHub) -> None:
    ids = [python(hub, "0", labels={"set": "paged"}).id for _ in range(3)]
    page = hub.get("/api/jobs/ada?label=set%3Dpaged&limit=2", hub.token)
    rest = hub.get(page.links["next"]["url"], hub.token)
    assert [job["id"] for job in page.json() + rest.json()] == ids[::-1]


def test_labels_are_replaced(hub: LocalHub) -> None:
    job = hub.api().update_job_labels(job_id=final(hub, python(hub, "0")).id, labels={"b": "2"}, namespace="ada")
    assert hub.api().inspect_job(job_id=job.id, namespace="ada").labels == {"b": "2"}


def test_a_rerun_has_the_same_command_and_secrets(hub: LocalHub) -> None:
    old = python(hub, "import os; print(os.environ['KEY'][::-1])", secrets={"KEY": "hush"})
    new = hub.api().rerun_job(job_id=old.id, namespace="ada")
    assert (lines(hub, new), new.id != old.id) == (["hsuh"], True)
    assert new.initiator and (new.initiator.type, new.initiator.id) == ("duplicated-job", old.id)


def test_a_canceled_job_is_canceled_at_once_and_for_good(hub: LocalHub) -> None:
    job = python(hub, "import time; print('up', flush=True); time.sleep(600)")
    assert eventually(lambda: "up" in log_of(hub, job))
    hub.api().cancel_job(job_id=job.id, namespace="ada")
    assert hub.api().inspect_job(job_id=job.id, namespace="ada").status.stage == "CANCELED"
    assert lines(hub, job) == ["up"]
    assert ended(hub, job) == ("CANCELED", None)


def log_of(hub: LocalHub, job: JobInfo) -> str:
    path = hub.data / "work/jobs" / namespace(hub) / job.id / "run.log"
    return path.read_text() if path.exists() else ""


def test_a_job_that_takes_too_long_is_ended(hub: LocalHub) -> None:
    job = python(hub, "import time; time.sleep(600)", timeout=1)
    assert ended(hub, job) == ("ERROR", "Job timeout")


def test_the_metrics_of_a_running_job_are_measured(hub: LocalHub) -> None:
    job = python(hub, "import time; held = bytearray(50_000_000)\nwhile True: pass")
    assert eventually(lambda: hub.api().inspect_job(job_id=job.id, namespace="ada").status.stage == "RUNNING")
    samples = hub.api().fetch_job_metrics(job_id=job.id, namespace="ada", follow=True)
    sample = next(found for found in samples if found["memory_used_bytes"] > 50_000_000)
    hub.api().cancel_job(job_id=job.id, namespace="ada")
    assert set(sample) == {
        *("cpu_usage_pct", "cpu_millicores", "memory_used_bytes", "memory_total_bytes", "rx_bps", "tx_bps"),
        *("gpus", "replica"),
    }
    assert sample["cpu_millicores"] > 50
    assert list(hub.api().fetch_job_metrics(job_id=job.id, namespace="ada")) == []


def test_exposed_ports_are_told_while_a_job_runs(hub: LocalHub) -> None:
    job = python(hub, "import time; time.sleep(600)", expose=[8123])
    assert eventually(lambda: hub.api().inspect_job(job_id=job.id, namespace="ada").status.stage == "RUNNING")
    changed = hub.api().update_job_expose(job_id=job.id, expose_public=[8124], namespace="ada")
    assert (changed.expose, changed.expose_public) == ([8124], [8124])
    assert changed.status.expose_urls == ["http://127.0.0.1:8124"]
    hub.api().cancel_job(job_id=job.id, namespace="ada")
    with pytest.raises(HfHubHTTPError, match="409"):
        hub.api().update_job_expose(job_id=job.id, expose=[1], namespace="ada")


def test_the_hardware_has_prices(hub: LocalHub) -> None:
    flavors = {flavor.name: flavor for flavor in hub.api().list_jobs_hardware()}
    assert (flavors["cpu-basic"].unit_cost_micro_usd, flavors["cpu-basic"].accelerator) == (167, None)
    assert flavors["a10g-large"].accelerator and flavors["a10g-large"].accelerator.model == "A10G"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"flavor": "abacus"}, "there is no hardware 'abacus' for a job; there is cpu-basic, cpu-upgrade"),
        ({"command": "print(1)"}, "command has to be a list of texts"),
        ({"command": []}, "command is missing"),
        ({"dockerImage": None}, "either a dockerImage or a spaceId"),
        ({"environment": {"A=B": "c"}}, "cannot be the name of an environment variable"),
        ({"secrets": {"A": "\0"}}, "without zero bytes"),
        ({"timeoutSeconds": -1}, "timeoutSeconds has to be a number from 1"),
        ({"labels": {"a b": "c"}}, "cannot be in a label"),
        ({"ssh": {"enabled": True}}, "has no SSH"),
        ({"volumes": [{"type": "bucket", "source": "ada/b", "mountPath": "../x"}]}, "is not an absolute path"),
        ({"volumes": [{"type": "bucket", "source": "ada/b", "mountPath": "/proc/x"}]}, "cannot be mounted at /proc/x"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_reason(hub: LocalHub, change: dict[str, Any], words: str) -> None:
    answer = post(hub, "/api/jobs/ada", SMALL | change)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True), answer.text


def test_jobs_are_their_owners_alone(hub: LocalHub) -> None:
    job = final(hub, python(hub, "0"))
    with pytest.raises(JobNotFoundError):
        hub.api().inspect_job(job_id="0" * 24, namespace="ada")
    statuses = {
        "without a token": hub.get("/api/jobs/ada").status_code,
        "another's list": hub.get("/api/jobs/ada", "hf_owner_poor").status_code,
        "another's job": hub.get(f"/api/jobs/ada/{job.id}", "hf_owner_poor").status_code,
        "another's log": hub.get(f"/api/jobs/ada/{job.id}/logs", "hf_owner_poor").status_code,
        "in another's name": post(hub, "/api/jobs/ada", SMALL, "hf_owner_poor").status_code,
        "read with a read token": hub.get(f"/api/jobs/ada/{job.id}", "hf_reader_of_ada").status_code,
        "run with a read token": post(hub, "/api/jobs/ada", SMALL, "hf_reader_of_ada").status_code,
        "without credits": post(hub, "/api/jobs/poor", SMALL, "hf_owner_poor").status_code,
        "may I": post(hub, "/api/jobs/ada/auth-check/write", {}).status_code,
        "may somebody else": post(hub, "/api/jobs/ada/auth-check/write", {}, "hf_owner_poor").status_code,
    }
    assert statuses == {
        "without a token": 401,
        "another's list": 403,
        "another's job": 404,
        "another's log": 404,
        "in another's name": 403,
        "read with a read token": 200,
        "run with a read token": 403,
        "without credits": 402,
        "may I": 200,
        "may somebody else": 403,
    }


def test_a_uv_job_without_dependencies_needs_no_network(hub: LocalHub, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os, sys\nprint(sys.argv[1:], os.environ.get('UV_PYTHON') == sys.executable)\n")
    with pytest.warns(UserWarning, match="experimental"):
        job = hub.api().run_uv_job(str(script), script_args=["a"], namespace="ada", env={"UV_OFFLINE": "1"})
    assert lines(hub, job) == ["['a'] True"]
    assert final(hub, job).volumes == [
        Volume(type="bucket", source="ada/jobs-artifacts", mount_path="/data", read_only=False, path=path_of(job))
    ]


def path_of(job: JobInfo) -> str | None:
    return job.volumes[0].path if job.volumes else None


def test_a_uv_job_says_that_a_dependency_cannot_be_had_offline(hub: LocalHub) -> None:
    command = ["uv", "run", "--with", "no-such-package-at-all", "python", "-c", "0"]
    job = run(hub, command, env={"UV_OFFLINE": "1"})
    told = "\n".join(lines(hub, job))
    assert "no-such-package-at-all was not found in the cache" in told and "network was disabled" in told
    assert ended(hub, job)[0] == "ERROR"


READ_AND_WRITE = """
import pathlib, sys
inside, outside = map(pathlib.Path, sys.argv[1:])
print((inside / "in.txt").read_text(), (outside / "notes/made.txt").parent.exists())
(outside / "out.txt").write_text("made by a Job")
try:
    (inside / "new.txt").write_text("x")
except OSError as error:
    print(error.strerror)
"""


def volumes_of(hub: LocalHub) -> list[Volume]:
    owner = namespace(hub)
    hub.api().create_repo(f"{owner}/texts", repo_type="dataset", exist_ok=True)
    hub.api().upload_file(
        path_or_fileobj=b"from a dataset", path_in_repo="part/in.txt", repo_id=f"{owner}/texts", repo_type="dataset"
    )
    hub.api().create_bucket(f"{owner}/results", exist_ok=True)
    hub.api().batch_bucket_files(f"{owner}/results", add=[(b"old", "notes/old.txt")])
    return [
        Volume(type="dataset", source=f"{owner}/texts", mount_path="/volumes-of-jobs/in", path="part"),
        Volume(type="bucket", source=f"{owner}/results", mount_path="/volumes-of-jobs/out"),
    ]


def test_volumes_are_mounted_where_they_are_asked_for(hub: LocalHub) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("this machine grants no namespaces")
    job = python(
        hub,
        f"import sys; sys.argv[1:] = ['/volumes-of-jobs/in', '/volumes-of-jobs/out']\n{READ_AND_WRITE}",
        volumes=volumes_of(hub),
    )
    assert lines(hub, job) == ["from a dataset True", "Read-only file system"]
    assert (ended(hub, job)[0], read_bucket(hub, "out.txt")) == ("COMPLETED", b"made by a Job")
    assert not Path("/volumes-of-jobs").exists()


def test_where_nothing_can_be_mounted_paths_are_rewritten(rewriting: LocalHub) -> None:
    code = READ_AND_WRITE.replace("sys.argv[1:]", "[sys.argv[1], __import__('os').environ['OUT']]")
    job = run(
        rewriting,
        ["python", "-c", code, "/volumes-of-jobs/in"],
        env={"OUT": "/volumes-of-jobs/out"},
        volumes=volumes_of(rewriting),
    )
    assert lines(rewriting, job)[0] == "from a dataset True"
    assert read_bucket(rewriting, "out.txt") == b"made by a Job"
    assert final(rewriting, job).environment == {"OUT": "/volumes-of-jobs/out"}


def read_bucket(hub: LocalHub, path: str) -> bytes:
    return hub.get(f"/buckets/{namespace(hub)}/results/resolve/{path}", hub.token).content


def test_a_volume_that_is_not_there_or_not_ones_own_is_refused(hub: LocalHub) -> None:
    def status(source: str, read_only: bool, token: str) -> int:
        volume = {"type": "bucket", "source": source, "mountPath": "/data", "readOnly": read_only}
        return post(hub, "/api/jobs/local", SMALL | {"volumes": [volume]}, token).status_code

    hub.api().create_bucket("ada/hidden", private=True, exist_ok=True)
    hub.api().create_bucket("ada/open", private=False, exist_ok=True)
    local = json.loads((hub.data / "users.json").read_bytes())["users"][0]["tokens"][0]["secret"]
    found = [status(*case, local) for case in (("local/no", False), ("ada/hidden", True), ("ada/open", False))]
    assert found == [404, 404, 403]
    assert status("ada/open", True, local) == 200


def test_the_command_line_runs_lists_and_inspects_jobs(hub: LocalHub, tmp_path: Path) -> None:
    def hf(*words: str) -> str:
        environment = {
            **{"PATH": str(Path(sys.executable).parent), "HOME": str(tmp_path), "HF_HOME": str(tmp_path)},
            **{"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": hub.token, "HF_HUB_DISABLE_TELEMETRY": "1"},
        }
        done = subprocess.run(
            [str(Path(sys.executable).with_name("hf")), "jobs", *words],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "hello from hf" in hf("run", "--label", "by=hf", "python:3.12", "python", "-c", "print('hello from hf')")
    job = next(iter(hub.api().list_jobs(namespace="ada", labels={"by": "hf"})))
    assert job.id[:8] in hf("ps", "-a", "--label", "by=hf")
    assert json.loads(hf("inspect", job.id, "--json"))[0]["id"] == job.id
