"""One walk through every scale and the record, in Firefox and in WebKitGTK; from a host, and from a folder."""

from __future__ import annotations

import pytest

from alongside import page as drawing
from alongside import scoring
from alongside.bank import Bank

from .. import sample
from ..conftest import ROOT, serving
from ..test_keyboard import one_item
from ..test_own import missed
from .walk import scene

pytestmark = pytest.mark.engines
REAL = Bank(ROOT / "quizzes")
SCALES = sorted(REAL.scales)
FORMS = [REAL.form(name) for name in REAL.quizzes]


def keyed(item):
    return dict(scoring.keyed(item, REAL.scale_of(item)))


def facts(row):
    """Of a row, what scoring.py says again."""
    return {name: row.get(name) for name in ("what", "form", "scale", "print", "given", "points", "possible", "sure")}


def expected(item, form, given, sure=None):
    score = scoring.score_item(item, REAL.scale_of(item), given)
    return {
        "what": f"item/{item.id}", "form": form, "scale": item.scale, "print": item.print,
        "given": given, "points": score.earned, "possible": score.possible, "sure": sure,
    }  # fmt: skip


def test_every_scale_is_answered_checked_and_kept(walk, tmp_path):
    made = [one_item(name).model_copy(update={"id": f"{name}-{way}"}) for name in SCALES for way in ("key", "miss")]
    bank = sample.Sample(REAL, made)
    host = tmp_path / "host"
    host.mkdir()
    (host / "index.html").write_text(drawing.alone(bank, bank.only), "utf-8")
    sitting = {item.id: keyed(item) if item.id.endswith("-key") else missed(item) for item in made}
    with serving(host) as address:
        walk.goto(address)
        for number, item in enumerate(made):
            ranked_by_hand = item.scale.startswith("rank") and item.id.endswith("-miss")
            walk.respond(item, sitting[item.id], by_buttons=ranked_by_hand)
            walk.sure(item, number % 3 + 1)
            assert walk.reasons(item).strip() == "", "nothing is told before Check"
        walk.reload()
        for number, item in enumerate(made):
            assert walk.given(item) == (sitting[item.id], str(number % 3 + 1)), "drafts are there after a reload"
        assert walk.rows() == [], "a draft is no act"
        for item in made:
            walk.check(item)
            score = scoring.score_item(item, REAL.scale_of(item), sitting[item.id])
            walk.says(f"{scene(item)} .al-say", f"Checked: {score.earned} of {score.possible}")
            for option in item.options:
                assert f"Because of {option}." in walk.reasons(item)
        found = walk.rows(len(made))
        assert [facts(row) for row in found] == [
            expected(item, bank.only.id, sitting[item.id], number % 3 + 1) for number, item in enumerate(made)
        ]
        assert len({row["who"] for row in found}) == 1
        result = scoring.score(bank, bank.only, sitting)
        walk.says("[data-al-total]", scoring.shown(result.points))
        lean = result.by_drift["fixing"]
        low, high = scoring.in_hundred(lean.shown, lean.opportunities)
        walk.says("[data-al-lean-of=fixing]", f"range {low} to {high} in")
        walk.reload()
        for item in made:
            assert f"Because of {item.shown[0]}." in walk.reasons(item), "reasons are there after a reload"
        walk.says("[data-al-total]", scoring.shown(result.points))
        assert walk.rows() == found
