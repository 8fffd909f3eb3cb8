"""The folder of a run and the folder of all runs: what lies where, and the readings kept beside the journal."""

import json
import os
import re
import secrets
import time
from pathlib import Path

from core import journal
from core.artifacts import ArtifactStore, slug
from core.errors import RecordUnusable
from core.redact import redact
from core.run import Run, fold

STATE = "state.json"
REPORT = "report.md"


class RunFolder:
    """`runs/<run_id>/`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.artifacts = ArtifactStore(path)

    @property
    def id(self) -> str:
        return self.path.name

    def run(self) -> Run:
        """The run as its journal tells it. Mends a missing or stale state.json on the way.

        Raises RecordUnusable when there is no readable journal.
        """
        entries = journal.read(self.path)
        if not entries:
            raise RecordUnusable(f"the record of run {self.id} has no readable beginning")
        run = fold((entry.event, entry.time) for entry in entries)
        if self._upto() != entries[-1].hash and journal.owner(self.path) is None:
            self.write_state(run, entries[-1].hash)
        return run

    def write_state(self, run: Run, upto: str) -> None:
        """Put the fold beside the journal, whole or not at all. `upto` is the hash of the event it reaches."""
        replace(self.path / STATE, f'{{"upto":"{upto}",{run.model_dump_json(by_alias=True)[1:]}')

    def write_report(self, text: str) -> None:
        replace(self.path / REPORT, text)

    def _upto(self) -> str | None:
        try:
            upto = json.loads((self.path / STATE).read_text("utf-8")).get("upto")
        except (FileNotFoundError, ValueError, AttributeError):
            return None
        return upto if isinstance(upto, str) else None


class Runs:
    """`runs/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, goal: str) -> RunFolder:
        """A fresh folder for a new run.

        Raises RecordUnusable when the folder cannot be made.
        """
        day = time.strftime("%Y%m%d-%H%M%S")
        path = self.root / f"{day}-{slug(goal, 24)}-{secrets.token_hex(3)}"
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise RecordUnusable(
                f"cannot write runs below {self.root}: {error.strerror}; choose another folder with --runs"
            ) from error
        return RunFolder(path)

    def find(self, name: str) -> RunFolder:
        """The run with this id, or the only one whose id contains it; `last` is the newest.

        Raises RecordUnusable when none or several fit.
        """
        folders = self.all()
        if name == "last" and folders:
            return folders[0]
        exact = [folder for folder in folders if folder.id == name]
        fitting = exact or [folder for folder in folders if re.search(re.escape(name), folder.id)]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise RecordUnusable(f"there is no run '{name}' in {self.root}; `python app.py runs` lists them")
        raise RecordUnusable(f"'{name}' fits {len(fitting)} runs: {', '.join(folder.id for folder in fitting[:5])}")

    def all(self) -> list[RunFolder]:
        """Every run, newest first."""
        if not self.root.is_dir():
            return []
        paths = [path for path in self.root.iterdir() if (path / journal.EVENTS).is_file()]
        return [RunFolder(path) for path in sorted(paths, key=lambda path: path.name, reverse=True)]


def replace(path: Path, text: str) -> None:
    """Put the text in the file, whole or not at all, without waiting for the disk: it can be made again."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(redact(text), "utf-8")
    draft.replace(path)
