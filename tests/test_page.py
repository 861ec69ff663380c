"""What is drawn: the same each time, safe with any text, and an exam without a trace of its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

import pytest

from alongside import page, says
from alongside.bank import Bank
from alongside.errors import UnknownError

from . import sample
from .conftest import ROOT

REAL = Bank(ROOT / "quizzes")
HOSTILE = """</p><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} ${8*8} " ' & <b>bold</b> $5 ‮ 𝕏"""


class Reader(HTMLParser):
    """Element names, ids and references of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        for name in ("aria-labelledby", "aria-describedby"):
            self.refers += (given.get(name) or "").split()

    def handle_data(self, data):
        self.text += data


def all_scales() -> sample.Sample:
    """One item on each scale, each text its own."""
    made = []
    for name, scale in REAL.scales.items():
        keys = list(scale.keys) if scale.exactly else [*scale.keys, *scale.keys][:4]
        made.append(
            sample.item(f"on-{name}", name, {f"{name}-{n}": {"key": key, "drift": "fixing"} for n, key in enumerate(keys)})
        )
    return sample.Sample(REAL, made)


def test_the_same_form_is_the_same_bytes():
    bank = all_scales()
    assert page.render(bank, bank.only) == page.render(all_scales(), bank.only)


def test_ids_are_unique_and_every_reference_has_its_target():
    bank = all_scales()
    for exam in (False, True):
        read = Reader(page.render(bank, bank.only, exam=exam))
        assert len(read.ids) == len(set(read.ids))
        assert set(read.refers) <= set(read.ids)


def test_no_two_scenes_or_parts_of_one_meet_in_an_id():
    keys = {"a": {"key": "do"}, "bus-home": {"key": "do"}, "ask": {"key": "do"}, "n": {"key": "leave", "drift": "fixing"}}
    later = {"home": {"key": "do"}, "a": {"key": "leave", "drift": "fixing"}, "b": {"key": "do"}}
    bank = sample.Sample(REAL, [sample.item("late", "several", keys), sample.item("late-bus", "several", later)])
    read = Reader(page.render(bank, bank.only))
    assert len(read.ids) == len(set(read.ids))


def test_two_prefixes_share_no_id():
    bank = all_scales()
    one, two = (Reader(page.render(bank, bank.only, prefix=prefix)) for prefix in ("al1", "al2"))
    assert not set(one.ids) & set(two.ids)


@pytest.mark.parametrize("name", [None, *sorted(REAL.form_paths)])
def test_an_exam_holds_no_key_points_drift_or_reason(name):
    bank = REAL if name else all_scales()
    form = REAL.form(name) if name else bank.only
    html = page.render(bank, form, exam=True)
    # the scales' own words for responses are asked of everybody; everything else that a key could be told from is not there
    for trace in (
        "points",
        "unit",
        "possible",
        "award",
        "leans",
        "drift",
        "chance",
        "rank=",
        "words",
        "why",
        "mark",
        "fits",
        "print",
    ):
        assert f"data-al-{trace}" not in html
    read = Reader(html)
    assert "details" not in read.names
    for item in bank.items_of(form):
        for option in item.options.values():
            assert option.why not in read.text
            assert option.text in read.text
    for drift in REAL.drifts.values():
        assert drift.instead not in read.text
    assert "Key:" not in read.text
    assert "guessing" not in read.text


def test_an_exam_is_the_same_whatever_the_key():
    options = {"a": {"key": "very-appropriate"}, "b": {"key": "inappropriate", "drift": "fixing"}, "c": {"key": "appropriate"}}
    turned = {"a": {"key": "very-inappropriate", "drift": "judging"}, "b": {"key": "appropriate"}, "c": {"key": "appropriate"}}
    drawn = []
    for each in (options, turned):
        bank = sample.Sample(REAL, [sample.item("one", "appropriateness", each)])
        drawn.append(page.render(bank, bank.only, exam=True))  # a hash of the key would be the key, to whoever tries them all
    assert drawn[0] == drawn[1]


def test_hostile_text_stays_text():
    options = {"a": {"key": "do", "text": HOSTILE, "why": HOSTILE}, "b": {"key": "leave", "text": "Wait.", "drift": "fixing"}}
    bank = sample.Sample(REAL, [sample.item("one", "several", options, scene=HOSTILE, ask=HOSTILE)])
    read = Reader(page.render(bank, bank.only))
    assert not {"script", "img", "b>"} & set(read.names)
    assert read.text.count(HOSTILE) == 4


def test_the_page_alone_brings_everything_with_it():
    bank = all_scales()
    html = page.alone(bank, bank.only)
    assert not re.search(r"""(src|href)=["']""", html)
    assert "enliven" in html
    assert "</script>" in html


@pytest.mark.parametrize("name", sorted(REAL.item_paths))
def test_options_are_shown_in_an_order_that_the_file_does_not_decide(name):
    item = REAL.item(name)
    turned = item.model_copy(update={"options": dict(reversed(item.options.items()))})
    assert set(item.shown) == set(item.options)
    assert item.shown == turned.shown


def pseudo(words):
    """A catalogue whose every word can be told from the rest; what is filled in stays."""
    if isinstance(words, str):
        return "⟦" + re.sub(r"[^{}]+(?![^{]*\})", "x", words) + "⟧"
    return {name: pseudo(each) for name, each in words.items()} if isinstance(words, Mapping) else list(map(pseudo, words))


@pytest.mark.parametrize("held", [False, True])
def test_every_word_that_a_quiz_says_by_itself_is_in_the_catalogue(monkeypatch, held):
    bank = all_scales()
    monkeypatch.setitem(vars(bank), "says", pseudo(bank.says) | {"direction": "rtl"})
    html = page.render(bank, bank.only, held=held)
    waiting = "".join(unescape(each) for each in re.findall(r'data-al-live="([^"]*)"', html))
    ours = [text for item in bank.items_of(bank.only) for text in (item.scene, item.ask, item.id)]
    ours += [text for item in bank.items_of(bank.only) for each in item.options.values() for text in (each.text, each.why)]
    ours += [text for scale in bank.scales.values() for text in (scale.how, *scale.responses.values(), *scale.keys.values())]
    ours += [text for drift in bank.drifts.values() for text in (drift.title, drift.instead)]
    ours += [value.title for value in bank.standards.values.values()]
    left = " ".join(unescape(text) for text in re.findall(r">([^<]+)<", html + waiting))
    for text in sorted(ours, key=len, reverse=True):
        left = left.replace(text.strip(), " ")
    left = re.sub(r"⟦[^⟧]*⟧", " ", left)
    assert not re.findall(r"[A-Za-z]{2,}", left), left
    assert 'dir="rtl"' in page.alone(bank, bank.only)


def test_a_translation_that_is_not_whole_is_named():
    first = says.load()
    assert not list(says.lacking(first, first))
    other = {**first, "quiz": {**first["quiz"], "checked": "Nachgesehen: {earned}."}, "review": {}}
    wrong = list(says.lacking(first, other))
    assert "quiz.checked lacks {possible}" in wrong
    assert "review.due is missing" in wrong
    with pytest.raises(UnknownError, match="no words for the language “xx”"):
        says.load("xx")
