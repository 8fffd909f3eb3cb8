"""What is to run as a Job, and what came of it."""

import re
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from core.nouns import Frozen, Job

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
AGAIN = "--"
"""Between a key and the number of a further try, so it stands in no key."""


def _key(text: str) -> str:
    if not KEY.fullmatch(text) or AGAIN in text:
        raise ValueError(f"{text[:80]!r} cannot name a Job: up to 80 letters, digits, dots, dashes and underscores can")
    return text


def _paths(files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    for path in files:
        if not harmless(path):
            raise ValueError(f"{path[:80]!r} is not a path below /input/given")
    return files


def harmless(path: str) -> bool:
    """Whether a path leads from folder to folder to a file, on every system and nowhere else."""
    parts = path.split("/")
    return (
        path.isprintable()
        and "\\" not in path
        and len(path.encode("utf-8", "replace")) <= 500
        and not any(part in ("", ".", "..") for part in parts)
        and not PurePosixPath(path).is_absolute()
    )


class JobOrder(Frozen):
    """One Job that is wanted. Its key names it within its run: the same key is never two Jobs that work."""

    script: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """A folder below jobs/."""
    key: Annotated[str, AfterValidator(_key)]
    files: Annotated[dict[str, str | bytes], AfterValidator(_paths)] = Field(default={}, repr=False)
    """What the script finds below /input/given, by path."""
    environment: dict[str, str] = {}
    secrets: dict[str, SecretStr] = {}
    """Variables whose values are told to nobody but the Hub."""
    flavor: str = "cpu-basic"
    minutes: float = Field(gt=0, le=24 * 60)
    """After which the Hub ends it."""


class JobResult(Frozen):
    """A Job that is over, well or badly."""

    job: Job
    seconds: float
    """From its start to its end, as the Hub tells."""
    files: dict[str, Path] = Field(default={}, repr=False)
    """What it left below /output, by path. The files themselves lie in quarantine under names of ours."""
    log: str = Field(default="", repr=False)
    """The end of its log. Foreign text."""
