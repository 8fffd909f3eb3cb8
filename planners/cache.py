"""Results that are known already: same tool, Space at revision, endpoint and inputs.

An entry says which run made the result; the bytes stay in that run and get a second name in the new one. An entry
whose bytes are gone or changed is no entry.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.artifacts import digest
from core.nouns import Artifact, Call
from core.record import RunFolder, Runs, replace

_ARTIFACTS: TypeAdapter[tuple[Artifact, ...]] = TypeAdapter(tuple[Artifact, ...])


def call_key(call: Call) -> str:
    """The same for the same work. The call must have every reference replaced by a value or `artifact:<sha256>`."""
    text = json.dumps(call.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def cacheable(call: Call) -> bool:
    """Only a call whose revision is known, of a Space that remembers nothing, can be known to be the same."""
    return bool(call.arguments.get("revision")) and not call.arguments.get("session")


class Cache:
    """`runs/.cache/`: one small JSON file a result."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._folder = runs.root / ".cache"

    def find(self, key: str, folder: RunFolder) -> tuple[tuple[Artifact, ...], str] | None:
        """The artifacts of a known result, now in this run's folder too, and the run that made them."""
        try:
            entry = json.loads(self._path(key).read_text("utf-8"))
            artifacts = _ARTIFACTS.validate_python(entry["artifacts"])
            source = RunFolder(self._runs.root / Path(str(entry["run"])).name)
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        if not all(_whole(artifact, source) for artifact in artifacts):
            return None
        for artifact in artifacts:
            folder.artifacts.borrow(artifact, source.artifacts)
        return artifacts, source.id

    def keep(self, key: str, artifacts: Sequence[Artifact], folder: RunFolder) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        entry = {"run": folder.id, "artifacts": [artifact.model_dump(mode="json") for artifact in artifacts]}
        replace(path, json.dumps(entry, ensure_ascii=False))

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _whole(artifact: Artifact, source: RunFolder) -> bool:
    if artifact.file is None:
        return True
    if Path(artifact.file).name != artifact.file or not source.artifacts.has(artifact):
        return False
    return digest(source.artifacts.path(artifact)) == artifact.sha256
