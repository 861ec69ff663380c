"""What responses earn and which way they lean: one sitting, by look-up in the scale's points table; keeps no state.

Points are whole numbers and shares exact fractions. A form sums shares and is divided once, when shown, so that every
engine agrees to the last digit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import permutations
from types import MappingProxyType

from .bank import Bank
from .errors import ResponseError
from .models import ABOVE_BETTER, Form, Item, Scale

Responses = Mapping[str, Mapping[str, str]]
"""`{item: {option: response}}`: on `best` the option chosen, on `most-least` two options, on rank scales every option."""

FEWEST = 5  # opportunities of a drift under which no figure is given


@dataclass(frozen=True)
class Tally:
    """Points beside the possible and beside what guessing earns, in items: each counts 1."""

    points: Fraction = Fraction(0)
    possible: int = 0
    guessing: Fraction = Fraction(0)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.points + other.points, self.possible + other.possible, self.guessing + other.guessing)

    def __str__(self) -> str:
        return f"{shown(self.points)} of {self.possible} · guessing earns about {shown(self.guessing)}"


@dataclass(frozen=True)
class ItemScore:
    """One item: whole points by its scale's table, and its share of the form's one point for it."""

    earned: int
    possible: int
    guessing: Fraction
    answered: bool
    tally: Tally


@dataclass(frozen=True)
class Lean:
    """How often a drift was shown, of the opportunities that were met, beside what random responding shows.

    `band` is the 90 % Jeffreys interval of shown ÷ opportunities; None under five opportunities.
    """

    shown: int = 0
    opportunities: int = 0
    guessing: Fraction = Fraction(0)

    @property
    def band(self) -> tuple[float, float] | None:
        return jeffreys(self.shown, self.opportunities) if self.opportunities >= FEWEST else None

    def __add__(self, other: Lean) -> Lean:
        return Lean(self.shown + other.shown, self.opportunities + other.opportunities, self.guessing + other.guessing)

    def __str__(self) -> str:
        if self.band is None:
            return f"too few to say ({self.opportunities})"
        low, high = in_hundred(self.shown, self.opportunities)
        return f"{self.shown} of {self.opportunities} (guessing about {shown(self.guessing)}; range {low} to {high} in 100)"


@dataclass(frozen=True)
class Result:
    """One sitting of one form."""

    total: Tally
    items: Mapping[str, ItemScore]
    by_value: Mapping[str, Tally]
    by_competency: Mapping[str, Tally]
    by_drift: Mapping[str, Lean]

    @property
    def points(self) -> Fraction:
        return self.total.points

    @property
    def possible(self) -> int:
        return self.total.possible

    @property
    def guessing(self) -> Fraction:
        return self.total.guessing

    def __repr__(self) -> str:
        return f"<Result: {self.total}>"


def score(bank: Bank, form: Form, responses: Responses) -> Result:
    """Score one sitting; a blank earns nothing and still counts.

    Raises ResponseError for an item or option that was not asked, a response off its scale, or one given twice.
    """
    items = bank.items_of(form)
    if unasked := sorted(set(responses) - {item.id for item in items}):
        raise ResponseError(f"The form {form.id} does not ask {', '.join(unasked)}.")
    scores: dict[str, ItemScore] = {}
    by_value: dict[str, Tally] = {}
    by_competency: dict[str, Tally] = {}
    by_drift: dict[str, Lean] = {}
    for item in items:
        scale = bank.scale_of(item)
        given = whole(item, scale, responses.get(item.id, {}))
        scores[item.id] = one = score_item(item, scale, given, form.award)
        by_value[item.value] = by_value.get(item.value, Tally()) + one.tally
        for name in item.standards:
            by_competency[name] = by_competency.get(name, Tally()) + one.tally
        for drift, lean in leans(item, scale, given):
            by_drift[drift] = by_drift.get(drift, Lean()) + lean
    return Result(
        total=sum((one.tally for one in scores.values()), Tally()),
        items=MappingProxyType(scores),
        by_value=MappingProxyType(by_value),
        by_competency=MappingProxyType(dict(sorted(by_competency.items()))),
        by_drift=MappingProxyType({name: by_drift[name] for name in bank.drifts if name in by_drift}),
    )


def whole(item: Item, scale: Scale, given: Mapping[str, str]) -> Mapping[str, str]:
    """The responses to one item, checked; an incomplete one on a `one` or `once` scale is a blank."""
    if not isinstance(given, Mapping):
        raise ResponseError(f"{item.id}: expected option and response pairs, and not {given!r}.")
    for option, response in given.items():
        if option not in item.options:
            raise ResponseError(f"{item.id}: there is no option “{option}”; there are {', '.join(item.options)}.")
        if response not in scale.responses:
            raise ResponseError(
                f"{item.id}, {option}: “{response}” is not on the scale {item.scale}; expected {', '.join(scale.responses)}."
            )
    if scale.respond == "each":
        return given
    twice = [name for name in scale.responses if list(given.values()).count(name) > 1]
    if twice:
        raise ResponseError(f"{item.id}: “{twice[0]}” is given to more than one option; {item.scale} takes it once.")
    return given if len(given) == len(scale.responses) else {}


def score_item(item: Item, scale: Scale, given: Mapping[str, str], award: str = "share") -> ItemScore:
    """The points of one item, from responses that `whole` has checked."""
    earned = sum(points(item, scale, option, response) for option, response in given.items())
    most = possible(item, scale)
    share = Fraction(earned, most)
    if award == "all-or-nothing":
        share = Fraction(earned == most)
    tally = Tally(share, 1, chance_of_all(item, scale) if award == "all-or-nothing" else guessing(item, scale) / most)
    return ItemScore(earned, most, guessing(item, scale), bool(given), tally)


def points(item: Item, scale: Scale, option: str, response: str) -> int:
    """What one response to one option earns."""
    return scale.points[item.options[option].key].get(response, 0)


def possible(item: Item, scale: Scale) -> int:
    """The most that can be earned on an item."""
    if scale.respond == "each":
        return sum(max(scale.points[option.key].values(), default=0) for option in item.options.values())
    return max(_assigned(item, scale))


def guessing(item: Item, scale: Scale) -> Fraction:
    """What random responding earns on average: each rating as likely, or each way of giving the responses once."""
    table = (scale.points[option.key].values() for option in item.options.values())
    ways = len(scale.responses) if scale.respond == "each" else len(item.options)
    return sum((Fraction(sum(row), ways) for row in table), Fraction(0))


def chance_of_all(item: Item, scale: Scale) -> Fraction:
    """How likely random responding is to earn everything, which all-or-nothing awards ask for."""
    if scale.respond == "each":
        rows = [list(scale.points[option.key].values()) for option in item.options.values()]
        return math.prod((Fraction(row.count(max(row)), len(scale.responses)) for row in rows), start=Fraction(1))
    ways = _assigned(item, scale)
    return Fraction(ways.count(max(ways)), len(ways))


def keyed(item: Item, scale: Scale) -> Mapping[str, str]:
    """The responses that earn everything (the first such, where several do)."""
    if scale.respond == "each":
        return {name: max(scale.responses, key=lambda response: points(item, scale, name, response)) for name in item.options}
    orders = list(permutations(item.options, len(scale.responses)))
    ways = _assigned(item, scale)
    return dict(zip(orders[ways.index(max(ways))], scale.responses, strict=True))


def leans(item: Item, scale: Scale, given: Mapping[str, str]) -> Iterable[tuple[str, Lean]]:
    """Each opportunity that the responses met: its drift, whether it was shown, and how often guessing shows it."""
    for option, drift in item.drifts.items():
        if option in given or (given and scale.respond != "each"):
            yield drift, Lean(int(leaned(item, scale, option, given)), 1, chance_of_lean(item, scale, option))


def leaned(item: Item, scale: Scale, option: str, given: Mapping[str, str]) -> bool:
    """Whether the responses show the drift of this option."""
    if scale.leans != ABOVE_BETTER:
        return given.get(option) in scale.leans
    places = list(scale.responses)
    better = (other for other in given if _place(scale, item, other) < _place(scale, item, option))
    return any(places.index(given[option]) < places.index(given[other]) for other in better)


def chance_of_lean(item: Item, scale: Scale, option: str) -> Fraction:
    """How likely random responding is to show the drift of this option."""
    if scale.leans == ABOVE_BETTER:  # all but the orders in which it stands below each of those keyed better
        return 1 - Fraction(1, _place(scale, item, option) + 1)
    ways = len(scale.responses) if scale.respond == "each" else len(item.options)
    return Fraction(len(scale.leans), ways)


def jeffreys(shown: int, of: int) -> tuple[float, float]:
    """The equal-tailed 90 % Jeffreys interval for a proportion (Brown, Cai & DasGupta 2001, section 3.1).

    Beta(x + 1/2, n - x + 1/2) quantiles at .05 and .95, to three places; 0 below when x = 0, 1 above when x = n. From
    a table up to n = 100, so that neither the page nor a notebook's start needs SciPy.
    """
    table = _jeffreys_table()
    if str(of) not in table:
        low, high = jeffreys_exact(shown, of)
        return round(low, 3), round(high, 3)
    lows = table[str(of)]
    return lows[shown], round(1 - lows[of - shown], 3)


def in_hundred(shown: int, of: int) -> tuple[int, int]:
    """The interval in whole hundredths, as it is shown."""
    lows = bands(of)[of]
    return lows[shown], 100 - lows[of - shown]


def bands(most: int) -> dict[int, list[int]]:
    """For each n from 5 to `most`, the interval's lower ends for 0 to n shown, in hundredths; an upper end mirrors one."""
    return {n: [round(100 * jeffreys(x, n)[0]) for x in range(n + 1)] for n in range(FEWEST, most + 1)}


def jeffreys_exact(shown: int, of: int) -> tuple[float, float]:
    """The same interval, computed."""
    from scipy.special import betaincinv  # slow to import, and needed only beyond the table

    low = 0.0 if shown == 0 else float(betaincinv(shown + 0.5, of - shown + 0.5, 0.05))
    high = 1.0 if shown == of else float(betaincinv(shown + 0.5, of - shown + 0.5, 0.95))
    return low, high


def shown(number: Fraction) -> str:
    """A number as it is shown: one decimal, halves up, and none where it is whole."""
    tenths = (20 * number.numerator + number.denominator) // (2 * number.denominator)
    whole_part, rest = divmod(tenths, 10)
    return f"{whole_part}.{rest}" if rest else str(whole_part)


def _place(scale: Scale, item: Item, option: str) -> int:
    return list(scale.keys).index(item.options[option].key)


def _assigned(item: Item, scale: Scale) -> list[int]:
    """What every way of giving each response to one option earns."""
    return [
        sum(points(item, scale, option, response) for option, response in zip(order, scale.responses, strict=True))
        for order in permutations(item.options, len(scale.responses))
    ]


@cache
def _jeffreys_table() -> dict[str, list[float]]:
    table: dict[str, list[float]] = json.loads((files(__package__) / "jeffreys.json").read_text("utf-8"))
    return table
