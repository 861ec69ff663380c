"""A record in a notebook: what is shown, that nothing of a file is shown as HTML, and the frame behind it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from alongside import MyRecord, example
from alongside.bank import Bank
from alongside.errors import AlongsideError
from alongside.record import Record

from .conftest import ROOT
from .records import Maker

REAL = Bank(ROOT / "quizzes")
PICTURES = ["stand", "leans", "sure", "ratings", "due", "reflections"]


@pytest.fixture(scope="module")
def mine():
    return MyRecord(ROOT / "notebooks" / "example-record.jsonl", today="2026-11-16", zone=0, bank=ROOT / "quizzes")


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_says_in_words_what_it_draws(mine, name):
    picture = getattr(mine, name)()
    html = picture._repr_html_()
    ET.fromstring(f"<div>{html}</div>")  # whole, as a page needs it
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert picture.rows
    for cell in (cell for row in picture.rows for cell in row):
        assert " ".join(cell.split()) in words.replace("&#x27;", "'").replace("&quot;", '"')
    assert picture.title in repr(picture)


def test_under_five_scenes_there_is_no_figure_and_no_bar(mine):
    few = [row for row in mine.stand("category").rows if row[1].startswith("too few")]
    assert few
    html = mine.stand("category")._repr_html_()
    assert html.count("<svg") == len(mine.stand("category").rows) - len(few)


def test_the_frame_is_one_row_a_response(mine):
    frame = mine.frame()
    assert len(frame) == sum(act.kind == "item" for act in mine.record)
    assert list(frame.columns) == ["at", "item", "chapter", "value", "scale", "sure", "attempt", "points", "guessing"]
    assert frame["points"].between(0, 1).all()
    assert frame["at"].is_monotonic_increasing
    latest = frame.sort_values("attempt").groupby("item").last().groupby("chapter")["points"].sum()
    for name, tally in mine.views.by_chapter.items():
        assert latest[name] == pytest.approx(float(tally.points))


def test_nothing_in_a_file_is_shown_as_html(tmp_path):
    make = Maker(1)
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    acts = [
        make.act("reflection/mutual-respect-1", "2026-11-01T10:00", text=script),
        make.act("rating/no-such-1", "2026-11-01T10:00", step="mostly"),
        make.act("chapter/gone", "2026-11-01T10:00", done=True),
    ]
    path = Record(REAL.course.iri, acts).save(tmp_path / "mine.jsonl")
    mine = MyRecord(path, bank=ROOT / "quizzes")
    assert "<script" not in mine.reflections()._repr_html_()
    assert "<img" not in mine.reflections()._repr_html_()
    assert "&lt;script&gt;" in mine.reflections()._repr_html_()
    assert "no-such-1" in repr(mine.ratings())
    assert len(mine.frame()) == 0
    assert mine.due().rows == []


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(AlongsideError, match="cannot be read"):
        MyRecord(tmp_path / "none.jsonl", bank=ROOT / "quizzes")


def test_the_example_is_the_same_every_time_and_has_something_of_everything():
    one = example.make(REAL)
    assert one.write() == example.make(Bank(ROOT / "quizzes")).write()
    assert {act.kind for act in one} == {"item", "rating", "reflection", "chapter"}
    assert {act.scale for act in one if act.scale} == set(REAL.scales)
