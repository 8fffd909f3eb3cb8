"""Why a part of a goal cannot be done, in one line that names the part and what is missing."""

from collections.abc import Sequence

from core.nouns import FILE_KINDS, Goal, Kind, Space
from planners.catalogue.actions import Action
from planners.catalogue.lexicon import KIND_NAMES, PRODUCING
from planners.catalogue.offers import Offer, audio_family, spoken_of
from planners.catalogue.paths import PathFinder
from planners.catalogue.sources import Source, fits
from planners.catalogue.words import content, stem, tokens


def explain(
    action: Action,
    offers: Sequence[Offer],
    finder: PathFinder,
    made: Sequence[Source],
    goal: Goal,
    blocked: Sequence[tuple[Space, str]],
) -> str:
    """Names the words that cannot be done, and what the catalogue would have to have."""
    part = action.text if len(action.text) <= 80 else f"{action.text[:79]}…"
    there = {artifact.kind for artifact in goal.attachments} | {source.kind for source in made}
    absent = [kind for kind in action.takes if kind in FILE_KINDS and not any(fits(other, kind) for other in there)]
    missing = _missing(action, offers, finder)
    if absent and action.attached:
        also = f"; and {missing}" if missing and not action.makes else ""
        return f"'{part}' needs {KIND_NAMES[absent[0]]}, and the goal has none attached{also}"
    closed = "".join(f"; {space.id} may, but {why}" for space, why in blocked if _concerns(action, space))
    return f"nothing in the catalogue can do '{part}': {missing or _no_way(action, there)}{closed}"


def _concerns(action: Action, space: Space) -> bool:
    """Whether the Space says of itself that it does what this part asks for."""
    spoken = dict.fromkeys(content(f"{space.title} {space.description}"), 1.0)
    kinds = {word for kind in action.makes for word in content(KIND_NAMES[kind])}
    verb = {stem(action.verb)} if action.verb and action.verb not in PRODUCING else set()
    return any(spoken_of(word, spoken) for word in {*action.media, *kinds, *verb})


def _missing(action: Action, offers: Sequence[Offer], finder: PathFinder) -> str:
    makers = [
        offer
        for offer in offers
        for output in offer.endpoint.outputs
        if not action.makes or output.kind in action.makes
    ]
    if action.makes and not makers:
        return f"no Space in it makes {KIND_NAMES[action.makes[0]]}"
    kind: Kind = action.makes[0] if action.makes else "text"
    sound = audio_family((*action.media, *action.words, stem(action.verb)))
    if kind == "audio" and sound and not any(offer.family in ("", sound) for offer in makers):
        return f"no Space in it makes {sound}"
    lacking = finder.lacking(action, makers, kind)
    written = {stem(word): word for word in reversed(tokens(action.text))}
    names = [f"'{written.get(stem(word), word)}'" for word in lacking if word]
    return f"no Space in it speaks of {' or '.join(names)}" if names else ""


def _no_way(action: Action, there: set[Kind]) -> str:
    makes = KIND_NAMES[action.makes[0]] if action.makes else "what is asked for"
    given = [KIND_NAMES[kind] for kind in (action.takes or tuple(sorted(there)) or ("text",))]
    return f"no Space in it turns {' or '.join(given)} into {makes}"
