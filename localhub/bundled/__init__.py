"""What comes with the local Hub: each folder is a public Space or model of `atelier`, kept equal to it."""

from pathlib import Path

from localhub.repositories.repository import Files, Gate, Repositories, Repository

NAMESPACE = "atelier"
FOLDER = Path(__file__).with_name("spaces")


def install(folder: Path, repositories: Repositories) -> None:
    """Commit what has changed since the last start, and remove what is no longer there.

    The models lie beside the Spaces' folder, in `models`; where there are none, none are installed.
    """
    install_kind("space", folder, repositories)
    install_kind("model", folder.with_name("models"), repositories)


def install_kind(kind: str, folder: Path, repositories: Repositories) -> None:
    names = {path.parent.name for path in folder.glob("*/README.md")}
    for name in sorted(names):
        install_one(kind, folder / name, repositories)
    for repository in list(repositories.all(kind)):
        if repository.namespace == NAMESPACE and repository.name not in names:
            repositories.delete(repository)


def install_one(kind: str, folder: Path, repositories: Repositories) -> None:
    files = read_files(folder)
    repository = repositories.find(kind, NAMESPACE, folder.name)
    if repository is None:
        repository = repositories.create(kind, NAMESPACE, folder.name, private=False, files=files)

    def replace(head: Files) -> Files:
        return {path: repositories.blobs.keep(data) for path, data in files.items()}

    def gated(fresh: Repository) -> Repository:
        return fresh.model_copy(update={"gated": gate_of(files["README.md"])})

    repositories.commit(repository, replace, "Update what comes with the Hub")
    repositories.update(repository, gated)


def gate_of(readme: bytes) -> Gate:
    """On the Hub the gate is a setting beside the files; here a card that asks for consent has one."""
    return "auto" if b"\nextra_gated_prompt:" in readme else False


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a repository's folder without what Python and editors leave there.

    A module that two Spaces share is a link in one of them; each repository gets the bytes.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    wanted = (path for path in paths if not any(part.startswith((".", "__pycache__")) for part in path.parts))
    return {path.as_posix(): (folder / path).read_bytes() for path in wanted}
