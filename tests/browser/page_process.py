"""The chat page as people start it: `python app.py`, a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def page_process(home: Path, *options: str, **environment: str) -> Iterator[str]:
    """The page's address. It is ended as Ctrl-C does, and must end well."""
    command = [sys.executable, str(ROOT / "app.py"), "--port", "0", "--runs", str(home / "runs"), *options]
    given = {"PATH": os.environ["PATH"], "HOME": str(home), "SPACEWRIGHT_HOME": str(home / "home"), **environment}
    with (home / "page.log").open("w+") as log:
        process = subprocess.Popen(command, cwd=home, env=given, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout
        try:
            line = process.stdout.readline()
            log.seek(0)
            assert line.startswith("Spacewright is at "), log.read()
            yield line.split()[-1]
        finally:
            process.send_signal(signal.SIGINT)
            ended = process.wait(20)
            process.stdout.close()
        log.seek(0)
        said = log.read()
        assert (ended, "Traceback" in said) == (0, False), said
