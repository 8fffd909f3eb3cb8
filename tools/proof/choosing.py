"""Which endpoint does the model's work, when nobody says."""

import re
from collections.abc import Sequence

from core.errors import EndpointMissing
from core.nouns import Endpoint, Space

ACTS = re.compile(
    r"generat|infer|predict|run|process|classif|detect|segment|transcri|translat|summar|answer|embed|tag|caption|chat"
    r"|estimate|synthes|create|make|render|recogni|extract|analy|complete|write|paint|draw",
    re.I,
)
ASIDE = re.compile(
    r"health|ping|status|example|clear|reset|update|toggle|random|lambda|change|load|stop|cancel|like|vote", re.I
)


def chosen(space: Space, wanted: str | None) -> Endpoint:
    """The endpoint of that name, or the one that most looks like the model's work. Raises EndpointMissing."""
    if wanted is not None:
        found = space.endpoint(wanted) or space.endpoint(f"/{wanted.strip('/')}")
        if found is None:
            offers = ", ".join(endpoint.name for endpoint in space.endpoints[:20]) or "nothing"
            raise EndpointMissing(f"{space.id} has no endpoint '{wanted}'; it offers {offers}")
        return found
    able = _able(space.endpoints)
    if not able:
        raise EndpointMissing(f"{space.id} has no endpoint that takes something and gives something")
    return max(able, key=_weight)


def _able(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    return [endpoint for endpoint in endpoints if endpoint.parameters and endpoint.outputs]


def _weight(endpoint: Endpoint) -> tuple[float, ...]:
    said = endpoint.name
    outputs = {output.kind for output in endpoint.outputs}
    files = bool(outputs & {"image", "audio", "video", "model3d"})
    return (
        -2.0 * bool(ASIDE.search(said)) + bool(ACTS.search(said)) + files,
        float(len(endpoint.parameters)),
        float(len(endpoint.outputs)),
    )
