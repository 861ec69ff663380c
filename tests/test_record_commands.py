"""`alongside record …` as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from alongside.bank import Bank
from alongside.record import Record, new

from .conftest import ROOT
from .records import Maker
from .test_record import CASES

REAL = Bank(ROOT / "quizzes")
BASE = REAL.course.iri


def run(*words):
    command = [sys.executable, "-m", "alongside.cli", "record", *map(str, words)]
    env = {**os.environ, "COLUMNS": "100", "TZ": "UTC"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False, timeout=60)


@pytest.fixture
def mine(tmp_path):
    """A reader's record of the real course: a whole quiz answered by its key, a rating, two reflections."""
    from alongside import scoring

    make, acts = Maker(21), []
    for name in REAL.form("mutual-respect").items:
        item = REAL.item(name)
        scale = REAL.scale_of(item)
        asked = {"form": "mutual-respect", "scale": item.scale, "print": item.print, "took": 60}
        most = scoring.possible(item, scale)
        key = dict(scoring.keyed(item, scale))
        acts.append(new(REAL.course, make.who, f"item/{name}", given=key, points=most, possible=most, sure=3, **asked))
    acts.append(new(REAL.course, make.who, "rating/samhsa-I.4", step="with-help"))
    acts.append(new(REAL.course, make.who, "reflection/mutual-respect-2", text="A key.\nAnd a :warning: [bold]rota[/]."))
    acts.append(new(REAL.course, make.who, "reflection/gone-1", text="\x1b]0;owned\x07 Still here.\x00"))
    acts.append(new(REAL.course, make.who, "chapter/mutual-respect", done=True))
    return Record(BASE, acts).save(tmp_path / "mine.jsonl")


def test_show_prints_where_one_stands(mine):
    done = run("show", mine)
    assert done.returncode == 0, done.stderr
    scenes = len(REAL.form("mutual-respect").items)
    for said in (
        "Where I stand: by value",
        f"{scenes} of {scenes}",
        "Which way I lean",
        "very sure",
        "too few to say",
        "with help",
        "Shared experience and mutual respect",
        "1.5 hours",
        "Reflections: 2",
    ):
        assert said in done.stdout, said


def test_reflections_are_printed_with_their_questions_and_nothing_that_a_terminal_obeys(mine):
    done = run("reflections", mine)
    assert "## Shared experience and mutual respect\n\n### What do you hold" in done.stdout
    assert "A key.\nAnd a :warning: [bold]rota[/]." in done.stdout
    assert "## Elsewhere\n\n### gone-1" in done.stdout
    assert "\x1b" not in done.stdout


def test_reflections_are_written_as_markdown_and_as_a_word_file_that_opens(mine, tmp_path):
    import docx

    assert run("reflections", mine, "--to", tmp_path / "out.md").returncode == 0
    text = (tmp_path / "out.md").read_text("utf-8")
    assert text.startswith("# My reflections\n")
    done = run("reflections", mine, "--to", tmp_path / "out.docx")
    assert done.returncode == 0, done.stderr
    paragraphs = [each.text for each in docx.Document(str(tmp_path / "out.docx")).paragraphs]
    assert [line.lstrip("# ").strip("*") for line in text.splitlines() if line] == paragraphs


def test_merge_joins_records_and_counts_nothing_twice(mine, tmp_path):
    whole = Record.open(mine, BASE)
    one, two = Record(BASE, whole.acts[:8]), Record(BASE, whole.acts[5:])
    one.save(tmp_path / "phone.jsonl")
    two.save(tmp_path / "laptop.jsonl")
    done = run("merge", tmp_path / "phone.jsonl", tmp_path / "laptop.jsonl", "--to", tmp_path / "phone.jsonl")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "phone.jsonl").read_bytes() == mine.read_bytes()


def test_merge_changes_nothing_where_one_file_is_broken(mine, tmp_path):
    (tmp_path / "cut.jsonl").write_bytes(mine.read_bytes()[:-20])
    before = mine.read_bytes()
    done = run("merge", mine, tmp_path / "cut.jsonl", "--to", mine)
    assert done.returncode == 1
    assert "cut.jsonl: The file breaks off in line" in done.stderr
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "no-such.jsonl"], "cannot be read"),
        (["show", "README.md"], "README.md: Line 1 is no record of Alongside."),
        (["show", "tests"], "cannot be read"),
        (["reflections", "{mine}", "--to", "out.pdf"], "neither .md nor .docx"),
        (["reflections", "{mine}", "--to", "no/such/out.md"], "cannot be written"),
        (["merge", "{mine}", "--to", "no/such/out.jsonl"], "cannot be written"),
        (["merge", "{mine}", "tests/cases/scoring.json", "--to", "out.jsonl"], "no record of Alongside"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(mine, words, says):
    done = run(*(word.replace("{mine}", str(mine)) for word in words))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_cases_of_the_small_course_are_shown_as_stale(tmp_path):
    path = tmp_path / "other.jsonl"
    path.write_bytes(CASES["record"]["bytes"].encode())
    done = run("show", path)
    assert "about scenes that have changed since" in done.stdout
    assert json.loads(CASES["record"]["bytes"].splitlines()[0])["id"] not in done.stdout
