"""Spaces of the local Hub: they really run, and the unmodified clients find and call them."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.loopback.localhub_fixtures import (
    GREETER,
    LocalHub,
    eventually,
    processes_of,
    readme,
    run_client,
    running_hub,
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    bundle = tmp_path_factory.mktemp("bundle")
    (bundle / "greeter").mkdir()
    (bundle / "greeter/README.md").write_text(
        readme(short_description="Says hello to people", tags="[greeting, text-generation]", models="[acme/tiny]")
    )
    (bundle / "greeter/app.py").write_text(GREETER)
    for name, greeting in {
        "sleeper": "Wakes up",
        "botanist": "Pronounces zygomorphic flowers",
        "told": "Tells",
    }.items():
        (bundle / name).mkdir()
        (bundle / name / "README.md").write_text(readme())
        (bundle / name / "app.py").write_text(GREETER.replace("Says hello", greeting))
    (bundle / "page").mkdir()
    (bundle / "page/README.md").write_text("---\ntitle: A picture page\nsdk: static\n---\nPictures only.\n")
    (bundle / "page/index.html").write_text("<h1>Page</h1>")
    with running_hub(tmp_path_factory.mktemp("place") / ".hub", bundle, fork=True) as running:
        yield running


@pytest.fixture(scope="module")
def api(hub: LocalHub) -> HfApi:
    return hub.api()


def greeting(hub: LocalHub, id: str, name: str = "Ada") -> str:
    """What the Space answers, over Gradio's plain HTTP."""
    host = hub.host(id)
    joined = httpx.post(f"{host}/gradio_api/call/v2/greet", json={"name": name}, timeout=70)
    return httpx.get(f"{host}/gradio_api/call/greet/{joined.json()['event_id']}", timeout=20).text


def test_a_bundled_space_sleeps_until_its_first_request_which_is_held_until_it_runs(hub: LocalHub) -> None:
    id = "atelier/sleeper"
    before = hub.runtime(id)["stage"]
    answer = hub.get(hub.host(id) + "/config")
    after = hub.runtime(id)
    assert (before, answer.status_code, after["stage"]) == ("SLEEPING", 200, "RUNNING")
    assert after["sha"] == hub.space(id)["sha"]


def waiting_for(gate: Path) -> str:
    """The beginning of an app that goes on when a file is there."""
    return f"import os, time\nwhile not os.path.exists({str(gate)!r}):\n    time.sleep(0.02)\n"


def test_the_stage_says_so_while_a_space_starts(hub: LocalHub, tmp_path: Path) -> None:
    id = hub.put("slow", app_dot_py=waiting_for(tmp_path / "gate") + GREETER)
    assert eventually(lambda: hub.runtime(id)["stage"] == "APP_STARTING")
    (tmp_path / "gate").touch()
    assert hub.get(hub.host(id) + "/config").status_code == 200
    assert hub.runtime(id)["stage"] == "RUNNING"


def test_gradio_client_calls_a_private_space_by_its_id_with_files(hub: LocalHub, tmp_path: Path) -> None:
    id = hub.put("discreet", private=True, app_dot_py=GREETER)
    (tmp_path / "picture.bin").write_bytes(b"picture" * 100_000)
    script = f"""
from pathlib import Path
from gradio_client import Client, handle_file
client = Client("{id}", verbose=False, httpx_kwargs={{"timeout": 60}})
greeting, same = client.predict("Ada", handle_file("picture.bin"), api_name="/greet")
print(greeting, Path(same).read_bytes() == Path("picture.bin").read_bytes())
"""
    assert run_client(hub, tmp_path, script) == "Hello Ada True"


def test_a_bundled_space_tells_what_its_card_says(api: HfApi, hub: LocalHub) -> None:
    info = api.space_info("atelier/greeter")
    assert (info.sdk, info.private, info.author) == ("gradio", False, "atelier")
    assert (info.card_data.license, info.models) == ("apache-2.0", ["acme/tiny"])
    assert info.tags == ["gradio", "greeting", "text-generation", "license:apache-2.0"]
    assert info.host == hub.host("atelier/greeter")
    assert "atelier/greeter" in [space.id for space in api.list_spaces(author="atelier")]


def test_search_ranks_by_what_a_space_does(api: HfApi) -> None:
    found = list(api.search_spaces("say hello to someone"))
    assert found[0].id.endswith(("greeter", "sleeper", "slow"))
    assert 0 < found[0].semantic_relevancy_score <= 1
    assert [space.id for space in api.search_spaces("hello", filter="greeting")] == ["atelier/greeter"]
    assert [space.id for space in api.search_spaces("pictures", sdk="static")] == ["atelier/page"]


def test_search_knows_an_apps_own_words_once_it_has_run(hub: LocalHub, api: HfApi) -> None:
    id = "atelier/botanist"
    before = [space.id for space in api.search_spaces("zygomorphic")]
    hub.get(hub.host(id) + "/config")
    assert before == []
    assert eventually(lambda: [space.id for space in api.search_spaces("zygomorphic")] == [id])


def test_agents_md_tells_how_to_call_once_the_endpoints_are_known(hub: LocalHub) -> None:
    id = "atelier/told"
    path = f"/spaces/{id}/agents.md"
    minimal = hub.get(path).text
    host = hub.host(id)
    hub.get(host + "/config")
    assert minimal.startswith("To use this application (atelier/told: Greeter):\n")
    assert "Call endpoint" not in minimal
    assert eventually(lambda: f"Call endpoint: POST {host}/gradio_api/call/v2/{{endpoint}}" in hub.get(path).text)


def test_secrets_and_variables_reach_the_app_and_secrets_are_never_told(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("polite", app_dot_py=GREETER)
    assert "Hello Ada" in greeting(hub, id)
    api.add_space_secret(id, "GREETING", "Good evening,")
    api.add_space_variable(id, "MOOD", "kind")
    assert "Good evening, Ada" in greeting(hub, id)
    assert "Good evening" not in hub.get(f"/api/spaces/{id}/secrets", hub.token).text
    assert list(api.get_space_secrets(id)) == ["GREETING"]
    assert api.get_space_variables(id)["MOOD"].value == "kind"
    api.delete_space_secret(id, "GREETING")
    assert "Hello Ada" in greeting(hub, id)


def test_a_space_has_nothing_of_the_users_environment(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = GREETER.replace('f"{os.environ', 'str(sorted(os.environ)) + f"{os.environ')
    text = greeting(hub, hub.put("clean", app_dot_py=shown))
    assert "SPACE_ID" in text and "GRADIO_SERVER_PORT" in text
    assert "HF_TOKEN" not in text and "PYTEST" not in text and "'SYSTEM'" not in text and "SPACE_HOST" not in text


def test_a_new_commit_takes_the_place_of_the_old_app_which_answers_until_then(
    hub: LocalHub, api: HfApi, tmp_path: Path
) -> None:
    id = hub.put("changing", app_dot_py=GREETER)
    address = hub.host(id)
    assert "Hello Ada" in greeting(hub, id)
    old = hub.runtime(id)["sha"]
    new = api.upload_file(
        path_or_fileobj=(waiting_for(tmp_path / "gate") + GREETER.replace("'Hello'", "'Ahoy'")).encode(),
        path_in_repo="app.py",
        repo_id=id,
        repo_type="space",
    ).oid
    assert eventually(lambda: hub.runtime(id)["stage"] == "RUNNING_APP_STARTING")
    assert (hub.runtime(id)["sha"], "Hello Ada" in greeting(hub, id)) == (old, True)
    (tmp_path / "gate").touch()
    assert api.wait_for_space(id, poll_interval=0.1).stage == "RUNNING"
    assert "Ahoy Ada" in greeting(hub, id)
    assert (hub.runtime(id)["sha"], hub.host(id)) == (new, address)


def test_a_paused_space_is_not_woken_and_a_restart_ends_the_pause(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("resting", app_dot_py=GREETER)
    assert api.pause_space(id).stage == "PAUSED"
    assert hub.get(hub.host(id)).status_code == 503
    api.restart_space(id)
    assert eventually(lambda: api.get_space_runtime(id).stage == "RUNNING")


def test_a_crash_shows_its_traceback_until_it_is_mended(hub: LocalHub) -> None:
    id = hub.put("crashing", app_dot_py="import module_that_nobody_has\n")
    answer = hub.get(hub.host(id))
    runtime = hub.runtime(id)
    assert (answer.status_code, runtime["stage"]) == (503, "RUNTIME_ERROR")
    app = hub.data.joinpath("work", "local--crashing", "app", "app.py")
    assert runtime["errorMessage"] == (
        "Exit code: 1. Reason: Traceback (most recent call last):\n"
        f'  File "{app}", line 1, in <module>\n'
        "    import module_that_nobody_has\n"
        "ModuleNotFoundError: No module named 'module_that_nobody_has'"
    )
    hub.put("crashing", app_dot_py=GREETER)
    assert hub.api().wait_for_space(id, poll_interval=0.1).stage == "RUNNING"
    assert "Hello Ada" in greeting(hub, id)


def test_an_app_that_ends_later_is_seen(hub: LocalHub) -> None:
    mortal = GREETER.replace("return f", "os._exit(3) if name == 'Hades' else None\n    return f")
    id = hub.put("mortal", app_dot_py=mortal)
    greeting(hub, id)
    httpx.post(f"{hub.host(id)}/gradio_api/call/v2/greet", json={"name": "Hades"})
    assert eventually(lambda: hub.runtime(id)["stage"] == "RUNTIME_ERROR")
    assert str(hub.runtime(id)["errorMessage"]).startswith("Exit code: 3.")


@pytest.mark.parametrize(
    ("files", "stage"),
    [
        ({}, "NO_APP_FILE"),
        ({"README_dot_md": "---\nsdk: [\n---\n"}, "CONFIG_ERROR"),
        ({"README_dot_md": "---\nsdk: docker\n---\n", "app_dot_py": ""}, "CONFIG_ERROR"),
    ],
)
def test_a_space_that_cannot_run_says_why(hub: LocalHub, files: dict[str, str], stage: str) -> None:
    name = f"bad-{stage.lower().replace('_', '-')}-{len(files)}"
    id = f"local/{name}"
    header = '{"key":"header","value":{"summary":"x"}}\n'
    hub.api().create_repo(id, repo_type="space", space_sdk="gradio")
    for path, text in files.items():
        line = httpx.Response(200, json={"path": path.replace("_dot_", "."), "content": text, "encoding": "utf-8"}).text
        body = f'{header}{{"key":"file","value":{line}}}'
        headers = {"authorization": f"Bearer {hub.token}"}
        answer = httpx.post(f"{hub.endpoint}/api/spaces/{id}/commit/main", content=body, headers=headers)
        assert answer.status_code == 200
    assert hub.runtime(id)["stage"] == stage
    assert hub.get(hub.host(id)).status_code == 503


def test_a_private_space_is_there_for_its_owner_only(hub: LocalHub) -> None:
    id = hub.put("secretive", private=True, app_dot_py=GREETER)
    host = hub.host(id)
    statuses = [
        httpx.get(host + "/config", headers=headers, timeout=70).status_code
        for headers in (
            {},
            {"authorization": "Bearer hf_wrong"},
            {"authorization": f"Bearer {hub.token}"},
            {"x-hf-authorization": f"Bearer {hub.token}"},
        )
    ]
    assert statuses == [404, 404, 200, 200]


def test_no_token_of_the_hub_reaches_an_app(hub: LocalHub) -> None:
    app = "import gradio as gr\n\ndef told(request: gr.Request) -> str:\n    return str(dict(request.headers))\n\n"
    id = hub.put("eavesdropper", app_dot_py=app + "gr.Interface(told, None, 'text', api_name='greet').launch()\n")
    host = hub.host(id)
    headers = {"authorization": f"Bearer {hub.token}", "x-hf-authorization": f"Bearer {hub.token}", "x-own": "mine"}
    joined = httpx.post(f"{host}/gradio_api/call/greet", json={"data": []}, headers=headers, timeout=70)
    text = httpx.get(f"{host}/gradio_api/call/greet/{joined.json()['event_id']}", timeout=20).text
    assert hub.token not in text and "x-own" in text
    assert host.removeprefix("http://") in text


def test_a_static_space_serves_its_files_and_nothing_else(hub: LocalHub) -> None:
    id = hub.put(
        "viewer", sdk="static", index_dot_html="<h1>Hi</h1>", **{"models/a_dot_glb": "glTF0123", "m_dot_js": ""}
    )
    host = hub.host(id)
    glb = httpx.get(f"{host}/models/a.glb", headers={"range": "bytes=4-6"})
    assert hub.get(host).text == "<h1>Hi</h1>"
    assert (glb.status_code, glb.text, glb.headers["content-type"]) == (206, "012", "model/gltf-binary")
    assert hub.get(f"{host}/m.js").headers["content-type"].startswith("text/javascript")
    for path in ("/../repo.json", "/%2e%2e/repo.json", "/models/..%2f..%2fx", "//etc/passwd"):
        with httpx.Client() as client:
            assert client.get(httpx.URL(host).copy_with(raw_path=path.encode())).status_code == 404
    runtime = hub.runtime(id)
    assert (runtime["stage"], runtime["hardware"]) == ("RUNNING", {"current": None, "requested": None})
    assert httpx.get(f"{hub.endpoint}/spaces/{id}").headers["location"] == host


def test_the_logs_are_told_with_their_times(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("talkative", app_dot_py="print('first words')\n1 / 0\n")
    hub.get(hub.host(id))
    lines = list(api.fetch_space_logs(id))
    assert any("first words" in str(line) for line in lines)
    assert any("ZeroDivisionError" in str(line) for line in lines)


def test_hardware_is_read_back(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("strong", app_dot_py=GREETER)
    assert api.wait_for_space(id, poll_interval=0.1).hardware == "cpu-basic"
    runtime = api.request_space_hardware(id, "zero-a10g")
    assert (runtime.hardware, runtime.requested_hardware) == ("cpu-basic", "zero-a10g")
    assert eventually(lambda: api.get_space_runtime(id).hardware == "zero-a10g")


def test_nobody_else_may_restart_a_bundled_space(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        api.restart_space("atelier/greeter")
    assert caught.value.response.status_code == 403


def test_apps_that_ask_for_the_port_of_their_container_have_it_each(hub: LocalHub) -> None:
    app = GREETER.replace("launch()", "launch(server_name='0.0.0.0', server_port=7860)")
    first, second = hub.put("container", app_dot_py=app), hub.put("another-container", app_dot_py=app)
    assert "Hello Ada" in greeting(hub, first)
    assert "Hello Bob" in greeting(hub, second, "Bob")


def test_forked_spaces_share_neither_folders_nor_chance(hub: LocalHub) -> None:
    app = "import tempfile, numpy, gradio.utils, gradio_client.client, huggingface_hub.constants as c\n" + GREETER
    places = "tempfile.gettempdir(), gradio.utils.get_upload_folder(), c.HF_HUB_CACHE"
    shown = f"' '.join(map(str, [{places}, gradio_client.Client.__init__.__kwdefaults__, numpy.random.rand()])) + f"
    told = [
        greeting(hub, hub.put(name, app_dot_py=app.replace("return f", f"return {shown}"))) for name in ("one", "two")
    ]
    for name, text in zip(("one", "two"), told, strict=True):
        assert text.count(f"{hub.data.joinpath('work', f'local--{name}')}/") == 4
        assert ".launcher" not in text
    assert told[0].replace("--one", "--two") != told[1]


def test_an_app_that_looks_at_its_server_before_it_launches_finds_one(hub: LocalHub) -> None:
    look = "print([type(demo.app).__name__, bool(demo.app.routes), demo.app is demo.app], flush=True)"
    unset = "print(hasattr(object.__new__(gr.Blocks), 'app'), flush=True)"
    id = hub.put("curious", app_dot_py=GREETER.replace("demo.launch()", f"{unset}\n{look}\ndemo.queue().launch()"))
    assert "Hello Ada" in greeting(hub, id)
    log = (hub.data / "work/local--curious/run.log").read_text()
    assert "['App', True, True]" in log and "False" in log


def test_a_deleted_space_leaves_no_process_and_no_port(hub: LocalHub, api: HfApi) -> None:
    id = hub.put("passing", app_dot_py=GREETER)
    host = hub.host(id)
    hub.get(host + "/config")
    api.delete_repo(id, repo_type="space")
    assert processes_of(hub.data / "work/local--passing") == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(host)


def test_the_index_page_names_the_public_spaces(hub: LocalHub) -> None:
    page = hub.get("/").text
    assert "atelier/greeter" in page and "secretive" not in page
