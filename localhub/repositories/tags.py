"""`/api/{models,datasets}-tags-by-type`: every tag that a repository here has, in the Hub's groups.

The real Hub lists all tags that it knows, with labels written for many of them; here a label follows from its tag.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.repositories.cards import Subject
from localhub.repositories.repository import Repository

TYPES = {
    "model": ("pipeline_tag", "library", "dataset", "language", "license", "other", "region"),
    "dataset": ("task_categories", "size_categories", "language", "license", "task_ids", "other", "region"),
}
MORE = {"annotations_creators", "language_creators", "multilinguality", "source_datasets"}
"""Of data sets: groups of their own, if there is such a tag."""


async def models(request: Request) -> Response:
    return await by_type(request, "model")


async def datasets(request: Request) -> Response:
    return await by_type(request, "dataset")


async def by_type(request: Request, kind: str) -> Response:
    """All groups, or the one that `type` names."""
    local = hub.of(request)
    user = local.users.reading(request.headers)
    seen = [one for one in local.repositories.all(kind) if hub.visible(user, one)]
    found = await asyncio.to_thread(groups, local, kind, seen)
    wanted = request.query_params.get("type")
    if wanted and wanted not in found:
        raise refusal.bad_request(f"there are no tags of the type {wanted[:80]!r}; there are {', '.join(found)}")
    return JSONResponse({wanted: found[wanted]} if wanted else found)


def groups(local: hub.Hub, kind: str, repositories: Iterable[Repository]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, set[str]] = {type: set() for type in TYPES[kind]}
    for repository in repositories:
        subject = Subject(local, repository, local.repositories.revision(repository, "main"))
        for tag in subject.tags:
            found.setdefault(type_of(tag, subject), set()).add(tag)
    return {type: [told(type, tag) for tag in sorted(tags)] for type, tags in found.items()}


def type_of(tag: str, subject: Subject) -> str:
    """By the word in front of a tag, or by what the card says it is; anything else is `other`."""
    kind = subject.repository.kind
    front, colon, _ = tag.partition(":")
    if colon and front in {*TYPES[kind], *(MORE if kind == "dataset" else ())}:
        return front
    if kind == "dataset":
        return "other"
    if tag == subject.model.pipeline_tag():
        return "pipeline_tag"
    if tag in subject.model.libraries():
        return "library"
    return "language" if tag in subject.model.languages() else "other"


def told(type: str, tag: str) -> dict[str, Any]:
    """A tag with a word in front is shown without it, and a task as it is read."""
    front, colon, rest = tag.partition(":")
    name = rest if colon and front == type else tag
    label = name.replace("-", " ").title() if type in ("pipeline_tag", "task_categories") else name
    return {"id": tag, "label": label, "type": type}
