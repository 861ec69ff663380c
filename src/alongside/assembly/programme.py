"""A mixed-integer programme: columns, rows over them and a cost, solved to the end or not at all; knows no item.

Solved by HiGHS through SciPy with a gap of 0. What HiGHS holds is within its tolerances, so that the whole columns of a
solution are rounded and every row is held again, in whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ..errors import AlongsideError

SECONDS = 60.0  # for one solve


class AssemblyError(AlongsideError):
    """Forms cannot be assembled; says why, and what to do."""


class TooLongError(AssemblyError):
    """A programme was not solved to the end in its time; whether it can be is not known."""


@dataclass(frozen=True)
class Row:
    """A sum of columns, each with its whole factor, from `least` to `most`."""

    factors: Mapping[int, int]
    least: float = -math.inf
    most: float = math.inf


class Programme:
    """Columns in whole numbers from 0, each with a cost, and rows over them; the total cost is made as small as it can be."""

    def __init__(self) -> None:
        self._most: list[float] = []
        self._costs: dict[int, int] = {}
        self._rows: list[Row] = []

    def column(self, most: float = 1, cost: int = 0) -> int:
        """Add a column from 0 to `most`; its number."""
        self._most.append(most)
        self._costs[len(self._most) - 1] = cost
        return len(self._most) - 1

    def row(self, row: Row) -> None:
        """Hold the columns to a row."""
        self._rows.append(row)

    def cost(self, costs: Mapping[int, int]) -> None:
        """Minimise these costs in place of any before them."""
        self._costs = dict(costs)

    def solve(self, seconds: float = SECONDS) -> list[int] | None:
        """The columns at the least cost; None where the rows cannot be met together. Raises TooLongError."""
        costs = np.zeros(len(self._most))
        costs[list(self._costs)] = list(self._costs.values())
        entries = [(number, column, factor) for number, row in enumerate(self._rows) for column, factor in row.factors.items()]
        at, columns, factors = np.array(entries, dtype=np.int32).reshape(-1, 3).T  # 32 bits: SciPy 1.14 takes no others
        matrix = csr_array((factors.astype(float), (at, columns)), shape=(len(self._rows), len(self._most)))
        done = milp(
            costs,
            integrality=np.ones(len(self._most)),
            bounds=Bounds(0, self._most),
            constraints=LinearConstraint(matrix, [row.least for row in self._rows], [row.most for row in self._rows]),
            options={"mip_rel_gap": 0, "time_limit": seconds},
        )
        if done.status == 2:
            return None
        if done.status != 0:
            raise TooLongError(
                f"HiGHS was not done after {seconds:g} seconds ({done.message.strip()}). "
                "Ask for fewer forms, or draw on fewer items."
            )
        found = [round(value) for value in done.x]
        if not self.holds(found):
            raise AssemblyError("HiGHS gave forms that do not meet the blueprint to the last unit. Take another seed.")
        return found

    def holds(self, columns: list[int]) -> bool:
        """Whether every row and every column is met, in whole numbers."""
        sums = (sum(factor * columns[column] for column, factor in row.factors.items()) for row in self._rows)
        return all(row.least <= total <= row.most for row, total in zip(self._rows, sums, strict=True)) and all(
            0 <= value <= most for value, most in zip(columns, self._most, strict=True)
        )
