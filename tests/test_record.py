"""A record: what goes in comes out, in any order and however often; a broken file changes nothing and says one clear thing."""

from __future__ import annotations

import json
import random
import re
import stat
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from alongside.record import LARGEST, LONGEST, Act, Record, RecordError, statement

from . import records
from .records import BAD, BASE, GOOD, Maker, every_kind

CASES = json.loads(records.TO.read_text("utf-8"))
EMPTY = Record(BASE)
SENTENCES = re.compile(
    r"""This\ file\ holds\ no\ record\.
    |This\ file\ is\ larger\ than\ 50\ MB;\ a\ record\ is\ not\.\ Choose\ the\ file\ that\ Save\ my\ record\ made\.
    |This\ file\ is\ no\ text\.\ Choose\ the\ file\ that\ Save\ my\ record\ made;\ its\ name\ ends\ in\ \.jsonl\.
    |The\ file\ breaks\ off\ in\ line\ \d+:\ it\ was\ not\ copied\ whole\.\ Save\ the\ record\ again\ and\ copy\ that\.
    |Line\ \d+\ is\ no\ record\ of\ Alongside\.\ Choose\ the\ file\ that\ Save\ my\ record\ made;\ its\ name\ ends\ in\ \.jsonl\.
    |Line\ \d+\ belongs\ to\ another\ course\.
    |Line\ \d+\ is\ not\ as\ Alongside\ wrote\ it:\ it\ was\ changed,\ or\ comes\ from\ a\ newer\ version\ of\ the\ course\.
    |Line\ \d+\ says\ something\ else\ about\ a\ response\ that\ is\ here\ already\.""",
    re.VERBOSE,
)


def acts_of(rows):
    return [Act.model_validate(row) for row in rows]


def body(case):
    return case["text"].encode() if "text" in case else bytes.fromhex(case["hex"])


# -- the case file, which the browser's module is held to as well


def test_the_case_file_is_current():
    assert records.TO.read_text("utf-8") == records.dumps(records.write()), "Type: python -m tests.records"


def test_rows_statements_and_bytes_are_one_record():
    case = CASES["record"]
    acts = acts_of(case["acts"])
    assert [act.row() for act in acts] == case["acts"]
    assert [statement(act, BASE) for act in acts] == case["statements"]
    assert Record(BASE, reversed(acts)).write() == case["bytes"].encode()
    assert [act.row() for act in EMPTY.read(case["bytes"].encode())] == case["acts"]


def test_the_cases_hold_every_kind_of_act_and_every_interaction():
    found = CASES["record"]["statements"]
    assert {row["what"].partition("/")[0] for row in CASES["record"]["acts"]} == {
        "item",
        "rating",
        "reflection",
        "chapter",
        "form",
    }
    assert {each["object"]["definition"].get("interactionType") for each in found} == {
        "choice", "matching", "sequencing", "likert", "long-fill-in", None,
    }  # fmt: skip
    assert {case["sentence"].split(" ", 1)[0] for case in CASES["refused"]} == {"This", "The", "Line"}


@pytest.mark.parametrize("case", CASES["taken"], ids=lambda case: case["says"])
def test_a_file_that_looks_odd_and_is_whole_is_taken(case):
    held = Record(BASE, acts_of(case["held"]))
    assert len(held.read(body(case))) == case["acts"]


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["says"])
def test_a_broken_file_is_refused_in_one_sentence(case):
    held = Record(BASE, acts_of(case["held"]))
    before = held.acts
    with pytest.raises(RecordError) as why:
        held.read(body(case))
    assert str(why.value) == case["sentence"]
    assert SENTENCES.fullmatch(case["sentence"])
    assert held.acts == before


def test_a_file_that_is_too_large_is_not_even_read():
    with pytest.raises(RecordError, match="larger than 50 MB"):
        EMPTY.read(b" " * (LARGEST + 1))
    with pytest.raises(RecordError, match="holds no record"):
        EMPTY.read(b" " * LARGEST)


def test_what_is_nested_without_end_does_not_bring_the_reader_down():
    with pytest.raises(RecordError, match="not as Alongside wrote it"):
        EMPTY.read(b'{"a":' * 100_000)


# -- rows


ITEM = Maker(7).good("b-ranked", "2026-11-01T10:00", points=3, possible=21, sure=2).row()
RATING = Maker(7).act("rating/naps-9", "2026-11-01T10:00", step="mostly").row()
TEXT = Maker(7).act("reflection/alder-1", "2026-11-01T10:00", text="").row()
DONE = Maker(7).act("form/alder", "2026-11-01T10:00", done=False).row()


@pytest.mark.parametrize("row", [ITEM, RATING, TEXT, DONE], ids=lambda row: row["what"])
def test_a_row_that_lacks_anything_is_refused(row):
    assert Act.model_validate(row).row() == row
    for name in set(row) - {"sure"}:
        with pytest.raises(ValidationError):
            Act.model_validate({key: value for key, value in row.items() if key != name})


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (RATING, {"form": "alder"}),
        (RATING, {"sitting": ITEM["id"]}),
        (TEXT, {"done": True}),
        (TEXT, {"text": "x" * (LONGEST + 1)}),
        (TEXT, {"text": "🙂" * (LONGEST // 2) + "x"}),
        (TEXT, {"text": "\ud800"}),
        (DONE, {"done": 1}),
        (DONE, {"stored": "now"}),
        (ITEM, {"step": "mostly"}),
        (ITEM, {"given": {}}),
        (ITEM, {"given": {"a": "1", "b": "3"}}),
        (ITEM, {"given": {"a": "1", "b": "1"}}),
        (ITEM, {"given": {"__proto__": "1"}}),
        (ITEM, {"points": 22}),
        (ITEM, {"points": True}),
        (ITEM, {"points": 1.0}),
        (ITEM, {"took": 86_401}),
        (ITEM, {"sure": 0}),
        (ITEM, {"id": ITEM["id"] + "\n"}),
        (ITEM, {"at": "2026-11-31T10:00:00.000Z"}),
    ],
)
def test_a_row_that_says_too_much_or_something_else_is_refused(row, more):
    with pytest.raises(ValidationError):
        Act.model_validate({**row, **more})


def test_the_longest_text_there_may_be_comes_back():
    act = Act.model_validate({**TEXT, "text": "🙂" * (LONGEST // 2)})
    assert EMPTY.read(Record(BASE, [act]).write()).acts == (act,)


# -- laws

slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
uuids = st.uuids(version=4).map(str)
times = st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(9998, 12, 31)
).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z".rjust(24, "0"))  # fmt: skip
responses = st.one_of(
    slugs.map(lambda option: {option: "chosen"}),
    st.lists(slugs, min_size=1, max_size=9, unique=True).map(lambda options: {o: str(n) for n, o in enumerate(options, 1)}),
    st.dictionaries(slugs, st.sampled_from(["do", "leave", "most", "very-appropriate", "12", "0"]), min_size=1, max_size=6),
)


@st.composite
def rows(draw):
    common = {"id": draw(uuids), "at": draw(times), "who": draw(uuids), "version": draw(st.text(min_size=1, max_size=20))}
    kind = draw(st.sampled_from(["item", "item", "rating", "reflection", "chapter", "form"]))
    sitting = {"sitting": draw(uuids)} if kind in {"item", "form"} and draw(st.booleans()) else {}
    if kind == "rating":
        step = draw(st.sampled_from(["not-yet", "with-help", "mostly", "could-show"]))
        return {**common, "what": f"rating/{draw(st.sampled_from(['samhsa-I.4', 'naps-12']))}", "step": step}
    what = {**common, "what": f"{kind}/{draw(slugs)}", **sitting}
    if kind == "reflection":
        return {**what, "text": draw(st.text(max_size=200))}
    if kind != "item":
        return {**what, "done": draw(st.booleans())}
    possible = draw(st.integers(1, 60) | st.integers(1, 2**53 - 1))
    sure = {"sure": draw(st.integers(1, 3))} if draw(st.booleans()) else {}
    return {
        **what,
        **sure,
        "form": draw(slugs),
        "scale": draw(slugs),
        "print": draw(st.from_regex(r"[0-9a-f]{12}", fullmatch=True)),
        "given": draw(responses),
        "points": draw(st.integers(0, possible)),
        "possible": possible,
        "took": draw(st.integers(0, 86_400)),
    }


def attempt(data):
    """The record of a file, or the sentence with which it is refused."""
    try:
        return EMPTY.read(data), ""
    except RecordError as why:
        return None, str(why)


@settings(deadline=None)
@given(st.lists(rows(), min_size=1, max_size=6, unique_by=lambda row: row["id"]))
def test_what_is_written_is_read_again(some):
    record = Record(BASE, acts_of(some))
    data = record.write()
    assert EMPTY.read(data) == record
    assert EMPTY.read(data).write() == data
    assert {act.id: act.row() for act in record} == {row["id"]: row for row in some}
    assert data == b"".join(
        sorted(data.splitlines(True), key=lambda line: (json.loads(line)["timestamp"], json.loads(line)["id"]))
    )


def test_a_thousand_pairs_merge_to_the_same_in_any_order_and_any_number_of_times():
    rng = random.Random(11)
    pool = [act for seed in range(3) for act in every_kind(Maker(100 + seed))]
    for _ in range(1000):
        one, two = (Record(BASE, rng.sample(pool, rng.randint(1, 6))) for _ in "ab")
        both = one.merge(two)
        assert {act.id for act in both} == {act.id for act in one} | {act.id for act in two}
        assert two.merge(one) == both == one.read(two.write()) == two.read(one.write())
        assert both.merge(one).merge(two) == both == EMPTY.read(two.write() + one.write() + two.write())
        assert both.write() == two.merge(one).write()


names = st.sampled_from(["id", "object", "definition", "result", "actor", "account", "context", "extensions", "__proto__"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode) | values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_raise_anything_but_a_record_error(data):
    held = Record(BASE, every_kind(Maker(1)))
    before = held.write()
    with pytest.raises(RecordError) as why:
        held.read(data)
    assert SENTENCES.fullmatch(str(why.value))
    assert held.write() == before


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_part_of_a_statement_can_be_anything_else(data):
    """Whatever stands where a part stood: it is refused, or is a record that writes itself again."""
    value = json.loads(json.dumps(data.draw(st.sampled_from(CASES["record"]["statements"]))))
    at, last = value, None
    while isinstance(at, (dict, list)) and at and (last is None or data.draw(st.booleans())):
        held, last = at, data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        at = held[last]
    held[last] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([]) | st.just({}) | st.just([{}])
    )
    record, sentence = attempt(json.dumps(value).encode())
    assert (EMPTY.read(record.write()) == record) if record else SENTENCES.fullmatch(sentence)


def spoil(rng, data):
    """The bytes with one thing done to them, as a bad copy or a curious hand does it."""
    lines = data.splitlines(True)
    at, line = rng.randrange(len(data)), rng.randrange(len(lines))
    match rng.randrange(7):
        case 0:
            return data[:at]
        case 1:
            return data[at:]
        case 2:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 3:
            return data[:at] + data[at + rng.randint(1, 40) :]
        case 4:
            return data[:at] + rng.randbytes(rng.randint(1, 8)) + data[at:]
        case 5:
            return data.replace(rng.choice([b'"raw"', b"answered", b"alongside.example", b'"PT', b"2026", b'"max":']), b'"x', 1)
        case _:
            return b"".join(lines[:line]) + lines[line][: rng.randrange(len(lines[line]))] + b"\n" + b"".join(lines[line:])


def test_two_hundred_broken_files_each_say_one_clear_sentence():
    rng = random.Random(12)
    whole = Record(BASE, every_kind(Maker(1)))
    data, refused, seed = whole.write(), [], 0
    while len(refused) < 200:
        seed += 1
        assert seed < 400
        taken, sentence = attempt(spoil(rng, data))
        if taken:  # cut between two lines, or one letter of a text for another: a record all the same
            assert EMPTY.read(taken.write()) == taken
        else:
            assert SENTENCES.fullmatch(sentence), (seed, sentence)
            refused.append(sentence)
        assert whole.write() == data
    assert len({re.sub(r"\d+", "N", each) for each in refused}) >= 5


# -- the record and its file


def test_a_record_is_never_changed_and_two_say_one_thing():
    make = Maker(1)
    one = make.good("a-best", "2026-11-01T10:00")
    record = Record(BASE, [one])
    other = Act.model_validate({**one.row(), "points": 1})
    with pytest.raises(RecordError, match="different things"):
        record.add([other])
    more = record.add([one, make.bad("a-best", "2026-10-01T10:00")])
    assert (len(record), len(more)) == (1, 2)
    assert [act.at[:7] for act in more] == ["2026-10", "2026-11"]
    with pytest.raises(RecordError, match="nothing to save"):
        EMPTY.write()


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    record = Record(BASE, every_kind(Maker(1)))
    path = record.save(tmp_path / "mine.jsonl")
    assert Record.open(path, BASE) == record
    assert [each.name for each in tmp_path.iterdir()] == ["mine.jsonl"]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0  # a record is its reader's alone
    with pytest.raises(RecordError, match="cannot be written"):
        record.save(tmp_path / "no" / "such" / "mine.jsonl")
    with pytest.raises(RecordError, match="cannot be read"):
        Record.open(tmp_path / "none.jsonl", BASE)
    (tmp_path / "bad.jsonl").write_bytes(path.read_bytes()[:-5])
    with pytest.raises(RecordError, match=r"bad\.jsonl: The file breaks off in line"):
        Record.open(tmp_path / "bad.jsonl", BASE)
    folder = tmp_path / "taken.jsonl"
    folder.mkdir()
    with pytest.raises(RecordError):
        record.save(folder)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.jsonl", "mine.jsonl", "taken.jsonl"]


def test_good_and_bad_responses_fit_their_items():
    assert set(GOOD) == set(BAD) == {item.id for item in records.ITEMS}
