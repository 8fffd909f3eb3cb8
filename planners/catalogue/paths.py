"""Typed paths: which endpoints, one after the other, lead from what is there to what is asked for.

Every figure here weighs one thing against a word of the goal: 1.0 is a rare word, covered by a choice that says it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.nouns import FILE_KINDS, Kind
from planners.catalogue.actions import Action
from planners.catalogue.entrances import entrance
from planners.catalogue.lexicon import PRODUCING, VERBS
from planners.catalogue.links import Link, Path
from planners.catalogue.offers import Offer, audio_family
from planners.catalogue.sources import Source, fits
from planners.catalogue.words import Rarity, akin, content, stem

STEP_COST = 0.65
"""What one more step must bring."""

RELEVANCE = 0.6
"""What the Hub's own score is worth at most."""

NAME_FIT = 0.4
"""What a Space's name is worth at most."""

FINDING = 0.3
"""For words or data, where the goal asks to find something out."""

OFF_SUBJECT = 1.5
"""Against a Space that asks for choices about a subject of its own, none of which the goal is about."""

WRONG_SOUND = 3.0
"""Against speech where music is asked for, and the like."""

FILE_PORT = 0.3
"""Against a hand-over through a port that does not say what it carries."""

SPOKEN = 0.3
"""From here on an offer counts as speaking of a word."""

FINDINGS: frozenset[Kind] = frozenset({"json", "text", "table", "number"})
LONGEST = 4
WIDTH = 48


class PathFinder:
    """Looks for paths through the offers of one catalogue."""

    def __init__(
        self,
        offers: Sequence[Offer],
        rarity: Rarity,
        pool: Sequence[Source] = (),
        done: Collection[tuple[str, str]] = (),
        favour: Mapping[str, float] | None = None,
    ) -> None:
        """`favour`: what speaks for offers beside the words, by key.

        `done` names endpoints that have given their result already; with any, a path may not leave the subject.
        """
        self._done = done
        self._favour = favour or {}
        self._offers = sorted(offers, key=lambda offer: offer.key)
        self._rarity = rarity
        self._pool = tuple(pool)

    def paths(self, action: Action, starts: Sequence[Source], wanted: Collection[Kind]) -> list[Path]:
        """Every path found that does what the action asks, best first."""
        beam = [path for start in starts for path in self._begin(action, start)]
        found: list[Path] = []
        for _ in range(LONGEST):
            beam = sorted(beam, key=Path.order)[:WIDTH]
            found += [path for path in beam if self._ends(action, path, wanted)]
            beam = [longer for path in beam for longer in self._extend(action, path)]
        return sorted(found, key=Path.order)

    def rivals(self, action: Action, link: Link, start: Source) -> list[Link]:
        """Other endpoints for the place of this link, best first: same input, and the same output at its number."""
        rivals: list[Path] = []
        for offer in self._offers:
            if offer.space.id == link.offer.space.id:
                continue
            for path in self._links(offer, start, link.source):
                outputs = offer.endpoint.outputs
                if link.output < len(outputs) and outputs[link.output].kind == link.kind:
                    other = replace(path, output=link.output)
                    rivals.append(Path((other,), self._score(action, (other,))))
        best = {path.last.offer.key: path for path in sorted(rivals, key=Path.order, reverse=True)}
        ranked = [path.last for path in sorted(best.values(), key=Path.order)]
        return [
            rival for rival in ranked if self._right_sound(action, rival) and self._does_as_much(action, link, rival)
        ]

    def _does_as_much(self, action: Action, link: Link, rival: Link) -> bool:
        """One that only refines must refine the same: half of what the goal says to the one says to the other."""
        if not link.refines:
            return True
        asked = [
            word
            for word, _ in self.weights(action)
            if link.offer.speaks_of(word) >= SPOKEN and word not in action.media
        ]
        met = [word for word in asked if rival.offer.speaks_of(word) >= SPOKEN]
        return 2 * len(met) >= len(asked)

    # Growing ------------------------------------------------------------------------------------------------------

    def _begin(self, action: Action, start: Source) -> Iterator[Path]:
        for offer in self._offers:
            for link in self._links(offer, start, start):
                yield Path((link,), self._score(action, (link,)))

    def _extend(self, action: Action, path: Path) -> Iterator[Path]:
        before = Source(kind=path.last.kind, many=path.last.many)
        for offer in self._offers:
            if path.uses(offer):
                continue
            for link in self._links(offer, before, None):
                links = (*path.links, link)
                yield Path(links, self._score(action, links))

    def _links(self, offer: Offer, before: Source, source: Source | None) -> Iterator[Link]:
        """Each way this endpoint can take what came before, one for each kind it gives."""
        parameter = entrance(offer, before, self._pool)
        if parameter is None:
            return
        seen: set[Kind] = set()
        for number, output in enumerate(offer.endpoint.outputs):
            if output.kind not in seen:
                seen.add(output.kind)
                yield Link(offer, parameter, source, number)

    # Weighing -----------------------------------------------------------------------------------------------------

    def _score(self, action: Action, links: Sequence[Link]) -> float:
        covered = sum(weight * self._cover(word, links) for word, weight in self.weights(action))
        makers = [link for link in links if not link.refines] or links
        relevance = sum(link.offer.space.relevance for link in makers) / len(makers)
        fit = sum(self._fit(action, link) for link in makers) / len(makers)
        favour = sum(self._favour.get(link.offer.key, 0.0) for link in links) / len(links)
        score = covered + favour + RELEVANCE * relevance + NAME_FIT * fit - STEP_COST * (len(links) - 1)
        score += STEP_COST * sum((link.offer.space.id, link.offer.endpoint.name) in self._done for link in links)
        if action.role == "examine" and links[-1].kind in FINDINGS:
            score += FINDING
        score -= sum(FILE_PORT for link in links if link.parameter and link.parameter.kind == "file")
        score -= OFF_SUBJECT * sum(self.off_subject(action, link) for link in links)
        return score - WRONG_SOUND * sum(not self._right_sound(action, link) for link in links)

    def weights(self, action: Action) -> list[tuple[str, float]]:
        """The words that choose a Space. What the thing is counts double, a telling verb once and a half."""
        weights: dict[str, float] = {}
        for word in (*action.media, *action.words):
            weights[word] = self._weight(word) * (2.0 if word in action.head else 1.0)
        if action.verb and action.verb not in PRODUCING:
            weights[stem(action.verb)] = 1.5 * self._weight(stem(action.verb))
        return list(weights.items())

    def _weight(self, word: str) -> float:
        """Rarity counts for a little more than half: in a small catalogue no word is rare."""
        return 0.4 + 0.6 * self._rarity(word)

    def _cover(self, word: str, links: Sequence[Link]) -> float:
        """A step that only refines counts by what it can be told, and half by what it says of itself."""
        best = 0.0
        for link in links:
            says = link.offer.speaks_of(word)
            full = len(links) == 1 or not link.refines or link.offer.can_be_told(word)
            best = max(best, says if full else says / 2)
        return best

    def _fit(self, action: Action, link: Link) -> float:
        """The share of the Space's name that the goal speaks of: without it, the more special of two would win."""
        name = content(link.offer.name)
        asked = {stem(action.verb), *action.words, *action.media, *(w for kind in action.makes for w in content(kind))}
        return sum(any(akin(word, other) for other in asked) for word in name) / max(len(name), 1)

    def off_subject(self, action: Action, link: Link) -> bool:
        """It makes things of its own, by its words or its choices, and the goal is not about them."""
        if link.parameter is None or link.parameter.kind != "text" or link.kind not in FILE_KINDS:
            return False
        things = link.offer.makes_things
        silent = not link.offer.endpoint.description and len(link.offer.subjects) > 1
        if not things and not silent:
            return False
        if any(head.endswith(thing) for head in action.head for thing in things):
            return False
        about = action.head or action.media
        told = any(link.offer.can_be_told(word) for word in (*action.words, *action.media))
        return not told and not any(link.offer.speaks_of(word) >= 0.6 for word in about)

    def _right_sound(self, action: Action, link: Link) -> bool:
        if link.kind != "audio":
            return True
        asked = audio_family((*action.media, *action.words, stem(action.verb)))
        return not asked or not link.offer.family or asked == link.offer.family

    # Ending -------------------------------------------------------------------------------------------------------

    def _ends(self, action: Action, path: Path, wanted: Collection[Kind]) -> bool:
        if wanted and not any(fits(path.last.kind, kind) for kind in wanted):
            return False
        if not all(self._right_sound(action, link) for link in path.links):
            return False
        if self._done and any(self.off_subject(action, link) for link in path.links):
            return False
        return not self.lacking(action, [link.offer for link in path.links], path.last.kind)

    def lacking(self, action: Action, offers: Sequence[Offer], kind: Kind) -> tuple[str, ...]:
        """Words the action stands or falls with that none of these offers speaks of; empty when it can be done."""
        verb = stem(action.verb) if action.verb else ""
        told = bool(verb) and self._said(verb, offers)
        words = [word for word in action.words if self._said(word, offers)]
        match action.role:
            case "produce" | "convert" if action.makes and kind in FILE_KINDS:
                return ()
            case "produce" if action.makes:
                named = told or any(self._said(word, offers) for word in self._telling_media(action))
                return () if named else (action.verb or "", *action.media)[:1]
            case "produce" | "convert":
                heads = action.head or action.words
                return () if any(word in words for word in heads) else heads[:1] or (action.text,)
            case "examine":
                answered = told and (not action.words or action.verb == "answer")
                return () if words or answered else action.words or (action.verb,)
            case "text":
                return () if told else (action.verb,)
        if action.makes and action.verb not in VERBS:
            return ()
        if told:
            return () if words or action.takes or not action.head else action.head
        return () if action.role == "edit" and len(words) * 2 > len(action.words) else (action.verb,)

    def _telling_media(self, action: Action) -> tuple[str, ...]:
        """Any text can be called a text: without a source, the word says nothing of what shall be in it."""
        sourced = action.takes or action.refers
        return action.media if sourced else tuple(word for word in action.media if word != "text")

    def _said(self, word: str, offers: Iterable[Offer]) -> bool:
        return any(offer.speaks_of(word) >= SPOKEN for offer in offers)
