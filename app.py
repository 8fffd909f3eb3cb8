"""The window: the command line of Spacewright. `python app.py --help` says what it can do.

Imports nothing heavy before a command needs it, so that help and the record's commands answer at once.
"""

import argparse
import sys


def parser() -> argparse.ArgumentParser:
    """The command line as it is documented in README.md."""
    top = argparse.ArgumentParser(
        prog="python app.py",
        description="Say what you want; Spacewright plans it, chains the Spaces it takes, checks every hand-over "
        "and keeps the record.",
        epilog="Exit codes: 0 passed, 1 failed, 2 wrong usage or unreadable, 3 waits for you, 75 the run is busy "
        "elsewhere, 130 cancelled.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words, conflict_handler="resolve")
        made.add_argument("--local", action="store_true", help="use the local Hub; the default when there is no token")
        made.add_argument("--endpoint", metavar="URL", help="the Hub to use")
        made.add_argument("--model", metavar="SPEC", help="who plans: catalogue, hf:owner/model, openai:model@URL")
        made.add_argument("--runs", metavar="DIR", help="where runs are recorded (default: runs)")
        made.add_argument("--json", action="store_true", help="for programs: JSON on standard output")
        return made

    for name, words in (("ask", "plan a goal and run it"), ("plan", "the plan for a goal, with a cost sheet")):
        made = command(name, words)
        made.add_argument("goal", help="what you want, in your own words")
        made.add_argument("--file", action="append", metavar="FILE", help="attach a file; may be given again")
        made.add_argument("--budget", type=float, metavar="SECONDS", help="the longest the run may take")
        _for_money(made)
        if name == "ask":
            _for_runs(made)
    made = command("page", "the chat page in a browser, the same as no command at all")
    made.add_argument("--port", type=int, metavar="N", help="where on this machine (default: the first free from 7860)")
    made = command("resume", "go on with a run that stopped")
    made.add_argument("run", help="its id, a part of it, or 'last'")
    made.add_argument("--budget", type=float, metavar="SECONDS", help="the longest that going on may take")
    made.add_argument("--minutes", type=float, help="the most minutes of Jobs that may be spent, from the beginning")
    _for_money(made)
    _for_runs(made)
    for name, words in (("show", "the report of a run"), ("cancel", "stop a run")):
        command(name, words).add_argument("run", help="its id, a part of it, or 'last'")
    made = command("export", "the record of a run as an RO-Crate")
    made.add_argument("run", help="its id, a part of it, or 'last'")
    made.add_argument("to", metavar="FOLDER|FILE.zip", help="where to; nothing of that name may exist")
    made = command("build", "a model's card becomes a private Space that is proved to work")
    made.add_argument("id", metavar="MODEL", help="the model's id, owner/name")
    made.add_argument("--namespace", help="whose Space it is to be (default: your own)")
    made.add_argument(
        "--hardware", metavar="FLAVOR", help="zero-gpu, cpu or a flavor of the Hub (default: by the card)"
    )
    made.add_argument("--fixed-gpu", metavar="FLAVOR", help="the paid flavor that may be had when ZeroGPU is refused")
    made.add_argument("--minutes", type=float, help="the most minutes of Jobs that may be spent")
    _for_money(made)
    made.add_argument("--budget", type=float, metavar="SECONDS", help="the longest the run may take")
    _for_runs(made)
    made = command("validate", "test an existing Space and say how far it is proved")
    made.add_argument("space", help="the Space's id, owner/name")
    made.add_argument("--input", action="append", metavar="NAME=VALUE", help="an argument to use; may be given again")
    made.add_argument("--file", action="append", metavar="NAME=PATH", help="a file to use; may be given again")
    made.add_argument("--model-id", metavar="MODEL", help="the model that must be behind it (default: its card's)")
    made.add_argument(
        "--endpoint",
        action=_EndpointOrHub,
        metavar="/NAME|URL",
        help="the Space's endpoint, with its slash (default: chosen); or the address of the Hub to use",
    )
    made.set_defaults(space_endpoint=None)
    made = command(
        "card",
        "what a model is and what stands in the way of a Space for it, with the lines it rests on: exit 0 facts told, "
        "blockers among them; 1 nothing to tell; 2 no such model or file",
    )
    made.add_argument("card", metavar="MODEL|FILE", help="a model's id, owner/name, or a card on disk")
    command("runs", "every run on record")
    made = command("check", "the output checks on one file: exit 0 sound, 1 refused, 2 could not be read")
    made.add_argument("file", nargs="?")
    made.add_argument("--kind", help="what it is meant to be: image, mesh, splat, audio, video, text, json, csv, html")
    made.add_argument("--manifest", metavar="FILE", help="check many files and compare with what is known of them")
    made.add_argument("--bounds", metavar="JSON", help='a check or a list of them: {"check":"mesh","min_faces":1000}')
    made = command("hub", "the local Hub on its own")
    made.add_argument("--port", type=int)
    made.add_argument("--data", metavar="DIR", help="where it keeps everything")
    made.add_argument("--seed", metavar="FILE", help="users, repositories and refusals to begin with, as YAML or JSON")
    made = commands.add_parser("record", help="a command, with every HTTP exchange of it put in a cassette")
    made.add_argument("--note", metavar="WORDS", default="", help="what answered in a language model's place")
    made.add_argument("--seed", metavar="FILE", help="what the local Hub begins with, as YAML or JSON")
    made.add_argument("--runs", metavar="DIR", help="keep the run's record here; nothing of that name may exist")
    made.add_argument("cassette", metavar="CASSETTE", help="the file to write")
    made.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="-- COMMAND …", help="as behind app.py; none: the one it holds, anew"
    )
    made = commands.add_parser("replay", help="the same command again from its cassette, with no server: exit 0 same")
    made.add_argument("--json", action="store_true", help="for programs: JSON on standard output")
    made.add_argument("--runs", metavar="DIR", help="keep the run's record here; nothing of that name may exist")
    made.add_argument("cassette", metavar="CASSETTE", help="the file to play")
    return top


class _EndpointOrHub(argparse.Action):
    """A Space's endpoint has a slash in front; the address of a Hub has none."""

    def __call__(self, parser: object, options: argparse.Namespace, value: object, option: object = None) -> None:
        setattr(options, "space_endpoint" if str(value).startswith("/") else "endpoint", value)


def _for_money(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dollars", type=float, help="the most US dollars that may be spent")
    command.add_argument("--tokens", type=int, help="the most tokens of language models that may be spent")


def _for_runs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="consent to everything the plan publishes or spends")
    command.add_argument(
        "--licences",
        choices=("report", "ask", "refuse"),
        help="what to do about a Space whose licences do not allow commercial use, or do not say; default report",
    )
    command.add_argument(
        "--coding-model", metavar="SPEC", help="who writes what no recipe covers; 'catalogue' is nobody"
    )
    command.add_argument("--leave", action="store_true", help="do not stay to show the page from the local Hub")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code. A failure of the world is one line on stderr, never a traceback."""
    top = parser()
    given = sys.argv[1:] if arguments is None else arguments
    # No command is the page: what a double click, and a Space, does.
    named = given and (not given[0].startswith("-") or given[0] in ("-h", "--help"))
    options = top.parse_args(given if named else ["page", *given])
    from core.settings import quiet_libraries

    quiet_libraries()
    from core.errors import Failure, RunBusy
    from window import commands

    try:
        if options.command in ("record", "replay"):
            from window.recording import recorder

            return int(getattr(recorder, options.command)(options, main))
        if options.command == "page":
            from window.page.serving import page

            return page(options)
        return int(getattr(commands, options.command)(options))
    except RunBusy as busy:
        print(busy, file=sys.stderr)
        return 75
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 2 if options.command in ("card", "check", "replay") else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away, as `head` does.
        sys.stderr.close()
        return 1
    except OSError as error:
        print(f"{error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        return 2 if options.command in ("card", "check", "replay") else 1


if __name__ == "__main__":
    sys.exit(main())
