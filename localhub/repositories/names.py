"""What may be the name of a repository, a file in it, a branch or a tag. Everything else is refused."""

import re
from collections.abc import Iterable, Iterator

from localhub import refusal

NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")
SHA = re.compile(r"[0-9a-f]{40}")
PULL = re.compile(r"refs/pr/([1-9][0-9]{0,8})")

LONGEST_PART = 255
"""Bytes of a file's or folder's name; what file systems take."""

LONGEST_PATH = 1024

FORBIDDEN_IN_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|\.(/|$)")


def check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise refusal.bad_request(f"{name!r} cannot be a name: letters, digits, '-', '_' and '.' can")
    return name


def check_path(path: str) -> str:
    """The path of a file in a repository, refused when it could leave the folder it is written to."""
    parts = path.split("/")
    if not path.isprintable() or "\\" in path or any(part.lower() in ("", ".", "..", ".git") for part in parts):
        raise refusal.bad_request(f"{path!r} cannot be a path in a repository")
    if len(path.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_PART for part in parts):
        raise refusal.bad_request(
            f"{path[:80]!r}… is too long: a path may have {LONGEST_PATH} bytes and each name in it {LONGEST_PART}"
        )
    return path


def check_ref(name: str) -> str:
    """The name of a branch or tag, by the rules of git-check-ref-format."""
    bad = FORBIDDEN_IN_REF.search(name) or not name.isprintable() or len(name.encode()) > LONGEST_PART
    if not name or bad or name[0] in "/.-" or name[-1] == "/" or name == "@" or SHA.fullmatch(name):
        raise refusal.bad_request(f"{name[:80]!r} cannot be the name of a branch or tag")
    return name


def check_folders(paths: Iterable[str]) -> None:
    """A name is a file or a folder, not both: a checkout could not be written."""
    files = set(paths)
    for path in {parent for file in files for parent in parents(file)} & files:
        raise refusal.bad_request(f"{path!r} is a file and a folder at once")


def parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
