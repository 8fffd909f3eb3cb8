"""Semantic search over the Spaces of this Hub.

Words stand for meanings here: stemmed, the rarer the heavier, and weighed by the place where they are found. The words
of an app's own endpoints join in once it has run.
"""

import asyncio
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub
from localhub.people.users import object_id
from localhub.repositories import card, cards
from localhub.repositories.repository import PLURALS, Repository
from localhub.spaces.space_app import SpaceApp

WORD = re.compile(r"[^\W_]+")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
STOP = frozenset(
    [
        *("a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "for", "from", "get", "give", "i"),
        *("in", "into", "is", "it", "its", "make", "me", "my", "of", "on", "or", "please", "so", "some", "space"),
        *("that", "the", "their", "then", "this", "to", "turn", "us", "use", "want", "we", "what", "which", "with"),
        *("you", "your"),
    ]
)

WEIGHTS = {"title": 1.0, "description": 1.0, "tags": 0.9, "endpoints": 0.8, "readme": 0.5}
"""How much a word tells about a Space, by where it is said."""

CATEGORIES = (
    *("image-generation", "video-generation", "text-generation", "speech-synthesis", "music-generation"),
    *("voice-cloning", "image-editing", "background-removal", "image-upscaling", "ocr", "style-transfer"),
    *("image-captioning", "3d-modeling"),
)

CALLABLE = {"RUNNING", "APP_STARTING", "SLEEPING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"}
"""Stages in which a request will be answered. A Space that sleeps here wakes for it."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    import snowballstemmer  # 40 ms that a start without a search need not pay

    stemmed: str = snowballstemmer.stemmer("english").stemWord(word)
    return stemmed


def words(text: str) -> list[str]:
    """The stems of a text's words; `imageTo3D`, `image_to_3d` and `image to 3D` are the same words."""
    found = WORD.findall(HUMP.sub(" ", text))
    return [stem(word.lower()) for word in found if word.lower() not in STOP]


@dataclass(frozen=True)
class Document:
    """The words of one Space with the weight each has there, 0..1."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Document":
        weights: dict[str, float] = {}
        for field, text in fields.items():
            for word in words(text):
                weights[word] = max(weights.get(word, 0.0), WEIGHTS[field])
        return cls(weights)


def scores(query: str, documents: Iterable[Document]) -> list[float]:
    """How well each document answers the query, 0..1: the weight it covers of all the query's weight."""
    documents = list(documents)
    known = Counter(word for document in documents for word in document.weights)
    rarity = {word: math.log(1 + len(documents) / (1 + known[word])) for word in set(words(query))}
    whole = sum(rarity.values())
    if not whole:
        return [0.0] * len(documents)
    return [
        sum(weight * document.weights.get(word, 0.0) for word, weight in rarity.items()) / whole
        for document in documents
    ]


def endpoint_words(endpoints: Mapping[str, Any]) -> str:
    """What an app says of its endpoints: their names, descriptions, and what goes in and comes out."""
    told: list[str] = []
    for name, endpoint in endpoints.items():
        told += [name, str(endpoint.get("description") or "")]
        told += [str(item.get("label") or "") for item in endpoint.get("parameters", [])]
        told += [f"{item.get('label')} {item.get('component')}" for item in endpoint.get("returns", [])]
    return " ".join(told)


def fields(local: hub.Hub, repository: Repository, app: SpaceApp) -> dict[str, str]:
    commit = local.repositories.revision(repository, "main")
    facts = cards.front_matter(local, commit)
    return {
        "title": f"{facts.get('title', '')} {repository.name}",
        "description": str(facts.get("short_description") or ""),
        "tags": " ".join(card.strings(facts, "tags")),
        "endpoints": endpoint_words(app.endpoints()),
        "readme": card.body(local.repositories.read(commit, "README.md"))[:20_000],
    }


async def found(local: hub.Hub, repository: Repository, score: float) -> dict[str, Any]:
    """One row of the answer, with the keys of the Hub's own."""
    space = await cards.describe_space(local, repository, local.repositories.revision(repository, "main"))
    facts = space["cardData"]
    category = next((tag for tag in space["tags"] if tag in CATEGORIES), None)
    return {
        "author": repository.namespace,
        "authorData": {
            "_id": object_id("user", repository.namespace),
            "name": repository.namespace,
            "fullname": repository.namespace,
            "avatarUrl": f"{local.endpoint}/avatar.svg",
            "type": "user",
            "isPro": False,
            "isHf": False,
            "isHfAdmin": False,
            "isMod": False,
            "followerCount": 0,
        },
        "colorFrom": facts.get("colorFrom"),
        "colorTo": facts.get("colorTo"),
        "createdAt": space["createdAt"],
        "emoji": space["emoji"],
        "id": repository.id,
        "lastModified": space["lastModified"],
        "likes": space["likes"],
        "pinned": bool(facts.get("pinned")),
        "private": repository.private,
        "sdk": space["sdk"],
        "repoType": "space",
        "runtime": space["runtime"],
        "shortDescription": space["shortDescription"],
        "tags": space["tags"],
        "title": space["title"],
        "isLikedByUser": False,
        "ai_short_description": space["shortDescription"] or space["title"],
        **({"ai_category": category.replace("-", " ").title()} if category else {}),
        "trendingScore": 0,
        "semanticRelevancyScore": round(score, 4),
    }


async def semantic_search(request: Request) -> Response:
    local, query = hub.of(request), request.query_params
    user = local.users.reading(request.headers)
    seen = [space for space in local.repositories.all(PLURALS["spaces"]) if hub.visible(user, space)]
    apps = [local.spaces.app(repository) for repository in seen]

    def rank() -> list[float]:
        documents = [Document.of(fields(local, repository, app)) for repository, app in zip(seen, apps, strict=True)]
        return scores(query.get("q", ""), documents)

    # In a thread: the first search imports the stemmer and reads the words of every README.
    ranked = sorted(zip(await asyncio.to_thread(rank), seen, strict=True), key=lambda pair: -pair[0])
    rows = [await found(local, repository, score) for score, repository in ranked if score > 0 or not query.get("q")]
    everything = query.get("includeNonRunning", "").lower() in ("true", "1")
    sdks = set(query.getlist("sdk"))
    wanted = set(query.getlist("filter")) | set(query.getlist("category"))
    return JSONResponse(
        [
            row
            for row in rows
            if (everything or row["runtime"]["stage"] in CALLABLE)
            and (not sdks or row["sdk"] in sdks)
            and wanted <= set(row["tags"])
        ]
    )
