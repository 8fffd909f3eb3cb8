"""Signing in as a browser does it: the pages are read, and their forms are sent back."""

import base64
import json
import re
from contextlib import closing
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.loopback.localhub_fixtures import LocalHub, eventually, readme

DEVICE = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"
"""The command line's client id."""

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"

TELLS_ITS_ENVIRONMENT = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class App(BaseHTTPRequestHandler):
    def do_GET(self):
        told = json.dumps(dict(os.environ)).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), App).serve_forever()
"""


def browser(hub: LocalHub, token: str) -> httpx.Client:
    """Signed in to the Hub's own pages."""
    client = httpx.Client(base_url=hub.endpoint, timeout=60)
    assert client.get("/", params={"token": token}).is_redirect
    return client


def say_yes(client: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the form of a page back, with what was chosen."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    origin = str(client.base_url).rstrip("/")
    filled = {name: unescape(value) for name, value in hidden.items()} | fields | {"decision": "allow"}
    return client.post(urlsplit(str(page.url)).path, data=filled, headers={"origin": origin})


def on_a_device(hub: LocalHub, token: str) -> httpx.Response:
    """What a program gets that was let in in a browser."""
    with closing(browser(hub, token)) as client:
        device = client.post("/oauth/device", data={"client_id": DEVICE, "scope": "openid"}).json()
        page = client.get("/device", params={"user_code": device["user_code"]})
        say_yes(client, page, user_code=device["user_code"]).raise_for_status()
        asked = {"grant_type": DEVICE_CODE, "device_code": device["device_code"], "client_id": DEVICE}
        return client.post("/oauth/token", data=asked)


def app(hub: LocalHub, name: str) -> tuple[str, dict[str, str]]:
    """A Space that people can sign in to: its address, and what it finds in its environment."""
    card = readme(hf_oauth="true").replace("hf_oauth: true", "hf_oauth: true\nhf_oauth_scopes: [email]")
    id = hub.put(name, README_dot_md=card, app_dot_py=TELLS_ITS_ENVIRONMENT)
    host = hub.host(id)
    assert eventually(lambda: hub.get(host).status_code == 200, 60)
    return host, json.loads(hub.get(host).text)


def to_a_space(hub: LocalHub, host: str, known: dict[str, str], token: str) -> httpx.Response:
    """What the Space's app gets when somebody has signed in to it."""
    redirect = f"{host}/login/callback"
    asked = {"response_type": "code", "client_id": known["OAUTH_CLIENT_ID"], "redirect_uri": redirect, "state": "s"}
    with closing(browser(hub, token)) as client:
        page = client.get("/oauth/authorize", params=asked | {"scope": "openid profile email", "nonce": "n"})
        back = say_yes(client, page)
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        pair = f"{known['OAUTH_CLIENT_ID']}:{known['OAUTH_CLIENT_SECRET']}".encode()
        basic = {"authorization": "Basic " + base64.b64encode(pair).decode()}
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        return client.post("/oauth/token", data=form, headers=basic)
