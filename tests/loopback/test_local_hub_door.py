"""Two processes that want a local Hub on the same folder share one, and the first may leave before the second."""

import subprocess
import sys
import urllib.request

from tests.loopback.localhub_fixtures import ROOT, eventually, processes_of

VISITOR = """
import sys, pathlib, urllib.request
from core.local_hub import local_hub
with local_hub(pathlib.Path(sys.argv[1])) as hub:
    print(hub.endpoint, hub.ours, flush=True)
    sys.stdin.read()
"""


def visitor(data) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", VISITOR, str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> tuple[str, str]:
    endpoint, ours = process.stdout.readline().split()
    return endpoint, ours


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=20)


def test_a_borrowed_hub_outlives_the_process_that_started_it(tmp_path):
    host = visitor(tmp_path)
    endpoint, ours = said(host)
    guest = visitor(tmp_path)
    assert (ours, said(guest)) == ("True", (endpoint, "False"))
    leave(host)
    assert urllib.request.urlopen(endpoint, timeout=10).status == 200
    leave(guest)
    assert eventually(lambda: not processes_of(tmp_path), 10)


def test_two_that_start_together_share_one_hub(tmp_path):
    both = [visitor(tmp_path), visitor(tmp_path)]
    endpoints = {said(process)[0] for process in both}
    for process in both:
        leave(process)
    assert len(endpoints) == 1 and eventually(lambda: not processes_of(tmp_path), 10)
