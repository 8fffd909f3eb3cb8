"""A page with a form that asks for a yes or a no, and makes sure that the answer comes from that page."""

import secrets
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people.forms import is_own_page, read_form

PLACE = "consent"
SECONDS = 600

BUTTONS = (
    '<p><button name="decision" value="allow">Allow</button> '
    '<button name="decision" value="deny" class="second">Deny</button></p>'
)


def ask(request: Request, title: str, told: str, fields: str, goes_to: str = "", buttons: str = BUTTONS) -> Response:
    """`told` and `fields` are HTML. The answer is sent to the page's own address and may lead on to `goes_to`."""
    passes = hub.of(request).passes
    cookie = passes.cookie(PLACE)
    browser = request.cookies.get(cookie, "")
    if not (len(browser) == 32 and browser.isalnum()):
        browser = secrets.token_hex(16)
    stamp = field(PLACE, passes.issue(browser, PLACE, SECONDS))
    form = f'<form method="post" action="{request.url.path}">{stamp}{fields}{buttons}</form>'
    response = frame.page(title, told + form)
    # A browser that sends no referrer would call its origin null.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] += f"; form-action 'self' {goes_to}".rstrip()
    response.set_cookie(cookie, browser, max_age=SECONDS, httponly=True, samesite="strict")
    return response


async def answer(request: Request) -> dict[str, str]:
    """The fields of a form that was just shown in this browser; any other is refused."""
    form, passes = await read_form(request), hub.of(request).passes
    browser = passes.name(form.get(PLACE, ""), PLACE)
    if not is_own_page(request) or not browser or browser != request.cookies.get(passes.cookie(PLACE)):
        raise refusal.Refusal(403, "this answer does not come from a page of the Hub that was just shown; begin again")
    return form


def field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'
