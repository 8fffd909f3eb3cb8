"""The sandbox of the Pi coding agent, with small programs in Pi's place and real kernels below."""

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jobs.pi_coder import landlock
from tests.loopback.localhub_fixtures import ROOT

SCRIPT = ROOT / "jobs/pi_coder"
SECRET = "a-value-that-only-the-parent-may-know"
PRY = """
import os, socket, sys
ports = [int(port) for port in sys.argv[2:]]
for path in (f"/proc/{os.getppid()}/environ", sys.argv[1] + "/beside.txt", "/etc/passwd"):
    try:
        print(path.rpartition("/")[2], len(open(path).read()) > 0)
    except OSError as error:
        print(path.rpartition("/")[2], type(error).__name__)
for port in ports:
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
        print("port", True)
    except OSError as error:
        print("port", type(error).__name__)
try:
    os.kill(os.getppid(), 0)
    print("signal", True)
except OSError as error:
    print("signal", type(error).__name__)
"""

PARENT = """
import json, os, subprocess, sys
specification, script, *program = json.loads(sys.argv[1])
heard, told = os.pipe()
specification |= {"report": told, "parents": [os.getpid()]}
command = [sys.executable, "-s", "-B", script, json.dumps(specification), *program]
done = subprocess.run(command, env={"PATH": os.defpath}, pass_fds=[told], capture_output=True, text=True)
os.close(told)
report = json.loads(os.fdopen(heard).read())
print(json.dumps({"report": report, "code": done.returncode, "out": done.stdout.split("\\n"), "error": done.stderr}))
"""


def confined(folder: Path, program: list[str], port: int = 1, **specification: Any) -> dict[str, Any]:
    """What became of a program in the sandbox, below a parent that has a secret in its environment."""
    asked = {
        "user": 0,
        "landlock": True,
        "seccomp": True,
        "read": ["/usr", "/lib", "/lib64", "/bin", sys.prefix, sys.base_prefix],
        "write": [str(folder), "/dev/null"],
        "port": port,
        "tasks": 4096,
        "file_size": 1_000_000,
        **specification,
    }
    done = subprocess.run(
        [sys.executable, "-c", PARENT, json.dumps([asked, str(SCRIPT / "sandbox.py"), *program])],
        env={"PATH": os.defpath, "SECRET": SECRET},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_program_is_not_run_where_neither_another_user_nor_landlock_hides_the_parent(tmp_path: Path) -> None:
    ended = confined(tmp_path, ["/bin/touch", str(tmp_path / "made")], landlock=False)
    assert ended["code"] == 97 and ended["report"]["refused"].startswith("Pi is not run, because")
    assert not (tmp_path / "made").exists()


@pytest.mark.skipif(landlock.version() < 6, reason="this kernel's Landlock is too old to shut everything")
def test_landlock_alone_hides_the_parent_and_everything_but_one_port(tmp_path: Path) -> None:
    (tmp_path / "pen").mkdir()
    (tmp_path / "beside.txt").write_text("x")
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as own,
        closing(socket.create_server(("127.0.0.1", 0))) as other,
    ):
        ports = [str(server.getsockname()[1]) for server in (own, other)]
        program = [sys.executable, "-c", PRY, str(tmp_path), *ports]
        ended = confined(tmp_path / "pen", program, port=int(ports[0]))
    assert ended["out"][:6] == [
        *("environ PermissionError", "beside.txt PermissionError", "passwd PermissionError"),
        *("port True", "port PermissionError", "signal PermissionError"),
    ], ended
    assert "refused" not in ended["report"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_another_user_alone_hides_the_parent(tmp_path: Path) -> None:
    program = ["/bin/sh", "-c", "cat /proc/$PPID/environ; kill -0 $PPID; id -u; grep Cap /proc/self/status | sort -u"]
    ended = confined(Path("/"), program, landlock=False, user=23456)
    assert ended["report"]["layers"][:2] == ["rlimits", "own user"] and SECRET not in str(ended)
    assert ended["out"][0] == "23456" and ended["error"].count("ermi") == 2
    assert "CapPrm:\t0000000000000000" in ended["out"]


DOUBTS = """
import subprocess, sys
sys.path.insert(0, sys.argv[1])
import sandbox
with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env={"SECRET": "x"}) as child:
    while not sandbox.readable([child.pid]):
        assert child.poll() is None
    print(sandbox.doubt(["own user"], [child.pid]) == sandbox.doubt(["landlock 7: files"], [child.pid]) != None)
    print(sandbox.doubt(["own user"], []), sandbox.doubt(["rlimits"], []))
    child.stdin.close()
"""


def test_a_layer_is_not_believed_where_a_secret_can_be_read_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", DOUBTS, str(SCRIPT)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["True", "None this machine grants neither another user nor Landlock"]


def test_a_file_may_not_grow_beyond_its_limit(tmp_path: Path) -> None:
    ended = confined(
        tmp_path,
        ["/bin/sh", "-c", "head -c 2000000 /dev/zero > big"],
        read=["/usr", "/lib", "/lib64", "/bin", "/dev/zero"],
    )
    assert ended["code"] != 0 and (tmp_path / "big").stat().st_size == 1_000_000


TAKES = """
import os, pathlib, subprocess, sys
sys.path.insert(0, sys.argv[1])
import secrecy
token = secrecy.take_token()
own = pathlib.Path("/proc/self/environ").read_bytes()
print(token, token.encode() in own, b"AFTER=kept" in own, "HF_TOKEN" in os.environ, os.environ["AFTER"])
print(token in subprocess.run(["env"], capture_output=True, text=True).stdout, secrecy.ancestors()[-1] == 1)
"""


def test_the_token_is_taken_out_of_the_environment_as_the_kernel_shows_it() -> None:
    environment = {"PATH": os.defpath, "BEFORE": "kept", "HF_TOKEN": SECRET, "AFTER": "kept"}
    done = subprocess.run(
        [sys.executable, "-c", TAKES, str(SCRIPT)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == [f"{SECRET} False True False kept", "False True"]


STAYS = """
import json, subprocess, sys, time
print(json.dumps({"type": "agent_start"}))
print(json.dumps({"type": "turn_start", "odd": "\\u2028"}, ensure_ascii=False), "no event", sep="\\n")
subprocess.Popen(["sleep", "3983"], start_new_session=True)
print(json.dumps({"type": "agent_settled", "aborted": False}), flush=True)
time.sleep(600)
"""

DRIVES = """
import os, pathlib, subprocess, sys
sys.path.insert(0, sys.argv[1])
import budget, driving, order, redaction, secrecy, traces, tree
secrecy.take_token()
here = pathlib.Path(sys.argv[2])
here.joinpath("private").mkdir()
kept = traces.Traces(here / "private", here / "out", redaction.Redactor())
pi = subprocess.Popen([sys.executable, "-c", sys.argv[3]], stdout=subprocess.PIPE)
meter = budget.Meter(9, 9, 9, None)
drive = driving.Drive(pi, order.Limits(seconds=30), meter, kept, here, print)
print(drive.follow().why)
print(drive.end(), drive.story.settled, tree.descendants())
kept.publish()
print(len((here / "out/traces/events.jsonl").read_text().split("\\n")))
"""


@pytest.mark.slow
def test_a_pi_that_is_done_and_does_not_end_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVES, str(SCRIPT), str(tmp_path), STAYS], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split("\n")[:3] == ["Pi was done, but did not end", "-15 True []", "4"], done.stderr
