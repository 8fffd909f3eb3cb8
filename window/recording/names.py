"""What differs from one session to the next and means nothing: each rule has a name, and all of them are here.

While a session is recorded nothing is renamed; what was heard is renamed when the cassette is written. When it is
played, only what our own side makes up anew is renamed: its sessions, boundaries, run ids and times.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from core.redact import MASK, redact

HUB = "127.0.0.1:8000"
"""The local Hub in every cassette; the real one keeps its name."""

HOME = "/recorded"
"""The folder in which the recorded session worked."""

CHECKOUT = "/checkout"
"""Where our own files are, in a traceback of a Space or a Job on this machine."""

OWN_RUN = "<run>"
RUN = re.compile(r"(?:\b|(?<=%[0-9A-F]{2}))\d{8}-\d{6}-[a-z0-9-]{1,24}-[0-9a-f]{6}\b")
TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
SECONDS = re.compile(r"\b\d+\.\d{2,} s\b")
SIGNED = re.compile(r"(__sign=)[^&\s\"'\\]+")
PLACE = re.compile(r"\b(?:127\.0\.0\.1|localhost):([1-9]\d*)\b")

SECRET_FIELDS = frozenset(
    {"token", "access_token", "accesstoken", "refresh_token", "id_token", "jwt", "password", "api_key", "apikey"}
    | {"secret", "client_secret", "hf_token", "email", "oauth_token"}
)
"""Fields of JSON, in small letters, whose text is never written down."""

SECRET_GROUPS = frozenset({"secrets"})
"""Fields of JSON of which nothing below is written down."""

Json = Any
"""A JSON value, whose shape only the two ends of the exchange know."""


class Heard(NamedTuple):
    """One exchange as far as the rules have to know it."""

    method: str
    url: str
    asked: str
    """The request's body where it is text."""
    told: str


class Names:
    """The names that this session's own words have in the cassette."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})
        self._joined: Counter[str] = Counter()
        self._pattern = _pattern(self._known)
        self._run = ""

    @classmethod
    def of(cls, heard: Iterable[Heard], known: Mapping[str, str]) -> "Names":
        """From a whole session, in order. `known` names the Hub, the folder and the tokens."""
        exchanges = list(heard)
        names = cls({**_places(exchanges), **known})
        for exchange in exchanges:
            names.learn(exchange.method, exchange.url, exchange.asked)
            names.learn_event(exchange)
        return names

    def learn(self, method: str, url: str, asked: str) -> None:
        """Rules *run* and *session*: a session is named by what it was opened for, and by how often that was asked.

        The run is the first one of which a request speaks; an answer that speaks of it is renamed, too.
        """
        if not self._run and (found := RUN.search(url) or RUN.search(asked)):
            self._run = found[0]
            self._add(found[0], OWN_RUN)
        if method != "POST" or not urlsplit(url).path.endswith("/queue/join"):
            return
        try:
            body = json.loads(asked)
            session = body.pop("session_hash")
        except (ValueError, KeyError, AttributeError, TypeError):
            return
        if isinstance(session, str) and session and session not in self._known:
            purpose = self.text(f"{url} {json.dumps(body, sort_keys=True)}")
            self._joined[purpose] += 1
            self._add(session, _hex(f"session {self._joined[purpose]} {purpose}"))

    def learn_event(self, exchange: Heard) -> None:
        """Rule *event*: a call's id is named after its session; played again, it comes from the cassette."""
        try:
            event = json.loads(exchange.told)["event_id"]
        except (ValueError, KeyError, TypeError):
            return
        if isinstance(event, str) and event and event not in self._known:
            self._add(event, _hex(f"event {self.text(exchange.url + exchange.asked)}"))

    def text(self, text: str) -> str:
        """Rules *place*, *folder*, *session*, *event*, *signature*, and secrets by their look."""
        renamed = self._pattern.sub(lambda found: self._known[found[0]], text) if self._known else text
        return SIGNED.sub(rf"\1{MASK}", redact(renamed))

    def data(self, data: bytes) -> bytes:
        """Bytes that are no text stay as they are, but for a token that stands in them."""
        for word, name in self._known.items():
            if name == MASK:
                data = data.replace(word.encode(), b"*" * len(word))
        return data

    def asked(self, text: str) -> str:
        """What our side says: also the rules *run*, *time* and *seconds*, for no request depends on the clock."""
        return SECONDS.sub("<seconds>", TIME.sub("<time>", RUN.sub(OWN_RUN, self.text(text))))

    def told(self, data: bytes) -> bytes:
        """Rule *run*, the other way round: what a played answer says of the run, it says of this one."""
        return data.replace(OWN_RUN.encode(), self._run.encode()) if self._run else data

    def _add(self, word: str, name: str) -> None:
        self._known[word] = name
        self._pattern = _pattern(self._known)


def without_secrets(value: Json) -> Json:
    """The JSON value without what its fields call a secret."""
    match value:
        case dict():
            return {name: _field(name, part) for name, part in value.items()}
        case list():
            return [without_secrets(part) for part in value]
        case _:
            return value


def _field(name: str, value: Json) -> Json:
    low = name.lower()
    if low in SECRET_GROUPS and value:
        return MASK if not isinstance(value, dict | list) else [MASK for _ in value]
    if low in SECRET_FIELDS and isinstance(value, str) and value and " " not in value:
        return MASK
    return without_secrets(value)


def _places(exchanges: list[Heard]) -> dict[str, str]:
    """Rule *place*: a Space on this machine is named by its id; whoever else answers here, by the order of asking."""
    places: dict[str, str] = {}
    for exchange in exchanges:
        for id, domain in _domains(exchange.told):
            for host in _both(domain):
                places[host] = f"127.0.0.1:{20000 + crc32(id.encode()) % 10000}"
    others = 0
    for exchange in exchanges:
        found = PLACE.search(exchange.url)
        if found and found[0] not in places:
            others += 1
            for host in _both(found[0]):
                places[host] = f"127.0.0.1:{9000 + others}"
    return places


def _domains(told: str) -> Iterator[tuple[str, str]]:
    """Every Space that the text describes, with its place on this machine."""
    if '"domain"' not in told:
        return
    try:
        value = json.loads(told)
    except ValueError:
        return
    for space in value if isinstance(value, list) else [value]:
        runtime = space.get("runtime") if isinstance(space, dict) else None
        domains = runtime.get("domains") if isinstance(runtime, dict) else None
        for entry in domains if isinstance(domains, list) else ():
            if isinstance(entry, dict) and PLACE.fullmatch(str(entry.get("domain"))):
                yield str(space.get("id")), str(entry["domain"])


def _both(place: str) -> tuple[str, str]:
    port = place.rpartition(":")[2]
    return f"127.0.0.1:{port}", f"localhost:{port}"


def _pattern(known: Mapping[str, str]) -> re.Pattern[str]:
    words = sorted(known, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})(?![0-9])")


def _hex(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
