"""Routes in whose addresses `%2F` belongs to a name, as in the branch `feature/x` or the revision `refs/pr/1`."""

from typing import Any
from urllib.parse import unquote

from starlette.routing import Match, Route
from starlette.types import Scope

SLASH = "\0"
"""Stands for a quoted slash while an address is compared; nothing here can have it in its name."""


class Quoted(Route):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        raw = scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
        if "%00" in raw:
            return Match.NONE, {}
        if "%2F" not in raw and "%2f" not in raw:
            return super().matches(scope)
        path = unquote(raw.replace("%2F", SLASH).replace("%2f", SLASH))
        match, child = super().matches({**scope, "path": path})
        found: dict[str, Any] = {
            name: value.replace(SLASH, "/") for name, value in child.get("path_params", {}).items()
        }
        return match, {**child, "path_params": found} if child else child
