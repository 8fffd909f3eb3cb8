"""Jobs on the disk: a folder for each, with `job.json`, its secrets, its log, and what it works in while it runs.

The secrets stay as long as the record, for its owner's eyes only: a rerun needs them.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from localhub import durable
from localhub.jobs.job import Job


class Records:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, job: Job) -> Path:
        return self.folder / job.namespace / job.id

    def log(self, job: Job) -> Path:
        return self.of(job) / "run.log"

    def container(self, job: Job) -> Path:
        """All that the process of a Job is given for its own. It does not outlive the process."""
        return self.of(job) / "container"

    def all(self) -> Iterator[Job]:
        for record in sorted(self.folder.glob("*/*/job.json")):
            yield Job.model_validate_json(record.read_bytes())

    def save(self, job: Job) -> None:
        durable.write_json(self.of(job) / "job.json", job.model_dump(exclude_defaults=True), mode=0o600)

    def create(self, job: Job, secrets: Mapping[str, str]) -> None:
        """The secrets come first: a Job counts once its record is there."""
        if secrets:
            durable.write_json(self.of(job) / "secrets.json", dict(secrets), mode=0o600)
        self.save(job)

    def secrets(self, job: Job) -> dict[str, str]:
        path = self.of(job) / "secrets.json"
        found: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
        return found

    def remove(self, job: Job) -> None:
        shutil.rmtree(self.of(job), ignore_errors=True)

    def clear(self, job: Job) -> None:
        shutil.rmtree(self.container(job), ignore_errors=True)
