"""The viewer in a real browser: it loads, draws, and asks nobody else for anything."""

import functools
import hashlib
import struct
import threading
import wave
from collections.abc import Callable, Iterator, Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from tests.browser.chromium import Chromium, chromium_path
from tools.viewer_page import Exhibit, viewer_files

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium or google-chrome on the PATH"),
]
PREFIX = "/spaces/some where"
PATIENCE = 90


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile"), width=480, height=320) as chromium:
        yield chromium


@pytest.fixture
def shown(tmp_path: Path, browser: Chromium) -> Iterator[Callable[..., str]]:
    """Builds a viewer, serves it under a prefix, opens it and waits until everything has been loaded."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "www")))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()

    def show(title: str, exhibits: Sequence[Exhibit]) -> str:
        place = tmp_path / "www" / PREFIX[1:]
        for path, content in viewer_files(title, "A page for a test", exhibits, "Made with Spacewright").items():
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        origin = f"http://127.0.0.1:{server.server_port}"
        browser.open(f"{origin}{PREFIX.replace(' ', '%20')}/")
        browser.wait_for("window.viewer && window.viewer.loaded", PATIENCE)
        return origin

    yield show
    server.shutdown()
    thread.join()
    server.server_close()


def exhibit(path: Path, name: str, kind: str = "model3d", **more: object) -> Exhibit:
    return Exhibit(name=name, kind=kind, file=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), **more)


def painted(mesh: trimesh.Trimesh, colour: tuple[int, int, int]) -> trimesh.Trimesh:
    material = PBRMaterial(baseColorFactor=[*colour, 255], metallicFactor=0.0, roughnessFactor=0.4)
    mesh.visual = TextureVisuals(uv=np.zeros((len(mesh.vertices), 2)), material=material)
    return mesh


def object_glb(path: Path, colour: tuple[int, int, int] = (150, 60, 30)) -> Path:
    path.write_bytes(trimesh.Scene(painted(trimesh.creation.icosphere(2), colour)).export(file_type="glb"))
    return path


def room_glb(path: Path) -> Path:
    """A box seen from inside, 6 × 4 × 10 metres, with a bench and a visitor's camera."""
    walls = trimesh.creation.box([6, 4, 10])
    walls.apply_translation([0, 2, 0])
    walls.invert()
    walls.unmerge_vertices()
    bench = trimesh.creation.box([1, 0.5, 1])
    bench.apply_translation([0, 0.25, 0])
    scene = trimesh.Scene([painted(walls, (150, 60, 50)), painted(bench, (30, 60, 90))])
    scene.camera = trimesh.scene.Camera(fov=(75, 55))
    scene.camera_transform = trimesh.transformations.translation_matrix([0, 1.6, 3.5])
    path.write_bytes(scene.export(file_type="glb"))
    return path


def spread(browser: Chromium, path: Path) -> float:
    """Standard deviation of the picture's middle, where no words are."""
    picture = np.asarray(Image.open(browser.screenshot(path)).convert("L"), dtype=float)
    height, width = picture.shape
    return float(picture[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4].std())


def assert_clean(browser: Chromium, origin: str) -> None:
    own = (origin + PREFIX.replace(" ", "%20"), "data:", "blob:")
    foreign = [url for url in browser.requests if not url.startswith(own)]
    assert (browser.evaluate("viewer.errors"), browser.console_errors, foreign) == ([], [], [])


def test_one_object_is_drawn_and_nobody_else_is_asked(browser, shown, tmp_path):
    origin = shown("A ball", [exhibit(object_glb(tmp_path / "ball.glb"), "Ball")])
    assert spread(browser, tmp_path / "seen.png") > 8
    assert_clean(browser, origin)


@pytest.mark.slow
def test_a_room_is_walked_but_never_left_and_opens_to_the_overview(browser, shown, tmp_path):
    origin = shown("A room", [exhibit(room_glb(tmp_path / "room.glb"), "Room")])
    assert browser.evaluate("document.getElementById('stage').classList.contains('interior')")
    where = "viewer.stage.camera.position"
    browser.key("w", up=False)
    browser.wait_for(f"{where}.z < 3.2", PATIENCE)
    browser.key("w", down=False)
    browser.key("s", up=False)
    browser.wait_for(f"{where}.z > 4 && !viewer.stage.moving", PATIENCE)
    browser.key("s", down=False)
    assert browser.evaluate(f"{where}.z") < 5
    browser.evaluate("document.getElementById('overview').click()")
    browser.wait_for(f"{where}.y > 6 && !viewer.stage.moving", PATIENCE)
    browser.evaluate("document.getElementById('overview').click()")
    browser.wait_for(f"Math.abs({where}.y - 1.6) < 0.01", PATIENCE)
    assert_clean(browser, origin)


@pytest.mark.slow
def test_several_models_stand_on_plinths_and_keys_lead_from_one_to_the_next(browser, shown, tmp_path):
    names = ["Red", "Green", "Blue"]
    colours = [(160, 30, 20), (20, 120, 40), (20, 40, 150)]
    balls = [object_glb(tmp_path / f"{name}.glb", colour) for name, colour in zip(names, colours, strict=True)]
    origin = shown("Three balls", [exhibit(ball, name) for ball, name in zip(balls, names, strict=True)])
    assert spread(browser, tmp_path / "seen.png") > 8
    browser.key("ArrowRight")
    browser.wait_for("document.querySelector('#strip [aria-current]').textContent.includes('Green')", PATIENCE)
    assert browser.evaluate("document.querySelector('#plate h2').textContent") == "Green"
    assert_clean(browser, origin)


@pytest.mark.slow
def test_mixed_exhibits_get_cards(browser, shown, tmp_path):
    Image.new("RGB", (64, 48), (200, 120, 40)).save(tmp_path / "picture.png")
    (tmp_path / "poem.txt").write_text("Sous le pont Mirabeau <b>coule</b> la Seine")
    with wave.open(str(tmp_path / "tone.wav"), "wb") as tone:
        tone.setparams((1, 2, 8000, 0, "NONE", ""))
        tone.writeframes(b"".join(struct.pack("<h", int(8000 * np.sin(i / 4))) for i in range(4000)))
    origin = shown(
        "Mixed",
        [
            exhibit(tmp_path / "picture.png", "Picture", "image"),
            exhibit(tmp_path / "tone.wav", "Tone", "audio"),
            exhibit(tmp_path / "poem.txt", "Poem", "text"),
        ],
    )
    assert browser.evaluate("[...document.querySelectorAll('.card h2')].map((each) => each.textContent)") == [
        "Picture",
        "Tone",
        "Poem",
    ]
    assert "<b>coule</b>" in browser.evaluate("document.querySelector('pre').textContent")
    assert_clean(browser, origin)


def test_a_hostile_title_and_name_are_only_ever_text(browser, shown, tmp_path):
    hostile = "<img src=x onerror=document.hacked=1><script>document.hacked=1</script>"
    ball = object_glb(tmp_path / "ball.glb")
    origin = shown(hostile, [exhibit(ball, f"{hostile}!", caption=hostile)])
    assert browser.evaluate("document.hacked ?? null") is None
    assert browser.evaluate("document.querySelector('h1').textContent") == hostile
    assert browser.evaluate("document.querySelector('#plate h2').textContent") == f"{hostile}!"
    assert_clean(browser, origin)


def test_a_file_that_is_no_model_is_named_and_its_thumbnail_shown(browser, shown, tmp_path):
    (tmp_path / "broken.glb").write_bytes(b"glTF but not really")
    Image.new("RGB", (64, 48), (200, 120, 40)).save(tmp_path / "small.png")
    shown("Broken", [exhibit(tmp_path / "broken.glb", "Broken one", thumbnail=tmp_path / "small.png")])
    assert "Broken one" in browser.evaluate("document.getElementById('notice').textContent")
    assert browser.wait_for("document.querySelector('#notice img').naturalWidth", PATIENCE) == 64
    assert browser.evaluate("viewer.errors.length") == 1
