"""What is set for a Space besides its files: whether it is paused, its hardware, volumes, secrets and variables."""

import re
from pathlib import Path
from typing import Any

from localhub import durable, hardware, refusal
from localhub.frozen import Frozen
from localhub.mounting import volume
from localhub.mounting.volume import Volume
from localhub.repositories.repository import now

TWO_DAYS = 172_800
"""Seconds after which a Space on free hardware sleeps. It cannot be changed there."""

NEVER = -1
KEY = re.compile(r"[^=\0]+")


class Entry(Frozen):
    value: str
    description: str | None = None
    updated: str

    def shown(self, key: str, secret: bool) -> dict[str, str]:
        """As the API tells it: the value of a secret is never told again."""
        told = {"key": key} if secret else {"value": self.value}
        return told | {"updatedAt": self.updated} | ({"description": self.description} if self.description else {})


class Settings(Frozen):
    paused: bool = False
    hardware: str = hardware.FREE
    sleep_seconds: int | None = None
    """As it was asked for; see `timeout`."""

    dev_mode: bool = False
    secrets: dict[str, Entry] = {}
    variables: dict[str, Entry] = {}
    volumes: tuple[Volume, ...] = ()

    @property
    def timeout(self) -> int | None:
        """Seconds without a request after which the Space sleeps; None for never."""
        if self.hardware in (hardware.FREE, hardware.ZERO):
            return TWO_DAYS
        return None if self.sleep_seconds == NEVER else self.sleep_seconds

    def environment(self) -> dict[str, str]:
        return {key: entry.value for key, entry in (self.variables | self.secrets).items()}


def entry(value: str, description: str | None = None) -> Entry:
    return Entry(value=value, description=description, updated=now())


def checked(key: object, value: object, description: object = None) -> tuple[str, Entry]:
    """A secret or variable as a client sends it, refused when it cannot be in an environment."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise refusal.bad_request("key is missing or cannot be the name of an environment variable")
    text = "" if value is None else str(value)
    if "\0" in text:
        raise refusal.bad_request("a value cannot hold a zero byte")
    return key, entry(text, str(description) if description else None)


def table(items: Any) -> dict[str, Entry]:
    """The secrets or variables of a body, a list of `{key, value, description?}`. Any: it is checked here."""
    if not isinstance(items or [], list) or not all(isinstance(item, dict) for item in items or []):
        raise refusal.bad_request("secrets and variables are lists of objects with key and value")
    return dict(checked(item.get("key"), item.get("value"), item.get("description")) for item in items or [])


def seconds(value: object) -> int | None:
    """A sleep time as a client sends it: -1 for never."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or (value < 1 and value != NEVER):
        raise refusal.bad_request("a sleep time is a number of seconds, or -1 for never")
    return value


def first(body: dict[str, Any]) -> Settings:
    """The settings that POST /api/repos/create and …/duplicate ask for: `hardware`, `sleepTimeSeconds`, `secrets`,
    `variables` and `volumes`. Refuses with 400 what cannot be set."""
    flavor = body.get("hardware")
    return Settings(
        hardware=hardware.flavor(flavor, "space").name if flavor else hardware.FREE,
        sleep_seconds=seconds(body.get("sleepTimeSeconds")),
        secrets=table(body.get("secrets")),
        variables=table(body.get("variables")),
        volumes=volume.read_all(body.get("volumes")),
    )


def read(folder: Path) -> Settings:
    path = folder / "space.json"
    return Settings.model_validate_json(path.read_bytes()) if path.exists() else Settings()


def save(folder: Path, settings: Settings) -> None:
    """Readable by its owner only, for the secrets."""
    durable.write_json(folder / "space.json", settings.model_dump(), mode=0o600)
