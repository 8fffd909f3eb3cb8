"""Signing a browser in to the Hub's own pages, by the token in an address and then by a cookie.

The cookie counts for the pages only, never for the API: so no foreign page can change anything through it.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from localhub import hub
from localhub.people.identity import User
from localhub.people.passes import HUB, MONTH


def user_of(request: Request) -> User | None:
    """Who is signed in, by the cookie or, for programs, by a token."""
    local = hub.of(request)
    name = local.passes.name(request.cookies.get(local.passes.cookie(HUB), ""), HUB)
    return (local.users.named(name) if name else None) or local.users.visiting(request.headers)


def sign_in(request: Request, user: User) -> Response:
    """To the first page, without the token in the address."""
    passes = hub.of(request).passes
    response = RedirectResponse("/", 302, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    given = passes.issue(user.name, HUB, MONTH)
    response.set_cookie(passes.cookie(HUB), given, max_age=MONTH, httponly=True, samesite="lax")
    return response
