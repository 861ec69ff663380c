"""The browser reads, writes and counts a record as Python does: over the published cases, and over records made up at random."""

from __future__ import annotations

import json
import random
import re

import pytest

from alongside.bank import Bank
from alongside.record import Act, Record, RecordError

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


def test_a_thousand_pairs_of_records_merge_to_the_same_in_any_order(engine):
    """Pairs drawn from the cases' acts, with what both hold, nothing, everything, and each in any order."""
    wrong = engine.evaluate(
        """([rows, course]) => {
          let seed = 20261121;
          const random = () => { // mulberry32
            seed = (seed + 0x6d2b79f5) | 0;
            let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
            t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
            return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
          };
          const some = () => { const share = random(); return rows.filter(() => random() < share).sort(() => random() - 0.5); };
          const wrong = [];
          for (let pair = 0; pair < 1000; pair += 1) {
            const one = some(), other = some(), all = write(rows, course).split("\\n");
            const both = merged(one, other), text = both.length ? write(both, course) : "";
            const ids = new Set([...one, ...other].map((row) => row.id));
            const again = [merged(other, one), merged(both, one), merged(one, both), merged(merged(other, []), one)];
            if (both.length !== ids.size) wrong.push([pair, "rows lost or doubled"]);
            if (again.some((each) => each.length && write(each, course) !== text)) wrong.push([pair, "order matters"]);
            if (text && text.split("\\n").some((line) => !all.includes(line))) wrong.push([pair, "a row has changed"]);
            if (one.length && other.length) { // and by way of files
              const opened = merged(one, read(bytesOf(write(other, course)), course, one));
              if (write(opened, course) !== text) wrong.push([pair, "a file says otherwise"]);
            }
          }
          return wrong;
        }""",
        [ACTS, COURSE],
    )
    assert wrong == []


def broken(data: bytes, rng: random.Random) -> bytes:
    """A file that something has happened to: cut, a byte or a piece of it changed, doubled, lost, or moved."""
    at, other = sorted(rng.randrange(1, len(data)) for _ in range(2))
    piece = data[at : at + rng.randint(1, 40)]
    match rng.randrange(8):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 2:
            return data[:at] + data[at + len(piece) :]
        case 3:
            return data[:at] + piece + data[at:]
        case 4:
            return data[:at] + data[other:]
        case 5:
            return data.replace(
                rng.choice([b"answered", b"0.1.0", b"Alongside", b"matching", b"PT"]), rng.choice([b"", b"x", b"\\u0000"]), 1
            )
        case 6:
            lines = data.splitlines(keepends=True)
            return b"".join(rng.sample(lines, 2)) + bytes(rng.randrange(256) for _ in range(rng.randint(1, 30)))
        case _:
            return data[:at] + rng.choice([b"<script>", b"\xff", b"\xef\xbb\xbf", b"[" * 30, b"1e999", b"NaN", b"\n"]) + data[at:]


def test_two_hundred_broken_files_are_refused_in_pythons_words(engine):
    rng, base = random.Random(4), CASES["base"]
    whole = Record(base, (Act.model_validate(row) for row in ACTS)).write()
    refused, wrong = 0, []
    while refused < 200:
        data = broken(whole, rng)
        try:
            says = len(Record(base).read(data))
        except RecordError as why:
            says, refused = str(why), refused + 1
        got = engine.evaluate("([file, course]) => outcome(file, course)", [{"text": "", "hex": data.hex(), "held": []}, COURSE])
        got = len(got) if isinstance(got, list) else got
        if got != says:
            wrong.append((data.hex()[:80], says, got))
    assert wrong == []


def test_a_file_of_more_than_50_mb_is_refused_unread(engine):
    said = engine.evaluate(
        "(course) => { try { read(new Uint8Array(50_000_001), course); } catch (why) { return why.message; } }", COURSE
    )
    with pytest.raises(RecordError) as why:
        Record(CASES["base"]).read(bytes(50_000_001))
    assert said == str(why.value)


def test_an_empty_record_is_not_written(engine):
    said = engine.evaluate("(course) => { try { return write([], course); } catch (why) { return why.message; } }", COURSE)
    with pytest.raises(RecordError) as why:
        Record(CASES["base"]).write()
    assert said == str(why.value)
