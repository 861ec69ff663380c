"""Which lines of a blueprint cannot be met together, and the least change that would do; assembles nothing.

Every line is given slack and the total slack is made as small as it can be: what has slack is the least change. Lines that
had slack are then held as they are, one round after another, until nothing can be met: those hold a conflict (the elastic
filter). Of these, each line without which nothing can be met either is dropped (the deletion filter), so that what is
left cannot be met together, and can without any one of them. Chinneck & Dravnieks 1991, *ORSA Journal on Computing* 3(2);
for tests, Huitzing, Veldkamp & Verschoor 2005, *Journal of Educational Measurement* 42(3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..bank import Bank
from ..errors import FileError, Problem
from .bounds import ENEMIES, Bound, Content, bounds, sharing
from .programme import AssemblyError, Programme, Row, TooLongError


@dataclass(frozen=True)
class Conflict:
    """Bounds that cannot be met together, and the lines that would do in the place of theirs; none where it is not known."""

    bounds: tuple[Bound, ...]
    change: Mapping[tuple[str, ...], str]


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
    fixed: dict[Bound, None] = {}
    change: dict[tuple[str, ...], str] = {}
    every = _bounds(of, Programme())
    try:
        while slack := _slack(of, fixed):
            change = change or {bound.keys: line for bound, line in slack.items()}
            fixed |= dict.fromkeys(slack)
    except TooLongError:
        fixed = dict.fromkeys(every)
    needed = [bound for bound in every if bound in fixed or bound.keys == ENEMIES]
    for bound in list(needed):
        without = [other for other in needed if other != bound]
        try:
            if not _can_be_met(of, without):
                needed = without
        except TooLongError:
            continue
    return Conflict(tuple(needed), change)


def _bounds(of: Content, programme: Programme) -> list[Bound]:
    """Every bound, with sharing as one line whatever it asks, so that its slack is items shared."""
    found = [bound for bound in bounds(of) if bound.keys != ("overlap",)]
    return [*found, sharing(of, programme)] if of.blueprint.forms > 1 else found


def _can_be_met(of: Content, chosen: Sequence[Bound]) -> bool:
    programme = of.programme()
    keys = {bound.keys for bound in chosen}
    for bound in _bounds(of, programme):
        for row in bound.rows if bound.keys in keys else ():
            programme.row(row)
    return programme.solve() is not None


def _slack(of: Content, fixed: Collection[Bound]) -> dict[Bound, str] | None:
    """The bounds that take slack where all but the fixed may, each with its line loosened by it; None where it is no help."""
    programme = of.programme()
    fixed_keys = {bound.keys for bound in fixed}
    ends: dict[Bound, tuple[int, int]] = {}
    for bound in _bounds(of, programme):
        if bound.loosened is None or bound.keys in fixed_keys:
            for row in bound.rows:
                programme.row(row)
            continue
        least = max(row.least for row in bound.rows)
        under = programme.column(max(0, least - (bound.keys == ("items",))), cost=1)
        over = programme.column(len(of.items) * of.blueprint.forms, cost=1)
        ends[bound] = under, over
        for row in bound.rows:
            programme.row(Row({**row.factors, under: 1, over: -1}, row.least, row.most))
    found = programme.solve()
    if found is None:
        return None
    taken = {bound: (found[under], found[over]) for bound, (under, over) in ends.items() if found[under] or found[over]}
    return {bound: bound.loosened(*slack) for bound, slack in taken.items() if bound.loosened}


def _name(bound: Bound) -> str:
    return f"“{': '.join((*bound.keys, bound.asks))}”"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
