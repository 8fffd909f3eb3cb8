"""What a Space has said: `run.log` and `build.log` in its folder of work."""

from pathlib import Path

from localhub.repositories.repository import now


def begin(work: Path, sha: str) -> None:
    """Start both logs anew for a start of the commit `sha`."""
    started = now()
    build = (
        f"===== Build Queued at {started} / Commit SHA: {sha[:7]} =====",
        "requirements.txt is not installed here: the Space runs with the packages of the local Hub.",
    )
    (work / "build.log").write_text("".join(f"{started}\t{line}\n" for line in build))
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
