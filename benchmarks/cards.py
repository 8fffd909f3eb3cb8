"""The card analyst against cards whose task is known, and against judged ones.

`--gold FILE`: JSON lines of {id, pipeline_tag, card}; every line that declares the tag is removed before it is read.
`--judged INDEX`: {cards: [{id, file, expected}]}, the cards beside the index; `KINDS` reads the kinds of blockers from
the prose of its judgements. The rules were tuned on the errors of the half called `tuned`. Of the other
half the heads of some cards and the counts of confusions were seen, so its figures may flatter a little too.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from core.factory import CardFacts
from tools.cards.analysis import analyse
from tools.cards.source import Source

_DECLARED = re.compile(r"(?m)^[ \t]*pipeline_tag[ \t]*:.*(?:\n|$)")

KINDS = {
    "gated": r"accepted the licence|HF_TOKEN|\bgated\b",
    "external_api_key": r"api key",
    "custom_cuda": r"CUDA extension|flash[-_]attn|nvcc",
    "docker_only": r"docker",
    "comfyui_only": r"comfy",
    "multi_gpu": r"multi-?gpu|multi-?node|several GPUs|\d+ ?x ?[AH]\d00",
    "non_pytorch_runtime": r"C\+\+|no Python loader|PyTorch-first|gguf",
    "missing_base_model": r"further repos|second repo|base model|encoder/VAE",
    "too_large": r"\b\d+ GB\b",
    "insufficient_information": r"no usage snippet|only config\.json|vendored GitHub",
}
"""How a judgement in prose speaks of each kind."""

BEYOND_THE_CARD = re.compile(r"removed from the Hub", re.IGNORECASE)
"""What only the Hub can tell, not the text of a card."""


def gold(file: Path) -> dict[str, Any]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    looked = [_look(row) for row in rows]
    halves = {name: [one for one in looked if one["half"] == name] for name in ("tuned", "held_out")}
    confused = Counter((one["wanted"], str(one["task"])) for one in looked if one["task"] != one["wanted"])
    slowest = max(looked, key=lambda one: float(one["seconds"]), default={"seconds": 0.0, "characters": 0})
    return {
        "cards": len(looked),
        **_figures(looked),
        "halves": {name: {"cards": len(some), **_figures(some)} for name, some in halves.items()},
        "confidence": _calibration(looked),
        "confusion": [{"wanted": w, "said": s, "times": times} for (w, s), times in confused.most_common()],
        "cpu_milliseconds_median": round(sorted(one["seconds"] for one in looked)[len(looked) // 2] * 1000, 1)
        if looked
        else 0,
        "cpu_milliseconds_worst": round(slowest["seconds"] * 1000, 1),
        "characters_of_the_worst": slowest["characters"],
    }


def _look(row: dict[str, str]) -> dict[str, Any]:
    text = _DECLARED.sub("", row["card"])
    seconds = []
    # Of the processor, and the better of two: the machine may be busy with something else.
    for _ in range(2):
        began = time.process_time()
        facts = analyse(Source(card=text.encode(), model=row["id"]))
        seconds.append(time.process_time() - began)
    half = "held_out" if sha256(row["id"].encode()).digest()[0] % 2 else "tuned"
    return {
        "wanted": row["pipeline_tag"],
        "task": facts.task,
        "confidence": facts.confidence,
        "half": half,
        "seconds": min(seconds),
        "characters": len(text),
    }


def _figures(looked: list[dict[str, Any]]) -> dict[str, float]:
    right = sum(one["task"] == one["wanted"] for one in looked)
    answered = sum(one["task"] is not None for one in looked)
    return {
        "accuracy_all": round(right / max(len(looked), 1), 4),
        "accuracy_answered": round(right / max(answered, 1), 4),
        "coverage": round(answered / max(len(looked), 1), 4),
    }


def _calibration(looked: list[dict[str, Any]]) -> list[dict[str, float]]:
    rows = []
    for least, most in ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        some = [one for one in looked if one["task"] and least <= one["confidence"] < most]
        if some:
            mean = sum(one["confidence"] for one in some) / len(some)
            rows.append({"cards": len(some), "said": round(mean, 2), "right": _figures(some)["accuracy_answered"]})
    return rows


def judged(index: Path) -> list[dict[str, Any]]:
    cards = json.loads(index.read_text("utf-8"))["cards"]
    return [_judge(card, analyse(Source(card=(index.parent / card["file"]).read_bytes()))) for card in cards]


def _judge(card: dict[str, Any], facts: CardFacts) -> dict[str, Any]:
    """A statement is named by a blocker of one of its kinds; a blocker is false when no statement is of its kind."""
    expected = card["expected"]
    statements = {
        said: {kind for kind, words in KINDS.items() if re.search(words, said, re.I)} for said in expected["blockers"]
    }
    found = [blocker.kind for blocker in facts.blockers]
    named = [said for said, kinds in statements.items() if kinds & set(found)]
    beyond = [said for said in statements if said not in named and BEYOND_THE_CARD.search(said)]
    return {
        "id": card["id"],
        "task": _agrees(facts.task, expected["pipeline_tag"]),
        "license": _agrees(facts.license, expected["license"]),
        "library": _agrees(facts.library, expected["library"]),
        "blockers": found,
        "right": named,
        "missing": [said for said in statements if said not in (*named, *beyond)],
        "beyond_the_card": beyond,
        "false": [kind for kind in found if not any(kind in kinds for kinds in statements.values())],
    }


def _agrees(said: str | None, expected: str) -> str:
    """`right`, or what was said in place of what. The judgement begins with the name, or says that there is none."""
    first = re.split(r"[\s(;,]", expected.strip())[0]
    alternatives = {first, *first.split("/"), *expected.split(" ")[0].split("/")}
    wanted = None if first in ("none", "unknown", "custom", "see") else first
    right = said is None if wanted is None else said in alternatives
    return "right" if right else f"{said}, not {wanted}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, metavar="FILE")
    parser.add_argument("--judged", type=Path, metavar="INDEX")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.gold is None and options.judged is None:
        parser.error("give --gold FILE or --judged INDEX")
    result: dict[str, Any] = {}
    if options.gold is not None:
        result |= gold(options.gold)
    if options.judged is not None:
        result["judged"] = judged(options.judged)
    print(json.dumps(result, ensure_ascii=False) if options.json else "\n".join(_told(result)))
    return 0


def _told(result: dict[str, Any]) -> list[str]:
    lines = [
        f"{key}: {value}" for key, value in result.items() if key not in ("confusion", "confidence", "halves", "judged")
    ]
    lines += [f"half {name}: {figures}" for name, figures in result.get("halves", {}).items()]
    lines += [
        f"confidence {row['said']}: right {row['right']} of {row['cards']}" for row in result.get("confidence", ())
    ]
    lines += [f"{row['times']:3}  {row['wanted']} taken for {row['said']}" for row in result.get("confusion", ())]
    for row in result.get("judged", ()):
        lines.append(f"{row['id']}: task {row['task']}; licence {row['license']}; library {row['library']}")
        lines.append(f"   blockers {', '.join(row['blockers']) or 'none'}; {len(row['right'])} right")
        lines += [f"   {what}: {said}" for what in ("missing", "beyond_the_card", "false") for said in row[what]]
    return lines


if __name__ == "__main__":
    sys.exit(main())
