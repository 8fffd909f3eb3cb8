"""The buckets of this Hub: who has which, and where it is on the disk.

One folder a bucket: `bucket.json`, the plain files below `files`, and beside them what can be made again. A Job
or a Space that has the bucket as a volume reads and writes `files` directly. Safe for threads, not for two processes.
"""

import re
import secrets
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from localhub import durable, refusal
from localhub.buckets.contents import Contents
from localhub.frozen import Frozen
from localhub.people.users import User
from localhub.repositories.repository import now

NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")

QUIET = 3600.0
"""Seconds after the last upload from which on a start of the Hub forgets what was uploaded."""


class Bucket(Frozen):
    namespace: str
    name: str
    private: bool
    created: str
    instance: str
    """Names the bucket's part of the store in addresses. A client remembers what it has uploaded there."""

    @property
    def id(self) -> str:
        return f"{self.namespace}/{self.name}"


class Buckets:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock = threading.Lock()
        self.open_contents: dict[str, Contents] = {}
        self.instances: dict[str, Bucket] = {}
        self.departures: Counter[str] = Counter()
        """How often each has lost its place: one may have gone and come back."""
        for grave in root.glob(".deleted-*"):
            shutil.rmtree(grave, ignore_errors=True)
        for bucket in list(self.all()):
            self.tidy(bucket)

    def tidy(self, bucket: Bucket) -> None:
        """After a start: forget what a crash left half written, and uploads that were named long ago."""
        contents = Contents(self.place(bucket.namespace, bucket.name))
        contents.forget_drafts()
        self.instances[bucket.instance] = bucket
        if contents.staging.idle(QUIET):
            self.forget_uploads(bucket, contents)

    def forget_uploads(self, bucket: Bucket, contents: Contents) -> None:
        """First comes the new address: a client that believes in the old one must not find it."""
        self.let_go(bucket)
        self.save(bucket.model_copy(update={"instance": new_instance()}))
        contents.staging.empty()

    def place(self, namespace: str, name: str) -> Path:
        for part in (namespace, name):
            if not NAME.fullmatch(part):
                raise refusal.bad_request(f"{part!r} cannot be a name: letters, digits, '-', '_' and '.' can")
        return self.root / namespace / name

    def find(self, namespace: str, name: str) -> Bucket | None:
        try:
            return self.read(self.place(namespace, name))
        except (FileNotFoundError, refusal.Refusal):
            return None

    def read(self, place: Path) -> Bucket:
        """The folder has its name: a bucket that is just being moved still has the old one in its record."""
        kept = Bucket.model_validate_json((place / "bucket.json").read_bytes())
        return kept.model_copy(update={"namespace": place.parent.name, "name": place.name})

    def at(self, instance: str) -> Bucket | None:
        """The bucket whose part of the store has this name."""
        return self.instances.get(instance)

    def all(self, namespace: str = "*") -> Iterator[Bucket]:
        for record in sorted(self.root.glob(f"{namespace}/*/bucket.json")):
            with suppress(FileNotFoundError):  # deleted meanwhile
                yield self.read(record.parent)

    def visible(self, user: User | None, bucket: Bucket) -> bool:
        return not bucket.private or bool(user and user.owns(bucket.namespace))

    def folder(self, bucket: Bucket) -> Path:
        """The plain files, which are the truth: whoever may write here is a writer of the bucket."""
        return self.contents(bucket).folder.root

    @contextmanager
    def while_there(self, bucket: Bucket) -> Iterator[None]:
        """What fails because the bucket is deleted, or gets another name, meanwhile, fails as if it had not been."""
        before = self.departures[bucket.instance]
        try:
            yield
        except (OSError, sqlite3.Error):
            with self.lock:  # whoever moves it has done so to the end
                if self.at(bucket.instance) == bucket and self.departures[bucket.instance] == before:
                    raise
            raise refusal.no_repository(signed_in=True) from None

    def contents(self, bucket: Bucket) -> Contents:
        with self.lock:
            known = self.at(bucket.instance)
            if known is None or known.id != bucket.id:
                # It has gone from there. What is kept has to lead to where it is.
                return Contents(self.place(bucket.namespace, bucket.name))
            if bucket.instance not in self.open_contents:
                self.open_contents[bucket.instance] = Contents(self.place(bucket.namespace, bucket.name))
            return self.open_contents[bucket.instance]

    def create(self, namespace: str, name: str, private: bool) -> Bucket:
        place = self.place(namespace, name)
        with self.lock:
            if (place / "bucket.json").exists():
                raise refusal.Refusal(409, "You already created this bucket")
            shutil.rmtree(place, ignore_errors=True)
            (place / "files").mkdir(parents=True)
            created = Bucket(namespace=namespace, name=name, private=private, created=now(), instance=new_instance())
            return self.save(created)

    def save(self, bucket: Bucket) -> Bucket:
        durable.write_json(self.place(bucket.namespace, bucket.name) / "bucket.json", bucket.model_dump())
        self.instances[bucket.instance] = bucket
        return bucket

    def set_private(self, bucket: Bucket, private: bool) -> Bucket:
        with self.lock:
            return self.save(self.current(bucket).model_copy(update={"private": private}))

    def current(self, bucket: Bucket) -> Bucket:
        fresh = self.find(bucket.namespace, bucket.name)
        if fresh is None:
            raise refusal.no_repository(signed_in=True)
        return fresh

    def delete(self, bucket: Bucket) -> None:
        """Gone for readers in one step; what has to be removed after that may take its time."""
        grave = self.root / f".deleted-{secrets.token_hex(8)}"
        with self.lock:
            bucket = self.current(bucket)
            self.place(bucket.namespace, bucket.name).rename(grave)
            self.let_go(bucket)
        # A Job may still write there; what is left then goes with the next start.
        shutil.rmtree(grave, ignore_errors=True)

    def move(self, bucket: Bucket, namespace: str, name: str) -> Bucket:
        """Give it another name. A process that has it as a volume keeps the old address and finds nothing there."""
        target = self.place(namespace, name)
        with self.lock:
            bucket = self.current(bucket)
            if target.exists():
                raise refusal.Refusal(409, f"{namespace}/{name} already exists")
            target.parent.mkdir(parents=True, exist_ok=True)
            self.place(bucket.namespace, bucket.name).rename(target)
            self.let_go(bucket)
            return self.save(bucket.model_copy(update={"namespace": namespace, "name": name}))

    def let_go(self, bucket: Bucket) -> None:
        self.departures[bucket.instance] += 1
        self.instances.pop(bucket.instance, None)
        self.open_contents.pop(bucket.instance, None)


def new_instance() -> str:
    return secrets.token_hex(8)
