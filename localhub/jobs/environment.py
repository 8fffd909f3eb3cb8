"""What a Job finds in its environment: what the real Hub gives, its own variables, and nothing of this Hub's user."""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from localhub import hardware, package_index
from localhub.jobs.job import Job

INHERITED = ("TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
INSTALLS = re.compile(r"\b(uv|uvx|pip3?|npm|npx)\b")
NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def make(job: Job, container: Path, endpoint: str) -> dict[str, str]:
    """Without the Job's own variables and secrets. Every place is below `container`."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    specification = job.specification
    installing = installer() if INSTALLS.search(" ".join(specification.command + specification.arguments)) else {}
    return (
        inherited
        | installing
        | {
            "PATH": path(),
            "LANG": "C.UTF-8",
            "HOME": str(container / "home"),
            "TMPDIR": str(container / "tmp"),
            "HF_HOME": str(container / "home/.cache/huggingface"),
            "HF_ENDPOINT": endpoint,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1,localhost",
            "JOB_ID": job.id,
        }
        | hardware.FLAVORS[specification.flavor].environment()
    )


def path() -> str:
    """The programs beside this Hub's interpreter first: python, uv, hf."""
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))


def installer() -> dict[str, str]:
    """For uv, pip and npm: this machine's package indexes and caches; the interpreter of this Hub and no other.

    Given only to commands that speak of them, because an index may need a password, which stands in its address.
    """
    machine = os.environ
    home = Path(machine.get("HOME") or "/")
    settings = Path(machine.get("XDG_CONFIG_HOME") or home / ".config")
    cache = Path(machine.get("XDG_CACHE_HOME") or home / ".cache")
    index = package_index.environment(machine)
    found = {name: value for name, value in index.items() if name.startswith("UV_") or name in NETWORK}
    found |= {name: value for name, value in machine.items() if name.startswith("PIP_")}
    files = {
        "UV_CONFIG_FILE": settings / "uv/uv.toml",
        "PIP_CONFIG_FILE": first_existing(settings / "pip/pip.conf", home / ".pip/pip.conf"),
        "NETRC": home / ".netrc",
    }
    found = {name: str(file) for name, file in files.items() if file.exists()} | found
    return (
        {"UV_CACHE_DIR": str(cache / "uv")}
        | found
        | npm(home)
        | {"UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROJECT": "1", "NO_COLOR": "1"}
    )


def npm(home: Path) -> dict[str, str]:
    """npm's settings, by its variables and files, and its cache; npm reads all its names in small letters too.

    The file for the whole machine is found from where node is, and a Job may bring a node of its own.
    """
    found = {name: value for name, value in os.environ.items() if name.lower().startswith("npm_config_")}
    given = {name.lower() for name in found}
    node = shutil.which("node")
    files = {"npm_config_userconfig": home / ".npmrc"}
    if node:
        files["npm_config_globalconfig"] = Path(node).parent.parent / "etc/npmrc"
    places = {name: str(file) for name, file in files.items() if file.exists()}
    places |= {"npm_config_cache": str(home / ".npm"), "npm_config_update_notifier": "false"}
    certificates = {name: os.environ[name] for name in ("NODE_EXTRA_CA_CERTS",) if name in os.environ}
    return {name: value for name, value in places.items() if name not in given} | found | certificates


def first_existing(*files: Path) -> Path:
    return next((file for file in files if file.exists()), files[0])


def mapped(command: Sequence[str]) -> list[str]:
    """With this Hub's interpreter for `python` and `python3`, whose own place may have only one of the names."""
    first, *rest = command
    return [sys.executable if first in ("python", "python3") else first, *rest]


def merged(base: Mapping[str, str], *own: Mapping[str, str]) -> dict[str, str]:
    """A Job's own variables win, as in a container."""
    result = dict(base)
    for variables in own:
        result |= variables
    return result
