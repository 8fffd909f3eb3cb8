"""A headless Chromium, driven over its DevTools pipe.

The pipe instead of a debugging port: no port to find, and the browser ends by itself when the other end goes away,
also after a kill -9. Draws in software, so pictures are the same on any machine but slow.
"""

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-pipe",
)
TAP = {"button": "left", "clickCount": 1}


class PageFailure(AssertionError):
    """The page did not do what was waited for; the message holds what its console said."""


class PageLeft(PageFailure):
    """The page that was asked has made room for the next one."""


def chromium_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium:
    """One page in a fresh browser. `profile` is an empty folder that nobody else uses."""

    def __init__(self, profile: Path, width: int = 1280, height: int = 800) -> None:
        path = chromium_path()
        if path is None:
            raise FileNotFoundError(f"none of {', '.join(NAMES)} is installed")
        self.console_errors: list[str] = []
        self.requests: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._asked = 0
        self._buffer = b""
        self._session: str | None = None
        self._start([path, *FLAGS, f"--user-data-dir={profile}", "about:blank"])
        self._attach(width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, url: str) -> None:
        """Starts loading; what the former page said is forgotten."""
        self.console_errors.clear()
        self.requests.clear()
        self.ask("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited if it is a promise. Any: JSON of the page's choosing."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise PageFailure(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float) -> Any:
        """The expression's first truthy value; PageFailure when it stays falsy for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(PageLeft):
                if value := self.evaluate(expression):
                    return value
            self._listen(0.1)
        raise PageFailure(f"{expression} was not true within {seconds} s; the console said {self.console_errors}")

    def resize(self, width: int, height: int, phone: bool = False) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.ask("Emulation.setTouchEmulationEnabled", enabled=phone)

    def click(self, x: float, y: float) -> None:
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **(TAP if kind != "mouseMoved" else {}))

    def key(self, key: str, down: bool = True, up: bool = True) -> None:
        for kind in [kind for kind, wanted in (("keyDown", down), ("keyUp", up)) if wanted]:
            self.ask("Input.dispatchKeyEvent", type=kind, key=key)

    def screenshot(self, path: Path) -> Path:
        """A PNG of what is on the screen now."""
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
        return path

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command and its answer; Any: the protocol's own JSON."""
        self._asked += 1
        message: dict[str, Any] = {"id": self._asked, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to_browser, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 120
        while self._asked not in self._answers:
            if time.monotonic() > deadline:
                raise PageFailure(f"{method}: no answer within 120 s")
            self._listen(1)
        answer = self._answers.pop(self._asked)
        if "error" in answer:
            words = answer["error"]["message"]
            raise (PageLeft if "navigated or closed" in words else PageFailure)(f"{method}: {words}")
        result: dict[str, Any] = answer["result"]
        return result

    def close(self) -> None:
        os.close(self._to_browser)
        os.close(self._from_browser)
        deadline = time.monotonic() + 5
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.killpg(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                return
            select.select([], [], [], 0.02)

    def _start(self, command: list[str]) -> None:
        theirs_in, self._to_browser = _high(os.pipe())
        self._from_browser, theirs_out = _high(os.pipe())
        self._pid = os.posix_spawn(
            command[0],
            command,
            dict(os.environ),
            setpgroup=0,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def _attach(self, width: int, height: int) -> None:
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)

    def _listen(self, seconds: float) -> None:
        """Takes in what the browser says, waiting at most so long for a first word."""
        if not select.select([self._from_browser], [], [], seconds)[0]:
            return
        said = os.read(self._from_browser, 1 << 20)
        if not said:
            raise PageFailure("the browser has ended")
        *whole, self._buffer = (self._buffer + said).split(b"\0")
        for message in whole:
            self._take(json.loads(message))

    def _take(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
            return
        params = message["params"]
        match message["method"]:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "assert"):
                words = [str(word.get("value", word.get("description", ""))) for word in params["args"]]
                self.console_errors.append(" ".join(words))
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.console_errors.append(details.get("exception", {}).get("description") or details["text"])
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                entry = params["entry"]
                self.console_errors.append(f"{entry['text']} {entry.get('url', '')}".strip())


def _high(pipe: tuple[int, int]) -> tuple[int, int]:
    """The same pipe on descriptors above 9, clear of the 3 and 4 that the browser reads and writes."""
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in pipe)
    for end in pipe:
        os.close(end)
    return moved[0], moved[1]
