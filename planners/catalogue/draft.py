"""From a reading of the goal and the offers of a catalogue to a plan. Computes only: the catalogue was asked before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import GoalRefused
from core.nouns import ATTACHED, EACH, FILE_KINDS, Argument, Call, From, Goal, Plan, Space, Step
from planners.catalogue.actions import Action
from planners.catalogue.filling import Filling, fill, is_seed, seed_of, takes_seeds
from planners.catalogue.goal_reading import Reading
from planners.catalogue.lexicon import KIND_NAMES
from planners.catalogue.links import Link
from planners.catalogue.offers import Offer, rarity
from planners.catalogue.paths import PathFinder
from planners.catalogue.promises import expectations
from planners.catalogue.reasons import what_is_expected, what_was_understood, why_these
from planners.catalogue.refusing import explain
from planners.catalogue.sources import Source, at, attachments
from planners.catalogue.starting import PROMPT, tiers, wanted_kinds
from planners.catalogue.wording import copy_prompt, hint_for, item_prompt, quantities_of, title_of, wording_for
from planners.catalogue.words import fold, tokens

PLANNER = "catalogue"
FALLBACKS = 2
SMALL_SEEDS = 1000
"""Seeds of several copies of one thing begin below this, so that the seeds of most endpoints can hold them."""

_NAMELESS = frozenset({"predict", "run", "infer", "lambda", "call", "process", "submit", "generate", "main", "fn"})
Items = From | tuple[Argument, ...] | None


@dataclass(frozen=True)
class Place:
    """Where a step stands in its path."""

    action: Action
    links: Sequence[Link]
    number: int
    before: Source
    """What it takes."""
    each: Items

    @property
    def link(self) -> Link:
        return self.links[self.number]

    @property
    def following(self) -> Link | None:
        return self.links[self.number + 1] if self.number + 1 < len(self.links) else None

    @property
    def hint(self) -> str:
        return hint_for(self.link, self.following)


@dataclass
class Draft:
    """A plan while it is written, one action after the other."""

    goal: Goal
    reading: Reading
    offers: Sequence[Offer]
    blocked: Sequence[tuple[Space, str]] = ()
    """Spaces that were found and cannot be used, and why."""

    done: frozenset[tuple[str, str]] = frozenset()
    """Space and endpoint of steps that have passed already: what follows from them is preferred."""

    favour: Mapping[str, float] = field(default_factory=dict)
    """For keys of offers, what speaks for them beside this goal's words."""

    _steps: list[Step] = field(default_factory=list)
    _results: list[tuple[Source, Action]] = field(default_factory=list)
    _reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rarity = rarity(self.offers)
        self._attached = attachments(self.goal)
        self._pool = list(self._attached)

    def write(self) -> Plan:
        """Raises GoalRefused, naming the part that cannot be done and what is missing."""
        self._reasons += what_was_understood(self.reading)
        self._work()
        results = [source.place for source, _ in self._delivered() if source.place]
        page = self._publish()
        return Plan(
            steps=tuple(self._steps),
            results=(*results, *page),
            planner=PLANNER,
            reasons=tuple(self._reasons),
        )

    def _work(self) -> None:
        for action in self.reading.actions:
            self._pursue(action)

    # One action ---------------------------------------------------------------------------------------------------

    def _pursue(self, action: Action) -> None:
        finder = self._finder()
        made = [source for source, _ in reversed(self._results)]
        for starts in tiers(action, made, self._attached, self.reading):
            for kinds in wanted_kinds(action, starts):
                if paths := finder.paths(action, starts, kinds):
                    self._follow(action, paths[0].links, finder)
                    return
        raise GoalRefused(explain(action, self.offers, finder, made, self.goal, self.blocked))

    def _finder(self) -> PathFinder:
        return PathFinder(self.offers, self._rarity, self._pool, self.done, self.favour)

    def _follow(self, action: Action, links: Sequence[Link], finder: PathFinder) -> None:
        before = links[0].source or PROMPT
        each = self._items(action, links, before)
        self._reasons += why_these(action, links, finder, self.goal.text)
        for number, link in enumerate(links):
            place = Place(action, links, number, before, each)
            step = self._step(place, finder)
            self._steps.append(step)
            before = Source(kind=link.kind, place=at(step.id, link.output), many=link.many)
            each = before.place if step.each is not None or (link.many and _takes_one(place.following)) else None
        self._pool.insert(0, before)
        self._results.append((before, action))

    def _items(self, action: Action, links: Sequence[Link], start: Source) -> Items:
        """What the first step of a path is spread over."""
        if start.place is None:
            return self._named_items(action, links) if not self._results else None
        if start.attached:
            alike = [source.place for source in self._attached if source.kind == start.kind]
            several = len(alike) > 1 and (
                action.plural or re.search(r"\b(?:these|those|each|every|all)\b", action.text)
            )
            return tuple(place for place in alike if place) if several else None
        return start.place if self._spread(start.place) or start.many else None

    def _named_items(self, action: Action, links: Sequence[Link]) -> Items:
        hint = hint_for(links[0], links[1] if len(links) > 1 else None)
        if self.reading.items:
            return tuple(item_prompt(action, item, hint) for item in self.reading.items)
        if self.reading.copies < 2:
            return None
        if self.reading.copies > self.goal.limits.calls:
            asked, allowed = self.reading.copies, self.goal.limits.calls
            raise GoalRefused(f"'{action.text[:80]}' would take {asked:,} calls, and the goal allows {allowed:,}")
        first = seed_of(fold(self.goal.text)) % SMALL_SEEDS
        seeds = range(first, first + self.reading.copies)
        if any(is_seed(p) and takes_seeds(p, seeds) for p in links[0].offer.endpoint.parameters):
            return tuple(seeds)
        return tuple(f"{copy_prompt(action, hint)}, number {n + 1}" for n in range(self.reading.copies))

    def _spread(self, place: From) -> bool:
        return any(step.id == place.step and step.each is not None for step in self._steps)

    # One step -----------------------------------------------------------------------------------------------------

    def _step(self, place: Place, finder: PathFinder) -> Step:
        link = place.link
        call, filling = self._call(place, link)
        last = place.following is None
        left = [q for q in quantities_of(self.reading, place.action) if q not in filling.used] if last else []
        checks = expectations(link.offer.endpoint, link.output, filling.inputs, left)
        self._reasons += [*filling.notes, *what_is_expected(link.offer.name, checks)]
        return Step(
            id=self._id(link),
            title=_title(link),
            call=call,
            each=place.each,
            checks=checks,
            fallbacks=tuple(self._call(place, rival)[0] for rival in self._rivals(place, finder)),
        )

    def _rivals(self, place: Place, finder: PathFinder) -> list[Link]:
        others = [link.offer for link in place.links if link is not place.link]
        rivals = finder.rivals(place.action, place.link, place.before)
        ending = place.links[-1].kind
        able = [rival for rival in rivals if not finder.lacking(place.action, [*others, rival.offer], ending)]
        return able[:FALLBACKS]

    def _call(self, place: Place, link: Link) -> tuple[Call, Filling]:
        """The call for this endpoint at this place; for the chosen one and for those that may stand in for it."""
        earlier = [action for _, action in self._results]
        wording = wording_for(self.reading, place.action, link, place.number == 0, earlier, place.hint)
        copies = isinstance(place.each, tuple) and all(isinstance(item, int) for item in place.each)
        entering: Argument = place.before.place
        if place.each is not None and not copies:
            entering = at(EACH)
        elif entering is None:
            entering = copy_prompt(place.action, place.hint) if copies else wording.prompt
        pool = [source for source in self._pool if not (source.attached and source.kind == place.before.kind)]
        filling = fill(link.offer.endpoint, wording, link.parameter, entering, place.before, pool)
        if copies:
            seeds = [parameter.name for parameter in link.offer.endpoint.parameters if is_seed(parameter)]
            filling.inputs |= dict.fromkeys(seeds, at(EACH))
        if isinstance(entering, str) and link.parameter is not None and not filling.refused and self.reading.denied:
            filling.inputs[link.parameter.name] = f"{entering}, without {' or '.join(self.reading.denied)}"
        arguments: dict[str, Argument] = {
            "space": link.offer.space.id,
            "revision": link.offer.space.revision,
            "endpoint": link.offer.endpoint.name,
            "inputs": filling.inputs,
        }
        return Call(tool="call_space", arguments=arguments), filling

    # The end ------------------------------------------------------------------------------------------------------

    def _delivered(self) -> list[tuple[Source, Action]]:
        """What the user asked to have: not what a later part of the goal only works on."""
        return [
            (source, action)
            for number, (source, action) in enumerate(self._results)
            if not (action.role in ("edit", "convert") and self._worked_on(source, number))
        ]

    def _worked_on(self, source: Source, number: int) -> bool:
        later = {place.step for other, _ in self._results[number + 1 :] if (place := other.place)}
        reading = [step for step in self._steps if step.id in later or step.id not in self._ends()]
        return any(source.place and source.place.step == place.step for step in reading for place in step.reads())

    def _ends(self) -> set[str]:
        return {source.place.step for source, _ in self._results if source.place}

    def _publish(self) -> list[From]:
        shown = [(source, action) for source, action in self._delivered() if source.kind in FILE_KINDS]
        if not self.reading.page:
            shown = [(source, action) for source, action in shown if source.kind == "model3d"]
        places = [source.place for source, _ in shown if source.place]
        if not places:
            if self.reading.page:
                self._reasons.append("A page was asked for, but none of the results can be looked at on one.")
            return []
        names: list[Argument] = [*self.reading.items] if len(places) == 1 and self._spread(places[0]) else []
        arguments: dict[str, Argument] = {
            "title": title_of(self.reading, [action for _, action in shown]),
            "description": " ".join(self.goal.text.split())[:300],
            "exhibits": places[0] if len(places) == 1 else list(places),
            "names": names or None,
        }
        call = Call(tool="publish_viewer", arguments=arguments)
        self._steps.append(Step(id=self._free("publish"), title="Publish a page to look at it", call=call))
        because = "the goal asks for one" if self.reading.page else "a 3D model is looked at in a viewer"
        self._reasons.append(f"The last step publishes a page: {because}.")
        return [at(self._steps[-1].id)]

    def _id(self, link: Link) -> str:
        name = "_".join(tokens(link.offer.endpoint.name))
        if not re.match(r"[a-z][a-z0-9_]*$", name) or name in _NAMELESS:
            name = "model" if link.kind == "model3d" else link.kind
        return self._free(name)

    def _free(self, name: str) -> str:
        taken = {step.id for step in self._steps} | {EACH, ATTACHED}
        number, free = 2, name
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        return free


def _takes_one(following: Link | None) -> bool:
    return following is not None and following.parameter is not None and not following.parameter.many


def _title(link: Link) -> str:
    thing = KIND_NAMES[link.kind]
    return f"{'Refine' if link.refines and link.kind in FILE_KINDS else 'Make'} {thing} with {link.offer.name}"
