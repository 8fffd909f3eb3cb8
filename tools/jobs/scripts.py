"""The scripts that may run as Jobs: ours, below jobs/, by name. They are sent as text and never imported here."""

from pathlib import Path

from core.errors import InputsRefused

FOLDER = Path(__file__).resolve().parent.parent.parent / "jobs"
ENTRY = "job.py"


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    return tuple(sorted(entry.parent.name for entry in folder.glob(f"*/{ENTRY}")))


def sources(script: str, folder: Path = FOLDER) -> dict[str, bytes]:
    """The script's files by path. Raises InputsRefused when there is no such script."""
    known = names(folder)
    if script not in known:
        raise InputsRefused(f"there is no script '{script[:80]}' to run as a Job; there is {', '.join(known)}")
    home = folder / script
    found = {path.relative_to(home).as_posix(): path for path in sorted(home.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if _ours(Path(name))}


def _ours(path: Path) -> bool:
    """Not what an interpreter, an editor or a file manager has left there."""
    return path.suffix != ".pyc" and not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
