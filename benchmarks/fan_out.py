"""Branches side by side over their critical path, and what 200 calls in flight cost.

    python -m benchmarks.fan_out [--peers PYTHON] [--rounds 4] [--gradio]

The critical path is the time the longest branch sleeps on the Space; 1.00 would mean that nothing else took any time.
"""

import argparse
import random
import sys
from collections.abc import Sequence

from benchmarks import gradio_space, near_zero_space, rounds

EVERYONE = ("floor", "ours", "gradio_client_shared", "gradio_client", "smolagents", "daggr")
IN_FLIGHT = 200
MOST_THREADS = 8

Branches = list[list[list[object]]]


def even(branches: int, steps: int, seconds: float) -> Branches:
    return [[["/echo", seconds] for _ in range(steps)] for _ in range(branches)]


def skewed(branches: int, steps: int, path: float) -> Branches:
    """Random seconds from a fixed seed; the longest branch takes `path` seconds."""
    chance = random.Random(16)
    drawn = [[chance.uniform(0.05, 1.0) for _ in range(steps)] for _ in range(branches)]
    scale = path / max(sum(branch) for branch in drawn)
    return [[["/echo", round(seconds * scale, 4)] for seconds in branch] for branch in drawn]


def measure(
    title: str, work: Branches, options: argparse.Namespace, space: str, hub: str, names: Sequence[str] = EVERYONE
) -> dict[str, float]:
    """Wall time over the critical path, by contender."""
    path = max(sum(float(str(seconds)) for _, seconds in branch) for branch in work)
    with rounds.contenders(rounds.chosen(names, options), options.peers, space, hub) as found:
        answers = rounds.interleaved(found, {"branches": work}, options.rounds)
        versions = {contender.name: contender.version for contender in found}
    ratio = {name: rounds.median(taken) / path for name, taken in answers.items()}
    rows = [
        (name, versions[name], f"{value:.3f}", f"{rounds.high(answers[name]) / path:.3f}", f"{value * path:.2f}")
        for name, value in sorted(ratio.items(), key=lambda item: item[1])
    ]
    print(f"## {title}: critical path {path:.2f} s\n")
    rounds.table(("client", "version", "x critical path", "worst", "seconds"), rows)
    return ratio


def in_flight(options: argparse.Namespace, space: str, hub: str) -> bool:
    """Threads and memory of 200 calls at once."""
    work = {"branches": even(IN_FLIGHT, 1, 2.0), "salt": "flight"}
    names = ("floor", "ours", "gradio_client_shared", "gradio_client")
    with rounds.contenders(rounds.chosen(names, options), options.peers, space, hub) as found:
        for contender in found:
            contender.work({"branches": even(1, 1, 0), "salt": "warm"})
        answers = {contender.name: contender.watched(work) for contender in found}
    rows = [
        (name, f"{answer['threads']:.0f}", f"{answer['grown_mb']:.1f}", f"{answer['seconds']:.2f}")
        for name, answer in answers.items()
    ]
    print(f"## {IN_FLIGHT} calls of 2 s in flight\n")
    rounds.table(("client", "threads", "memory grown by, MB", "seconds"), rows)
    return rounds.gate("threads with 200 calls in flight", answers["ours"]["threads"], MOST_THREADS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    rounds.clients(parser)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--gradio", action="store_true", help="also on a real Gradio app, then the limit itself")
    options = parser.parse_args()
    rounds.introduce()
    kept = []
    with near_zero_space.running() as space:
        for title, work, most in (
            ("16 branches x 3 steps x 0.5 s", even(16, 3, 0.5), 1.10),
            ("16 branches x 3 steps, skewed", skewed(16, 3, 1.5), 1.10),
            ("64 branches x 3 steps x 0.5 s", even(64, 3, 0.5), 1.20),
        ):
            ratio = measure(title, work, options, space, space)
            kept.append(rounds.gate(title, ratio["ours"], most))
            print()
        kept.append(in_flight(options, space, space))
    if options.gradio:
        with gradio_space.running() as app, near_zero_space.running({"bench/gradio": app}) as hub:
            measure("A real Gradio app, 16 x 3 x 0.5 s", even(16, 3, 0.5), options, app, hub)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
