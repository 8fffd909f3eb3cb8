"""Which task the clues speak for, and how surely."""

from collections import defaultdict
from collections.abc import Iterable

from core.factory import Evidence
from tools.cards.clues import Clue
from tools.cards.tasks import KIN

LEAST = 0.3
"""A score below this is no answer: such guesses are wrong more often than not."""

WORDS_TOGETHER = 0.75
"""However many words are found, they do not outweigh one plain statement."""


def choose(found: Iterable[Clue]) -> tuple[str | None, float, Evidence | None]:
    """The task, the confidence in it from 0 to 1, and the best evidence for it; None where nothing speaks.

    The clues for a task add up as independent witnesses do: one minus the product of what each leaves open.
    """
    best = _best(found)
    for rule in ("stated", "hub"):
        # What somebody plainly says is believed, and not weighed against the rest.
        for task, rules in best.items():
            if rule in rules:
                return task, 0.97, rules[rule].evidence
    scores = {task: _score(rules) for task, rules in best.items()}
    if not scores:
        return None, 0.0, None
    for narrow, wide in KIN:
        if narrow in scores and wide in scores and scores[narrow] >= 0.6 * scores[wide]:
            # What speaks for the wider task speaks for the narrower one too.
            scores[narrow] = max(scores[narrow], 1 - (1 - scores[narrow]) * (1 - 0.5 * scores[wide]))
            scores[wide] = min(scores[wide], 0.95 * scores[narrow])
    task = max(scores, key=lambda name: (scores[name], name))
    if scores[task] < LEAST:
        return None, 0.0, None
    rival = max((score for name, score in scores.items() if name != task), default=0.0)
    evidence = max(best[task].values(), key=lambda clue: clue.weight).evidence
    return task, round(_confidence(scores[task], rival), 2), evidence


def _best(found: Iterable[Clue]) -> dict[str, dict[str, Clue]]:
    best: dict[str, dict[str, Clue]] = defaultdict(dict)
    for clue in found:
        before = best[clue.task].get(clue.rule)
        if before is None or clue.weight > before.weight:
            best[clue.task][clue.rule] = clue
    return best


def _score(rules: dict[str, Clue]) -> float:
    open_, words = 1.0, 1.0
    for rule, clue in rules.items():
        if rule.startswith("words"):
            words *= 1 - clue.weight
        else:
            open_ *= 1 - clue.weight
    return 1 - open_ * max(words, 1 - WORDS_TOGETHER)


def _confidence(score: float, rival: float) -> float:
    """Calibrated roughly: how far the answer stands above the next best, and above nothing."""
    lead = (1 - rival) / (1 - rival + 1 - score + 1e-9)
    return min(0.95, score * (0.45 + 0.55 * lead))
