import gzip

import pytest

from tests.unit.checks_media_samples import compressed_ply, ksplat, raw_splat, sog, splat_ply, spz, spz4
from tests.unit.checks_samples import looked_at
from tools.checks.measure import measure


@pytest.mark.parametrize(
    ("data", "format", "splats", "extents"),
    [
        (splat_ply(6), "ply", 6, [2.0, 0.0, 0.0]),
        (splat_ply(6, opacity=float("inf")), "ply", 6, [2.0, 0.0, 0.0]),
        (compressed_ply(), "ply", 300, [1.0, 2.0, 3.0]),
        (spz(1), "spz", 5, [0.0, 0.0, 0.0]),
        (spz(2), "spz", 5, [0.0, 0.0, 0.0]),
        (spz(3), "spz", 5, [0.0, 0.0, 0.0]),
        (spz4(), "spz", 5, None),
        (raw_splat(), "splat", 4, [3.0, 0.0, 0.0]),
        (ksplat(), "ksplat", 3, None),
        (sog(), "sog", 7, [1.718, 1.718, 1.718]),
    ],
)
def test_splats_of_every_format_are_counted(data, format, splats, extents):
    report = measure(data, "model3d")
    facts = report["facts"]
    assert (report["status"], report["format"], facts["splats"], facts["faces"]) == ("pass", format, splats, 0)
    assert facts.get("extents") == (extents and pytest.approx(extents, abs=0.001))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (splat_ply()[:-10], "truncated"),
        (splat_ply(place=float("nan")), "nonfinite"),
        (compressed_ply(chunks=5), "corrupt"),
        (spz()[:-4], "truncated"),
        (gzip.compress(gzip.decompress(spz())[:-3]), "truncated"),
        (gzip.compress(b"a,b\n1,2\n"), "type_mismatch"),
        (spz4()[:-3], "truncated"),
        (spz4().replace(b"\x28\xb5\x2f\xfd", b"nope", 1), "corrupt"),
        (raw_splat(scale=-1.0), "type_mismatch"),
        (raw_splat()[:-7], "type_mismatch"),
        (ksplat()[:-9], "truncated"),
        (sog(written=False), "truncated"),
    ],
)
def test_broken_splats_are_refused(data, word):
    assert looked_at(data, "model3d") == ("fail", word)


def test_a_gzip_with_a_bomb_in_it_is_refused():
    assert looked_at(gzip.compress(bytes(30_000_000)), "model3d") == ("fail", "bomb")
