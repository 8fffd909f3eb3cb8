"""What this Hub refuses to whom although it could do it: the real Hub's plans, payments and quotas, as a table.

The table is data. Rows of the data folder's own `refusals.json` come before those of refusals.yaml, so a row of one's
own always wins, and one that allows every action switches all refusals off.
"""

import json
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field

from localhub import durable
from localhub.frozen import Frozen
from localhub.people.users import Credential, Organization, User, Users
from localhub.refusal import Refusal
from localhub.repositories.repository import Repositories
from localhub.spaces import settings

DEFAULT = Path(__file__).with_name("refusals.yaml")

Patterns = tuple[str, ...]
Count = Callable[[str, Patterns], int]
"""How many Spaces a namespace has on hardware of one of these patterns."""


class Row(Frozen):
    action: Patterns = ("*",)
    plan: tuple[Literal["free", "pro", "team"], ...] = ("free", "pro", "team")
    auth: tuple[Literal["access_token", "oauth"], ...] = ("access_token", "oauth")
    flavor: Patterns = ("*",)
    sdk: Patterns = ("*",)
    can_pay: bool | None = None
    credits_at_most: float | None = None
    spaces_at_least: int | None = None
    status: Annotated[int, Field(ge=400, le=503)] | None = None
    """None to allow what fits."""

    message: str = ""
    code: str | None = None

    def fits(self, action: str, auth: str, payer: User | Organization, flavor: str, sdk: str) -> bool:
        return (
            matches(action, self.action)
            and payer.plan in self.plan
            and auth in self.auth
            and matches(flavor, self.flavor)
            and matches(sdk, self.sdk)
            and self.can_pay in (None, payer.can_pay)
            and (self.credits_at_most is None or payer.credits <= self.credits_at_most)
        )


class Policy:
    def __init__(self, path: Path, users: Users, count: Count) -> None:
        self.path = path
        self.users = users
        self.count = count
        own = json.loads(path.read_bytes()) if path.exists() else []
        self.rows = (*read(own), *read(yaml.safe_load(DEFAULT.read_bytes())))

    def put_first(self, rows: Sequence[Row]) -> None:
        """Keep these as the rows of this data folder."""
        durable.write_json(self.path, [row.model_dump() for row in rows])
        self.rows = (*rows, *read(yaml.safe_load(DEFAULT.read_bytes())))

    def check(
        self,
        action: str,
        credential: Credential,
        namespace: str,
        *,
        sdk: str | None = None,
        hardware: str | None = None,
        flavor: str | None = None,
    ) -> None:
        """Raise the Refusal of the first row that fits. Without hardware a Space is asked for on cpu-basic."""
        payer = self.users.organization(namespace) or credential.user
        wanted = flavor or hardware or "cpu-basic"
        for row in self.rows:
            if not row.fits(action, credential.kind, payer, wanted, sdk or ""):
                continue
            if row.spaces_at_least is not None and self.count(namespace, row.flavor) < row.spaces_at_least:
                continue
            if row.status is not None:
                raise Refusal(row.status, row.message, row.code)
            return


def counting(repositories: Repositories) -> Count:
    """Counts the Spaces that are not paused, from what is kept of each."""

    def count(namespace: str, flavors: Patterns) -> int:
        own = (space for space in repositories.all("space") if space.namespace == namespace)
        kept = (settings.read(repositories.folder_of(space)) for space in own)
        return sum(not each.paused and matches(each.hardware, flavors) for each in kept)

    return count


def read(rows: list[object]) -> tuple[Row, ...]:
    return tuple(Row.model_validate(row) for row in rows)


def matches(value: str, patterns: Patterns) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)
