"""What is set for a Space besides its files: whether it is paused, its hardware, its secrets and variables."""

from pathlib import Path

from localhub import durable
from localhub.frozen import Frozen
from localhub.repositories.repository import now


class Entry(Frozen):
    value: str
    description: str | None = None
    updated: str

    def shown(self, secret: bool) -> dict[str, str]:
        """As the API tells it: the value of a secret is never told again."""
        told = {} if secret else {"value": self.value}
        return told | {"updatedAt": self.updated} | ({"description": self.description} if self.description else {})


class Settings(Frozen):
    paused: bool = False
    hardware: str = "cpu-basic"
    sleep_seconds: int | None = None
    secrets: dict[str, Entry] = {}
    variables: dict[str, Entry] = {}

    def environment(self) -> dict[str, str]:
        return {key: entry.value for key, entry in (self.variables | self.secrets).items()}


def entry(value: str, description: str | None = None) -> Entry:
    return Entry(value=value, description=description, updated=now())


def read(folder: Path) -> Settings:
    path = folder / "space.json"
    return Settings.model_validate_json(path.read_bytes()) if path.exists() else Settings()


def save(folder: Path, settings: Settings) -> None:
    """Readable by its owner only, for the secrets."""
    durable.write_json(folder / "space.json", settings.model_dump(), mode=0o600)
