"""A commit and its tree: how one is written, and how the changes of two are brought together."""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

from localhub import durable
from localhub.frozen import Frozen
from localhub.repositories.blobs import Blob, git_hash

Files = dict[str, Blob]


class Commit(Frozen):
    sha: str
    parent: str | None
    title: str
    message: str = ""
    author: str
    date: str
    files: Files
    """The whole tree, by path."""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def write_commit(folder: Path, parent: str | None, title: str, message: str, author: str, files: Files) -> Commit:
    """Into the folder of a repository. Its sha is a name of its own; Git would find another."""
    record = {
        "parent": parent,
        "title": title,
        "message": message,
        "author": author,
        "date": now(),
        "files": {path: files[path].model_dump(exclude_none=True) for path in sorted(files)},
    }
    text = json.dumps(record, sort_keys=True) + secrets.token_hex(8)
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    durable.write(folder / "commits" / f"{sha}.json", json.dumps(record | {"sha": sha}, ensure_ascii=False).encode())
    return Commit.model_validate(record | {"sha": sha})


class Conflict(Exception):
    """Both sides have changed these paths, each in another way."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def merged(base: Files, ours: Files, theirs: Files) -> Files:
    """Ours with what theirs has changed since the base; raises Conflict. Whole files only: no lines are mixed."""
    changed = {path for path in base.keys() | theirs.keys() if base.get(path) != theirs.get(path)}
    against = sorted(path for path in changed if ours.get(path) not in (base.get(path), theirs.get(path)))
    if against:
        raise Conflict(against)
    kept = {path: blob for path, blob in ours.items() if path not in changed}
    return kept | {path: theirs[path] for path in changed if path in theirs}


def folders(files: Files) -> dict[str, str]:
    """The Git tree id of every folder, by its path; the root's path is empty."""
    children: dict[str, dict[str, str | None]] = {"": {}}
    for path, blob in files.items():
        parent, _, name = path.rpartition("/")
        children.setdefault(parent, {})[name] = blob.oid
        while parent:
            above, _, name = parent.rpartition("/")
            known = above in children
            children.setdefault(above, {})[name] = None
            if known and above:
                break
            parent = above
    oids: dict[str, str] = {}
    for folder in sorted(children, key=lambda path: (-path.count("/") if path else 1, path)):
        oids[folder] = tree_oid(folder, children[folder], oids)
    return oids


def tree_oid(folder: str, entries: dict[str, str | None], oids: dict[str, str]) -> str:
    """What `git mktree` says: the entries sorted as if a folder's name ended with a slash."""
    lines = []
    for name in sorted(entries, key=lambda name: f"{name}/".encode() if entries[name] is None else name.encode()):
        below = oids[f"{folder}/{name}" if folder else name] if entries[name] is None else None
        mode, oid = ("40000", below) if below else ("100644", entries[name])
        lines.append(f"{mode} {name}\0".encode() + bytes.fromhex(str(oid)))
    return git_hash("tree", b"".join(lines))
