"""vcrpy's cassette with what a whole session needs: matching by form, safe among threads, and what was missed."""

import difflib
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from core.errors import Failure
from window.recording.exchange import BROKE, GIVEN_UP, READ, Asked, Told, asked, body_told
from window.recording.job_readings import is_of_job
from window.recording.names import Names
from window.recording.shelf import Shelf

LONGEST_DIFFERENCE = 60
"""Lines of a difference that are shown."""


class NotRecorded(Failure):
    """The session asked for something that the cassette does not have."""


class Tape(Cassette):  # type: ignore[misc]  # vcrpy has no types
    """Plays identical requests in the order in which they were answered, whoever asks first."""

    def __init__(self, path: str, **options: Any) -> None:
        self._lock = threading.RLock()
        self._at: dict[str, list[int]] = defaultdict(list)
        self._names: Names = options.pop("names", None) or Names()
        self.missed: list[str] = []
        """What was asked for and is not there, with the difference to what is nearest."""
        super().__init__(path, **options)

    def append(self, request: Any, response: Told) -> None:
        """Unlike vcrpy's, it copies nothing: repeated readings share one answer, which `left` relies on."""
        with self._lock:
            one = self.filter_request(request)
            if isinstance(one, Asked):
                self._at[one.key].append(len(self.data))
            self.data.append((one, response))
            self.dirty = True

    def can_play_response_for(self, request: Any) -> bool:
        if self.record_mode == RecordMode.ALL:
            return False
        with self._lock:
            one = self.filter_request(request)
            if self._next(one) is None:
                self.missed.append(self._difference(one))
                raise NotRecorded(f"the cassette has no answer (left) to {one.line}; record the session anew")
        return True

    def play_response(self, request: Any) -> Told:
        with self._lock:
            one = self.filter_request(request)
            place = self._next(one)
            if place is None:
                self.missed.append(self._difference(one))
                raise NotRecorded(f"the cassette has no answer left to {one.line}; record the session anew")
            self.play_counts[place] += 1
            response: Told = self.data[place][1]
            body = self._names.told(body_told(response))
            return {**response, "body": {"string": body}}

    def left(self) -> list[str]:
        """What was recorded and never asked for.

        A reading that was repeated, with the same answer each time, has to be asked for once; what our own side gave
        up waiting for, need not be asked for at all.
        """
        played = {id(self.data[place][1]) for place, count in self.play_counts.items() if count}
        unplayed = [entry for place, entry in enumerate(self.data) if not self.play_counts[place]]
        return [
            one.line
            for one, told in unplayed
            if not (one.method in READ and id(told) in played) and told["headers"].get(BROKE) != [GIVEN_UP]
        ]

    def _responses(self, request: Any) -> Iterator[tuple[int, Told]]:
        for place in self._at.get(self.filter_request(request).key, ()):
            yield place, self.data[place][1]

    def _next(self, one: Asked) -> int | None:
        places = self._at.get(one.key, ())
        unplayed = next((place for place in places if not self.play_counts[place]), None)
        if unplayed is None and places and is_of_job(one.method, one.uri):
            return places[-1]
        return unplayed

    def _difference(self, one: Asked) -> str:
        """The request beside the recorded one that is nearest to it, line by line."""
        ours = shown(one)
        if one.key in self._at:
            return f"{one.line}\nwas recorded {len(self._at[one.key])} times and asked for once more"
        near = self._nearest(one, ours)
        if near is None:
            return f"{ours}\nwas never recorded, nor anything like it"
        lines = list(
            difflib.unified_diff(shown(near).splitlines(), ours.splitlines(), "recorded", "asked", lineterm="")
        )
        more = len(lines) - LONGEST_DIFFERENCE
        return "\n".join(lines[:LONGEST_DIFFERENCE] + ([f"… and {more} more lines"] if more > 0 else []))

    def _nearest(self, one: Asked, ours: str) -> Asked | None:
        """Among those of the same method; one that has not been played is nearer than one that has."""
        others = {other.key: other for other, _ in self.data if other.method == one.method}
        start = [other for other in others.values() if _path(other) == _path(one)] or list(others.values())

        def likeness(other: Asked) -> tuple[float, bool]:
            text = shown(other)
            ratio = difflib.SequenceMatcher(None, text[:20_000].splitlines(), ours[:20_000].splitlines()).ratio()
            return ratio, self._next(other) is not None

        return max(start, key=likeness, default=None)


def shown(one: Asked) -> str:
    """A request for people: one word a line would be too many, one request a line too few."""
    form = yaml.safe_dump(one.form, sort_keys=True, allow_unicode=True, width=100) if one.form else ""
    return f"{one.line}\n{form}".rstrip()


def recording(path: Path) -> Any:
    """vcrpy's context that puts every exchange on a new tape; nothing is written before `Tape.keep`."""
    return Tape.use(path=str(path), record_mode=RecordMode.ALL, persister=_Nothing())


def keep(tape: Tape, path: Path, names: Names, header: dict[str, Any]) -> None:
    """Write the tape down, in the names of the cassette."""
    requests, responses = [list(part) for part in zip(*tape.data, strict=True)] if tape.data else ([], [])
    Shelf(names).save_cassette(str(path), {"requests": requests, "responses": responses, "metadata": header}, None)


def playing(path: Path) -> Any:
    """vcrpy's context that answers from the cassette and from nowhere else."""
    names = Names()
    return Tape.use(
        path=str(path),
        names=names,
        record_mode=RecordMode.NONE,
        persister=Shelf(),
        before_record_request=lambda request: asked(request, names),
    )


class _Nothing:
    """A persister for a tape that is not written down yet: its names are known only when the session is over."""

    def load_cassette(self, path: str, serializer: object) -> None:
        from vcr.persisters.filesystem import CassetteNotFoundError

        raise CassetteNotFoundError

    def save_cassette(self, path: str, cassette: dict[str, Any], serializer: object) -> None:
        return


def _path(one: Asked) -> str:
    return str(one.uri).partition("?")[0]
