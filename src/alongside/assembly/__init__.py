"""Parallel forms from a blueprint: which items, in which form, in which order; sits and scores nothing.

A 0/1 programme, solved in turns (van der Linden 2005, *Linear Models for Optimal Test Design*, Springer: items as 0/1
columns, content as bounds on their sums, enemies, several forms at once, and a minimax of what is to be alike):

1. Every bound of the blueprint is met. Drifts that cannot be met often enough fall short by as little as can be: an option
   that is missing counts 1, a second of the same drift in the same form 2, and so on, so that no form bears it alone.
2. The largest difference between two forms in what guessing earns is made as small as it can be, in exact fractions. Where
   all forms can have as many items of each chance, they have: the difference is 0 then, item by item.
3. Of all such forms, those with the least sum of weights are taken. A weight is a hash of the seed, the form and the item, so
   that a seed gives the same forms on every machine and another seed others. Where two sets of forms weigh the same, all
   weights are drawn again.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType

from ..bank import Bank
from ..models import Blueprint, Item
from ..scoring import score_item
from . import conflict
from .bounds import Content, bounds, content, drifts, sharing
from .conflict import InfeasibleError
from .programme import AssemblyError, Programme, Row, TooLongError

__all__ = ["Assembly", "AssemblyError", "InfeasibleError", "TooLongError", "assemble"]

WEIGHTS = 20  # bits of a weight: sums stay far inside what HiGHS tells apart


@dataclass(frozen=True)
class Assembly:
    """Forms from a blueprint, as item ids in the order in which they are sat, and what there is to say about them."""

    blueprint: Blueprint
    seed: int
    forms: tuple[tuple[str, ...], ...]
    guessing: tuple[Fraction, ...]
    """What guessing earns on each form, in points: an item counts 1."""
    content: Mapping[str, Mapping[str, tuple[int, ...]]]
    """For values, scales, settings, chapters and drifts: of each, how many each form has (of drifts, options)."""
    overlap: Mapping[tuple[str, str], tuple[str, ...]]
    """For any two forms, the items that both hold."""

    @property
    def difference(self) -> Fraction:
        """The largest difference between two forms in what guessing earns, in points."""
        return max(self.guessing) - min(self.guessing)

    @property
    def short(self) -> Mapping[str, tuple[int, ...]]:
        """Drifts that some form shows less often than the blueprint asks, and how often each form does."""
        asked = self.blueprint.each_drift_at_least
        return {name: counts for name, counts in self.content["drifts"].items() if min(counts) < asked}


def assemble(bank: Bank, blueprint: Blueprint, seed: int) -> Assembly:
    """Forms that meet a blueprint, as alike as the bank allows in what guessing earns.

    Raises InfeasibleError where the bank cannot meet it, TooLongError where that is not known in time, FileError or
    UnknownError where the blueprint or an item cannot be read.
    """
    of = content(bank, blueprint)
    names = list(bank.drifts)
    chances = {item.id: score_item(item, bank.scale_of(item), {}, blueprint.award).tally.guessing for item in of.items}
    earns, unit = _whole([chances[item.id] for item in of.items])
    short, alike = 0, _alike(of, names, 0, earns)
    if alike is None:
        least = _shortfall(of, names)
        if least is None:
            raise InfeasibleError(bank, of, conflict.find(of))
        short, alike = least, _alike(of, names, least, earns)
        assert alike is not None  # what falls short so far was found in forms
    chosen = _weighed(of, names, short, alike, seed)
    forms = tuple(_ordered(items, f"{seed}/{name}") for items, name in zip(chosen, blueprint.makes, strict=True))
    guessing = tuple(sum((chances[item.id] for item in form), Fraction(0)) for form in forms)
    if max(guessing) - min(guessing) > alike.difference * unit:
        raise AssemblyError("HiGHS gave forms that differ by more in what guessing earns than it said. Take another seed.")
    return Assembly(
        blueprint,
        seed,
        tuple(tuple(item.id for item in form) for form in forms),
        guessing,
        _content(bank, forms),
        {(blueprint.makes[one], blueprint.makes[other]): _shared(forms[one], forms[other]) for one, other in _pairs(forms)},
    )


@dataclass(frozen=True)
class _Alike:
    """How forms are held to be alike in guessing: what items earn, in whole numbers, and by how much forms may differ.

    `evenly`: every form has as many items of each kind, so that nothing differs; this is quickly solved, where it can be had.
    """

    earns: Sequence[int]
    difference: int
    evenly: bool

    def hold(self, of: Content, programme: Programme) -> None:
        """Hold a programme to it."""
        if self.evenly:
            for kind in sorted(set(self.earns)):
                count = programme.column(of.blueprint.items)
                for row in of.sums([int(earns == kind) for earns in self.earns]):
                    programme.row(Row({**row.factors, count: -1}, 0, 0))
        else:
            low, high = _ends(of, programme, self.earns)
            programme.row(Row({high: 1, low: -1}, most=self.difference))


def _alike(of: Content, names: Sequence[str], short: int, earns: Sequence[int]) -> _Alike | None:
    """How alike in guessing forms can be; None where the bounds cannot be met."""
    evenly = _Alike(earns, 0, evenly=True)
    programme, _ = _bounded(of, names, short)
    evenly.hold(of, programme)
    if programme.solve() is not None:
        return evenly
    programme, _ = _bounded(of, names, short)
    low, high = _ends(of, programme, earns)
    programme.cost({high: 1, low: -1})
    found = programme.solve()
    return None if found is None else _Alike(earns, found[high] - found[low], evenly=False)


def _shortfall(of: Content, names: Sequence[str]) -> int | None:
    """By how much drifts must fall short in all; None where the other bounds cannot be met."""
    programme, slack = _bounded(of, names, None)
    programme.cost(slack)
    found = programme.solve()
    return None if found is None else sum(weight for column, weight in slack.items() if found[column])


def _weighed(of: Content, names: Sequence[str], short: int, alike: _Alike, seed: int) -> list[list[Item]]:
    """The items of each form, of all forms that are as alike: those whose weights sum to the least, which are no others."""
    columns = [(item, form) for form in range(of.blueprint.forms) for item in range(len(of.items))]
    draw = 0
    while True:
        programme, _ = _bounded(of, names, short)
        alike.hold(of, programme)
        weights = {
            of.column(item, form): _hash(f"{seed}/{draw}/{of.blueprint.makes[form]}/{of.items[item].id}") >> (256 - WEIGHTS)
            for item, form in columns
        }
        programme.cost(weights)
        found = programme.solve()
        if found is None:
            raise AssemblyError("HiGHS did not find forms again that it had found before. Take another seed.")
        chosen = [column for column in weights if found[column]]
        programme.row(Row(weights, most=sum(weights[column] for column in chosen)))
        programme.row(Row(dict.fromkeys(chosen, 1), most=len(chosen) - 1))
        if programme.solve() is None:
            forms = range(of.blueprint.forms)
            return [[each for item, each in enumerate(of.items) if found[of.column(item, form)]] for form in forms]
        draw += 1


def _bounded(of: Content, names: Sequence[str], short: int | None) -> tuple[Programme, Mapping[int, int]]:
    """A programme held to the blueprint, and what each option counts that a drift is short of: `short` in all, or any (None)."""
    programme = of.programme()
    missing: dict[int, int] = {}
    for bound in bounds(of):
        for row in bound.rows:
            programme.row(row)
    if of.blueprint.overlap and of.blueprint.forms > 1:
        for row in sharing(of, programme).rows:
            programme.row(row)
    for row in drifts(of, names):
        steps = range(of.blueprint.each_drift_at_least if short != 0 else 0)
        columns = {programme.column(): step + 1 for step in steps}
        missing |= columns
        programme.row(Row({**row.factors, **dict.fromkeys(columns, 1)}, row.least))
    if short:
        programme.row(Row(missing, most=short))
    return programme, missing


def _ends(of: Content, programme: Programme, earns: Sequence[int]) -> tuple[int, int]:
    """Columns under and over what guessing earns on every form."""
    most = sum(sorted(earns)[-of.blueprint.items :])
    low, high = programme.column(most), programme.column(most)
    for row in of.sums(earns):
        programme.row(Row({**row.factors, low: -1}, least=0))
        programme.row(Row({**row.factors, high: -1}, most=0))
    return low, high


def _whole(chances: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Chances as whole numbers of a unit, from the smallest of them on: forms of one length differ by the same in both."""
    over = [chance - min(chances) for chance in chances]
    denominator = math.lcm(*(chance.denominator for chance in over))
    numbers = [int(chance * denominator) for chance in over]
    divisor = math.gcd(*numbers) or 1
    return [number // divisor for number in numbers], Fraction(divisor, denominator)


def _ordered(items: Sequence[Item], salt: str) -> tuple[Item, ...]:
    """Items in an order drawn from the salt, with neighbours from two chapters as long as there are two to take from."""
    left = sorted(items, key=lambda item: _hash(f"{salt}/{item.id}"))
    found: list[Item] = []
    while left:
        last = found[-1].chapter if found else ""
        chapters = Counter(item.chapter for item in left)
        most = chapters.most_common(1)[0]
        full = most[0] if most[0] != last and 2 * most[1] > len(left) else None  # put off once more, two of it would meet
        takes = (item for item in left if item.chapter == full or (full is None and item.chapter != last))
        found.append(next(takes, left[0]))
        left.remove(found[-1])
    return tuple(found)


def _content(bank: Bank, forms: Sequence[Sequence[Item]]) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """For values, scales, settings, chapters and drifts, in the bank's order, how many each form has."""

    def table(names: Iterable[str], of: Callable[[Item], Iterable[str]]) -> Mapping[str, tuple[int, ...]]:
        counts = [Counter(name for item in form for name in of(item)) for form in forms]
        return MappingProxyType({name: tuple(each[name] for each in counts) for name in names})

    return MappingProxyType(
        {
            "values": table(bank.standards.values, lambda item: [item.value]),
            "scales": table(bank.scales, lambda item: [item.scale]),
            "settings": table(bank.settings, lambda item: [item.setting]),
            "chapters": table(sorted({item.chapter for form in forms for item in form}), lambda item: [item.chapter]),
            "drifts": table(bank.drifts, lambda item: item.drifts.values()),
        }
    )


def _shared(one: Sequence[Item], other: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in one if item in other)


def _pairs(forms: Sequence[object]) -> Iterable[tuple[int, int]]:
    return combinations(range(len(forms)), 2)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
