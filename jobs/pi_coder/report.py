"""result.json: written at the start, so that a Job that is killed leaves one, and again at the end."""

import time
from collections.abc import Sequence
from typing import Any

from budget import Meter
from install import VERSION
from outcome import Outcome
from traces import Traces


class Report:
    def __init__(self, traces: Traces) -> None:
        self.traces = traces
        self.started = time.monotonic()
        self.facts: dict[str, Any] = {
            "turns": 0,
            "requests": 0,
            "usage": {"input": 0, "output": 0, "dollars": 0.0, "priced": False},
            "layers": [],
            "pi": VERSION,
            "node": None,
            "changed": [],
        }

    def learn(self, **facts: Any) -> None:
        """Any: they are written as JSON."""
        self.facts |= facts

    def count(self, meter: Meter) -> None:
        usage = {"input": meter.input, "output": meter.output, "dollars": round(meter.dollars, 6)}
        self.learn(requests=meter.requests, usage={**usage, "priced": meter.priced})

    def unfinished(self) -> None:
        """What is true if nothing more is ever written."""
        self.write(Outcome("killed", "the Job was ended before Pi had ended"))

    def write(self, outcome: Outcome, changed: Sequence[str] = ()) -> None:
        seconds = round(time.monotonic() - self.started, 1)
        told = {"outcome": outcome.kind, "detail": " ".join(outcome.detail.split())[:500], "seconds": seconds}
        self.traces.result({**told, **self.facts, "changed": list(changed)})
