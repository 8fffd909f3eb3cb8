"""The lists of models, datasets and Spaces: which are meant, in which order, and what is said of each."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from localhub import hub, refusal
from localhub.bodies import is_true
from localhub.repositories import access, card, cards, paging
from localhub.repositories.cards import Subject

PAGE = 1000

ORDERS: dict[str, Callable[[Subject], Any]] = {
    "createdAt": lambda of: of.repository.created,
    "lastModified": lambda of: of.head.date,
    "likes": lambda of: len(of.repository.likes),
    "likes30d": lambda of: len(of.repository.likes),
    "downloads": lambda of: 0,
    "trendingScore": lambda of: len(of.repository.likes),
    "mainSize": Subject.size,
    "num_parameters": lambda of: parameters(of) or 0,
    "id": lambda of: of.repository.id,
}

SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMBT]?)", re.IGNORECASE)
UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


async def list_all(request: Request) -> Response:
    local, query, kind = hub.of(request), request.query_params, hub.kind_of(request)
    user = local.users.reading(request.headers)
    keys = keys_of(kind, query)
    subjects = [
        subject
        for repository in local.repositories.all(kind)
        if hub.visible(user, repository)
        and fits(subject := Subject(local, repository, local.repositories.revision(repository, "main")), query)
    ]
    rows, more = paging.cut(request, ordered(subjects, query), PAGE)
    return paging.respond(request, [await cards.told(subject, keys) for subject in rows], more)


def keys_of(kind: str, query: QueryParams) -> set[str]:
    if expand := query.getlist("expand") + query.getlist("expand[]"):
        return cards.checked(kind, expand)
    keys = cards.FULL[kind] if is_true(query.get("full")) else cards.LISTED[kind]
    more = {"cardData"} if is_true(query.get("cardData")) else set()
    return keys | more | ({"config"} if kind == "model" and is_true(query.get("config")) else set())


def ordered(subjects: Iterable[Subject], query: QueryParams) -> list[Subject]:
    """By the likes when no order is asked for; equals stay in the order of their names."""
    sort = query.get("sort") or "trendingScore"
    if sort not in ORDERS:
        raise refusal.bad_request(f"sort does not know {sort[:80]!r}; it knows {', '.join(ORDERS)}")
    return sorted(subjects, key=ORDERS[sort], reverse=query.get("direction", "-1") != "1")


def fits(of: Subject, query: QueryParams) -> bool:
    """Whether a repository answers to every condition of a list's query."""
    kind, repository = of.repository.kind, of.repository
    text = f"{repository.id} {of.facts.get('title', '')}".lower()
    named = (
        all(part.lower() in text for part in query.getlist("search"))
        and query.get("author") in (None, "", repository.namespace)
        and gate_fits(of, query.get("gated"))
    )
    if not named:
        return False
    wanted = {part for value in query.getlist("filter") + query.getlist("tags") for part in value.split(",")}
    if not wanted <= {*of.tags, repository.id, ""}:
        return False
    return model_fits(of, query) if kind == "model" else kind != "space" or space_fits(of, query)


def gate_fits(of: Subject, wanted: str | None) -> bool:
    if wanted in (None, ""):
        return True
    return (
        bool(of.repository.gated) == is_true(wanted)
        if wanted not in ("auto", "manual")
        else (of.repository.gated == access.gate_of(wanted))
    )


def model_fits(of: Subject, query: QueryParams) -> bool:
    """Nothing here is served for inference, and no app is known to use a model: who asks for that gets none."""
    if query.get("inference") or query.get("inference_provider") or query.get("apps"):
        return False
    if query.get("pipeline_tag") not in (None, "", of.model.pipeline_tag()):
        return False
    return within(of, query.get("num_parameters"))


def space_fits(of: Subject, query: QueryParams) -> bool:
    linked = {name: set(card.strings(of.facts, name)) for name in ("models", "datasets")}
    if is_true(query.get("linked")) and not any(linked.values()):
        return False
    return all(set(query.getlist(name)) <= linked[name] for name in linked)


def parameters(of: Subject) -> int | None:
    found = cards.MODEL["safetensors"](of) if of.repository.kind == "model" else None
    return int(found["total"]) if found else None


def within(of: Subject, wanted: str | None) -> bool:
    """Whether a model's parameters lie in a range such as `min:0.6B,max:6B`."""
    if not wanted:
        return True
    bounds = dict(bound(part) for part in wanted.split(","))
    count = parameters(of)
    return count is not None and bounds.get("min", 0) <= count <= bounds.get("max", float("inf"))


def bound(part: str) -> tuple[str, float]:
    name, _, size = part.strip().partition(":")
    match = SIZE.fullmatch(size)
    if name not in ("min", "max") or not match or len(size) > 20:
        raise refusal.bad_request(f"{part[:80]!r} is not a bound for num_parameters, such as min:0.6B or max:6B")
    return name, float(match[1]) * UNITS[match[2].upper()]
