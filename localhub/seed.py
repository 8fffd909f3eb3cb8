"""What a Hub holds when it begins, from a YAML or JSON file: people, organizations, repositories, buckets, refusals.

Each item is brought in once for a data folder, by its name, which `seeded.json` remembers: what people changed or
deleted since stays so, at every later start with the same file. What was there before under the name of a repository
or bucket is left alone; a user of that name is replaced, with the old tokens if the seed names none.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator

from localhub import durable
from localhub.frozen import Frozen
from localhub.people.policy import Row
from localhub.people.users import Organization, Role, Token, User, new_secret
from localhub.refusal import Refusal
from localhub.repositories.names import check_folders, check_name, check_path
from localhub.repositories.repository import now

if TYPE_CHECKING:
    from localhub.hub import Hub

DEFAULT_USER = "local"
"""Who is there without being named in a seed."""


class SeedError(Exception):
    """The file cannot be used; one line says where and why."""


def name(value: str) -> str:
    try:
        return check_name(value)
    except Refusal as error:
        raise ValueError(error.message) from error


def id(value: str) -> str:
    namespace, slash, rest = value.partition("/")
    if not slash:
        raise ValueError(f"{value!r} is not an id: namespace/name")
    return f"{name(namespace)}/{name(rest)}"


def paths(files: dict[str, str]) -> dict[str, str]:
    try:
        check_folders([check_path(path) for path in files])
    except Refusal as error:
        raise ValueError(error.message) from error
    return files


Name = Annotated[str, AfterValidator(name)]
Id = Annotated[str, AfterValidator(id)]
Texts = Annotated[dict[str, str], AfterValidator(paths)]
Secret = Annotated[str, Field(pattern=r"^[!-~]{8,}$")]


class SeededToken(Frozen):
    secret: Secret
    name: str = "seed"
    role: Role = "write"
    scopes: tuple[str, ...] = ()


class SeededUser(Frozen):
    name: Name
    fullname: str = ""
    email: str | None = None
    plan: Literal["free", "pro"] = "free"
    can_pay: bool = False
    credits: float = 0.0
    tokens: tuple[Secret | SeededToken, ...] = ()
    """Without any the user gets one that nobody could know before."""

    def user(self) -> User:
        given = (SeededToken(secret=each) if isinstance(each, str) else each for each in self.tokens)
        tokens = tuple(Token(**each.model_dump(), created=now()) for each in given)
        kept = self.model_dump(exclude={"plan", "tokens"})
        return User(**kept, pro=self.plan == "pro", tokens=tokens or (Token(secret=new_secret(), created=now()),))


class SeededOrganization(Frozen):
    name: Name
    fullname: str = ""
    plan: Literal["free", "team"] = "free"
    can_pay: bool = False
    credits: float = 0.0
    members: dict[str, Literal["admin", "write"]] | tuple[str, ...]
    """A list makes everybody an admin."""

    def organization(self) -> Organization:
        members = self.members if isinstance(self.members, dict) else dict.fromkeys(self.members, "admin")
        return Organization.model_validate(self.model_dump() | {"members": members})


class SeededFiles(Frozen):
    id: Id
    private: bool = False
    files: Texts = {}
    """Text by path."""

    def contents(self) -> dict[str, bytes]:
        return {path: text.encode() for path, text in self.files.items()}


class SeededRepository(SeededFiles):
    type: Literal["model", "dataset", "space"] = "model"
    gated: Literal[False, "auto", "manual"] = False
    folder: Path | None = Field(default=None, alias="from")
    """Its files are taken too; a path that is not absolute begins at the seed's own folder."""

    def contents(self) -> dict[str, bytes]:
        return (read_folder(self.folder) if self.folder else {}) | super().contents()


class Seed(Frozen):
    users: tuple[SeededUser, ...] = ()
    organizations: tuple[SeededOrganization, ...] = ()
    repositories: tuple[SeededRepository, ...] = ()
    buckets: tuple[SeededFiles, ...] = ()
    refusals: tuple[Row, ...] | None = None
    """Rows that come before the Hub's own; see people/refusals.yaml."""

    @model_validator(mode="after")
    def check(self) -> "Seed":
        people = {DEFAULT_USER, *(user.name for user in self.users)}
        groups = [group.name for group in self.organizations]
        for group in self.organizations:
            if strangers := set(group.members) - people:
                raise ValueError(f"{min(strangers)} is a member of {group.name} and not one of the users")
        for item in (*self.repositories, *self.buckets):
            if item.id.split("/")[0] not in {*people, *groups}:
                raise ValueError(f"{item.id} belongs to nobody: name its user or organization too")
        for space in self.repositories:
            if space.type == "space" and space.folder is None and "README.md" not in space.files:
                raise ValueError(f"{space.id} is a Space without a README.md, which tells its sdk")
        secrets = [token.secret for user in self.users for token in user.user().tokens]
        names = [user.name for user in self.users]
        ids = [f"{item.type} {item.id}" for item in self.repositories]
        for told in (names + groups, ids, [bucket.id for bucket in self.buckets]):
            if twice := [each for each, times in Counter(told).items() if times > 1]:
                raise ValueError(f"{twice[0]} is there twice")
        if len(set(secrets)) < len(secrets):
            raise ValueError("two tokens are the same")
        return self


def load(path: Path) -> Seed:
    """Raises SeedError."""
    try:
        told = yaml.safe_load(path.read_bytes()) or {}
        seed = Seed.model_validate(told)
    except OSError as error:
        raise SeedError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise SeedError(f"{path}: {first_problem(error)}") from error
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # PyYAML lets many of Python's own errors through: `!!bool x` is a KeyError, 2020-99-99 a ValueError.
        raise SeedError(f"{path}: this is not YAML: {' '.join(str(error).split())}"[:500]) from error
    repositories = tuple(placed(repository, path.absolute().parent) for repository in seed.repositories)
    return seed.model_copy(update={"repositories": repositories})


def placed(repository: SeededRepository, base: Path) -> SeededRepository:
    if repository.folder is None:
        return repository
    folder = base / repository.folder
    if not folder.is_dir():
        raise SeedError(f"{repository.id}: there is no folder {folder}")
    return repository.model_copy(update={"folder": folder})


WORDS = {
    "tuple_type": "this has to be a list",
    "dict_type": "this has to be a mapping of keys to values",
    "model_type": "this has to be a mapping of keys to values",
    "string_type": "this has to be text; YAML takes a number for text in quotation marks",
    "string_pattern_mismatch": "a token has at least eight characters, each a letter, a digit or a sign of ASCII",
    "bool_type": "this has to be true or false",
    "bool_parsing": "this has to be true or false",
    "float_type": "this has to be a number",
    "float_parsing": "this has to be a number",
    "path_type": "this has to be the path of a folder",
    "missing": "this is needed",
}
"""What is wrong, by pydantic's name for it."""

CHOICE = re.compile(r"constrained-str|Seeded\w+|\w+\[.*\]")
"""Pydantic's names for one of several shapes that a value may have; nothing of a seed is called so."""


def first_problem(error: ValidationError) -> str:
    """Of a value that may have several shapes, what is wrong with the one it comes closest to."""
    problems = [(place_of(problem["loc"]), problem) for problem in error.errors()]
    where = problems[0][0]
    place, problem = max((one for one in problems if one[0][: len(where)] == where), key=lambda one: len(one[0]))
    if problem["type"] == "extra_forbidden":
        return f"{'.'.join(place[:-1]) or 'the seed'} has no key {place[-1]!r}"
    expected = problem.get("ctx", {}).get("expected")
    message = (
        f"this has to be {expected}".replace("False", "false")
        if expected
        else WORDS.get(problem["type"], problem["msg"])
    )
    message = message.removeprefix("Value error, ")
    return f"{'.'.join(place)}: {message}" if place else message


def place_of(location: tuple[int | str, ...]) -> tuple[str, ...]:
    return tuple(str(part) for part in location if isinstance(part, int) or not CHOICE.fullmatch(part))


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file below, without what begins with a dot and without what Python leaves."""
    found = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in path.parts):
            found[path.as_posix()] = file.read_bytes()
    return found


def apply(seed: Seed, hub: "Hub") -> None:
    """Bring in what this data folder has not had yet."""
    path = hub.users.path.with_name("seeded.json")
    done = list(json.loads(path.read_bytes())) if path.exists() else []
    for key, item in items(seed):
        if key not in done:
            bring(item, hub)
            done.append(key)
            durable.write_json(path, done)
    if seed.refusals is not None and "refusals" not in done:
        hub.policy.put_first(seed.refusals)
        durable.write_json(path, [*done, "refusals"])


def items(seed: Seed) -> Iterator[tuple[str, Any]]:
    """What there is to bring in, by the name it is remembered by. Any: one of the seed's four kinds of items."""
    for user in seed.users:
        yield f"user {user.name}", user
    for group in seed.organizations:
        yield f"organization {group.name}", group
    for repository in seed.repositories:
        yield f"{repository.type} {repository.id}", repository
    for bucket in seed.buckets:
        yield f"bucket {bucket.id}", bucket


def bring(item: Any, hub: "Hub") -> None:
    match item:
        case SeededUser():
            known = hub.users.named(item.name)
            kept = {"tokens": known.tokens} if known and not item.tokens else {}
            hub.users.put(item.user().model_copy(update=kept))
        case SeededOrganization():
            hub.users.put(item.organization())
        case SeededRepository():
            bring_repository(item, hub)
        case SeededFiles():
            bring_bucket(item, hub)


def bring_repository(item: SeededRepository, hub: "Hub") -> None:
    namespace, own = item.id.split("/")
    if hub.repositories.find(item.type, namespace, own):
        return
    made = hub.repositories.create(item.type, namespace, own, item.private, item.contents())
    if item.gated:
        hub.repositories.update(made, lambda fresh: fresh.model_copy(update={"gated": item.gated}))


def bring_bucket(item: SeededFiles, hub: "Hub") -> None:
    namespace, own = item.id.split("/")
    if hub.buckets.find(namespace, own):
        return
    folder = hub.buckets.folder(hub.buckets.create(namespace, own, item.private))
    for path, data in item.contents().items():
        durable.write(folder / path, data)
