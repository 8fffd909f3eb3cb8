"""What is renamed in a cassette, what is never in it, and what comes back as it was."""

import base64
import json
import random
from itertools import product

import pytest
from vcr.request import Request

from core.redact import MASK
from window.recording.bodies import asked_form, content, told_form
from window.recording.exchange import asked
from window.recording.names import Heard, Names

HUB = "http://127.0.0.1:43210"
SPACE = "http://127.0.0.1:51234"


def join(session: str) -> bytes:
    return json.dumps({"data": ["a fox"], "fn_index": 0, "session_hash": session}).encode()


def described(port: int) -> Heard:
    space = {"id": "me/painter", "runtime": {"stage": "RUNNING", "domains": [{"domain": f"127.0.0.1:{port}"}]}}
    return Heard("GET", f"{HUB}/api/spaces/me/painter", "", json.dumps(space))


def test_a_session_has_the_same_name_whatever_it_calls_itself():
    url = "http://127.0.0.1:20001/gradio_api/queue/join"
    forms = [asked(Request("POST", url, join(session), {}), Names()) for session in ("abc123", "def456")]
    assert forms[0].key == forms[1].key


def test_what_follows_in_a_session_is_named_with_it():
    names = Names()
    url = "http://127.0.0.1:20001/gradio_api/queue"
    asked(Request("POST", f"{url}/join", join("abc123"), {}), names)
    one = asked(Request("GET", f"{url}/data?session_hash=abc123", b"", {}), names)
    assert "abc123" not in one.uri


def test_the_second_session_for_the_same_has_another_name():
    names, url = Names(), "http://127.0.0.1:20001/gradio_api/queue/join"
    first, second = (asked(Request("POST", url, join(session), {}), names) for session in ("abc123", "def456"))
    assert first.key != second.key


def test_a_space_has_the_same_place_at_every_port():
    def named(port: int) -> str:
        return Names.of([described(port)], {"127.0.0.1:43210": "127.0.0.1:8000"}).text(
            f"http://127.0.0.1:{port}/config"
        )

    assert named(51234) == named(40000) != "http://127.0.0.1:51234/config"


def test_the_clock_stands_in_no_request_and_stays_in_answers():
    text = "run 20261121-175811-compose-a-calm-piano-mel-641618 took 1.08 s at 2026-11-21T17:58:13.298Z"
    assert Names().asked(text) == "run <run> took <seconds> at <time>"
    assert Names().text(text) == text


def test_twelve_seconds_of_music_stay_twelve_seconds():
    assert Names().asked("12 seconds long, or 1.5 s") == "12 seconds long, or 1.5 s"


def test_an_upload_is_the_same_whatever_divides_it():
    def form(boundary: str) -> object:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="files"\r\n\r\n'.encode()
        body += b"\x89PNG\0" * 1000 + f"\r\n--{boundary}--\r\n".encode()
        return asked_form("http://x/upload", f"multipart/form-data; boundary={boundary}", body, Names())

    assert form("abc") == form("xyz")
    assert form("abc")["parts"][0]["bytes"] == 5000


def test_a_file_in_a_commit_is_readable_when_short_and_a_hash_when_long():
    def line(data: bytes) -> bytes:
        value = {"path": "a", "encoding": "base64", "content": base64.b64encode(data).decode()}
        return json.dumps({"key": "file", "value": value}).encode()

    url = "http://x/api/spaces/me/page/commit/main"
    form = asked_form(url, "application/x-ndjson", line(b"title: page") + b"\n" + line(b"\0" * 9000), Names())
    assert form is not None
    short, long = (each["value"]["file"] for each in form["lines"])
    assert short == {"text": "title: page"} and long["bytes"] == 9000


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.50,"b":[1e-5,null]}',
        b'{"a": 1, "b": "\\u00e9"}',
        '{"a":"é\u2028"}'.encode(),
        b'{"deep":"\\ud800"}',
        b"plain\r\ntext  \n\n",
        bytes(range(256)) * 30,
        b"",
        b"{not json",
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_an_answer_comes_back_byte_for_byte(data):
    assert content(told_form(data, Names())) == data


def test_no_planted_secret_reaches_a_form():
    dice = random.Random(7)
    planted = 0
    for number, place in product(range(40), ("field", "text", "address", "header", "own")):
        secret = "hf_" + "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=34))
        names = Names({secret.removeprefix("hf_"): MASK} if place == "own" else {})
        body = {
            "field": {"token": secret.removeprefix("hf_"), "secrets": {"KEY": secret}},
            "text": {"messages": [{"content": f"my token is {secret}, keep it"}]},
            "address": {"url": f"http://x/?__sign={secret[3:]}&n={number}"},
            "header": {"curl": f"-H 'Authorization: Bearer {secret[3:]}'"},
            "own": {"value": f"before {secret[3:]} after"},
        }[place]
        data = json.dumps(body).encode()
        forms = [asked_form("http://x/api", "application/json", data, names), told_form(data, names)]
        assert secret[3:] not in json.dumps(forms), place
        planted += 1
    assert planted == 200
