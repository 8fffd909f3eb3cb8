"""Where an endpoint can take in what came before."""

from collections.abc import Sequence

from core.nouns import FILE_KINDS, Parameter
from planners.catalogue.filling import prompts_first
from planners.catalogue.offers import Offer
from planners.catalogue.sources import Source, fits, is_demo


def entrance(offer: Offer, before: Source, pool: Sequence[Source]) -> Parameter | None:
    """The parameter that takes what came before, if every other required one can be fed too."""
    endpoint = offer.endpoint
    fitting = [
        p for p in endpoint.parameters if fits(before.kind, p.kind) and not (p.kind == "json" and not p.required)
    ]
    if before.kind == "text":
        fitting = prompts_first(fitting)
    needed = [p for p in endpoint.parameters if p.kind in FILE_KINDS and (p.required or is_demo(p))]
    if before.kind in FILE_KINDS:
        fitting.sort(key=lambda p: (p not in needed, p.kind != before.kind))
    for parameter in fitting[:1]:
        open_files = [p for p in needed if p is not parameter]
        if fed(open_files, pool) and not any(unfillable(p) for p in endpoint.parameters if p is not parameter):
            return parameter
    return None


def fed(parameters: Sequence[Parameter], pool: Sequence[Source]) -> bool:
    """Whether each of these file parameters finds something of its kind that no other one takes."""
    free = list(pool)
    for parameter in parameters:
        found = next((source for source in free if fits(source.kind, parameter.kind)), None)
        if found is None:
            return False
        free.remove(found)
    return True


def unfillable(parameter: Parameter) -> bool:
    """A required parameter that nothing in a goal can fill."""
    return parameter.required and parameter.kind in ("json", "table", "html") and parameter.default is None
