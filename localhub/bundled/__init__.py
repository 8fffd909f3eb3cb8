"""The Spaces that come with the local Hub: each folder is a public Space of `atelier`, kept equal to it."""

from pathlib import Path

from localhub.repositories.repository import Files, Repositories

NAMESPACE = "atelier"
FOLDER = Path(__file__).with_name("spaces")


def install(folder: Path, repositories: Repositories) -> None:
    """Commit what has changed since the last start, and remove what is no longer there."""
    names = {path.parent.name for path in folder.glob("*/README.md")}
    for name in sorted(names):
        install_one(folder / name, repositories)
    for repository in list(repositories.all("space")):
        if repository.namespace == NAMESPACE and repository.name not in names:
            repositories.delete(repository)


def install_one(folder: Path, repositories: Repositories) -> None:
    files = read_files(folder)
    repository = repositories.find("space", NAMESPACE, folder.name)
    if repository is None:
        repositories.create("space", NAMESPACE, folder.name, private=False, files=files)
        return

    def replace(head: Files) -> Files:
        return {path: repositories.blobs.keep(data) for path, data in files.items()}

    repositories.commit(repository, replace, "Update the bundled Space")


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a Space's folder without what Python and editors leave there.

    A module that two Spaces share is a link in one of them; each repository gets the bytes.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    wanted = (path for path in paths if not any(part.startswith((".", "__pycache__")) for part in path.parts))
    return {path.as_posix(): (folder / path).read_bytes() for path in wanted}
