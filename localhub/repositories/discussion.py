"""Discussions and pull requests of one repository, in its `discussions.json`, and the events they consist of."""

import secrets
from pathlib import Path
from typing import Any

from localhub import durable, refusal
from localhub.frozen import Frozen
from localhub.repositories import records
from localhub.repositories.commit import now


class Event(Frozen):
    id: str
    type: str
    """comment, commit, status-change or title-change"""

    created: str
    author: str
    data: dict[str, Any]


class Discussion(Frozen):
    number: int
    title: str
    status: str
    """open or closed; a pull request can also be draft or merged"""

    author: str
    created: str
    events: tuple[Event, ...]
    base: str = ""
    """Of a pull request: the commit it began at."""

    merged: str | None = None

    def plus(self, *events: Event) -> "Discussion":
        return self.model_copy(update={"events": (*self.events, *events)})


class Record(Frozen):
    discussions: dict[int, Discussion] = {}
    last: int = 0


class Discussions:
    """Whoever writes holds the lock of the repositories, so that no change is lost."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, repository: Path) -> "Discussions":
        """By the repository's folder."""
        return cls(repository / "discussions.json")

    def all(self) -> list[Discussion]:
        """The newest first."""
        return sorted(self.record().discussions.values(), key=lambda found: -found.number)

    def find(self, number: int) -> Discussion | None:
        return self.record().discussions.get(number)

    def get(self, number: int) -> Discussion:
        found = self.find(number)
        if found is None:
            raise refusal.Refusal(404, f"There is no discussion {number} in this repository")
        return found

    def begin(self, title: str, text: str, by: str, base: str = "", status: str = "open") -> Discussion:
        record = self.record()
        number = record.last + 1
        events = (comment(by, text),)
        begun = Discussion(
            number=number, title=title, status=status, author=by, created=now(), events=events, base=base
        )
        self.write(Record(discussions=record.discussions | {number: begun}, last=number))
        return begun

    def add(self, number: int, *events: Event) -> None:
        self.save(self.get(number).plus(*events))

    def save(self, discussion: Discussion) -> None:
        record = self.record()
        self.write(Record(discussions=record.discussions | {discussion.number: discussion}, last=record.last))

    def remove(self, number: int) -> None:
        record = self.record()
        self.write(
            Record(
                discussions={key: found for key, found in record.discussions.items() if key != number},
                last=record.last,
            )
        )

    def record(self) -> Record:
        try:
            return records.read(Record, self.path)
        except FileNotFoundError:
            return Record()

    def write(self, record: Record) -> None:
        durable.write(self.path, record.model_dump_json(indent=1).encode())


def event(by: str, type: str, **data: Any) -> Event:
    return Event(id=secrets.token_hex(12), type=type, created=now(), author=by, data=data)


def comment(by: str, text: str) -> Event:
    return event(by, "comment", history=[version(by, text)], edited=False, hidden=False)


def version(by: str, text: str) -> dict[str, str]:
    return {"raw": text, "author": by, "updated": now()}


def edited(old: Event, by: str, text: str) -> Event:
    return old.model_copy(
        update={"data": old.data | {"history": [*old.data["history"], version(by, text)], "edited": True}}
    )


def hidden(old: Event, by: str) -> Event:
    """The text is gone for good."""
    shown = version(by, "This comment has been hidden")
    return old.model_copy(update={"data": old.data | {"history": [shown], "hidden": True, "edited": True}})


def committed(by: str, title: str, sha: str) -> Event:
    return event(by, "commit", subject=title, oid=sha)


def status_changed(by: str, status: str) -> Event:
    return event(by, "status-change", status=status)


def title_changed(by: str, old: str, new: str) -> Event:
    return event(by, "title-change", **{"from": old, "to": new})
