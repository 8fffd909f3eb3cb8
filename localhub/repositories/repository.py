"""Repositories and their commits on the disk.

One folder a repository: `repo.json` names the heads, `commits/<sha>.json` holds a commit with its whole tree. A
commit counts once `repo.json` names it, so a crash leaves the old head. Safe for threads, not for two processes.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from localhub import durable, refusal
from localhub.frozen import Frozen
from localhub.repositories import records
from localhub.repositories.blobs import Blobs, Drafts
from localhub.repositories.commit import Commit, Files, now, write_commit
from localhub.repositories.moves import Moves
from localhub.repositories.names import PULL, SHA, check_folders, check_name

__all__ = ["PLURALS", "Access", "Commit", "Files", "Repositories", "Repository", "now"]

PLURALS = {"models": "model", "datasets": "dataset", "spaces": "space"}
MAIN = ("main", "HEAD", "refs/heads/main")

Gate = Literal["auto", "manual"] | Literal[False]


class Access(Frozen):
    """What somebody was told who asked for the files of a gated repository."""

    status: Literal["pending", "accepted", "rejected"]
    asked: str
    fields: dict[str, Any] = {}


class Tag(Frozen):
    sha: str
    message: str = ""


class Repository(Frozen):
    kind: str
    """model, dataset or space"""

    namespace: str
    name: str
    private: bool
    created: str
    head: str
    """The sha of the last commit of the branch main."""

    branches: dict[str, str] = {}
    """The heads of all other branches."""

    tags: dict[str, Tag] = {}
    pulls: dict[int, str] = {}
    """The heads of the pull requests, by number."""

    gated: Gate = False
    access: dict[str, Access] = {}
    """Who has asked for the files, by the user's name."""

    likes: dict[str, str] = {}
    """When each user came to like it."""

    client: str = ""
    """The OAuth app that made it for its owner; empty when none did."""

    @property
    def id(self) -> str:
        return f"{self.namespace}/{self.name}"

    def sha(self, revision: str) -> str | None:
        """What a branch, a tag or a pull request points to now."""
        if revision in MAIN:
            return self.head
        if pull := PULL.fullmatch(revision):
            return self.pulls.get(int(pull[1]))
        branch, tag = revision.removeprefix("refs/heads/"), revision.removeprefix("refs/tags/")
        if branch in self.branches:
            return self.branches[branch]
        return self.tags[tag].sha if tag in self.tags else None

    def advanced(self, revision: str, sha: str) -> "Repository":
        """The same with another head of a branch or pull request; refuses what is neither."""
        if revision in MAIN:
            return self.model_copy(update={"head": sha})
        if (pull := PULL.fullmatch(revision)) and int(pull[1]) in self.pulls:
            return self.model_copy(update={"pulls": self.pulls | {int(pull[1]): sha}})
        branch = revision.removeprefix("refs/heads/")
        if branch in self.branches:
            return self.model_copy(update={"branches": self.branches | {branch: sha}})
        raise refusal.no_revision(revision)


class Repositories:
    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self.folder = folder
        self.blobs = blobs
        self.lock = threading.RLock()
        self.moves = Moves(folder / "moved.json")
        for grave in folder.glob(".deleted-*"):
            shutil.rmtree(grave)

    def place(self, kind: str, namespace: str, name: str) -> Path:
        return self.folder / f"{kind}s" / check_name(namespace) / check_name(name)

    def find(self, kind: str, namespace: str, name: str) -> Repository | None:
        try:
            return self.record(self.place(kind, namespace, name) / "repo.json")
        except (FileNotFoundError, refusal.Refusal):
            return None

    def all(self, kind: str) -> Iterator[Repository]:
        for record in sorted((self.folder / f"{kind}s").glob("*/*/repo.json")):
            yield self.record(record)

    def record(self, path: Path) -> Repository:
        """The place tells the name, also when a move was cut short before the record could."""
        read, place = records.read(Repository, path), path.parent
        if (read.namespace, read.name) == (place.parent.name, place.name):
            return read
        return read.model_copy(update={"namespace": place.parent.name, "name": place.name})

    def folder_of(self, repository: Repository) -> Path:
        return self.place(repository.kind, repository.namespace, repository.name)

    def create(self, kind: str, namespace: str, name: str, private: bool, files: Mapping[str, bytes]) -> Repository:
        with Drafts(self.blobs) as drafts:
            kept = {path: drafts.keep(data) for path, data in files.items()}
        return self.create_with(kind, namespace, name, private, kept)

    def create_with(
        self,
        kind: str,
        namespace: str,
        name: str,
        private: bool,
        files: Files,
        title: str = "initial commit",
        client: str = "",
    ) -> Repository:
        """The same with files that are kept already, and the OAuth app that makes it."""
        folder = self.place(kind, namespace, name)
        with self.lock:
            if (folder / "repo.json").exists():
                raise refusal.Refusal(409, f"You already created this {kind} repo")
            shutil.rmtree(folder, ignore_errors=True)  # what an interrupted creation has left
            first = write_commit(folder, None, title, "", namespace, files)
            repository = Repository(
                kind=kind,
                namespace=namespace,
                name=name,
                private=private,
                created=first.date,
                head=first.sha,
                client=client,
            )
            self.moves.forget(kind, repository.id)
            self.save(repository)
        return repository

    def save(self, repository: Repository) -> None:
        durable.write(self.folder_of(repository) / "repo.json", repository.model_dump_json(indent=1).encode())

    def delete(self, repository: Repository) -> None:
        """Gone for readers in one step; what has to be removed after that may take its time."""
        grave = self.folder / f".deleted-{repository.created}-{repository.head}".replace(":", "")
        with self.lock:
            folder = self.folder_of(repository)
            if not folder.exists():
                raise refusal.no_repository(signed_in=True)
            folder.rename(grave)
        shutil.rmtree(grave)

    def move(self, repository: Repository, namespace: str, name: str) -> Repository:
        """To another name; who asks for the old one is sent on."""
        place = self.place(repository.kind, namespace, name)
        with self.lock:
            repository = self.current(repository)
            if (place / "repo.json").exists():
                raise refusal.Refusal(409, f"There is a {repository.kind} {namespace}/{name} already")
            moved = repository.model_copy(update={"namespace": namespace, "name": name})
            shutil.rmtree(place, ignore_errors=True)  # what an interrupted creation has left
            place.parent.mkdir(parents=True, exist_ok=True)
            self.folder_of(repository).rename(place)
            self.save(moved)
            self.moves.forget(moved.kind, moved.id)
            self.moves.note(moved.kind, repository.id, moved.id)
        return moved

    def set_private(self, repository: Repository, private: bool) -> Repository:
        return self.update(repository, lambda fresh: fresh.model_copy(update={"private": private}))

    def update(self, repository: Repository, change: Callable[[Repository], Repository]) -> Repository:
        """Put `change` of the record as it is now in its place."""
        with self.lock:
            fresh = self.current(repository)
            changed = change(fresh)
            if changed != fresh:
                self.save(changed)
        return changed

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
        revision: str = "main",
    ) -> Commit:
        """Put `change` of the head's tree on top of it. With a `parent` the head must still be that commit."""
        with self.lock:
            repository = self.current(repository)
            head = self.revision(repository, revision)
            if parent and not head.sha.startswith(parent.lower()):
                raise refusal.Refusal(412, "A commit has happened since. Please refresh and try again.")
            files = change(dict(head.files))
            check_folders(files)
            if files == head.files:
                return head
            commit = self.write(repository, head.sha, title, message, author, files)
            self.save(repository.advanced(revision, commit.sha))
        return commit

    def write(
        self, repository: Repository, parent: str | None, title: str, message: str, author: str, files: Files
    ) -> Commit:
        """A commit that no branch has yet."""
        folder = self.folder_of(repository)
        return write_commit(folder, parent, title, message, author or repository.namespace, files)

    def revision(self, repository: Repository, revision: str) -> Commit:
        """By a branch, a tag, `refs/...`, or the first digits of a sha."""
        commits = self.folder_of(repository) / "commits"
        sha = repository.sha(revision) or revision.lower()
        path = commits / f"{sha}.json"
        if SHA.fullmatch(sha) and path.exists():
            return records.commit(path)
        if 7 <= len(sha) < 40 and set(sha) <= set("0123456789abcdef"):
            found = list(commits.glob(f"{sha}*.json"))
            if len(found) == 1:
                return records.commit(found[0])
        raise refusal.no_revision(revision)

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
