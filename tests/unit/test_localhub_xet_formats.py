"""The formats of the content-addressed store: what is read of xorbs and shards, and how plain files are dressed up."""

import os
import struct
from pathlib import Path

import lz4.frame
import pytest

from localhub.refusal import Refusal
from localhub.xet import pieces, ranges, shard, xorb
from localhub.xet.staging import Staging, Unpacking

NAME = bytes(range(32))
TEXT = "".join(NAME[start : start + 8][::-1].hex() for start in range(0, 32, 8))


def chunk(data: bytes, scheme: int = 0) -> bytes:
    packed = lz4.frame.compress(data) if scheme else data
    return b"\0" + len(packed).to_bytes(3, "little") + bytes([scheme]) + len(data).to_bytes(3, "little") + packed


def grouped(data: bytes) -> bytes:
    return b"".join(data[group::4] for group in range(4))


def file_block(name: bytes, terms: list[tuple[bytes, int, int, int]], flags: int = 0xC0000000) -> bytes:
    body = b"".join(struct.pack("<32sIIII", of, 0, size, first, end) for of, size, first, end in terms)
    return struct.pack("<32sII8x", name, flags, len(terms)) + body + bytes(48 * len(terms)) + bytes(48)


def shard_of(*blocks: bytes) -> bytes:
    return struct.pack("<32sQQ", b"tag", 2, 0) + b"".join(blocks) + b"\xff" * 32 + bytes(16)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 4096, 65537])
def test_a_chunk_is_unpacked_whatever_way_it_was_packed(size: int) -> None:
    data = os.urandom(size)
    packed = chunk(data) + chunk(data, 1)
    in_groups = bytearray(chunk(grouped(data), 1))
    in_groups[4] = 2
    whole = packed + bytes(in_groups) + b"XETBLOB and a footer"
    assert [xorb.unpack(whole, found) for found in xorb.chunks(whole)] == [data] * 3


@pytest.mark.parametrize(
    "data",
    [b"", b"XETBLOB", b"\1" + chunk(b"x")[1:], chunk(b"whole")[:-1], chunk(b"x")[:5], chunk(b"x") + b"rest", b"\0" * 8],
)
def test_what_is_no_xorb_is_refused(data: bytes) -> None:
    with pytest.raises(xorb.Broken):
        xorb.chunks(data)


def test_a_chunk_that_unpacks_to_more_than_it_says_is_refused() -> None:
    packed = bytearray(chunk(bytes(100_000), 1))
    packed[5:8] = (10).to_bytes(3, "little")
    with pytest.raises(xorb.Broken, match="another size"):
        xorb.unpack(bytes(packed), xorb.chunks(bytes(packed))[0])


def test_garbage_instead_of_packed_bytes_is_refused() -> None:
    packed = chunk(b"hello" * 100, 1)
    broken = packed[:8] + os.urandom(len(packed) - 8)
    with pytest.raises(xorb.Broken):
        xorb.unpack(broken, xorb.chunks(broken)[0])


def test_a_shard_tells_how_its_files_are_made() -> None:
    other = bytes(32)
    told = shard.files(shard_of(file_block(NAME, [(other, 5, 0, 1), (NAME, 7, 2, 4)]), file_block(other, [], 0)))
    zeros = "0" * 64
    assert told == {TEXT: [shard.Term(zeros, 0, 1, 5), shard.Term(TEXT, 2, 4, 7)], zeros: []}


def test_a_torn_shard_is_refused_wherever_it_is_torn() -> None:
    whole = shard_of(file_block(NAME, [(NAME, 5, 0, 1)]))
    for length in range(0, len(whole) - 48):
        with pytest.raises(xorb.Broken):
            shard.files(whole[:length])


def test_a_file_is_written_out_from_what_was_uploaded(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    draft = staging.draft()
    draft.write_bytes(chunk(b"one") + chunk(b"two", 1) + chunk(b"three"))
    assert staging.keep_xorb(TEXT, draft)
    staging.keep_shard(shard_of(file_block(NAME, [(NAME, 8, 1, 3), (NAME, 3, 0, 1)])))
    with (tmp_path / "file").open("w+b") as target:
        Unpacking(staging, staging.terms([TEXT])).write(TEXT, target)
        target.seek(0)
        assert target.read() == b"twothreeone"


@pytest.mark.parametrize(
    "term", [(NAME, 3, 0, 2), (NAME, 4, 0, 1), (NAME, 0, 1, 1), (NAME, 3, 5, 6), (b"?" * 32, 3, 0, 1)]
)
def test_a_shard_that_names_what_was_not_uploaded_is_refused(tmp_path: Path, term: tuple[bytes, int, int, int]) -> None:
    staging = Staging(tmp_path / "staging")
    draft = staging.draft()
    draft.write_bytes(chunk(b"one"))
    staging.keep_xorb(TEXT, draft)
    with pytest.raises(xorb.Broken):
        staging.keep_shard(shard_of(file_block(NAME, [term])))
    assert staging.terms([TEXT]) == {}


def test_the_first_shard_that_names_a_file_counts(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    draft = staging.draft()
    draft.write_bytes(chunk(b"one") + chunk(b"two"))
    staging.keep_xorb(TEXT, draft)
    staging.keep_shard(shard_of(file_block(NAME, [(NAME, 3, 0, 1)])))
    staging.keep_shard(shard_of(file_block(NAME, [(NAME, 3, 1, 2)])))
    assert staging.terms([TEXT]) == {TEXT: [shard.Term(TEXT, 0, 1, 3)]}


SIZES = [1, pieces.PIECE - 1, pieces.PIECE, pieces.PIECE + 1, pieces.SPAN - 1, pieces.SPAN, pieces.SPAN + 1]


@pytest.mark.parametrize("size", SIZES)
def test_a_plain_file_is_read_as_xorbs_that_hold_it(tmp_path: Path, size: int) -> None:
    path, data = tmp_path / "file", os.urandom(size)
    path.write_bytes(data)
    with path.open("rb") as file:
        made = [
            pieces.read(file.fileno(), size, part.number, part.start_byte, part.end_byte)
            for part in pieces.parts(size, 0, size)
        ]
    assert [len(whole) for whole in made] == [pieces.xorb_size(size, number) for number in range(len(made))]
    assert b"".join(xorb.unpack(whole, found) for whole in made for found in xorb.chunks(whole)) == data
    assert pieces.xorb_size(size, len(made)) == 0


def test_any_bytes_of_a_xorb_are_those_of_the_whole(tmp_path: Path) -> None:
    path, size = tmp_path / "file", 3 * pieces.PIECE + 5
    path.write_bytes(os.urandom(size))
    with path.open("rb") as file:
        length = pieces.xorb_size(size, 0)
        whole = pieces.read(file.fileno(), size, 0, 0, length)
        edges = [0, 1, 7, 8, 9, pieces.PIECE + 7, pieces.PIECE + 8, pieces.PIECE + 9, length - 1, length]
        for start in edges:
            for end in edges:
                if start < end:
                    assert pieces.read(file.fileno(), size, 0, start, end) == whole[start:end]


def test_the_parts_of_a_range_hold_it() -> None:
    start, end = pieces.SPAN - 5, pieces.SPAN + pieces.PIECE + 1
    parts = list(pieces.parts(10 * pieces.SPAN, start, end))
    assert [(part.number, part.first, part.end) for part in parts] == [
        (0, pieces.IN_XORB - 1, pieces.IN_XORB),
        (1, 0, 2),
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (None, None),
        ("bytes=0-4", (0, 5)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=4-99", (4, 10)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_a_range_is_understood(header: str | None, told: tuple[int, int] | None) -> None:
    assert ranges.asked(header, 10) == told


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=11-12", "bytes=-0"])
def test_a_range_outside_is_refused(header: str) -> None:
    with pytest.raises(Refusal) as refused:
        ranges.asked(header, 10)
    assert refused.value.status == 416


def test_a_file_that_names_the_same_chunks_without_end_is_refused() -> None:
    with pytest.raises(Refusal) as told:
        shard.files(shard_of(file_block(NAME, [(NAME, 0xFFFFFFFF, 0, 1)] * 13)))
    assert told.value.status == 413
