"""What everybody is told of a user or an organization. Nobody follows anybody here."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.people.users import Organization, User, object_id
from localhub.repositories.discussion import Discussions
from localhub.repositories.repository import PLURALS, Repository


def user_named(request: Request) -> User:
    user = hub.of(request).users.named(request.path_params["user"])
    if user is None:
        raise refusal.Refusal(404, "This user does not exist")
    return user


def organization_named(request: Request) -> Organization:
    group = hub.of(request).users.organization(request.path_params["organization"])
    if group is None:
        raise refusal.Refusal(404, "This organization does not exist")
    return group


def seen(request: Request) -> dict[str, list[Repository]]:
    """Every repository that the caller sees, by its kind."""
    local = hub.of(request)
    asking = local.users.reading(request.headers)
    return {
        kind: [one for one in local.repositories.all(kind) if hub.visible(asking, one)] for kind in PLURALS.values()
    }


def numbers(repositories: dict[str, list[Repository]], namespace: str) -> dict[str, int]:
    """How many of each kind a namespace has."""
    own = {kind: sum(one.namespace == namespace for one in some) for kind, some in repositories.items()}
    return {f"num{plural.title()}": own[kind] for plural, kind in PLURALS.items()}


def person(request: Request, user: User) -> dict[str, Any]:
    return {
        "_id": object_id("user", user.name),
        "user": user.name,
        "fullname": user.fullname or user.name,
        "type": "user",
        "isPro": user.pro,
        "avatarUrl": f"{hub.of(request).endpoint}/avatar.svg",
    }


async def user_overview(request: Request) -> Response:
    """With numbers of what the caller sees."""
    user, repositories, local = user_named(request), seen(request), hub.of(request)
    every = [one for some in repositories.values() for one in some]
    begun = [
        discussion
        for one in every
        for discussion in Discussions.of(local.repositories.folder_of(one)).all()
        if discussion.author == user.name
    ]
    groups = [group for name in user.organizations if (group := local.users.organization(name))]
    return JSONResponse(
        person(request, user)
        | numbers(repositories, user.name)
        | {
            "numDiscussions": len(begun),
            "numPapers": 0,
            "numUpvotes": 0,
            "numLikes": sum(user.name in one.likes for one in every),
            "numFollowers": 0,
            "numFollowing": 0,
            "isFollowing": False,
            "orgs": [group_named(request, group) for group in groups],
        }
    )


def group_named(request: Request, group: Organization) -> dict[str, Any]:
    return {
        "id": object_id("org", group.name),
        "name": group.name,
        "fullname": group.fullname or group.name,
        "avatarUrl": f"{hub.of(request).endpoint}/avatar.svg",
    }


async def organization_overview(request: Request) -> Response:
    group = organization_named(request)
    told = {key: value for key, value in group_named(request, group).items() if key != "id"}
    return JSONResponse(
        {"_id": object_id("org", group.name), "type": "org"}
        | told
        | numbers(seen(request), group.name)
        | {
            "numUsers": len(group.members),
            "numFollowers": 0,
            "numPapers": 0,
            "isFollowing": False,
            "isVerified": False,
            **({"plan": group.plan} if group.plan != "free" else {}),
        }
    )


async def members(request: Request) -> Response:
    group, users = organization_named(request), hub.of(request).users
    return JSONResponse([person(request, user) for name in group.members if (user := users.named(name))])


async def followed_users(request: Request) -> Response:
    """Of a user, in either direction: none."""
    user_named(request)
    return JSONResponse([])


async def organization_followers(request: Request) -> Response:
    organization_named(request)
    return JSONResponse([])
