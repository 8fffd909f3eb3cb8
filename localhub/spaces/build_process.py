"""Runs one command of a build, and ends it with all it started when its own stdin is closed, however that came.

Run by path, never imported by the hub, whose end of the pipe is closed when the hub dies.
"""

import os
import signal
import subprocess
import sys
import threading


def follow_lifeline() -> None:
    while os.read(0, 1):
        continue
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=follow_lifeline, daemon=True).start()
    sys.exit(subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL))
