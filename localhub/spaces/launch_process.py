"""The launcher process: imports gradio once and forks one child for each Space.

Run by path, never imported by the hub. It stays a single thread, because a fork copies only the thread that called
it: a lock that another thread held at that moment would stay locked for ever in the child.
Commands come as JSON lines on stdin and answers leave as JSON lines on stdout. When the hub ends, however it ends,
this process ends every Space and then itself. What a Space moves into a session of its own can outlive it.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import IO, Any

LOG_LIMIT = 16_000_000
"""Bytes of output kept of one start; a Space that writes more is heard no further."""

PATIENCE = 1.0
"""Seconds between asking a Space to end and making it."""

WARM = (
    *("numpy", "PIL.Image", "trimesh", "gradio", "gradio.http_server"),
    # What an app of gradio 6.31 imports only when it is built, launched and called.
    *("anyio._backends._asyncio", "encodings.idna", "logging.config", "pandas.io.formats.style", "pydantic.v1"),
    *("fastapi.telemetry._runtime", "uvicorn.loops.asyncio"),
    *("starlette.middleware.cors", "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto"),
    "uvicorn.protocols.websockets.auto",
)
"""What most Spaces import first. What is missing here is simply not warm."""

SPACE_PORT = 7860
EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on

LONGEST_LINE = 65536

READ_AT_IMPORT = {
    ("gradio.http_server", "INITIAL_PORT_VALUE"): "GRADIO_SERVER_PORT",
    ("gradio.node_server", "INITIAL_PORT_VALUE"): "GRADIO_SERVER_PORT",
    ("gradio.oauth", "OAUTH_CLIENT_ID"): "OAUTH_CLIENT_ID",
    ("gradio.oauth", "OAUTH_CLIENT_SECRET"): "OAUTH_CLIENT_SECRET",
    ("gradio.oauth", "OAUTH_SCOPES"): "OAUTH_SCOPES",
    ("gradio.oauth", "OPENID_PROVIDER_URL"): "OPENID_PROVIDER_URL",
}
"""Constants that gradio 6.31 takes from the environment while it is imported, before a Space's own exists."""


def die_with_parent(deadly: int) -> None:
    """Ask Linux to send `deadly` when the parent is gone; elsewhere the lifeline alone must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, deadly)  # PR_SET_PDEATHSIG


def follow_lifeline(lifeline: int) -> None:
    """End this process and its group when the hub's end of the pipe is closed, however the hub ended."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


@dataclass(frozen=True)
class Places:
    """Where imported code remembers a place below the launcher's home. In a Space it must be the Space's."""

    home: str
    constants: list[tuple[ModuleType, str]]
    defaults: list[FunctionType]

    def of(self, home: str) -> None:
        for module, name in self.constants:
            setattr(module, name, self.moved(getattr(module, name), home))
        for function in self.defaults:
            function.__defaults__ = tuple(self.moved(value, home) for value in function.__defaults__ or ())
            named = function.__kwdefaults__ or {}
            function.__kwdefaults__ = {name: self.moved(value, home) for name, value in named.items()}

    def moved(self, value: Any, home: str) -> Any:
        return type(value)(home + str(value)[len(self.home) :]) if self.hold(value) else value

    def hold(self, value: object) -> bool:
        return isinstance(value, str | Path) and str(value).startswith(self.home)


def defaults(function: FunctionType) -> list[object]:
    return [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def warm_up(home: str) -> Places:
    """Import what most Spaces need; the places that were derived from the launcher's home on the way."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    places = Places(home, [], [])
    for module in list(sys.modules.values()):
        names = [name for name, value in getattr(module, "__dict__", {}).items() if places.hold(value)]
        places.constants.extend((module, name) for name in names)
    functions = (found for found in gc.get_objects() if isinstance(found, FunctionType))
    places.defaults.extend(function for function in functions if any(map(places.hold, defaults(function))))
    gc.collect()
    gc.freeze()  # keeps the children from copying every page the collector would touch
    return places


def become(space: dict[str, Any], places: Places) -> None:
    """Give this process the Space's environment, folder and places, also in what was imported before."""
    os.environ.clear()
    os.environ.update(space["environment"])
    os.chdir(space["folder"])
    places.of(space["home"])
    for (module, constant), variable in READ_AT_IMPORT.items():
        if module in sys.modules:
            value: Any = os.environ.get(variable)
            setattr(sys.modules[module], constant, int(value) if variable == "GRADIO_SERVER_PORT" else value)
    keep_to_own_port()
    build_server_once()
    idle_quietly()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # or all the forked children would draw the same numbers


def keep_to_own_port() -> None:
    """Let apps that ask for port 7860 of every interface, as many do for their container, have their own on loopback.

    Reaches only a gradio that was imported before, so not a Space that was started without a fork.
    """
    server = sys.modules.get("gradio.http_server")
    if server is None:
        return
    start = server.start_server

    def start_server(app: Any, server_name: str | None = None, server_port: int | None = None, **more: Any) -> Any:
        name = None if server_name in EVERY_INTERFACE else server_name
        return start(app, server_name=name, server_port=None if server_port == SPACE_PORT else server_port, **more)

    server.start_server = start_server  # type: ignore[attr-defined]  # a module is open for this at run time


class LateServer:
    """Stands in `Blocks.app` for the server that gradio would have built there, until somebody looks at it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class ServerSeat:
    """The attribute `Blocks.app`: what is put there, or its server when that is still to be built."""

    def __get__(self, blocks: Any, owner: object) -> Any:
        try:
            seated = vars(blocks)["app"]
        except KeyError:
            raise AttributeError("app") from None
        if isinstance(seated, LateServer):
            seated = vars(blocks)["app"] = seated.make()
        return seated

    def __set__(self, blocks: Any, server: Any) -> None:
        vars(blocks)["app"] = server


def build_server_once() -> None:
    """Spare a start two thirds of its work.

    Gradio 6.31 builds all its routes in Blocks(), at the end of `with`, in queue() and in launch(), and serves only
    the last. The others are built here when an app looks at them.
    """
    module = sys.modules.get("gradio.blocks")
    if module is None:
        return
    server = module.App

    class App(server):  # type: ignore[misc, valid-type]  # it is known at run time only
        @staticmethod
        def create_app(blocks: Any, *values: Any, **named: Any) -> Any:
            if values or named != {"mcp_server": False}:
                return server.create_app(blocks, *values, **named)
            return LateServer(lambda: server.create_app(blocks, **named))

    module.App = App  # type: ignore[attr-defined]  # a module is open for this at run time
    module.Blocks.app = ServerSeat()


QUEUE_PAUSE = 0.01
"""Seconds between two looks that an idle gradio takes at its queue."""


def idle_quietly() -> None:
    """Let an idle queue look for work every 10 ms.

    Gradio 6.31 looks every millisecond, which costs a tenth of a core for each Space that nobody uses.
    """
    module = sys.modules.get("gradio.queueing")
    if module is None:
        return
    begin = module.Queue.__init__

    def begin_quietly(queue: Any, *values: Any, **named: Any) -> None:
        begin(queue, *values, **named)
        queue.sleep_when_free = max(queue.sleep_when_free, QUEUE_PAUSE)

    module.Queue.__init__ = begin_quietly


def run(app_file: str) -> None:
    """Run the Space's file as `python app.py` would, with a traceback that begins in the app."""
    path = os.path.abspath(app_file)
    sys.argv = [app_file]
    sys.path.insert(0, os.path.dirname(path))
    try:
        runpy.run_path(path, run_name="__main__")
    except Exception as error:  # the outermost frame of a Space
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != path:
            trace = trace.tb_next
        traceback.print_exception(type(error), error, trace)
        sys.exit(1)


@dataclass
class Child:
    key: str
    pid: int
    output: int
    log: IO[bytes]
    rest: bytes = b""
    ended: bool = False
    kill_at: float | None = None

    def hear(self) -> bool:
        """Write what the Space has said to its log, a time before every line. False if there is nothing."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return False
        self.ended = not data
        *lines, self.rest = (self.rest + data).split(b"\n")
        if self.rest and (self.ended or len(self.rest) > LONGEST_LINE):
            lines, self.rest = [*lines, self.rest], b""
        if self.log.tell() < LOG_LIMIT:
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z\t"
            self.log.write(b"".join(now.encode() + line + b"\n" for line in lines))
        return bool(data)

    def signal(self, deadly: int) -> None:
        """Reach the whole group, or only the child while it has not made its group yet."""
        try:
            os.killpg(self.pid, deadly)
        except (ProcessLookupError, PermissionError):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, deadly)


class Launcher:
    """Starts, hears and ends Spaces. One thread, one loop."""

    def __init__(self, lifeline: int, fork: bool) -> None:
        self.lifeline = lifeline
        self.fork = fork
        self.children: dict[str, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.unread = b""

    def serve(self) -> dict[str, Any]:
        """Work until the hub is gone. Returns only in a forked child, with the Space it is to be."""
        awake, wake = os.pipe()
        os.set_blocking(awake, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self.selector.register(0, selectors.EVENT_READ)
        self.selector.register(awake, selectors.EVENT_READ)
        self.answer({"ready": True})
        while True:
            ending = any(child.kill_at for child in self.children.values())
            for key, _ in self.selector.select(0.1 if ending else None):
                if key.fd == awake:
                    os.read(awake, 4096)
                elif key.fd == 0:
                    for space in self.obey():
                        if self.start(space):
                            return space
                elif not key.data.hear() and key.data.ended:
                    self.selector.unregister(key.fd)
            self.bury()
            self.insist()

    def answer(self, message: dict[str, Any]) -> None:
        os.write(1, json.dumps(message).encode() + b"\n")

    def obey(self) -> list[dict[str, Any]]:
        """Read the hub's commands and stop what is to be stopped; the Spaces that are to be started."""
        data = os.read(0, 65536)
        if not data:
            self.finish()
        *lines, self.unread = (self.unread + data).split(b"\n")
        commands = [json.loads(line) for line in lines]
        for command in commands:
            child = self.children.get(command.get("stop", ""))
            if child:
                child.signal(signal.SIGTERM)
                child.kill_at = time.monotonic() + PATIENCE
        return [command["start"] for command in commands if "start" in command]

    def finish(self, number: int = 0, frame: FrameType | None = None) -> None:
        """End every Space, politely for a moment, and then this process."""
        for child in self.children.values():
            child.signal(signal.SIGTERM)
        time.sleep(0.1 if self.children else 0)
        for child in self.children.values():
            child.signal(signal.SIGKILL)
        os._exit(0)

    def start(self, space: dict[str, Any]) -> bool:
        """True in the child, False here."""
        output, writer = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # the child must not run our handler
        pid = os.fork() if self.fork and threading.active_count() == 1 else self.spawn(space, writer)
        if pid == 0:
            self.settle(writer)
            return True
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        os.close(writer)
        os.set_blocking(output, False)
        log = open(space["log"], "ab", buffering=0)  # noqa: SIM115  `bury` closes it
        child = Child(space["key"], pid, output, log)
        self.children[child.key] = child
        self.selector.register(output, selectors.EVENT_READ, child)
        self.answer({"started": child.key, "pid": pid})
        return False

    def settle(self, writer: int) -> None:
        """In a fresh fork: leave the launcher's group, handlers and pipes behind."""
        launcher = os.getppid()
        os.setsid()
        os.close(signal.set_wakeup_fd(-1))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (writer, 1), (writer, 2)):
            os.dup2(source, target)
        heard = [key.fd for key in self.selector.get_map().values() if key.fd > 2]
        for inherited in (*heard, writer, nothing):
            os.close(inherited)
        self.selector.close()
        for child in self.children.values():
            child.log.close()
        die_with_parent(signal.SIGKILL)
        if os.getppid() != launcher:
            os._exit(0)  # it went before the request above
        follow_lifeline(self.lifeline)

    def spawn(self, space: dict[str, Any], writer: int) -> int:
        """The same where a fork is not safe: a fresh interpreter, which imports gradio itself."""
        child = subprocess.Popen(
            [sys.executable, "-P", __file__, "run", space["app_file"], str(self.lifeline)],
            cwd=space["folder"],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer,
            env=space["environment"],
            pass_fds=[self.lifeline],
            start_new_session=True,
        )
        child.returncode = 0  # `bury` waits for it, as for all the others
        return child.pid

    def bury(self) -> None:
        for child in list(self.children.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid == 0:
                continue
            child.signal(signal.SIGKILL)  # whatever it had started
            del self.children[child.key]
            if not child.ended:
                self.selector.unregister(child.output)
            while child.hear():
                continue
            os.close(child.output)
            child.log.close()
            self.answer({"ended": child.key, "code": os.waitstatus_to_exitcode(status)})

    def insist(self) -> None:
        for child in self.children.values():
            if child.kill_at and time.monotonic() > child.kill_at:
                child.signal(signal.SIGKILL)


def launch(home: str, lifeline: int, hub: int, fork: bool) -> None:
    """Be the launcher; in a forked child, be the Space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the hub says when to end
    die_with_parent(signal.SIGKILL)

    def check_hub(number: int, frame: FrameType | None) -> None:
        if os.getppid() != hub:
            os._exit(0)

    # The pipe is not read while gradio is imported, which takes seconds.
    signal.signal(signal.SIGALRM, check_hub)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    places = warm_up(home) if fork else Places(home, [], [])
    signal.setitimer(signal.ITIMER_REAL, 0)
    launcher = Launcher(lifeline, fork)
    signal.signal(signal.SIGTERM, launcher.finish)
    die_with_parent(signal.SIGTERM)
    check_hub(0, None)
    space = launcher.serve()
    become(space, places)
    del launcher
    run(space["app_file"])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["launch", home, lifeline, hub, how]:
            launch(home, int(lifeline), int(hub), how == "fork")
        case ["run", app_file, lifeline]:
            die_with_parent(signal.SIGKILL)
            follow_lifeline(int(lifeline))
            run(app_file)
