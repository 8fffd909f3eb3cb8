"""What Linux does for a process when another one ends. Elsewhere these do nothing, and groups must do."""

import ctypes
import os
import sys

SET_PDEATHSIG, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 1, 36, 38


def control(option: int, value: int) -> None:
    """prctl(2)"""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent(deadly: int) -> None:
    """Have `deadly` sent to this process when its parent is gone."""
    control(SET_PDEATHSIG, deadly)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, instead of the machine's first process."""
    control(SET_CHILD_SUBREAPER, 1)


def gain_nothing() -> None:
    """No program that is started from here on gets rights by being set-user-id: it could not be ended."""
    control(SET_NO_NEW_PRIVS, 1)


def exit_code(status: int) -> int:
    """Of a wait status, as a shell tells it: 128 and the signal for a process that was killed."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
