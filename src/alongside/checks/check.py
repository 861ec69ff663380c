"""What a check is: a name that is a true sentence, the sentence, what to do, the reason, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..errors import Problem
from .course import Course


@dataclass(frozen=True)
class Check:
    """One row of the report; a rule fails it, advice does not."""

    name: str
    sentence: str
    do: str
    reason: str
    find: Callable[[Course], Iterator[Problem]]
    rule: bool = True


def check(sentence: str, *, do: str, reason: str, rule: bool = True) -> Callable[[Callable[[Course], Iterator[Problem]]], Check]:
    """Make a check of the function below, named as the function is."""
    return lambda find: Check(find.__name__, sentence, do, reason, find, rule)
