"""The language model behind Pi in a recorded build: a script, which writes a Space that fails and then mends it.

    python -m tests.replay.tide_coder python app.py record cassettes/build-by-pi.yaml

Runs the command, and answers at the address that the session names for as long as it runs.
"""

import subprocess
import sys
from collections.abc import Sequence

from tests.loopback.scripted_chat import Asked, Reply, ScriptedChat, ToolCall
from tests.loopback.tide_space import APP, README, REQUIREMENTS

MODEL = "maker/coder"
PORT = 8911
"""Of every recording, because the address stands in the session's command."""

# Nothing before the upload can know that the weights have no such name.
BROKEN = APP.replace('waves["height"]', 'waves["hight"]')


def script() -> list[Reply]:
    first = {"app.py": BROKEN, "requirements.txt": REQUIREMENTS, "README.md": README}
    return [
        Reply(tool_calls=[ToolCall("write", {"path": path, "content": text}) for path, text in first.items()]),
        Reply("The Space is written."),
        Reply(tool_calls=[ToolCall("write", {"path": "app.py", "content": APP})]),
        Reply("The name of the weights is right now."),
    ]


def main(command: Sequence[str]) -> int:
    left = iter(script())

    def answer(asked: Asked) -> Reply:
        return next(left, Reply(status=400, body={"error": {"message": f"no reply to request {asked.number}"}}))

    with ScriptedChat(answer, models=[MODEL], port=PORT):
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
