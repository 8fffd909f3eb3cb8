"""Whether a Space is used, and since when it is not."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Idleness:
    def __init__(self, timeout: Callable[[], int | None], doze: Callable[[], None]) -> None:
        """`doze` is called when there was no request for `timeout` seconds; None is for ever."""
        self.timeout = timeout
        self.doze = doze
        self.open = 0
        """Requests under way; a stream that stays open is one."""
        self.used = time.monotonic()
        self.timer: asyncio.TimerHandle | None = None

    @contextmanager
    def visit(self) -> Iterator[None]:
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1
            self.used = time.monotonic()

    def begin(self) -> None:
        """Count from now."""
        self.used = time.monotonic()
        self.look_later()

    def cease(self) -> None:
        if self.timer:
            self.timer.cancel()
        self.timer = None

    def look_later(self) -> None:
        """Look again when the Space could fall asleep at the earliest; also after its timeout was changed."""
        self.cease()
        timeout = self.timeout()
        if timeout:
            left = timeout - (0 if self.open else time.monotonic() - self.used)
            self.timer = asyncio.get_running_loop().call_later(max(left, 0.0), self.look)

    def look(self) -> None:
        timeout = self.timeout()
        if timeout and not self.open and time.monotonic() - self.used >= timeout:
            self.doze()
            return
        self.look_later()
