"""Every address of the local Hub, in the order in which they are tried: the particular before the general."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute

from localhub import refusal
from localhub.buckets import routes as buckets
from localhub.hub import Hub
from localhub.jobs import routes as jobs
from localhub.pages import routes as pages
from localhub.people import routes as people
from localhub.repositories import routes as repositories
from localhub.spaces import routes as spaces
from localhub.xet import routes as xet

ROUTES: list[BaseRoute] = [
    *people.ROUTES,
    *buckets.ROUTES,
    *jobs.ROUTES,
    *xet.ROUTES,
    *spaces.ROUTES,
    *repositories.ROUTES,
    *pages.ROUTES,
    *repositories.BYTES,
    *pages.LAST,
]


def application(hub: Hub) -> Starlette:
    """The whole server, which answers to loopback names only: a foreign name could be made to point here."""
    server = Starlette(
        routes=ROUTES,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])],
        exception_handlers={
            refusal.Refusal: refusal.answer,
            HTTPException: refusal.not_served,
            ClientDisconnect: refusal.client_left,
        },
    )
    server.state.hub = hub
    return server
