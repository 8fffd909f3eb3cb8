"""Signing a browser in to the Hub's own pages, by a token and then by a cookie.

The cookie counts for the pages only, never for the API: so no foreign page can change anything through it. But who is
signed in may let apps do anything, so a token that may do less than everything signs nobody in.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localhub import hub
from localhub.people.passes import HUB, MONTH
from localhub.people.users import User


def user_of(request: Request) -> User | None:
    """Who is signed in, by the cookie or, for programs, by a token."""
    return signed_in(request) or hub.of(request).users.visiting(request.headers)


def signed_in(request: Request) -> User | None:
    """Who is signed in in this browser."""
    local = hub.of(request)
    name = local.passes.name(request.cookies.get(local.passes.cookie(HUB), ""), HUB)
    return local.users.named(name) if name else None


def owner_of(request: Request, token: str) -> User | None:
    """Who may sign in with a token: a user with a write token, and nobody with one that an app was given."""
    credential = hub.of(request).users.credential(token)
    whole = credential is not None and credential.kind == "access_token" and credential.role == "write"
    return credential.user if credential and whole else None


def sign_in(request: Request, user: User, then: str = "/", status: int = 302) -> Response:
    """On to the page `then`, without the token in the address."""
    passes = hub.of(request).passes
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    response = RedirectResponse(then, status, headers=headers)
    given = passes.issue(user.name, HUB, MONTH)
    response.set_cookie(passes.cookie(HUB), given, max_age=MONTH, httponly=True, samesite="lax")
    return response
