"""The private bucket in which a Job finds what it is given and leaves what it made.

`runs/<run id>/jobs/<name>/in` is mounted read-only at /input, `.../out` at /output. What comes back was written by
foreign code: names, number and sizes are looked at first, and each file is put under a name of ours.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from core.errors import AccessRefused, OutputRefused, Unreachable
from core.hub import UPLOAD_SECONDS, Hub
from core.signals import say
from tools.jobs.job_order import harmless

if TYPE_CHECKING:
    from huggingface_hub import HfApi

NAME = "spacewright-runs"
MOST_FILES = 500
MOST_BYTES = 50_000_000
RESULT = "result.json"
"""The last thing that a script writes."""
MARK = ".begun"
"""Makes the folder that is mounted at /output: a bucket has none without a file."""
FLUSH_SECONDS = 60.0
"""The real Hub writes what a Job has put into its volume with a delay."""
REMAINS_SECONDS = 10.0
"""The same for a Job that came to no good end, and may have left nothing."""
TRIES = 3
"""Of one file, when the Hub does not answer or the connection breaks."""


@dataclass(frozen=True)
class Storage:
    """One Job's part of the bucket."""

    hub: Hub
    namespace: str
    run: str
    name: str

    @property
    def bucket(self) -> str:
        return f"{self.namespace}/{NAME}"

    @property
    def folder(self) -> str:
        return f"runs/{self.run}/jobs/{self.name}"

    async def begun(self) -> bool:
        """Whether somebody has laid out the input already, and so may have submitted the Job. Makes the bucket.

        Raises AccessRefused when the bucket of that name is public.
        """
        bucket, place = self.bucket, f"{self.folder}/in/"

        def look(api: "HfApi") -> bool:
            api.create_bucket(bucket, private=True, exist_ok=True)
            if not api.bucket_info(bucket).private:
                raise AccessRefused(
                    f"the bucket {bucket} is public, and runs are private; make it private, or rename it"
                )
            return any(True for _ in api.list_bucket_tree(bucket, place, recursive=True))

        return await self.hub.ask(look, f"the bucket {bucket}")

    async def lay_out(self, files: Mapping[str, str | bytes]) -> None:
        """Put the files below /input. Done again it comes to the same."""
        add: list[Any] = [(_bytes(content), f"{self.folder}/in/{path}") for path, content in files.items()]
        add.append((self.name.encode(), f"{self.folder}/out/{MARK}"))
        bucket = self.bucket

        def write_all(api: "HfApi") -> None:
            try:
                api.batch_bucket_files(bucket, add=add)
            except RuntimeError as error:
                # hf_xet 1.8 says so whatever went wrong on the way.
                raise OSError(f"Xet: {error}") from error

        await self.hub.ask(write_all, f"the bucket {bucket}", seconds=UPLOAD_SECONDS)

    async def fetch(self, quarantine: Path) -> dict[str, Path]:
        """Everything below /output, downloaded into a new folder.

        Raises OutputRefused when it is too much, or when a name leads elsewhere.
        """
        found = {path: each for each in await self._listing() if (path := self._within(each.path)) != MARK}
        _check(self.name, {path: each.size for path, each in found.items()})
        quarantine.mkdir(parents=True)
        places = {path: quarantine / f"{number:03d}" for number, path in enumerate(found, 1)}

        for path, place in places.items():
            if await self._read(found[path], place) != found[path].size:
                raise OutputRefused(f"{say(path, 80)}, left by the Job {self.name}, did not come whole")
        return places

    async def _read(self, file: Any, place: Path) -> int:
        """Bytes that came of a huggingface_hub BucketFile. What breaks off is begun again."""
        for _ in range(TRIES - 1):
            try:
                return await self.hub.ask(partial(_read, bucket=self.bucket, file=file, place=place), file.path)
            except Unreachable as away:
                await asyncio.sleep(away.retry_after or 1.0)
        return await self.hub.ask(partial(_read, bucket=self.bucket, file=file, place=place), file.path)

    async def settled(self, patience: float) -> None:
        """Return once what a Job that is over has written is likely to be there: its last file, and no more change."""
        if self.hub.local:
            return  # A bucket there is a folder, and what is written is there at once.
        deadline, before = time.monotonic() + patience, None
        while time.monotonic() < deadline:
            listed = {self._within(each.path): each.size for each in await self._listing()}
            if RESULT in listed and listed == before:
                return
            before = listed
            await asyncio.sleep(2.0)

    async def _listing(self) -> list[Any]:
        """Any: huggingface_hub's BucketFile."""
        bucket, place = self.bucket, f"{self.folder}/out/"

        def listed(api: "HfApi") -> list[Any]:
            found = []
            for each in api.list_bucket_tree(bucket, place, recursive=True):
                if each.type == "file":
                    found.append(each)
                if len(found) > MOST_FILES + 1:
                    raise OutputRefused(f"the Job {self.name} left more than {MOST_FILES} files")
            return found

        return await self.hub.ask(listed, f"the bucket {bucket}")

    def _within(self, path: str) -> str:
        return path.removeprefix(f"{self.folder}/out/")


def _read(api: "HfApi", *, bucket: str, file: Any, place: Path) -> int:
    """Bytes that came, of which no more than the file has are kept.

    By a plain GET: the Hub offers it beside Xet, and it takes fewer moving parts.
    """
    from huggingface_hub import get_session
    from huggingface_hub.utils._http import hf_raise_for_status

    come = 0
    with place.open("wb") as target:
        if file.size == 0:
            return come  # Xet has no block for it, so there may be nothing to be asked for.
        address = f"{api.endpoint}/buckets/{bucket}/resolve/{quote(file.path)}"
        headers = {"accept-encoding": "identity", "authorization": f"Bearer {api.token}"}
        with get_session().stream("GET", address, headers=headers) as answer:
            hf_raise_for_status(answer)
            for piece in answer.iter_bytes():
                come += len(piece)
                if come > file.size:
                    break
                target.write(piece)
    return come


def _check(name: str, sizes: Mapping[str, int]) -> None:
    if len(sizes) > MOST_FILES:
        raise OutputRefused(f"the Job {name} left more than {MOST_FILES} files")
    if (total := sum(sizes.values())) > MOST_BYTES:
        raise OutputRefused(f"the Job {name} left {total:,} bytes; at most {MOST_BYTES:,} are taken")
    wrong = [path for path in sizes if not harmless(path)]
    if wrong:
        raise OutputRefused(f"the Job {name} left a file whose name is refused: {say(wrong[0], 80)}")


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()
