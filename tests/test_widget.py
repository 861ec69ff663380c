"""`Quiz` as a notebook's cell sees it, without a browser."""

from __future__ import annotations

import pandas as pd
import pytest
import traitlets

from alongside import Quiz, page, scoring
from alongside.bank import Bank
from alongside.errors import UnknownError
from alongside.record import Record, RecordError

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


# -- the record


@pytest.fixture
def checks(key):
    """What the browser says when each scene was checked."""
    return [{"item": item, "responses": given, "took": 40 + n, "sure": 1 + n % 3} for n, (item, given) in enumerate(key.items())]


def open_quiz(path):
    return Quiz(FORM, bank=ROOT / "quizzes", record=path)


def test_what_is_checked_is_added_to_the_record_s_file(tmp_path, checks, bank):
    path = tmp_path / "mine.jsonl"
    quiz = open_quiz(path)
    assert len(quiz.record) == 0
    assert not path.exists()
    quiz.acts = checks[:1]
    quiz.acts = checks[:3]
    assert {act.about: dict(act.given) for act in quiz.record} == {each["item"]: each["responses"] for each in checks[:3]}
    assert {(act.form, act.points == act.possible, act.version) for act in quiz.record} == {(FORM, True, bank.course.version)}
    assert {(act.took, act.sure) for act in quiz.record} == {(40, 1), (41, 2), (42, 3)}
    assert len(Record.open(path, bank.course.iri)) == 3


def test_a_second_quiz_goes_on_with_the_same_pseudonym_and_loses_nothing(tmp_path, checks):
    path = tmp_path / "mine.jsonl"
    first, beside = open_quiz(path), open_quiz(path)
    first.acts = checks[:2]
    second = open_quiz(path)
    second.acts = checks[2:3]
    beside.acts = checks[3:4]
    assert len(first.record) == 4
    assert len({act.who for act in first.record}) == 1


def test_a_broken_file_is_refused_and_never_written_over(tmp_path, checks):
    path = tmp_path / "mine.jsonl"
    quiz = open_quiz(path)
    quiz.acts = checks[:1]
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(RecordError, match="breaks off in line 1"):
        open_quiz(path)
    with pytest.raises(RecordError, match="breaks off in line 1"):
        quiz.acts = checks[:2]
    assert path.read_bytes() == whole[:-9]
    path.write_bytes(whole)  # mended: what was checked meanwhile is not lost
    quiz.acts = checks[:3]
    assert {act.about for act in quiz.record} == {each["item"] for each in checks[:3]}
    assert [each.name for each in tmp_path.iterdir()] == ["mine.jsonl"]


def test_a_folder_that_is_not_there_is_said_before_anything_is_answered(tmp_path):
    with pytest.raises(RecordError, match="there is no folder"):
        open_quiz(tmp_path / "no" / "mine.jsonl")


def test_a_blank_is_no_act(tmp_path, bank):
    quiz = open_quiz(tmp_path / "mine.jsonl")
    ranked = next(item for item in bank.items_of(bank.form(FORM)) if bank.scale_of(item).respond == "once")
    part = dict(list(scoring.keyed(ranked, bank.scale_of(ranked)).items())[:1])
    quiz.acts = [{"item": ranked.id, "responses": part, "took": 3}]
    assert not (tmp_path / "mine.jsonl").exists()


@pytest.mark.parametrize(
    "act",
    [
        {"item": "no-such-item", "responses": {}, "took": 1},
        {"responses": {}, "took": 1},
        {"took": -1},
        {"took": 90_000},
        {"sure": 4},
        {"responses": {"no-such-option": "appropriate"}},
        {"responses": "all"},
    ],
)
def test_an_act_that_nobody_can_give_is_refused_and_changes_nothing(tmp_path, checks, act):
    quiz = open_quiz(tmp_path / "mine.jsonl")
    with pytest.raises(traitlets.TraitError, match="no act of the form"):
        quiz.acts = [act if "item" in act or len(act) > 1 else {**checks[0], **act}]
    assert quiz.acts == []
    assert not (tmp_path / "mine.jsonl").exists()


def test_a_quiz_without_a_file_keeps_no_record(quiz, checks):
    quiz.acts = checks
    assert len(quiz.record) == 0
