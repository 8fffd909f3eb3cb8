"""The people of this Hub: who they are, the tokens they have, and what a token that comes with a request may do."""

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from localhub import durable, refusal
from localhub.frozen import Frozen
from localhub.repositories.repository import Repository, now

Role = Literal["read", "write", "fineGrained"]

WIDER = {
    "read-repos": ("write-repos", "manage-repos"),
    "gated-repos": ("read-repos", "write-repos", "manage-repos"),
    "contribute-repos": ("manage-repos",),
    "write-repos": ("manage-repos",),
    "write-discussions": ("write-repos", "manage-repos"),
}
"""The scopes that hold another one."""

READING = ("openid", "profile", "email", "inference-api", "gated-repos")
"""What a token of the role "read" may do besides the scopes that begin with `read-`."""


class Token(Frozen):
    secret: str
    name: str = "local"
    role: Role = "write"
    scopes: tuple[str, ...] = ()
    """Of a fine-grained token, in the words of OAuth: read-repos, write-repos, manage-repos, jobs, ..."""

    created: str = "2026-01-01T00:00:00.000Z"


class Contribution(Frozen):
    """What an app has made for somebody, and may go on with (the scope contribute-repos)."""

    client: str
    namespaces: tuple[str, ...]
    """Of whoever allowed it."""

    def holds(self, repository: Repository) -> bool:
        return repository.client == self.client and repository.namespace in self.namespaces


class User(Frozen):
    name: str
    fullname: str = ""
    email: str | None = None
    pro: bool = False
    can_pay: bool = False
    credits: float = 0.0
    """US dollars that were paid in advance; Jobs need some."""

    tokens: tuple[Token, ...]
    """At least one: a user without any could never be asked for."""

    organizations: tuple[str, ...] = ()
    contribution: Contribution | None = None
    """Of a stranger for whom an app asks."""

    @property
    def plan(self) -> str:
        return "pro" if self.pro else "free"

    @property
    def address(self) -> str:
        return self.email or f"{self.name}@localhost"

    @property
    def token(self) -> str:
        """The first one, which is told to whoever started this Hub."""
        return self.tokens[0].secret

    def owns(self, namespace: str) -> bool:
        return namespace == self.name or namespace in self.organizations

    def sees(self, repository: Repository) -> bool:
        """Whether it is shown to this user also when it is private."""
        made = self.contribution is not None and self.contribution.holds(repository)
        return made or self.owns(repository.namespace)

    def reads(self, repository: Repository) -> bool:
        """Whether the files of one that is shown to this user are, too: a gated one's only for who was let in."""
        asked = repository.access.get(self.name)
        return not repository.gated or self.sees(repository) or bool(asked and asked.status == "accepted")

    def stranger(self, contribution: Contribution | None) -> "User":
        """Somebody who is signed in and owns nothing, but may see what an app has made."""
        return self.model_copy(update={"name": "", "organizations": (), "contribution": contribution})


class Organization(Frozen):
    name: str
    fullname: str = ""
    plan: Literal["free", "team"] = "free"
    can_pay: bool = False
    credits: float = 0.0
    members: dict[str, Literal["admin", "write"]]


class Credential(Frozen):
    """A token as it was presented: whose it is, and how far it goes."""

    user: User
    kind: Literal["access_token", "oauth"] = "access_token"
    role: Role = "write"
    scopes: tuple[str, ...] = ()
    expires: float | None = None
    """Seconds since 1970; None for never."""

    name: str = ""
    """Of the token, or of the app that it was handed to by OAuth."""

    created: str = ""
    client: str = ""
    """The id of the app that it was handed to by OAuth."""

    def may(self, scope: str) -> bool:
        if self.kind == "access_token" and self.role == "write":
            return True
        if self.kind == "access_token" and self.role == "read":
            return scope.startswith("read-") or scope in READING
        return any(held in self.scopes for held in (scope, *WIDER.get(scope, ())))

    def reader(self) -> User:
        """The user as far as this token lets one read what is private."""
        return self.user if self.may("read-repos") else self.user.stranger(self.contribution)

    @property
    def contribution(self) -> Contribution | None:
        if not self.client or not self.may("contribute-repos"):
            return None
        return Contribution(client=self.client, namespaces=(self.user.name, *self.user.organizations))

    def may_in(self, repository: Repository, scope: str) -> bool:
        """`scope`, for one repository: an app may do what it wants with those that it has made."""
        return self.may(scope) or (self.contribution is not None and self.contribution.holds(repository))


class OAuthTokens(Protocol):
    """Where the tokens are that were handed out by OAuth."""

    def credential(self, token: str, users: "Users") -> Credential | None: ...


class Users:
    """The people in `users.json`, which is made once, with one user and a random token, for its owner's eyes only."""

    def __init__(self, path: Path, oauth: OAuthTokens | None = None) -> None:
        self.path = path
        self.oauth = oauth
        self.people: dict[str, User] = {}
        self.organizations: dict[str, Organization] = {}
        if path.exists():
            self.read(json.loads(path.read_bytes()))
        else:
            token = Token(secret=new_secret(), created=now())
            self.put(User(name="local", fullname="Local user", pro=True, credits=10.0, tokens=(token,)))

    def read(self, kept: Any) -> None:
        """Any: the file. Before there were organizations it was a list of users, with one token each."""
        people = kept if isinstance(kept, list) else kept["users"]
        groups = [] if isinstance(kept, list) else kept["organizations"]
        self.organizations = {group["name"]: Organization.model_validate(group) for group in groups}
        self.people = {person["name"]: self.joined(User.model_validate(modern(person))) for person in people}

    def joined(self, user: User) -> User:
        names = tuple(group.name for group in self.organizations.values() if user.name in group.members)
        return user.model_copy(update={"organizations": names})

    def put(self, *new: User | Organization) -> None:
        """Add these, each in the place of the one that had its name, and keep them."""
        self.organizations |= {each.name: each for each in new if isinstance(each, Organization)}
        self.people |= {each.name: each for each in new if isinstance(each, User)}
        self.people = {name: self.joined(user) for name, user in self.people.items()}
        people = [user.model_dump(exclude={"organizations", "contribution"}) for user in self.people.values()]
        groups = [group.model_dump() for group in self.organizations.values()]
        durable.write_json(self.path, {"users": people, "organizations": groups}, mode=0o600)

    @property
    def default(self) -> User:
        return next(iter(self.people.values()))

    def named(self, name: str) -> User | None:
        return self.people.get(name)

    def organization(self, name: str) -> Organization | None:
        return self.organizations.get(name)

    def credential(self, token: str) -> Credential | None:
        """What the token stands for. Every one is compared, so that the time taken tells nothing."""
        given, found = token.encode("utf-8", "replace"), None
        for user in self.people.values():
            for known in user.tokens:
                if secrets.compare_digest(known.secret.encode(), given):
                    found = user, known
        if found:
            user, known = found
            return Credential(user=user, role=known.role, scopes=known.scopes, name=known.name, created=known.created)
        credential = self.oauth.credential(token, self) if self.oauth else None
        return credential if credential and (credential.expires or 0) > time.time() else None

    def bearing(self, token: str) -> User | None:
        credential = self.credential(token)
        return credential.user if credential else None

    def presented(self, headers: Mapping[str, str]) -> Credential | None:
        """None without a token. A token that nobody has is refused, as the Hub does."""
        token = bearer(headers.get("authorization", ""))
        if not token:
            return None
        credential = self.credential(token)
        if credential is None:
            raise refusal.sign_in()
        return credential

    def asking(self, headers: Mapping[str, str]) -> User | None:
        """The user of the token that was presented."""
        credential = self.presented(headers)
        return credential.user if credential else None

    def reading(self, headers: Mapping[str, str]) -> User | None:
        """The same as far as the token lets one read what is private."""
        credential = self.presented(headers)
        return credential.reader() if credential else None

    def visiting(self, headers: Mapping[str, str]) -> User | None:
        """The reader behind a request to a Space, whose app may use `authorization` for tokens of its own."""
        tokens = [bearer(headers.get(name, "")) for name in ("x-hf-authorization", "authorization")]
        known = (self.credential(token) for token in tokens if token)
        return next((credential.reader() for credential in known if credential), None)


def modern(record: dict[str, Any]) -> dict[str, Any]:
    """A user as it is kept now. Who had a single `token` could do everything, and still can."""
    if "token" not in record:
        return record
    kept = {key: value for key, value in record.items() if key != "token"}
    return {"pro": True, "credits": 10.0, **kept, "tokens": [{"secret": record["token"]}]}


def new_secret() -> str:
    """Begins as the Hub's tokens do, which some clients look at."""
    return "hf_local_" + secrets.token_hex(16)


def object_id(*names: str) -> str:
    """A stable id with the look of the Hub's: 24 hex digits."""
    return hashlib.sha256("/".join(names).encode()).hexdigest()[:24]


def bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
