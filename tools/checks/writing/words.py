"""Counts words in every script: what stands between spaces, and every sign of the scripts that have none."""

from typing import Any

import numpy as np

Signs = np.ndarray[Any, Any]

_SPACES = (*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F)
_LATE_SPACES = (0x205F, 0x3000)
_UNSPACED = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
"""Kana, the ideographs and their compatibility forms: every sign counts as a word."""

_BLOCK = 1 << 16
"""Characters looked at together: what fits into the processor's cache."""

_LETTER, _SPACE, _WORD = 1, 0, 2


def _kinds() -> Signs:
    kinds = np.full(1 << 16, _LETTER, np.uint8)
    kinds[[*_SPACES, *_LATE_SPACES]] = _SPACE
    for first, last in _UNSPACED:
        kinds[first : last + 1] = _WORD
    return kinds


_KINDS = _kinds()


def words(text: str) -> int:
    count, before = 0, False
    for start in range(0, len(text), _BLOCK):
        letters, alone = _letters(text[start : start + _BLOCK])
        # A word begins where a letter follows something else; `split` would make a string of every word.
        count += alone + int(np.count_nonzero(letters[1:] > letters[:-1])) + (letters[0] and not before)
        before = bool(letters[-1])
    return int(count)


def _letters(block: str) -> tuple[Signs, int]:
    """Which signs are part of a word, and how many are words by themselves."""
    if block.isascii():
        return np.frombuffer(block.encode(), np.uint8) > 32, 0
    kinds = _KINDS.take(np.frombuffer(block.encode("utf-16-le", "surrogatepass"), "<u2"))
    return kinds == _LETTER, int(np.count_nonzero(kinds == _WORD))
