"""Kills a run at every boundary of its journal and at random moments, resumes it, and checks what the record says.

    python -m benchmarks.crashes [--random N] [--texts]

The checker reads events.jsonl by itself, and the Space's own count of what it executed is the second witness. Bugs that
are planted on purpose show that the checker can fail.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import near_zero_space, rounds
from benchmarks.crash_driver import (
    BUGS,
    BUSY,
    PICTURES,
    TEXTS,
    Assignment,
    Bug,
    Chains,
    Place,
    Switch,
    drive,
    subjects,
)
from benchmarks.tiny_works import passed_on
from core.record import Runs

PLACES: tuple[Place, ...] = ("before", "after", "torn")
PATIENCE = 120.0
"""Seconds for one process; the longest recovery waits 10 s for a result that Gradio never gives again."""


class Driver:
    """One process at work on a run."""

    def __init__(self, assignment: Assignment, go: Any = None) -> None:
        receiving, sending = multiprocessing.Pipe(duplex=False)
        self._answer: Connection = receiving
        # Forked from a process that has everything imported: a start costs milliseconds.
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=drive, args=(assignment, sending, go))
        with _STARTING:
            self._process.start()
        sending.close()

    def kill(self) -> None:
        self._process.kill()

    def ended(self, patience: float = PATIENCE) -> int | str | None:
        """What it said at its end, or None when it was killed."""
        if not self._answer.poll(patience):
            self.kill()
            return f"still at work after {patience:.0f} s"
        try:
            said: int | str | None = self._answer.recv()
        except EOFError:
            said = None
        # Gone for good, its locks too, only when it was reaped.
        wait([self._process.sentinel], patience)
        return said

    def running(self, seconds: float) -> bool:
        """Whether it is still at work after so many seconds."""
        return not self._answer.poll(seconds)


_STARTING = threading.Lock()


@dataclass
class Trial:
    """One run, however many processes it takes."""

    name: str
    folder: Path
    hub: str
    chains: Chains
    seconds: float
    bug: Bug | None = None
    landed: int = 0
    """Kills that met a run at work."""
    refused: int = 0
    """Rivals that were sent away."""
    faults: list[str] = field(default_factory=list)

    def driver(self, switch: Switch | None = None, go: Any = None) -> Driver:
        return Driver(Assignment(self.folder, self.hub, self.chains, self.seconds, switch, self.bug), go)

    def kill_at(self, switch: Switch) -> None:
        """Let it kill itself there; it may be through before."""
        self._note(self.driver(switch).ended())

    def kill_after(self, seconds: float) -> None:
        driver = self.driver()
        if driver.running(seconds):
            driver.kill()
        self._note(driver.ended())

    def finish(self, rivals: int = 0) -> "Trial":
        """Resume it to the end, with so many others that want it at the same moment, and check what they left."""
        go = multiprocessing.get_context("forkserver").Event() if rivals else None
        drivers = [self.driver(go=go) for _ in range(rivals + 1)]
        if go is not None:
            # The winner waits until the others were sent away, so that they really met it at work.
            deadline = time.monotonic() + (1.0 if self.bug == "no lock" else 20.0)
            while sum(not driver.running(0) for driver in drivers) < rivals and time.monotonic() < deadline:
                time.sleep(0.005)
            go.set()
        # Two that have the same run at once may wait for each other's results.
        ends = [driver.ended(3.0 if self.bug == "no lock" else PATIENCE) for driver in drivers]
        self.refused += ends.count(BUSY)
        if ends.count(0) != 1 or ends.count(BUSY) != rivals:
            self.faults.append(f"{rivals + 1} processes resumed the run and ended with {ends}")
        self.faults += check(self.folder, self.chains, executions(self.hub, self.folder.name, self.chains))
        return self

    def _note(self, said: int | str | None) -> None:
        if said is None:
            self.landed += 1
        elif said != 0:
            self.faults.append(f"the process ended with {said}")


# The checker ---------------------------------------------------------------------------------------------------------


def check(folder: Path, chains: Chains, executed: dict[str, list[float]]) -> list[str]:
    """Everything in a run's folder that breaks a promise; empty when it is sound."""
    rows, faults = _rows(folder)
    if not rows:
        return ["there is no readable event", *faults]
    last = rows[-1]["event"]
    if (last["type"], last.get("status")) != ("run_finished", "passed"):
        faults.append(f"the last event is {last['type']} {last.get('status', '')}")
    values = {
        f"b{number}_{place}": (said, made)
        for number, (subject, chain) in enumerate(zip(subjects(folder.name, chains), chains, strict=True))
        for place, (said, made) in enumerate(_pairs(passed_on(subject, chain)))
    }
    faults += _order(rows, set(values))
    faults += _bytes(rows, folder)
    ends = [values[f"b{number}_{len(chain) - 1}"][1] for number, chain in enumerate(chains)]
    results = [artifact["sha256"] for artifact in last.get("results", ())]
    if results != [hashlib.sha256(end.encode() if isinstance(end, str) else end).hexdigest() for end in ends]:
        faults.append("the results are not those of an undisturbed run")
    for step, (said, _) in values.items():
        faults += _witness(step, rows, executed.get(f"{step} {said}", []))
    return faults


def _pairs(values: Sequence[tuple[str, str | bytes]]) -> Iterator[tuple[str, str | bytes]]:
    """For each step of a chain, its input as it is called at `/count`, and what it makes."""
    for before, after in pairwise(values):
        yield before[0], after[1]


def _rows(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines of the journal as far as they hold together, and where they do not."""
    data = (folder / "events.jsonl").read_bytes()
    rows: list[dict[str, Any]] = []
    before = ""
    for number, line in enumerate(data.splitlines(keepends=True)):
        try:
            row = json.loads(line)
        except ValueError:
            return rows, [f"line {number} is no JSON"]
        head = line.decode().rsplit(',"hash":"', 1)[0]
        hash = hashlib.sha256((before + head).encode()).hexdigest()[:32]
        if not line.endswith(b"\n") or row["seq"] != number or row["hash"] != hash:
            return rows, [f"line {number} does not follow the one before it"]
        rows.append(row)
        before = hash
    return rows, []


def _order(rows: Sequence[dict[str, Any]], steps: set[str]) -> Iterator[str]:
    """No step is started once its result was recorded, and every step has one."""
    done: set[str] = set()
    for row in rows:
        event = row["event"]
        if event["type"] == "step_started" and event["step"] in done:
            yield f"{event['step']} was started again at {row['seq']} after its result was recorded"
        if event["type"] in ("step_finished", "step_skipped"):
            done.add(event["step"])
    if missing := steps - done:
        yield f"no result of {', '.join(sorted(missing))} was recorded"


def _bytes(rows: Sequence[dict[str, Any]], folder: Path) -> Iterator[str]:
    """Every recorded artifact is there, with the bytes that were recorded."""
    for row in rows:
        for artifact in row["event"].get("artifacts", ()):
            if artifact["file"] is None:
                content = str(artifact["value"]).encode()
            else:
                path = folder / "artifacts" / artifact["file"]
                content = path.read_bytes() if path.exists() else b""
            if hashlib.sha256(content).hexdigest() != artifact["sha256"]:
                yield f"the artifact of event {row['seq']} is not on disk as it was recorded"


def _witness(step: str, rows: Sequence[dict[str, Any]], times: Sequence[float]) -> Iterator[str]:
    """What the Space executed for a step: something, each time announced, nothing after the result was recorded."""
    own = [(row["time"], row["event"]["type"]) for row in rows if row["event"].get("step") == step]
    started = [time for time, type in own if type == "step_started"]
    recorded = [time for time, type in own if type == "step_finished"]
    if not times:
        yield f"{step} was never executed"
    if len(times) > len(started):
        yield f"{step} was executed {len(times)} times and announced {len(started)} times"
    if recorded and any(moment > recorded[0] for moment in times):
        yield f"{step} was executed after its result was recorded"


def executions(hub: str, run: str, chains: Chains) -> dict[str, list[float]]:
    """When the Space executed each step of the run, by the step and its input."""
    found: dict[str, list[float]] = {}
    with urllib.request.urlopen(f"{hub}/count") as answer:
        counted = json.load(answer)
    for number, (subject, chain) in enumerate(zip(subjects(run, chains), chains, strict=True)):
        for place, endpoint in enumerate(chain):
            said = passed_on(subject, chain[:place])[-1][0]
            found[f"b{number}_{place} {said}"] = counted.get(endpoint, {}).get(said, [])
    return found


# Kinds of trials -----------------------------------------------------------------------------------------------------


@dataclass
class Ground:
    """Where trials take place."""

    root: Path
    hub: str
    chains: Chains
    seconds: float = 0.03

    def trial(self, name: str, bug: Bug | None = None) -> Trial:
        folder = Runs(self.root).begin(name)
        return Trial(name, folder.path, self.hub, self.chains, self.seconds, bug)

    def undisturbed(self) -> tuple[Trial, int, float]:
        """A run without a kill, how many events it wrote, and how long it took."""
        self.trial("warm").finish()
        trial = self.trial("clean")
        begun = time.monotonic()
        trial.finish()
        seconds = time.monotonic() - begun
        return trial, (trial.folder / "events.jsonl").read_bytes().count(b"\n"), seconds

    def boundary(self, event: int, place: Place, rivals: int = 0, bug: Bug | None = None) -> Trial:
        """Killed at one event, then resumed."""
        trial = self.trial(f"{place} {event}", bug)
        trial.kill_at(Switch(event, place, seed=event))
        return trial.finish(rivals)

    def random(self, seed: int, seconds: float, rivals: int = 0) -> Trial:
        """Killed one to three times at random moments of a run that takes about so many seconds, then resumed."""
        chance = random.Random(seed)
        trial = self.trial(f"random {seed}")
        for _ in range(chance.randint(1, 3)):
            trial.kill_after(chance.uniform(0.02, seconds))
        return trial.finish(rivals)

    def relapse(self, event: int, place: Place, after: int) -> Trial:
        """Killed at one event, and again while it recovers."""
        trial = self.trial(f"relapse {place} {event} {after}")
        trial.kill_at(Switch(event, place, seed=event))
        trial.kill_at(Switch(after, place, seed=after))
        return trial.finish()

    def exposed(self, bug: Bug, event: int) -> Trial:
        """A boundary kill of a run with a planted bug, resumed with the bug still in it."""
        return self.boundary(event, "torn" if bug == "torn line kept" else "after", 1 if bug == "no lock" else 0, bug)


def recordings(trial: Trial) -> list[int]:
    """The places in a run's journal where a result with a file was recorded: where planted bugs show."""
    rows, _ = _rows(trial.folder)
    events = [(row["seq"], row["event"]) for row in rows]
    return [
        seq
        for seq, event in events
        if event["type"] == "step_finished" and any(artifact["file"] for artifact in event["artifacts"])
    ]


def together(trials: Sequence[Callable[[], Trial]], workers: int = 4) -> list[Trial]:
    """Do them, a few at a time: they mostly wait."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda trial: trial(), trials))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--random", type=int, default=200, metavar="N", help="runs killed at random moments")
    options.add_argument("--texts", action="store_true", help="texts instead of pictures: quicker, no laboratory")
    chosen = options.parse_args()
    rounds.introduce()
    multiprocessing.get_context("forkserver").set_forkserver_preload(["benchmarks.crash_driver"])
    with near_zero_space.running() as hub, TemporaryDirectory(prefix="crashes-") as root:
        ground = Ground(Path(root), hub, TEXTS if chosen.texts else PICTURES)
        clean, events, seconds = ground.undisturbed()
        print(f"an undisturbed run: {events} events, {seconds:.2f} s, faults: {clean.faults or 'none'}\n", flush=True)
        kinds: dict[str, list[Callable[[], Trial]]] = {
            place: [_bound(ground.boundary, event, place, 1) for event in range(events)] for place in PLACES
        }
        kinds["random"] = [_bound(ground.random, seed, seconds, 2) for seed in range(chosen.random)]
        kinds["killed again while recovering"] = [
            _bound(ground.relapse, event, PLACES[event % 3], event % 7) for event in range(1, events)
        ]
        rows, faulty = [], []
        for kind, trials in kinds.items():
            begun = time.monotonic()
            done = together(trials)
            wrong = [trial for trial in done if trial.faults]
            faulty += wrong
            landed, refused = sum(trial.landed for trial in done), sum(trial.refused for trial in done)
            rows.append((kind, len(done), landed, refused, len(wrong), f"{time.monotonic() - begun:.0f} s"))
            print(f"{kind}: {len(done)} runs, {len(wrong)} with faults", file=sys.stderr, flush=True)
        rounds.table(("kill", "runs", "kills that landed", "rivals refused", "runs with faults", "took"), rows)
        for trial in faulty[:20]:
            print(f"{trial.name}: {trial.faults}")
        shown = {bug: together([_bound(ground.exposed, bug, event) for event in recordings(clean)]) for bug in BUGS}
        caught = {bug: [trial for trial in trials if trial.faults] for bug, trials in shown.items()}
        said = {bug: trials[0].faults[-1][:100] if trials else "nothing" for bug, trials in caught.items()}
        lines = [(bug, len(trials), len(shown[bug]), said[bug]) for bug, trials in caught.items()]
        rounds.table(("planted bug", "kills that show it", "of", "what the checker says"), lines)
    return 1 if faulty or not all(caught.values()) else 0


def _bound(kind: Callable[..., Trial], *arguments: object) -> Callable[[], Trial]:
    return lambda: kind(*arguments)


if __name__ == "__main__":
    # Under its real name, so that what drivers are sent can be found again by their own imports.
    from benchmarks import crashes

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(crashes.main())
