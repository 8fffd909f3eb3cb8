"""The process that keeps Jobs: runs commands, each with a guard of its own.

Run by path and without site-packages, never imported by the Hub, so that it starts in milliseconds and stays small.
"""

import os
import signal
import sys

sys.path.insert(0, sys.argv[1])

from localhub.processes import guard, namespaces, signals
from localhub.processes.keeping import Keeping


def main(hub: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the Hub says when to end
    keeping = Keeping(guard.begin)
    signal.signal(signal.SIGTERM, keeping.finish)
    signals.die_with_parent(signal.SIGTERM)
    if os.getppid() != hub:
        os._exit(0)  # it went before the request above
    signals.adopt_orphans()
    keeping.serve(namespaces=namespaces.granted())


if __name__ == "__main__":
    main(int(sys.argv[2]))
