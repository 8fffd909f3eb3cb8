"""What a Space call costs beyond the Space's own time: a chain of three trivial steps, contenders side by side.

    python -m benchmarks.overhead [--peers PYTHON] [--rounds 15]

Measured on two local Spaces, one that costs next to nothing and a real Gradio app, with texts and with pictures. The
seconds of our runner include its synced journal, state.json, and the start and end of the run.
"""

import argparse
import math
import sys

from benchmarks import gradio_space, near_zero_space, rounds

TEXTS = [["/echo", 0], ["/echo", 0], ["/echo", 0]]
PICTURES = [["/image", 0], ["/tint", 0], ["/tint", 0]]
MOST_MS, MOST_CHECKED_MS, LARGEST_SHARE = 10.0, 20.0, 1 / 5

ON_TEXTS = ("floor", "ours", "gradio_client_shared", "gradio_client", "smolagents", "daggr")
ON_PICTURES = ("floor", "ours", "ours_checked", "gradio_client_shared", "gradio_client", "smolagents")


def measure(
    title: str, names: tuple[str, ...], links: list[list[object]], options: argparse.Namespace, space: str, hub: str
) -> dict[str, float]:
    """Milliseconds a step by contender."""
    with rounds.contenders(rounds.chosen(names, options), options.peers, space, hub) as found:
        answers = rounds.interleaved(found, {"branches": [links]}, options.rounds, warm=3)
        versions = {contender.name: contender.version for contender in found}
    cost = {name: rounds.median(taken) / len(links) * 1000 for name, taken in answers.items()}
    rows = [
        (
            name,
            versions[name],
            f"{ms:.1f}",
            f"{min(answer['seconds'] for answer in answers[name]) / len(links) * 1000:.1f}",
            f"{rounds.high(answers[name]) / len(links) * 1000:.1f}",
            f"{rounds.median(answers[name], 'cpu') / len(links) * 1000:.1f}",
            f"{ms / cost['floor']:.2f}",
            f"{ms / cost['gradio_client']:.2f}" if "gradio_client" in cost else "",
        )
        for name, ms in sorted(cost.items(), key=lambda item: item[1])
    ]
    print(f"## {title}\n")
    rounds.table(("client", "version", "ms a step", "best", "p90", "of it CPU", "x floor", "x gradio_client"), rows)
    return cost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    rounds.clients(parser)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    rounds.introduce()
    kept = []
    with gradio_space.running() as gradio, near_zero_space.running({"bench/gradio": gradio}) as near_zero:
        for server, space in (("a Space that costs next to nothing", near_zero), ("a real Gradio app", gradio)):
            texts = measure(f"Texts, {server}", ON_TEXTS, TEXTS, options, space, near_zero)
            pictures = measure(f"Pictures, {server}", ON_PICTURES, PICTURES, options, space, near_zero)
            share = texts["ours"] / texts.get("gradio_client", math.nan)
            kept += [
                rounds.gate("ms a step with the journal", texts["ours"], MOST_MS),
                rounds.gate("the same as a share of gradio_client", share, LARGEST_SHARE),
                rounds.gate("ms a step with content checks", pictures["ours_checked"], MOST_CHECKED_MS),
            ]
            print()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
