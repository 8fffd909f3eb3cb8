"""Every address of the local Hub, in the order in which they are tried: the particular before the general."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute

from localhub import pages, refusal
from localhub.hub import Hub
from localhub.people import routes as people
from localhub.repositories import routes as repositories
from localhub.spaces import routes as spaces

ROUTES: list[BaseRoute] = [
    *people.ROUTES,
    *spaces.ROUTES,
    *repositories.ROUTES,
    *pages.ROUTES,
    *repositories.BYTES,
]


def application(hub: Hub) -> Starlette:
    """The whole server, which answers to loopback names only: a foreign name could be made to point here."""
    server = Starlette(
        routes=ROUTES,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])],
        exception_handlers={refusal.Refusal: refusal.answer, HTTPException: refusal.unknown_route},
    )
    server.state.hub = hub
    return server
