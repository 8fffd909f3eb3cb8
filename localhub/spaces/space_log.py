"""What a Space has said: `run.log` and `build.log` in its folder of work."""

from dataclasses import dataclass
from pathlib import Path

from localhub.repositories.repository import now


@dataclass(frozen=True)
class BuildLog:
    """The build log of one commit, which begins anew with it."""

    path: Path

    @classmethod
    def begin(cls, work: Path, sha: str) -> "BuildLog":
        log = cls(work / "build.log")
        log.path.write_text("")
        log.say(f"===== Build Queued at {now()} / Commit SHA: {sha[:7]} =====")
        return log

    def say(self, text: str) -> None:
        with self.path.open("a") as file:
            file.writelines(f"{now()}\t{line}\n" for line in text.split("\n"))


def begin_run(work: Path) -> None:
    """Start the run log anew."""
    started = now()
    (work / "run.log").write_text(f"{started}\t===== Application Startup at {started} =====\n")


def last_words(work: Path, limit: int = 2000) -> str:
    """The last traceback, or the last lines when there is none."""
    try:
        text = (work / "run.log").read_text(errors="replace")
    except FileNotFoundError:
        return ""
    lines = [line.partition("\t")[2] for line in text.splitlines()[1:]]
    starts = [number for number, line in enumerate(lines) if line.startswith("Traceback (most recent")]
    told = lines[starts[-1] :] if starts else lines[-20:]
    return "\n".join(told).strip()[-limit:]
