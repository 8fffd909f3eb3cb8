"""The tokens that were handed out by OAuth, kept as hashes: they outlive a restart, and nobody can read them here."""

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Literal

from localhub import durable
from localhub.frozen import Frozen
from localhub.people.users import Credential, Users
from localhub.repositories.repository import now

PREFIX = "hf_oauth_"
"""How the Hub's begin; clients look for the `hf_`."""


class Grant(Frozen):
    """What a user allowed an app, and until when."""

    kind: Literal["access", "refresh"] = "access"
    user: str
    client: str
    name: str
    """Of the app, for people."""

    scopes: tuple[str, ...]
    created: str
    expires: float
    code: str = ""
    """The hash of the code that it was fetched with."""


class Grants:
    def __init__(self, path: Path) -> None:
        self.path = path
        kept = json.loads(path.read_bytes()) if path.exists() else {}
        self.grants = {digest: Grant.model_validate(grant) for digest, grant in kept.items()}

    def issue(
        self,
        user: str,
        client: str,
        name: str,
        scopes: tuple[str, ...],
        seconds: float,
        kind: Literal["access", "refresh"] = "access",
        code: str = "",
    ) -> str:
        """A new token, on the disk before anybody has it. Those that are over are forgotten."""
        token = PREFIX + secrets.token_urlsafe(30)
        moment = time.time()
        grant = Grant(
            kind=kind,
            user=user,
            client=client,
            name=name,
            scopes=scopes,
            created=now(),
            expires=moment + seconds,
            code=digest(code) if code else "",
        )
        self.grants = {key: known for key, known in self.grants.items() if known.expires > moment}
        self.grants[digest(token)] = grant
        self.save()
        return token

    def save(self) -> None:
        durable.write_json(self.path, {key: grant.model_dump() for key, grant in self.grants.items()}, mode=0o600)

    def credential(self, token: str, users: Users) -> Credential | None:
        grant = self.grants.get(digest(token))
        user = users.named(grant.user) if grant and grant.kind == "access" else None
        if grant is None or user is None:
            return None
        return Credential(
            user=user,
            kind="oauth",
            scopes=grant.scopes,
            expires=grant.expires,
            name=grant.name,
            created=grant.created,
            client=grant.client,
        )

    def revoke(self, code: str, client: str) -> None:
        """What an app fetched with a code that comes a second time: somebody else may have it (RFC 6749, 4.1.2)."""
        kept = {
            key: known for key, known in self.grants.items() if (known.code, known.client) != (digest(code), client)
        }
        if len(kept) < len(self.grants):
            self.grants = kept
            self.save()

    def redeem(self, token: str, client: str) -> Grant | None:
        """What a refresh token was given for; it is used up by this."""
        grant = self.grants.get(digest(token))
        if grant is None or grant.kind != "refresh" or grant.client != client or grant.expires <= time.time():
            return None
        del self.grants[digest(token)]
        self.save()
        return grant


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
