"""How a browser gets into a private Space: by a pass in the address once, and then by a cookie.

A cookie also comes with requests that a page of another Space on this host makes, and Gradio lets such a page read the
answers. So it counts for requests of the Space's own pages and for a visit, not for what another page fetches.
"""

from aiohttp import web

from localhub.people.passes import COOKIES, DAY, QUERY, Passes, place_of
from localhub.people.users import User, Users
from localhub.repositories.repository import Repository


class Doorway:
    def __init__(self, users: Users, passes: Passes) -> None:
        self.users = users
        self.passes = passes

    def visitor(self, request: web.BaseRequest, repository: Repository) -> User | None:
        """Who asks, by a token, a pass in the address, or a cookie."""
        place = place_of(repository)
        user = self.users.visiting(request.headers) or self.bearer(request.query.get(QUERY, ""), place)
        if user is None and is_own_or_visit(request):
            user = self.bearer(request.cookies.get(self.passes.cookie(place), ""), place)
        return user

    def bearer(self, given: str, place: str) -> User | None:
        name = self.passes.name(given, place) if given else None
        return self.users.named(name) if name else None

    def welcome(self, request: web.BaseRequest, repository: Repository) -> web.Response | None:
        """For a good pass in the address: the same address without it, and a cookie instead."""
        given, place = request.query.get(QUERY, ""), place_of(repository)
        if request.method not in ("GET", "HEAD") or self.bearer(given, place) is None:
            return None
        # With two slashes in front a browser would take the path for the name of a host.
        here = "/" + without_pass(request.raw_path).lstrip("/\\")
        response = web.Response(status=302, headers={"Location": here, "Cache-Control": "no-store"})
        response.set_cookie(self.passes.cookie(place), given, max_age=DAY, httponly=True, samesite="Lax")
        return response


def is_own_or_visit(request: web.BaseRequest) -> bool:
    """Every browser of 2026 says where a request comes from; a program that does not has no foreign pages."""
    if request.headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return True
    return request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode") == "navigate"


def without_pass(raw_path: str) -> str:
    """An address as it was sent, except for the pass in it."""
    if f"{QUERY}=" not in raw_path:
        return raw_path
    path, _, query = raw_path.partition("?")
    kept = [part for part in query.split("&") if part.partition("=")[0] != QUERY]
    return f"{path}?{'&'.join(kept)}" if any(kept) else path


def without_passes(cookies: str) -> str:
    """The value of a Cookie header without this Hub's own; empty when nothing else was in it."""
    return "; ".join(part for part in map(str.strip, cookies.split(";")) if not part.startswith(COOKIES))
