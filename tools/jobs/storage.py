"""The private bucket in which a Job finds what it is given and leaves what it made.

`runs/<run id>/jobs/<name>/in` is mounted read-only at /input, `.../out` at /output. What comes back was written by
foreign code: names, number and sizes are looked at first, and each file is put under a name of ours.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import AccessRefused, OutputRefused
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

Result = TypeVar("Result")


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
        await self._transfer(lambda api: api.batch_bucket_files(bucket, add=add))

    async def fetch(self, quarantine: Path) -> dict[str, Path]:
        """Everything below /output, downloaded into a new folder.

        Raises OutputRefused when it is too much, or when a name leads elsewhere.
        """
        found = {path: each for each in await self._listing() if (path := self._within(each.path)) != MARK}
        _check(self.name, {path: each.size for path, each in found.items()})
        quarantine.mkdir(parents=True)
        places = {path: quarantine / f"{number:03d}" for number, path in enumerate(found, 1)}
        pairs: list[Any] = [(found[path], place) for path, place in places.items()]
        bucket = self.bucket
        await self._transfer(lambda api: api.download_bucket_files(bucket, pairs))
        for path, place in places.items():
            if place.is_symlink() or not place.is_file() or place.stat().st_size != found[path].size:
                raise OutputRefused(f"{say(path, 80)}, left by the Job {self.name}, did not come whole")
        return places

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

    async def _transfer(self, request: Callable[["HfApi"], Result]) -> Result:
        def guarded(api: "HfApi") -> Result:
            try:
                return request(api)
            except RuntimeError as error:
                # hf_xet 1.8 says so whatever went wrong on the way.
                raise OSError(f"Xet: {error}") from error

        return await self.hub.ask(guarded, f"the bucket {self.bucket}", seconds=UPLOAD_SECONDS)


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
