"""Whether an index has versions of the requirements that go together. Nothing is installed, and nothing built."""

import os
import re
import subprocess
import tempfile

from uv import find_uv_bin

from core.factory import Finding, Workspace
from tools.preflight.front_matter import read_front_matter

SECONDS = 180
PYTHON = "3.12"
PLATFORM = "x86_64-manylinux_2_28"
"""Where a Space runs, whatever this machine is."""
UNREACHABLE = re.compile(
    r"dns error|connection refused|timed out|error sending request|failed to fetch|connect error", re.I
)
UNBUILT = re.compile(r"building source distributions|no-build|git operation|requires building", re.I)


def resolve(workspace: Workspace, index: str | None, seconds: float = SECONDS) -> tuple[Finding, ...]:
    """One finding when the requirements do not resolve, or when that could not be found out."""
    text = workspace.files.get("requirements.txt", "")
    # None is nobody to ask; the empty address is uv's own index.
    if index is None:
        return (_unresolved("no package index was named"),) if text.strip() else ()
    try:
        done = _compiled(_with_gradio(workspace, text), index, seconds)
    except subprocess.TimeoutExpired:
        return (_unresolved(f"the index took more than {seconds:g} seconds"),)
    if done.returncode == 0:
        return ()
    words = " ".join(_without(done.stderr, index).split())[:600]
    if UNREACHABLE.search(words):
        return (_unresolved("the package index cannot be reached"),)
    if UNBUILT.search(words):
        return (_unresolved(f"a package would have to be built first: {words}"),)
    return (
        Finding(
            rule="requirements",
            severity="error",
            where="requirements.txt",
            message=f"no versions go together: {words}",
            fix="loosen or correct the versions that are named",
        ),
    )


def _compiled(text: str, index: str, seconds: float) -> subprocess.CompletedProcess[str]:
    named = ["--default-index", index] if index else []
    with tempfile.TemporaryDirectory(prefix="requirements-") as folder:
        cache = f"{folder}/cache"
        options = ["--python-version", PYTHON, "--python-platform", PLATFORM, "--only-binary", ":all:", "--quiet"]
        return subprocess.run(
            [find_uv_bin(), "pip", "compile", "-", *options, *named, "--cache-dir", cache],
            input=text,
            env={"PATH": os.defpath, "HOME": folder, "UV_NO_CONFIG": "1", "UV_HTTP_RETRIES": "1", "NO_COLOR": "1"},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
        )


def _without(words: str, index: str) -> str:
    """An address may hold a password."""
    return words.replace(index, "the index") if index else words


def _with_gradio(workspace: Workspace, text: str) -> str:
    """The platform installs Gradio beside what is listed, so they have to go together."""
    version = read_front_matter(workspace.files.get("README.md", "")).get("sdk_version")
    return f"{text}\ngradio[oauth]=={version}\n" if version else text


def _unresolved(why: str) -> Finding:
    return Finding(
        rule="requirements", severity="info", where="requirements.txt", message=f"not resolved: {why}", fix=""
    )
