"""Damaged files of every kind: none may bring down more than its own check."""

import argparse

import pytest

from benchmarks.fuzz_checks import fuzz, mutated, samples
from tests.unit.checks_media_samples import encoded, film, moving, raw_splat, splat_ply, spz, zipped
from tests.unit.checks_samples import glb, picture, tone, wav

MUTATIONS = 200


@pytest.fixture
def good(tmp_path):
    pytest.importorskip("av")
    folder = tmp_path / "good"
    folder.mkdir()
    files = {
        "a.png": picture(),
        "a.jpg": picture(format="JPEG"),
        "a.gif": picture(format="GIF"),
        "a.wav": wav(tone()),
        "a.glb": glb(),
        "a.ply": splat_ply(),
        "a.splat": raw_splat(),
        "a.spz": spz(),
        "a.zip": zipped({"a.txt": b"text" * 99}),
        "a.json": b'{"a": [1, 2, {"b": null}]}',
        "a.csv": b"a,b\n1,2\n3,4\n",
        "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><g id='a'/></svg>",
        "a.mp3": encoded("libmp3lame", "mp3"),
        "a.mp4": film(moving()),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return samples(tmp_path)


def test_a_mutation_is_the_same_for_the_same_seed(good):
    assert mutated(17, 3, good) == mutated(17, 3, good)
    assert mutated(17, 3, good) != mutated(17, 4, good)


@pytest.mark.slow
async def test_no_damage_reaches_beyond_its_own_check(good, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    options = argparse.Namespace(mutations=MUTATIONS, seed=5, jobs=4, verbose=False)
    tally = await fuzz(good, options, scratch)
    assert (tally.crashes, tally.hung, list(scratch.iterdir())) == ([], [], [])
    assert sum(tally.verdicts.values()) == MUTATIONS
    assert {status for _, status in tally.verdicts} >= {"pass", "fail"}
