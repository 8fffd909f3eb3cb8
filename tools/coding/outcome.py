"""How a round of Pi went, as its Job tells. Read with suspicion: foreign code ran beside whoever wrote it."""

import json
import math
from pathlib import Path
from typing import Any

from core.ledger import Spending
from core.nouns import Frozen
from core.signals import flat
from tools.jobs.job_order import JobResult

FILE = "result.json"
LARGEST = 200_000
OUTCOMES = ("done", "error", "aborted", "killed", "budget", "nothing")
FINAL = frozenset({"error", "aborted", "budget"})
"""Another round would end the same: refused by the model's host, stopped by somebody, or nothing left to spend."""


class Outcome(Frozen):
    """One round."""

    name: str
    detail: str = ""
    """Foreign text, on one line."""
    tokens: int = 0
    dollars: float = 0.0
    seconds: float = 0.0

    @property
    def spending(self) -> Spending:
        return Spending(tokens=self.tokens, dollars=self.dollars)


def read_outcome(result: JobResult) -> Outcome:
    """`nothing` when the Job left none, or when it is no such thing."""
    value = _value(result.files.get(FILE)) or {"detail": _end_of(result)}
    usage = value.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    name = str(value.get("outcome"))
    return Outcome(
        name=name if name in OUTCOMES else "nothing",
        detail=flat(value.get("detail") or "", 300),
        tokens=int(_amount(usage.get("input")) + _amount(usage.get("output"))),
        dollars=_amount(usage.get("dollars")),
        seconds=_amount(value.get("seconds")),
    )


def _end_of(result: JobResult) -> str:
    last = next((line for line in reversed(result.log.splitlines()) if line.strip()), result.job.message or "")
    return f"the Job ended as {result.job.stage}: {last}"


def _value(path: Path | None) -> dict[str, Any]:
    if path is None or path.stat().st_size > LARGEST:
        return {}
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _amount(value: object) -> float:
    number = float(value) if isinstance(value, int | float) else 0.0
    return number if math.isfinite(number) and number > 0 else 0.0
