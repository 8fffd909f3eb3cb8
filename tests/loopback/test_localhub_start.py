"""What keeps the local Hub from starting is said in one line, and what clients do is not shouted into its log."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from localhub import start
from tests.loopback.localhub_fixtures import ROOT, running_hub
from tests.loopback.test_localhub_bad_bodies import post


def failed(data: Path, *more: str, environment: dict[str, str] | None = None) -> str:
    """What is said of a start that must not succeed, without the line's end."""
    command = [sys.executable, "-m", "localhub", "--data", str(data), *more]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL, env=environment
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_cannot_be_is_named(tmp_path: Path, port: str) -> None:
    assert port in failed(tmp_path / "hub", "--port", port)
    assert not (tmp_path / "hub").exists()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in failed(tmp_path / "hub", "--port", port)


def test_a_data_folder_that_is_a_file_or_below_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "this is no folder" in failed(tmp_path / "file", "--port", "0")
    assert "this is no folder" in failed(tmp_path / "file/below", "--port", "0")


def test_a_data_folder_that_cannot_be_made_is_refused() -> None:
    assert "/proc/hub" in failed(Path("/proc/hub/data"), "--port", "0")


@pytest.mark.parametrize("text", ["{", "\x00", "5"])
def test_a_broken_file_of_its_own_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "users.json").write_text(text)
    assert str(tmp_path) in failed(tmp_path, "--port", "0")


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device", "f"), PermissionError(errno.EACCES, "denied", "f")]
)
def test_a_full_or_closed_disk_is_said(tmp_path: Path, error: OSError) -> None:
    with pytest.raises(start.CannotStart, match=str(error.strerror)), start.explained(tmp_path):
        raise error


def test_packages_that_are_missing_are_named_before_anything_is_made(tmp_path: Path) -> None:
    # Without its site packages this interpreter has only what Python brings along.
    command = [sys.executable, "-S", "-m", "localhub", "--data", str(tmp_path / "hub")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL, env={"PATH": ""}
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "uvicorn" in done.stderr
    assert "install" in done.stderr
    assert not (tmp_path / "hub").exists()


def test_every_package_that_is_asked_for_is_one_that_is_needed() -> None:
    start.check_packages()
    needed = (ROOT / "pyproject.toml").read_text()
    assert all(f'"{package}' in needed for package in start.PACKAGES.values())


def test_the_log_holds_nothing_that_a_terminal_obeys(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running_hub(tmp_path / "hub") as hub:
        assert hub.get("/nothing/%1b%5b2J%0aforged/here/x/y").status_code == 404
    said = capfd.readouterr().err
    assert r"GET /nothing/\x1b[2J\nforged/here/x/y is not part" in said
    assert "\x1b" not in said


def test_a_client_that_leaves_while_it_sends_is_not_worth_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running_hub(tmp_path / "hub") as hub:
        hub.api().create_repo("local/target")
        address = httpx.URL(hub.endpoint)
        for path in ("/api/repos/create", "/api/models/local/target/commit/main", "/api/validate-yaml"):
            head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nAuthorization: Bearer {hub.token}\r\n"
            with socket.create_connection((address.host, address.port), timeout=10) as connection:
                connection.sendall(f"{head}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n".encode())
                assert connection.recv(100).startswith(b"HTTP/1.1 100")  # somebody waits for the body now
                connection.sendall(b"{")
        assert post(hub, "/api/validate-yaml", {"content": ""}).status_code == 200
    assert capfd.readouterr().err == ""
