"""Damages good files in every way that is cheap, and counts what the checks make of them.

    python -m benchmarks.fuzz_checks MEDIA_FOLDER [--mutations 10000] [--seed 1] [--jobs 4]

MEDIA_FOLDER holds files of any kind; when it has a folder `good`, only that one is read. What must stay at 0: crashes
of this process, deaths of the checking process, checks that end later than their limit, files written by anybody. A
parser that breaks or is killed at its limit is a `fail`, and is counted among the verdicts.
"""

import argparse
import asyncio
import os
import random
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.nouns import Kind
from tools.check_artifact import claimed
from tools.checks.laboratory import Laboratory
from tools.checks.worker import ROOT

LIMIT = 10.0
"""Seconds a check may take."""

LATE = 5.0
"""Seconds after the limit from which on a check counts as hung."""

LARGEST = 3_000_000
"""Bytes: larger samples are left out, because most of the time would go into copying them."""

EXTREMES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)

Mutator = Callable[[random.Random, bytes, bytes], bytes]


def flipped(dice: random.Random, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 16)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def flipped_in_front(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Headers are at the front, and decide more than the rest."""
    return flipped(dice, data[:256], other) + data[256:]


def cut(dice: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: dice.randrange(len(data))]


def hollowed(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(dice, data)
    return data[:start] + data[end:]


def zeroed(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(dice, data)
    return data[:start] + bytes(end - start) + data[end:]


def doubled(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(dice, data)
    return data[:end] + data[start:end] * dice.randint(1, 8) + data[end:]


def spliced(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """A part of another file in the middle of this one."""
    start, end = _span(dice, other)
    place = dice.randrange(len(data))
    return data[:place] + other[start:end] + data[place + (end - start) * dice.randint(0, 1) :]


def misnumbered(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """What may be a length, a count or an offset becomes an extreme number."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        order, form = dice.choice("<>"), dice.choice("HIQ")
        place = dice.randrange(min(len(changed), dice.choice((64, 1024, len(changed)))))
        number = dice.choice(EXTREMES) & (1 << 8 * struct.calcsize(form)) - 1
        packed = struct.pack(order + form, number)[: len(changed) - place]
        changed[place : place + len(packed)] = packed
    return bytes(changed)


def scrambled(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _span(dice, data)
    return data[:start] + dice.randbytes(end - start) + data[end:]


MUTATORS: tuple[Mutator, ...] = (
    *(flipped, flipped_in_front, cut, hollowed, zeroed, doubled, spliced, misnumbered, misnumbered, scrambled),
)


@dataclass
class Tally:
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    """How parsers failed, other than by refusing."""
    crashes: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    killed: int = 0
    """At their limit, in time."""
    slowest: float = 0.0


def samples(folder: Path) -> list[tuple[Path, Kind | None, bytes]]:
    place = folder / "good" if (folder / "good").is_dir() else folder
    files = [path for path in sorted(place.rglob("*")) if path.is_file() and 0 < path.stat().st_size <= LARGEST]
    return [(path, claimed(path), path.read_bytes()) for path in files if path.suffix != ".json" or place != folder]


def mutated(number: int, seed: int, good: list[tuple[Path, Kind | None, bytes]]) -> tuple[str, Kind | None, bytes]:
    """The same for the same number and seed; the samples take turns."""
    dice = random.Random(f"{seed}/{number}")
    path, kind, data = good[number % len(good)]
    names = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        mutator = dice.choice(MUTATORS)
        names.append(mutator.__name__)
        data = mutator(dice, data, dice.choice(good)[2]) or b"\0"
    declared = kind if dice.random() < 0.8 else None
    return f"{number} {path.name} {'+'.join(names)}", declared, data


async def fuzz(good: list[tuple[Path, Kind | None, bytes]], options: argparse.Namespace, scratch: Path) -> Tally:
    tally, numbers = Tally(), iter(range(options.mutations))
    async with Laboratory() as laboratory:
        await laboratory.ready()
        before = _checking_processes()
        await asyncio.gather(*(_work(laboratory, numbers, good, options, scratch, tally) for _ in range(options.jobs)))
        tally.crashes += [f"the checking process {pid} died" for pid in before - _checking_processes()]
    return tally


async def _work(
    laboratory: Laboratory,
    numbers: Iterator[int],
    good: list[tuple[Path, Kind | None, bytes]],
    options: argparse.Namespace,
    scratch: Path,
    tally: Tally,
) -> None:
    for number in numbers:
        name, kind, data = mutated(number, options.seed, good)
        path = scratch / f"{number}.bin"
        path.write_bytes(data)
        began = time.monotonic()
        try:
            seen = await asyncio.wait_for(laboratory.examine(path, kind, LIMIT), LIMIT + LATE)
        except TimeoutError:
            tally.hung.append(name)
            continue
        except Exception as error:  # what must never happen is what is being counted
            tally.crashes.append(f"{name}: {type(error).__name__}: {error}")
            continue
        finally:
            path.unlink()
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.verdicts[kind or "not declared", seen.gate.status] += 1
        tally.killed += "nobody could read it within" in seen.gate.reason
        if "its parser" in seen.gate.reason:
            tally.broken[seen.gate.reason[:150]] += 1
            if options.verbose:
                print(f"{name}: {seen.gate.reason[:200]}", file=sys.stderr)


def _span(dice: random.Random, data: bytes) -> tuple[int, int]:
    start = dice.randrange(len(data))
    return start, min(len(data), start + dice.choice((1, 4, 16, 64, 512, 4096, len(data))))


def _checking_processes() -> set[int]:
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (entry / "cmdline").read_bytes(), (entry / "stat").read_text()
        except OSError:
            continue
        if b"tools.checks.zygote" in command and int(status.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(entry.name))
    return found


def _files(*folders: Path) -> set[Path]:
    ignored = {"__pycache__", ".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return {path for folder in folders for path in folder.rglob("*") if not ignored & set(path.parts)}


def main() -> int:
    wanted = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--mutations", type=int, default=10_000)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    wanted.add_argument("--verbose", action="store_true", help="name every file that broke its parser")
    options = wanted.parse_args()
    good = samples(options.folder)
    with tempfile.TemporaryDirectory() as name:
        scratch, temporary = Path(name) / "in", Path(name) / "temporary"
        scratch.mkdir()
        temporary.mkdir()
        os.environ["TMPDIR"] = str(temporary)  # the checking process looks for its temporary files here
        before, began = _files(ROOT, temporary), time.monotonic()
        tally = asyncio.run(fuzz(good, options, scratch))
        seconds = time.monotonic() - began
        written = sorted(_files(ROOT, temporary) - before) + sorted(scratch.iterdir())
    return report(tally, options, len(good), seconds, written)


def report(tally: Tally, options: argparse.Namespace, good: int, seconds: float, written: list[Path]) -> int:
    """1 when something happened that must not."""
    print(f"{options.mutations} mutations of {good} files, seed {options.seed}: {seconds:.0f} s")
    print(f"crashes {len(tally.crashes)}, past the limit {len(tally.hung)}, files written {len(written)}")
    print(f"killed at their limit of {LIMIT:g} s {tally.killed}, slowest {tally.slowest:.1f} s")
    for line in [*tally.crashes, *tally.hung, *map(str, written)][:20]:
        print(f"  {line}")
    states = ("pass", "warn", "fail", "unknown")
    print(f"{'declared':14}" + "".join(f"{state:>9}" for state in states))
    for kind in sorted({kind for kind, _ in tally.verdicts}):
        print(f"{kind:14}" + "".join(f"{tally.verdicts[kind, state]:9}" for state in states))
    if tally.broken:
        print(f"parsers that broke: {sum(tally.broken.values())}")
        for reason, count in tally.broken.most_common(12):
            print(f"  {count:5} {reason}")
    return 1 if tally.crashes or tally.hung or written else 0


if __name__ == "__main__":
    sys.exit(main())
