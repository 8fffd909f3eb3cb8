"""What is different when the page is a Space itself: whose Hub it means, where it listens, and where runs are kept."""

import os
from collections.abc import Mapping
from pathlib import Path

from core.settings import HUB, Settings

MOUNT = Path("/data")
"""Where a Space sees the bucket that is mounted for it, unless its owner has chosen another place."""

PORT = 7860
"""Where the Hub's proxy looks for a Space."""

EVERY_INTERFACE = "0.0.0.0"  # noqa: S104  # of a Space's container, which only the Hub's proxy reaches


def on_a_space(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("SPACE_ID")) or environment.get("SYSTEM") == "spaces"


def hosted(
    settings: Settings, environment: Mapping[str, str], *, chosen: bool = False, mount: Path = MOUNT
) -> Settings:
    """The settings for a Space. `chosen`: its owner has said where runs are kept, so that stays.

    Without a bucket runs lie on the Space's own disk, which is gone with its next restart.
    """
    changes: dict[str, object] = {"token": None, "consent": False}
    if settings.endpoint is None:
        changes["endpoint"] = environment.get("HF_ENDPOINT") or HUB
    if not chosen and lasting(environment, mount):
        changes["runs"] = mount / "runs"
    return settings.model_copy(update=changes)


def lasting(environment: Mapping[str, str], mount: Path = MOUNT) -> bool:
    """Whether runs outlive a restart of the Space."""
    return bool(environment.get("SPACEWRIGHT_RUNS")) or (mount.is_dir() and os.access(mount, os.W_OK))


def place(environment: Mapping[str, str], port: int | None) -> tuple[str, int | None]:
    """Host and port to listen at: loopback, or every interface of a Space; the environment may say otherwise."""
    name = environment.get("GRADIO_SERVER_NAME")
    if not on_a_space(environment):
        return name or "127.0.0.1", port
    told = environment.get("GRADIO_SERVER_PORT", "")
    return name or EVERY_INTERFACE, port if port is not None else int(told) if told.isdecimal() else PORT
