"""The command of a session as a cassette keeps it: its words, the files it was given, and where it works."""

import base64
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field

from core.errors import InputsRefused
from core.nouns import Frozen

COMMANDS = ("ask", "plan", "card", "validate", "build")
"""The commands that speak to the world; the others have nothing to record."""

FILES = "<files>"
"""Before the name of a file that came with the command."""

LARGEST_FILE = 1_000_000

CHOICES = ("SPACEWRIGHT_MODEL", "SPACEWRIGHT_CODING_MODEL")
"""What the environment may decide about a session, and a cassette keeps."""

NO_INDEX = "http://127.0.0.1:9/simple"

_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSWORD")


class Command(Frozen):
    """`python app.py …`, without where the Hub is and where runs are kept: these are the session's own."""

    words: tuple[str, ...]
    files: dict[str, str] = {}
    """base64 by name."""
    environment: dict[str, str] = {}
    """Of the names in `CHOICES`."""
    seed: str | None = None
    """What the local Hub began with: a path from the cassette's folder."""
    endpoint: str | None = Field(default=None, exclude=True)
    """The Hub that was named, for this recording only: the next may be made with another."""
    local: bool = Field(default=False, exclude=True)

    def unpacked(self, folder: Path) -> list[str]:
        """The words, with the files in the folder and their paths in the words."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(base64.b64decode(content))
        return [word.replace(FILES, str(folder), 1) for word in self.words]


def command_of(words: Sequence[str], seed: str | None = None) -> Command:
    """From what stands behind `--`. Raises InputsRefused for what cannot be recorded."""
    rest = list(words[1:] if words[:1] == ["--"] else words)
    if not rest or rest[0] not in COMMANDS:
        raise InputsRefused(f"record wants a command behind --, one of {', '.join(COMMANDS)}")
    kept: list[str] = [rest.pop(0)]
    files: dict[str, str] = {}
    endpoint, local = None, False
    while rest:
        word = rest.pop(0)
        if word in ("--runs", "--local") or word.startswith("--runs="):
            if word == "--runs":
                rest[:1] = []
            local = local or word == "--local"
        elif word == "--endpoint" and rest and not rest[0].startswith("/"):
            endpoint = rest.pop(0)
        else:
            kept.append(_packed(word, files))
    chosen = {name: os.environ[name] for name in CHOICES if os.environ.get(name)}
    return Command(words=tuple(kept), files=files, environment=chosen, seed=seed, endpoint=endpoint, local=local)


def _packed(word: str, files: dict[str, str]) -> str:
    """The word, with a file that it names put among the files."""
    name, sign, value = word.rpartition("=") if Path(word.rpartition("=")[2]).is_file() else ("", "", word)
    path = Path(value)
    if len(value) > 250 or not path.is_file():
        return word
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        raise InputsRefused(f"{path} has {len(data)} bytes; a cassette takes files of at most {LARGEST_FILE}")
    files[path.name] = base64.b64encode(data).decode()
    return f"{name}{sign}{FILES}/{path.name}"


@contextmanager
def surroundings(command: Command, endpoint: str, token: str | None, folder: Path, runs: Path) -> Iterator[None]:
    """The environment of a session: this Hub, nothing known from before, and no transfers that vcrpy cannot see."""
    values: dict[str, str | None] = {
        **dict.fromkeys(CHOICES),
        **command.environment,
        "HF_ENDPOINT": endpoint,
        "HF_TOKEN": token,
        "HUGGING_FACE_HUB_TOKEN": None,
        "SPACEWRIGHT_HOME": str(folder / "home"),
        "SPACEWRIGHT_RUNS": str(runs),
        # hf_xet speaks HTTP in Rust, below everything that vcrpy can replace; large files go by LFS then.
        "HF_HUB_DISABLE_XET": "1",
        # uv asks an index in a process of its own; nobody answers it, neither now nor when the session is played.
        "UV_DEFAULT_INDEX": NO_INDEX,
    }
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        # It may have read the environment long ago.
        with _attribute("HF_HUB_DISABLE_XET", True), _attribute("ENDPOINT", endpoint):
            yield
    finally:
        _set(before)


@contextmanager
def _attribute(name: str, value: object) -> Iterator[None]:
    """A constant of huggingface_hub for a while."""
    from huggingface_hub import constants

    before = getattr(constants, name)
    setattr(constants, name, value)
    try:
        yield
    finally:
        setattr(constants, name, before)


def secrets_here() -> set[str]:
    """Every value of the environment that its name calls a secret."""
    return {value for name, value in os.environ.items() if _SECRET.search(name) and len(value) >= 8}


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
