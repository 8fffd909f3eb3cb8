"""The ZeroGPU quota: seconds of a shared GPU that a user has each day, by plan.

Never used up: nothing here has a GPU, so nothing here can tell how long a call would have held one.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal

SECONDS = {"free": 300, "pro": 2400}
"""A day, by the plan of the user."""


async def quota(request: Request) -> Response:
    credential = hub.of(request).users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    if not credential.may("read-billing"):
        raise refusal.Refusal(403, "this token is not allowed to do that: it needs the scope read-billing")
    seconds = SECONDS[credential.user.plan]
    # No time to reset at, as on the real Hub before the first use.
    return JSONResponse({"base": seconds, "current": seconds, "resetsAt": None, "overquotaUsed": 0})
