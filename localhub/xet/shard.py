"""Reading a shard: which parts of which xorbs make which file. Format: https://huggingface.co/docs/xet/shard

What follows the files in a shard (the chunks of each xorb, a footer) serves deduplication and is not read.
"""

import re
import struct
from typing import NamedTuple

from localhub import refusal
from localhub.xet.xorb import Broken

LARGEST = 64_000_000
"""Bytes of a shard."""

LARGEST_FILE = 50_000_000_000
"""Bytes of a file. A shard of a few megabytes could name the same chunks a million times."""

START, ENTRY = 48, 48
LAST = b"\xff" * 32
TERM = struct.Struct("<32sIIII")
FILE = struct.Struct("<32sII8x")
VERIFIED, EXTENDED = 0x80000000, 0x40000000
HASH = re.compile(r"[0-9a-f]{64}")


class Term(NamedTuple):
    xorb: str
    first: int
    end: int
    """The chunk after the last one."""

    size: int
    """Bytes when unpacked."""


def files(shard: bytes) -> dict[str, list[Term]]:
    """The terms of each file of the shard, by the file's hash."""
    if len(shard) < START or struct.unpack_from("<Q", shard, 32)[0] != 2:
        raise Broken("this is not a shard of version 2")
    found: dict[str, list[Term]] = {}
    position = START
    try:
        while shard[position : position + 32] != LAST:
            name, flags, count = FILE.unpack_from(shard, position)
            position += ENTRY
            terms = [term(shard, position + number * ENTRY) for number in range(count)]
            if sum(one.size for one in terms) > LARGEST_FILE:
                raise refusal.Refusal(413, f"a file may have {LARGEST_FILE:,} bytes, and one of the shard has more")
            found[text(name)] = terms
            position += ENTRY * (count * (2 if flags & VERIFIED else 1) + bool(flags & EXTENDED))
    except struct.error as error:
        raise Broken("the shard ends before its last file does") from error
    return found


def term(shard: bytes, position: int) -> Term:
    xorb, _, size, first, end = TERM.unpack_from(shard, position)
    return Term(text(xorb), first, end, size)


def text(name: bytes) -> str:
    """A hash as it is written in addresses: four numbers of eight bytes, each the other way round."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", name))
