import hashlib
import json
import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tools.viewer_page import ASSETS, Exhibit, viewer_files

HOSTILE = """<img src=x onerror=alert(1)>"'</title><script>alert(2)</script>\n---\nsdk: docker"""


@pytest.fixture
def made(tmp_path: Path):
    def make(name: str = "Arc de Triomphe", kind: str = "model3d", file: str = "arc.glb", **more: object) -> Exhibit:
        path = tmp_path / file
        path.write_bytes(b"bytes of " + name.encode())
        return Exhibit(name=name, kind=kind, file=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), **more)

    return make


def front_matter(files: dict[str, bytes | Path]) -> dict[str, object]:
    return yaml.safe_load(files["README.md"].decode().split("---\n")[1])


def listed(files: dict[str, bytes | Path]) -> list[dict[str, object]]:
    return json.loads(files["exhibits.json"])["exhibits"]


def test_the_space_is_static_and_says_so(made):
    matter = front_matter(viewer_files("Paris", "Six monuments", [made()], "Made with Spacewright"))
    assert (matter["sdk"], matter["app_file"], matter["title"], matter["short_description"]) == (
        "static",
        "index.html",
        "Paris",
        "Six monuments",
    )


def test_every_exhibit_is_there_once_with_its_thumbnail(made, tmp_path):
    picture = tmp_path / "small.png"
    picture.write_bytes(b"png")
    arc, tower = made(thumbnail=picture), made("Tour Eiffel", file="tower.glb")
    files = viewer_files("Paris", "", [arc, tower], "")
    media = {path: content for path, content in files.items() if path.startswith("media/")}
    assert media == {
        "media/01-arc-de-triomphe.glb": arc.file,
        "media/01-arc-de-triomphe-thumbnail.png": picture,
        "media/02-tour-eiffel.glb": tower.file,
    }


def test_two_exhibits_of_the_same_name_do_not_overwrite_each_other(made):
    files = viewer_files("Twins", "", [made(file="a.glb"), made(file="b.glb")], "")
    assert [entry["file"] for entry in listed(files)] == [
        "media/01-arc-de-triomphe.glb",
        "media/02-arc-de-triomphe.glb",
    ]


def test_a_hostile_title_stays_text_in_the_page(made):
    page = viewer_files(HOSTILE, HOSTILE, [made(HOSTILE, caption=HOSTILE)], HOSTILE)["index.html"].decode()
    assert "<script>" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_a_hostile_title_cannot_change_the_front_matter(made):
    matter = front_matter(viewer_files(HOSTILE, HOSTILE, [made(HOSTILE)], HOSTILE))
    assert matter["sdk"] == "static" and str(matter["title"]).startswith("<img src=x")


def test_a_hostile_name_is_neither_html_nor_a_link_in_the_card(made):
    card = viewer_files("Paris", "", [made("<b>x</b> [a](http://evil.example) | `y`")], "")["README.md"].decode()
    assert "<b>" not in card and "[a](" not in card and r"\[a\]\(http" in card


@pytest.mark.parametrize(
    ("kind", "file", "suffix"),
    [
        ("image", "page.html", "bin"),
        ("image", "drawing.svg", "bin"),
        ("image", "photo.JPG", "JPG".lower()),
        ("text", "poem.html", "txt"),
        ("model3d", "room.glb", "glb"),
        ("audio", "song.wav", "wav"),
    ],
)
def test_a_file_is_never_served_as_something_that_runs(made, kind, file, suffix):
    assert str(listed(viewer_files("x", "", [made("it", kind, file)], ""))[0]["file"]).endswith(f".{suffix}")


def test_a_name_without_latin_letters_still_gets_a_path(made):
    assert listed(viewer_files("x", "", [made("凱旋門")], ""))[0]["file"] == "media/01-model3d.glb"


def test_characters_that_turn_the_reading_direction_are_left_out(made):
    assert listed(viewer_files("x", "", [made("arc\u202egpj.exe")], ""))[0]["name"] == "arcgpj.exe"


def test_a_viewer_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one exhibit"):
        viewer_files("Paris", "", [], "")


def test_an_exhibit_refuses_unknown_fields(made):
    with pytest.raises(ValidationError):
        made(colour="red")


def test_the_page_names_no_other_host(made):
    page = viewer_files("Paris", "Six monuments", [made()], "Made with Spacewright")["index.html"].decode()
    assert re.findall(r"""(?:src|href)=["'](?!data:)([a-z]+:|/)""", page) == []


def test_the_policy_allows_only_the_page_s_own_scripts(made):
    page = viewer_files("Paris", "", [made()], "")["index.html"].decode()
    assert "default-src &#x27;none&#x27;; script-src &#x27;self&#x27;; style-src &#x27;self&#x27;" in page
    assert "unsafe" not in page and "<style" not in page and not re.search(r"<[^>]+ style=", page)


@pytest.mark.parametrize("script", sorted(ASSETS.rglob("*.js")), ids=lambda path: path.name)
def test_every_import_is_a_file_that_travels_along(script):
    named = re.findall(
        r"""^(?:import|export|\}).*?from\s*['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)""",
        script.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    wanted = [first or second for first, second in named]
    assert [path for path in wanted if not path.startswith("./") or not (script.parent / path).is_file()] == []


def test_the_vendored_files_are_few_and_come_with_their_licence():
    vendor = ASSETS / "vendor"
    assert sum(file.stat().st_size for file in vendor.rglob("*")) < 1_500_000
    assert "MIT" in (vendor / "three" / "LICENSE").read_text(encoding="utf-8")
