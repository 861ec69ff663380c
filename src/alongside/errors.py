"""What went wrong, where, and what to do: the one family of exceptions, for the person who can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; line 1 where the whole file is meant."""

    path: Path
    line: int = 1

    def __str__(self) -> str:
        try:
            path = self.path.resolve().relative_to(Path.cwd())
        except ValueError:
            path = self.path
        return f"{path.as_posix()}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (`what`), its place, and what to `do` about it."""

    place: Place
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.do}".strip()


class AlongsideError(Exception):
    """Anything that a person can mend; caught only at the command line."""


class FileError(AlongsideError):
    """One or more problems in a file of the course."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


class ResponseError(AlongsideError):
    """A response that its scale does not know, or that nobody was asked for; names the record."""


class UnknownError(AlongsideError):
    """A name that the bank does not hold; says which names it does."""
