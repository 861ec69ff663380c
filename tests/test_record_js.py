"""The browser reads, writes and counts a record as Python does: over the published cases, and over records made up at random."""

from __future__ import annotations

import json
import re

import pytest

from alongside.bank import Bank

from . import sample
from .conftest import ROOT

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
STATIC = ROOT / "src" / "alongside" / "static"
CASES = json.loads((sample.CASES / "records.json").read_text("utf-8"))
COURSE = {"base": CASES["base"], "says": dict(REAL.says["record"]["file"])}
ACTS = CASES["record"]["acts"]
SETUP = """
window.bytesOf = (text, hex) => hex ? Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16)) : new TextEncoder().encode(text);
window.outcome = ({text, hex, held}, course) => {
  try { return read(bytesOf(text, hex), course, held); } catch (why) { return why instanceof Refused ? why.message : String(why.stack); }
};
"""


@pytest.fixture(scope="module")
def engine(browser):
    opened = browser.new_page()
    opened.set_content("<!doctype html><body></body>")
    modules = "\n".join((STATIC / name).read_text("utf-8") for name in ("record.js", "views.js"))
    opened.add_script_tag(content=re.sub(r"^export ", "", modules, flags=re.M) + SETUP)
    yield opened
    opened.close()


def test_a_row_is_the_same_statement_byte_for_byte(engine):
    wrote = engine.evaluate("([rows, course]) => write(rows, course)", [ACTS, COURSE])
    assert wrote == CASES["record"]["bytes"]
    assert [json.loads(line) for line in wrote.split("\n")[:-1]] == CASES["record"]["statements"]


def test_a_statement_as_written_is_canonical(engine):
    texts = engine.evaluate(
        "([rows, base]) => rows.map((row) => [JSON.stringify(statement(row, base)), canonical(statement(row, base))])",
        [ACTS, COURSE["base"]],
    )
    assert all(one == other for one, other in texts)


def test_what_was_written_is_read_again_whatever_the_order(engine):
    read = engine.evaluate("([rows, course]) => read(bytesOf(write(rows.reverse(), course)), course)", [ACTS, COURSE])
    assert read == sorted(ACTS, key=lambda row: (row["at"], row["id"]))


@pytest.mark.parametrize("case", CASES["taken"], ids=lambda case: case["says"])
def test_a_file_is_taken(engine, case):
    got = engine.evaluate("([file, course]) => outcome(file, course)", [case, COURSE])
    assert isinstance(got, list), got
    both = engine.evaluate("([one, other]) => merged(one, other).length", [got, case["held"]])
    assert both == case["acts"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["says"])
def test_a_file_is_refused_in_the_same_words(engine, case):
    assert engine.evaluate("([file, course]) => outcome(file, course)", [case, COURSE]) == case["sentence"]


@pytest.mark.parametrize("case", CASES["views"], ids=lambda case: case["says"])
def test_the_views_are_the_same(engine, case):
    got = engine.evaluate(
        "([catalogue, rows, when]) => views(catalogue, rows, when)",
        [CASES["catalogue"], case["acts"], {"today": case["today"], "zone": case["zone"]}],
    )
    assert got == case["views"]
