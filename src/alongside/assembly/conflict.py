"""Which lines of a blueprint cannot be met together, and the least change that would do; assembles nothing.

Every line is given slack and the total slack is made as small as it can be: what has slack is the least change. Lines that
had slack are then held as they are, one round after another, until nothing can be met: those hold a conflict (the elastic
filter). Of these, each line without which nothing can be met either is dropped (the deletion filter), so that what is
left cannot be met together, and can without any one of them. Chinneck & Dravnieks 1991, *ORSA Journal on Computing* 3(2);
for tests, Huitzing, Veldkamp & Verschoor 2005, *Journal of Educational Measurement* 42(3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..bank import Bank
from ..errors import FileError, Problem
from .bounds import ENEMIES, ITEMS, Bound, Content, bounds, sharing
from .programme import AssemblyError, Programme, Row, TooLongError

Keys = tuple[str, ...]
"""Where a line stands in the blueprint."""


@dataclass(frozen=True)
class Conflict:
    """Bounds that cannot be met together, and the lines that would do in the place of theirs; none where it is not known."""

    bounds: tuple[Bound, ...]
    change: Mapping[Keys, str]


class InfeasibleError(AssemblyError, FileError):
    """A blueprint asks for what the bank does not have; `conflict` says what, line by line."""

    def __init__(self, bank: Bank, of: Content, conflict: Conflict) -> None:
        self.conflict = conflict
        lines = [bound for bound in conflict.bounds if bound.keys != ENEMIES]
        asked = [f"{_name(bound)} (line {bank.place(of.blueprint, *bound.keys).line}, where {bound.has})" for bound in lines]
        asked += [f"items that are enemies ({bound.has})" for bound in conflict.bounds if bound.keys == ENEMIES]
        forms = f"in {of.blueprint.forms} forms" if of.blueprint.forms > 1 else "in one form"
        what = f"{_listed(asked)} cannot be met {'together ' * (len(asked) > 1)}{forms}."
        do = "Ask for less, or write items that fill the gap."
        if conflict.change:
            would = _listed([f"“{': '.join(keys)}: {line}”" for keys, line in conflict.change.items()])
            do = f"The least change that would do is {would}. Or write items that fill the gap."
        FileError.__init__(self, [Problem(bank.place(of.blueprint, *lines[0].keys), what, do)])


def find(of: Content) -> Conflict:
    """The conflict in a blueprint that cannot be met; a line whose part in it is not known in time is taken to have one."""
    every = {bound.keys: bound for bound in _bounds(of, of.programme())}
    fixed: set[Keys] = set()
    change: Mapping[Keys, str] = {}
    try:
        while slack := _slack(of, fixed):
            change = change or slack
            fixed |= set(slack)
    except TooLongError:
        fixed = set(every)
    needed = [keys for keys in every if keys in fixed or keys in (ENEMIES, ITEMS)]  # which have no slack, or not to nothing
    for keys in tuple(needed):
        without = [other for other in needed if other != keys]
        with suppress(TooLongError):
            if not _can_be_met(of, without):
                needed = without
    return Conflict(tuple(every[keys] for keys in needed), change)


def _bounds(of: Content, programme: Programme) -> list[Bound]:
    """Every bound, with sharing as one line whatever it asks, so that its slack is items shared."""
    found = [bound for bound in bounds(of) if bound.keys != ("overlap",)]
    return [*found, sharing(of, programme)] if of.blueprint.forms > 1 else found


def _can_be_met(of: Content, chosen: Collection[Keys]) -> bool:
    programme = of.programme()
    for bound in _bounds(of, programme):
        for row in bound.rows if bound.keys in chosen else ():
            programme.row(row)
    return programme.solve() is not None


def _slack(of: Content, fixed: Collection[Keys]) -> Mapping[Keys, str]:
    """The lines that take slack where all but the fixed may, each loosened by its slack; none where that is no help."""
    programme = of.programme()
    ends: dict[Keys, tuple[int, int]] = {}
    lines: dict[Keys, Callable[[int, int], str]] = {}
    for bound in _bounds(of, programme):
        rows = bound.rows
        if bound.loosened and bound.keys not in fixed:
            lines[bound.keys] = bound.loosened
            least = max(row.least for row in rows) - (bound.keys == ITEMS)  # a form keeps one item
            ends[bound.keys] = under, over = programme.column(max(0, least)), programme.column(len(of.items) ** 2)
            rows = tuple(loose for row in rows for loose in _loose(row, under, over, bound.keys == ITEMS))
        for row in rows:
            programme.row(row)
    programme.cost({column: 1 for pair in ends.values() for column in pair})
    found = programme.solve()
    if found is None:
        return {}
    return {keys: lines[keys](found[under], found[over]) for keys, (under, over) in ends.items() if found[under] or found[over]}


def _loose(row: Row, under: int, over: int, alike: bool) -> Iterator[Row]:
    """A row with slack under and over it; `alike` where every form takes the same, as length does."""
    if alike:
        yield Row({**row.factors, under: 1, over: -1}, row.least, row.most)
    else:
        yield Row({**row.factors, under: 1}, least=row.least)
        yield Row({**row.factors, over: -1}, most=row.most)


def _name(bound: Bound) -> str:
    return f"“{': '.join((*bound.keys, bound.asks))}”"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
