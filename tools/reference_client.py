"""Calls Spaces in the dialects that the transport does not speak, through gradio_client in a process of its own.

That client waits in threads that cannot be stopped, so the process is what is stopped: at the deadline, and when its
standard input closes because we died. It gets no token, fetches no files and reports nothing home. Unlike the
transport it follows redirects and looks at no addresses beyond the host itself.
"""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from core.errors import AnswerBroken, CallLost
from core.nouns import Artifact, Endpoint
from core.scope import Scope
from core.signals import app_error
from core.sse import read_json
from core.transport import Visit
from tools.space_arguments import Ready, encode, files, written_out
from tools.space_schema import Wire

SPOKEN = frozenset({"sse_v3"})
"""Gradio's dialects that the transport speaks."""

ROOT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PYTHONPATH": str(ROOT),
}


def spoken(wire: Wire) -> bool:
    """Whether the transport can make this call itself."""
    return wire.protocol in SPOKEN


async def call_by_reference(scope: Scope, visit: Visit, shape: Endpoint, wire: Wire, ready: Ready) -> list[JsonValue]:
    """The value of every output slot. Such a call is not recovered after our death: its event id is not known."""
    paths = {artifact.sha256: str(_on_disk(scope, artifact)) for artifact in files(ready)}
    slots = encode(ready, shape, wire, lambda artifact: paths[artifact.sha256])
    arguments = [value for value, name in zip(slots, wire.inputs, strict=True) if name is not None]
    request = {"host": str(visit.host), "endpoint": shape.name, "arguments": arguments}
    answer = await _in_child(visit.space, request)
    if "error" in answer:
        raise app_error(visit.space, answer["error"])
    values = answer.get("values")
    if not isinstance(values, list) or len(values) != sum(wire.outputs):
        raise AnswerBroken(f"{visit.space} answered {shape.name} in an unknown shape")
    given = iter(values)
    return [next(given) if visible else None for visible in wire.outputs]


def _on_disk(scope: Scope, artifact: Artifact) -> Path:
    if artifact.file is not None:
        return scope.artifacts.path(artifact)
    path = scope.artifacts.incoming()
    path.write_bytes(written_out(artifact))
    return path


async def _in_child(space: str, request: dict[str, Any]) -> dict[str, JsonValue]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tools.reference_client",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment | _ENVIRONMENT,
        limit=64 * 1024 * 1024,
    )
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    try:
        child.stdin.write(json.dumps(request).encode() + b"\n")
        await child.stdin.drain()
        line = await child.stdout.readline()
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        child.stdin.close()
    if not line:
        raise CallLost(f"{space} could not be called in the dialect it speaks; use another Space")
    answer = read_json(space, line, "the call")
    return answer if isinstance(answer, dict) else {}


def _serve() -> None:
    """The child: one request on standard input, one answer on standard output."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from gradio_client import Client

    try:
        client = Client(request["host"], token=False, download_files=False, verbose=False, analytics_enabled=False)
        result = client.predict(*request["arguments"], api_name=request["endpoint"])
        listed = list(result) if isinstance(result, tuple) else [result]
        answer: dict[str, Any] = {"values": listed}
    except Exception as error:  # The whole library is a door to the outside: all it says is that it failed.
        answer = {"error": str(error) or type(error).__name__}
    print(json.dumps(answer, default=str), flush=True)
    os._exit(0)


def _die_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    _serve()
