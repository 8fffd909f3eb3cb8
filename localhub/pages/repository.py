"""A repository in a browser: a Space's app, or what a model's or data set's card says and which files it has."""

from html import escape
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people import session
from localhub.people.passes import QUERY, place_of
from localhub.repositories import access, card, cards

MOST_FILES = 200

COMING_UP = (*("RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "BUILDING", "APP_STARTING", "SLEEPING"),)
"""Stages in which a Space answers a request, at the latest when it has started."""


async def space(request: Request) -> Response:
    """Leads to the app, with a pass if it is private; says how the Space is when its app cannot be reached."""
    local, user = hub.of(request), session.user_of(request)
    try:
        repository = hub.readable(request, user)
    except refusal.Refusal:
        return frame.not_found("Space")
    described = await cards.describe_space(local, repository, local.repositories.revision(repository, "main"))
    runtime, address = described["runtime"], described["host"]
    if user and repository.private:
        address += "/?" + urlencode({QUERY: local.passes.issue(user.name, place_of(repository))})
    if runtime["stage"] in COMING_UP:
        return RedirectResponse(address, 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    reason = f"<pre>{escape(runtime['errorMessage'])}</pre>" if runtime.get("errorMessage") else ""
    return frame.page(
        described["title"],
        f"<p>{escape(described['shortDescription'])}</p><p>Stage: <code>{runtime['stage']}</code></p>{reason}"
        f'<p class="quiet">{escape(repository.id)} · {frame.HOME}</p>',
    )


async def show(request: Request) -> Response:
    local, user = hub.of(request), session.user_of(request)
    try:
        repository = hub.readable(request, user)
        commit = local.repositories.revision(repository, "main")
    except refusal.Refusal as error:
        if error.status == 307:
            raise
        return frame.not_found("repository")
    subject = cards.Subject(local, repository, commit)
    address = cards.address(local, repository)
    # A browser has no token to send, and the cookie of the pages gives no right to bytes.
    place = "" if repository.private else f"{address}/resolve/main/"
    files = [
        frame.row(place and place + quote(path), path, f"{blob.size:,} bytes")
        for path, blob in list(commit.files.items())[:MOST_FILES]
    ]
    marks = "".join(f' <span class="mark">{escape(tag)}</span>' for tag in subject.tags)
    text = card.body(local.repositories.read(commit, access.OPEN)).strip()
    return frame.page(
        repository.id,
        f"<p>{marks}</p>{gate(repository.gated, address)}"
        + (frame.rendered(text) if text else "")
        + frame.listed("Files", files)
        + f'<p class="quiet">{repository.kind} · {commit.sha[:7]} · {frame.HOME}</p>',
    )


def gate(gated: object, address: str) -> str:
    if not gated:
        return ""
    told = "at once" if gated == "auto" else "when its owner agrees"
    return (
        f"<p>The files are for who has asked for them; access is given {told}. To ask:</p>"
        f'<pre>curl -X POST -H "Authorization: Bearer $HF_TOKEN" {escape(address)}/ask-access</pre>'
    )
