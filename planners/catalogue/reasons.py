"""Why it is this plan, in plain words."""

from collections.abc import Iterable, Sequence

from core.checks import Check
from planners.catalogue.actions import Action
from planners.catalogue.goal_reading import Reading
from planners.catalogue.lexicon import KIND_NAMES
from planners.catalogue.links import Link
from planners.catalogue.paths import SPOKEN, PathFinder
from planners.catalogue.words import stem, tokens

_BOUNDS = {
    "min_faces": "at least {:,} faces",
    "max_faces": "at most {:,} faces",
    "min_texture_px": "textures of at least {} px",
    "max_texture_px": "textures of at most {} px",
    "min_seconds": "at least {} seconds",
    "max_seconds": "at most {} seconds",
    "min_rate": "at least {} Hz",
    "min_words": "at least {} words",
    "max_words": "at most {} words",
    "min_width": "at least {} px wide",
    "min_height": "at least {} px high",
}


def what_was_understood(reading: Reading) -> list[str]:
    asked = [", ".join(KIND_NAMES[kind] for kind in action.makes) or f"'{action.text}'" for action in reading.actions]
    reasons = [f"The goal asks for {'; then '.join(asked)}."]
    if reading.items:
        reasons.append(f"It names {len(reading.items)}: {', '.join(reading.items)}.")
    if reading.items and reading.announced not in (None, len(reading.items)):
        reasons.append(f"It announces {reading.announced} and names {len(reading.items)}; what is named is made.")
    if reading.copies > 1:
        reasons.append(f"It asks for {reading.copies} and names none, so {reading.copies} different ones are made.")
    if reading.denied:
        reasons.append(f"It must have no {' and no '.join(reading.denied)}.")
    return reasons


def why_these(action: Action, links: Sequence[Link], finder: PathFinder, text: str) -> list[str]:
    """One line for each Space: what of the goal it speaks of. One more for what none of them does."""
    reasons: list[str] = []
    spoken: set[str] = set()
    words = [word for word, _ in finder.weights(action)]
    for link in links:
        covered = [word for word in words if link.offer.speaks_of(word) >= SPOKEN]
        new = _as_written([word for word in covered if word not in spoken], text)
        spoken |= set(covered)
        because = f"it speaks of {', '.join(new)}" if new else "its input and output fit"
        taken = KIND_NAMES[link.parameter.kind] if link.parameter else "nothing"
        reasons.append(f"{link.offer.space.id} makes {KIND_NAMES[link.kind]} from {taken}: {because}.")
        if finder.off_subject(action, link):
            reasons.append(f"{link.offer.space.id} makes things of its own sort; nothing nearer was found.")
    left = _as_written([word for word in words if word not in spoken], text)
    return [*reasons, f"Only the prompt carries: {', '.join(left)}."] if left else reasons


def what_is_expected(name: str, checks: Iterable[Check]) -> list[str]:
    """The bounds that the checks set beyond soundness."""
    values = [item for check in checks for item in check.model_dump(exclude_unset=True).items()]
    bounds = [_BOUNDS[key].format(value) for key, value in values if key in _BOUNDS]
    return [f"Expected of {name}: {', '.join(bounds)}."] if bounds else []


def _as_written(stems: Sequence[str], text: str) -> list[str]:
    """The goal's own words for these stems."""
    written = {stem(word): word for word in reversed(tokens(text))}
    return [written.get(word, word) for word in stems]
