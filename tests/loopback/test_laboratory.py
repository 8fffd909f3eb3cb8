"""The separate process for real: what it refuses, what it survives, and that it leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
import pytest_asyncio
from PIL import Image

from core.artifacts import ArtifactStore
from core.nouns import Origin
from core.scope import Scope
from tests.unit.checks_samples import glb, gltf_document, packed, picture, tone, wav
from tools.check_artifact import CheckArtifact, check_file
from tools.checks.laboratory import Laboratory
from tools.checks.worker import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def laboratory():
    async with Laboratory() as warm:
        warm.start()
        yield warm


@pytest.fixture
def file(tmp_path):
    def written(data: bytes, name: str = "thing") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def zygotes(parent: int) -> list[int]:
    """Checking processes that `parent` started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (entry / "cmdline").read_bytes(), (entry / "stat").read_text()
        except OSError:
            continue
        if b"tools.checks.zygote" in command and int(status.rpartition(")")[2].split()[1]) == parent:
            found.append(int(entry.name))
    return found


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        os.sched_yield()
    return False


async def test_a_model_is_examined(laboratory, file):
    seen = await laboratory.examine(file(glb()), "model3d")
    assert (seen.kind, seen.format, seen.gate.status, seen.facts["faces"]) == ("model3d", "glb", "pass", 12)


async def test_the_name_of_a_file_means_nothing(laboratory, file):
    seen = await laboratory.examine(file(b"<html>Not found</html>", "scene.glb"), "model3d")
    assert (seen.kind, seen.gate.status, seen.gate.reason.split(":")[0]) == ("html", "fail", "type_mismatch")


async def test_a_pipe_is_refused_without_waiting(laboratory, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    seen = await laboratory.examine(tmp_path / "pipe", "image", seconds=5)
    assert (seen.gate.status, "regular file" in seen.gate.reason) == ("fail", True)


async def test_a_file_above_the_cap_is_refused_unread(laboratory, tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as stream:
        stream.truncate(3 << 30)
    assert (await laboratory.examine(path, "model3d")).gate.reason.startswith("limits:")


async def test_a_file_that_is_not_there_is_unknown(laboratory, tmp_path):
    seen = await laboratory.examine(tmp_path / "nothing", "image")
    assert (seen.gate.status, seen.gate.reason) == ("unknown", "unread: No such file or directory")


async def test_a_parser_that_takes_too_long_is_a_fail(laboratory, file):
    slow = file(b"[" + b"[1]," * 3_000_000 + b"[1]]")
    seen = await laboratory.examine(slow, "json", seconds=0.05)
    assert (seen.gate.status, seen.gate.reason) == ("fail", "limits: nobody could read it within 0.05 s")


async def test_what_asks_for_all_the_memory_is_refused_and_ends_nothing():
    script = (
        "from tools.checks.confine import Confinement\n"
        "Confinement().enter(5, 0)\n"
        "try:\n"
        "    bytearray(3 << 30)\n"
        "except MemoryError:\n"
        "    print('refused')\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == ("refused\n", "")


async def test_a_checking_process_that_was_ended_is_started_again(laboratory, file):
    path = file(picture())
    await laboratory.examine(path, "image")
    (pid,) = zygotes(os.getpid())
    os.kill(pid, signal.SIGKILL)
    assert (await laboratory.examine(path, "image")).gate.status == "pass"
    assert zygotes(os.getpid()) not in ([], [pid])


async def test_a_question_that_is_given_up_does_not_block_the_next(laboratory, file):
    slow = file(b"[" + b"[1]," * 3_000_000 + b"[1]]")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(laboratory.examine(slow, "json"), 0.05)
    assert (await laboratory.examine(file(b"[1]", "small"), "json")).gate.status == "pass"


async def test_many_are_examined_at_once(laboratory, file):
    path = file(picture())
    seen = await asyncio.gather(*(laboratory.examine(path, "image") for _ in range(64)))
    assert [examination.gate.status for examination in seen] == ["pass"] * 64


async def test_another_event_loop_may_ask_too(laboratory, file):
    path, answers = file(wav(tone())), []
    thread = Thread(target=lambda: answers.append(asyncio.run(laboratory.examine(path, "audio"))))
    thread.start()
    await asyncio.to_thread(thread.join)
    assert answers[0].facts["seconds"] == 1.0


async def test_the_checking_process_sees_no_token(file, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "not-a-real-one")
    before = set(zygotes(os.getpid()))
    async with Laboratory() as own:
        await own.examine(file(b"[1]"), "json")
        (pid,) = set(zygotes(os.getpid())) - before
        assert b"HF_TOKEN" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert gone(pid)


async def test_the_checking_process_ends_with_a_parent_that_was_killed(tmp_path):
    script = (
        "import asyncio, time\n"
        "from pathlib import Path\n"
        "from tools.checks.laboratory import Laboratory\n"
        "async def main():\n"
        "    laboratory = Laboratory()\n"
        "    await laboratory.examine(Path(__file__), 'text')\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == b"ready\n"
        (pid,) = zygotes(parent.pid)
        parent.kill()
    assert gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
async def test_what_reads_foreign_bytes_can_reach_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    script = (
        "import os, socket, sys\n"
        "from tools.checks.confine import Confinement\n"
        "Confinement().enter(5, 0)\n"
        "def refused(work):\n"
        "    try:\n"
        "        work()\n"
        "    except OSError:\n"
        "        return True\n"
        "    return False\n"
        "tries = [lambda: open(sys.argv[1]), lambda: open(sys.argv[1], 'w'), lambda: os.listdir('/'), socket.socket,\n"
        "         os.fork, lambda: os.execv(sys.executable, ['python']), lambda: os.kill(os.getppid(), 0)]\n"
        "print([refused(work) for work in tries])\n"
    )
    answer = subprocess.run([sys.executable, "-c", script, str(secret)], cwd=ROOT, capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == (f"{[True] * 7}\n", "")


async def test_a_thumbnail_is_a_new_picture_of_the_right_size(laboratory, file, tmp_path):
    assert await laboratory.thumbnail(file(glb()), "model3d", tmp_path / "cube.png", 96)
    with Image.open(tmp_path / "cube.png") as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (96, 96))
        assert drawn.getpixel((48, 48)) != drawn.getpixel((1, 1))
    assert [path.name for path in tmp_path.glob("*.part")] == []


@pytest.mark.parametrize(
    ("data", "kind", "size"), [(picture(400, 200), "image", (96, 48)), (wav(tone()), "audio", (96, 32))]
)
async def test_pictures_and_sound_have_thumbnails_too(laboratory, file, tmp_path, data, kind, size):
    assert await laboratory.thumbnail(file(data), kind, tmp_path / "small.png", 96)
    with Image.open(tmp_path / "small.png") as drawn:
        assert drawn.size == size


async def test_a_room_with_a_camera_is_drawn_from_inside(laboratory, file, tmp_path):
    document, binary = gltf_document()
    document["cameras"] = [{"type": "perspective", "perspective": {"yfov": 1.2, "znear": 0.01}}]
    document["nodes"].append({"camera": 0, "translation": [0.5, 0.5, 0.9]})
    document["scenes"][0]["nodes"] = [0, 1]
    document["materials"] = [{"doubleSided": True}]
    document["meshes"][0]["primitives"][0]["material"] = 0
    assert await laboratory.thumbnail(file(packed(document, binary)), "model3d", tmp_path / "room.png", 64)
    with Image.open(tmp_path / "room.png") as drawn:
        background = (245, 245, 245)
        assert background not in {drawn.getpixel((x, y)) for x in range(0, 64, 7) for y in range(0, 64, 7)}


async def test_what_cannot_be_drawn_leaves_no_file(laboratory, file, tmp_path):
    assert not await laboratory.thumbnail(file(b"\x01\x02"), "model3d", tmp_path / "junk.png")
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [(glb(), "cube.glb", 0), (b"<html></html>", "cube.glb", 1), (b"\x01\x02", "unknown.bin", 2), (None, "none", 2)],
)
async def test_a_users_file_is_sound_refused_or_unreadable(laboratory, tmp_path, data, name, code):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    report = await check_file(laboratory, tmp_path / name)
    assert report.exit_code == code


async def test_the_tool_gives_verdicts_as_an_artifact(laboratory, file, tmp_path):
    store = ArtifactStore(tmp_path / "run")
    incoming = store.incoming()
    incoming.write_bytes(glb())
    cube = store.keep_file(incoming, "model3d", "cube", ".glb", Origin(tool="call_space"))

    async def announce(event):
        raise AssertionError(event)

    scope = Scope("check", "Check", None, 1, 60, store, announce, lambda event: None)
    (answer,) = await CheckArtifact(laboratory).work(
        scope, artifact=cube, checks=[{"check": "mesh", "min_faces": 1000}]
    )
    said = store.value(answer)
    assert (said["passed"], said["verdicts"][1]["reason"][:44]) == (
        False,
        "mesh.min_faces: wanted >= 1000, measured 12;",
    )
    assert answer.origin.inputs == (cube.sha256,)
