"""A Space as an OAuth client: what its app asks, and what a browser and its user do for it."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.loopback.localhub_fixtures import LocalHub, readme

ADAS = [{"secret": "hf_ada_writes"}, {"secret": "hf_ada_reads", "role": "read"}]

PEOPLE = {
    "users": [
        {"name": "local", "pro": True, "credits": 10.0, "tokens": [{"secret": "hf_local_writes"}]},
        {"name": "ada", "fullname": "Ada", "pro": True, "email": "ada@x.org", "tokens": ADAS},
        {"name": "bob", "tokens": [{"secret": "hf_bob_writes"}]},
    ],
    "organizations": [{"name": "acme", "members": {"ada": "admin"}}],
}

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

ALL = "openid profile email read-repos"


@dataclass
class App:
    """A Space as an OAuth client, by what its own environment tells."""

    hub: LocalHub
    host: str
    environment: dict[str, str]

    @property
    def callback(self) -> str:
        return f"{self.host}/login/callback"

    @property
    def secret(self) -> tuple[str, str]:
        return self.environment["OAUTH_CLIENT_ID"], self.environment["OAUTH_CLIENT_SECRET"]

    def asks(self, **changed: str) -> dict[str, str]:
        wanted = {
            "response_type": "code",
            "client_id": self.secret[0],
            "redirect_uri": self.callback,
            "scope": ALL,
            "state": "s&1",
            "nonce": "n1",
        }
        return {key: value for key, value in (wanted | changed).items() if value}

    def visitor(self, user: str) -> AbstractContextManager[httpx.Client]:
        """A browser in which a user is signed in to the Hub."""
        return signed_in(self.hub, user)

    def page(self, visitor: httpx.Client, **changed: str) -> httpx.Response:
        return visitor.get(f"{self.hub.endpoint}/oauth/authorize", params=self.asks(**changed))

    def answer(self, visitor: httpx.Client, form: dict[str, str], **headers: str) -> httpx.Response:
        sent = {"origin": self.hub.endpoint, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return visitor.post(f"{self.hub.endpoint}/oauth/authorize", data=form, headers=sent)

    def allowed(self, user: str, **changed: str) -> dict[str, str]:
        """What comes back to the app in the address when a user says yes."""
        with self.visitor(user) as visitor:
            form = fields(self.page(visitor, **changed)) | {"decision": "allow"}
            return told_back(self.answer(visitor, form))

    def exchange(self, code: str, **changed: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback} | changed
        return httpx.post(f"{self.hub.endpoint}/oauth/token", data=form, auth=self.secret)

    def token(self, user: str, **changed: str) -> str:
        return str(self.exchange(self.allowed(user, **changed)["code"]).json()["access_token"])


@contextmanager
def signed_in(hub: LocalHub, user: str) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=70) as client:
        assert client.get(f"{hub.endpoint}/", params={"token": f"hf_{user}_writes"}).is_redirect
        yield client


def fields(page: httpx.Response) -> dict[str, str]:
    assert page.status_code == 200, page.text
    return hidden(page)


def hidden(page: httpx.Response) -> dict[str, str]:
    """What the form of a page sends back besides what people type."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def told_back(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def put_app(hub: LocalHub, name: str, text: str = TELLS_ITS_ENVIRONMENT, **card: str) -> App:
    id = hub.put(name, README_dot_md=readme(hf_oauth="true", **card), app_dot_py=text)
    host = hub.host(id)
    environment = hub.get(host).json() if text == TELLS_ITS_ENVIRONMENT else {}
    return App(hub, host, environment)
