"""`check --manifest`: many files at once, compared with what is known of them."""

import json

import pytest

from app import main
from tests.unit.checks_media_samples import raw_splat
from tests.unit.checks_samples import glb, picture, tone, wav

FILES = {
    "good.png": ("image", picture(), ["accept"]),
    "tiny.png": ("image", picture(20, 20), ["accept", "accept_warn"]),
    "flat.wav": ("audio", wav(tone() * 0), ["reject_quality"]),
    "cut.wav": ("audio", wav(tone(4))[:9000], ["reject"]),
    "cube.splat": ("splat", glb(), ["reject_quality"]),
    "four.splat": ("splat", raw_splat(), ["accept"]),
    "table.csv": ("csv", b"a,b\n1,2\n", ["accept"]),
}


@pytest.fixture
def manifest(tmp_path):
    def written(**changes):
        rows = [{"file": name, "kind": kind, "allowed_verdicts": allowed} for name, (kind, _, allowed) in FILES.items()]
        for name, (_, data, _) in FILES.items():
            (tmp_path / name).write_bytes(data)
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps({"files": [{**row, **changes.get(row["kind"], {})} for row in rows]}))
        return str(path)

    return written


def test_every_file_is_within_what_is_allowed(manifest, capsys):
    assert main(["check", "--manifest", manifest(), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["files"], said["within"], said["misses"]) == (7, 7, [])
    assert {row["kind"]: row["files"] for row in said["kinds"]} == {
        "audio": 2,
        "csv": 1,
        "image": 2,
        "splat": 2,
        "all": 7,
    }


def test_a_miss_is_named_with_its_reason(manifest, capsys):
    assert main(["check", "--manifest", manifest(csv={"allowed_verdicts": ["reject"]})]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "table.csv: accept, not reject: whole csv, as declared"
    assert said[0].split() == ["kind", "files", "within", "median", "ms", "worst", "ms"]


@pytest.mark.parametrize("text", ["{}", "[1]", "nonsense"])
def test_what_is_no_manifest_is_said_to_be_none(tmp_path, capsys, text):
    (tmp_path / "m.json").write_text(text)
    assert main(["check", "--manifest", str(tmp_path / "m.json")]) == 2
    assert "is not a manifest" in capsys.readouterr().err


def test_a_kind_that_is_none_is_refused(manifest, capsys):
    assert main(["check", "--manifest", manifest(csv={"kind": "sculpture"})]) == 2
    assert "there is no kind 'sculpture'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["check"], ["check", "a.png", "--manifest", "m.json"]])
def test_one_file_or_a_manifest_of_many(arguments, capsys):
    assert main(arguments) == 2
    assert "one FILE, or a --manifest" in capsys.readouterr().err
