"""Signed passes: how a browser, which cannot send a token, shows that its user was let in.

A pass is a JSON Web Token (RFC 7519, HS256) that names a user, a place and an end. It says who somebody is, and what
that user may see is asked anew each time. Browsers send cookies to every port of a host, so each place has a cookie
of its own name. An app runs as the user of this Hub and could read the token's file: passes keep other users, other
web pages and other machines out, not the apps.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path

from localhub import durable
from localhub.repositories.repository import Repository

DAY = 24 * 3600
MONTH = 30 * DAY
HUB = "hub"
"""The place that is the Hub's own pages."""

QUERY = "__sign"
COOKIES = "local-hub-"
"""How the name of every cookie of this Hub begins."""


class Passes:
    def __init__(self, path: Path) -> None:
        """The secret in `path` is made once, for its owner's eyes only. Without it every pass is worthless."""
        if not path.exists():
            durable.write(path, secrets.token_bytes(32), mode=0o600)
        self.secret = path.read_bytes()

    def issue(self, user: str, place: str, seconds: int = DAY) -> str:
        content = {"sub": user, "aud": place, "exp": int(time.time()) + seconds}
        signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(content)}"
        return f"{signed}.{self.signature(signed)}"

    def name(self, given: str, place: str) -> str | None:
        """The user whom the pass names; None when it is forged, too old, or for another place."""
        # What cannot be encoded came in a header that is no text, and is not ours.
        signed, _, signature = given.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self.signature(signed).encode()):
            return None
        content = json.loads(decoded(signed.partition(".")[2]))
        if content["aud"] != place or content["exp"] <= time.time():
            return None
        return str(content["sub"])

    def signature(self, signed: str) -> str:
        return text(hmac.digest(self.secret, signed.encode("utf-8", "replace"), hashlib.sha256))

    def cookie(self, place: str) -> str:
        """The name of the cookie that holds a place's pass; a second Hub on this host has other names."""
        return COOKIES + hmac.new(self.secret, f"cookie {place}".encode(), hashlib.sha256).hexdigest()[:16]


def place_of(repository: Repository) -> str:
    """A Space that is deleted and made again is another place."""
    return f"space {repository.id} {repository.created}"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encoded(value: object) -> str:
    return text(json.dumps(value, separators=(",", ":")).encode())


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
