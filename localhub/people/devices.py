"""Signing in a program that has no browser (RFC 8628), as `hf auth login` does: it shows a code, and waits.

What it gets may do nearly everything. So only who is signed in to the Hub's pages, by a token, can let it in.
"""

from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.pages import frame
from localhub.people import entrance, question, session
from localhub.people.clients import HF
from localhub.people.forms import read_form
from localhub.people.oauth import DEVICE_SECONDS
from localhub.people.users import User

INTERVAL = 1
"""Seconds between two questions of the program; the real Hub's 5 would be felt."""


async def begin(request: Request) -> Response:
    """A code for the program, and one for people."""
    form = await read_form(request)
    if form.get("client_id") != HF.id:
        raise refusal.Refusal(401, "invalid_client", error_description="this app cannot sign in by a device code")
    local = hub.of(request)
    device = local.oauth.wait()
    return JSONResponse(
        {
            "device_code": device.code,
            "user_code": device.user_code,
            "verification_uri": f"{local.endpoint}/device",
            "verification_uri_complete": f"{local.endpoint}/device?user_code={device.user_code}",
            "expires_in": DEVICE_SECONDS,
            "interval": INTERVAL,
        }
    )


async def page(request: Request) -> Response:
    """Where people type the code."""
    user = session.signed_in(request)
    if request.method == "POST":
        return await answered(request, user)
    given = request.query_params.get("user_code", "")
    if user is None:
        return sign_in_first(request, given)
    code = escape(given, quote=True)
    told = (
        f"<p>A program (<code>{escape(HF.name)}</code>) waits to act as <code>{escape(user.name)}</code>: to read, "
        "change and delete repositories and to run Jobs. Allow it only if you have just started it.</p>"
    )
    typed = f'<p><label>Its code <input name="user_code" value="{code}" required autocomplete="off"></label></p>'
    return question.ask(request, "Sign in a program", told, typed)


def sign_in_first(request: Request, code: str, wrong: str = "") -> Response:
    told = "<p>A program asks to act as you, and nobody is signed in here.</p>"
    return entrance.show(request, told, wrong, question.field("user_code", code))


async def answered(request: Request, user: User | None) -> Response:
    form = await question.answer(request)
    if entrance.TOKEN not in form and user:
        return decide(request, user.name, form)
    code = form.get("user_code", "")
    entered = entrance.enter(request, form, f"{request.url.path}?{urlencode({'user_code': code})}")
    return entered or sign_in_first(request, code, entrance.UNKNOWN)


def decide(request: Request, user: str, form: dict[str, str]) -> Response:
    oauth = hub.of(request).oauth
    device = oauth.waiting(form.get("user_code", ""))
    if device is None:
        return frame.page("Unknown code", f"<p>Nothing waits for this code.</p><p>{frame.HOME}</p>", 404)
    allowed = form.get("decision") == "allow"
    oauth.decide(device, user if allowed else None)
    return frame.page("Signed in" if allowed else "Denied", f"<p>You can close this page.</p><p>{frame.HOME}</p>")
