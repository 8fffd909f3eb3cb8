"""The page where a browser is signed in by a token that somebody types, before a page that needs to know who it is.

The form comes back to the address of that page, which gives it to `enter`.
"""

from starlette.requests import Request
from starlette.responses import Response

from localhub.people import question, session

TOKEN = "token"  # noqa: S105  the name of a field

UNKNOWN = "No user of this Hub has this token, or it may not write."

BUTTON = '<p><button name="decision" value="enter">Sign in</button></p>'


def show(request: Request, told: str, wrong: str = "", fields: str = "") -> Response:
    """`told` is HTML: what is wanted. `wrong` says what is wrong with the token that was typed."""
    ways = (
        "<p>Open the address that the Hub has told when it began, and then this page again; or type a token of yours "
        "that may write.</p>"
    )
    told += f"<p><strong>{wrong}</strong></p>" if wrong else ""
    typed = f'<p><label>Token <input name="{TOKEN}" type="password" required autocomplete="off"></label></p>'
    page = question.ask(request, "Sign in first", told + ways, fields + typed, buttons=BUTTON)
    page.status_code = 401
    return page


def enter(request: Request, form: dict[str, str], then: str) -> Response | None:
    """Signed in and back to the page `then`; None when it is no such form, or nobody's token."""
    user = session.owner_of(request, form.get(TOKEN, ""))
    return session.sign_in(request, user, then, 303) if user else None
