"""What the API says of a repository: the answers of /api/{models,datasets,spaces}/{id} and of the lists."""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from localhub import refusal
from localhub.hub import Hub
from localhub.people.users import object_id
from localhub.repositories import card, weights
from localhub.repositories.blobs import described
from localhub.repositories.front_matter import LARGEST
from localhub.repositories.models import Model
from localhub.repositories.repository import Commit, Repository

PREFIXES = {"model": "", "dataset": "datasets/", "space": "spaces/"}


def address(hub: Hub, repository: Repository) -> str:
    return f"{hub.endpoint}/{PREFIXES[repository.kind]}{repository.id}"


def front_matter(hub: Hub, commit: Commit) -> dict[str, Any]:
    """The card, not to be changed; empty when it cannot be read: a broken README must not hide its repository."""
    blob = commit.files.get("README.md")
    return parsed(hub.repositories.blobs.path(blob)) if blob else {}


@lru_cache(maxsize=2048)
def parsed(readme: Path) -> dict[str, Any]:
    """The path of a blob is its hash, so what it holds never changes."""
    try:
        with readme.open("rb") as file:
            return card.read(file.read(2 * LARGEST))  # a README may be of any size
    except card.CardError:
        return {}


class Subject:
    """One commit of a repository, and all that can be asked of it."""

    def __init__(self, hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> None:
        self.hub = hub
        self.repository = repository
        self.commit = commit
        self.sizes = sizes

    @cached_property
    def facts(self) -> dict[str, Any]:
        return front_matter(self.hub, self.commit)

    @cached_property
    def head(self) -> Commit:
        return self.hub.repositories.revision(self.repository, "main")

    @cached_property
    def model(self) -> Model:
        return Model(self.hub.repositories.blobs, self.commit, self.facts)

    @cached_property
    def tags(self) -> list[str]:
        return self.model.tags() if self.repository.kind == "model" else card.tags(self.facts, self.repository.kind)

    def siblings(self) -> list[dict[str, Any]]:
        if not self.sizes:
            return [{"rfilename": path} for path in self.commit.files]
        return [{"rfilename": path} | described(blob, "sha256") for path, blob in self.commit.files.items()]

    def size(self) -> int:
        return sum(blob.size for blob in self.commit.files.values())

    def summary(self) -> str:
        """The beginning of the README."""
        return card.body(self.hub.repositories.read(self.commit, "README.md")).strip()[:500]

    def naming(self, kind: str, key: str) -> list[str]:
        """The public repositories whose card names this one under `key`."""
        return [
            repository.id
            for repository in self.hub.repositories.all(kind)
            if not repository.private
            and self.repository.id
            in card.strings(front_matter(self.hub, self.hub.repositories.revision(repository, "main")), key)
        ]


Keys = dict[str, Callable[[Subject], Any]]

COMMON: Keys = {
    "_id": lambda of: object_id(of.repository.kind, of.repository.id, of.repository.created),
    "id": lambda of: of.repository.id,
    "author": lambda of: of.repository.namespace,
    "sha": lambda of: of.commit.sha,
    "lastModified": lambda of: of.head.date,
    "private": lambda of: of.repository.private,
    "gated": lambda of: of.repository.gated,
    "disabled": lambda of: False,
    "downloads": lambda of: 0,
    "likes": lambda of: len(of.repository.likes),
    "trendingScore": lambda of: len(of.repository.likes),
    "tags": lambda of: of.tags,
    "cardData": lambda of: of.facts,
    "createdAt": lambda of: of.repository.created,
    "siblings": Subject.siblings,
    "usedStorage": Subject.size,
}

MODEL: Keys = COMMON | {
    "modelId": lambda of: of.repository.id,
    "library_name": lambda of: of.model.library(),
    "pipeline_tag": lambda of: of.model.pipeline_tag(),
    "config": lambda of: of.model.config(),
    "transformersInfo": lambda of: of.model.transformers_info(),
    "mask_token": lambda of: of.model.mask_token(),
    "model-index": lambda of: of.facts.get("model-index"),
    "widgetData": lambda of: of.facts.get("widget"),
    "safetensors": lambda of: weights.parameters(of.hub.repositories.blobs, of.commit.files),
    "spaces": lambda of: of.naming("space", "models"),
    "baseModels": lambda of: of.model.base_models(),
    "childrenModelCount": lambda of: len(of.naming("model", "base_model")),
    "downloadsAllTime": lambda of: 0,
}

DATASET: Keys = COMMON | {
    "description": Subject.summary,
    "mainSize": Subject.size,
    "downloadsAllTime": lambda of: 0,
}

SPACE: Keys = {key: tell for key, tell in COMMON.items() if key != "downloads"} | {
    "subdomain": lambda of: subdomain(of.repository),
    "sdk": lambda of: of.facts.get("sdk"),
    "models": lambda of: card.strings(of.facts, "models"),
    "datasets": lambda of: card.strings(of.facts, "datasets"),
    "region": lambda of: "us",
}

KEYS = {"model": MODEL, "dataset": DATASET, "space": SPACE}

RUNNING = ("host", "runtime")
"""Of a Space, and only while this Hub runs: they are asked from its app."""

ONLY_EXPANDED = {"downloadsAllTime", "baseModels", "childrenModelCount", "mainSize", "trendingScore"}
"""Said of one repository only when asked for by name."""

ALSO_NOTHING = {"model-index"}
"""Said also when it is null."""

LISTED = {
    "model": {*("_id", "id", "modelId", "likes", "trendingScore", "private", "downloads", "tags")}
    | {*("library_name", "pipeline_tag", "createdAt")},
    "dataset": {*("_id", "id", "author", "disabled", "gated", "lastModified", "likes", "trendingScore", "private")}
    | {*("sha", "description", "downloads", "tags", "createdAt")},
    "space": {*("_id", "id", "likes", "trendingScore", "private", "sdk", "tags", "createdAt")},
}
"""What a list says of each repository when nothing more is asked for."""

FULL = {
    "model": LISTED["model"] | {"author", "sha", "lastModified", "disabled", "gated", "siblings"},
    "dataset": LISTED["dataset"] | {"cardData", "siblings"},
    "space": KEYS["space"].keys() | {*RUNNING},
}

ABSENT = {
    *("citation", "evalResults", "gguf", "inference", "inferenceProviderMapping", "paperswithcode_id"),
    *("resourceGroup", "securityRepoStatus", "xetEnabled"),
}
"""Known to the real Hub, and not to this one."""


def subdomain(repository: Repository) -> str:
    return f"{repository.namespace}-{repository.name}".lower().replace("_", "-").replace(".", "-")


async def told(subject: Subject, keys: Iterable[str]) -> dict[str, Any]:
    """These facts of a repository, without those it has none for."""
    known, wanted = KEYS[subject.repository.kind], set(keys)
    found = {key: known[key](subject) for key in known if key in wanted}
    found = {key: value for key, value in found.items() if value is not None or key in ALSO_NOTHING}
    if subject.repository.kind == "space" and wanted & {*RUNNING}:
        spaces = subject.hub.spaces
        if "host" in wanted:
            found["host"] = await spaces.host(subject.repository)
        if "runtime" in wanted:
            found["runtime"] = await spaces.runtime(subject.repository)
    return found


async def full(hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> dict[str, Any]:
    """All that is said of one repository."""
    keys = (KEYS[repository.kind].keys() | ({*RUNNING} if repository.kind == "space" else set())) - ONLY_EXPANDED
    return await told(Subject(hub, repository, commit, sizes), keys)


async def describe_space(hub: Hub, repository: Repository, commit: Commit, sizes: bool = False) -> dict[str, Any]:
    """The same with what the pages and the search say of a Space, in their own words for it."""
    facts = front_matter(hub, commit)
    return await full(hub, repository, commit, sizes) | {
        "sdk": str(facts.get("sdk") or ""),
        "title": str(facts.get("title") or repository.name),
        "emoji": str(facts.get("emoji") or ""),
        "shortDescription": str(facts.get("short_description") or ""),
    }


def checked(kind: str, keys: Iterable[str]) -> set[str]:
    """The keys of an `expand`, with those that are always told; refuses what no Hub knows."""
    wanted = {part for key in keys for part in key.split(",") if part}
    unknown = wanted - KEYS[kind].keys() - ABSENT - ({*RUNNING} if kind == "space" else set())
    if unknown:
        raise refusal.bad_request(f"expand does not know {', '.join(sorted(unknown))[:200]}")
    return wanted | {"_id", "id"}
