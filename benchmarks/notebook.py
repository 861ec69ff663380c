"""nbval of the quiz notebook: against nbval of a notebook whose one cell is `pass`, one kernel each."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from . import figures
from .course import BIN, FORM, copied
from .figures import Figure

ROUNDS = 9
MOST = 1.4
PASS = {
    "cells": [{"cell_type": "code", "id": "one", "metadata": {}, "execution_count": 1, "outputs": [], "source": "pass"}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def take(rounds: int) -> tuple[list[Figure], str]:
    with tempfile.TemporaryDirectory() as folder:
        course = copied(Path(folder) / "course")
        figures.said([BIN / "alongside", "notebooks", FORM], course)  # the bank may be ahead of what is stored
        (course / "notebooks" / "pass.ipynb").write_text(json.dumps(PASS), "utf-8")
        nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
        runs = {name: lambda name=name: figures.spent([*nbval, f"notebooks/{name}.ipynb"], course) for name in (FORM, "pass")}
        for run in runs.values():
            run()
        taken = figures.interleaved(rounds, runs)
    found = []
    for measure in ("wall", "cpu"):
        ours, theirs = (figures.middle(taken[name], measure) for name in (FORM, "pass"))
        found.append(figures.costs(f"nbval {FORM}.ipynb, {measure}", ours, "nbval pass.ipynb", theirs, "s", MOST))
    return found, f"Whole processes, medians of {rounds} interleaved runs."
