"""Whose request it is: the person at this machine, somebody signed in with Hugging Face, or nobody known.

Everybody's runs lie in a folder of their own, and that folder is all that a request can name a run in.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from core.errors import AccessRefused, RecordUnusable
from core.record import RunFolder, Runs
from core.settings import Settings

RUN_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9-]{1,40}")
"""As `Runs.begin` makes them: no dot, no slash, so no way out of the folder."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


@dataclass(frozen=True)
class Visitor:
    name: str
    """Empty for the person at this machine."""
    settings: Settings
    """With the visitor's own token, and their own folder of runs."""

    @property
    def runs(self) -> Runs:
        return Runs(self.settings.runs)

    def folder(self, id: str) -> RunFolder:
        """The run with this id, if it is the visitor's.

        Raises RecordUnusable in the same words whether it is somebody else's or nobody's.
        """
        path = self.settings.runs / id
        if not RUN_ID.fullmatch(id) or not path.is_dir():
            raise RecordUnusable(f"you have no run '{id[:80]}'")
        return RunFolder(path)


class Doorkeeper:
    """Tells visitors apart. `public` is a Space: nobody acts before they have signed in."""

    def __init__(
        self, settings: Settings, *, public: bool, recorded: Callable[[str], RunFolder | None] = lambda id: None
    ) -> None:
        """`recorded` finds the runs that are nobody's: recorded sessions, for everybody to look at."""
        self._settings = settings
        self._recorded = recorded
        self.public = public
        self.hub = str(settings.endpoint)

    def visitor(self, request: HTTPConnection) -> Visitor:
        """Raises AccessRefused when a sign-in is needed first."""
        if not self.public:
            return Visitor("", self._settings)
        known = signed_in(request)
        if known is None:
            raise AccessRefused("sign in with Hugging Face first: every run acts with your own account")
        name, token = known
        return self.of(name, token)

    def sight(self, request: HTTPConnection, id: str) -> RunFolder:
        """A run to look at, and no more: a recorded one, or one of the visitor's own."""
        return self._recorded(id) or self.visitor(request).folder(id)

    def of(self, name: str, token: str) -> Visitor:
        """Somebody whose name the Hub has vouched for. Nothing is shared, not even what was read of the Hub."""
        own = {"runs": self._settings.runs / name.lower(), "home": self._settings.home / "people" / name.lower()}
        return Visitor(name, self._settings.model_copy(update={"token": token, "consent": False, **own}))

    def name(self, request: HTTPConnection) -> str | None:
        """Who is signed in, for the page to say."""
        known = signed_in(request) if self.public else None
        return known[0] if known else None


def signed_in(request: HTTPConnection) -> tuple[str, str] | None:
    """Name and token, as Gradio's sign-in has put them into the signed session cookie."""
    told: Any = request.session.get("oauth_info") if "session" in request.scope else None
    if not isinstance(told, dict) or float(told.get("expires_at") or 0) < time.time():
        return None
    name = str((told.get("userinfo") or {}).get("preferred_username") or "")
    token = str(told.get("access_token") or "")
    return (name, token) if NAME.fullmatch(name) and token else None
