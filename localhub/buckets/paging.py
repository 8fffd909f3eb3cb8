"""Lists that come page by page: the next page's address is in the Link header, as the clients expect it."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.requests import Request

from localhub import hub, refusal

Item = TypeVar("Item")

MOST = 1000
"""Items of a page."""


def page(request: Request, items: Sequence[Item], key: Callable[[Item], str]) -> tuple[list[Item], dict[str, str]]:
    """The items of the page that is asked for, and the headers. `items` are in the order of their keys.

    The cursor is the last key that was told, so a list that changes between two pages loses nothing that stayed.
    """
    try:
        limit = min(int(request.query_params.get("limit") or MOST), MOST)
    except ValueError as error:
        raise refusal.bad_request("limit is not a number") from error
    if limit < 1:
        raise refusal.bad_request("limit must be at least 1")
    cursor = request.query_params.get("cursor")
    first = bisect_right(items, cursor, key=key) if cursor is not None else 0
    told = list(items[first : first + limit])
    if first + limit >= len(items):
        return told, {}
    # Not the Host of the request: the clients send their token to wherever this points.
    following = request.url.include_query_params(cursor=key(told[-1]))
    address = f"{hub.of(request).endpoint}{request.scope['raw_path'].decode('ascii')}?{following.query}"
    return told, {"Link": f'<{address}>; rel="next"'}
