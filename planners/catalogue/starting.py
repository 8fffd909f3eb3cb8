"""What an action may start from, likeliest first, and which kinds would do as its result."""

from collections.abc import Sequence

from core.nouns import Kind
from planners.catalogue.actions import Action
from planners.catalogue.goal_reading import Reading
from planners.catalogue.sources import Source, fits

MEDIA: tuple[Kind, ...] = ("audio", "image", "model3d", "video")
PROMPT = Source(kind="text")


def tiers(action: Action, made: Sequence[Source], attached: Sequence[Source], reading: Reading) -> list[list[Source]]:
    """Sources in the order they are tried. `made` is what earlier actions gave, newest first."""
    there = [*attached, *made] if action.attached else [*made, *attached]
    of_kind = [source for source in there if any(fits(source.kind, kind) for kind in action.takes)]
    said = bool(action.quotations)
    if action.takes:
        textual = "text" in action.takes and (said or not action.attached)
        order = [PROMPT, *of_kind] if textual and said else [*of_kind, *([PROMPT] if textual else [])]
        if action.role == "produce" and not action.attached:
            order += [source for source in (PROMPT, *there) if source not in order]
        elif not action.attached or of_kind:
            order += [source for source in there if source not in order]
        return [[source] for source in order]
    if action.refers:
        return [[source] for source in (*there, *([PROMPT] if said else []))]
    if action.role == "produce" or said:
        return [[PROMPT], *([source] for source in there)]
    return [*([source] for source in there), [PROMPT]]


def wanted_kinds(action: Action, starts: Sequence[Source]) -> list[tuple[Kind, ...]]:
    """Sets of kinds that would do, best first. An empty set takes anything."""
    if action.makes:
        return [action.makes]
    same = tuple(source.kind for source in starts if source.place is not None)
    match action.role:
        case "edit" | "convert":
            return [same, ()] if same else [()]
        case "produce":
            return [same, ()] if same else [()] if action.takes else [MEDIA]
    return [()]
