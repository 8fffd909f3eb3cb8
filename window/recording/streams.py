"""Logs while a session is recorded: with an end, and without the places of this machine.

Below vcrpy, and for what comes through sync httpx2 only, as huggingface_hub asks.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_EVENTS = (b"data:", b"event:", b"id:", b":")
"""How a stream of server-sent events begins."""


@contextmanager
def logs(renamed: Mapping[str, str]) -> Iterator[None]:
    """For as long as it lasts, a stream of events on which nothing more comes has ended, with what came before.

    huggingface_hub reads a log until nothing comes for some seconds; vcrpy reads to the end, and would lose all of it.
    Unlike anything else, a log is `renamed` at once: it is cut to a length, and names a Job by its hash, so the
    recorded session has to read what a played one reads.
    """
    from httpx2._transports.default import ResponseStream

    before = ResponseStream.__iter__
    ResponseStream.__iter__ = _whole(before, renamed)  # type: ignore[method-assign]  # for a while
    try:
        yield
    finally:
        ResponseStream.__iter__ = before  # type: ignore[method-assign]


def _whole(inner: Callable[[Any], Iterator[bytes]], renamed: Mapping[str, str]) -> Callable[[Any], Iterator[bytes]]:
    from httpx2 import ReadTimeout

    def pieces(self: Any) -> Iterator[bytes]:
        come = bytearray()
        broke: ReadTimeout | None = None
        try:
            for piece in inner(self):
                come += piece
        except ReadTimeout as error:
            broke = error
        log = come.lstrip().startswith(_EVENTS)
        if broke and not log:
            raise broke
        yield _renamed(bytes(come), renamed) if log else bytes(come)

    return pieces


def _renamed(text: bytes, renamed: Mapping[str, str]) -> bytes:
    for word, name in renamed.items():
        text = text.replace(word.encode(), name.encode())
    return text
