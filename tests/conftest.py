"""Guards for every test: nothing reaches beyond this machine, nothing of the user's own is read."""

import ipaddress
import os
import sys

import pytest

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"
for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT"):
    os.environ.pop(name, None)


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook sees every connection of this process, whatever library makes it."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return
    host = str(address[0])
    if host == "localhost" or ipaddress.ip_address(host.split("%")[0]).is_loopback:
        return
    raise AssertionError(f"{os.environ.get('PYTEST_CURRENT_TEST', 'a test')} tried to reach {host}")


sys.addaudithook(_loopback_only)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes in a test's name would hold the time at which an archive was made, and differ from worker to worker."""
    return argname if isinstance(val, bytes) else None
