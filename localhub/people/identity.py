"""Who is asking: the users of this Hub, their tokens, and what they may see and change."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub import durable, refusal
from localhub.frozen import Frozen


class User(Frozen):
    name: str
    token: str
    fullname: str = ""

    def owns(self, namespace: str) -> bool:
        return namespace == self.name


class Users:
    """The people in `users.json`, which is made once, with one user and a random token, for its owner's eyes only."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            local = User(name="local", fullname="Local user", token="hf_local_" + secrets.token_hex(16))
            durable.write_json(path, [local.model_dump()], mode=0o600)
        self.users = [User(**record) for record in json.loads(path.read_bytes())]

    @property
    def default(self) -> User:
        return self.users[0]

    def bearing(self, token: str) -> User | None:
        for user in self.users:
            if secrets.compare_digest(user.token.encode(), token.encode("utf-8", "replace")):
                return user
        return None

    def named(self, name: str) -> User | None:
        return next((user for user in self.users if user.name == name), None)

    def asking(self, headers: Mapping[str, str]) -> User | None:
        """None without a token. A token that nobody has is refused, as the Hub does."""
        token = bearer(headers.get("authorization", ""))
        if not token:
            return None
        user = self.bearing(token)
        if user is None:
            raise refusal.sign_in()
        return user

    def visiting(self, headers: Mapping[str, str]) -> User | None:
        """The user behind a request to a Space, whose app may use `authorization` for tokens of its own."""
        tokens = [bearer(headers.get(name, "")) for name in ("x-hf-authorization", "authorization")]
        return next((user for token in tokens if token and (user := self.bearing(token))), None)


def bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def object_id(*names: str) -> str:
    """A stable id with the look of the Hub's: 24 hex digits."""
    return hashlib.sha256("/".join(names).encode()).hexdigest()[:24]


async def whoami(request: Request) -> Response:
    users: Users = request.app.state.hub.users
    user = users.asking(request.headers)
    if user is None:
        raise refusal.sign_in()
    token = {"displayName": "local", "role": "write", "createdAt": "2026-01-01T00:00:00.000Z"}
    return JSONResponse(
        {
            "type": "user",
            "id": object_id("user", user.name),
            "name": user.name,
            "fullname": user.fullname,
            "email": None,
            "emailVerified": True,
            "canPay": False,
            "isPro": False,
            "periodEnd": None,
            "avatarUrl": f"{request.app.state.hub.endpoint}/avatar.svg",
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": token},
        }
    )


async def agent_harnesses(request: Request) -> Response:
    return JSONResponse({"standardEnvVars": [], "harnesses": {}})


async def telemetry(request: Request) -> Response:
    """Heard and forgotten."""
    return Response()
