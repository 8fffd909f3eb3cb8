"""`/settings/tokens`, which clients and agents.md send people to: here nobody makes tokens in a browser."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub
from localhub.pages import frame


async def show(request: Request) -> Response:
    endpoint = escape(hub.of(request).endpoint)
    return frame.page(
        "Tokens",
        "<p>The local Hub has told the token of its first user in the line it printed when it began. A file given with "
        "<code>--seed</code> names other people, and their tokens with them.</p>"
        f"<pre>export HF_ENDPOINT={endpoint}\nexport HF_TOKEN=...</pre><p>{frame.HOME}</p>",
    )
