"""`python app.py check --manifest FILE`: many files at once, compared with what is known of them.

A manifest is JSON: `{"files": [{"file", "kind", "allowed_verdicts"}, …]}`, with paths relative to the manifest. Its
kinds are ours or one of the words in `window.checking.MEANT`. Its verdicts are about the same thing as our statuses:

    accept           everything passed
    accept_warn      something warns
    reject           the gate refuses: what it is, whether it is whole, whether it is safe
    reject_quality   the gate lets it pass, and a check or a default bound does not
    unknown          nobody could look; no manifest allows it
"""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ValidationError

from core.checks import Check, Verdict
from core.errors import InputsRefused
from core.nouns import Frozen, Kind
from tools.check_artifact import check_file
from tools.checks.judge import passed
from tools.checks.laboratory import Laboratory
from window.checking import meant, worst_of


class Sample(BaseModel):
    """One row of a manifest; what else stands in it is not asked."""

    file: str
    kind: str
    allowed_verdicts: tuple[str, ...]


class Manifest(BaseModel):
    files: tuple[Sample, ...]


class Outcome(Frozen):
    """What became of one sample."""

    file: str
    kind: str
    allowed: tuple[str, ...]
    verdict: str
    reason: str
    milliseconds: float

    @property
    def within(self) -> bool:
        return self.verdict in self.allowed


class Row(Frozen):
    """One line of the table."""

    kind: str
    files: int
    within: int
    median_ms: float
    worst_ms: float


def check_manifest(path: Path, *, as_json: bool) -> int:
    """Exit code 0 when every file is within what the manifest allows, else 1. Raises InputsRefused."""
    outcomes = asyncio.run(_look_at_all(_manifest(path), path.parent))
    rows = _rows(outcomes)
    misses = [outcome for outcome in outcomes if not outcome.within]
    if as_json:
        said = {
            "files": len(outcomes),
            "within": len(outcomes) - len(misses),
            "kinds": [row.model_dump() for row in rows],
            "misses": [outcome.model_dump() for outcome in misses],
        }
        print(json.dumps(said, ensure_ascii=False))
        return 1 if misses else 0
    print(f"{'kind':10} {'files':>6} {'within':>7} {'median ms':>10} {'worst ms':>9}")
    for row in rows:
        print(f"{row.kind:10} {row.files:6} {row.within:7} {row.median_ms:10.1f} {row.worst_ms:9.1f}")
    for outcome in misses:
        print(f"{outcome.file}: {outcome.verdict}, not {' or '.join(outcome.allowed)}: {outcome.reason}")
    return 1 if misses else 0


def verdict_of(verdicts: tuple[Verdict, ...]) -> str:
    """The manifest's word for our verdicts; the gate's is the first."""
    if worst_of(verdicts).status == "unknown":
        return "unknown"
    if not passed(verdicts):
        return "reject" if verdicts[0].status == "fail" else "reject_quality"
    return "accept" if worst_of(verdicts).status == "pass" else "accept_warn"


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"{part}: " for part in first["loc"])
        raise InputsRefused(f"{path} is not a manifest: {place}{first['msg']}") from error


async def _look_at_all(manifest: Manifest, folder: Path) -> list[Outcome]:
    """As many at a time as there are processors, so that nobody's milliseconds are spent waiting for a turn."""
    claims = [meant(sample.kind) for sample in manifest.files]
    turns = asyncio.Semaphore(os.cpu_count() or 1)
    async with Laboratory() as laboratory:
        await laboratory.ready()

        async def look(sample: Sample, claim: tuple[Kind | None, tuple[Check, ...]]) -> Outcome:
            async with turns:
                return await _look(laboratory, sample, claim, folder)

        async with asyncio.TaskGroup() as group:
            pairs = zip(manifest.files, claims, strict=True)
            tasks = [group.create_task(look(sample, claim)) for sample, claim in pairs]
    return [task.result() for task in tasks]


async def _look(
    laboratory: Laboratory, sample: Sample, claim: tuple[Kind | None, tuple[Check, ...]], folder: Path
) -> Outcome:
    began = time.monotonic()
    report = await check_file(laboratory, folder / sample.file, *claim)
    return Outcome(
        file=sample.file,
        kind=sample.kind,
        allowed=sample.allowed_verdicts,
        verdict=verdict_of(report.verdicts),
        reason=worst_of(report.verdicts).reason,
        milliseconds=round(1000 * (time.monotonic() - began), 2),
    )


def _rows(outcomes: list[Outcome]) -> list[Row]:
    kinds = sorted({outcome.kind for outcome in outcomes})
    rows = [_row(kind, (outcome for outcome in outcomes if outcome.kind == kind)) for kind in kinds]
    return [*rows, _row("all", outcomes)] if outcomes else rows


def _row(kind: str, outcomes: Iterable[Outcome]) -> Row:
    chosen = list(outcomes)
    times = [outcome.milliseconds for outcome in chosen]
    return Row(
        kind=kind,
        files=len(chosen),
        within=sum(outcome.within for outcome in chosen),
        median_ms=statistics.median(times),
        worst_ms=max(times),
    )
