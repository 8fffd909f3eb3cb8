"""Pull requests: commits that are proposed on a branch of their own, `refs/pr/N`, and merged or not."""

from collections.abc import Callable
from difflib import unified_diff
from html import escape

from localhub import refusal
from localhub.repositories.blobs import Blobs
from localhub.repositories.commit import Commit, Conflict, Files, merged
from localhub.repositories.discussion import Discussion, Discussions, comment, committed, status_changed
from localhub.repositories.names import PULL
from localhub.repositories.repository import Repositories, Repository

LARGEST_DIFF = 200_000
"""Bytes of a text file whose lines are compared."""


def author(repositories: Repositories, repository: Repository, number: int) -> str | None:
    found = Discussions.of(repositories.folder_of(repository)).find(number)
    return found.author if found else None


def propose(
    repositories: Repositories,
    repository: Repository,
    change: Callable[[Files], Files],
    title: str,
    message: str,
    author: str,
    parent: str | None,
    revision: str,
) -> tuple[Commit, int]:
    """A commit on top of `revision` as a pull request of its own; its number."""
    with repositories.lock:
        number = begin(repositories, repository, title, message, author, revision, "open").number
        repository = repositories.current(repository)
        try:
            made = repositories.commit(repository, change, title, message, author, parent, f"refs/pr/{number}")
        except refusal.Refusal:
            withdraw(repositories, repository, number)
            raise
        note_commit(repositories, repository, number, made)
    return made, number


def append(
    repositories: Repositories,
    repository: Repository,
    change: Callable[[Files], Files],
    title: str,
    message: str,
    author: str,
    parent: str | None,
    revision: str,
) -> Commit:
    """A commit on a branch, or on a pull request that is not closed yet."""
    pull = PULL.fullmatch(revision)
    with repositories.lock:
        if pull and Discussions.of(repositories.folder_of(repository)).get(int(pull[1])).status not in (
            "open",
            "draft",
        ):
            raise refusal.bad_request(f"the pull request {pull[1]} is not open any more")
        made = repositories.commit(repository, change, title, message, author, parent, revision)
        if pull:
            note_commit(repositories, repository, int(pull[1]), made)
    return made


def begin(
    repositories: Repositories, repository: Repository, title: str, text: str, by: str, revision: str, status: str
) -> Discussion:
    """A pull request without commits yet."""
    base = repositories.revision(repository, revision)
    discussions = Discussions.of(repositories.folder_of(repository))
    pull = discussions.begin(title, text, by, base=base.sha, status=status)
    repositories.update(
        repository, lambda fresh: fresh.model_copy(update={"pulls": fresh.pulls | {pull.number: base.sha}})
    )
    return pull


def withdraw(repositories: Repositories, repository: Repository, number: int) -> None:
    Discussions.of(repositories.folder_of(repository)).remove(number)
    repositories.update(
        repository,
        lambda fresh: fresh.model_copy(
            update={"pulls": {other: sha for other, sha in fresh.pulls.items() if other != number}}
        ),
    )


def note_commit(repositories: Repositories, repository: Repository, number: int, made: Commit) -> None:
    discussions = Discussions.of(repositories.folder_of(repository))
    discussions.add(number, committed(made.author, made.title, made.sha))


def conflicts(repositories: Repositories, repository: Repository, pull: Discussion) -> list[str]:
    """The files for which the pull request cannot be merged."""
    try:
        result(repositories, repository, pull)
    except Conflict as conflict:
        return conflict.paths
    return []


def result(repositories: Repositories, repository: Repository, pull: Discussion) -> Files:
    trees = [repositories.revision(repository, name).files for name in (pull.base, "main", f"refs/pr/{pull.number}")]
    return merged(*trees)


def merge(repositories: Repositories, repository: Repository, number: int, by: str, text: str | None) -> Commit:
    """Bring the changes into main in one commit. Refuses what is not open, or stands against a change of main."""
    discussions = Discussions.of(repositories.folder_of(repository))
    with repositories.lock:
        pull = discussions.get(number)
        if not pull.base:
            raise refusal.bad_request(f"{number} is a discussion and not a pull request")
        if pull.status != "open":
            raise refusal.bad_request(f"a pull request that is {pull.status} cannot be merged; it has to be open")
        try:
            files = result(repositories, repository, pull)
        except Conflict as conflict:
            raise refusal.Refusal(409, f"This pull request has merge conflicts: {conflict}") from conflict
        made = repositories.commit(repository, lambda head: files, f"{pull.title} (#{number})", "", by)
        events = [*([comment(by, text)] if text else []), status_changed(by, "merged")]
        discussions.save(pull.model_copy(update={"status": "merged", "merged": made.sha}).plus(*events))
    return made


def diff(blobs: Blobs, old: Files, new: Files) -> str:
    """What changed, as `git diff` shows it; of binary and large files only that they differ."""
    lines: list[str] = []
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        was, became = f"a/{path}" if before else "/dev/null", f"b/{path}" if after else "/dev/null"
        lines.append(f"diff --git a/{path} b/{path}\n")
        left, right = text(blobs, old, path), text(blobs, new, path)
        if left is None or right is None:
            lines.append(f"Binary files {was} and {became} differ\n")
            continue
        compared = unified_diff(left.splitlines(keepends=True), right.splitlines(keepends=True), was, became)
        lines += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in compared]
    return "".join(lines)


def text(blobs: Blobs, files: Files, path: str) -> str | None:
    blob = files.get(path)
    if blob is None:
        return ""
    if blob.sha256 or blob.size > LARGEST_DIFF:
        return None
    try:
        return blobs.read(blob).decode()
    except UnicodeDecodeError:
        return None


def as_html(markdown: str) -> str:
    """Safe to show; the marks of Markdown stay as they were written."""
    return f"<p>{escape(markdown)}</p>" if markdown else ""
