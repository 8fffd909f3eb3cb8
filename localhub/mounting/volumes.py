"""The folders of this machine that the volumes of Jobs and Spaces are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from localhub.buckets.bucket import Bucket, Buckets
from localhub.mounting.volume import Volume
from localhub.people.users import User
from localhub.processes.keeper import Mount
from localhub.refusal import Refusal
from localhub.repositories import checkout
from localhub.repositories.repository import Repositories, Repository


class VolumeMissing(Exception):
    """There is no such folder in the source; the message says what was looked for."""


class Volumes:
    def __init__(self, repositories: Repositories, buckets: Buckets) -> None:
        self.repositories = repositories
        self.buckets = buckets

    def check(self, volume: Volume, user: User) -> None:
        """Refuse what the user may not see, or may not write although the Job could."""
        source = self.source(volume)
        if source is None or (source.private and not user.owns(source.namespace)):
            raise Refusal(404, f"there is no {volume.type} {volume.source} to be mounted at {volume.mount_path}")
        if not volume.read_only and not user.owns(source.namespace):
            raise Refusal(403, f"{user.name} cannot write to {volume.source}: mount it with readOnly")
        if isinstance(source, Repository):
            if not user.reads(source):
                raise Refusal(403, f"Access to {volume.type} {source.id} is restricted: ask for it first", "GatedRepo")
            self.repositories.revision(source, volume.revision or "main")

    def source(self, volume: Volume) -> Bucket | Repository | None:
        namespace, name = volume.source.split("/")
        if volume.type == "bucket":
            return self.buckets.find(namespace, name)
        return self.repositories.find(volume.type, namespace, name)

    def mounts(self, volumes: Sequence[Volume], place: Path) -> list[Mount]:
        """Where each is to be mounted. Repositories are written out below `place`. Raises VolumeMissing."""
        return [
            Mount(source=self.folder(volume, place / str(number)), target=volume.mount_path, read_only=volume.read_only)
            for number, volume in enumerate(volumes)
        ]

    def folder(self, volume: Volume, place: Path) -> Path:
        source = self.source(volume)
        if source is None:
            raise VolumeMissing(f"{volume.type} {volume.source} is gone")
        if isinstance(source, Bucket):
            root = self.buckets.folder(source)
        else:
            place.mkdir(parents=True)
            checkout.check_out(
                self.repositories.revision(source, volume.revision or "main"), self.repositories.blobs, place
            )
            root = place / "app"
        # A Job may have left a link in a bucket that leads out of it.
        folder = (root / (volume.path or "").strip("/")).resolve()
        if not folder.is_dir() or not folder.is_relative_to(root.resolve()):
            raise VolumeMissing(f"there is no folder {volume.path} in {volume.type} {volume.source}")
        return folder


def rewritten(text: str, mounts: Sequence[Mount]) -> str:
    """A path below a mount, as the path on this machine. Also in `--option=/path`; nothing else is touched."""
    option, sign, path = text.partition("=") if text.startswith("-") else ("", "", text)
    for mount in mounts:
        if path == mount.target or path.startswith(f"{mount.target}/"):
            return f"{option}{sign}{mount.source}{path[len(mount.target) :]}"
    return text


def rewritten_all(texts: Mapping[str, str], mounts: Sequence[Mount]) -> dict[str, str]:
    return {key: rewritten(value, mounts) for key, value in texts.items()}
