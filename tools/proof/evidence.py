"""What the outputs say against a model being at work: each finding is one line; none is no proof by itself.

Compared are answers to inputs that lie far apart, to the same input again, and to inputs that mean the same and
differ in bytes. What is asked depends on the kind of output: classes must survive a change that means nothing,
pictures must not be noise or what was given, texts must not be the input in a frame.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.nouns import FILE_KINDS
from tools.proof.inputs import Role
from tools.proof.sight import Pixels, Sight, canonical, figures, label, strings

LIKE = 2.5
"""Mean difference of colours, of 255, below which two pictures show the same."""
NOISE = 0.35
RICH = 6
"""Words, or numbers, from which on two answers are not the same by chance."""


@dataclass(frozen=True)
class Seen:
    """One trial that gave something."""

    role: Role
    subject: int
    texts: tuple[str, ...]
    """The words that went in."""
    given: tuple[Sight, ...]
    """The files that went in."""
    outputs: tuple[Sight, ...]

    @property
    def telling(self) -> tuple[Sight, ...]:
        """Files where there are any: a caption beside a picture may repeat the prompt."""
        files = tuple(sight for sight in self.outputs if sight.kind in FILE_KINDS)
        return files or self.outputs


def findings(trials: Sequence[Seen], seeded: bool) -> Iterator[str]:
    """What speaks against it, the plainest first."""
    far = [trial for trial in trials if trial.role == "far"]
    if len(far) < 2:
        yield "fewer than two different inputs were answered, so nothing shows that the answer depends on the input"
        return
    yield from _noise(far)
    yield from _given_back(far)
    yield from _constant(far)
    yield from _framed(far)
    again = next((trial for trial in trials if trial.role == "again"), None)
    first = next((trial for trial in far if again is not None and trial.subject == again.subject), None)
    if again is not None and first is not None:
        yield from _unsteady(first, again, far, seeded)
    elif seeded or not all(_prose(trial) for trial in far):
        yield "no input was answered twice, so nothing shows what it owes to chance"
    near = [(one, other) for one in far for other in trials if other.role == "near" and other.subject == one.subject]
    yield from _jumpy(near, far)


def _noise(far: Sequence[Seen]) -> Iterator[str]:
    grains = [s.grain for t in far for s in t.telling if s.grain is not None and s.kind in ("image", "video")]
    if grains and max(grains) < NOISE:
        yield f"its pictures are noise: neighbouring pixels agree by {max(grains):.2f} of 1"


def _constant(far: Sequence[Seen]) -> Iterator[str]:
    pairs = [(one, other, _same(one, other)) for one, other in combinations(far, 2)]
    alike = [(one, other) for one, other, same in pairs if same]
    if len(alike) == len(pairs):
        yield f"the same answer to {len(far)} different inputs"
    elif any(_rich(one) for one, _ in alike):
        yield "two different inputs got the very same answer, as if taken from a few that are stored"


def _rich(trial: Seen) -> bool:
    return any(
        sight.kind in FILE_KINDS
        or len(sight.words) >= RICH
        or (label(sight.value) is None and len(set(figures(sight.value))) >= RICH)
        for sight in trial.telling
    )


def _same(one: Seen, other: Seen) -> bool:
    pairs = list(zip(one.telling, other.telling, strict=False))
    return len(one.telling) == len(other.telling) and all(_alike(left, right) for left, right in pairs)


def _alike(left: Sight, right: Sight) -> bool:
    if left.sha256 == right.sha256:
        return True
    if left.kind in ("image", "video") and left.small is not None and right.small is not None:
        return apart(left.small, right.small) < LIKE / 2
    numbers, others = figures(left.value), figures(right.value)
    if numbers and len(numbers) == len(others) and list(strings(left.value)) == list(strings(right.value)):
        return bool(np.allclose(numbers, others, rtol=1e-4, atol=1e-6))
    return left.value is not None and canonical(left.value) == canonical(right.value)


def apart(one: Pixels, other: Pixels) -> float:
    """Mean difference of two small pictures, of 255."""
    return float(np.abs(one - other).mean())


def _given_back(far: Sequence[Seen]) -> Iterator[str]:
    """Its own input, most of the time: as it was, turned, mirrored, negative or in grey; or its own words."""
    found = [change for trial in far if (change := _returned(trial)) is not None]
    if 2 * len(found) > len(far):
        yield f"it gives back what it was given{found[0]}"


def _returned(trial: Seen) -> str | None:
    for output in trial.telling:
        for given in trial.given:
            change = _change(given, output)
            if change is not None and not _larger(output, given):
                return change
        text = _plain(output.value) if isinstance(output.value, str) else ""
        for words in map(_plain, trial.texts):
            if len(words) <= 8 or len(words) != len(text):
                continue
            if text == words:
                return ""
            if sorted(text) == sorted(words):
                return ", backwards" if text == words[::-1] else ", in another order"
    return None


def _change(given: Sight, output: Sight) -> str | None:
    if given.sha256 == output.sha256:
        return ""
    if given.small is None or output.small is None or given.kind != output.kind or given.kind != "image":
        return None
    for turns in range(4):
        turned = np.rot90(given.small, turns)
        for mirrored, name in ((turned, ""), (turned[:, ::-1], ", mirrored")):
            turn = f", turned by {90 * turns} degrees" if turns else ""
            grey = np.repeat(mirrored.mean(axis=2, keepdims=True), 3, axis=2)
            for changed, word in ((mirrored, ""), (255 - mirrored, ", as a negative"), (grey, ", in grey")):
                if apart(changed, output.small) < LIKE:
                    return f"{turn}{name}{word}"
    return None


def _larger(output: Sight, given: Sight) -> bool:
    """A picture of more pixels is work: that is what enlarging is."""
    sizes = [float(str((sight.facts or {}).get("width") or 0)) for sight in (output, given)]
    return sizes[0] > 1.3 * sizes[1]


def _plain(value: str) -> str:
    return re.sub(r"[^\w]+", "", value.lower())


def _framed(far: Sequence[Seen]) -> Iterator[str]:
    """The input's words in a frame that is always the same: nothing in the answer is new."""
    answers = [(sight.value, trial.texts) for trial in far for sight in trial.telling if isinstance(sight.value, str)]
    if len(answers) < 2 or not all(texts for _, texts in answers):
        return
    frames = {_frame(value, texts) for value, texts in answers}
    if len(frames) == 1 and "\0" in next(iter(frames)):
        yield "its answer is a fixed text with the input put into it"
        return
    common = set.intersection(*(set(re.findall(r"\w+", value.lower())) for value, _ in answers))
    for value, texts in answers:
        said, given = set(re.findall(r"\w+", value.lower())), set(re.findall(r"\w+", " ".join(texts).lower()))
        if len(given) < RICH or not given <= said or said - given - common:
            return
    yield "its answers hold the input's words and a fixed frame, and nothing else"


def _frame(value: str, texts: Sequence[str]) -> str:
    frame = value.lower()
    for text in texts:
        frame = frame.replace(text.lower(), "\0").replace(text.lower().rstrip(".!?"), "\0")
    return frame


def _unsteady(first: Seen, again: Seen, far: Sequence[Seen], seeded: bool) -> Iterator[str]:
    if _same(first, again):
        return
    pictures = [s for s in first.telling if s.small is not None]
    if pictures:
        within = _distance(first, again)
        between = float(np.mean([_distance(one, other) for one, other in combinations(far, 2)]))
        if within > between * (0.5 if seeded else 0.75):
            by = " with the same seed" if seeded else ""
            sizes = f"{within:.0f} to {between:.0f} of 255"
            yield f"the same input{by} gives pictures as different as other inputs do ({sizes})"
    elif seeded:
        yield "the same input with the same seed gives another answer"
    elif not _prose(first):
        yield "the same input gives another answer each time, as if drawn by lot"


def _prose(trial: Seen) -> bool:
    """Free text, which may be told in other words each time."""
    return any(len(text.split()) >= RICH for sight in trial.telling for text in strings(sight.value))


def _distance(one: Seen, other: Seen) -> float:
    pairs = zip(one.telling, other.telling, strict=False)
    found = [apart(a.small, b.small) for a, b in pairs if a.small is not None and b.small is not None]
    return float(np.mean(found)) if found else 0.0


def _jumpy(near: Sequence[tuple[Seen, Seen]], far: Sequence[Seen]) -> Iterator[str]:
    """Classes and numbers that change with what means nothing were not computed from the meaning."""
    classes = [(_label(one), _label(other)) for one, other in near]
    told = [(one, other) for one, other in classes if one is not None and other is not None]
    if len(told) >= 2 and 2 * sum(one != other for one, other in told) > len(told):
        yield "a change of the input that means nothing changes the class it names, as a hash would"
        return
    moved = [_moved(one, other) for one, other in near]
    spread = [_moved(one, other) for one, other in combinations(far, 2)]
    steps, widths = [m for m in moved if m is not None], [s for s in spread if s is not None]
    if not told and len(steps) >= 2 and widths and float(np.median(steps)) > 0.7 * float(np.mean(widths)):
        yield "a change of the input that means nothing changes its numbers as much as another input does"


def _label(trial: Seen) -> str | None:
    return next((found for sight in trial.telling if (found := label(sight.value)) is not None), None)


def _moved(one: Seen, other: Seen) -> float | None:
    """How far apart two answers in numbers lie; None when they are no rows of the same length."""
    left = [number for sight in one.telling for number in figures(sight.value)]
    right = [number for sight in other.telling for number in figures(sight.value)]
    if not left or len(left) != len(right):
        return None
    return float(np.abs(np.array(left) - np.array(right)).mean())
