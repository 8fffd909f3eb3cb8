"""A run that was made before, and a run that died: how soon they are where they were.

    python -m benchmarks.rerun_and_resume [--rounds 10]

Repeats a plan of 48 steps, which must not call the Space again; and kills runs of the same plan with SIGKILL half way,
resumes them with the command line, and takes the time until the first new call reaches the Space.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks import near_zero_space, rounds
from benchmarks.composition import Link, branches_plan, crew_on, runner_of
from core.journal import Journal
from core.nouns import Goal, Plan
from core.record import Runs

MOST_RERUN_MS, MOST_RESUME_SECONDS = 50.0, 1.0


def plan_of(subject: str, seconds: float) -> Plan:
    subjects = [f"{subject}/{number}" for number in range(16)]
    return branches_plan(subjects, [[Link("/echo", seconds)] * 3] * 16)


async def pursue(hub: str, root: Path, subject: str, seconds: float, times: int = 1) -> list[float]:
    """The seconds of each of several runs of the plan, the first one included."""
    taken = []
    async with crew_on(hub, root) as crew:
        for _ in range(times):
            begun = time.perf_counter()
            folder = Runs(root).begin(subject)
            journal = Journal(folder.path)
            run = await runner_of(crew, plan_of(subject, seconds), hub).pursue(folder, journal, Goal(text=subject))
            journal.close()
            taken.append(time.perf_counter() - begun)
            if run.status != "passed":
                raise RuntimeError(f"{run.status}: {run.reason}")
    return taken


def moments(hub: str, subject: str) -> list[float]:
    """When the Space executed something for this subject, oldest first."""
    with urllib.request.urlopen(f"{hub}/count?of={subject}/") as answer:
        counted = json.load(answer)
    return sorted(moment for inputs in counted.values() for times in inputs.values() for moment in times)


def rerun(hub: str, root: Path, times: int) -> tuple[list[float], int]:
    """Seconds of each repetition, and how many calls they made together."""
    taken = asyncio.run(pursue(hub, root, "rerun", 0.0, times + 1))
    return taken[1:], len(moments(hub, "rerun")) - 48


def resumed(hub: str, root: Path, number: int) -> tuple[float, float]:
    """Seconds from the start of the resuming process to its first new call, and to its end."""
    subject = f"resume{number}"
    driver = [sys.executable, "-m", "benchmarks.rerun_and_resume", "--drive", subject, hub, str(root)]
    dying = subprocess.Popen(driver, cwd=rounds.ROOT)
    # 48 calls of 0.2 s, 16 at a time: after 20 the second third is under way.
    while len(moments(hub, subject)) < 20 and dying.poll() is None:
        time.sleep(0.01)
    dying.kill()
    dying.wait()
    time.sleep(0.3)
    before = moments(hub, subject)
    command = [sys.executable, "app.py", "resume", subject, "--runs", str(root), "--endpoint", hub, "--leave"]
    begun = time.time()
    said = subprocess.run(command, cwd=rounds.ROOT, capture_output=True, text=True, check=False)
    ended = time.time()
    new = moments(hub, subject)[len(before) :]
    if said.returncode or not new:
        raise RuntimeError(f"resume ended with {said.returncode} and {len(new)} new calls: {said.stderr}")
    return new[0] - begun, ended - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--drive", nargs=3, metavar=("SUBJECT", "HUB", "RUNS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drive:
        subject, hub, root = options.drive
        asyncio.run(pursue(hub, Path(root), subject, 0.2))
        return 0
    rounds.introduce()
    with near_zero_space.running() as hub, tempfile.TemporaryDirectory() as folder:
        taken, calls = rerun(hub, Path(folder), options.rounds)
        ends = [resumed(hub, Path(folder), number) for number in range(options.rounds)]
    again = statistics.median(taken) * 1000
    first, last = (statistics.median(column) for column in zip(*ends, strict=True))
    rows = [
        ("48 steps again, ms", f"{again:.1f}", f"{max(taken) * 1000:.1f}"),
        ("resume to the first new call, s", f"{first:.2f}", f"{max(each for each, _ in ends):.2f}"),
        ("resume to the end of the process, s", f"{last:.2f}", f"{max(each for _, each in ends):.2f}"),
    ]
    rounds.table(("what", "median", "worst"), rows)
    kept = [
        rounds.gate("Space calls of the repeated runs", calls, 0),
        rounds.gate("ms of a repeated run", again, MOST_RERUN_MS),
        rounds.gate("s from the start of `resume` to its first call", first, MOST_RESUME_SECONDS),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
