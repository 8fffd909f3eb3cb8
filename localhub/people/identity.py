"""What a caller is told about itself, and what clients say without being asked."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import refusal
from localhub.people import profiles


async def whoami(request: Request) -> Response:
    local = request.app.state.hub
    credential = local.users.presented(request.headers)
    if credential is None:
        raise refusal.sign_in()
    return JSONResponse(profiles.whoami(credential, local.users, local.endpoint))


async def agent_harnesses(request: Request) -> Response:
    return JSONResponse({"standardEnvVars": [], "harnesses": {}})


async def telemetry(request: Request) -> Response:
    """Heard and forgotten."""
    return Response()
