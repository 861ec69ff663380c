"""What is read out of a record: where its reader stands, which way they lean, what comes back; keeps and changes nothing.

`catalogue` is what a page needs of the bank to compute the same views; tests/cases/records.json holds both to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from . import scoring
from .bank import Bank
from .errors import ResponseError
from .models import ABOVE_BETTER, Item, Scale
from .record import Act
from .scoring import FEWEST, Lean, Tally

MISSED = Fraction(3, 4)  # a share under this is missed, and the item comes back
AFTER = (2, 7, 21)  # days until it does, the first time, the second and the third
MINUTES = 10  # what is due at once fits into so many


@dataclass(frozen=True)
class Attempt:
    """One response to a scene, scored anew by the bank's own table."""

    item: Item
    at: str
    day: date
    sure: int | None
    tally: Tally
    leans: tuple[tuple[str, Lean], ...]

    @property
    def missed(self) -> bool:
        return self.tally.points < MISSED


@dataclass(frozen=True)
class Due:
    """An item on its way back, and how often it was held since it was missed."""

    day: date
    item: str
    step: int


@dataclass(frozen=True)
class Mark:
    """What a reader marked last, and on which day."""

    name: str
    day: date


@dataclass(frozen=True)
class Rating:
    """How a reader rated themselves on a standard, and beside it, never added, what their latest responses earned."""

    first: Mark
    latest: Mark
    evidence: Tally


class Views:
    """What a record says on one day, in one time zone."""

    def __init__(self, bank: Bank, acts: Iterable[Act], today: date, zone: int = 0) -> None:
        self.today = today
        self._bank, self._zone = bank, timedelta(minutes=zone)
        self._acts = sorted(acts, key=lambda act: (act.at, act.id))
        self._scored: dict[tuple[str, frozenset[tuple[str, str]]], tuple[Tally, tuple[tuple[str, Lean], ...]]] = {}
        self.acts = len(self._acts)
        self.stale = 0
        self.attempts: dict[str, list[Attempt]] = {}
        for act in self._acts:
            if act.given is None:
                continue
            if attempt := self._attempt(act, act.given):
                self.attempts.setdefault(act.about, []).append(attempt)
            else:
                self.stale += 1

    # -- where I stand

    @cached_property
    def by_value(self) -> dict[str, Tally]:
        return self._stand(lambda item: (item.value,))

    @cached_property
    def by_category(self) -> dict[str, Tally]:
        return self._stand(lambda item: categories(self._bank, item))

    @cached_property
    def by_chapter(self) -> dict[str, Tally]:
        return self._stand(lambda item: (item.chapter,))

    # -- which way I lean, how sure I was

    @cached_property
    def first_leans(self) -> dict[str, Lean]:
        return self._leans(tries[:1] for tries in self.attempts.values())

    @cached_property
    def later_leans(self) -> dict[str, Lean]:
        return self._leans(tries[1:] for tries in self.attempts.values())

    @cached_property
    def by_sure(self) -> dict[int, Tally]:
        found = {1: Tally(), 2: Tally(), 3: Tally()}
        for attempt in (each for tries in self.attempts.values() for each in tries):
            if attempt.sure:
                found[attempt.sure] += attempt.tally
        return found

    # -- what comes back

    @cached_property
    def due(self) -> list[Due]:
        """The items on their way back, by day."""
        found = (_schedule(tries) for tries in self.attempts.values())
        return sorted((each for each in found if each and each.step < len(AFTER)), key=lambda each: (each.day, each.item))

    @cached_property
    def done(self) -> list[str]:
        """The items that were missed once and held three times since."""
        found = (_schedule(tries) for tries in self.attempts.values())
        return sorted(each.item for each in found if each and each.step == len(AFTER))

    @cached_property
    def due_today(self) -> list[str]:
        """What is due, no more than fits ten minutes, with neighbours from different chapters where that can be."""
        waiting: dict[str, list[str]] = {}
        for each in self.due:
            if each.day <= self.today:
                waiting.setdefault(self.attempts[each.item][0].item.chapter, []).append(each.item)
        taken: list[str] = []
        last = ""
        while waiting and len(taken) < at_once(self._bank):
            others = [chapter for chapter in waiting if chapter != last] or [last]
            last = min(others, key=lambda chapter: (-len(waiting[chapter]), chapter))
            taken.append(waiting[last].pop(0))
            if not waiting[last]:
                del waiting[last]
        return taken

    @cached_property
    def next_day(self) -> date | None:
        """The day after today on which something comes back."""
        return min((each.day for each in self.due if each.day > self.today), default=None)

    # -- what I marked and wrote

    @cached_property
    def chapters(self) -> list[Mark]:
        return self._finished("chapter")

    @cached_property
    def forms(self) -> list[Mark]:
        return self._finished("form")

    @cached_property
    def hours(self) -> float:
        """The hours of the chapters that are finished."""
        done = {mark.name for mark in self.chapters}
        return sum((self._bank.chapter(name).hours for name in self._bank.chapter_paths if name in done), 0.0)

    @cached_property
    def ratings(self) -> dict[str, Rating]:
        steps: dict[str, list[Mark]] = {}
        for act in self._acts:
            if act.step is not None:
                steps.setdefault(act.about, []).append(Mark(act.step, self._day(act)))
        evidence = self._stand(lambda item: item.standards)
        return {name: Rating(marks[0], marks[-1], evidence.get(name, Tally())) for name, marks in sorted(steps.items())}

    @cached_property
    def reflections(self) -> dict[str, Mark]:
        """Each reflection's latest text, where it is not empty."""
        latest = {act.about: Mark(act.text, self._day(act)) for act in self._acts if act.text is not None}
        return {name: latest[name] for name in sorted(latest) if latest[name].name}

    # -- how

    def _attempt(self, act: Act, given: Mapping[str, str]) -> Attempt | None:
        """None where the item is not the one that was asked, or its responses do not fit it."""
        if act.about not in self._bank.item_paths:
            return None
        item = self._bank.item(act.about)
        if item.print != act.print:
            return None
        key = (item.id, frozenset(given.items()))
        if key not in self._scored:
            scale = self._bank.scale_of(item)
            try:
                whole = scoring.whole(item, scale, given)
            except ResponseError:
                return None
            if not whole:
                return None
            self._scored[key] = scoring.score_item(item, scale, whole).tally, tuple(scoring.leans(item, scale, whole))
        return Attempt(item, act.at, self._day(act), act.sure, *self._scored[key])

    def _day(self, act: Act) -> date:
        return (datetime.fromisoformat(act.at[:19]) + self._zone).date()

    def _stand(self, of: Callable[[Item], Iterable[str]]) -> dict[str, Tally]:
        """The latest attempts, added up by what each item is of."""
        found: dict[str, Tally] = {}
        for tries in self.attempts.values():
            for name in of(tries[-1].item):
                found[name] = found.get(name, Tally()) + tries[-1].tally
        return dict(sorted(found.items()))

    def _leans(self, groups: Iterable[list[Attempt]]) -> dict[str, Lean]:
        found: dict[str, Lean] = {}
        for drift, lean in (pair for tries in groups for attempt in tries for pair in attempt.leans):
            found[drift] = found.get(drift, Lean()) + lean
        return {name: found[name] for name in self._bank.drifts if name in found}

    def _finished(self, kind: str) -> list[Mark]:
        latest = {act.about: (act.done, self._day(act)) for act in self._acts if act.kind == kind}
        return [Mark(name, day) for name, (done, day) in sorted(latest.items()) if done]


def views(bank: Bank, acts: Iterable[Act], today: date, zone: int = 0) -> Views:
    """What acts say on the day `today` of a reader who is `zone` minutes east of UTC."""
    return Views(bank, acts, today, zone)


def categories(bank: Bank, item: Item) -> tuple[str, ...]:
    """The SAMHSA categories that an item asks of, each once."""
    statements = bank.standards.statements
    under = (statements[name].under for name in item.standards if name.startswith("samhsa-") and name in statements)
    return tuple(dict.fromkeys(under))


def at_once(bank: Bank) -> int:
    """How many scenes fit ten minutes."""
    return max(1, MINUTES * 60 // bank.course.seconds_a_scene)


def catalogue(bank: Bank) -> dict[str, Any]:
    """What a page needs of the bank to compute the views, as plain JSON.

    `base` and `version` of the course · `fewest`: n under which no figure is shown · `at_once`: scenes that fit ten
    minutes · `values` and `drifts`: {name: title} · `chapters`: {name: {title, hours}} · `items`: {name: {print, scale,
    value, chapter, standards, categories, kind (one, once or each), responses, whole (how many pairs a whole response
    has, 0 for any number), possible, guessing (of its share, "n/d"), options: {name: {points: {response: n}, drift and
    chance ("n/d") where it names a drift, leans (responses that show it) or, on above-better scales, place}}}}.
    """
    course = bank.course
    chapters = {name: bank.chapter(name) for name in bank.chapter_paths}
    return {
        "base": course.iri,
        "version": course.version,
        "fewest": FEWEST,
        "at_once": at_once(bank),
        "values": {name: value.title for name, value in bank.standards.values.items()},
        "drifts": {name: drift.title for name, drift in bank.drifts.items()},
        "chapters": {name: {"title": chapter.title, "hours": chapter.hours} for name, chapter in chapters.items()},
        "items": {name: _listed(bank, bank.item(name)) for name in bank.item_paths},
    }


def plain(seen: Views) -> dict[str, Any]:
    """The views as plain JSON, in the shape that a page computes: exact fractions are "n/d", days YYYY-MM-DD."""

    def stand(found: Mapping[Any, Tally]) -> dict[str, Any]:
        return {str(name): _tally(tally) for name, tally in found.items()}

    def lean(found: Mapping[str, Lean]) -> dict[str, Any]:
        return {
            name: {"shown": each.shown, "met": each.opportunities, "guess": _exact(each.guessing)} for name, each in found.items()
        }

    def marks(found: Iterable[Mark]) -> list[dict[str, str]]:
        return [{"slug": mark.name, "day": mark.day.isoformat()} for mark in found]

    return {
        "acts": seen.acts,
        "stale": seen.stale,
        "attempts": {
            name: {"n": len(tries), "first": _exact(tries[0].tally.points), "latest": _exact(tries[-1].tally.points)}
            for name, tries in seen.attempts.items()
        },
        "stand": {"value": stand(seen.by_value), "category": stand(seen.by_category), "chapter": stand(seen.by_chapter)},
        "lean": {"first": lean(seen.first_leans), "later": lean(seen.later_leans)},
        "sure": {str(sure): {"n": each.possible, "points": _exact(each.points)} for sure, each in seen.by_sure.items()},
        "review": {
            "due": [{"item": each.item, "due": each.day.isoformat(), "step": each.step} for each in seen.due],
            "done": seen.done,
            "today": seen.due_today,
            "next": seen.next_day.isoformat() if seen.next_day else "",
        },
        "finished": {"chapters": marks(seen.chapters), "forms": marks(seen.forms), "hours": seen.hours},
        "ratings": {
            name: {
                "first": {"step": rating.first.name, "day": rating.first.day.isoformat()},
                "latest": {"step": rating.latest.name, "day": rating.latest.day.isoformat()},
                **_tally(rating.evidence),
            }
            for name, rating in seen.ratings.items()
        },
        "reflections": {name: {"text": mark.name, "day": mark.day.isoformat()} for name, mark in seen.reflections.items()},
    }


def _schedule(tries: list[Attempt]) -> Due | None:
    """Where an item stands on its way back; None where it was never missed, step 3 where it is done."""
    due: Due | None = None
    for attempt in tries:
        if attempt.missed:
            due = Due(attempt.day + timedelta(days=AFTER[0]), attempt.item.id, 0)
        elif due and due.step < len(AFTER) and attempt.day >= due.day:
            step = due.step + 1
            wait = AFTER[step] if step < len(AFTER) else 0
            due = Due(attempt.day + timedelta(days=wait), attempt.item.id, step)
    return due


def _listed(bank: Bank, item: Item) -> dict[str, Any]:
    scale = bank.scale_of(item)
    return {
        "print": item.print,
        "scale": item.scale,
        "value": item.value,
        "chapter": item.chapter,
        "standards": list(item.standards),
        "categories": list(categories(bank, item)),
        "kind": scale.respond,
        "responses": list(scale.responses),
        "whole": 0 if scale.respond == "each" else len(scale.responses),
        "possible": scoring.possible(item, scale),
        "guessing": _exact(scoring.guessing(item, scale) / scoring.possible(item, scale)),
        "options": {name: _option(item, scale, name) for name in item.options},
    }


def _option(item: Item, scale: Scale, name: str) -> dict[str, Any]:
    worth = ((response, scoring.points(item, scale, name, response)) for response in scale.responses)
    listed: dict[str, Any] = {"points": {response: points for response, points in worth if points}}
    if name in item.drifts:
        listed |= {"drift": item.drifts[name], "chance": _exact(scoring.chance_of_lean(item, scale, name))}
    if scale.leans == ABOVE_BETTER:
        listed["place"] = list(scale.keys).index(item.options[name].key)
    elif name in item.drifts:
        listed["leans"] = list(scale.leans)
    return listed


def _tally(tally: Tally) -> dict[str, Any]:
    return {"n": tally.possible, "points": _exact(tally.points), "guessing": _exact(tally.guessing)}


def _exact(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"
