"""The page where somebody says yes to what a Space may know and do: /oauth/authorize.

Only for oneself: where there are several people, whoever answers is signed in to the Hub in that browser. Where there
is one, there is nobody else to be. No other page can answer: this one cannot be framed, and its form is taken from it
only.
"""

from html import escape
from urllib.parse import urlencode, urlsplit

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people import entrance, question, session
from localhub.people.clients import Client, leads_to
from localhub.people.oauth import Asked
from localhub.people.users import User

MEANING = {
    "openid": "who you are",
    "profile": "your name and your organizations",
    "email": "your e-mail address",
    "read-billing": "whether you can pay",
    "read-memberships": "your role in your organizations",
    "read-repos": "read your repositories, also the private ones",
    "gated-repos": "read gated repositories that you have access to",
    "contribute-repos": "create repositories and change those",
    "write-repos": "change your repositories",
    "manage-repos": "create, change and delete your repositories",
    "write-discussions": "write in discussions in your name",
    "inference-api": "run inference in your name",
    "jobs": "run Jobs in your name",
}


async def authorize(request: Request) -> Response:
    """Asks; with the answer the browser goes back to the app."""
    if request.method == "POST":
        return await answered(request)
    asked, client = await checked(request, dict(request.query_params))
    if wrong := fault(asked, client):
        return back(asked, wrong)
    user = visitor(request)
    if user is None:
        return sign_in_first(request, asked, client)
    if not eligible(user, client):
        told = f"<p>{escape(user.name)} may not use {escape(client.name)}.</p>"
        return frame.page("Not for everybody", told, 403)
    wanted = "".join(f"<li>{escape(MEANING.get(scope, scope))}</li>" for scope in asked.scopes)
    told = (
        f"<p>The Space <code>{escape(client.name)}</code> asks who you are. You are {named(user)}. It wants to know or "
        f"to do:</p><ul>{wanted}</ul>"
    )
    # The name is sent back: meanwhile somebody else may have signed in in this browser.
    form = hidden(asked) + question.field("user", user.name)
    return question.ask(request, f"Sign in to {client.name}", told, form, goes_to=origin(asked.redirect_uri))


async def answered(request: Request) -> Response:
    form = await question.answer(request)
    kept = {name: value for name, value in form.items() if name in Asked.model_fields}
    asked, client = await checked(request, kept)
    if wrong := fault(asked, client):
        return back(asked, wrong)
    if entrance.TOKEN in form:
        here = f"{request.url.path}?{urlencode(asked.model_dump())}"
        return entrance.enter(request, form, here) or sign_in_first(request, asked, client, entrance.UNKNOWN)
    if form.get("decision") != "allow":
        return back(asked, {"error": "access_denied", "error_description": "The user denied the request"})
    user = visitor(request)
    if user is None or user.name != form.get("user"):
        raise refusal.Refusal(403, f"{form.get('user')!r} is not signed in in this browser; begin again")
    if not eligible(user, client):
        raise refusal.bad_request(f"{user.name!r} cannot sign in to {client.name}")
    return back(asked, {"code": hub.of(request).oauth.allow(user.name, asked)})


def visitor(request: Request) -> User | None:
    """Who is signed in in this browser; on a Hub with a single user there is nobody else."""
    users = hub.of(request).users
    return session.signed_in(request) or (users.default if len(users.people) == 1 else None)


def sign_in_first(request: Request, asked: Asked, client: Client, wrong: str = "") -> Response:
    told = f"<p>The Space <code>{escape(client.name)}</code> asks who you are, and nobody is signed in here.</p>"
    return entrance.show(request, told, wrong, hidden(asked))


def hidden(asked: Asked) -> str:
    return "".join(question.field(name, value) for name, value in asked.model_dump().items())


async def checked(request: Request, fields: dict[str, str]) -> tuple[Asked, Client]:
    """What is asked, and by whom. Nobody is sent to an address that is not the Space's own."""
    local = hub.of(request)
    try:
        asked = Asked(**{name: value for name, value in fields.items() if name in Asked.model_fields})
    except ValidationError as error:
        missing = ", ".join(str(each["loc"][0]) for each in error.errors())
        raise refusal.bad_request(f"the app did not send {missing}") from error
    client = local.oauth.clients.named(asked.client_id)
    if client is None or client.space is None:
        raise refusal.bad_request("no Space of this Hub has this client_id; hf_oauth: true in a Space's card gives one")
    host = await local.spaces.host(client.space)
    if not leads_to(asked.redirect_uri, host):
        raise refusal.bad_request(f"redirect_uri must be an address of {client.name}, which is at {host}")
    return asked, client


def fault(asked: Asked, client: Client) -> dict[str, str] | None:
    """What the app itself is told when it asks for something that there is not."""
    if asked.response_type != "code":
        return {"error": "unsupported_response_type", "error_description": "response_type must be code"}
    if asked.code_challenge and asked.code_challenge_method != "S256":
        return {"error": "invalid_request", "error_description": "code_challenge_method must be S256"}
    if unknown := [scope for scope in asked.scopes if scope not in client.scopes]:
        told = f"{' '.join(unknown)} is not in hf_oauth_scopes of the Space's card"
        return {"error": "invalid_scope", "error_description": told}
    return None


def back(asked: Asked, answer: dict[str, str]) -> Response:
    """To the app."""
    more = urlencode(answer | ({"state": asked.state} if asked.state else {}))
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    return RedirectResponse(asked.redirect_uri + joint + more, 303, {"Cache-Control": "no-store"})


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def eligible(user: User, client: Client) -> bool:
    """Whoever sees the Space and is in one of the organizations that it is for."""
    wanted = set(client.organizations)
    seeing = client.space is not None and hub.visible(user, client.space)
    return seeing and (not wanted or bool(wanted & set(user.organizations)))


def named(user: User) -> str:
    return f'<strong>{escape(user.fullname or user.name)}</strong> <span class="quiet">{escape(user.name)}</span>'
