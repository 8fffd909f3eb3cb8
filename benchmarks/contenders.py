"""Who is measured: each does the same branches of Space calls in its own way, in a process of its own.

`python -m benchmarks.contenders NAME SPACE HUB` answers one line of JSON for each line of work; see `rounds.py`.
Every contender is warm: connected, with the Space's schema known. A wrong result is an error, not a fast round.
"""

import asyncio
import hashlib
import importlib.metadata
import json
import shutil
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.tiny_works import ENDPOINTS, PICTURE, ending

Links = list[tuple[str, float]]
"""One branch: endpoints with the seconds that each sleeps."""


class Client(ABC):
    package: str

    def __init__(self, space: str, hub: str) -> None:
        self.space, self.hub = space, hub

    def prepare(self, subjects: list[str], branches: list[Links]) -> None:  # noqa: B027 - most have nothing to do
        """What a user does once, before the clock starts."""

    @abstractmethod
    def run(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        """The end of every branch: its text, or the sha256 of its picture."""


class Floor(Client):
    """aiohttp, one kept-alive pool, POST and one stream a call; no record, no checks, nothing tried again."""

    package = "aiohttp"

    def __init__(self, space: str, hub: str) -> None:
        super().__init__(space, hub)
        self.runner = asyncio.Runner()
        self.runner.run(self._open())

    async def _open(self) -> None:
        import aiohttp

        self.http = aiohttp.ClientSession(
            self.space, connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None)
        )
        async with self.http.get("/config") as answer:
            config = await answer.json()
        self.functions = {f"/{part['api_name']}": part["id"] for part in config["dependencies"]}

    def run(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        return self.runner.run(self._all(subjects, branches))

    async def _all(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        return await asyncio.gather(*map(self._branch, range(len(branches)), subjects, branches))

    async def _branch(self, number: int, subject: Any, links: Links) -> str:
        for place, (endpoint, seconds) in enumerate(links):
            if ENDPOINTS[endpoint][0] == PICTURE:
                subject = await self._upload(subject)
            data = [subject, seconds]
            session = f"{number}x{place}x{time.monotonic_ns()}"
            body = {"data": data, "fn_index": self.functions[endpoint], "session_hash": session}
            async with self.http.post("/gradio_api/queue/join", json=body) as answer:
                await answer.json()
            subject = await self._result(session)
            if ENDPOINTS[endpoint][1] == PICTURE:
                async with self.http.get(f"/gradio_api/file={subject['path']}") as answer:
                    subject = await answer.read()
        return subject if isinstance(subject, str) else hashlib.sha256(subject).hexdigest()

    async def _result(self, session: str) -> Any:
        result = None
        async with self.http.get("/gradio_api/queue/data", params={"session_hash": session}) as stream:
            async for line in stream.content:
                if line.startswith(b"data: ") and b"process_completed" in line:
                    result = json.loads(line[6:])["output"]["data"][0]
        return result

    async def _upload(self, content: bytes) -> dict[str, Any]:
        import aiohttp

        form = aiohttp.FormData()
        form.add_field("files", content, filename="picture.png", content_type="application/octet-stream")
        async with self.http.post("/gradio_api/upload", data=form) as answer:
            (path,) = await answer.json()
        return {"path": path, "meta": {"_type": "gradio.FileData"}}


class Ours(Client):
    """The whole runner: fixed plan, CallSpace, a synced journal, artifacts kept, every output judged."""

    package = "pydantic"
    checked = False

    def __init__(self, space: str, hub: str) -> None:
        super().__init__(space, hub)
        from benchmarks.composition import crew_on

        self.root = Path(tempfile.mkdtemp(prefix="bench-runs-"))
        self.runner = asyncio.Runner()
        self.opened = crew_on(hub, self.root)
        self.crew = self.runner.run(self.opened.__aenter__())
        self.space_id = "bench/near-zero" if space == hub else "bench/gradio"

    def prepare(self, subjects: list[str], branches: list[Links]) -> None:
        from benchmarks.composition import Link, branches_plan

        links = [[Link(*link) for link in branch] for branch in branches]
        self.plan = branches_plan(subjects, links, self.checked, self.space_id)

    def run(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        return self.runner.run(self._pursue())

    async def _pursue(self) -> Sequence[str]:
        from benchmarks.composition import runner_of
        from core.journal import Journal
        from core.nouns import Goal
        from core.record import Runs

        folder = Runs(self.root).begin("bench")
        journal = Journal(folder.path)
        try:
            run = await runner_of(self.crew, self.plan, self.hub).pursue(folder, journal, Goal(text="bench"))
        finally:
            journal.close()
        if run.status != "passed":
            raise RuntimeError(f"{run.status}: {run.reason}")
        ends = [str(made.value) if made.file is None else made.sha256 for made in run.results]
        shutil.rmtree(folder.path)
        return ends


class OursChecked(Ours):
    """The same, with a file check and an image check asked of every picture."""

    checked = True


class GradioClient(Client):
    """gradio_client as its documentation shows it: one Client, `predict`; a thread for each branch."""

    package = "gradio_client"

    def __init__(self, space: str, hub: str) -> None:
        super().__init__(space, hub)
        self.client = self._client()

    def _client(self) -> Any:
        from gradio_client import Client as Gradio

        # More workers than the 40 it has by default, so that 64 branches are not held up by that alone.
        return Gradio(self.space, max_workers=256, verbose=False, analytics_enabled=False, token=False)

    def run(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        if len(branches) == 1:
            return [self._branch(subjects[0], branches[0])]
        with ThreadPoolExecutor(len(branches)) as pool:
            return list(pool.map(self._branch, subjects, branches))

    def _branch(self, subject: str, links: Links) -> str:
        from gradio_client import handle_file

        for endpoint, seconds in links:
            given = handle_file(subject) if ENDPOINTS[endpoint][0] == PICTURE else subject
            subject = self._call(endpoint, given, seconds)
        return _ending(subject, links)

    def _call(self, endpoint: str, subject: Any, seconds: float) -> str:
        return str(self.client.predict(subject, seconds, api_name=endpoint))


class GradioClientShared(GradioClient):
    """gradio_client with one TLS context for all its requests, which its documentation does not show."""

    def _client(self) -> Any:
        import ssl

        from gradio_client import Client as Gradio

        context = ssl.create_default_context()
        return Gradio(
            self.space, max_workers=256, verbose=False, analytics_enabled=False, token=False, ssl_verify=context
        )


class Smolagents(GradioClient):
    """`Tool.from_space`, made to run: smolagents 1.26 passes `hf_token`, which gradio_client 2 no longer takes."""

    package = "smolagents"

    def _client(self) -> Any:
        import gradio_client
        from smolagents import Tool

        real = gradio_client.Client
        gradio_client.Client = lambda src, hf_token=None: real(
            src, max_workers=256, verbose=False, analytics_enabled=False, token=False
        )
        try:
            names = [name for name in ENDPOINTS if name in ("/echo", "/image", "/tint")]
            return {name: Tool.from_space(self.space, name.strip("/"), name, api_name=name) for name in names}
        finally:
            gradio_client.Client = real

    def _call(self, endpoint: str, subject: Any, seconds: float) -> str:
        answer = self.client[endpoint](subject=subject, seconds=seconds)
        return str(answer.to_string() if hasattr(answer, "to_string") else answer)


class Daggr(Client):
    """A daggr graph: chained nodes for one branch, scatter and gather for several."""

    package = "daggr"

    def prepare(self, subjects: list[str], branches: list[Links]) -> None:
        import gradio
        from daggr import FnNode, GradioNode, Graph

        gradio.utils  # noqa: B018 - loaded now, not within the first round
        depth = len(branches[0])
        if len(branches) == 1:
            port: Any = subjects[0]
            nodes = []
            for place, (endpoint, seconds) in enumerate(branches[0]):
                inputs = {"subject": port, "seconds": seconds}
                node = GradioNode(
                    self.space, api_name=endpoint, name=f"step {place}", inputs=inputs, outputs={"said": None}
                )
                port = node.said
                nodes.append(node)
            self.last, self.gathered = "step " + str(depth - 1), False
            self.graph = Graph(name="chain", nodes=nodes)
            return
        self.gathered = True
        made: list[Any] = []
        before: Any = None
        for place in range(depth):
            gather = self._gather(place, subjects, branches)
            inputs = {} if before is None else {"texts": before.said.all()}
            items = FnNode(gather, name=f"items {place}", inputs=inputs, outputs={"items": None})
            each = {"subject": items.items.each["subject"], "seconds": items.items.each["seconds"]}
            before = GradioNode(
                self.space, api_name=branches[0][place][0], name=f"step {place}", inputs=each, outputs={"said": None}
            )
            made += [items, before]
        self.last = f"step {depth - 1}"
        self.graph = Graph(name="scatter", nodes=made)

    def _gather(self, place: int, subjects: list[str], branches: list[Links]) -> Any:
        seconds = [branch[place][1] for branch in branches]

        def first() -> list[dict[str, Any]]:
            return [{"subject": text, "seconds": wait} for text, wait in zip(subjects, seconds, strict=True)]

        def later(texts: list[str]) -> list[dict[str, Any]]:
            return [{"subject": text, "seconds": wait} for text, wait in zip(texts, seconds, strict=True)]

        return first if place == 0 else later

    def run(self, subjects: list[str], branches: list[Links]) -> Sequence[str]:
        from daggr.executor import SequentialExecutor

        results = SequentialExecutor(self.graph).execute_all({})[self.last]
        if not self.gathered:
            return [results["said"]]
        return [item["said"] for item in results["_scattered_results"]]


CLIENTS: dict[str, type[Client]] = {
    "floor": Floor,
    "ours": Ours,
    "ours_checked": OursChecked,
    "gradio_client": GradioClient,
    "gradio_client_shared": GradioClientShared,
    "smolagents": Smolagents,
    "daggr": Daggr,
}


def _ending(subject: str, links: Links) -> str:
    if ENDPOINTS[links[-1][0]][1] == PICTURE:
        return hashlib.sha256(Path(subject).read_bytes()).hexdigest()
    return subject


def main() -> None:
    name, space, hub = sys.argv[1:4]
    client = CLIENTS[name](space, hub)
    print(json.dumps({"version": importlib.metadata.version(client.package)}), flush=True)
    for line in sys.stdin:
        work = json.loads(line)
        branches = [[(endpoint, seconds) for endpoint, seconds in branch] for branch in work["branches"]]
        subjects = [f"{work['salt']}-{number}" for number in range(len(branches))]
        client.prepare(subjects, branches)
        begun, worked = time.perf_counter(), time.process_time()
        try:
            ends = client.run(subjects, branches)
        # A shared gradio_client may lose a call under load; that round is counted as failed, not measured.
        except (Exception, asyncio.CancelledError) as error:
            print(json.dumps({"failed": 1.0}), flush=True)
            print(f"{name}: {type(error).__name__} {error}", file=sys.stderr)
            continue
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
        wanted = [
            ending(subject, [endpoint for endpoint, _ in links])
            for subject, links in zip(subjects, branches, strict=True)
        ]
        if list(ends) != wanted:
            raise SystemExit(f"{name} gave {list(ends)[:2]} where {wanted[:2]} was expected")
        print(json.dumps({"seconds": seconds, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    main()
