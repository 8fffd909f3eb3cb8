"""How far recipes go, and what a coding agent adds to them.

`python -m benchmarks.coders --gold FILE [--import N] [--json]`: JSON lines of {id, pipeline_tag, card}. Every card is
read and coded by recipes alone: how many get a Space, how many end in a blocker or for want of information, how many
only a coding agent could write, what the rules find in the recipes' files, and the seconds. `--import N` looks N of
them over whole, with the import of the app.

`--model ID --base-url URL [--rounds R] [--limit N]` gives the first N cards that no recipe covers to Pi in Jobs of a
local Hub: how many it writes so that preflight finds no error, in how many rounds, tokens and seconds. A key that the
model's host wants is read from SPACEWRIGHT_MODEL_KEY.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agents.pi_coder import PiCoder
from core.artifacts import ArtifactStore
from core.errors import Failure, InformationMissing
from core.events import Event
from core.factory import CardFacts
from core.hub import Hub
from core.local_hub import local_hub
from core.scope import Scope
from core.settings import quiet_libraries
from tools.cards.analysis import analyse
from tools.cards.source import Source
from tools.coding.blockers import refuse
from tools.coding.coding import CodeOrder, Coding
from tools.compile_recipe import compile_recipe
from tools.preflight.lint import lint
from tools.preflight_space import preflight


def recipes(rows: list[dict[str, str]], imports: int) -> dict[str, Any]:
    """What becomes of every card without a coding agent."""
    looked = [_by_recipe(_facts(row)) for row in rows]
    made = [one for one in looked if one["end"] == "made"]
    broken = Counter(rule for one in made for rule in one["errors"])
    whole = [_whole(one["facts"]) for one in made[:imports]]
    return {
        "cards": len(rows),
        "ends": dict(Counter(one["end"] for one in looked)),
        "not_covered": dict(Counter(f"{one['facts'].task}" for one in looked if one["end"] == "not covered")),
        "without_errors": sum(not one["errors"] for one in made),
        "errors_by_rule": dict(broken),
        "seconds_worst": round(max((one["seconds"] for one in made), default=0.0), 3),
        "tokens": 0,
        "imported": len(whole),
        "imported_without_errors": sum(whole),
    }


def _facts(row: dict[str, str]) -> CardFacts:
    return analyse(Source(card=row["card"].encode(), model=row["id"]))


def _by_recipe(facts: CardFacts) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        refuse(facts, with_model=False)
    except InformationMissing:
        return {"end": "too little information", "facts": facts}
    except Failure:
        return {"end": "blocked", "facts": facts}
    workspace = compile_recipe(facts)
    seconds = time.perf_counter() - began
    if workspace is None:
        return {"end": "not covered", "facts": facts}
    errors = [found.rule for found in lint(workspace, facts) if found.severity == "error"]
    return {"end": "made", "facts": facts, "errors": errors, "seconds": seconds}


def _whole(facts: CardFacts) -> bool:
    workspace = compile_recipe(facts)
    return workspace is not None and not any(found.severity == "error" for found in preflight(workspace, facts))


async def agent(rows: list[dict[str, str]], coding: Coding, limit: int) -> dict[str, Any]:
    """What a coding agent makes of the cards that no recipe covers."""
    wanted = [row for row in rows if _by_recipe(_facts(row))["end"] == "not covered"][:limit]
    with tempfile.TemporaryDirectory() as root, local_hub(Path(root, "hub")) as hub:
        coder = PiCoder(Hub(hub.endpoint, hub.token), coding)
        ends = [await _by_agent(coder, row, Path(root, f"run-{number}")) for number, row in enumerate(wanted)]
    written = [one for one in ends if one["end"] == "written"]
    return {
        "cards": len(wanted),
        "ends": dict(Counter(one["end"] for one in ends)),
        "rounds": dict(Counter(one["rounds"] for one in written)),
        "tokens": sum(one["tokens"] for one in ends),
        "seconds": round(sum(one["seconds"] for one in ends), 1),
    }


async def _by_agent(coder: PiCoder, row: dict[str, str], folder: Path) -> dict[str, Any]:
    async def announce(event: Event) -> None:
        """Nobody looks."""

    spent: dict[str, int] = {}
    scope = Scope(
        *("code", "The files", None, 1, 3600.0, ArtifactStore(folder), announce, lambda event: None),
        settle=lambda key, amount: spent.__setitem__(key, amount.tokens),
    )
    began = time.perf_counter()
    try:
        coded = await coder.code(scope, CodeOrder(facts=_facts(row), card=row["card"]))
        found: dict[str, Any] = {"end": "written", "rounds": coded.rounds}
    except Failure as failure:
        found = {"end": failure.kind}
        print(f"{row['id']}: {failure}", file=sys.stderr)
    return {**found, "tokens": sum(spent.values()), "seconds": time.perf_counter() - began}


def main() -> int:
    quiet_libraries()
    options = _options()
    rows = [json.loads(line) for line in options.gold.read_text("utf-8").splitlines() if line.strip()]
    figures = {"recipes": recipes(rows, options.imports)}
    if options.model and options.base_url:
        key = os.environ.get("SPACEWRIGHT_MODEL_KEY")
        token = SecretStr(key) if key else None
        coding = Coding(model=options.model, base_url=options.base_url, token=token, rounds=options.rounds)
        figures["agent"] = asyncio.run(agent(rows, coding, options.limit))
    if options.json:
        print(json.dumps(figures))
        return 0
    for name, arm in figures.items():
        print(name)
        for what, value in arm.items():
            print(f"  {what.replace('_', ' ')}: {value}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coders", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="JSON lines of {id, pipeline_tag, card}")
    parser.add_argument("--import", type=int, default=0, dest="imports", metavar="N", help="recipes to import once")
    parser.add_argument("--model", help="of the coding agent")
    parser.add_argument("--base-url", help="where the model is asked")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--limit", type=int, default=5, help="cards for the coding agent")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
