"""The browser's sums and Python's are the same sums: on the published cases, and on generated sittings of every scale."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside import page as drawing
from alongside import scoring
from alongside.bank import Bank

from . import sample
from .conftest import ROOT

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
SCRIPT = drawing.module().replace("export ", "") + "\nwindow.enliven = enliven;"
ASK = """({html, responses, checked}) => {
  document.body.innerHTML = html;
  const root = document.querySelector("[data-al-quiz]");
  const acts = [];
  const quiz = enliven(root, {load: () => ({responses, checked}), save: () => true, act: (some) => { acts.push(...some); }});
  root.querySelectorAll("[data-al-check]").forEach((button) => { button.click(); button.click(); });
  const {points, of, leans} = quiz.result();
  return {
    points, of, leans, acts, chances: Number(root.dataset.alChances), kept: quiz.state().responses,
    total: root.querySelector("[data-al-total]")?.textContent,
    figures: Object.fromEntries([...root.querySelectorAll("[data-al-lean-of]")].map((row) => [row.dataset.alLeanOf, row.innerText])),
  };
}"""


@pytest.fixture(scope="module")
def engine(browser):
    opened = browser.new_page()
    opened.set_content("<!doctype html><body></body>")
    opened.add_script_tag(content=SCRIPT)
    yield lambda bank, sitting: opened.evaluate(
        ASK, {"html": drawing.render(bank, bank.only), "responses": sitting, "checked": []}
    )
    opened.close()


def agree(engine, bank, sitting):
    python, browser = scoring.score(bank, bank.only, sitting), engine(bank, sitting)
    assert Fraction(browser["points"], browser["of"]) == python.points
    assert [(act["item"], act["earned"], act["possible"]) for act in browser["acts"]] == [
        (name, one.earned, one.possible) for name, one in python.items.items()
    ]
    leans = {
        name: scoring.Lean(lean["shown"], lean["met"], Fraction(lean["guess"], browser["chances"]))
        for name, lean in browser["leans"].items()
    }
    assert leans == dict(python.by_drift)
    if len(python.items) > 1:
        assert browser["total"] == scoring.shown(python.points)
        for name, lean in python.by_drift.items():
            low_high = (
                f"range {' to '.join(map(str, scoring.in_hundred(lean.shown, lean.opportunities)))} in"
                if lean.band
                else "too few"
            )
            assert low_high in browser["figures"][name]
    assert browser["kept"] == sitting


@pytest.mark.parametrize("case", sample.cases("scoring"), ids=lambda case: case["says"])
def test_a_case_earns_the_same_in_the_browser(engine, case):
    bank = sample.Sample(REAL, [sample.item("case", case["scale"], case["options"])], case["award"])
    sitting = {"case": case["responses"]} if case["responses"] else {}
    got = engine(bank, sitting)
    assert Fraction(got["points"], got["of"]) == Fraction(case["points"])
    assert {name: [lean["shown"], lean["met"]] for name, lean in got["leans"].items()} == case["leans"]
    agree(engine, bank, sitting)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_python_and_the_browser_agree(engine, data):
    agree(engine, *data.draw(sample.sittings(REAL)))


def test_leans_of_many_scenes_show_the_same_interval(engine):
    rate = {"a": {"key": "appropriate"}, "b": {"key": "inappropriate", "drift": "fixing"}}
    bank = sample.Sample(REAL, [sample.item(f"item-{n}", "appropriateness", rate) for n in range(7)])
    agree(engine, bank, {f"item-{n}": {"b": "appropriate" if n < 3 else "inappropriate"} for n in range(7)})
