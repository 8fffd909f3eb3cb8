"""Routes of discussions and pull requests."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.bodies import is_true, read_json
from localhub.people.users import User, object_id
from localhub.repositories import access, discussion, paging, pulls
from localhub.repositories.discussion import Discussion, Discussions, Event
from localhub.repositories.repository import Repository

PAGE = 50
LONGEST_TEXT = 100_000


def of(request: Request) -> Discussions:
    return Discussions.of(hub.of(request).repositories.folder_of(hub.to_read(request)))


def number_of(request: Request) -> int:
    given: str = request.path_params["number"]
    if not (given.isascii() and given.isdigit()) or len(given) > 9:
        raise refusal.bad_request(f"{given[:80]!r} is not the number of a discussion")
    return int(given)


def signed_in(request: Request) -> tuple[Repository, User]:
    """Whoever may see a repository may speak of it, with a token that may write."""
    repository, credential = hub.to_read(request), hub.of(request).users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.may_in(repository, "write-discussions"):
        raise refusal.Refusal(403, "this token may not write in discussions: it needs the scope write-discussions")
    return repository, credential.user


def text_of(body: dict[str, Any], key: str, needed: bool = True) -> str:
    given = body.get(key)
    if given is None and not needed:
        return ""
    if not isinstance(given, str) or (needed and not given.strip()) or len(given) > LONGEST_TEXT:
        raise refusal.bad_request(f"{key} has to be a text of 1 to {LONGEST_TEXT} characters")
    return given.strip()


async def list_all(request: Request) -> Response:
    repository, query = hub.to_read(request), request.query_params
    found = [one for one in of(request).all() if fits(one, query.get("type"), query.get("status"), query.get("author"))]
    start = paging.page_number(request) * PAGE
    rows = [row(request, repository, one) for one in found[start : start + PAGE]]
    return JSONResponse({"discussions": rows, "count": len(found), "start": start, "numClosedDiscussions": 0})


def fits(one: Discussion, kind: str | None, status: str | None, author: str | None) -> bool:
    is_open = one.status in ("open", "draft")
    return (
        (kind in (None, "", "all") or (kind == "pull_request") == bool(one.base))
        and (status in (None, "", "all") or (status == "open") == is_open)
        and author in (None, "", one.author)
    )


def row(request: Request, repository: Repository, one: Discussion) -> dict[str, Any]:
    return {
        "num": one.number,
        "title": one.title,
        "status": one.status,
        "author": person(request, one.author),
        "createdAt": one.created,
        "isPullRequest": bool(one.base),
        "numComments": sum(event.type == "comment" for event in one.events),
        "pinned": False,
        "repo": {"name": repository.id, "type": repository.kind},
        "repoOwner": {"name": repository.namespace, "type": "user", "isParticipating": False},
    }


def person(request: Request, name: str) -> dict[str, Any]:
    known = hub.of(request).users.named(name)
    return {
        "_id": object_id("user", name),
        "name": name,
        "fullname": known.fullname if known else name,
        "type": "user",
        "avatarUrl": f"{hub.of(request).endpoint}/avatar.svg",
        "isHf": False,
        "isPro": False,
    }


def shown(request: Request, event: Event) -> dict[str, Any]:
    data = dict(event.data)
    if event.type == "comment":
        history = [
            {
                "raw": version["raw"],
                "html": pulls.as_html(version["raw"]),
                "updatedAt": version["updated"],
                "author": person(request, version["author"]),
            }
            for version in data["history"]
        ]
        data |= {"latest": history[-1], "history": history[:-1], "numEdits": len(history) - 1}
    return {
        "id": event.id,
        "type": event.type,
        "author": person(request, event.author),
        "createdAt": event.created,
        "data": data,
    }


async def details(request: Request) -> Response:
    repository, local = hub.to_read(request), hub.of(request)
    one = of(request).get(number_of(request))
    told = row(request, repository, one) | {"events": [shown(request, event) for event in one.events], "locked": False}
    if one.base:
        # The diff holds lines of the old files, which in a gated repository are for who was let in.
        readable = access.given(repository, local.users.reading(request.headers))
        with_diff = readable and is_true(request.query_params.get("diff"))
        told |= await asyncio.to_thread(proposal, local, repository, one, with_diff)
    return JSONResponse(told)


def proposal(local: hub.Hub, repository: Repository, one: Discussion, with_diff: bool) -> dict[str, Any]:
    repositories = local.repositories
    done = one.status == "merged"
    merge = {"mergeCommitId": one.merged} if one.merged else {}
    told: dict[str, Any] = {
        "changes": {"base": "refs/heads/main"} | merge,
        "filesWithConflicts": [] if done else pulls.conflicts(repositories, repository, one),
    }
    if with_diff:
        old, new = (repositories.revision(repository, name).files for name in (one.base, f"refs/pr/{one.number}"))
        told["diff"] = pulls.diff(repositories.blobs, old, new)
    return told


async def create(request: Request) -> Response:
    body, (repository, user) = await read_json(request), signed_in(request)
    title, text = text_of(body, "title"), text_of(body, "description")
    repositories = hub.of(request).repositories

    def begin() -> Discussion:
        with repositories.lock:
            if body.get("pullRequest"):
                return pulls.begin(repositories, repository, title, text, user.name, "main", "draft")
            return of(request).begin(title, text, user.name)

    begun = await asyncio.to_thread(begin)
    return JSONResponse({"num": begun.number, "pullRequest": bool(begun.base), "url": str(request.url.path)})


async def change(
    request: Request, changed: Callable[[Discussion, User], tuple[Discussion, list[Event]]], key: str
) -> Response:
    """Save what `changed` makes of the discussion; the answer holds its last event under `key`."""
    discussions, repositories = of(request), hub.of(request).repositories
    _, user = signed_in(request)

    def save() -> list[Event]:
        with repositories.lock:
            one, events = changed(discussions.get(number_of(request)), user)
            discussions.save(one)
        return events

    events = await asyncio.to_thread(save)
    return JSONResponse({key: shown(request, events[-1])})


def may_steer(request: Request, one: Discussion, user: User) -> None:
    """Only who began a discussion, and who owns the repository, may rename or close it."""
    if user.name != one.author:
        hub.owner(request, request.path_params["namespace"], about=hub.to_read(request))


async def comment(request: Request) -> Response:
    text = text_of(await read_json(request), "comment")

    def changed(one: Discussion, user: User) -> tuple[Discussion, list[Event]]:
        event = discussion.comment(user.name, text)
        return one.plus(event), [event]

    return await change(request, changed, "newMessage")


async def rename(request: Request) -> Response:
    title = text_of(await read_json(request), "title")

    def changed(one: Discussion, user: User) -> tuple[Discussion, list[Event]]:
        may_steer(request, one, user)
        event = discussion.title_changed(user.name, one.title, title)
        return one.model_copy(update={"title": title}).plus(event), [event]

    return await change(request, changed, "newTitle")


async def change_status(request: Request) -> Response:
    body = await read_json(request)
    status, text = body.get("status"), text_of(body, "comment", needed=False)
    if status not in ("open", "closed"):
        raise refusal.bad_request("status has to be open or closed")

    def changed(one: Discussion, user: User) -> tuple[Discussion, list[Event]]:
        may_steer(request, one, user)
        if one.status == "merged":
            raise refusal.bad_request("a merged pull request stays merged")
        events = [discussion.comment(user.name, text)] if text else []
        events.append(discussion.status_changed(user.name, str(status)))
        return one.model_copy(update={"status": status}).plus(*events), events

    return await change(request, changed, "newStatus")


async def edit_comment(request: Request) -> Response:
    text = text_of(await read_json(request), "content")
    return await change_comment(request, lambda event, by: discussion.edited(event, by, text))


async def hide_comment(request: Request) -> Response:
    return await change_comment(request, discussion.hidden)


async def change_comment(request: Request, other: Callable[[Event, str], Event]) -> Response:
    id = request.path_params["comment"]

    def changed(one: Discussion, user: User) -> tuple[Discussion, list[Event]]:
        old = next((event for event in one.events if event.id == id and event.type == "comment"), None)
        if old is None:
            raise refusal.Refusal(404, f"There is no comment {id} in this discussion")
        if user.name != old.author:
            hub.owner(request, request.path_params["namespace"], about=hub.to_read(request))
        new = other(old, user.name)
        return one.model_copy(update={"events": tuple(new if event is old else event for event in one.events)}), [new]

    return await change(request, changed, "updatedComment")


async def merge(request: Request) -> Response:
    repository, local = hub.to_write(request), hub.of(request)
    text = text_of(await read_json(request, optional=True), "comment", needed=False)
    _, user = signed_in(request)
    await asyncio.to_thread(pulls.merge, local.repositories, repository, number_of(request), user.name, text)
    local.advanced(repository.kind, repository.id)
    return JSONResponse({})
