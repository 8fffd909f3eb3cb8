"""The addresses of the pages. A model's or data set's has to be tried last: see `repositories.routes.BYTES`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from localhub.pages import bucket, commit, index, job, repository, tokens

AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#d97706"/>'
    '<circle cx="16" cy="12" r="5" fill="#fff"/><path d="M6 28a10 9 0 0 1 20 0z" fill="#fff"/></svg>'
)


async def avatar(request: Request) -> Response:
    """Of everybody, and the sign of this Hub in a browser's tab."""
    return Response(AVATAR, media_type="image/svg+xml")


ROUTES = [
    Route("/", index.show, methods=["GET"]),
    Route("/avatar.svg", avatar, methods=["GET"]),
    Route("/favicon.ico", avatar, methods=["GET"]),
    Route("/settings/tokens", tokens.show, methods=["GET"]),
    Route("/spaces/{namespace}/{name}", repository.space, methods=["GET"]),
    Route("/buckets/{namespace}/{name}", bucket.show, methods=["GET"]),
    Route("/jobs/{namespace}/{id}", job.show, methods=["GET"]),
]

COMMITS = [
    Route(prefix + "/{namespace}/{name}/commit/{sha}", commit.show, methods=["GET"])
    for prefix in ("/spaces", "/datasets", "/models", "")
]

LAST = COMMITS + [
    Route(prefix + "/{namespace}/{name}", repository.show, methods=["GET"]) for prefix in ("/datasets", "/models", "")
]
"""To be tried after everything else: a model's address has no word of its own in front."""
