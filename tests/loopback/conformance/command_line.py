"""The real `hf` command line, run for one command after another in one process: it takes half a second to start.

Reads the words of a command as JSON, a line each, and answers with the exit code and what was printed.
"""

import io
import json
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout


def run(words: list[str]) -> dict[str, object]:
    from huggingface_hub.cli.hf import main

    printed, told, code = io.StringIO(), io.StringIO(), 0
    sys.argv = ["hf", *words]
    with redirect_stdout(printed), redirect_stderr(told):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # whatever a command raises is its answer
            traceback.print_exc()
            code = 1
    return {"code": code, "printed": printed.getvalue(), "told": told.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
