"""The OAuth provider of this Hub as one object: its apps, its key, and what was allowed and not yet fetched.

What is pending is lost with the process: whoever was in the middle of signing in begins again. Tokens are kept.
`mock-oauth-token-for-local-dev`, which Gradio hands to apps outside a Space, is nobody's token here either.
"""

import base64
import hashlib
import secrets
import time
from pathlib import Path
from typing import Any, TypeVar

from localhub.frozen import Frozen
from localhub.people.clients import Client, Clients
from localhub.people.grants import Grants
from localhub.people.keys import SigningKey
from localhub.people.passes import Passes
from localhub.repositories.repository import Repositories, Repository

CODE_SECONDS = 300
DEVICE_SECONDS = 900
MOST_PENDING = 1000


class Asked(Frozen):
    """What an app asks for, as it came to /oauth/authorize and as the consent page sends it again."""

    client_id: str
    redirect_uri: str
    scope: str = "openid profile"
    state: str = ""
    nonce: str = ""
    response_type: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.scope.split()))


class Allowed(Frozen):
    """What a user said yes to; the app fetches the token for it with the code."""

    user: str
    asked: Asked
    expires: float


class Device(Frozen):
    """A program without a browser that waits for somebody to say yes in one."""

    code: str
    """Only the program knows it."""

    user_code: str
    """What is shown to people."""

    user: str = ""
    """Who said yes; empty until somebody has."""

    denied: bool = False
    expires: float


Pending = TypeVar("Pending", Allowed, Device)


class OAuth:
    def __init__(self, endpoint: str, folder: Path, passes: Passes, repositories: Repositories, grants: Grants) -> None:
        self.endpoint = endpoint
        self.clients = Clients(passes, repositories)
        self.grants = grants
        self.key = SigningKey(folder / "key.json")
        self.allowed: dict[str, Allowed] = {}
        self.devices: dict[str, Device] = {}
        """By the code that people type."""

    def environment(self, space: Repository, facts: dict[str, Any]) -> dict[str, str]:
        """What the app of a Space with this card finds in its environment; nothing without `hf_oauth: true`.

        Never SPACE_HOST: Gradio would send the browser back to https:// and that name.
        """
        client = self.clients.of(space, facts)
        if client is None:
            return {}
        return {
            "SYSTEM": "spaces",
            "OAUTH_CLIENT_ID": client.id,
            "OAUTH_CLIENT_SECRET": client.secret,
            "OAUTH_SCOPES": " ".join(client.scopes),
            "OPENID_PROVIDER_URL": self.endpoint,
        }

    def allow(self, user: str, asked: Asked) -> str:
        """The code for the app."""
        code = secrets.token_urlsafe(24)
        self.allowed = recent(self.allowed)
        self.allowed[code] = Allowed(user=user, asked=asked, expires=time.time() + CODE_SECONDS)
        return code

    def fetch(self, code: str, client: Client, redirect: str, verifier: str) -> Allowed | None:
        """What was allowed, once, to the app that asked for it and can prove that."""
        found = self.allowed.pop(code, None)
        if found is None or found.expires <= time.time():
            return None
        same = found.asked.client_id == client.id and found.asked.redirect_uri == redirect
        return found if same and challenge(verifier) == found.asked.code_challenge else None

    def wait(self) -> Device:
        """A new device, whose user code has letters that are hard to mistake, and forms no words."""
        self.devices = recent(self.devices)
        letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
        device = Device(
            code=secrets.token_urlsafe(30),
            user_code=f"{letters[:4]}-{letters[4:]}",
            expires=time.time() + DEVICE_SECONDS,
        )
        self.devices[device.user_code] = device
        return device

    def device(self, code: str) -> Device | None:
        """Of a program that asks again with the code that only it knows."""
        given = code.encode("utf-8", "replace")
        waiting = self.devices.values()
        return next((device for device in waiting if secrets.compare_digest(device.code.encode(), given)), None)

    def waiting(self, user_code: str) -> Device | None:
        """The device of the code that somebody typed, if it has no answer yet."""
        device = self.devices.get(user_code.strip().upper())
        open_ = device is not None and device.expires > time.time() and not device.user and not device.denied
        return device if open_ else None

    def decide(self, device: Device, user: str | None) -> None:
        changed = {"user": user} if user else {"denied": True}
        self.devices[device.user_code] = device.model_copy(update=changed)


def recent(pending: dict[str, Pending]) -> dict[str, Pending]:
    """Those that are not over; of too many the newest."""
    live = [(key, each) for key, each in pending.items() if each.expires > time.time()]
    return dict(live[-MOST_PENDING:])


def challenge(verifier: str) -> str:
    """Of PKCE (RFC 7636, S256); an app that sent no challenge must not have a verifier either."""
    if not verifier:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
