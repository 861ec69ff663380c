"""The practice forms: from the bank to two forms, against a limit, and against HiGHS alone on the same programmes."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

from alongside.assembly import assemble, programme
from alongside.bank import Bank

from . import figures
from .course import ROOT
from .figures import Figure

ROUNDS = 3
LIMIT = 30
MOST = 1.3
BLUEPRINT = "practice"
SEED = 1


def take(rounds: int) -> tuple[list[Figure], str]:
    asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    solve = programme.milp

    def noted(*given: Any, **named: Any) -> Any:
        asked.append((given, named))
        return solve(*given, **named)

    def ours() -> dict[str, float]:
        start = time.perf_counter()
        bank = Bank(ROOT / "quizzes")
        assemble(bank, bank.blueprint(BLUEPRINT), SEED)
        return {"s": time.perf_counter() - start}

    def plain() -> dict[str, float]:
        start = time.perf_counter()
        for given, named in asked:
            solve(*given, **named)
        return {"s": time.perf_counter() - start}

    with mock.patch.object(programme, "milp", noted):
        ours()
    taken = figures.interleaved(rounds, {"ours": ours, "plain": plain})
    mine, theirs = figures.middle(taken["ours"], "s"), figures.middle(taken["plain"], "s")
    return [
        figures.within(f"{BLUEPRINT}: bank to forms", mine, LIMIT, "s"),
        figures.costs(f"{BLUEPRINT}: bank to forms", mine, "scipy.optimize.milp", theirs, "s", MOST),
    ], f"Medians of {rounds} interleaved runs; {len(asked)} programmes, each solved to a gap of 0."
