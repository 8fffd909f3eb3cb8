"""Measures contenders side by side: one process each, kept warm, their turns interleaved round by round.

A contender reads one line of JSON, the work, does it, and answers with one line: how long it took and what it used.
Only ratios within one run mean anything; the machine and its load stand above every table.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

Answer = dict[str, float]
"""`seconds` of the work and of its process's `cpu`; of a contender that was watched, `threads` and `grown_mb` too."""


class Contender:
    """One client in a process of its own."""

    def __init__(self, name: str, python: str, endpoint: str, hub: str) -> None:
        self.name = name
        command = [python, "-m", "benchmarks.contenders", name, endpoint, hub]
        quiet = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, env=quiet, text=True)
        self.version = json.loads(self._line())["version"]

    def work(self, work: Mapping[str, Any]) -> Answer:
        """Do it. Raises RuntimeError when the contender died or gave a wrong result; its traceback is on stderr."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(work) + "\n")
        self._process.stdin.flush()
        answer: Answer = json.loads(self._line())
        return answer

    def watched(self, work: Mapping[str, Any]) -> Answer:
        """The same, with the most threads and the growth of memory (MB) of its process while it was at it (Linux)."""
        before = self._status()
        over, seen = threading.Event(), [before]

        def watch() -> None:
            while not over.wait(0.02):
                seen.append(self._status())

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            answer = self.work(work)
        finally:
            over.set()
            watching.join()
        threads, memory = (max(column) for column in zip(*seen, strict=True))
        return {**answer, "threads": threads, "grown_mb": memory - before[1]}

    def _status(self) -> tuple[float, float]:
        """Threads now, and resident MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        said = dict(line.split(":", 1) for line in lines)
        return float(said["Threads"]), float(said["VmRSS"].split()[0]) / 1024

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} died; what it said is above")
        return line


@contextmanager
def contenders(names: Sequence[str], peers: str | None, endpoint: str, hub: str) -> Iterator[list[Contender]]:
    """One warm process for each name. `peers` is the Python in which the other projects are installed."""
    with ExitStack() as stack:
        found = []
        for name in names:
            if name == "daggr" and peers is None:
                print("daggr is left out: give --peers PYTHON (see benchmarks/README.md)", file=sys.stderr)
                continue
            python = peers if name == "daggr" and peers else sys.executable
            contender = Contender(name, python, endpoint, hub)
            stack.callback(contender.close)
            found.append(contender)
        yield found


def interleaved(
    found: Sequence[Contender], work: Mapping[str, Any], rounds: int, warm: int = 1
) -> dict[str, list[Answer]]:
    """Every contender's answers, `rounds` of them after `warm` that do not count. Each round begins with another."""
    answers: dict[str, list[Answer]] = {contender.name: [] for contender in found}
    for number in range(-warm, rounds):
        shift = number % len(found)
        for contender in (*found[shift:], *found[:shift]):
            answer = contender.work({**work, "salt": f"{os.getpid()}-{number}"})
            if number >= 0 and "failed" not in answer:
                answers[contender.name].append(answer)
    for name, taken in answers.items():
        if len(taken) < rounds:
            print(f"{name} failed in {rounds - len(taken)} of {rounds} rounds, which are not counted\n")
    return {name: taken for name, taken in answers.items() if taken}


def clients(parser: argparse.ArgumentParser) -> None:
    """The options that say who takes part."""
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has benchmarks/requirements.txt")
    parser.add_argument("--clients", metavar="NAME,…", help="only these, `ours` and `floor` among them")


def chosen(names: Sequence[str], options: argparse.Namespace) -> list[str]:
    return [name for name in names if not options.clients or name in options.clients.split(",")]


def median(answers: Sequence[Answer], what: str = "seconds") -> float:
    return statistics.median(answer[what] for answer in answers)


def high(answers: Sequence[Answer], what: str = "seconds") -> float:
    """The 90th percentile."""
    ordered = sorted(answer[what] for answer in answers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))]


def introduce() -> None:
    """Say what is measured on what: the command, the versions, the machine and its load."""
    packages = ("aiohttp", "gradio", "gradio_client", "smolagents", "huggingface_hub", "pydantic")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    print(f"$ {' '.join(['python', '-m', _module(), *sys.argv[1:]])}")
    print(f"Python {platform.python_version()}, {versions}")
    print(f"{os.cpu_count()} cores, load {load()}, {platform.platform()}")
    print(f"a synced append of 200 bytes takes {sync_cost():.2f} ms just now\n", flush=True)


def sync_cost(times: int = 30) -> float:
    """Median milliseconds of a small write with fdatasync, where runs are kept."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(times):
            begun = time.perf_counter()
            os.write(file.fileno(), b"x" * 200)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def load() -> str:
    """The load average of the last 1, 5 and 15 minutes."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print Markdown."""
    cells = [[str(cell) for cell in row] for row in (heading, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heading))]
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(f"\nload afterwards {load()}, a synced append {sync_cost():.2f} ms\n", flush=True)


def gate(what: str, value: float, most: float) -> bool:
    """Print whether the figure keeps its promise; whether it does."""
    kept = value <= most
    print(f"{'kept' if kept else 'MISSED'}: {what} {value:.3g} (at most {most:g})", flush=True)
    return kept


def _module() -> str:
    return f"benchmarks.{Path(sys.argv[0]).stem}"
