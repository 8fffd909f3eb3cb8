"""A browser at the local Hub: signed in by an address, let into private Spaces by passes and cookies."""

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from localhub.people.passes import DAY, HUB, Passes
from tests.loopback.localhub_fixtures import GREETER, ROOT, LocalHub, running_hub

ECHO = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        length = int(self.headers.get("content-length") or 0)
        told = json.dumps([self.path, self.headers.get("cookie"), self.rfile.read(length).decode()]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Echo).serve_forever()
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    other = {"name": "other", "token": "hf_local_other", "fullname": ""}
    me = {"name": "local", "token": "hf_local_me", "fullname": "Local user"}
    (data / "users.json").write_text(json.dumps([me, other]))
    with running_hub(data) as running:
        running.put("page", sdk="static", private=True, index_dot_html="<h1>Page</h1>", style_dot_css="h1 {}")
        running.put("second", sdk="static", private=True, index_dot_html="<h1>Second</h1>")
        running.put("echo", private=True, app_dot_py=ECHO)
        running.put("open", sdk="static", index_dot_html="<h1>Open</h1>")
        yield running


def signed(hub: LocalHub, id: str) -> str:
    """The address of a Space with a pass in it."""
    return f"{hub.host(id)}/?__sign={hub.get(f'/api/spaces/{id}/jwt', hub.token).json()['token']}"


def browser(**headers: str) -> httpx.Client:
    return httpx.Client(follow_redirects=True, headers={name.replace("_", "-"): text for name, text in headers.items()})


def test_a_pass_opens_a_private_static_space_and_a_cookie_keeps_it_open(hub: LocalHub) -> None:
    with browser() as visitor:
        first = visitor.get(signed(hub, "local/page"))
        later = visitor.get(hub.host("local/page") + "/style.css")
    arrived = first.history[0].headers
    assert (first.text, str(first.url), later.text) == ("<h1>Page</h1>", hub.host("local/page") + "/", "h1 {}")
    assert all(word in arrived["set-cookie"] for word in ("HttpOnly", "SameSite=Lax")) and arrived["location"] == "/"


def test_neither_pass_nor_cookie_reaches_the_app(hub: LocalHub) -> None:
    address = signed(hub, "local/echo").replace("/?", "/deep%2Fpath?a=%201&") + "&b"
    with browser() as visitor:
        path, cookie, _ = visitor.get(address).json()
        visitor.cookies.set("own", "1", domain="127.0.0.1")
        with_own = visitor.get(hub.host("local/echo")).json()[1]
        posted = httpx.post(address, content="body").json()
    assert (path, cookie, with_own) == ("/deep%2Fpath?a=%201&b", None, "own=1")
    assert posted == ["/deep%2Fpath?a=%201&b", None, "body"]


def test_a_private_gradio_space_is_called_with_the_cookie_alone(hub: LocalHub) -> None:
    id = hub.put("greeter", private=True, app_dot_py=GREETER)
    with browser(sec_fetch_site="same-origin") as visitor:
        visitor.timeout = httpx.Timeout(70)
        host = hub.host(id)
        assert visitor.get(signed(hub, id)).status_code == 200
        path = visitor.post(f"{host}/gradio_api/upload", files={"files": ("a.txt", b"bytes")}).json()[0]
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        joined = visitor.post(f"{host}/gradio_api/call/v2/greet", json={"name": "Ada", "picture": file}).json()
        answer = visitor.get(f"{host}/gradio_api/call/greet/{joined['event_id']}").text
        given = json.loads(answer.partition("data: ")[2].partition("\n")[0])
        assert (given[0], visitor.get(given[1]["url"]).content) == ("Hello Ada", b"bytes")


def test_what_is_forged_expired_or_for_another_place_opens_nothing(hub: LocalHub, tmp_path: Path) -> None:
    created = str(hub.space("local/page")["createdAt"])
    place = f"space local/page {created}"
    ours, foreign = Passes(hub.data / "passes.key"), Passes(tmp_path / "foreign.key")
    good = ours.issue("local", place)
    header, content, signature = good.split(".")
    other_content = ours.issue("other", place).split(".")[1]
    passes = {
        "foreign": foreign.issue("local", place),
        "changed": f"{header}.{other_content}.{signature}",
        "unsigned": f"{header}.{content}.",
        "expired": ours.issue("local", place, seconds=-1),
        "of the hub": ours.issue("local", HUB),
        "of another space": signed(hub, "local/second").partition("=")[2],
        "of another user": ours.issue("other", place),
        "of nobody": ours.issue("nobody", place),
        "before it was made again": ours.issue("local", "space local/page 2020-01-01T00:00:00.000Z"),
        "no text": "%FF.%FF.é",
    }
    cookie = ours.cookie(place)
    host = hub.host("local/page")
    asked = {name: httpx.get(host, params={"__sign": given}).status_code for name, given in passes.items()}
    kept = {
        name: httpx.get(host, headers=[(b"cookie", f"{cookie}={given}".encode())]).status_code
        for name, given in passes.items()
    }
    assert asked == kept == dict.fromkeys(passes, 404)
    assert httpx.get(host, headers={"cookie": f"{cookie}={good}"}).status_code == 200


def test_a_pass_lasts_a_day(tmp_path: Path) -> None:
    passes = Passes(tmp_path / "key")
    assert passes.name(passes.issue("local", HUB), HUB) == "local"
    assert DAY == 24 * 3600 and (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_page_of_another_space_cannot_use_the_cookie(hub: LocalHub) -> None:
    with browser() as visitor:
        visitor.get(signed(hub, "local/page"))
        host = hub.host("local/page")
        fetched = visitor.get(host, headers={"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"})
        visited = visitor.get(host, headers={"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate"})
    assert (fetched.status_code, visited.status_code) == (404, 200)


def test_an_address_that_looks_like_a_host_does_not_lead_away(hub: LocalHub) -> None:
    address = signed(hub, "local/page").replace("/?", "//example.invalid/?", 1)
    assert httpx.get(address).headers["location"] == "/example.invalid/"


@pytest.mark.parametrize(("token", "status"), [("hf_local_me", 200), ("hf_local_other", 404), (None, 401)])
def test_passes_are_given_to_those_who_may_see_the_space(hub: LocalHub, token: str | None, status: int) -> None:
    assert hub.get("/api/spaces/local/page/jwt", token).status_code == status


def test_an_address_with_a_token_signs_a_browser_in(hub: LocalHub) -> None:
    with browser() as visitor:
        first = visitor.get(f"{hub.endpoint}/?token={hub.token}")
        opened = visitor.get(f"{hub.endpoint}/spaces/local/page")
    assert "local/page" in first.text and str(first.url) == f"{hub.endpoint}/"
    assert all(word in first.history[0].headers["set-cookie"] for word in ("HttpOnly", "SameSite=lax"))
    assert (opened.text, str(opened.url)) == ("<h1>Page</h1>", hub.host("local/page") + "/")


def test_without_signing_in_private_spaces_are_not_there(hub: LocalHub) -> None:
    with browser() as visitor:
        index, space = visitor.get(hub.endpoint), visitor.get(f"{hub.endpoint}/spaces/local/page")
        wrong = visitor.get(f"{hub.endpoint}/?token=hf_wrong")
        opened = visitor.get(f"{hub.endpoint}/spaces/local/open")
    assert "local/open" in index.text and "local/page" not in index.text
    assert (space.status_code, wrong.status_code, dict(visitor.cookies)) == (404, 401, {})
    assert opened.text == "<h1>Open</h1>"


def test_the_session_of_the_pages_gives_no_right_to_the_api(hub: LocalHub) -> None:
    with browser() as visitor:
        visitor.get(f"{hub.endpoint}/?token={hub.token}")
        read = visitor.get(f"{hub.endpoint}/api/spaces/local/page")
        write = visitor.post(f"{hub.endpoint}/api/spaces/local/page/pause")
    assert (read.status_code, write.status_code) == (401, 401)


def test_foreign_text_on_the_pages_is_only_text(hub: LocalHub) -> None:
    card = "---\ntitle: <script>a</script>\nsdk: static\nshort_description: <img src=x>\napp_file: <b>.html\n---\n"
    id = hub.put("strange", sdk="static", README_dot_md=card)
    pages = hub.get("/").text + hub.get(f"/spaces/{id}").text
    assert "&lt;img src=x&gt;" in pages and "&lt;script&gt;" in pages and "&lt;b&gt;" in pages
    assert "<script" not in pages and "<img" not in pages and "<b>" not in pages


def running(data: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "localhub", "--data", str(data), "--running"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_where_a_hub_runs_is_told_to_programs(hub: LocalHub) -> None:
    code, told, _ = running(hub.data)
    assert (code, json.loads(told)) == (0, {"endpoint": hub.endpoint, "token": hub.token})


def test_where_none_runs_nothing_is_told_or_made(tmp_path: Path) -> None:
    assert running(tmp_path / "hub") == (1, "", "")
    assert not (tmp_path / "hub").exists()


def test_the_question_where_a_hub_runs_imports_nothing_heavy(hub: LocalHub) -> None:
    script = (
        "import sys; from localhub.command import main; main(sys.argv[1:]);"
        "print(sorted({'asyncio', 'pydantic', 'starlette', 'uvicorn', 'aiohttp'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, "--data", str(hub.data), "--running"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.splitlines()[1] == "[]"


def test_people_at_a_terminal_are_told_where_to_sign_in(tmp_path: Path) -> None:
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "localhub", "--data", str(tmp_path), "--port", "0", "--no-fork"]
    process = subprocess.Popen(
        [*command, "--spaces", str(tmp_path / "none")], cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs
    )
    try:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        os.set_blocking(terminal, False)
        heard, deadline = b"", time.monotonic() + 10
        while b"\n" not in heard and time.monotonic() < deadline:
            try:
                heard += os.read(terminal, 4096)
            except BlockingIOError:
                time.sleep(0.01)
        endpoint, token = told["endpoint"], told["token"]
        expected = f"The local Hub is at {endpoint} · sign in in a browser: {endpoint}/?token={token}\r\n"
        assert heard.decode() == expected
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()
        os.close(terminal)
        os.close(theirs)
