"""The `hf` command line: every command that speaks of models, data sets, Spaces, Jobs, buckets or discussions."""

import re

from tests.loopback.conformance.table import command
from tests.loopback.conformance.world import World

CARD = "---\nlicense: mit\n---\n# A card\n"


@command("auth whoami", "env", "version")
def the_command_line_knows_who_asks(world: World) -> None:
    assert "local" in world.hf_alone("auth", "whoami")
    assert world.hub.endpoint in world.hf("env")
    assert "2." in world.hf("version")


@command("auth login", "auth list", "auth switch", "auth token", "auth logout")
def the_command_line_signs_in_with_a_token(world: World) -> None:
    world.hf("auth", "login", "--token", "hf_local_other", token=None)
    assert "other" in world.hf("auth", "whoami", token=None)
    assert "hf_local_other" in world.hf("auth", "token", token=None)
    names = re.findall(r"(\S+)\s+hf_\*", world.hf("auth", "list", token=None))
    world.hf("auth", "switch", "--token-name", names[0], token=None)
    world.hf("auth", "logout", token=None)


@command("repos create", "repos list", "repos settings", "repos move", "repos duplicate", "repos delete")
def the_command_line_keeps_repositories(world: World) -> None:
    id, new, copy = world.name("shelf"), world.name("shelf"), world.name("shelf")
    world.hf("repos", "create", id, "--private")
    assert id in world.hf("repos", "list")
    world.hf("repos", "settings", id, "--public")
    world.hf("repos", "move", id, new)
    world.hf("repos", "duplicate", new, copy)
    world.hf("repos", "delete", new, "--yes")
    assert (world.api.repo_exists(new), world.api.model_info(copy).private) == (False, False)


@command("repos branch create", "repos branch delete", "repos tag create", "repos tag list", "repos tag delete")
def the_command_line_keeps_branches_and_tags(world: World) -> None:
    id = world.model()
    world.hf("repos", "branch", "create", id, "try")
    world.hf("repos", "tag", "create", id, "v1", "--message", "The first")
    assert "v1" in world.hf("repos", "tag", "list", id)
    world.hf("repos", "branch", "delete", id, "try")
    world.hf("repos", "tag", "delete", id, "v1", "--yes")
    refs = world.api.list_repo_refs(id)
    assert ([branch.name for branch in refs.branches], refs.tags) == (["main"], [])


@command("upload", "download", "cp", "repos cp", "repos delete-files")
def the_command_line_moves_files(world: World) -> None:
    id, here, there = world.model(), world.folder, world.folder
    (here / "a.txt").write_text("a")
    world.hf("upload", id, str(here), "from")
    world.hf("download", id, "from/a.txt", "--local-dir", str(there))
    assert (there / "from/a.txt").read_text() == "a"
    world.hf("cp", f"hf://{id}/from/a.txt", str(there / "copied.txt"))
    world.hf("repos", "cp", str(here / "a.txt"), f"hf://{id}/b.txt")
    assert ((there / "copied.txt").read_text(), world.read(id, "b.txt")) == ("a", "a")
    world.hf("repos", "delete-files", id, "from/*")
    assert set(world.api.list_repo_files(id)) == {".gitattributes", "config.json", "b.txt"}


@command("cache list", "cache verify", "cache rm", "cache prune")
def the_command_line_keeps_its_cache(world: World) -> None:
    id = world.model()
    world.hf("download", id)
    assert id in world.hf("cache", "list")
    world.hf("cache", "verify", id)
    world.hf("cache", "rm", f"model/{id}", "--yes")
    world.hf("cache", "prune", "--yes")
    assert id not in world.hf("cache", "list")


@command("models list", "models info", "models card", "datasets list", "datasets info", "datasets card")
def the_command_line_describes_models_and_data_sets(world: World) -> None:
    model, dataset = world.model(README_dot_md=CARD), world.dataset(README_dot_md=CARD)
    for kind, id in (("models", model), ("datasets", dataset)):
        listed = world.hf_json(kind, "list", "--author", "local", "--limit", "1000")
        assert id in [each["id"] for each in listed]
        assert world.hf_json(kind, "info", id)["id"] == id
        assert "# A card" in world.hf(kind, "card", id)


@command("spaces list", "spaces info", "spaces card", "spaces search", "spaces templates", "spaces hardware")
def the_command_line_describes_spaces(world: World) -> None:
    id = world.space(README_dot_md="---\ntitle: Kettle\nsdk: static\n---\nIt boils kettles.\n")
    assert id in [each["id"] for each in world.hf_json("spaces", "list", "--author", "local", "--limit", "1000")]
    assert world.hf_json("spaces", "info", id)["id"] == id
    assert "It boils kettles." in world.hf("spaces", "card", id)
    assert id in world.hf("spaces", "search", "boil a kettle")
    assert "cpu-basic" in world.hf("spaces", "hardware")
    world.hf("spaces", "templates")


@command("spaces pause", "spaces restart", "spaces wait", "spaces settings", "spaces dev-mode", "spaces logs")
def the_command_line_runs_spaces(world: World) -> None:
    id = world.space("gradio", app_dot_py="raise SystemExit('it broke')\n")
    world.hf("spaces", "settings", id, "--sleep-time", "3600", "--hardware", "cpu-upgrade")
    assert world.api.get_space_runtime(id).requested_hardware == "cpu-upgrade"
    world.hf("spaces", "dev-mode", id, "--stop")
    world.hf("spaces", "restart", id)
    world.api.wait_for_space(id, timeout=60, poll_interval=0.1)
    assert "it broke" in world.hf("spaces", "logs", id)
    world.hf("spaces", "pause", id)
    world.hf("spaces", "wait", world.space(), "--timeout", "20")
    assert world.api.get_space_runtime(id).stage == "PAUSED"


@command("spaces secrets add", "spaces secrets list", "spaces secrets delete")
@command("spaces variables add", "spaces variables list", "spaces variables delete")
@command("spaces volumes set", "spaces volumes list", "spaces volumes delete", "spaces zero-gpu quota")
def the_command_line_furnishes_spaces(world: World) -> None:
    id, bucket = world.space("gradio"), world.bucket()
    world.hf("spaces", "secrets", "add", id, "-s", "PASSWORD=swordfish")
    world.hf("spaces", "variables", "add", id, "-e", "COLOUR=red")
    world.hf("spaces", "volumes", "set", id, "-v", f"hf://buckets/{bucket}:/data")
    listed = "".join(world.hf("spaces", kind, "list", id) for kind in ("secrets", "variables", "volumes"))
    assert ("PASSWORD" in listed, "red" in listed, bucket in listed, "swordfish" in listed) == (True, True, True, False)
    world.hf("spaces", "secrets", "delete", id, "PASSWORD", "--yes")
    world.hf("spaces", "variables", "delete", id, "COLOUR", "--yes")
    world.hf("spaces", "volumes", "delete", id, "--yes")
    world.hf("spaces", "zero-gpu", "quota")
    assert (world.api.get_space_secrets(id), world.api.get_space_variables(id)) == ({}, {})


@command(
    "jobs run", "jobs list", "jobs inspect", "jobs logs", "jobs labels", "jobs hardware", "jobs wait", "jobs rerun"
)
def the_command_line_runs_jobs(world: World) -> None:
    printed = world.hf("jobs", "run", "--timeout", "50", "python:3.12", "python", "-c", "print('from a job')")
    assert "from a job" in printed
    id = world.hf("jobs", "run", "--detach", "--quiet", "python:3.12", "python", "-V").split()[-1].rsplit("/", 1)[-1]
    world.hf("jobs", "wait", id)
    world.hf("jobs", "labels", id, "--label", "lane=fast")
    assert world.hf_json("jobs", "inspect", id)[0]["labels"]["lane"] == "fast"
    assert "Python 3" in world.hf("jobs", "logs", id)
    assert id in world.hf("jobs", "list", "--all", "--no-truncate")
    assert "cpu-basic" in world.hf("jobs", "hardware")
    world.hf("jobs", "rerun", id, "--detach")


@command("jobs cancel", "jobs stats", "jobs expose")
def the_command_line_watches_and_cancels_jobs(world: World) -> None:
    job = world.api.run_job(
        image="python:3.12", command=["python", "-c", "import time; time.sleep(60)"], namespace="local"
    )
    world.api.wait_for_job(job.id, namespace="local", timeout=20, poll_interval=0.1, stages=["RUNNING"])
    assert job.id in world.hf("jobs", "stats", job.id, "--no-truncate")
    world.hf("jobs", "expose", job.id, "8000")
    world.hf("jobs", "cancel", job.id)
    assert world.api.inspect_job(job_id=job.id, namespace="local").status.stage == "CANCELED"


@command("jobs uv run")
def the_command_line_runs_scripts(world: World) -> None:
    script = world.folder / "script.py"
    script.write_text("print('from a script')\n")
    assert "from a script" in world.hf("jobs", "uv", "run", "--timeout", "50", str(script))


@command("jobs scheduled run", "jobs scheduled list", "jobs scheduled inspect", "jobs scheduled suspend")
@command("jobs scheduled resume", "jobs scheduled trigger", "jobs scheduled reschedule", "jobs scheduled labels")
@command("jobs scheduled uv run", "jobs scheduled delete")
def the_command_line_schedules_jobs(world: World) -> None:
    script = world.folder / "later.py"
    script.write_text("print('later')\n")
    world.hf("jobs", "scheduled", "run", "@yearly", "--label", "by=hand", "python:3.12", "python", "-V")
    world.hf("jobs", "scheduled", "uv", "run", "@yearly", "--label", "by=uv", str(script))
    id = next(iter(world.api.list_scheduled_jobs(namespace="local", labels={"by": "hand"}))).id
    assert id in world.hf("jobs", "scheduled", "list", "--all", "--no-truncate")
    world.hf("jobs", "scheduled", "suspend", id)
    world.hf("jobs", "scheduled", "resume", id)
    world.hf("jobs", "scheduled", "reschedule", id, "0 9 * * 1")
    world.hf("jobs", "scheduled", "labels", id, "--label", "by=foot")
    world.hf("jobs", "scheduled", "trigger", id)
    assert world.hf_json("jobs", "scheduled", "inspect", id)[0]["schedule"] == "0 9 * * 1"
    world.hf("jobs", "scheduled", "delete", id)
    assert id not in [job.id for job in world.api.list_scheduled_jobs(namespace="local")]


@command("buckets create", "buckets info", "buckets list", "buckets settings", "buckets move", "buckets delete")
def the_command_line_keeps_buckets(world: World) -> None:
    id, new = world.name("can"), world.name("can")
    world.hf("buckets", "create", id, "--private")
    assert id in world.hf("buckets", "list", "--no-truncate")
    world.hf("buckets", "settings", id, "--public")
    assert world.hf_json("buckets", "info", id)["private"] is False
    world.hf("buckets", "move", id, new)
    world.hf("buckets", "delete", new, "--yes")
    assert new not in [bucket.id for bucket in world.api.list_buckets()]


@command("buckets cp", "buckets remove", "buckets sync", "sync")
def the_command_line_fills_buckets(world: World) -> None:
    id, here, there = world.bucket(), world.folder, world.folder
    (here / "a.txt").write_text("letter a")
    world.hf("buckets", "cp", str(here / "a.txt"), f"hf://buckets/{id}/deep/a.txt")
    world.hf("buckets", "sync", str(here), f"hf://buckets/{id}")
    world.hf("sync", f"hf://buckets/{id}", str(there))
    assert sorted(str(path.relative_to(there)) for path in there.rglob("*.txt")) == ["a.txt", "deep/a.txt"]
    world.hf("buckets", "remove", f"{id}/deep/a.txt", "--yes")
    assert [entry.path for entry in world.api.list_bucket_tree(id, recursive=True)] == ["a.txt"]


@command("discussions create", "discussions list", "discussions info", "discussions comment", "discussions edit")
@command("discussions rename", "discussions close", "discussions reopen", "discussions diff", "discussions merge")
def the_command_line_talks(world: World) -> None:
    id = world.model()
    world.hf("discussions", "create", id, "--title", "A question", "--body", "Why?")
    world.hf("discussions", "comment", id, "1", "--body", "Because.")
    comments = [event for event in world.api.get_discussion_details(id, 1).events if event.type == "comment"]
    world.hf("discussions", "edit", id, "1", comments[1].id, "--body", "Just so.")
    world.hf("discussions", "rename", id, "1", "An answer")
    world.hf("discussions", "close", id, "1", "--yes")
    world.hf("discussions", "reopen", id, "1", "--yes")
    assert "An answer" in world.hf("discussions", "list", id)
    assert world.hf_json("discussions", "info", id, "1")["title"] == "An answer"
    assert world.api.get_discussion_details(id, 1).events[1].content == "Just so."  # type: ignore[attr-defined]
    world.hf("upload", id, str(filled(world)), "--create-pr")
    assert "+pulled" in world.hf("discussions", "diff", id, "2")
    if world.api.get_discussion_details(id, 2).status == "draft":
        world.api.change_discussion_status(id, 2, new_status="open")
    world.hf("discussions", "merge", id, "2", "--yes")
    assert world.read(id, "pulled.txt") == "pulled"


def filled(world: World) -> str:
    folder = world.folder
    (folder / "pulled.txt").write_text("pulled")
    return str(folder)
