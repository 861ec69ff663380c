"""What a record says of its reader: held to answers worked out by hand; the case file holds the browser to the same."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from alongside import scoring
from alongside.bank import Bank
from alongside.record import Act
from alongside.views import catalogue, plain, views

from . import records
from .conftest import ROOT
from .records import BAD, GOOD, SMALL, Maker

CASES = {case["says"]: case for case in json.loads(records.TO.read_text("utf-8"))["views"]}


def see(case):
    acts = [Act.model_validate(row) for row in case["acts"]]
    return views(SMALL, acts, date.fromisoformat(case["today"]), case["zone"])


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["says"])
def test_a_case_is_seen_as_it_says(case):
    assert plain(see(case)) == case["views"]


def test_the_order_of_acts_does_not_matter():
    case = CASES["a hundred and fifty acts at random"]
    acts = [Act.model_validate(row) for row in case["acts"]]
    random.Random(1).shuffle(acts)
    assert plain(views(SMALL, acts, date.fromisoformat(case["today"]), case["zone"])) == case["views"]


# -- by hand


def on(day):
    return f"2026-11-{day:02}T12:00"


def test_the_latest_attempt_stands_beside_its_guessing():
    make = Maker(1)
    seen = views(SMALL, [make.bad("a-best", on(1)), make.good("a-best", on(2)), make.bad("a-several", on(1))], date(2026, 11, 2))
    # best: the key earns 2 of 2, guessing (2 + 1 + 0) / 3 / 2; several: 0 of 3 (two options left blank), guessing 3/2 of 3
    assert seen.by_chapter == {"alder": scoring.Tally(Fraction(1), 2, Fraction(1))}
    assert seen.by_value == {"mutual-respect": scoring.Tally(Fraction(1), 2, Fraction(1))}
    assert {name: tally.possible for name, tally in seen.by_category.items()} == {
        "Engages peers in collaborative and caring relationships": 1,
        "Provides support": 2,
    }


def test_an_item_counts_once_in_a_category_however_many_of_its_competencies_it_asks():
    make = Maker(1)
    seen = views(SMALL, [make.good("a-rated", on(1))], date(2026, 11, 1))
    assert [tally.possible for tally in seen.by_category.values()] == [1]


def test_first_attempts_lean_apart_from_later_ones():
    make = Maker(1)
    acts = [make.bad("a-best", on(1)), make.good("a-best", on(2)), make.bad("a-best", on(3)), make.bad("b-ranked", on(1))]
    seen = views(SMALL, acts, date(2026, 11, 3))
    assert seen.first_leans == {
        "controlling": scoring.Lean(1, 1, Fraction(1, 3)),
        # c on 1, a on 2, b on 3: c stands above both that are better, b below the one that is
        "fixing": scoring.Lean(0, 1, Fraction(1, 2)),
        "persuading": scoring.Lean(1, 1, Fraction(2, 3)),
    }
    assert seen.later_leans == {"controlling": scoring.Lean(1, 2, Fraction(2, 3))}


def test_points_are_counted_anew_and_never_taken_from_the_row():
    make = Maker(1)
    seen = views(SMALL, [make.good("a-best", on(1), points=0, possible=9)], date(2026, 11, 1))
    assert seen.attempts["a-best"][0].tally.points == 1


def test_what_was_asked_otherwise_is_stale_and_counts_nowhere():
    case = CASES["stale: another print, no such item, an option or response that is not there, a part of a once scale"]
    seen = see(case)
    assert (seen.acts, seen.stale, list(seen.attempts)) == (9, 8, ["a-best"])


@pytest.mark.parametrize(
    ("says", "due", "step", "today", "following"),
    [
        ("missed, and due in two days", "2026-11-03", 0, False, "2026-11-03"),
        ("due on the day", "2026-11-03", 0, True, ""),
        ("held too early changes nothing", "2026-11-03", 0, False, "2026-11-03"),
        ("held on the day: seven days more", "2026-11-10", 1, False, "2026-11-10"),
        ("held late: twenty-one days from then", "2026-12-06", 2, False, "2026-12-06"),
        ("held three times: done", "", 3, False, ""),
        ("held after that: done still", "", 3, False, ""),
        ("missed again: from the start", "2027-01-02", 0, False, "2027-01-02"),
        ("missed at step one: back to step nothing", "2027-01-07", 0, False, "2027-01-07"),
    ],
)
def test_what_was_missed_comes_back_after_2_7_and_21_days(says, due, step, today, following):
    review = CASES[says]["views"]["review"]
    assert review["due"] == ([{"item": "a-best", "due": due, "step": step}] if due else [])
    assert review["done"] == ([] if due else ["a-best"])
    assert review["today"] == (["a-best"] if today else [])
    assert review["next"] == following


def test_three_quarters_are_not_missed():
    assert CASES["three quarters are not missed"]["views"]["attempts"]["a-rated"]["first"] == "3/4"
    assert CASES["three quarters are not missed"]["views"]["review"]["due"] == []


def test_a_day_is_the_reader_s_own():
    # missed at 23:30 UTC on the 1st: due on the 3rd, or east of Greenwich on the 4th; held at 00:30 UTC on the 4th
    seen = {
        zone: CASES[f"days are the reader's own: {zone} minutes east"]["views"] for zone in (0, 60, -60, 330, -330, 840, -720)
    }
    assert {zone: each["review"]["due"][0]["due"] for zone, each in seen.items()} == {
        0: "2026-11-11", 60: "2026-11-11", -60: "2026-11-10", 330: "2026-11-11", -330: "2026-11-10", 840: "2026-11-11", -720: "2026-11-10",
    }  # fmt: skip
    assert {zone: each["ratings"]["samhsa-II.1"]["first"]["day"] for zone, each in seen.items() if zone in (0, -330)} == {
        0: "2026-11-04", -330: "2026-11-03",
    }  # fmt: skip
    assert seen[-330]["ratings"]["samhsa-II.1"]["latest"]["day"] == "2026-11-04"
    assert seen[840]["reflections"]["alder-1"]["day"] == "2026-11-05"


def test_what_is_due_is_mixed_and_no_more_than_ten_minutes():
    review = CASES["what is due is mixed and cut at eight"]["views"]["review"]
    # four of alder, three of birch, two of cedar: the chapter with most left first, never the same one twice running
    assert review["today"] == [
        "a-best", "b-five", "a-rated", "b-marked", "a-second-best", "c-rated", "a-several", "b-ranked",
    ]  # fmt: skip
    assert len(review["due"]) == 9
    one = CASES["one chapter has more than the others can part"]["views"]["review"]["today"]
    assert one == ["a-best", "c-several", "a-rated", "a-second-best", "a-several"]
    assert CASES["the older first within a chapter, the next day that follows"]["views"]["review"] == {
        "due": [{"item": "a-rated", "due": "2026-11-02", "step": 0}, {"item": "a-best", "due": "2026-11-03", "step": 0},
                {"item": "b-five", "due": "2026-11-10", "step": 0}],
        "done": [], "today": ["a-rated", "a-best"], "next": "2026-11-10",
    }  # fmt: skip


def test_how_sure_is_counted_over_every_attempt_that_says_it():
    sure = CASES["every attempt that says how sure"]["views"]["sure"]
    assert {name: each["n"] for name, each in sure.items()} == {"1": 3, "2": 3, "3": 12}
    assert (sure["1"]["points"], sure["2"]["points"]) == ("3/1", "3/1")


def test_a_mark_may_be_taken_back_and_hours_are_those_of_chapters_that_are_there():
    finished = CASES["marks taken back, chapters that are gone, hours"]["views"]["finished"]
    assert [each["slug"] for each in finished["chapters"]] == ["alder", "cedar", "gone"]
    assert [each["slug"] for each in finished["forms"]] == ["alder"]
    assert finished["hours"] == 1.5 + 0.75


def test_a_rating_stands_beside_its_evidence_and_a_text_taken_away_is_away():
    seen = CASES["a rating stands beside the evidence; a text taken away is away"]["views"]
    assert seen["ratings"]["samhsa-I.4"]["first"] == {"step": "could-show", "day": "2026-11-01"}
    assert seen["ratings"]["samhsa-I.4"]["latest"] == {"step": "with-help", "day": "2026-11-05"}
    assert (seen["ratings"]["samhsa-I.4"]["n"], seen["ratings"]["samhsa-V.1"]["n"]) == (2, 0)
    assert list(seen["reflections"]) == ["alder-1"]


def test_the_catalogue_of_the_real_bank_scores_each_key_in_full():
    bank = Bank(ROOT / "quizzes")
    listed = catalogue(bank)
    assert json.loads(json.dumps(listed)) == listed
    assert set(listed["items"]) == set(bank.item_paths)
    for name, item in listed["items"].items():
        one, scale = bank.item(name), bank.scale_of(bank.item(name))
        key = scoring.keyed(one, scale)
        assert sum(item["options"][option]["points"].get(response, 0) for option, response in key.items()) == item["possible"]
        assert item["whole"] in (0, len(key))
        assert Fraction(item["guessing"]) * item["possible"] == scoring.guessing(one, scale)


def test_every_response_that_a_page_can_give_is_counted_and_none_is_lost():
    make, day = Maker(9), date(2026, 1, 1)
    acts = []
    for _ in range(300):
        name = make.random.choice(list(GOOD))
        day += timedelta(days=make.random.randint(0, 2))
        acts.append(make.given(name, f"{day}T12:00", make.random.choice([GOOD, BAD])[name]))
    seen = views(SMALL, acts, day)
    assert seen.stale == 0
    assert sum(len(tries) for tries in seen.attempts.values()) == 300
    assert {each.item for each in seen.due} | set(seen.done) == {
        name for name, tries in seen.attempts.items() if any(attempt.missed for attempt in tries)
    }
