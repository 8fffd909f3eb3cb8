"""Why the app of a commit does not run, kept in the Space's folder of work, so that a restarted Hub still tells."""

from pathlib import Path
from typing import Literal, Optional

from pydantic import ValidationError

from localhub import durable
from localhub.frozen import Frozen

NAME = "failure.json"


class Failure(Frozen):
    sha: str
    stage: Literal["CONFIG_ERROR", "NO_APP_FILE", "BUILD_ERROR", "RUNTIME_ERROR"]
    reason: str

    @staticmethod
    def kept(work: Path) -> Optional["Failure"]:
        try:
            return Failure.model_validate_json((work / NAME).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    @staticmethod
    def forget(work: Path) -> None:
        (work / NAME).unlink(missing_ok=True)

    def keep(self, work: Path) -> None:
        durable.write_json(work / NAME, self.model_dump())


class Failed(Exception):
    """Raised where it is found out, for the one who started the app."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure
