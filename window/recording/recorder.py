"""`record` and `replay`: a session is played while it is recorded, and recorded no more while it is played."""

import importlib.metadata
import io
import json
import os
import platform
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from core.errors import RecordUnusable
from core.local_hub import ROOT, local_hub
from core.nouns import Frozen
from core.redact import MASK
from core.settings import HUB as REAL
from core.settings import from_environment, quiet_libraries
from window.recording.exchange import heard
from window.recording.names import CHECKOUT, HOME, HUB, PLACE, Names
from window.recording.outcome import Outcome, differences, outcome_of
from window.recording.session import Command, command_of, secrets_here, surroundings
from window.recording.shelf import read

Main = Callable[[list[str]], int]
"""`app.main`: runs a command and gives its exit code."""

TOKEN = "hf_" + "played" * 5
"""In place of the token that nobody has when a session is played."""

LIBRARIES = ("aiohttp", "gradio_client", "huggingface_hub", "smolagents", "vcrpy")


class Played(Frozen):
    """How a session went that was played from a cassette."""

    exchanges: int
    differences: tuple[str, ...]
    """In plan, artifacts, verdicts and the rest."""
    missed: tuple[str, ...]
    """What it asked for and the cassette does not have."""
    left: tuple[str, ...]
    """What the cassette has and it did not ask for."""
    seconds: float

    @property
    def same(self) -> bool:
        return not (self.differences or self.missed or self.left)


def record(options: Namespace, main: Main) -> int:
    """Exit code 0 when the cassette was written, whatever the session came to: that stands in it.

    Without a command the session that the cassette holds is recorded anew.
    """
    path = Path(options.cassette)
    if options.rest:
        seed = os.path.relpath(options.seed, path.parent) if options.seed else None
        command, note = command_of(options.rest, seed), options.note
    else:
        header, _ = read(path)
        command, note = Command.model_validate(header["session"]), header["answered"]["note"]
    with _folder(options.runs) as (folder, runs), _hub(command, folder, path.parent) as (endpoint, token):
        outcome, exchanges = _record(command, note, path, folder, runs, endpoint, token, main)
    print(f"{path}: {exchanges} exchanges, {path.stat().st_size:,} bytes; {_ended(outcome)}")
    return 0


def replay(options: Namespace, main: Main) -> int:
    """Exit code 0 only when the session came to what it came to when it was recorded, exchange by exchange."""
    path = Path(options.cassette)
    played = play(path, main, Path(options.runs) if options.runs else None)
    if options.json:
        print(json.dumps({"same": played.same, **played.model_dump(mode="json")}, ensure_ascii=False))
    else:
        print("\n".join(_told(path, played)))
    return 0 if played.same else 1


def play(path: Path, main: Main, runs: Path | None = None) -> Played:
    """The session from its cassette, with no server and no network. Raises CassetteUnusable."""
    from window.recording.broken import breaks
    from window.recording.pauses import short_pauses
    from window.recording.tape import playing
    from window.recording.transfers import transfers

    header, _ = read(path)
    command = Command.model_validate(header["session"])
    began = time.monotonic()
    with _folder(runs) as (folder, kept):
        words = command.unpacked(folder / "files")
        token = TOKEN if header["signed_in"] else None
        where = surroundings(command, header["endpoint"], token, folder, kept)
        with where, playing(path) as tape, breaks(tape), transfers(tape), short_pauses():
            code, said = _quietly(main, words, lambda: bool(tape.missed))
        # The folder is on disk under its real name, in the cassette under the one of all sessions.
        names = Names({str(folder): HOME})
        outcome = outcome_of(code, said, kept, names)
    return Played(
        exchanges=len(tape),
        differences=tuple(differences(header["outcome"], outcome)),
        missed=tuple(tape.missed),
        left=tuple(tape.left()),
        seconds=round(time.monotonic() - began, 2),
    )


def _record(
    command: Command, note: str, path: Path, folder: Path, runs: Path, endpoint: str, token: str | None, main: Main
) -> tuple[Outcome, int]:
    from window.recording.broken import breaks
    from window.recording.streams import logs
    from window.recording.tape import keep, recording
    from window.recording.transfers import transfers

    words = command.unpacked(folder / "files")
    said = io.StringIO()
    secrets = secrets_here() | ({token} if token else set())
    where = surroundings(command, endpoint, token, folder, runs)
    places = {f"{folder}/": f"{HOME}/", f"{ROOT}/": f"{CHECKOUT}/"}
    with where, logs(places), recording(path) as tape, breaks(tape), transfers(tape), redirect_stdout(said):
        code = main(words)
    known = {str(folder): HOME} | dict.fromkeys(secrets, MASK)
    place = endpoint.rpartition("/")[2]
    if PLACE.fullmatch(place):
        known[place] = HUB
    names = Names.of((heard(request, response) for request, response in tape.data), known)
    outcome = outcome_of(code, said.getvalue(), runs, names)
    header = {
        "recorded": time.strftime("%Y-%m-%d", time.gmtime()),
        "session": json.loads(names.text(command.model_dump_json(exclude_defaults=True))),
        "answered": _answered(endpoint, command, note),
        "versions": _versions(),
        "endpoint": names.text(endpoint),
        "signed_in": token is not None,
        "outcome": outcome,
    }
    keep(tape, path, names, header)
    return outcome, len(tape)


def _quietly(main: Main, words: list[str], excused: Callable[[], bool]) -> tuple[int, str]:
    """The exit code and standard output. What breaks because something is missing is told as missing."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(io.StringIO()):
        try:
            return main(words), said.getvalue()
        except Exception:
            if not excused():
                raise
            return 1, said.getvalue()


@contextmanager
def _folder(runs: Path | str | None) -> Iterator[tuple[Path, Path]]:
    """Where a session works, with nothing from before; `runs` keeps the record of its run."""
    if runs is not None and Path(runs).exists():
        raise RecordUnusable(f"{runs} is there already; a session wants a folder of its own, so that nothing is known")
    with tempfile.TemporaryDirectory(prefix="session-") as place:
        folder = Path(place).resolve()
        yield folder, Path(runs) if runs is not None else folder / "runs"


@contextmanager
def _hub(command: Command, folder: Path, beside: Path) -> Iterator[tuple[str, str | None]]:
    """The address of the Hub that answers, and the user's token: the one that is named, or a fresh local one."""
    quiet_libraries()
    settings = from_environment(os.environ, local=command.local or bool(command.seed), endpoint=command.endpoint)
    if settings.endpoint is not None:
        yield settings.endpoint.rstrip("/"), settings.token
        return
    with local_hub(folder / "home" / "hub", beside / command.seed if command.seed else None) as hub:
        yield hub.endpoint, hub.token


def _answered(endpoint: str, command: Command, note: str) -> dict[str, str]:
    given = dict(zip(command.words, command.words[1:], strict=False))
    model = given.get("--model") or command.environment.get("SPACEWRIGHT_MODEL") or "no language model"
    coder = given.get("--coding-model") or command.environment.get("SPACEWRIGHT_CODING_MODEL")
    place = endpoint.rpartition("/")[2]
    hub = "the Hugging Face Hub" if endpoint == REAL else "a local Hub" if PLACE.fullmatch(place) else place
    seeded = f", beginning with {command.seed}" if command.seed else ""
    coding = {"coding model": coder} if coder else {}
    return {"hub": hub + seeded, "model": model, **coding, "note": note}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in LIBRARIES}


def _ended(outcome: Outcome) -> str:
    status = str(outcome.get("status") or f"exit {outcome['exit']}")
    return ": ".join([status, *filter(None, outcome.get("reason", []))])


def _told(path: Path, played: Played) -> list[str]:
    if played.same:
        return [f"{path}: the same again, {played.exchanges} exchanges in {played.seconds:.1f} s"]
    lines = [f"{path}: not the same"]
    for missed in played.missed[:3]:
        lines += ["", "asked for, and not in the cassette:", missed]
    if played.left:
        lines += ["", f"in the cassette, and not asked for: {len(played.left)}", *played.left[:10]]
    for difference in played.differences:
        lines += ["", difference]
    return lines


__all__ = ["Played", "play", "record", "replay"]
