"""Repositories and their commits on the disk.

One folder a repository: `repo.json` names the head, `commits/<sha>.json` holds a commit with its whole tree. A
commit counts once `repo.json` names it, so a crash leaves the old head. Safe for threads, not for two processes.
"""

import hashlib
import json
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from localhub import durable, refusal
from localhub.frozen import Frozen
from localhub.repositories.blobs import Blob, Blobs

PLURALS = {"models": "model", "datasets": "dataset", "spaces": "space"}
NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")

Files = dict[str, Blob]


class Repository(Frozen):
    kind: str
    """model, dataset or space"""

    namespace: str
    name: str
    private: bool
    created: str
    head: str
    """The sha of the last commit of the only branch, main."""

    @property
    def id(self) -> str:
        return f"{self.namespace}/{self.name}"


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


def check_path(path: str) -> str:
    """The path of a file in a repository, refused when it could leave the folder it is written to."""
    parts = path.split("/")
    if not path.isprintable() or "\\" in path or any(part in ("", ".", "..", ".git") for part in parts):
        raise refusal.bad_request(f"{path!r} cannot be a path in a repository")
    return path


class Repositories:
    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self.folder = folder
        self.blobs = blobs
        self.lock = threading.Lock()

    def place(self, kind: str, namespace: str, name: str) -> Path:
        for part in (namespace, name):
            if not NAME.fullmatch(part):
                raise refusal.bad_request(f"{part!r} cannot be a name: letters, digits, '-', '_' and '.' can")
        return self.folder / f"{kind}s" / namespace / name

    def find(self, kind: str, namespace: str, name: str) -> Repository | None:
        try:
            record = (self.place(kind, namespace, name) / "repo.json").read_bytes()
        except (FileNotFoundError, refusal.Refusal):
            return None
        return Repository.model_validate_json(record)

    def all(self, kind: str) -> Iterator[Repository]:
        for record in sorted((self.folder / f"{kind}s").glob("*/*/repo.json")):
            yield Repository.model_validate_json(record.read_bytes())

    def folder_of(self, repository: Repository) -> Path:
        return self.place(repository.kind, repository.namespace, repository.name)

    def create(self, kind: str, namespace: str, name: str, private: bool, files: Mapping[str, bytes]) -> Repository:
        folder = self.place(kind, namespace, name)
        with self.lock:
            if (folder / "repo.json").exists():
                raise refusal.Refusal(409, f"You already created this {kind} repo")
            first = self.write_commit(
                folder, None, "initial commit", "", namespace, {path: self.blobs.keep(files[path]) for path in files}
            )
            repository = Repository(
                kind=kind, namespace=namespace, name=name, private=private, created=first.date, head=first.sha
            )
            self.save(repository)
        return repository

    def save(self, repository: Repository) -> None:
        durable.write_json(self.folder_of(repository) / "repo.json", repository.model_dump())

    def delete(self, repository: Repository) -> None:
        """Gone for readers in one step; what has to be removed after that may take its time."""
        grave = self.folder / f".deleted-{secrets.token_hex(8)}"
        with self.lock:
            self.folder_of(repository).rename(grave)
        shutil.rmtree(grave)

    def set_private(self, repository: Repository, private: bool) -> Repository:
        with self.lock:
            fresh = self.current(repository).model_copy(update={"private": private})
            self.save(fresh)
        return fresh

    def current(self, repository: Repository) -> Repository:
        fresh = self.find(repository.kind, repository.namespace, repository.name)
        if fresh is None:
            raise refusal.no_repository(signed_in=True)
        return fresh

    def commit(
        self,
        repository: Repository,
        change: Callable[[Files], Files],
        title: str,
        message: str = "",
        author: str = "",
        parent: str | None = None,
    ) -> Commit:
        """Put `change` of the head's tree on top of it. With a `parent` the head must still be that commit."""
        with self.lock:
            repository = self.current(repository)
            if parent and parent != repository.head:
                raise refusal.Refusal(412, f"A commit has happened since: main is at {repository.head}, not {parent}")
            head = self.revision(repository, "main")
            files = change(dict(head.files))
            check_folders(files)
            if files == head.files:
                return head
            folder = self.folder_of(repository)
            commit = self.write_commit(folder, head.sha, title, message, author or repository.namespace, files)
            self.save(repository.model_copy(update={"head": commit.sha}))
        return commit

    def write_commit(
        self, folder: Path, parent: str | None, title: str, message: str, author: str, files: Files
    ) -> Commit:
        record = {
            "parent": parent,
            "title": title,
            "message": message,
            "author": author,
            "date": now(),
            "files": {path: files[path].model_dump() for path in sorted(files)},
        }
        text = json.dumps(record, sort_keys=True) + secrets.token_hex(8)
        sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        durable.write_json(folder / "commits" / f"{sha}.json", record | {"sha": sha})
        return Commit.model_validate(record | {"sha": sha})

    def revision(self, repository: Repository, revision: str) -> Commit:
        sha = repository.head if revision in ("main", "HEAD", "refs/heads/main") else revision
        path = self.folder_of(repository) / "commits" / f"{sha}.json"
        if not re.fullmatch(r"[0-9a-f]{40}", sha) or not path.exists():
            raise refusal.no_revision(revision)
        return read_commit(path)

    def history(self, repository: Repository, revision: str) -> Iterator[Commit]:
        """From the named commit back to the first."""
        commit = self.revision(repository, revision)
        yield commit
        while commit.parent:
            commit = self.revision(repository, commit.parent)
            yield commit

    def read(self, commit: Commit, path: str) -> bytes | None:
        blob = commit.files.get(path)
        return self.blobs.read(blob) if blob else None


@lru_cache(maxsize=1024)
def read_commit(path: Path) -> Commit:
    """A commit never changes, and its name is its own."""
    return Commit.model_validate_json(path.read_bytes())


def check_folders(files: Files) -> None:
    """A name is a file or a folder, not both: a checkout could not be written."""
    folders = {parent for path in files for parent in parents(path)}
    for path in folders & files.keys():
        raise refusal.bad_request(f"{path!r} is a file and a folder at once")


def parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
