"""The rules that content is held to: every check is a row with a name, a sentence and a reason; mends nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rich.console import Console

from ..bank import Bank
from ..errors import AlongsideError, Problem, UnknownError
from . import blueprints, chapters, files, forms, guess, items, options, pages, report, words
from .check import Check
from .course import Course
from .limits import Limits
from .report import Finding, Report, print_report

__all__ = ["CHECKS", "Check", "Finding", "Limits", "Report", "print_checks", "print_report", "run"]

FAMILIES = (files, items, options, forms, blueprints, chapters, pages, words, guess)
CHECKS = tuple(each for family in FAMILIES for each in vars(family).values() if isinstance(each, Check))
"""Every check, in the order of the report."""


def run(bank: Bank, only: Iterable[str] | None = None, limits: Limits | None = None) -> Report:
    """Hold a bank and the book beside it to every check, or to those named; whether files can be read is always asked.

    Raises UnknownError for a check that is not known, AlongsideError where the checks' own libraries are not installed.
    """
    chosen = [*_named(only or ()), files.every_file_can_be_read] if only else list(CHECKS)
    try:
        course = Course(bank, limits or Limits())
        found = [Finding(each, _sorted(each.find(course))) for each in CHECKS if each in chosen]
        said = report.summary(course, None if only else guess.guessed(course))
    except ModuleNotFoundError as why:
        raise AlongsideError(f"The checks need {why.name}. Type: pip install 'alongside[check]'.") from None
    broken = tuple(finding for finding in found if finding.problems)
    return Report(broken, len(found) - len(broken), said)


def print_checks(console: Console) -> None:
    """Print every check with its reason."""
    report.print_checks(CHECKS, console)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: (problem.place, problem.what)))


def _named(names: Iterable[str]) -> list[Check]:
    known = {each.name: each for each in CHECKS}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or ["see alongside check --list"]
            raise UnknownError(f"There is no check “{name}”. Did you mean {' or '.join(near)}?")
    return [known[name] for name in names]
