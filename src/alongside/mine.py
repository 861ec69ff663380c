"""A reader's own record in a notebook: tables with bars, and the frames behind them; counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .bank import Bank, find_bank
from .record import Record
from .reflections import day, notes
from .scoring import FEWEST, Lean, Tally, shown
from .tables import FEW, STEPS, SURE
from .views import Views, views

if TYPE_CHECKING:
    import pandas as pd

By = Literal["value", "category", "chapter"]
BAR = (
    '<svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="12" aria-hidden="true">'
    '<rect width="100" height="10" fill="currentColor" fill-opacity="0.12"/>'
    '<rect width="{width}" height="10" fill="currentColor" fill-opacity="0.6"/>{tick}</svg>'
)
TICK = '<rect x="{at}" width="1" height="10" fill="currentColor"/>'


class Picture:
    """A table with bars, as a notebook shows it, and as plain words where nothing can be drawn."""

    def __init__(
        self, title: str, rows: Iterable[tuple[str, ...]], head: tuple[str, ...], bars: Iterable[str] = (), note: str = ""
    ) -> None:
        self.title, self.rows, self.head, self._bars, self.note = title, list(rows), head, list(bars), note

    def _repr_html_(self) -> str:
        bars = self._bars or [""] * len(self.rows)
        head = "".join(
            f'<th scope="col" style="text-align:start;inline-size:{width}">{escape(name)}</th>'
            for name, width in zip(self.head, ("40%", *["auto"] * (len(self.head) - 1)), strict=True)
        )
        body = "".join(
            f'<tr><th scope="row" style="text-align:start;font-weight:normal;white-space:normal">{escape(first)}{bar}</th>'
            + "".join(f'<td style="text-align:start;white-space:pre-line">{escape(cell)}</td>' for cell in rest)
            + "</tr>"
            for (first, *rest), bar in zip(self.rows, bars, strict=True)
        )
        caption = f'<caption style="caption-side:top;text-align:start;font-weight:bold">{escape(self.title)}</caption>'
        inside = f"{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f'<table style="inline-size:100%;table-layout:fixed;overflow-wrap:break-word">{inside}</table>{note}'

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self.title, *(" · ".join(filter(None, row)) for row in self.rows), self.note]))


class MyRecord:
    """A record file, opened: `file` is what *Save my record* made.

    `today` (as in "2026-11-21") and `zone`, in minutes east of UTC, are this machine's where they are not given; `bank` is
    the folder `quizzes/` where it is not found by itself.
    """

    def __init__(
        self, file: str | Path, *, today: str | None = None, zone: int | None = None, bank: str | Path | None = None
    ) -> None:
        self._bank: Bank = find_bank(bank)
        self.record = Record.open(file, self._bank.course.iri)
        now = datetime.now().astimezone()
        here = (now.utcoffset() or timedelta()) // timedelta(minutes=1)
        self.views: Views = views(
            self._bank, self.record, date.fromisoformat(today) if today else now.date(), here if zone is None else zone
        )

    def stand(self, by: By = "value") -> Picture:
        """Points beside the possible and beside guessing, from the latest response to each scene."""
        values = self._bank.standards.values
        if by == "value":
            found = {values[name].title: tally for name, tally in self.views.by_value.items()}
        elif by == "category":
            found = self.views.by_category
        else:
            found = {self._chapter(name): tally for name, tally in self.views.by_chapter.items()}
        rows = [(name, *_said(tally)) for name, tally in found.items()]
        return Picture(f"Where I stand, by {by}", rows, (by, "points", "guessing earns about"), map(_bar_of, found.values()))

    def leans(self) -> Picture:
        """How often each drift was shown in first responses, and in later ones."""
        first, later = self.views.first_leans, self.views.later_leans
        names = [name for name in self._bank.drifts if name in first or name in later]
        rows = [
            (self._bank.drifts[name].title, str(first.get(name, Lean())), str(later[name]) if name in later else "none yet")
            for name in names
        ]
        bars = [_bar(each.shown, each.opportunities, each.guessing) for each in (first.get(name, Lean()) for name in names)]
        return Picture("Which way I lean", rows, ("drift", "at first", "later"), bars)

    def sure(self) -> Picture:
        """How sure its reader was, beside what that earned."""
        found = self.views.by_sure
        rows = [(SURE[sure], str(tally.possible), _said(tally)[0]) for sure, tally in found.items()]
        return Picture("How sure I was", rows, ("I was", "times", "points"), map(_bar_of, found.values()))

    def ratings(self) -> Picture:
        """How its reader rated themselves, and beside it what the scenes show."""
        rows = [
            (
                f"{name}: {self._statement(name)}",
                f"{STEPS[each.first.name]} ({day(each.first.day)})\n{STEPS[each.latest.name]} ({day(each.latest.day)})",
                _said(each.evidence)[0],
            )
            for name, each in self.views.ratings.items()
        ]
        return Picture("How I rated myself", rows, ("area", "at first, and later", "in scenes"))

    def due(self) -> Picture:
        """What comes back today, no more than fits ten minutes, and when the next does."""
        chapters = {name: self.views.attempts[name][0].item.chapter for name in self.views.due_today}
        rows = [(name.replace("-", " "), self._chapter(chapter)) for name, chapter in chapters.items()]
        following = self.views.next_day
        note = f"After today, the next scene comes back on {day(following)}." if following else ""
        return Picture("Come back to these", rows, ("scene", "chapter"), note=note)

    def reflections(self) -> Picture:
        """What its reader wrote, with the questions."""
        found = notes(self._bank, self.views.reflections)
        return Picture("What I wrote", [(note.prompt, note.text, day(note.day)) for note in found], ("question", "mine", "on"))

    def frame(self) -> pd.DataFrame:
        """One row a response: at, item, chapter, value, scale, sure (missing where it was not said), attempt, points,
        guessing (both as a share of the scene's one point)."""
        import pandas as pd  # a record opens without it

        rows = [
            {
                "at": attempt.at,
                "item": name,
                "chapter": attempt.item.chapter,
                "value": attempt.item.value,
                "scale": attempt.item.scale,
                "sure": attempt.sure,
                "attempt": number,
                "points": float(attempt.tally.points),
                "guessing": float(attempt.tally.guessing),
            }
            for name, tries in self.views.attempts.items()
            for number, attempt in enumerate(tries, start=1)
        ]
        kinds = {"sure": "Int64", "attempt": "int64", "points": "float64", "guessing": "float64"} | dict.fromkeys(
            ("item", "chapter", "value", "scale"), "string"
        )
        columns = ["at", "item", "chapter", "value", "scale", "sure", "attempt", "points", "guessing"]
        frame = pd.DataFrame(rows, columns=columns).astype(kinds)
        frame["at"] = pd.to_datetime(frame["at"], utc=True)
        return frame.sort_values(["at", "item"], ignore_index=True)

    def _chapter(self, name: str) -> str:
        return self._bank.chapter(name).title if name in self._bank.chapter_paths else name

    def _statement(self, name: str) -> str:
        statements = self._bank.standards.statements
        return statements[name].text if name in statements else ""

    def __repr__(self) -> str:
        counts: dict[str, int] = {}
        for act in self.record:
            counts[act.kind] = counts.get(act.kind, 0) + 1
        said = [f"{counts[kind]} {words}" for kind, words in _KINDS.items() if kind in counts]
        stale = (
            f"\n{self.views.stale} are about scenes that have changed since: kept, and not counted." if self.views.stale else ""
        )
        return f"My record: {', '.join(said)}.{stale}"


_KINDS: Mapping[str, str] = {
    "item": "answers to scenes",
    "rating": "self-ratings",
    "reflection": "notes",
    "chapter": "marks at chapters",
    "form": "marks at quizzes",
}


def _said(tally: Tally) -> tuple[str, str]:
    if tally.possible < FEWEST:
        return f"{FEW} ({tally.possible})", ""
    return f"{shown(tally.points)} of {tally.possible}", shown(tally.guessing)


def _bar_of(tally: Tally) -> str:
    return _bar(tally.points, tally.possible, tally.guessing)


def _bar(part: Fraction | int, of: int, guessing: Fraction) -> str:
    """A bar, and a line where guessing would reach; none where there is too little to say."""
    if of < FEWEST:
        return ""
    return BAR.format(width=_hundredths(Fraction(part) / of), tick=TICK.format(at=_hundredths(guessing / of)))


def _hundredths(share: Fraction) -> str:
    return shown(100 * share)
