"""Signing in to a Space, and signing in a program, as OAuth 2 and OpenID Connect say it."""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.loopback.localhub_fixtures import LocalHub, run_client, running_hub
from tests.loopback.oauth_app import ALL, PEOPLE, TELLS_ITS_ENVIRONMENT, App, fields, hidden, put_app, told_back

USES_THE_LIBRARY = """
import os, uvicorn
from fastapi import FastAPI, Request
from huggingface_hub import attach_huggingface_oauth, parse_huggingface_oauth, whoami

app = FastAPI()
attach_huggingface_oauth(app)

@app.get("/")
def greet(request: Request):
    info = parse_huggingface_oauth(request)
    return info and [info.user_info.name, info.user_info.orgs[0].preferred_username, whoami(info.access_token)["name"]]

uvicorn.run(app, port=int(os.environ["GRADIO_SERVER_PORT"]))
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    data = tmp_path_factory.mktemp("hub")
    (data / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(data) as running:
        yield running


@pytest.fixture(scope="module")
def app(hub: LocalHub) -> App:
    return put_app(hub, "app", hf_oauth_scopes="[email, read-repos, manage-repos]", hf_oauth_expiration_minutes="30")


def test_a_space_is_told_what_it_needs_for_signing_in_and_nothing_more(hub: LocalHub, app: App) -> None:
    told = {name: app.environment.get(name) for name in ("SYSTEM", "OAUTH_SCOPES", "OPENID_PROVIDER_URL", "SPACE_HOST")}
    assert told == {
        "SYSTEM": "spaces",
        "OAUTH_SCOPES": "openid profile email read-repos manage-repos",
        "OPENID_PROVIDER_URL": hub.endpoint,
        "SPACE_HOST": None,
    }
    id = hub.put("plain", app_dot_py=TELLS_ITS_ENVIRONMENT)
    assert not [name for name in hub.get(hub.host(id)).json() if name.startswith(("OAUTH", "OPENID", "SPACE_HOST"))]


def test_who_says_yes_is_known_to_the_space(hub: LocalHub, app: App) -> None:
    back = app.allowed("ada")
    answer = app.exchange(back["code"])
    given = answer.json()
    keys = KeySet.import_key_set(hub.get("/oauth/jwks").json())
    claims = jwt.decode(given["id_token"], keys, algorithms=["RS256"]).claims
    assert (back["state"], answer.headers["cache-control"]) == ("s&1", "no-store")
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("bearer", 1800, ALL)
    assert given["access_token"].startswith("hf_oauth_") and "refresh_token" not in given
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (hub.endpoint, app.secret[0], "n1")
    assert claims["exp"] == claims["iat"] + 1800
    info = hub.get("/oauth/userinfo", given["access_token"]).json()
    assert info.items() <= claims.items()
    assert (info["name"], info["preferred_username"], info["email"], info["isPro"]) == ("Ada", "ada", "ada@x.org", True)
    assert [org["preferred_username"] for org in info["orgs"]] == ["acme"]
    assert info["sub"] == HfApi(endpoint=hub.endpoint, token="hf_ada_writes").whoami()["id"]


def test_the_private_half_of_the_key_stays_here(hub: LocalHub, app: App) -> None:
    key = hub.get("/oauth/jwks").json()["keys"][0]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (hub.data / "oauth").iterdir()}
    assert set(modes.values()) == {0o600}


def test_a_token_answers_as_far_as_its_scopes_go(hub: LocalHub, app: App) -> None:
    HfApi(endpoint=hub.endpoint, token="hf_ada_writes").create_repo("ada/private", private=True, exist_ok=True)
    narrow, wide = (
        HfApi(endpoint=hub.endpoint, token=app.token("ada", scope=scope)) for scope in ("openid profile", ALL)
    )
    told = narrow.whoami()
    assert (told["name"], "email" in told, wide.whoami()["email"]) == ("ada", False, "ada@x.org")
    assert told["auth"]["type"] == "oauth" and told["auth"]["expiresAt"].endswith("Z")
    assert "email" not in hub.get("/oauth/userinfo", narrow.token).json()  # type: ignore[arg-type]
    assert wide.model_info("ada/private").private
    with pytest.raises(HfHubHTTPError) as hidden:
        narrow.model_info("ada/private")
    with pytest.raises(HfHubHTTPError) as refused:
        wide.create_repo("ada/new")
    assert (hidden.value.response.status_code, refused.value.response.status_code) == (404, 403)


def test_a_token_with_the_scope_creates_repositories(hub: LocalHub, app: App) -> None:
    manager = HfApi(endpoint=hub.endpoint, token=app.token("bob", scope="openid profile manage-repos"))
    assert manager.create_repo("bob/made").repo_id == "bob/made"
    manager.delete_repo("bob/made")


def test_a_token_does_not_move_the_hardware_of_a_space(hub: LocalHub, app: App) -> None:
    manager = HfApi(endpoint=hub.endpoint, token=app.token("local", scope="openid profile manage-repos"))
    manager.create_repo("local/mine", repo_type="space", space_sdk="static", exist_ok=True)
    for change in (
        lambda: manager.request_space_hardware("local/mine", "t4-small"),
        lambda: manager.restart_space("local/mine"),
        lambda: manager.set_space_sleep_time("local/mine", 3600),
    ):
        with pytest.raises(RepositoryNotFoundError) as refused:
            change()
        assert refused.value.response.status_code == 401


def test_a_card_without_scopes_gives_the_name_and_no_more(hub: LocalHub) -> None:
    bare = put_app(hub, "bare")
    assert bare.environment["OAUTH_SCOPES"] == "openid profile"
    with httpx.Client() as visitor:
        refused = told_back(bare.page(visitor, scope="openid profile jobs"))
    assert (refused["error"], refused["state"]) == ("invalid_scope", "s&1")


def test_who_says_no_is_not_known(app: App) -> None:
    with app.visitor("ada") as visitor:
        form = fields(app.page(visitor)) | {"decision": "deny"}
        back = told_back(app.answer(visitor, form))
    assert (back["error"], back["state"], "code" in back) == ("access_denied", "s&1", False)


def test_the_page_says_who_asks_for_what_and_cannot_be_framed(app: App) -> None:
    with app.visitor("ada") as visitor:
        page = app.page(visitor)
    policy = page.headers["content-security-policy"]
    assert "local/app" in page.text and "your e-mail address" in page.text and "delete" not in page.text
    assert "You are <strong>Ada</strong>" in page.text and "bob" not in page.text
    assert "frame-ancestors 'none'" in policy and f"form-action 'self' {app.host}" in policy
    assert all(word in page.headers["set-cookie"] for word in ("HttpOnly", "SameSite=strict"))


def test_nobody_says_yes_for_somebody_else(hub: LocalHub, app: App) -> None:
    with httpx.Client() as stranger, app.visitor("bob") as bob:
        first = app.page(stranger)
        sent = hidden(first)
        unknown = [app.answer(stranger, sent | {"user": "ada", "decision": "allow"}), app.page(stranger)]
        as_ada = app.answer(bob, fields(app.page(bob)) | {"user": "ada", "decision": "allow"})
        as_bob = app.answer(bob, fields(app.page(bob)) | {"decision": "allow"})
    assert [answer.status_code for answer in (first, *unknown, as_ada)] == [401, 403, 401, 403]
    given = app.exchange(told_back(as_bob)["code"]).json()["access_token"]
    assert hub.get("/api/whoami-v2", given).json()["name"] == "bob"


def test_who_types_a_token_goes_on_to_the_question(app: App) -> None:
    with httpx.Client(follow_redirects=False) as visitor:
        form = hidden(app.page(visitor)) | {"decision": "enter"}
        wrong = app.answer(visitor, form | {"token": "hf_nobody"})
        entered = app.answer(visitor, hidden(wrong) | {"token": "hf_ada_writes"})
        page = visitor.get(app.hub.endpoint + entered.headers["location"])
        answer = app.answer(visitor, fields(page) | {"decision": "allow"})
    assert (wrong.status_code, entered.status_code, "hf_ada" in entered.headers["location"]) == (401, 303, False)
    assert "You are <strong>Ada</strong>" in page.text and told_back(answer)["state"] == "s&1"


def test_what_an_app_was_given_signs_nobody_in(hub: LocalHub, app: App) -> None:
    given = app.token("ada", scope=ALL)
    with httpx.Client() as visitor:
        refused = [
            visitor.get(f"{hub.endpoint}/", params={"token": given}),
            visitor.get(f"{hub.endpoint}/", params={"token": "hf_ada_reads"}),
            app.answer(visitor, hidden(app.page(visitor)) | {"token": given}),
        ]
        assert [answer.status_code for answer in refused] == [401] * 3
        assert app.page(visitor).status_code == 401


def test_the_only_user_of_a_hub_needs_not_sign_in(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub, httpx.Client(timeout=70) as visitor:
        alone = put_app(hub, "alone", hf_oauth_scopes="[email, read-repos]")
        answer = alone.answer(visitor, fields(alone.page(visitor)) | {"decision": "allow"})
        given = alone.exchange(told_back(answer)["code"]).json()["access_token"]
        assert hub.get("/api/whoami-v2", given).json()["name"] == "local"


def test_only_the_page_itself_can_answer(app: App) -> None:
    with app.visitor("ada") as visitor, app.visitor("ada") as stranger, httpx.Client() as blind:
        form = fields(app.page(visitor)) | {"decision": "allow"}
        foreign = fields(app.page(stranger)) | {"decision": "allow"}
        refused = {
            "a Space's page": app.answer(visitor, form, origin=app.host),
            "a page with no origin": app.answer(visitor, form, origin="null"),
            "a page that browsers know is another": app.answer(visitor, form, sec_fetch_site="same-site"),
            "a form shown elsewhere": app.answer(visitor, foreign),
            "a form of one's own": app.answer(visitor, form | {"consent": ""}),
            "a browser that saw no form": app.answer(blind, form),
        }
        assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(refused, 403)
        assert "code" in told_back(app.answer(visitor, form))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/login/callback",
        "http://127.0.0.1:1/login/callback",
        "http://127.0.0.1.example.org:PORT/",
        "http://example.org@127.0.0.1:PORT/",
        "http://127.0.0.1:PORT@example.org/",
        "http://127.0.0.1:PORT\\@example.org/",
        "https://127.0.0.1:PORT/",
        "http://127.0.0.1:PORT/#fragment",
        "javascript://127.0.0.1:PORT/",
        "//127.0.0.1:PORT/",
        "http://127.0.0.1:99999999/",
        "",
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_spaces_own(app: App, address: str) -> None:
    wanted = address.replace("PORT", str(urlsplit(app.host).port))
    with app.visitor("ada") as visitor:
        form = fields(app.page(visitor)) | {"decision": "allow", "redirect_uri": wanted}
        answers = [app.page(visitor, redirect_uri=wanted), app.answer(visitor, form)]
    assert [(answer.status_code, "location" in answer.headers) for answer in answers] == [(400, False)] * 2


def test_the_space_is_known_by_both_names_of_this_machine(app: App) -> None:
    address = app.callback.replace("127.0.0.1", "localhost") + "?_target_url=%2F"
    with app.visitor("ada") as visitor:
        form = fields(app.page(visitor, redirect_uri=address)) | {"decision": "allow"}
        answer = app.answer(visitor, form)
    assert answer.headers["location"].startswith(address + "&code=")


def verifier_and_challenge() -> tuple[str, str]:
    verifier = "v" * 50
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_a_code_is_good_once_for_who_asked(hub: LocalHub, app: App) -> None:
    other = put_app(hub, "other", hf_oauth_scopes="[email, read-repos]")
    code = app.allowed("ada")["code"]
    answers = [
        other.exchange(app.allowed("ada")["code"], redirect_uri=app.callback),
        app.exchange(app.allowed("ada")["code"], redirect_uri=app.host + "/elsewhere"),
        app.exchange("no such code"),
        app.exchange(code),
        app.exchange(code),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 200, 400]
    assert {answer.json()["error"] for answer in answers if answer.is_error} == {"invalid_grant"}


def test_a_code_that_comes_again_ends_what_it_was_good_for(hub: LocalHub, app: App) -> None:
    other = put_app(hub, "thief", hf_oauth_scopes="[email, read-repos]")
    kept, code = app.token("ada"), app.allowed("ada")["code"]
    token = str(app.exchange(code).json()["access_token"])
    other.exchange(code)
    before = hub.get("/api/whoami-v2", token).status_code
    app.exchange(code)
    after = [hub.get("/api/whoami-v2", each).status_code for each in (token, kept)]
    assert (before, after) == (200, [401, 200])


def test_a_challenge_is_met_by_its_verifier_only(app: App) -> None:
    verifier, challenge = verifier_and_challenge()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    answers = [
        app.exchange(app.allowed("ada", **asked)["code"], code_verifier=verifier),
        app.exchange(app.allowed("ada", **asked)["code"], code_verifier="w" * 50),
        app.exchange(app.allowed("ada", **asked)["code"]),
        app.exchange(app.allowed("ada")["code"], code_verifier=verifier),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 400, 400]
    with httpx.Client() as visitor:
        assert (
            told_back(app.page(visitor, code_challenge="x", code_challenge_method="plain"))["error"]
            == "invalid_request"
        )


def test_the_secret_may_come_in_a_header_or_in_the_form(hub: LocalHub, app: App) -> None:
    id, secret = app.secret
    url = f"{hub.endpoint}/oauth/token"

    def form() -> dict[str, str]:
        code = app.allowed("ada")["code"]
        return {"grant_type": "authorization_code", "code": code, "redirect_uri": app.callback}

    answers = [
        httpx.post(url, data=form(), auth=(id, secret)),
        httpx.post(url, data=form() | {"client_id": id, "client_secret": secret}),
        httpx.post(url, data=form(), auth=(id, "wrong")),
        httpx.post(url, data=form() | {"client_id": id}),
        httpx.post(url, data=form(), headers=[(b"authorization", "Basic é".encode())]),
        httpx.post(url, data={"grant_type": "password"}, auth=(id, secret)),
    ]
    assert [(answer.status_code, answer.json().get("error")) for answer in answers] == [
        *[(200, None)] * 2,
        *[(401, "invalid_client")] * 3,
        (400, "unsupported_grant_type"),
    ]


def test_only_members_sign_in_where_the_card_says_so(hub: LocalHub) -> None:
    club = put_app(hub, "club", hf_oauth_authorized_org="acme")
    with club.visitor("ada") as ada, club.visitor("bob") as bob:
        form = fields(club.page(ada, scope="openid profile"))
        page = club.page(bob, scope="openid profile")
        answer = club.answer(bob, form | {"user": "bob", "decision": "allow"})
    assert (page.status_code, answer.status_code) == (403, 403)
    assert "code" in club.allowed("ada", scope="openid profile")


def test_a_restart_keeps_clients_keys_and_tokens_until_these_are_over(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(json.dumps(PEOPLE))
    with running_hub(tmp_path) as hub:
        app = put_app(hub, "app", hf_oauth_scopes="[email, read-repos]")
        token, over, keys = app.token("ada"), app.token("ada"), hub.get("/oauth/jwks").json()
    kept = tmp_path / "oauth/tokens.json"
    assert token not in kept.read_text()
    grants = json.loads(kept.read_text())
    grants[hashlib.sha256(over.encode()).hexdigest()]["expires"] = time.time() - 1
    kept.write_text(json.dumps(grants))
    with running_hub(tmp_path) as hub:
        again = hub.get(hub.host("local/app")).json()
        assert (again["OAUTH_CLIENT_ID"], again["OAUTH_CLIENT_SECRET"]) == app.secret
        assert hub.get("/oauth/jwks").json() == keys
        assert hub.get("/api/whoami-v2", token).json()["name"] == "ada"
        assert hub.get("/api/whoami-v2", over).status_code == 401


def test_fastapi_apps_sign_in_through_huggingface_hub(hub: LocalHub) -> None:
    app = put_app(hub, "library", USES_THE_LIBRARY, hf_oauth_scopes="[email]")
    with app.visitor("ada") as visitor:
        assert visitor.get(app.host).json() is None
        begun = visitor.get(f"{app.host}/oauth/huggingface/login")
        page = visitor.get(begun.headers["location"])
        answer = app.answer(visitor, fields(page) | {"decision": "allow"})
        # Its cookie is for https, which Chromium takes on this machine and httpx does not.
        session = cookie_of(begun)
        back = visitor.get(answer.headers["location"], headers={"cookie": session})
        assert visitor.get(app.host, headers={"cookie": cookie_of(back)}).json() == ["Ada", "acme", "ada"]


def cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def device_page(visitor: httpx.Client, hub: LocalHub, code: str, decision: str) -> httpx.Response:
    page = visitor.get(f"{hub.endpoint}/device?{urlencode({'user_code': code})}")
    form = fields(page) | {"user_code": code, "decision": decision}
    return visitor.post(f"{hub.endpoint}/device", data=form, headers={"origin": hub.endpoint})


def begin_device(hub: LocalHub) -> dict[str, Any]:
    client = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"
    begun: dict[str, Any] = httpx.post(f"{hub.endpoint}/oauth/device", data={"client_id": client}).json()
    return begun | {"client_id": client}


def poll(hub: LocalHub, begun: dict[str, Any]) -> dict[str, Any]:
    form = {name: begun[name] for name in ("client_id", "device_code")}
    form["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code"
    answer: dict[str, Any] = httpx.post(f"{hub.endpoint}/oauth/token", data=form).json()
    return answer


def test_a_device_waits_until_somebody_who_is_signed_in_says_yes(hub: LocalHub) -> None:
    begun = begin_device(hub)
    with httpx.Client() as visitor:
        first = visitor.get(begun["verification_uri_complete"])
        yes = hidden(first) | {"decision": "allow"}
        unknown = visitor.post(f"{hub.endpoint}/device", data=yes, headers={"origin": hub.endpoint})
        assert (first.status_code, unknown.status_code) == (401, 401)
        assert poll(hub, begun)["error"] == "authorization_pending"
        typed = hidden(unknown) | {"token": "hf_bob_writes"}
        entered = visitor.post(f"{hub.endpoint}/device", data=typed, headers={"origin": hub.endpoint})
        assert entered.headers["location"] == f"/device?user_code={begun['user_code']}"
        assert device_page(visitor, hub, begun["user_code"].lower(), "allow").status_code == 200
        given = poll(hub, begun)
        assert device_page(visitor, hub, begun["user_code"], "allow").status_code == 404
    assert hub.get("/api/whoami-v2", given["access_token"]).json()["name"] == "bob"
    assert poll(hub, begun)["error"] == "invalid_grant"


def test_a_device_that_is_denied_stops_waiting(hub: LocalHub) -> None:
    begun = begin_device(hub)
    with httpx.Client() as visitor:
        visitor.get(f"{hub.endpoint}/?token=hf_bob_writes")
        device_page(visitor, hub, begun["user_code"], "deny")
    assert poll(hub, begun)["error"] == "access_denied"


LOG_IN = """
from huggingface_hub import constants, login, whoami, get_token
from huggingface_hub.utils._oauth_device import refresh_access_token
from huggingface_hub.utils._auth import _read_stored_tokens_full
login()
kept = next(iter(_read_stored_tokens_full().values()))
print(whoami()["name"], whoami(refresh_access_token(kept["refresh_token"])["access_token"])["name"])
"""


def test_hf_auth_login_signs_in_through_a_browser(hub: LocalHub, tmp_path: Path) -> None:
    said = (tmp_path / "said").open("w+")

    def say_yes() -> None:
        with httpx.Client() as visitor:
            visitor.get(f"{hub.endpoint}/?token=hf_ada_writes")
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                if shown := re.search(r"user_code=(\S+)", (tmp_path / "said").read_text()):
                    device_page(visitor, hub, shown[1], "allow")
                    return
                threading.Event().wait(0.05)

    script = f"import sys; sys.stdout = open({said.name!r}, 'w', buffering=1); import os; os.environ.pop('HF_TOKEN')\n"
    clicking = threading.Thread(target=say_yes)
    clicking.start()
    with said:
        run_client(hub, tmp_path, script + LOG_IN)
        clicking.join()
        assert said.read().splitlines()[-1] == "ada ada"
