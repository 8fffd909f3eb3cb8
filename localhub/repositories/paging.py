"""Long answers in pages, as the Hub cuts them: a list, and the address of the next page in a Link header."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import refusal
from localhub.bodies import number


def start_of(request: Request) -> int:
    """How many entries the earlier pages had."""
    given = request.query_params.get("cursor")
    if not given:
        return 0
    try:
        return max(0, int(urlsafe_b64decode(given.encode())))
    except ValueError as error:
        raise refusal.bad_request("the cursor is not one of this Hub") from error


def respond(request: Request, rows: Sequence[Any], more: bool) -> Response:
    """The rows of one page; with `more` the address of the page after it."""
    if not more:
        return JSONResponse(rows)
    cursor = urlsafe_b64encode(str(start_of(request) + len(rows)).encode()).decode()
    following = request.url.include_query_params(cursor=cursor)
    return JSONResponse(rows, headers={"Link": f'<{following}>; rel="next"'})


def page_number(request: Request) -> int:
    """`p`, of those lists that count their pages; the first is 0."""
    given = request.query_params.get("p", "0")
    if not (given.isascii() and given.isdigit()) or len(given) > 9:
        raise refusal.bad_request("p is not the number of a page")
    return int(given)


def cut(request: Request, found: Iterable[Any], most: int) -> tuple[list[Any], bool]:
    """What belongs on the page that was asked for, and whether there is more."""
    start, size = start_of(request), number(request, "limit", most, most)
    rows = list(islice(found, start, start + size + 1))
    return rows[:size], len(rows) > size
