"""The few pages for people: what this server is, and where a Space is."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from localhub import hub, refusal
from localhub.people import session
from localhub.people.passes import QUERY, place_of
from localhub.repositories import cards
from localhub.repositories.repository import Repository

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --tint: #f3f4f6; --link: #0b57d0 }}
@media (prefers-color-scheme: dark) {{
:root {{ --ink: #dfe3e8; --soft: #949ca6; --line: #32373e; --tint: #22262c; --link: #8ab4f8 }}
body {{ background: #16181c }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: var(--ink) }}
h1 {{ font-size: 1.6rem; line-height: 1.2 }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem }}
a {{ color: var(--link); text-decoration: none }} a:hover {{ text-decoration: underline }}
code, pre {{ background: var(--tint); border-radius: 6px; padding: .1em .35em; font-size: .9em }}
pre {{ padding: .7em 1em; white-space: pre-wrap; overflow-wrap: anywhere }}
ul {{ list-style: none; padding: 0; border: 1px solid var(--line); border-radius: 8px }}
li {{ display: flex; flex-wrap: wrap; gap: 0 .7rem; align-items: baseline; padding: .55rem .9rem }}
li + li {{ border-top: 1px solid var(--line) }} .quiet {{ color: var(--soft); font-size: .9rem }}
.mark {{ border: 1px solid var(--line); border-radius: 1em; padding: 0 .6em; font-size: .75rem; color: var(--soft) }}
</style>
<h1>{title}</h1>
{content}
</html>
"""

HOME = '<a href="/">Local Hub</a>'

AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#d97706"/>'
    '<circle cx="16" cy="12" r="5" fill="#fff"/><path d="M6 28a10 9 0 0 1 20 0z" fill="#fff"/></svg>'
)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

COMING_UP = ("RUNNING", "APP_STARTING", "SLEEPING")
"""Stages in which a Space answers a request, at the latest when it has started."""


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=escape(title), content=content), status, HEADERS)


async def index(request: Request) -> Response:
    """What there is: the caller's own Spaces first. With `?token=` it signs the browser in."""
    local = hub.of(request)
    if token := request.query_params.get("token"):
        user = local.users.bearing(token)
        if user is None:
            return page("Unknown token", f"<p>No user of this Hub has this token.</p><p>{HOME}</p>", 401)
        return session.sign_in(request, user)
    user = session.user_of(request)
    every = list(local.repositories.all("space"))
    own = [repository for repository in every if user and user.owns(repository.namespace)]
    others = [repository for repository in every if repository not in own and not repository.private]
    who = f"<p>Signed in as <code>{escape(user.name)}</code>.</p>" if user else ""
    hint = "" if user else " Private ones are shown to their owner, who signs in where the Hub has told when it began."
    return page(
        "Local Hub",
        "<p>A small server on this machine that speaks enough of the Hugging Face Hub's HTTP for huggingface_hub "
        f"and gradio_client. Nothing here leaves the machine.</p>{who}"
        + listed("Your Spaces", [row(local, repository) for repository in own])
        + listed("Spaces", [row(local, repository) for repository in others])
        + f'<p class="quiet">A Space starts with the first request to it.{hint}</p>'
        f"<h2>From a shell</h2><pre>export HF_ENDPOINT={escape(local.endpoint)}</pre>",
    )


def listed(title: str, rows: Iterable[str]) -> str:
    items = "".join(rows)
    return f"<h2>{title}</h2><ul>{items}</ul>" if items else ""


def row(local: hub.Hub, repository: Repository) -> str:
    facts = cards.front_matter(local, local.repositories.revision(repository, "main"))
    told = escape(str(facts.get("short_description") or facts.get("title") or ""))
    mark = '<span class="mark">private</span>' if repository.private else ""
    id = escape(repository.id)
    return f'<li><a href="/spaces/{id}">{id}</a>{mark}<span class="quiet">{told}</span></li>'


async def space(request: Request) -> Response:
    """Leads to the app, with a pass if it is private; says how the Space is when its app cannot be reached."""
    local, user = hub.of(request), session.user_of(request)
    try:
        repository = hub.readable(request, user)
    except refusal.Refusal:
        return page("Not found", f"<p>There is no such Space here, or it is private.</p><p>{HOME}</p>", 404)
    described = await cards.describe_space(local, repository, local.repositories.revision(repository, "main"))
    runtime, address = described["runtime"], described["host"]
    if user and repository.private:
        address += "/?" + urlencode({QUERY: local.passes.issue(user.name, place_of(repository))})
    if runtime["stage"] in COMING_UP:
        return RedirectResponse(address, 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    reason = f"<pre>{escape(runtime['errorMessage'])}</pre>" if runtime.get("errorMessage") else ""
    return page(
        described["title"],
        f"<p>{escape(described['shortDescription'])}</p><p>Stage: <code>{runtime['stage']}</code></p>{reason}"
        f'<p class="quiet">{escape(repository.id)} · {HOME}</p>',
    )


async def avatar(request: Request) -> Response:
    return Response(AVATAR, media_type="image/svg+xml")


ROUTES = [
    Route("/", index, methods=["GET"]),
    Route("/avatar.svg", avatar, methods=["GET"]),
    Route("/spaces/{namespace}/{name}", space, methods=["GET"]),
]
