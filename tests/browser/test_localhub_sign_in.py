"""Gradio's own sign-in against the local Hub, in a real browser: two people, each in a browser of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, chromium_path
from tests.loopback.localhub_fixtures import LocalHub, readme, running_hub

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium is installed"),
]

PEOPLE = {
    "users": [
        {"name": "local", "pro": True, "credits": 10.0, "tokens": [{"secret": "hf_local_writes"}]},
        {"name": "ada", "fullname": "Ada Lovelace", "tokens": [{"secret": "hf_ada_writes"}]},
        {"name": "bob", "fullname": "Bob", "tokens": [{"secret": "hf_bob_writes"}]},
    ],
    "organizations": [],
}

APP = """
import gradio as gr
from huggingface_hub import whoami

def greet(profile: gr.OAuthProfile | None, token: gr.OAuthToken | None) -> str:
    if profile is None or token is None:
        return "nobody"
    told = whoami(token.token)
    return f"{profile.name} ({profile.username}) is {told['name']} by {told['auth']['type']}: {token.scope}"

with gr.Blocks() as demo:
    gr.LoginButton(elem_id="login")
    who = gr.Textbox(elem_id="who", label="Who")
    demo.load(greet, None, who)

demo.launch()
"""

WHO = "document.querySelector('#who textarea, #who input')?.value"
LOGIN = "document.querySelector('#login')"
OFFERED = f"{LOGIN}?.innerText.includes('Sign in')"
FORM = "document.querySelector('form[action=\"/oauth/authorize\"]')"
TOKEN = "document.querySelector('input[name=token]')"
CONSENT = f"(!{TOKEN} && {FORM})"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data, fork=True) as running:
        running.put("guestbook", README_dot_md=readme(hf_oauth="true", hf_oauth_scopes="[email]"), app_dot_py=APP)
        yield running


@contextmanager
def visitor(profile: Path) -> Iterator[Chromium]:
    """Gradio's pages ask for fonts, and for a Space of this id, where this test must not go."""
    with Chromium(profile) as browser:
        browser.ask("Network.setBlockedURLs", urls=["https://*"])
        yield browser


def enter(browser: Chromium, user: str) -> str:
    """From the Space's button past the page that asks for a token; what the question says that comes then."""
    browser.wait_for(OFFERED, 60)
    browser.evaluate(f"{LOGIN}.click()")
    browser.wait_for(f"!!{TOKEN}", 20)
    browser.evaluate(f"{TOKEN}.value = 'hf_{user}_writes'")
    browser.evaluate("document.querySelector('button[value=enter]').click()")
    return str(browser.wait_for(f"{CONSENT} && document.body.innerText", 20))


def sign_in(browser: Chromium, host: str, user: str) -> str:
    """Click through as people do; what the Space then says of its visitor."""
    browser.open(host)
    assert browser.wait_for(WHO, 60) == "nobody"
    asked = enter(browser, user)
    assert "local/guestbook" in asked and "your e-mail address" in asked and user in asked
    browser.evaluate("document.querySelector('button[value=allow]').click()")
    return str(browser.wait_for(f"{WHO} != 'nobody' && {WHO}", 30))


def test_two_people_sign_in_to_a_space_each_in_a_browser_of_their_own(hub: LocalHub, tmp_path: Path) -> None:
    host = hub.host("local/guestbook")
    with visitor(tmp_path / "one") as one, visitor(tmp_path / "two") as two:
        said = [sign_in(one, host, "ada"), sign_in(two, host, "bob")]
        assert said == [
            "Ada Lovelace (ada) is ada by oauth: openid profile email",
            "Bob (bob) is bob by oauth: openid profile email",
        ]
        one.open(host)
        assert one.wait_for(WHO, 20) == said[0]
        assert "Logout (ada)" in one.wait_for(f"{LOGIN}?.innerText.includes('ada') && {LOGIN}.innerText", 10)


def test_who_says_no_stays_unknown(hub: LocalHub, tmp_path: Path) -> None:
    with visitor(tmp_path / "profile") as browser:
        browser.open(hub.host("local/guestbook"))
        enter(browser, "ada")
        browser.evaluate("document.querySelector('button[value=deny]').click()")
        assert "access_denied" in browser.wait_for("location.href.includes('access_denied') && location.href", 20)


def test_another_page_of_this_machine_cannot_say_yes(hub: LocalHub, tmp_path: Path) -> None:
    """A Space's page sends the form that it could have read with a server of its own."""
    host = hub.host("local/guestbook")
    with visitor(tmp_path / "profile") as browser:
        browser.open(host)
        enter(browser, "ada")
        stolen = browser.evaluate(f"[...new FormData({CONSENT})]")
        browser.open(host)
        browser.wait_for(OFFERED, 20)
        browser.evaluate(
            f"""{{
            const form = document.createElement('form')
            form.method = 'post'
            form.action = '{hub.endpoint}/oauth/authorize'
            for (const [name, value] of [...{json.dumps(stolen)}, ['decision', 'allow']]) {{
                const input = document.createElement('input')
                ;[input.name, input.value] = [name, value]
                form.append(input)
            }}
            document.body.append(form)
            HTMLFormElement.prototype.submit.call(form)
            }}"""
        )
        said = browser.wait_for("document.body.innerText.includes('begin again') && document.body.innerText", 20)
        assert "does not come from a page of the Hub" in said
