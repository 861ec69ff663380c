"""What a figure is, and how runs are taken so that two of them may be compared; knows no subject."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from rich.table import Table

from alongside.errors import AlongsideError

Taken = TypeVar("Taken")


class BenchmarkError(AlongsideError):
    """A figure cannot be taken here; says what is missing."""


@dataclass(frozen=True)
class Figure:
    """One figure: ours, the peer's or the limit, and the ratio that is held to `wanted`; `holds` is None where none is."""

    what: str
    ours: float
    peer: str
    theirs: float
    unit: str
    ratio: float
    wanted: str = ""
    holds: bool | None = None


def within(what: str, ours: float, limit: float, unit: str) -> Figure:
    """Ours against a limit: the ratio is ours ÷ limit, and 1 is allowed."""
    return Figure(what, ours, "limit", limit, unit, ours / limit if limit else ours, f"≤ {limit:g} {unit}", ours <= limit)


def costs(what: str, ours: float, peer: str, theirs: float, unit: str, most: float | None = None) -> Figure:
    """Ours ÷ theirs, at most `most`."""
    ratio = ours / theirs
    return Figure(what, ours, peer, theirs, unit, ratio, f"≤ {most:g} ×" if most else "", ratio <= most if most else None)


def sooner(what: str, ours: float, peer: str, theirs: float, unit: str, least: float | None = None) -> Figure:
    """Theirs ÷ ours, at least `least`."""
    ratio = theirs / ours
    return Figure(what, ours, peer, theirs, unit, ratio, f"≥ {least:g} ×" if least else "", ratio >= least if least else None)


def interleaved(rounds: int, runs: Mapping[str, Callable[[], Taken]]) -> dict[str, list[Taken]]:
    """Each run once a round, every other round backwards, so that what else the machine does falls on all alike."""
    taken: dict[str, list[Taken]] = {name: [] for name in runs}
    for number in range(rounds):
        for name in list(runs)[:: -1 if number % 2 else 1]:
            taken[name].append(runs[name]())
    return taken


def middle(taken: Iterable[Mapping[str, float]], name: str) -> float:
    """The median of one measure over runs."""
    return median(each[name] for each in taken)


def spent(command: Sequence[str | Path], at: Path, **env: str) -> dict[str, float]:
    """Wall and CPU seconds of a whole process and of the processes that it waited for."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    said(command, at, **env)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def said(command: Sequence[str | Path], at: Path, **env: str) -> str:
    """What a process printed. Raises BenchmarkError with its last lines where it fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=at, env={**os.environ, **env}, capture_output=True, text=True, timeout=300)
    except FileNotFoundError:
        raise BenchmarkError(f"{words[0]} is not installed here.") from None
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise BenchmarkError(f"{' '.join(words[:4])} … failed:\n{last}")
    return done.stdout


def table(subject: str, figures: Sequence[Figure], note: str) -> Table:
    """The figures of a subject as a small table."""
    shown = Table(title=subject, caption=note, title_justify="left", caption_justify="left", box=None, pad_edge=False)
    for heading, side in (("", "left"), ("ours", "right"), ("peer or limit", "left"), ("", "right"), ("ratio", "right")):
        shown.add_column(heading, justify=side)  # type: ignore[arg-type]
    shown.add_column("wanted")
    shown.add_column("holds")
    for each in figures:
        holds = "" if each.holds is None else "yes" if each.holds else "[bold red]NO[/]"
        ours, theirs = (f"{_short(number)} {each.unit}" for number in (each.ours, each.theirs))
        shown.add_row(each.what, ours, each.peer, theirs, f"{each.ratio:.2f}", each.wanted, holds)
    return shown


def record(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The figures as plain data."""
    return [asdict(each) for each in figures]


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"
