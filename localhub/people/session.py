"""Signing a browser in to the Hub's own pages, by the token in an address and then by a cookie.

The cookie counts for the pages only, never for the API: so no foreign page can change anything through it.
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


def sign_in(request: Request, user: User) -> Response:
    """To the first page, without the token in the address."""
    passes = hub.of(request).passes
    response = RedirectResponse("/", 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    given = passes.issue(user.name, HUB, MONTH)
    response.set_cookie(passes.cookie(HUB), given, max_age=MONTH, httponly=True, samesite="lax")
    return response
