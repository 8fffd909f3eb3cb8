"""`python -m localhub.bundled.training [NAME ...]`: train the bundled models again, print what each one reaches."""

import argparse
import importlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = {
    "apple-harvest": "harvests",
    "entity-tagger": "entities",
    "review-sentiment": "reviews",
    "sentence-embedder": "topics",
    "shape-classifier": "shapes",
    "sound-classifier": "sounds",
    "tale-writer": "tales",
    "untitled-2": "tides",
}
MODELS = Path(__file__).parents[1] / "models"
"""Not taken from `trained`: numpy reads how many threads it may have when it is imported, so that comes later."""


def script(model: str) -> "ModuleType":
    """The module that trains a model and evaluates it."""
    return importlib.import_module(f"localhub.bundled.training.{SCRIPTS[model]}")


def main(argv: list[str] | None = None) -> int:
    command = argparse.ArgumentParser(prog="python -m localhub.bundled.training", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCRIPTS)}; all of them without one")
    command.add_argument("--into", type=Path, default=MODELS, metavar="DIR", help="where the models' folders are")
    arguments = command.parse_args(argv)
    if unknown := set(arguments.names) - SCRIPTS.keys():
        command.error(f"there is no model {', '.join(sorted(unknown))}")
    # One thread adds up in one order, whatever the number of cores.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name in arguments.names or SCRIPTS:
        started = time.monotonic()
        trained = script(name).train()
        trained.save(arguments.into / name)
        seconds = round(time.monotonic() - started, 1)
        scores = script(name).evaluate(arguments.into / name, seed=script(name).HELD_OUT)
        told = {key: round(value, 4) for key, value in scores.items()}
        print(json.dumps({"model": name, "seconds": seconds, "parameters": trained.parameters} | told), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
