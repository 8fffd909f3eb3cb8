"""Uploads to a bucket: hf_xet sends them in Rust, below vcrpy, so each is put on the tape here, as an exchange.

Stands in for the session of hf_xet that huggingface_hub asks for. While a session is recorded the file is really sent;
when it is played nothing is sent, and the hash is the recorded one.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import vcr.request
from vcr.record_mode import RecordMode

from tools.jobs.scripts import names, sources
from window.recording.tape import Tape

UPLOAD = "UPLOAD"
"""In place of a method of HTTP. The address is the bucket's own."""


@contextmanager
def transfers(tape: Tape) -> Iterator[None]:
    """For as long as it lasts, uploads are put on the tape, or come from it."""
    from huggingface_hub.utils import _xet

    before = _xet.get_xet_session
    scripts = {data: f"jobs/{name}/{path}" for name in names() for path, data in sources(name).items()}
    stand_in = _Session(tape, before, scripts)
    _xet.get_xet_session = lambda: stand_in
    try:
        yield
    finally:
        _xet.get_xet_session = before


@dataclass(frozen=True)
class _Session:
    tape: Tape
    true: Callable[[], Any]
    scripts: dict[bytes, str]

    @contextmanager
    def new_upload_commit(self, *, token_refresh_url: str, **options: Any) -> Iterator["_Commit"]:
        bucket = token_refresh_url.rpartition("/")[0]
        if self.tape.record_mode != RecordMode.ALL:
            commit = _Commit()
            yield commit
            for upload in commit.uploads:
                upload.told = self._played(self._asked(bucket, upload.data))
            return
        with self.true().new_upload_commit(token_refresh_url=token_refresh_url, **options) as sent:
            commit = _Commit(sent)
            yield commit
        for upload in commit.uploads:
            done = upload.handle.result().xet_info
            upload.told = {"hash": done.hash, "size": done.file_size}
            self.tape.append(self._asked(bucket, upload.data), _answer(upload.told))

    def _asked(self, bucket: str, data: bytes) -> Any:
        """Rule *script*: of our own script, which runs at the other end like the Hub itself, only the name."""
        named = self.scripts.get(data)
        return vcr.request.Request(UPLOAD, bucket, named.encode() if named else data, {})

    def _played(self, asked: Any) -> dict[str, Any]:
        if not self.tape.can_play_response_for(asked):
            raise AssertionError("a tape that plays says what is missing by itself")
        told: dict[str, Any] = json.loads(self.tape.play_response(asked)["body"]["string"])
        return told


@dataclass
class _Upload:
    data: bytes
    handle: Any
    """hf_xet's own, while a session is recorded."""
    told: dict[str, Any] = field(default_factory=dict)

    def result(self) -> SimpleNamespace:
        """What huggingface_hub 2.4 reads of hf_xet's own result."""
        return SimpleNamespace(xet_info=SimpleNamespace(hash=self.told["hash"], file_size=self.told["size"]))


@dataclass
class _Commit:
    """Only what is sent from memory: nothing of ours is sent from a file."""

    sent: Any = None
    uploads: list[_Upload] = field(default_factory=list)

    def start_upload_bytes(self, data: bytes, **options: Any) -> _Upload:
        upload = _Upload(data, self.sent.start_upload_bytes(data, **options) if self.sent else None)
        self.uploads.append(upload)
        return upload


def _answer(told: dict[str, Any]) -> dict[str, Any]:
    headers = {"content-type": ["application/json"]}
    return {"status": {"code": 200, "message": "OK"}, "headers": headers, "body": {"string": json.dumps(told).encode()}}
