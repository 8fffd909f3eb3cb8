# /// script
# requires-python = ">=3.11"
# dependencies = ["gradio-client==2.7.2", "huggingface-hub==2.4.0"]
# ///
"""Calls a Space from inside the Hub with the unmodified gradio_client, and writes down what came back.

Reads given/order.json: the Space, an endpoint, its calls by parameter, and the seconds for each. Writes result.json.
"""

import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gradio_client import Client, handle_file
from looking import Keep, looked_at

INPUT, OUTPUT = Path(os.environ["INPUT"], "given"), Path(os.environ["OUTPUT"])
LONGEST = 300
"""Characters of an error."""


def main() -> None:
    order = json.loads((INPUT / "order.json").read_text("utf-8"))
    report: dict[str, Any] = {"space": order["space"], "endpoint": order["endpoint"], "error": None}
    report |= {"client": version("gradio_client"), "python": platform.python_version()}
    report |= {"endpoints": {}, "health": None, "calls": []}
    try:
        witness(order, report)
    except Exception as error:  # Whatever the client meets is the finding.
        report["error"] = one_line(error)
    draft = OUTPUT / "result.json.part"
    draft.write_text(json.dumps(report), "utf-8")
    draft.rename(OUTPUT / "result.json")
    print("progress: done", flush=True)
    # The client waits in threads that nothing can stop.
    os._exit(0)


def witness(order: dict[str, Any], report: dict[str, Any]) -> None:
    print(f"progress: connecting to {order['space']}")
    downloads = Path(os.environ.get("TMPDIR", "/tmp"), "downloads")  # noqa: S108  # a Job has it for itself
    client = Client(
        order["space"],
        token=os.environ.get("HF_TOKEN") or False,
        download_files=str(downloads),
        verbose=False,
        analytics_enabled=False,
    )
    described = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    report["endpoints"] = {name: signature(each) for name, each in described.items()}
    keep = Keep(downloads, OUTPUT / "files")
    if "/health" in described and order["endpoint"] != "/health":
        report["health"] = call(client, "/health", {}, order["seconds"], keep)
    for number, inputs in enumerate(order["calls"], 1):
        print(f"progress: calling {order['endpoint']}, {number} of {len(order['calls'])}")
        report["calls"].append(call(client, order["endpoint"], inputs, order["seconds"], keep))


def signature(endpoint: dict[str, Any]) -> dict[str, list[str]]:
    return {
        "parameters": [str(each.get("parameter_name")) for each in endpoint.get("parameters", [])],
        "returns": [str(each.get("component")) for each in endpoint.get("returns", [])],
    }


def call(client: Client, endpoint: str, inputs: dict[str, Any], seconds: float, keep: Keep) -> dict[str, Any]:
    begun = time.monotonic()
    arguments = {name: with_files(value) for name, value in inputs.items()}
    try:
        result = client.submit(api_name=endpoint, **arguments).result(timeout=seconds)
    except Exception as error:  # The app's, the client's or the network's: it did not answer.
        return {"seconds": round(time.monotonic() - begun, 3), "error": one_line(error), "values": []}
    taken = round(time.monotonic() - begun, 3)
    values = list(result) if isinstance(result, tuple) else [result]
    return {"seconds": taken, "error": None, "values": [looked_at(value, keep) for value in values]}


def with_files(value: Any) -> Any:
    match value:
        case {"given": str(path)}:
            return handle_file(str(INPUT / path))
        case list():
            return [with_files(item) for item in value]
        case dict():
            return {name: with_files(item) for name, item in value.items()}
    return value


def one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]


if __name__ == "__main__":
    main()
