"""The key that signs who somebody is (RS256), made when it is first needed and kept for its owner's eyes only."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localhub import durable

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey


class SigningKey:
    """What it needs to sign is imported late: most Hubs never see anybody sign in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key: RSAKey | None = None
        self.making = asyncio.Lock()

    async def sign(self, claims: dict[str, Any]) -> str:
        """A JSON Web Token; Any: the claims of OpenID Connect."""
        from joserfc import jwt

        key = await self.opened()
        return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)

    async def public(self) -> dict[str, Any]:
        """Any: a JSON Web Key, as RFC 7517 writes it."""
        key = await self.opened()
        return {**key.as_dict(private=False), "use": "sig", "alg": "RS256"}

    async def opened(self) -> "RSAKey":
        async with self.making:
            if self.key is None:
                self.key = await asyncio.to_thread(self.open)
        return self.key

    def open(self) -> "RSAKey":
        from joserfc.jwk import RSAKey

        if not self.path.exists():
            made = RSAKey.generate_key(2048, auto_kid=True)
            durable.write_json(self.path, made.as_dict(private=True), mode=0o600)
        return RSAKey.import_key(json.loads(self.path.read_bytes()))
