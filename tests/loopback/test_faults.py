"""What a Space can do to a run, from a real Space in a real process, and what the run makes of it."""

import dataclasses
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core import journal
from core.events import AttemptFailed, StepFinished
from core.nouns import Call, From, Goal, Plan, Step
from core.record import RunFolder
from core.run import Run
from core.settings import Settings
from planners.workshop import workshop
from tests.loopback.localhub_fixtures import ROOT, LocalHub, eventually, processes_of, running_hub

PAINTER = '''\
import hashlib
import struct
import tempfile
import time
from pathlib import Path

import gradio as gr
import numpy as np
import trimesh
from PIL import Image

QUOTA = "You have exceeded your free ZeroGPU quota (60s requested vs. 12s left). Try again in 3:12:00."


def file(name: str, data: bytes) -> str:
    path = Path(tempfile.mkdtemp()) / name
    path.write_bytes(data)
    return str(path)


def picture(prompt: str) -> str:
    seed = int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:4], "big")
    pixels = np.random.default_rng(seed).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    path = file("picture.png", b"")
    Image.fromarray(pixels).save(path)
    return path


def paint(prompt: str, seed: float = 0) -> str:
    """Paints a picture of the prompt."""
    if "empty" in prompt:
        return file("picture.png", b"")
    if "blank" in prompt:
        path = file("picture.png", b"")
        Image.new("RGB", (96, 96), "white").save(path)
        return path
    if "words" in prompt:
        return file("picture.png", b"Sorry, something went wrong with your picture.")
    if "quota" in prompt:
        raise gr.Error(QUOTA, title="ZeroGPU quota exceeded")
    if "error" in prompt:
        raise gr.Error("the brush broke")
    if "hang" in prompt:
        time.sleep(60)
    return picture(prompt)


def sculpt(prompt: str, seed: float = 0) -> str:
    """Sculpts a figure."""
    data = trimesh.creation.icosphere(subdivisions=2).export(file_type="glb")
    return file("figure.glb", data[: len(data) // 2] if "cut" in prompt else data)


with gr.Blocks() as demo:
    words, number = gr.Textbox(label="Prompt"), gr.Number(label="Seed", value=0)
    shown, figure = gr.Image(label="Picture", type="filepath"), gr.Model3D(label="Figure")
    gr.Button().click(paint, [words, number], [shown], api_name="PAINT")
    gr.Button().click(sculpt, [words, number], [figure], api_name="sculpt")

demo.launch(show_error=True)
'''

ABOUT = """---
title: Fox Painter
emoji: 🦊
sdk: gradio
short_description: Paints a picture, an image from a text prompt
---

Paints images of foxes and owls from a prompt.
"""

BROKEN = "raise RuntimeError('no paint left')\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    bundle = tmp_path_factory.mktemp("bundle")
    sleeper = bundle / "sleeper"
    sleeper.mkdir()
    (sleeper / "README.md").write_text(ABOUT)
    (sleeper / "app.py").write_text(PAINTER.replace("PAINT", "paint"))
    with running_hub(tmp_path_factory.mktemp("hub"), bundle, fork=True) as hub:
        hub.put("painter", README_dot_md=ABOUT, app_dot_py=PAINTER.replace("PAINT", "paint"))
        for name in ("understudy", "sluggard"):
            hub.put(name, app_dot_py=PAINTER.replace("PAINT", "paint"))
        yield hub


@dataclasses.dataclass
class Studio:
    """Runs fixed plans on the hub, each in a folder of its own."""

    hub: LocalHub
    home: Path
    folder: RunFolder | None = None

    async def run(self, plan: Plan, *, resume: bool = False) -> Run:
        async def planner(run: Run) -> Plan | None:
            return plan if run.plan is None else None

        settings = Settings(
            endpoint=self.hub.endpoint, token=self.hub.token, runs=self.home / "runs", home=self.home / "home"
        )
        async with workshop(settings, refuse) as shop:
            shop = dataclasses.replace(shop, runner=dataclasses.replace(shop.runner, planner=planner))
            self.folder = self.folder if resume and self.folder else shop.runs.begin("paint")
            return await shop.pursue(self.folder, None if resume else Goal(text="Paint a fox"))

    def faults(self) -> list[str]:
        assert self.folder
        entries = journal.read(self.folder.path)
        return [entry.event.fault.kind for entry in entries if isinstance(entry.event, AttemptFailed)]


async def refuse(asked: object) -> bool:
    return False


@pytest.fixture
def studio(hub: LocalHub, tmp_path: Path) -> Studio:
    return Studio(hub, tmp_path)


def paint(prompt: str, space: str = "local/painter", endpoint: str = "/paint", **more: Any) -> Step:
    def call(id: str) -> Call:
        inputs = {"prompt": prompt if id == space else "a fox", "seed": 1}
        return Call(tool="call_space", arguments={"space": id, "endpoint": endpoint, "inputs": inputs})

    more["fallbacks"] = tuple(call(other) for other in more.get("fallbacks", ()))
    return Step(id="paint", title="Paint", call=call(space), **more)


def only(step: Step) -> Plan:
    return Plan(steps=(step,), results=(From(step=step.id),), planner="test")


@pytest.mark.parametrize(
    ("prompt", "endpoint", "kind", "words"),
    [
        ("an empty file", "/paint", "CheckFailed", "empty"),
        ("a blank sheet", "/paint", "CheckFailed", "blank"),
        ("words in a file port", "/paint", "CheckFailed", "type_mismatch"),
        ("a cut figure", "/sculpt", "CheckFailed", "truncated"),
        ("an error", "/paint", "AppFailed", "the brush broke"),
        ("quota", "/paint", "QuotaExceeded", "quota"),
    ],
)
async def test_what_is_wrong_is_said_and_another_space_takes_over(studio, prompt, endpoint, kind, words):
    run = await studio.run(only(paint(prompt, endpoint=endpoint, fallbacks=("local/understudy",))))
    assert run.status == "passed" and run.results[0].origin.space == "local/understudy"
    assert set(studio.faults()) == {kind} and words in run.units["paint"].attempts[0].fault.message


async def test_a_hang_ends_at_its_deadline_and_another_space_takes_over(studio):
    step = paint("hang", "local/sluggard", fallbacks=("local/understudy",), seconds=3, attempts=1)
    run = await studio.run(only(step))
    assert (run.status, studio.faults()) == ("passed", ["DeadlinePassed"])


async def test_a_fallback_that_also_fails_gives_up_with_its_reason(studio):
    step = paint("an error")
    also = Call(tool="call_space", arguments={**step.call.arguments, "space": "local/understudy"})
    run = await studio.run(only(step.model_copy(update={"fallbacks": (also,)})))
    assert (run.status, len(studio.faults())) == ("failed", 4) and "the brush broke" in run.reason


async def test_a_sleeping_space_is_woken(studio, hub):
    id = "atelier/sleeper"
    assert hub.runtime(id)["stage"] == "SLEEPING"
    run = await studio.run(only(paint("a fox", id)))
    assert (run.status, hub.runtime(id)["stage"]) == ("passed", "RUNNING")


async def test_a_paused_space_is_passed_over(studio, hub):
    id = hub.put("paused", app_dot_py=PAINTER.replace("PAINT", "paint"))
    run = await studio.run(only(paint("an error", id, fallbacks=("local/understudy",))))
    assert run.status == "passed"
    hub.api().pause_space(id)
    again = Studio(hub, studio.home / "again")
    run = await again.run(only(paint("another fox", id, fallbacks=("local/understudy",))))
    assert run.status in ("passed", "failed") and "paused" in json.dumps(run.model_dump(mode="json"))


async def test_a_space_whose_app_does_not_start_is_one_clear_line(studio, hub):
    id = hub.put("broken", app_dot_py=BROKEN)
    run = await studio.run(only(paint("a fox", id)))
    assert run.status == "failed" and "local/broken" in run.reason and "\n" not in run.reason


async def test_a_space_that_is_gone_is_one_clear_line(studio):
    run = await studio.run(only(paint("a fox", "local/nobody")))
    assert run.status == "failed" and "local/nobody" in run.reason and "\n" not in run.reason


async def test_an_endpoint_renamed_since_planning_leads_to_the_fallback(studio, hub):
    id = hub.put("renaming", app_dot_py=PAINTER.replace("PAINT", "paint"))
    plan = only(paint("an error", id))
    assert (await studio.run(plan)).status == "failed"
    hub.put("renaming", app_dot_py=PAINTER.replace("PAINT", "draw"))
    # Until the new app has started, the old one answers.
    hub.api().wait_for_space(id, timeout=60, poll_interval=0.05)
    run = await studio.run(plan, resume=True)
    assert run.status == "failed" and "'/paint'" in run.reason and "/draw" in run.reason


async def test_a_damaged_record_is_mended_and_the_run_goes_on(studio):
    steps = (paint("a fox"), paint("an owl").model_copy(update={"id": "owl"}))
    plan = Plan(steps=steps, results=(From(step="owl"),), planner="test")
    assert (await studio.run(plan)).status == "passed"
    events = studio.folder.path / "events.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    events.write_bytes(b"".join(lines[:4]) + b'{"damaged": true}\n' + b"".join(lines[5:]))
    (studio.folder.path / "state.json").write_text("not JSON")
    run = await studio.run(plan, resume=True)
    assert run.status == "passed" and run.repairs and list((studio.folder.path / "quarantine").iterdir())
    assert json.loads((studio.folder.path / "state.json").read_text())["status"] == "passed"


async def test_a_full_disk_stops_the_run_without_hurting_the_record(studio):
    plan = only(paint("a large fox"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_500, hard))
    try:
        run = await studio.run(plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert run.status in ("blocked", "failed") and "space" in run.reason
    assert (await studio.run(plan, resume=True)).status == "passed"


def ask(home: Path, hub: LocalHub, *arguments: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_TOKEN": hub.token, "HF_ENDPOINT": hub.endpoint}
    command = [sys.executable, str(ROOT / "app.py"), *arguments]
    return subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def begun(home: Path) -> Callable[[], bool]:
    def look() -> bool:
        found = list((home / "runs").glob("*/events.jsonl"))
        return any('"type":"call_accepted"' in path.read_text() for path in found)

    return look


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_stopped_in_the_middle_of_a_call_is_resumed(hub, tmp_path, number):
    process = ask(tmp_path, hub, "ask", "Paint a picture of a fox that may hang", "--yes")
    try:
        assert eventually(begun(tmp_path), 60)
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == (130 if number == signal.SIGINT else -number), said
    assert "Traceback" not in said
    listed = ask(tmp_path, hub, "runs").communicate(timeout=20)[0]
    assert ("cancelled" if number == signal.SIGINT else "interrupted") in listed


def test_ctrl_c_leaves_no_process_behind(tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [sys.executable, str(ROOT / "app.py"), "ask", "Compose a piano melody of 60 seconds"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    hub = tmp_path / ".spacewright" / "hub"
    try:
        assert eventually(begun(tmp_path), 90)
        assert processes_of(hub)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert eventually(lambda: not processes_of(hub), 5)


async def test_nothing_that_passed_is_made_twice_after_a_resume(studio):
    first, second = paint("a fox", "local/understudy"), paint("an error", "local/understudy")
    steps = (first, second.model_copy(update={"id": "spoilt"}))
    plan = Plan(steps=steps, results=(From(step="spoilt"),), planner="test")
    await studio.run(plan)
    await studio.run(plan, resume=True)
    finished = [e.event.step for e in journal.read(studio.folder.path) if isinstance(e.event, StepFinished)]
    assert finished == ["paint"]
