"""How a run of Pi ended: by its events, by why we ended it and by the files, never by its exit code."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["done", "error", "aborted", "killed", "budget", "nothing"]


class Outcome(NamedTuple):
    kind: Kind
    detail: str


class Ending(NamedTuple):
    """Why this process ended Pi, if it did."""

    kind: Literal["aborted", "killed", "budget"]
    why: str


def judge(
    *,
    ending: Ending | None,
    settled: bool,
    aborted: bool,
    stop: str,
    error: str,
    reached: str | None,
    code: int | None,
    complaint: str,
    changed: Sequence[str],
) -> Outcome:
    """`reached`: the limit that the proxy refuses more for; `complaint`: Pi's last line of stderr."""
    if ending and not settled:
        return Outcome(ending.kind, ending.why)
    if stop == "error" and (reached or "factory budget" in error):
        return Outcome("budget", reached or error)
    if stop == "error":
        return Outcome("error", error or "the model's answer failed")
    if aborted or stop == "aborted":
        return Outcome("aborted", error or "Pi gave up")
    if not settled:
        return unsettled(code, complaint)
    if stop != "stop":
        return Outcome("error", f"the model's last answer broke off: {stop or 'it gave none'}")
    if not changed:
        return Outcome("nothing", "Pi said that it was done, but no file is new and none has changed")
    files = "a file" if len(changed) == 1 else f"{len(changed)} files"
    return Outcome("done", f"Pi has written {files}")


def unsettled(code: int | None, complaint: str) -> Outcome:
    if code is not None and code < 0:
        return Outcome("killed", f"Pi was killed by signal {-code}")
    if code is not None and code > 128:
        return Outcome("killed", f"Pi was ended by signal {code - 128}")
    return Outcome("error", f"Pi ended before it was done: {complaint or f'exit code {code}'}")
