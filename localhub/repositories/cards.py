"""What the API says of a repository: the answers of /api/{models,datasets,spaces}/{id} and of the lists."""

from typing import Any

from localhub import refusal
from localhub.hub import Hub
from localhub.people.identity import object_id
from localhub.repositories import card
from localhub.repositories.repository import Commit, Repository

PREFIXES = {"model": "", "dataset": "datasets/", "space": "spaces/"}


def address(hub: Hub, repository: Repository) -> str:
    return f"{hub.endpoint}/{PREFIXES[repository.kind]}{repository.id}"


def front_matter(hub: Hub, commit: Commit) -> dict[str, Any]:
    """The card, empty when it cannot be read: a broken README must not hide its repository."""
    try:
        return card.read(hub.repositories.read(commit, "README.md"))
    except card.CardError:
        return {}


def describe(hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> dict[str, Any]:
    """What all three kinds have in common, and what a model or dataset has besides."""
    facts = front_matter(hub, commit)
    head = hub.repositories.revision(repository, "main")
    description = {
        "_id": object_id(repository.kind, repository.id, repository.created),
        "id": repository.id,
        "author": repository.namespace,
        "sha": commit.sha,
        "private": repository.private,
        "gated": False,
        "disabled": False,
        "createdAt": repository.created,
        "lastModified": head.date,
        "likes": 0,
        "downloads": 0,
        "trendingScore": 0,
        "tags": card.tags(facts, repository.kind),
        "cardData": facts,
        "siblings": siblings(commit, sizes),
        "usedStorage": sum(blob.size for blob in commit.files.values()),
    }
    if repository.kind == "model":
        keys = ("library_name", "pipeline_tag")
        description |= {key: facts[key] for key in keys if facts.get(key)} | {"modelId": repository.id}
    return description


def siblings(commit: Commit, sizes: bool) -> list[dict[str, Any]]:
    if not sizes:
        return [{"rfilename": path} for path in commit.files]
    return [{"rfilename": path, "size": blob.size, "blobId": blob.oid} for path, blob in commit.files.items()]


async def describe_space(hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> dict[str, Any]:
    facts = front_matter(hub, commit)
    return describe(hub, repository, commit, sizes) | {
        "title": str(facts.get("title") or repository.name),
        "emoji": str(facts.get("emoji") or ""),
        "shortDescription": str(facts.get("short_description") or ""),
        "host": await hub.spaces.host(repository),
        "subdomain": f"{repository.namespace}-{repository.name}".lower().replace("_", "-").replace(".", "-"),
        "sdk": facts.get("sdk"),
        "models": card.strings(facts, "models"),
        "datasets": card.strings(facts, "datasets"),
        "runtime": await hub.spaces.runtime(repository),
        "region": "local",
    }


async def full(hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> dict[str, Any]:
    if repository.kind == "space":
        return await describe_space(hub, repository, commit, sizes)
    return describe(hub, repository, commit, sizes)


def expanded(description: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """Only what was asked for, and the id. Everything when nothing was."""
    if not keys:
        return description
    unknown = set(keys) - set(description) - OPTIONAL
    if unknown:
        raise refusal.bad_request(f"expand does not know {', '.join(sorted(unknown))}")
    return {key: value for key, value in description.items() if key in {"_id", "id", *keys}}


# Known to the real Hub, and absent here.
OPTIONAL = {
    *("baseModels", "childrenModelCount", "citation", "config", "datasets", "description", "downloadsAllTime"),
    *("evalResults", "gguf", "inference", "inferenceProviderMapping", "library_name", "mask_token", "model-index"),
    *("models", "paperswithcode_id", "pipeline_tag", "resourceGroup", "safetensors", "securityRepoStatus"),
    *("spaces", "transformersInfo", "widgetData", "xetEnabled"),
}
