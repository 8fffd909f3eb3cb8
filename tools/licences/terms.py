"""What a whole chain allows: the union of duties, the least of the permissions, and unknown stays unknown.

A model's licence does not by itself settle who owns an output. This says what was stated, by whom, and what follows
from it when it is taken to reach the output.
"""

from collections.abc import Iterable, Iterator, Sequence

from core.nouns import Artifact, Frozen, Licensed
from tools.licences.table import Answer, License, find

STRICTNESS: tuple[Answer, ...] = ("no", "unknown", "conditional", "yes")
"""The first of these that anything in the chain says is the chain's."""


class Terms(Frozen):
    """What may be done with something, and what has to be done for it."""

    commercial: Answer
    reason: str
    """Why, with the names of those that decide it."""
    duties: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """What cannot be kept at the same time, or forbids what a chain does."""
    licensed: tuple[Licensed, ...] = ()

    def __str__(self) -> str:
        return f"commercial use: {self.commercial}, {self.reason}"


def terms(licensed: Iterable[Licensed]) -> Terms:
    """The terms of something that all of these took part in making."""
    parts = tuple(dict.fromkeys(licensed))
    if not parts:
        return Terms(commercial="unknown", reason="because nothing is known of what made it")
    answer = min((_commercial(part) for part in parts), key=STRICTNESS.index)
    deciding = [part for part in parts if _commercial(part) == answer]
    return Terms(
        commercial=answer,
        reason=_reason(answer, deciding),
        duties=tuple(dict.fromkeys(_duties(parts))),
        conflicts=tuple(_conflicts(parts)),
        licensed=parts,
    )


def chain(artifacts: Sequence[Artifact], everything: Iterable[Artifact]) -> tuple[Licensed, ...]:
    """Everybody who took part in these artifacts and in whatever they were made from, nearest first."""
    known = {artifact.sha256: artifact for artifact in everything}
    waiting, seen, found = list(artifacts), set[str](), list[Licensed]()
    while waiting:
        artifact = waiting.pop(0)
        if artifact.sha256 in seen:
            continue
        seen.add(artifact.sha256)
        found += artifact.origin.licensed
        waiting += [known[sha256] for sha256 in artifact.origin.inputs if sha256 in known]
    return tuple(dict.fromkeys(found))


def _commercial(part: Licensed) -> Answer:
    license = find(part.license)
    return license.commercial if license else "unknown"


def _reason(answer: Answer, deciding: Sequence[Licensed]) -> str:
    if answer == "yes":
        return "because every licence along the way allows it"
    return "because " + " and ".join(_says(part) for part in deciding[:3]) + (" and others" if deciding[3:] else "")


def _says(part: Licensed) -> str:
    if part.license is None:
        return f"{part.what} states no licence"
    return f"{part.what} is {part.license}"


def _duties(parts: Sequence[Licensed]) -> Iterator[str]:
    for part in parts:
        license = find(part.license)
        if license is None or not _reaches(part, license):
            continue
        if license.credit:
            yield f"credit {part.what} ({license.id})"
        if license.use_policy:
            yield f"pass on the use policy of {part.what} ({license.id})"
        if license.share_alike:
            yield f"give on under {license.id}, as {part.what} asks"
        if license.commercial == "conditional":
            yield f"read the conditions of {part.what} ({license.id})"


def _conflicts(parts: Sequence[Licensed]) -> Iterator[str]:
    bound = [
        (part, license)
        for part in parts
        if (license := find(part.license)) is not None and license.share_alike and _reaches(part, license)
    ]
    if len({license.id for _, license in bound}) > 1:
        yield (
            " and ".join(_says(part) for part, _ in bound)
            + ": each asks that the whole is given on under its own terms"
        )
    for part in parts:
        license = find(part.license)
        if license is not None and not license.changes and _reaches(part, license):
            yield f"{_says(part)}, which allows no changed works, and a chain changes what goes in"


def _reaches(part: Licensed, license: License) -> bool:
    """Whether the licence of this part has something to say about the output."""
    return license.outputs or license.use_policy or part.role == "content"
