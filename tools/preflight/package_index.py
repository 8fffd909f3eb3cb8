"""Which package index this machine gets its packages from: what uv or pip are told, else the one that uv knows itself.

The address may hold a password, so it is handed to uv and shown to nobody.
"""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

UVS_OWN = ""
"""The public index, whose address uv has built in."""

_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")


def package_index(environment: Mapping[str, str]) -> str:
    """The address of the one index that is asked when nothing else is said."""
    named = (environment.get(name) for name in _VARIABLES)
    return next(filter(None, named), None) or _of_pip(environment) or UVS_OWN


def _of_pip(environment: Mapping[str, str]) -> str | None:
    """From pip's files, of which the more particular wins."""
    home = Path(environment.get("HOME") or "/")
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf"
    chosen = environment.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return None
    files = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"), home / ".pip/pip.conf", own]
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read([*files, *([Path(chosen)] if chosen else [])], "utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return None  # pip itself would stop here; nothing is to be installed
    return parser.get("install", "index-url", fallback=None) or parser.get("global", "index-url", fallback=None)
