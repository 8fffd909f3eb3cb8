"""The OAuth apps of this Hub: every Space whose card says `hf_oauth: true`, and the `hf` command line."""

import hashlib
import hmac
import secrets
import uuid
from typing import Any
from urllib.parse import urlsplit

from localhub.frozen import Frozen
from localhub.people.passes import MONTH, Passes, place_of
from localhub.repositories import card
from localhub.repositories.repository import Repositories, Repository

ALWAYS = ("openid", "profile")
SCOPES = (
    *ALWAYS,
    *("email", "read-billing", "read-memberships", "read-repos", "gated-repos", "contribute-repos", "write-repos"),
    *("manage-repos", "read-collections", "write-collections", "inference-api", "read-endpoints", "write-endpoints"),
    *("jobs", "webhooks", "write-discussions"),
)

DEVICE = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"
"""The command line's client id, a constant of huggingface_hub 2.4."""

MINUTES = 480
MOST_MINUTES = 43200


class Client(Frozen):
    id: str
    secret: str
    """Empty for an app that can keep none."""

    name: str
    scopes: tuple[str, ...]
    """What it may ask for."""

    seconds: int = MINUTES * 60
    """How long its tokens last."""

    organizations: tuple[str, ...] = ()
    """Whose members alone may sign in; empty for everybody."""

    space: Repository | None = None


HF = Client(id=DEVICE, secret="", name="the hf command line", scopes=SCOPES, seconds=MONTH)
"""huggingface_hub 2.4 renews its token when less than a day is left."""


class Clients:
    """A Space's id and secret follow from this Hub's own secret, so they stay as long as the Space does."""

    def __init__(self, passes: Passes, repositories: Repositories) -> None:
        self.passes = passes
        self.repositories = repositories

    def of(self, space: Repository, facts: dict[str, Any]) -> Client | None:
        """The app that a Space with this card is."""
        if facts.get("hf_oauth") is not True:
            return None
        wanted = card.strings(facts, "hf_oauth_scopes")
        return Client(
            id=str(uuid.UUID(bytes=self.derived("client id", space)[:16], version=4)),
            secret=self.derived("client secret", space).hex(),
            name=space.id,
            scopes=tuple(scope for scope in SCOPES if scope in ALWAYS or scope in wanted),
            seconds=60 * minutes(facts.get("hf_oauth_expiration_minutes")),
            organizations=tuple(card.strings(facts, "hf_oauth_authorized_org")),
            space=space,
        )

    def derived(self, purpose: str, space: Repository) -> bytes:
        return hmac.digest(self.passes.secret, f"{purpose} {place_of(space)}".encode(), hashlib.sha256)

    def named(self, id: str) -> Client | None:
        if id == HF.id:
            return HF
        apps = (self.of(space, self.facts(space)) for space in self.repositories.all("space"))
        return next((app for app in apps if app and app.id == id), None)

    def facts(self, space: Repository) -> dict[str, Any]:
        commit = self.repositories.revision(space, "main")
        try:
            return card.read(self.repositories.read(commit, "README.md"))
        except card.CardError:
            return {}

    def proven(self, id: str, secret: str) -> Client | None:
        """The app of this id, if the secret is its own."""
        client = self.named(id)
        known = client.secret if client else ""
        right = secrets.compare_digest(known.encode(), secret.encode("utf-8", "replace"))
        return client if right else None


def minutes(given: Any) -> int:
    """Any: what a card says."""
    return min(given, MOST_MINUTES) if isinstance(given, int) and given > 0 else MINUTES


def leads_to(redirect: str, host: str) -> bool:
    """Whether an address is of the Space at `host`, http://127.0.0.1:PORT, by either name of this machine."""
    try:
        parts, port = urlsplit(redirect), urlsplit(redirect).port
    except ValueError:
        return False
    plain = redirect.isascii() and redirect.isprintable() and not set(redirect) & set(' \\"<>')
    bare = parts.netloc in (f"127.0.0.1:{port}", f"localhost:{port}") and not parts.fragment
    return plain and bare and parts.scheme == "http" and port == urlsplit(host).port
