"""How long the command line takes to answer, warm: `--help`, and the commands that only read the record.

python -m benchmarks.command_line [--rounds 15]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import rounds

MOST_MS = 200.0
"""For `--help`: what feels immediate."""


def milliseconds(command: list[str], times: int) -> list[float]:
    taken = []
    for number in range(times + 2):
        begun = time.perf_counter()
        subprocess.run(command, cwd=rounds.ROOT, capture_output=True, check=True)
        if number >= 2:
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    rounds.introduce()
    with tempfile.TemporaryDirectory() as folder:
        python = [sys.executable]
        commands = {
            "python -c pass": [*python, "-c", "pass"],
            "python app.py --help": [*python, "app.py", "--help"],
            "python app.py runs": [*python, "app.py", "runs", "--runs", str(Path(folder))],
            "python -c 'import gradio_client'": [*python, "-c", "import gradio_client"],
            "python -c 'import gradio'": [*python, "-c", "import gradio"],
        }
        taken = {name: milliseconds(command, options.rounds) for name, command in commands.items()}
    rows = [(name, f"{statistics.median(each):.0f}", f"{max(each):.0f}") for name, each in taken.items()]
    rounds.table(("command", "ms", "worst"), rows)
    return 0 if rounds.gate("ms of --help", statistics.median(taken["python app.py --help"]), MOST_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
