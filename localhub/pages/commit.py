"""One commit in a browser: the address that every upload answers with."""

from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people import session
from localhub.repositories import access, cards
from localhub.repositories.commit import Files

MOST_FILES = 200


async def show(request: Request) -> Response:
    """What it was made for, by whom and when, and the files it has changed."""
    local, user = hub.of(request), session.user_of(request)
    try:
        repository = hub.readable(request, user)
        access.check(local, repository, user)
        commit = local.repositories.revision(repository, request.path_params["sha"])
        before = local.repositories.revision(repository, commit.parent).files if commit.parent else {}
    except refusal.Refusal as error:
        if error.status == 307:
            raise
        return frame.not_found("commit")
    address = cards.address(local, repository)
    # A browser has no token to send, and the cookie of the pages gives no right to bytes.
    place = "" if repository.private or repository.gated else f"{address}/resolve/{commit.sha}/"
    changed = list(changes(before, commit.files))
    rows = [
        frame.row(place + quote(path) if place and path in commit.files else "", path, what)
        for path, what in changed[:MOST_FILES]
    ]
    rest = f"<p>and {len(changed) - MOST_FILES:,} more</p>" if len(changed) > MOST_FILES else ""
    message = f"<pre>{escape(commit.message)}</pre>" if commit.message else ""
    return frame.page(
        commit.title,
        f"<p>{escape(commit.author)} · {escape(commit.date)}</p>{message}{frame.listed('Files', rows)}{rest}"
        f'<p class="quiet"><a href="{escape(address)}">{escape(repository.id)}</a> · {commit.sha} · {frame.HOME}</p>',
    )


def changes(before: Files, after: Files) -> list[tuple[str, str]]:
    """Each path that is not what it was, and what became of it."""
    return [
        (path, "added" if path not in before else "changed" if path in after else "deleted")
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]
