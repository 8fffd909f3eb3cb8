"""What a form sends, and what a browser says of where it was."""

from starlette.requests import Request

from localhub import bodies

LARGEST = 64_000
"""Bytes of a form's body."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields; of one that comes twice the last."""
    return dict(await bodies.read_fields(request, LARGEST, 100))


def is_own_page(request: Request) -> bool:
    """Whether a page of this server sent the form. Browsers say so, and no page can make them say otherwise.

    A cookie proves nothing of that: the ports of a host share them, so a Space's page could even have set it.
    """
    origin, host = request.headers.get("origin", ""), request.headers["host"]
    return origin == f"http://{host}" and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
