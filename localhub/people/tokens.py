"""What apps ask an OAuth provider for without a browser: tokens, who somebody is, and where all this is found."""

import base64
import time
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import hub, refusal
from localhub.people.clients import HF, SCOPES, Client
from localhub.people.forms import read_form
from localhub.people.passes import MONTH
from localhub.people.profiles import claims
from localhub.people.users import User

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
NO_STORE = {"Cache-Control": "no-store"}


def refused(error: str, description: str, status: int = 400) -> refusal.Refusal:
    return refusal.Refusal(status, error, error_description=description)


async def configuration(request: Request) -> Response:
    endpoint = hub.of(request).endpoint
    return JSONResponse(
        {
            "issuer": endpoint,
            "authorization_endpoint": f"{endpoint}/oauth/authorize",
            "device_authorization_endpoint": f"{endpoint}/oauth/device",
            "token_endpoint": f"{endpoint}/oauth/token",
            "userinfo_endpoint": f"{endpoint}/oauth/userinfo",
            "jwks_uri": f"{endpoint}/oauth/jwks",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_CODE],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "claims_supported": [
                *("sub", "name", "preferred_username", "profile", "picture", "website", "email", "email_verified"),
                *("isPro", "canPay", "orgs"),
            ],
        }
    )


async def keys(request: Request) -> Response:
    return JSONResponse({"keys": [await hub.of(request).oauth.key.public()]})


async def user_info(request: Request) -> Response:
    local = hub.of(request)
    credential = local.users.presented(request.headers)
    if credential is None or credential.kind != "oauth":
        raise refusal.sign_in()
    return JSONResponse(claims(credential.user, credential.scopes, local.users, local.endpoint))


async def token(request: Request) -> Response:
    """A token for a code, for a device that was let in, or for a refresh token."""
    form = await read_form(request)
    client = app(request, form)
    match form.get("grant_type"):
        case "authorization_code":
            return await for_code(request, client, form)
        case "refresh_token":
            return for_refresh(request, client, form.get("refresh_token", ""))
        case grant_type if grant_type == DEVICE_CODE:
            return for_device(request, client, form.get("device_code", ""))
        case grant_type:
            raise refused("unsupported_grant_type", f"the local Hub does not know the grant type {grant_type}")


def app(request: Request, form: dict[str, str]) -> Client:
    """Who asks, by the id and secret in a header or in the form."""
    id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(given, validate=True).decode()
        except ValueError as error:
            raise refused("invalid_client", "the authorization header cannot be read", 401) from error
        id, _, secret = (unquote_plus(part) for part in pair.partition(":"))
    client = hub.of(request).oauth.clients.proven(id, secret)
    if client is None:
        raise refused("invalid_client", "no Space of this Hub has this client id and secret", 401)
    return client


async def for_code(request: Request, client: Client, form: dict[str, str]) -> Response:
    local = hub.of(request)
    redirect, verifier = form.get("redirect_uri", ""), form.get("code_verifier", "")
    code = form.get("code", "")
    allowed = local.oauth.fetch(code, client, redirect, verifier)
    user = local.users.named(allowed.user) if allowed else None
    if allowed is None or user is None:
        local.oauth.grants.revoke(code, client.id)
        raise refused("invalid_grant", "the code is unknown, used or too old, or was given for something else")
    scopes = allowed.asked.scopes
    answer = issued(request, client, user, scopes, code)
    if "openid" in scopes:
        answer["id_token"] = await local.oauth.key.sign(
            {
                "iss": local.endpoint,
                "aud": client.id,
                "iat": int(time.time()),
                "auth_time": int(time.time()),
                "exp": int(time.time()) + client.seconds,
                **({"nonce": allowed.asked.nonce} if allowed.asked.nonce else {}),
                **claims(user, scopes, local.users, local.endpoint),
            }
        )
    return JSONResponse(answer, headers=NO_STORE)


def issued(request: Request, client: Client, user: User, scopes: tuple[str, ...], code: str = "") -> dict[str, Any]:
    """Any: the answer of RFC 6749, to which others add."""
    grants = hub.of(request).oauth.grants
    given = grants.issue(user.name, client.id, client.name, scopes, client.seconds, code=code)
    return {
        "access_token": given,
        "token_type": "bearer",
        "expires_in": client.seconds,
        "scope": " ".join(scopes),
    }


def renewable(request: Request, client: Client, user: User, scopes: tuple[str, ...]) -> Response:
    """With a refresh token, as programs on a device get one and Spaces do not."""
    refresh = hub.of(request).oauth.grants.issue(user.name, client.id, client.name, scopes, 3 * MONTH, "refresh")
    return JSONResponse(issued(request, client, user, scopes) | {"refresh_token": refresh}, headers=NO_STORE)


def for_refresh(request: Request, client: Client, given: str) -> Response:
    local = hub.of(request)
    grant = local.oauth.grants.redeem(given, client.id)
    user = local.users.named(grant.user) if grant else None
    if grant is None or user is None:
        raise refused("invalid_grant", "the refresh token is unknown, used or too old")
    return renewable(request, client, user, grant.scopes)


def for_device(request: Request, client: Client, code: str) -> Response:
    local = hub.of(request)
    device = local.oauth.device(code) if client.id == HF.id else None
    if device is None:
        raise refused("invalid_grant", "the device code is unknown")
    if device.expires <= time.time():
        raise refused("expired_token", "the device code is too old")
    if device.denied:
        raise refused("access_denied", "the user denied the request")
    user = local.users.named(device.user)
    if user is None:
        raise refused("authorization_pending", "nobody has said yes yet")
    del local.oauth.devices[device.user_code]
    return renewable(request, client, user, client.scopes)
