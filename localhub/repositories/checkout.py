"""A commit as plain files, for the process of a Space or a Job."""

import shutil
from pathlib import Path

from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Commit


def check_out(commit: Commit, blobs: Blobs, work: Path) -> None:
    """Make `work/app` exactly the commit's tree; what an earlier run wrote there is lost, as on the real Hub."""
    write_tree(commit, blobs, work / "app")
    (work / "tmp").mkdir(exist_ok=True)


def write_tree(commit: Commit, blobs: Blobs, folder: Path) -> None:
    """Make `folder` exactly the commit's tree. Copies and no links: a process may write to its own files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, blob in commit.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(blobs.path(blob), target)
