"""The folder in which a Hub keeps everything."""

import contextlib
import stat
from pathlib import Path


def keep_to_owner(folder: Path) -> None:
    """Private repositories and Jobs' logs are in it as plain files: other users of this machine have no way in.

    A folder that is meant for everybody, such as /tmp, or that is somebody else's, stays as it is.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_ISVTX:
        with contextlib.suppress(PermissionError):
            folder.chmod(mode & ~0o077)
