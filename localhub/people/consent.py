"""The page where somebody says who they are and what a Space may know and do: /oauth/authorize.

This is a machine of one's own, so who signs in to a Space is chosen among its people, without a password. But no other
page can choose for them: the answer is taken from this page only, and it cannot be framed.
"""

from html import escape
from urllib.parse import urlencode, urlsplit

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people import question, session
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
    people = eligible(request, client)
    if not people:
        return frame.page("Nobody to sign in", f"<p>No user of this Hub may use {escape(client.name)}.</p>", 403)
    signed_in = session.signed_in(request)
    chosen = signed_in if signed_in in people else people[0]
    wanted = "".join(f"<li>{escape(MEANING.get(scope, scope))}</li>" for scope in asked.scopes)
    choices = "".join(choice(user, user == chosen) for user in people)
    hidden = "".join(question.field(name, value) for name, value in asked.model_dump().items())
    told = f"<p>The Space <code>{escape(client.name)}</code> asks who you are. It wants to know or to do:</p>"
    form = f"{hidden}<h2>You are</h2><ul>{choices}</ul>"
    title = f"Sign in to {client.name}"
    return question.ask(request, title, f"{told}<ul>{wanted}</ul>", form, goes_to=origin(asked.redirect_uri))


async def answered(request: Request) -> Response:
    form = await question.answer(request)
    kept = {name: value for name, value in form.items() if name in Asked.model_fields}
    asked, client = await checked(request, kept)
    if wrong := fault(asked, client):
        return back(asked, wrong)
    if form.get("decision") != "allow":
        return back(asked, {"error": "access_denied", "error_description": "The user denied the request"})
    people = {user.name: user for user in eligible(request, client)}
    user = people.get(form.get("user", ""))
    if user is None:
        raise refusal.bad_request(f"{form.get('user')!r} cannot sign in to {client.name}")
    return back(asked, {"code": hub.of(request).oauth.allow(user.name, asked)})


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


def eligible(request: Request, client: Client) -> list[User]:
    """Who may sign in: whoever sees the Space and is in one of the organizations it is for."""
    people = hub.of(request).users.people.values()
    seeing = [user for user in people if client.space and hub.visible(user, client.space)]
    wanted = set(client.organizations)
    return [user for user in seeing if not wanted or wanted & set(user.organizations)]


def choice(user: User, chosen: bool) -> str:
    name, mark = escape(user.name, quote=True), " checked" if chosen else ""
    told = f'{escape(user.fullname or user.name)} <span class="quiet">{name}</span>'
    return f'<li><label><input type="radio" name="user" value="{name}"{mark}> {told}</label></li>'
