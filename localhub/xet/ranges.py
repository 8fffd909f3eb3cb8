"""The part of something that a request asks for."""

import re

from localhub.refusal import Refusal

ONE = re.compile(r"bytes=(\d*)-(\d*)")


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """Start, and the byte after the end, of the single range that is asked for; None for the whole.

    What cannot be understood asks for the whole, as RFC 9110 says; several ranges do too, which is allowed.
    """
    found = ONE.fullmatch((header or "").replace(" ", ""))
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if first and last and int(last) < int(first):
        return None
    if start >= size or start == end:
        raise Refusal(416, f"there are {size} bytes, and none is in {header}")
    return start, end
