"""Where the hub of a data folder answers, for those who do not run it. Imports nothing heavy."""

import fcntl
import json
import os
import time
from pathlib import Path

PATIENCE = 3.0
"""Seconds in which a hub that holds the lock must have said where it answers."""


class Taken(Exception):
    """Another hub has this data folder."""


def lock(data: Path, patience: float = 0.5) -> int:
    """Hold the data folder until this process ends; raises Taken. Lost at once when the process is killed."""
    file = os.open(data / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            # Somebody who only looks (see `running`) holds it for a moment.
            if time.monotonic() > deadline:
                os.close(file)
                raise Taken(str(data)) from None
        time.sleep(0.02)


def running(data: Path) -> str | None:
    """The endpoint of the hub that runs on this data folder; None if none does."""
    if not (data / "hub.lock").exists():
        return None
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.close(lock(data, patience=0))
            return None
        except Taken:
            endpoint = told(data)
        if endpoint:
            return endpoint
        time.sleep(0.05)
    return None


def first_token(data: Path) -> str:
    """Of the user who is asked for when no other is named. The file is the one that users.Users keeps."""
    kept = json.loads((data / "users.json").read_bytes())
    first = (kept if isinstance(kept, list) else kept["users"])[0]
    token: str = first["token"] if "token" in first else first["tokens"][0]["secret"]
    return token


def told(data: Path) -> str | None:
    try:
        endpoint: str = json.loads((data / "hub.json").read_bytes())["endpoint"]
        return endpoint
    except (FileNotFoundError, ValueError, KeyError):
        return None
