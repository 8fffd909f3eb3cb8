"""The tool that has a Space called from inside the Hub by gradio_client itself: a second witness to a validation."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import JsonValue, ValidationError

from core.artifacts import ArtifactStore, digest
from core.errors import InputsRefused
from core.factory import Validation
from core.hub import Hub
from core.nouns import Argument, Artifact, Origin
from core.scope import Scope
from tools.artifact_tool import ArtifactTool
from tools.jobs.job_order import JobOrder
from tools.jobs.price import question
from tools.jobs.running import run_job
from tools.jobs.scripts import FOLDER
from tools.jobs.smoke_report import SmokeReport, compared, read_report
from tools.jobs.storage import RESULT

FLAVOR = "cpu-basic"
MINUTES = 10.0
CALLS = 2
"""Of the validation's trials that are made again: the first, and one when the Space is warm."""
CALL_SECONDS = 200.0
REFERENCE = re.compile(r"artifact:([0-9a-f]{64})")


class SmokeTest(ArtifactTool):
    """Calls a Space as everybody else would, from another machine."""

    name = "smoke_test"
    description = (
        "Has a Hugging Face Space called from inside the Hub by the unmodified gradio_client, in a Job that costs a "
        "little, with the arguments of a validation that was made before. Use it after the validator, as a second "
        "witness. Returns JSON: whether both agree and where not, seconds, kinds of the outputs, endpoints."
    )
    effect = "spend"
    inputs = {
        "space": {"type": "string", "description": "The Space's id, owner/name."},
        "endpoint": {"type": "string", "description": "The validation's own when absent.", "nullable": True},
        "validation": {"type": "object", "description": "What the validator gave."},
    }

    def __init__(self, hub: Hub, scripts: Path = FOLDER) -> None:
        super().__init__()
        self._hub = hub
        self._scripts = scripts

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        return await question(self._hub, self.name, FLAVOR, MINUTES)

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """One JSON artifact, a `SmokeReport`."""
        given = arguments["validation"]
        try:
            told = scope.artifacts.value(given) if isinstance(given, Artifact) else given
            validation = Validation.model_validate(told)
        except ValidationError as error:
            raise InputsRefused(f"this is no validation: {error.errors()[0]['msg']}") from error
        if validation.space != arguments["space"]:
            raise InputsRefused(f"the validation is of {validation.space}, not of {arguments['space']}")
        report = await self.smoke(scope, validation, arguments.get("endpoint"))
        origin = Origin(
            tool=self.name, step=scope.step, item=scope.item, space=validation.space, revision=validation.revision
        )
        return (scope.artifacts.keep_value(report.model_dump(mode="json"), "json", scope.title, origin),)

    async def smoke(self, scope: Scope, validation: Validation, endpoint: str | None = None) -> SmokeReport:
        """Raises JobFailed when the Job gives no report, and whatever run_job raises."""
        endpoint = endpoint or validation.endpoint
        if not endpoint or not validation.trials:
            raise InputsRefused(f"nothing of {validation.space} was called, so there is nothing to be called again")
        files = self._given(scope.artifacts, validation, endpoint)
        token = await self._hub.token_for(await self._hub.space(validation.space))
        order = JobOrder.model_validate(
            {
                **{"script": self.name, "key": f"smoke.{_digest(files)}", "files": files},
                **{"secrets": {"HF_TOKEN": token} if token else {}, "flavor": FLAVOR, "minutes": MINUTES},
            }
        )
        done = await run_job(self._hub, scope, order, scripts=self._scripts)
        return compared(validation, endpoint, read_report(done.job, done.files.get(RESULT)), done.job)

    def _given(self, store: ArtifactStore, validation: Validation, endpoint: str) -> dict[str, str | bytes]:
        files: dict[str, str | bytes] = {}

        def placed(value: JsonValue) -> JsonValue:
            match value:
                case str() if found := REFERENCE.fullmatch(value):
                    path = _kept(store, found[1])
                    files[f"files/{path.name}"] = path.read_bytes()
                    return {"given": f"files/{path.name}"}
                case list():
                    return [placed(item) for item in value]
                case dict():
                    return {name: placed(item) for name, item in value.items()}
            return value

        calls = [{name: placed(value) for name, value in trial.inputs.items()} for trial in validation.trials[:CALLS]]
        order = {"space": validation.space, "endpoint": endpoint, "calls": calls, "seconds": CALL_SECONDS}
        files["order.json"] = json.dumps({**order, "revision": validation.revision}, sort_keys=True)
        return files


def _kept(store: ArtifactStore, sha256: str) -> Path:
    """The file of that content among what the run has kept."""
    for path in sorted(store.folder.glob(f"*-{sha256[:16]}*")):
        if path.is_file() and digest(path) == sha256:
            return path
    raise InputsRefused(f"the file {sha256[:16]} that the validation has used is not in this run; validate again")


def _digest(files: Mapping[str, str | bytes]) -> str:
    """Names the same test of the same revision: a Job for it is begun once in a run."""
    return hashlib.sha256(str(files["order.json"]).encode()).hexdigest()[:16]
