"""`Quiz` as a notebook's cell sees it, without a browser."""

from __future__ import annotations

import pandas as pd
import pytest
import traitlets

from alongside import Quiz, page, scoring
from alongside.bank import Bank
from alongside.errors import UnknownError

from .conftest import ROOT

FORM = "mutual-respect"


@pytest.fixture
def quiz() -> Quiz:
    return Quiz(FORM, bank=ROOT / "quizzes")


@pytest.fixture
def key(bank: Bank) -> dict[str, dict[str, str]]:
    items = bank.items_of(bank.form(FORM))
    return {item.id: dict(scoring.keyed(item, bank.scale_of(item))) for item in items}


def test_its_repr_is_fixed(quiz):
    assert repr(quiz) == "Quiz('mutual-respect')"


def test_it_is_shown_live_and_beside_that_as_html_that_is_always_the_same(quiz):
    shown = quiz._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    again = Quiz(FORM, bank=ROOT / "quizzes")._repr_mimebundle_()
    assert data["text/html"] == (again[0] if isinstance(again, tuple) else again)["text/html"]
    assert data["text/plain"] == repr(quiz)
    assert "application/vnd.jupyter.widget-view+json" in data


def test_two_quizzes_share_no_id(quiz):
    other = Quiz(FORM, bank=ROOT / "quizzes")
    prefixes = {each.html.split(' id="', 1)[1].split("-", 1)[0] for each in (quiz, other)}
    assert len(prefixes) == 2


def test_responses_are_scored(quiz, key):
    assert (quiz.result.points, quiz.result.possible) == (0, len(key))
    quiz.responses = key
    assert quiz.result.points == len(key)
    assert str(quiz.result.total).startswith(f"{len(key)} of {len(key)} · guessing earns about")
    assert set(quiz.result.by_value) == {"mutual-respect"}
    assert sum(tally.points for tally in quiz.result.by_competency.values()) > len(key)
    assert not any(lean.shown for lean in quiz.result.by_drift.values() if lean.opportunities == 0)


def test_a_response_that_is_off_the_scale_is_refused_and_changes_nothing(quiz, key):
    quiz.responses = key
    item = next(iter(key))
    with pytest.raises(traitlets.TraitError, match=item):
        quiz.responses = {item: {"no-such-option": "appropriate"}}
    assert quiz.responses == key


def test_a_frame_is_tidy(quiz, key, bank):
    blank = quiz.frame()
    quiz.responses = key
    frame = quiz.frame()
    options = sum(len(item.options) for item in bank.items_of(bank.form(FORM)))
    assert len(frame) == len(blank) == options
    assert blank["response"].isna().all()
    assert blank["leaned"].isna().all()
    assert frame["points"].sum() == sum(one.earned for one in quiz.result.items.values())
    assert frame.dtypes["points"] == "int64"
    assert list(frame.columns) == ["form", "item", "value", "scale", "option", "response", "points", "drift", "leaned"]
    assert "key" not in frame.to_csv()
    assert isinstance(frame, pd.DataFrame)


def test_the_pin_shows_what_the_key_a_blank_and_guessing_earn_and_no_key(quiz, key):
    line = quiz.pin()
    assert line.count("\n") == 0
    assert f"{len(key)} items, {len(key)} possible; the key earns {len(key)}, a blank 0, guessing " in line
    assert not any(response in line for given in key.values() for option in given for response in (option,))


def test_an_exam_carries_no_key_to_the_browser():
    exam = Quiz(FORM, bank=ROOT / "quizzes", exam=True)
    sent = exam.html + exam._repr_mimebundle_()[0]["text/html"]
    assert "data-al-points" not in sent
    assert "Key:" not in sent


def test_links_to_the_book_are_made_where_its_address_is_known(quiz):
    assert "href" not in quiz.html
    assert (
        'href="https://example.org/book/drifts.html#' in Quiz(FORM, bank=ROOT / "quizzes", site="https://example.org/book/").html
    )


def test_an_unknown_form_says_which_there_are():
    with pytest.raises(UnknownError, match="mutual-respect"):
        Quiz("mutual-respct", bank=ROOT / "quizzes")


def test_the_module_that_jupyter_gets_is_the_page_s_own():
    assert str(Quiz._esm).startswith(page.module())
