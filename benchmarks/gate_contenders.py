"""Who is asked to chain two Spaces of which the first is broken: each in its own way, in a process of its own.

`python -m benchmarks.gate_contenders NAME HUB` answers one line of JSON for each case; see `gate.py`. A contender
either gets to the end, or says why not: `failed` when somebody raised that on purpose, `accident` when an exception
came from where nobody raises one, a `KeyError` where a value was taken for granted for example.
"""

import asyncio
import dis
import importlib.metadata
import json
import logging
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

SUBJECT = "A lighthouse on a rock"

FILES = ("Image", "Model3d", "Audio", "Video", "File")


class Work(TypedDict):
    """One case: what a contender has to know of it, and no more."""

    name: str
    space: str
    witness: str
    component: str
    takes_picture: bool


class Refused(Exception):
    """The contender ended the chain itself; the message is its reason."""


class Client(ABC):
    package: str
    raises = True
    """Says what is wrong by an exception; for one that has another way of saying it, every exception is a bug."""

    def __init__(self, hub: str) -> None:
        self.hub = hub

    @abstractmethod
    def chain(self, work: Work) -> str:
        """To the end. Returns what it noticed and let pass; raises whatever the contender raises."""


class Ours(Client):
    """The whole runner: a plan of two steps that asks for nothing by itself, with the bounds that follow from it."""

    package = "pydantic"
    raises = False

    def __init__(self, hub: str) -> None:
        super().__init__(hub)
        from benchmarks.composition import crew_on

        self.root = Path(tempfile.mkdtemp(prefix="bench-runs-"))
        self.runner = asyncio.Runner()
        self.opened = crew_on(hub, self.root)
        self.crew = self.runner.run(self.opened.__aenter__())

    def chain(self, work: Work) -> str:
        from benchmarks.broken_outputs import CASES
        from benchmarks.gate_chain import pursue, warnings

        run = self.runner.run(pursue(CASES[work["name"]], work["space"], self.crew, self.hub, self.root))
        if run.status != "passed":
            raise Refused(f"{run.reason}")
        return "; ".join(verdict.reason for verdict in warnings(run))


class GradioClient(Client):
    """gradio_client as its documentation shows it: `predict`, and `handle_file` around what is a file."""

    package = "gradio_client"

    def __init__(self, hub: str) -> None:
        super().__init__(hub)
        self.clients: dict[str, Any] = {}

    def chain(self, work: Work) -> str:
        from gradio_client import handle_file

        subject: Any = SUBJECT
        if work["takes_picture"]:
            subject = handle_file(self._call(work["space"], "paint", SUBJECT))
        made = self._call(work["space"], work["name"], subject)
        first = made[0] if isinstance(made, tuple) else made
        self._call(work["witness"], work["name"], handle_file(first) if work["component"] in FILES else first)
        return ""

    def _call(self, space: str, endpoint: str, subject: Any) -> Any:
        from gradio_client import Client as Gradio

        if space not in self.clients:
            self.clients[space] = Gradio(space, verbose=False, analytics_enabled=False, token=False)
        return self.clients[space].predict(subject, api_name=f"/{endpoint}")


class Workflow(Client):
    """gr.Workflow's own executor on the graph that its canvas would save, with its own way of calling a Space."""

    package = "gradio"

    def chain(self, work: Work) -> str:
        from gradio.workflow import call_space
        from gradio.workflow_api import WorkflowExecutor, WorkflowGraph

        # It logs a traceback for every call that fails, which is what is measured.
        logging.getLogger("gradio.workflow").setLevel(logging.CRITICAL)
        graph = WorkflowGraph(self._graph(work))
        WorkflowExecutor(graph, {"space": call_space}).run("end", {"start": SUBJECT})
        return ""

    def _graph(self, work: Work) -> dict[str, Any]:
        kind = {"Textbox": "text"}.get(work["component"], work["component"].lower())
        links = [(work["space"], work["name"], "image" if work["takes_picture"] else "text", kind)]
        links += [(work["witness"], work["name"], kind, "text")]
        if work["takes_picture"]:
            links.insert(0, (work["space"], "paint", "text", "image"))
        operators = [self._operator(number, *link) for number, link in enumerate(links)]
        nodes = ["start", *(operator["id"] for operator in operators), "end"]
        edges = [
            {"from_node_id": before, "from_port_id": "out", "to_node_id": after, "to_port_id": "in"}
            for before, after in pairwise(nodes)
        ]
        start = {"id": "start", "label": "Text", "asset_type": "text", "outputs": [{"id": "out", "type": "text"}]}
        end = {"id": "end", "label": "Text", "asset_type": "text", "inputs": [{"id": "in", "type": "text"}]}
        collections = {"references": [start], "operators": operators, "subjects": [end], "edges": edges}
        return {"schema_version": "2", "name": "Chain", **collections}

    def _operator(self, number: int, space: str, endpoint: str, takes: str, gives: str) -> dict[str, Any]:
        port = {"id": "in", "label": "subject", "type": takes, "required": True}
        out = {"id": "out", "label": "result", "type": gives, "output_index": 0}
        node = {"id": f"operator{number}", "label": endpoint, "kind": "space", "space_id": space}
        return {**node, "endpoint": f"/{endpoint}", "inputs": [port], "outputs": [out]}


class Daggr(Client):
    """A daggr graph of GradioNodes, run by its executor."""

    package = "daggr"

    def chain(self, work: Work) -> str:
        from daggr import GradioNode, Graph
        from daggr.executor import SequentialExecutor

        links = [(work["space"], work["name"]), (work["witness"], work["name"])]
        if work["takes_picture"]:
            links.insert(0, (work["space"], "paint"))
        port: Any = SUBJECT
        nodes = []
        for number, (space, endpoint) in enumerate(links):
            said = {"name": f"step {number}", "inputs": {"subject": port}, "outputs": {"said": None}}
            nodes.append(GradioNode(space, api_name=f"/{endpoint}", **said))
            port = nodes[-1].said
        SequentialExecutor(Graph(name="chain", nodes=nodes)).execute_all({})
        return ""


class Smolagents(Client):
    """`Tool.from_space`, made to run: smolagents 1.26 passes `hf_token`, which gradio_client 2 no longer takes."""

    package = "smolagents"

    def chain(self, work: Work) -> str:
        subject: Any = SUBJECT
        if work["takes_picture"]:
            subject = self._tool(work["space"], "paint")(subject=subject)
        made = self._tool(work["space"], work["name"])(subject=self._plain(subject))
        self._tool(work["witness"], work["name"])(subject=self._plain(made))
        return ""

    def _plain(self, made: Any) -> Any:
        return made.to_string() if hasattr(made, "to_string") else made

    def _tool(self, space: str, endpoint: str) -> Any:
        import gradio_client
        from smolagents import Tool

        real = gradio_client.Client
        gradio_client.Client = lambda src, hf_token=None: real(src, verbose=False, analytics_enabled=False, token=False)
        try:
            return Tool.from_space(space, endpoint, endpoint, api_name=f"/{endpoint}")
        finally:
            gradio_client.Client = real


CLIENTS: dict[str, type[Client]] = {
    "ours": Ours,
    "gradio_client": GradioClient,
    "workflow": Workflow,
    "daggr": Daggr,
    "smolagents": Smolagents,
}


def on_purpose(error: BaseException) -> bool:
    """Whether the traceback ends at a `raise`, and not at something that went wrong by itself."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is None or trace.tb_frame.f_code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def attempt(client: Client, work: Work) -> dict[str, Any]:
    begun = time.perf_counter()
    try:
        noticed = client.chain(work)
    # Whatever it is, this contender said it instead of going on.
    except (Exception, asyncio.CancelledError) as error:
        ended = "failed" if isinstance(error, Refused) or (client.raises and on_purpose(error)) else "accident"
        said = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
        return {"ended": ended, "said": said[:500], "seconds": time.perf_counter() - begun}
    return {"ended": "passed", "said": noticed[:500], "seconds": time.perf_counter() - begun}


def main() -> None:
    name, hub = sys.argv[1:3]
    client = CLIENTS[name](hub)
    answers = sys.stdout
    # Libraries that print must not be taken for answers.
    sys.stdout = sys.stderr
    print(json.dumps({"version": importlib.metadata.version(client.package)}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(attempt(client, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
