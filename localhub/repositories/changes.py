"""What a commit asks for, read while it arrives: one operation a line, and large files never as a whole.

A file's bytes come in base64 inside its line. From a longer line they go straight to the disk.
"""

import base64
import binascii
import re
from typing import Any, BinaryIO

from localhub import foreign_json, refusal
from localhub.repositories.blobs import Blob, Drafts
from localhub.repositories.large_files import LargeFiles
from localhub.repositories.names import check_path
from localhub.repositories.repository import Files

LONG = 2_000_000
"""Bytes of a line from which on its file is written to the disk while it comes."""

CONTENT = re.compile(rb'"content"\s*:\s*"')


class Content:
    """The base64 of one file on its way to a draft."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.rest = b""
        self.complete = False

    def feed(self, data: bytearray) -> bytearray:
        """Take what belongs to the file; what comes after its closing quote is given back."""
        text, quote, after = data.partition(b'"')
        self.complete = bool(quote)
        if b"\n" in text:
            raise refusal.bad_request("a line of the commit ends within the content of a file")
        text = bytearray(self.rest) + text.replace(b"\\", b"")  # a slash may be written as \/
        whole = len(text) if self.complete else len(text) // 4 * 4
        self.rest = bytes(text[whole:])
        self.file.write(decoded(bytes(text[:whole])))
        return bytearray(quote + after)


def decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise refusal.bad_request(f"the content of a file is not base64: {error}") from error


class Changes:
    def __init__(self, drafts: Drafts, large_files: LargeFiles) -> None:
        self.drafts = drafts
        self.large_files = large_files
        self.pending = bytearray()
        self.skeleton = b""
        """The line around a large file's content, as far as it has come."""

        self.content: Content | None = None
        self.header: dict[str, Any] = {}
        self.files: Files = {}
        self.deleted: list[str] = []
        self.deleted_folders: list[str] = []

    def feed(self, data: bytes) -> None:
        self.pending += data
        while self.step():
            continue

    def finish(self) -> None:
        self.feed(b"\n")
        if self.content:
            raise refusal.bad_request("the commit ends within the content of a file")
        if not isinstance(self.header.get("summary"), str) or not self.header["summary"].strip():
            raise refusal.bad_request("a commit needs a header with a summary")

    def step(self) -> bool:
        """Take the next line, or of a long one the next part. False when more has to come first."""
        if self.content and not self.content.complete:
            self.pending = self.content.feed(self.pending)
            return self.content.complete
        end = self.pending.find(b"\n")
        if end == 0 and not self.skeleton:
            self.pending = self.pending.lstrip(b"\n")  # all that are empty at once
            return True
        if end >= 0:
            self.read(self.skeleton + bytes(self.pending[:end]))
            del self.pending[: end + 1]
            self.skeleton, self.content = b"", None
            return True
        if len(self.pending) < LONG:
            return False
        start = CONTENT.search(self.pending)
        if start is None or self.content:
            raise refusal.too_large(LONG)
        self.skeleton, self.pending = bytes(self.pending[: start.end()]), self.pending[start.end() :]
        self.content = Content(self.drafts.open())
        return True

    def read(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            operation = foreign_json.read(line)
            key, value = operation["key"], operation["value"]
            match key:
                case "header":
                    self.header = dict(value)
                case "file":
                    self.files[check_path(value["path"])] = self.file(value)
                case "lfsFile":
                    self.files[check_path(value["path"])] = self.large_files.blob(value["oid"])
                case "deletedFile":
                    self.deleted.append(check_path(value["path"]))
                case "deletedFolder":
                    self.deleted_folders.append(check_path(value["path"].rstrip("/")))
                case _:
                    raise refusal.bad_request(f"the local Hub does not know the commit operation {key!r}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise refusal.bad_request(f"a line of the commit cannot be read: {error!r}"[:500]) from error

    def file(self, value: dict[str, Any]) -> Blob:
        encoding = value.get("encoding", "base64")
        if self.content:
            if encoding != "base64" or "content" not in value:
                raise refusal.bad_request(f"{value['path']!r} is so large that it has to come in base64")
            return self.drafts.adopt(self.content.file)
        if encoding == "base64":
            return self.drafts.keep(decoded(value["content"].encode()))
        if encoding == "utf-8":
            return self.drafts.keep(value["content"].encode())
        raise refusal.bad_request(f"{value['path']!r} has the unknown encoding {encoding!r}")

    def apply(self, head: Files) -> Files:
        missing = [path for path in self.deleted if path not in head]
        if missing:
            raise refusal.bad_request(f"{missing[0]!r} cannot be deleted: it is not there")
        gone, deleted = tuple(f"{folder}/" for folder in self.deleted_folders), set(self.deleted)
        kept = {path: blob for path, blob in head.items() if path not in deleted and not path.startswith(gone)}
        return kept | self.files
