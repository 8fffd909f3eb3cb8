"""A commit as plain files, for the process of a Space."""

import shutil
from pathlib import Path

from localhub.repositories.blobs import Blobs
from localhub.repositories.repository import Commit


def check_out(commit: Commit, blobs: Blobs, work: Path) -> None:
    """Make `work/app` exactly the commit's tree; what an earlier run wrote there is lost, as on the real Hub."""
    folder = work / "app"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (work / "tmp").mkdir(exist_ok=True)
    for path, blob in commit.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy and not a link: an app may write to its own files.
        shutil.copyfile(blobs.path(blob), target)
