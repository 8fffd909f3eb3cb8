"""Logs that have no end, as they are read while a session is recorded."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from window.recording.streams import logs


@contextmanager
def saying(body: bytes) -> Iterator[str]:
    """The address of a server that says this and then keeps its client waiting."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n" + body)
            over.wait(20)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/logs"
    finally:
        over.set()
        thread.join()
        listening.close()


def test_a_log_on_which_nothing_more_comes_has_ended() -> None:
    with saying(b'data: {"data": "up"}\n\n') as url, logs({}), httpx2.Client(timeout=0.3) as client:
        assert client.get(url).text == 'data: {"data": "up"}\n\n'


def test_anything_else_that_stops_in_the_middle_is_still_broken() -> None:
    with (
        saying(b'{"half": ') as url,
        logs({}),
        httpx2.Client(timeout=0.3) as client,
        pytest.raises(httpx2.ReadTimeout),
    ):
        client.get(url)


def test_a_log_does_not_tell_where_this_machine_keeps_its_files() -> None:
    renamed = {"/srv/me/": "/checkout/"}
    with saying(b"data: in /srv/me/app.py\n\n") as url, logs(renamed), httpx2.Client(timeout=0.3) as client:
        assert client.get(url).text == "data: in /checkout/app.py\n\n"
