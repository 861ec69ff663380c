"""A blueprint's lines as rows over items and forms, each with its place and with what the bank has for it; solves nothing.

Each item is a column of 0 or 1 in each form (van der Linden 2005, *Linear Models for Optimal Test Design*, Springer).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ..bank import Bank
from ..models import Blueprint, Count, Item
from .programme import AssemblyError, Programme, Row

ENEMIES = ("enemies",)
ITEMS = ("items",)


@dataclass(frozen=True)
class Bound:
    """One line of a blueprint: where it stands, what it asks and what there is for it, and its rows.

    `loosened` says what the line would be with `under` and `over` taken off its ends; None where it is no line.
    """

    keys: tuple[str, ...]
    asks: str
    has: str
    rows: tuple[Row, ...]
    loosened: Callable[[int, int], str] | None


@dataclass(frozen=True)
class Content:
    """The items that serve, and the programme's columns for them."""

    blueprint: Blueprint
    items: tuple[Item, ...]

    def column(self, item: int, form: int) -> int:
        return form * len(self.items) + item

    def sums(self, counts: Sequence[int], least: float = 0, most: float = math.inf) -> tuple[Row, ...]:
        """For each form a row: its items, each counted so often."""
        given = [(item, count) for item, count in enumerate(counts) if count]
        return tuple(
            Row({self.column(item, form): count for item, count in given}, least, most) for form in range(self.blueprint.forms)
        )

    def programme(self) -> Programme:
        """A programme with a column for each item in each form, and none but those."""
        made = Programme()
        for _ in range(len(self.items) * self.blueprint.forms):
            made.column()
        return made


def content(bank: Bank, blueprint: Blueprint) -> Content:
    """The items that serve a blueprint: those of the forms that it draws on, or all; none that another has replaced."""
    every = [bank.item(name) for name in bank.item_paths]
    retired = {item.replaces for item in every}
    names = {name for form in blueprint.draws_on for name in bank.form(form).items}
    serve = [item for item in every if item.id not in retired and (item.id in names or not blueprint.draws_on)]
    if not serve:
        raise AssemblyError(f"{bank.place(blueprint)}: No item serves the blueprint {blueprint.id}. Name forms under draws_on.")
    return Content(blueprint, tuple(sorted(serve, key=lambda item: item.id)))


def bounds(of: Content) -> tuple[Bound, ...]:
    """What the blueprint asks of each form, and of any two that share nothing; drifts, which may fall short, are apart."""
    return tuple([*_content(of), *_enemies(of), *_apart(of)])


def sharing(of: Content, programme: Programme) -> Bound:
    """How many items any two forms may share; adds a column for each item and each two forms, 1 where both hold it."""
    print_ = of.blueprint
    rows = []
    for one, other in combinations(range(print_.forms), 2):
        shared = []
        for item in range(len(of.items)):
            shared.append(programme.column())
            both = {of.column(item, one): 1, of.column(item, other): 1, shared[-1]: -1}
            programme.row(Row(both, most=1))
        rows.append(Row(dict.fromkeys(shared, 1), most=print_.overlap))
    return _overlap(of, tuple(rows))


def drifts(of: Content, names: Sequence[str]) -> Iterator[Row]:
    """For each drift and form, that options show it at least so often."""
    for name in names:
        counts = [Counter(item.drifts.values())[name] for item in of.items]
        yield from of.sums(counts, least=of.blueprint.each_drift_at_least)


def _content(of: Content) -> Iterator[Bound]:
    asks = of.blueprint
    have = len(of.items)
    every = of.sums([1] * have, asks.items, asks.items)
    yield Bound(ITEMS, str(asks.items), _serve(have), every, lambda under, over: str(asks.items - under + over))
    for line, attribute in (("values", "value"), ("scales", "scale")):
        for name, count in getattr(asks, line).items():
            counts = [int(getattr(item, attribute) == name) for item in of.items]
            rows = of.sums(counts, count.least, math.inf if count.most is None else count.most)
            yield Bound((line, name), str(count), _serve(sum(counts)), rows, _looser(count))
    if most := asks.each_setting_at_most:
        settings = Counter(item.setting for item in of.items)
        of_each = [[int(item.setting == name) for item in of.items] for name in sorted(settings)]
        rows = tuple(row for counts in of_each for row in of.sums(counts, most=most))
        has = f"{len(settings)} settings, {min(settings.values())} to {max(settings.values())} items each"
        yield Bound(("each_setting_at_most",), str(most), has, rows, lambda under, over: str(most + over))


def _enemies(of: Content) -> Iterator[Bound]:
    at = {item.id: number for number, item in enumerate(of.items)}
    pairs = sorted({tuple(sorted((item.id, other))) for item in of.items for other in item.enemies if other in at})
    if pairs:
        rows = tuple(
            Row({of.column(at[one], form): 1, of.column(at[other], form): 1}, most=1)
            for one, other in pairs
            for form in range(of.blueprint.forms)
        )
        yield Bound(ENEMIES, "kept apart", f"{len(pairs)} such pair{'s' * (len(pairs) > 1)}", rows, None)


def _apart(of: Content) -> Iterator[Bound]:
    forms = range(of.blueprint.forms)
    if of.blueprint.overlap == 0 and len(forms) > 1:
        rows = (Row({of.column(item, form): 1 for form in forms}, most=1) for item in range(len(of.items)))
        yield _overlap(of, tuple(rows))


def _overlap(of: Content, rows: tuple[Row, ...]) -> Bound:
    asks = of.blueprint.overlap
    return Bound(("overlap",), str(asks), _serve(len(of.items)), rows, lambda under, over: str(asks + over))


def _looser(count: Count) -> Callable[[int, int], str]:
    return lambda under, over: str(Count(least=count.least - under, most=None if count.most is None else count.most + over))


def _serve(count: int) -> str:
    return f"{count} item{'s' * (count != 1)} serve{'s' * (count == 1)}"
