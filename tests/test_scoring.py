"""What a response earns: published cases, laws, and the figures for guessing held to plain enumeration."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from fractions import Fraction
from importlib.resources import files

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside import scoring
from alongside.bank import Bank
from alongside.errors import ResponseError
from alongside.models import Item

from . import sample
from .conftest import ROOT

REAL = Bank(ROOT / "quizzes")


@pytest.mark.parametrize("case", sample.cases("scoring"), ids=lambda case: case["says"])
def test_a_case_earns_what_it_says(case):
    one = sample.item("case", case["scale"], case["options"])
    bank = sample.Sample(REAL, [one], case["award"])
    result = scoring.score(bank, bank.only, {"case": case["responses"]})
    got = result.items["case"]
    assert (got.earned, got.possible, got.guessing) == (case["earned"], case["possible"], Fraction(case["guessing"]))
    assert result.points == Fraction(case["points"])
    assert {name: [lean.shown, lean.opportunities] for name, lean in result.by_drift.items()} == case["leans"]


@pytest.mark.parametrize("case", sample.cases("refused"), ids=lambda case: case["says"])
def test_a_response_that_was_never_asked_for_is_named(case):
    bank = sample.Sample(REAL, [sample.item("case", case["scale"], case["options"])])
    with pytest.raises(ResponseError, match="case.*" + case["names"]):
        scoring.score(bank, bank.only, {"case": case["responses"]})


def test_an_item_that_was_never_asked_is_named():
    bank = sample.Sample(REAL, [sample.item("case", "several", {"a": {"key": "do"}, "b": {"key": "leave"}})])
    with pytest.raises(ResponseError, match="other"):
        scoring.score(bank, bank.only, {"other": {"a": "do"}})


@given(st.data())
def test_order_does_not_matter(data):
    bank, sitting = data.draw(sample.sittings(REAL))
    turned = {name: dict(reversed(given.items())) for name, given in reversed(sitting.items())}
    again = sample.Sample(REAL, [bank.item(name) for name in reversed(bank.only.items)], bank.only.award)
    first, second = scoring.score(bank, bank.only, sitting), scoring.score(again, again.only, turned)
    assert (first.total, dict(first.items), dict(first.by_drift)) == (second.total, dict(second.items), dict(second.by_drift))


@given(st.data())
def test_sums_are_bounded_and_a_blank_counts(data):
    bank, sitting = data.draw(sample.sittings(REAL))
    result = scoring.score(bank, bank.only, sitting)
    assert 0 <= result.points <= result.possible == len(bank.only.items)
    assert all(0 <= one.earned <= one.possible for one in result.items.values())
    assert sum(tally.possible for tally in result.by_value.values()) == result.possible
    blank = scoring.score(bank, bank.only, {})
    assert (blank.points, blank.possible, dict(blank.by_drift)) == (0, result.possible, {})


@given(st.data())
def test_the_key_earns_everything_and_leans_nowhere_that_must_name_a_drift(data):
    one = data.draw(sample.items(REAL, "one"))
    bank = sample.Sample(REAL, [one])
    scale = REAL.scales[one.scale]
    result = scoring.score(bank, bank.only, {"one": scoring.keyed(one, scale)})
    assert result.points == 1
    if all(option.key in scale.drift for name, option in one.options.items() if name in one.drifts):
        assert not any(lean.shown for lean in result.by_drift.values())


def every_way(one: Item) -> list[dict[str, str]]:
    """All complete responses to an item, each as likely as another."""
    scale = REAL.scales[one.scale]
    if scale.respond == "each":
        ways = itertools.product(scale.responses, repeat=len(one.options))
        return [dict(zip(one.options, way, strict=True)) for way in ways]
    orders = itertools.permutations(one.options, len(scale.responses))
    return [dict(zip(order, scale.responses, strict=True)) for order in orders]


@given(st.data())
@settings(max_examples=40)
def test_guessing_is_the_mean_over_every_way_to_respond(data):
    one = data.draw(sample.items(REAL, "one"))
    scale, ways = REAL.scales[one.scale], every_way(one)
    scores = [scoring.score_item(one, scale, way) for way in ways]
    assert sum(score.earned for score in scores) == scoring.guessing(one, scale) * len(ways)
    assert max(score.earned for score in scores) == scoring.possible(one, scale)
    full = sum(score.earned == score.possible for score in scores)
    assert scoring.chance_of_all(one, scale) == Fraction(full, len(ways))
    for option in one.drifts:
        shown = sum(scoring.leaned(one, scale, option, way) for way in ways)
        assert scoring.chance_of_lean(one, scale, option) == Fraction(shown, len(ways))


@pytest.mark.parametrize(("scale", "most"), [("rank-3", 0.4), ("rank-4", 0.4), ("rank-5", 0.4), ("appropriateness", 0.4)])
def test_guessing_earns_under_two_fifths_where_the_design_says_so(scale, most):
    keys = [key for key in REAL.scales[scale].keys]
    one = sample.item("one", scale, {f"o{key}": {"key": key, "drift": "fixing"} for key in keys})
    assert scoring.guessing(one, REAL.scales[scale]) / scoring.possible(one, REAL.scales[scale]) < most


def test_the_interval_table_is_scipy_s():
    table = json.loads((files("alongside") / "jeffreys.json").read_text("utf-8"))
    for n, lows in table.items():
        for x, low in enumerate(lows):
            expected = 0 if x == 0 else scipy.stats.beta.ppf(0.05, x + 0.5, int(n) - x + 0.5)
            assert low == pytest.approx(expected, abs=5.1e-4), (x, n)
    assert sorted(map(int, table)) == list(range(5, 101))


def test_an_interval_mirrors_and_goes_on_beyond_the_table():
    assert scoring.jeffreys(3, 6) == (0.209, 0.791)
    assert scoring.jeffreys(0, 5)[0] == 0
    assert scoring.jeffreys(5, 5)[1] == 1
    expected = scipy.stats.beta.ppf([0.05, 0.95], 20.5, 100.5)
    assert scoring.jeffreys(20, 120) == pytest.approx(tuple(expected), abs=5e-4)


def test_under_five_opportunities_there_is_no_figure():
    assert scoring.Lean(2, 4).band is None
    assert "too few" in str(scoring.Lean(2, 4))
    assert scoring.Lean(2, 5).band is not None


@pytest.mark.parametrize(
    ("number", "text"), [("0", "0"), ("1/20", "0.1"), ("1/21", "0"), ("19/20", "1"), ("5/2", "2.5"), ("14", "14")]
)
def test_a_number_is_shown_with_one_decimal_halves_up(number, text):
    assert scoring.shown(Fraction(number)) == text


@pytest.mark.parametrize("name", sorted(REAL.item_paths))
def test_each_real_item_is_earned_by_its_key_and_by_nothing_else_in_full(name):
    one = REAL.item(name)
    scale = REAL.scale_of(one)
    key = scoring.keyed(one, scale)
    assert scoring.score_item(one, scale, key).tally.points == 1
    assert scoring.score_item(one, scale, {}).tally.points == 0
    assert scoring.guessing(one, scale) < scoring.possible(one, scale)


def test_importing_alongside_brings_nothing_heavy():
    heavy = "sphinx", "anywidget", "pandas", "jinja2", "scipy", "IPython"
    code = f"import sys, alongside; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
