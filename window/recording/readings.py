"""Readings that were repeated: how many of them a cassette keeps."""

from typing import Any

from window.recording.exchange import READ

PATIENCE = 3
"""How often "not yet" is kept."""

Document = dict[str, Any]


class Readings:
    """One session's exchanges in order. What was read, and when something was last written to the same place."""

    def __init__(self) -> None:
        self.kept: list[Document] = []
        self._newest: dict[str, Document] = {}
        self._read: dict[str, int] = {}
        self._written: dict[str, int] = {}

    def add(self, number: int, document: Document) -> None:
        key = repr([document.get(part) for part in ("ask", "range", "body")])
        before, ours = self._newest.get(key), self._changed(number, document, key)
        if before is not None and not ours:
            if _reads(document) and {**before, "times": 0} == {**document, "times": 0}:
                before["times"] = before.get("times", 1) + 1
                return
            if before.get("times", 1) > PATIENCE:
                # It was asked again and again until something changed, and will be until it changes here.
                before["times"] = PATIENCE
        self._newest[key] = document
        self.kept.append(document)

    def _changed(self, number: int, document: Document, key: str) -> bool:
        """Whether we ourselves wrote there since it was read last: nobody waited for that to change."""
        subject = "/".join(document["ask"].partition(" ")[2].split("/")[:7])
        if not _reads(document):
            self._written[subject] = number
        ours = self._written.get(subject, -1) > self._read.get(key, -1)
        self._read[key] = number
        return ours


def together(documents: list[Document]) -> list[Document]:
    """Readings that follow one another with the same answer, as one. Others that came between were others' doing."""
    readings = Readings()
    for number, document in enumerate(documents):
        readings.add(number, document)
    return readings.kept


def _reads(document: Document) -> bool:
    return document["ask"].partition(" ")[0] in READ
