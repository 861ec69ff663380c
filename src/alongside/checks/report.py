"""What the checks found, as a page in the terminal and as JSON; finds nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from ..errors import Problem
from .check import Check
from .course import Course


@dataclass(frozen=True)
class Finding:
    """A check that did not hold, and where."""

    check: Check
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Report:
    """What was found, in the order of the checks; `summary` says what was looked at."""

    findings: tuple[Finding, ...]
    held: int
    summary: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether any rule is broken; advice does not fail."""
        return any(finding.check.rule for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "failed": self.failed,
            "held": self.held,
            "findings": [
                {
                    "name": finding.check.name,
                    "kind": "rule" if finding.check.rule else "advice",
                    "count": len(finding.problems),
                    "sentence": finding.check.sentence,
                    "do": finding.check.do,
                    "reason": finding.check.reason,
                    "problems": [
                        {
                            "file": str(problem.place).rpartition(":")[0],
                            "line": problem.place.line,
                            "what": problem.what,
                            "do": problem.do,
                        }
                        for problem in finding.problems
                    ],
                }
                for finding in self.findings
            ],
            "summary": list(self.summary),
        }


def print_report(report: Report, console: Console) -> None:
    """Print each check that did not hold: count, sentence, what to do, the reason, then file and line."""
    for finding in report.findings:
        colour = "red" if finding.check.rule else "yellow"
        kind = "" if finding.check.rule else " (advice)"
        _line(console, Text.assemble((finding.check.name, f"bold {colour}"), f" · {len(finding.problems)}{kind}"))
        _line(console, Text(f"  {finding.check.sentence}"))
        _line(console, Text.assemble(("  What to do: ", "bold"), finding.check.do))
        _line(console, Text.assemble(("  Why: ", "bold"), finding.check.reason))
        for problem in finding.problems:
            said = f"  {problem.what} {problem.do}".rstrip()
            _line(console, Text.assemble("    ", (str(problem.place), "cyan"), said))
        _line(console, Text())
    for line in report.summary:
        _line(console, Text(line))
    rules = sum(finding.check.rule for finding in report.findings)
    advice = len(report.findings) - rules
    said = f"{_many(report.held, 'check')} held"
    said += f", {_many(rules, 'rule')} did not" if rules else ""
    said += f", {_many(advice, 'piece')} of advice" if advice else ""
    _line(console, Text(f"{said}.", "bold red" if rules else "bold green"))


def print_checks(checks: Iterable[Check], console: Console) -> None:
    """Print every check with its sentence and its reason."""
    for check in checks:
        _line(console, Text.assemble((check.name, "bold"), "" if check.rule else " (advice)"))
        _line(console, Text(f"  {check.sentence}\n  {check.reason}"))


def summary(course: Course, guess: object | None) -> tuple[str, ...]:
    """What was looked at, and how the bank spreads."""
    counts = (
        _many(len(course.items), "item"),
        _many(len(course.forms), "form"),
        _many(len(course.chapters), "chapter"),
        _many(len(course.pages), "page"),
    )
    lines = [f"Looked at: {', '.join(counts)}."]
    if course.items:
        settings = Counter(item.setting for item in course.items)
        lines.append(f"Settings: {_spread(settings)}.")
        if missing := sorted(set(course.settings) - set(settings)):
            lines.append(f"Settings not used yet: {', '.join(missing)}.")
        lines.append(f"Scales: {_spread(Counter(item.scale for item in course.items))}.")
        lines.append(f"Drifts: {_spread(Counter(drift for item in course.items for drift in item.drifts.values()))}.")
    if guess:
        lines.append(f"Options alone: {guess}.")
    return tuple(lines)


def _spread(counts: Counter[str]) -> str:
    return " · ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False)
