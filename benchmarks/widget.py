"""A quiz in a notebook: from `Quiz(…)` to what Jupyter shows, after import and in a fresh process."""

from __future__ import annotations

import json
import sys

from . import figures
from .course import FORM, ROOT
from .figures import Figure

ROUNDS = 9
TIMED = """
import json, time
{before}
start = time.perf_counter()
{what}
print(json.dumps({{"ms": 1000 * (time.perf_counter() - start)}}))
"""
CASES = {
    "quiz": ("from alongside import Quiz", f"Quiz({FORM!r})._repr_mimebundle_()"),
    "radio": ("import ipywidgets", "ipywidgets.RadioButtons(options=list('abcd'))._repr_mimebundle_()"),
    "import alongside": ("", "import alongside"),
    "import alongside.Quiz": ("", "from alongside import Quiz"),
    "import ipywidgets": ("", "import ipywidgets"),
}


def take(rounds: int) -> tuple[list[Figure], str]:
    def fresh(name: str) -> dict[str, float]:
        before, what = CASES[name]
        taken: dict[str, float] = json.loads(figures.said([sys.executable, "-c", TIMED.format(before=before, what=what)], ROOT))
        return taken

    runs = {name: lambda name=name: fresh(name) for name in CASES}
    for run in runs.values():
        run()
    taken = figures.interleaved(rounds, runs)
    ms = {name: figures.middle(taken[name], "ms") for name in CASES}
    bare, peer = "ipywidgets.RadioButtons(…), bare", "import ipywidgets"
    return [
        figures.within(f"Quiz({FORM!r}) to display", ms["quiz"], 150, "ms"),
        figures.costs(f"Quiz({FORM!r}) to display", ms["quiz"], bare, ms["radio"], "ms"),
        figures.costs("import alongside", ms["import alongside"], peer, ms[peer], "ms"),
        figures.costs("from alongside import Quiz", ms["import alongside.Quiz"], peer, ms[peer], "ms"),
    ], f"Medians of {rounds} fresh processes each, interleaved."
