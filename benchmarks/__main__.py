"""`python -m benchmarks [SUBJECT …]`: takes the figures, prints them, and exits 1 where a limit is missed."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys

from rich.console import Console

from alongside.errors import AlongsideError

from . import figures
from .course import ROOT

SUBJECTS = ("weight", "page_load", "book_build", "notebook", "widget", "assembly", "record")
OUT = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
ERR = Console(stderr=True, highlight=False)


def main() -> int:
    """Take the figures of the subjects that are named; of all where none is."""
    asks = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition(": ")[2])
    asks.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"{', '.join(SUBJECTS)}; all where none is named")
    asks.add_argument("--rounds", type=int, help="interleaved runs of each; fewer are quicker and prove less")
    given = asks.parse_args()
    if strange := set(given.subjects) - set(SUBJECTS):
        asks.error(f"{', '.join(sorted(strange))}: no such subject. There are {', '.join(SUBJECTS)}.")
    record, missed = [], []
    for name in given.subjects or SUBJECTS:
        subject = importlib.import_module(f".{name}", __package__)
        before = os.getloadavg()[0]
        with ERR.status(subject.__doc__.partition(":")[0]):
            taken, note = subject.take(given.rounds or subject.ROUNDS)
        load = f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores"
        OUT.print(figures.table(name, taken, f"{note} {load}."), "")
        sys.stdout.flush()
        record.append({"subject": name, "note": note, "load": load, "figures": figures.record(taken)})
        missed += [f"{name}: {each.what}, {each.peer}" for each in taken if each.holds is False]
    built = ROOT / "_build"
    built.mkdir(exist_ok=True)
    text = json.dumps({"python": platform.python_version(), "subjects": record}, indent=1, ensure_ascii=False)
    (built / "benchmarks.json").write_text(text + "\n", "utf-8")
    if missed:
        ERR.print("Missed:", *missed, sep="\n  ")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AlongsideError as why:
        ERR.print(str(why), markup=False)
        sys.exit(2)
