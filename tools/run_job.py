"""The tool that runs one of our own scripts as a Job of the Hub: by its name, never a command."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from core.artifacts import slug
from core.errors import AnswerBroken, InputsRefused
from core.hub import Hub
from core.nouns import Argument, Artifact, Origin
from core.scope import Scope
from core.sse import read_json
from tools.artifact_tool import ArtifactTool
from tools.jobs.failures import JobFailed
from tools.jobs.job_order import JobOrder, JobResult
from tools.jobs.price import question
from tools.jobs.running import run_job
from tools.jobs.scripts import FOLDER, names
from tools.jobs.storage import RESULT

FLAVOR = "cpu-basic"
MINUTES = 10.0
LONGEST_MINUTES = 60.0
LARGEST = 1_000_000
"""Bytes of a result that is read."""


class RunJob(ArtifactTool):
    """Runs a script of ours where it may work for longer, and with other programs, than here."""

    name = "run_job"
    effect = "spend"
    inputs = {
        "script": {"type": "string", "description": "The script's name."},
        "arguments": {"type": "object", "description": "What it is given, as its order.json.", "nullable": True},
        "minutes": {"type": "number", "description": "Its time limit; 10 if left out, 60 at most.", "nullable": True},
    }

    def __init__(self, hub: Hub, scripts: Path = FOLDER) -> None:
        self.description = (
            "Runs one of Spacewright's own scripts as a Hugging Face Job, which is paid by the minute. It can run "
            f"{', '.join(names(scripts)) or 'nothing yet'}, and no other program. Returns JSON: stage, seconds, the "
            "script's result, the paths of the files it left, and the end of its log, which is foreign text."
        )
        super().__init__()
        self._hub = hub
        self._scripts = scripts

    async def question(self, arguments: Mapping[str, Argument]) -> str | None:
        minutes = arguments.get("minutes")
        allowed = float(minutes) if isinstance(minutes, int | float) else MINUTES
        return await question(self._hub, str(arguments.get("script"))[:80], FLAVOR, allowed)

    async def work(self, scope: Scope, **arguments: Any) -> tuple[Artifact, ...]:
        """One JSON artifact. The same script with the same arguments is one Job of a run, however often it is asked
        for. Raises JobFailed when it did not come to its end.
        """
        order = self._order(scope, **arguments)
        done = await run_job(self._hub, scope, order, scripts=self._scripts)
        if done.job.stage != "COMPLETED":
            last = done.log.strip().splitlines()[-1:] or [done.job.message]
            raise JobFailed(f"the Job {order.script} is {done.job.stage}: {last[0][:300]}; look at {done.job.url}")
        origin = Origin(tool=self.name, step=scope.step, item=scope.item)
        return (scope.artifacts.keep_value(_told(done), "json", scope.title, origin),)

    def _order(self, scope: Scope, script: str, arguments: JsonValue = None, minutes: float | None = None) -> JobOrder:
        if script not in names(self._scripts):
            there = ", ".join(names(self._scripts))
            raise InputsRefused(f"there is no script '{str(script)[:80]}' to run as a Job; there is {there}")
        allowed = MINUTES if minutes is None else minutes
        if not isinstance(allowed, int | float) or not 0 < allowed <= LONGEST_MINUTES:
            raise InputsRefused(f"a Job may take more than 0 and at most {LONGEST_MINUTES:g} minutes")
        given = json.dumps(arguments or {}, sort_keys=True)
        short = hashlib.sha256(f"{script}\0{given}".encode()).hexdigest()[:12]
        place = f"{slug(scope.step)}.{0 if scope.item is None else scope.item + 1}"
        return JobOrder(
            script=script, key=f"{place}.{short}", files={"order.json": given}, flavor=FLAVOR, minutes=allowed
        )


def _told(done: JobResult) -> dict[str, JsonValue]:
    return {
        "job": done.job.id,
        "stage": done.job.stage,
        "url": done.job.url,
        "seconds": round(done.seconds, 1),
        "result": _result(done.files.get(RESULT)),
        "files": list[JsonValue](sorted(done.files)),
        "log": done.log[-2000:],
    }


def _result(path: Path | None) -> JsonValue:
    """What the script itself has written; null when it is nothing that can be read."""
    if path is None or path.stat().st_size > LARGEST:
        return None
    try:
        return read_json("the Job", path.read_bytes(), "with its result")
    except AnswerBroken:
        return None
