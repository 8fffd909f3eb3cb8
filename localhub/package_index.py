"""Where this machine gets its packages: the settings of uv and pip, for a build and for nothing else.

An index may need a password, which stands in these settings. So a Space's own process gets none of them.
"""

import configparser
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

KEPT = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "NETRC"),
)

NOT_FOR_BUILDS = ("UV_PUBLISH", "UV_PROJECT", "UV_PYTHON", "UV_SYSTEM", "UV_WORKING", "UV_REQUIRE", "UV_NO_BUILD_ISO")
"""Beginnings of the settings of uv that speak of somebody's project, or that nobody may need here."""

FROM_PIP = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "cert": ("SSL_CERT_FILE",),
    "trusted-host": ("UV_INSECURE_HOST",),
}
"""What pip calls a setting, and what uv calls it; the first name is set when none of them is."""


def environment(machine: Mapping[str, str]) -> dict[str, str]:
    """The environment of a build: the machine's settings of uv, and those of pip where uv has none."""
    kept = {name: machine[name] for name in KEPT if name in machine}
    kept |= {
        name: value for name, value in machine.items() if name.startswith("UV_") and not name.startswith(NOT_FOR_BUILDS)
    }
    pips = pip_settings(machine)
    for setting, names in FROM_PIP.items():
        if setting in pips and not any(name in kept for name in names):
            # pip separates with white space, uv takes commas where an address may hold a space.
            separator = "," if names[0] == "UV_FIND_LINKS" else " "
            kept[names[0]] = separator.join(pips[setting].split())
    if "UV_INDEX" not in machine and "UV_INDEX" in kept:
        kept.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # as pip does, for which these were set
    # Three attempts take uv ten seconds when there is no network at all.
    return {"UV_HTTP_RETRIES": "1"} | kept | {"UV_NO_PROGRESS": "1", "NO_COLOR": "1"}


def pip_settings(machine: Mapping[str, str]) -> dict[str, str]:
    """What pip would be told: by its files, the more particular over the more general, and by its variables."""
    found: dict[str, str] = {}
    for file in configuration_files(machine):
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(file)
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip would stop here; a build may do without
        for section in ("global", "install"):
            found |= dict(parser[section]) if parser.has_section(section) else {}
    variables = {name.removeprefix("PIP_"): value for name, value in machine.items() if name.startswith("PIP_")}
    return found | {name.lower().replace("_", "-"): value for name, value in variables.items()}


def configuration_files(machine: Mapping[str, str]) -> Iterator[Path]:
    own = machine.get("PIP_CONFIG_FILE")
    if own == os.devnull:
        return
    home = Path(machine.get("HOME") or "/")
    yield from (Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"), home / ".pip/pip.conf")
    yield Path(machine.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf"
    if own:
        yield Path(own)
