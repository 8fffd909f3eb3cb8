"""Side by side on broken Spaces: how many of the injected faults each catches before the next Space is called.

`caught`: it reports a failure and the next Space was not called. `passed on`: the next Space was called with the bad
output. `crashed`: the next Space was not called because of an accident, or the contender died or hung. `takes none`: it
stops at every sound output of that component as well, so that it tells nothing apart. Sound outputs have to get
through. See README.md for the contenders.
"""

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import faulty_gradio, faulty_spaces
from benchmarks.broken_outputs import BROKEN, CASES, SOUND, Case
from benchmarks.faulty_spaces import FAULTY, WIRE, WITNESS
from benchmarks.near_zero_space import ROOT
from benchmarks.rounds import gate, introduce, table

NAMES = ("ours", "gradio_client", "workflow", "daggr", "smolagents")

PATIENCE = 60.0
"""Seconds after which a chain of two calls that take no time has hung."""

OUTCOMES = ("caught", "passed on", "crashed", "takes none", "let through", "false alarm")
"""The first four of a fault, the last two of a sound output."""

Outcome = dict[str, Any]
"""`case`, `outcome`, and what the contender answered: `ended`, `said` and `seconds`."""


class Contender:
    """One client in a process of its own, with a home of its own and no token."""

    def __init__(self, name: str, python: str, hub: str, home: Path) -> None:
        self.name = name
        self._command = [python, "-m", "benchmarks.gate_contenders", name, hub]
        quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_ENDPOINT": hub}
        homes = {"HOME": str(home), "HF_HOME": str(home / "hf"), "TMPDIR": str(home), "PYTHONWARNINGS": "ignore"}
        kept = {key: value for key, value in os.environ.items() if key not in ("HF_TOKEN", "GRADIO_TEMP_DIR")}
        self._environment = {**kept, **quiet, **homes}
        self.begin()

    def begin(self) -> None:
        pipe = subprocess.PIPE
        # A terminal full of other projects' tracebacks helps nobody; what ended a chain is in its answer.
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=self._environment
        )
        self.version = self._answer().get("version", "cannot be run")

    def work(self, case: Case, space: str) -> Outcome:
        assert self._process.stdin is not None
        said = {"name": case.name, "space": space, "witness": WITNESS, "component": case.component}
        self._process.stdin.write(json.dumps({**said, "takes_picture": case.takes_picture}).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._answer()
        if not answer:
            self.close()
            self.begin()
        return answer or {"ended": "accident", "said": f"died, or hung for {PATIENCE:g} s", "seconds": PATIENCE}

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        """Empty when it died, or takes too long."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else b""
        return dict(json.loads(line)) if line else {}


@contextmanager
def contenders(names: Sequence[str], peers: str | None, hub: str) -> Iterator[list[Contender]]:
    with ExitStack() as stack:
        found = []
        for name in names:
            if name == "daggr" and peers is None:
                print("daggr is left out: give --peers PYTHON (see benchmarks/README.md)", file=sys.stderr)
                continue
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"gate-{name}-")))
            python = peers if name == "daggr" and peers else sys.executable
            contender = Contender(name, python, hub, home)
            stack.callback(contender.close)
            found.append(contender)
        yield found


def measure(contender: Contender, witness: str) -> list[Outcome]:
    """Every case, one after the other; the witness says whether it was called."""
    outcomes = []
    for case in CASES.values():
        before = _witnessed(witness)[case.name]
        answer = contender.work(case, FAULTY if case.by == "gradio" else WIRE)
        called = _witnessed(witness)[case.name] > before
        found = {"case": case.name, "outcome": outcome(case, called, answer["ended"]), **answer}
        outcomes.append({**found, "seconds": round(answer["seconds"], 3)})
    return told_apart(outcomes)


def outcome(case: Case, called: bool, ended: str) -> str:
    if case.sound:
        return "let through" if called and ended == "passed" else "false alarm"
    if called:
        return "passed on"
    return "caught" if ended == "failed" else "crashed"


def told_apart(outcomes: list[Outcome]) -> list[Outcome]:
    """To stop at everything of a component, the sound ones too, is not to catch."""
    taken = {CASES[row["case"]].component for row in outcomes if row["outcome"] == "let through"}
    return [
        {**row, "outcome": "takes none"}
        if row["outcome"] in ("caught", "crashed") and CASES[row["case"]].component not in taken
        else row
        for row in outcomes
    ]


def _witnessed(witness: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{witness}/witnessed", timeout=PATIENCE) as answer:
        return dict(json.load(answer))


def show(found: Mapping[str, list[Outcome]]) -> None:
    names = list(found)
    by_case = {name: {row["case"]: row for row in rows} for name, rows in found.items()}
    for title, cases in (("injected fault", BROKEN), ("sound output", SOUND)):
        rows = [[case.words, *(_cell(by_case[name][case.name]) for name in names)] for case in cases]
        table([title, *names], rows)
    totals: list[list[object]] = [[what, *(count(found[name], what) for name in names)] for what in OUTCOMES]
    totals += [["seconds in all", *(f"{sum(row['seconds'] for row in found[name]):.1f}" for name in names)]]
    table([f"of {len(BROKEN)} faults and {len(SOUND)} sound", *names], totals)


def _cell(row: Outcome) -> str:
    noticed = " with a warning" if (row["outcome"], row["ended"]) == ("passed on", "passed") and row["said"] else ""
    return f"{row['outcome']}{noticed}, {row['seconds']:.2f} s"


def count(rows: Sequence[Outcome], what: str) -> int:
    return Counter(row["outcome"] for row in rows)[what]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", metavar="PYTHON", help="a Python that has benchmarks/requirements.txt")
    options.add_argument("--clients", metavar="NAME,…", help=f"only these of {', '.join(NAMES)}")
    options.add_argument("--json", metavar="FILE", type=Path, help="leave every outcome there too")
    chosen = options.parse_args()
    introduce()
    names = [name for name in NAMES if not chosen.clients or name in chosen.clients.split(",")]
    found: dict[str, list[Outcome]] = {}
    with (
        faulty_gradio.running() as faulty,
        faulty_spaces.running({FAULTY: faulty}) as served,
        contenders(names, chosen.peers, served["hub"]) as all_of_them,
    ):
        versions = {contender.name: contender.version for contender in all_of_them}
        for contender in all_of_them:
            found[contender.name] = measure(contender, served["witness"])
    show(found)
    if chosen.json:
        report = {"versions": versions, "faults": len(BROKEN), "sound": len(SOUND), "outcomes": found}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
    ours = found.get("ours", [])
    kept = [gate(f"our {what}", count(ours, what), 0) for what in ("passed on", "crashed", "false alarm")]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
