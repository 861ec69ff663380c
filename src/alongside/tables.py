"""A person's record as tables in the terminal; counts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .bank import Bank
from .record import Record
from .reflections import day
from .scoring import FEWEST, Lean, Tally, shown
from .views import Views

FEW = "too few to say"
SURE = {1: "not sure", 2: "fairly sure", 3: "very sure"}
STEPS = {"not-yet": "not yet", "with-help": "with help", "mostly": "mostly", "could-show": "could show someone else"}


def print_record(bank: Bank, record: Record, seen: Views, console: Console) -> None:
    """Print what a record says: where its reader stands and leans, what comes back, what is finished."""
    for table in _tables(bank, seen):
        if table.row_count:
            console.print(table)
            console.print()
    for line in _lines(record, seen):
        console.print(Text(line))


def _tables(bank: Bank, seen: Views) -> Iterable[Table]:
    values, drifts = bank.standards.values, bank.drifts
    yield _stand("Where I stand: by value", seen.by_value, lambda name: values[name].title)
    yield _stand("By SAMHSA category", seen.by_category, str)
    yield _stand("By chapter", seen.by_chapter, lambda name: _chapter(bank, name))
    leans = _table("Which way I lean", "drift", "first attempts", "later attempts")
    for name in drifts:
        if name in seen.first_leans or name in seen.later_leans:
            first, later = (which.get(name, Lean()) for which in (seen.first_leans, seen.later_leans))
            leans.add_row(drifts[name].title, str(first), str(later) if later.opportunities else "none yet")
    yield leans
    if any(tally.possible for tally in seen.by_sure.values()):
        yield _stand("How sure I was", {SURE[sure]: tally for sure, tally in seen.by_sure.items()}, str)
    ratings = _table(
        "How I rated myself, and beside it what the scenes show", "competency", "first", "latest", "scenes", "points"
    )
    for name, rating in seen.ratings.items():
        evidence = rating.evidence
        ratings.add_row(name, STEPS[rating.first.name], STEPS[rating.latest.name], str(evidence.possible), _points(evidence))
    yield ratings
    due = _table("Come back to these today", "scene", "chapter")
    for name in seen.due_today:
        due.add_row(name, _chapter(bank, seen.attempts[name][0].item.chapter))
    yield due
    finished = _table("What I have finished", "", "on")
    for mark in seen.chapters:
        finished.add_row(_chapter(bank, mark.name), day(mark.day))
    for mark in seen.forms:
        finished.add_row(f"quiz: {mark.name}", day(mark.day))
    yield finished


def _lines(record: Record, seen: Views) -> Iterable[str]:
    days = sorted(date.fromisoformat(act.at[:10]) for act in record)
    yield f"{len(record)} entries, from {day(days[0])} to {day(days[-1])}."
    if seen.stale:
        yield f"{seen.stale} of them are about scenes that have changed since. They are kept, and not counted above."
    if seen.next_day:
        yield f"After today, the next scene comes back on {day(seen.next_day)}."
    if seen.hours:
        yield f"The chapters that I finished come to about {seen.hours:g} hours."
    if seen.reflections:
        yield f"Reflections: {len(seen.reflections)}. To read them: alongside record reflections FILE"


def _stand(title: str, found: Mapping[str, Tally], named: Callable[[str], str]) -> Table:
    table = _table(title, "", "scenes", "points", "guessing earns about")
    for name, tally in found.items():
        guessing = "" if tally.possible < FEWEST else shown(tally.guessing)
        table.add_row(named(name), str(tally.possible), _points(tally), guessing)
    return table


def _points(tally: Tally) -> str:
    return FEW if tally.possible < FEWEST else f"{shown(tally.points)} of {tally.possible}"


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold")


def _chapter(bank: Bank, name: str) -> str:
    return bank.chapter(name).title if name in bank.chapter_paths else name
