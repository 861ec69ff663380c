"""A warm build of the book: `alongside book` against plain sphinx-build, same theme, same pages, our directives out."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from . import figures
from .course import BIN, FORM, copied
from .figures import Figure

ROUNDS = 7
MOST = 1.3
PLAIN = "sphinx-build"

# Those of our directives that frame a text, and those that bring their own.
FRAMES = ("reflect", "content-note", "turns")
BRINGS = ("quiz", "item", "objectives", "drifts", "words", "coverage")
NAMES = "|".join(FRAMES + BRINGS)
FENCED = re.compile(rf"^(:{{3,}}|`{{3,}})\{{({NAMES})\}}[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)


def take(rounds: int) -> tuple[list[Figure], str]:
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = copied(Path(folder) / "ours"), _plain(Path(folder) / "plain")
        commands = {
            "alongside book": ([BIN / "alongside", "book"], ours),
            PLAIN: ([BIN / "sphinx-build", "-q", "-b", "html", ".", "_build/html"], theirs),
        }
        for command, at in commands.values():
            for _ in range(2):  # cold, then once more, so that what is written once is written
                figures.said(command, at)

        def warm(name: str, touched: bool) -> dict[str, float]:
            command, at = commands[name]
            if touched:
                os.utime(at / "book" / f"{FORM}.md")
            return figures.spent(command, at)

        found = []
        for what, touched in (("nothing changed", False), ("one page touched", True)):
            runs = {name: lambda name=name, touched=touched: warm(name, touched) for name in commands}
            taken = figures.interleaved(rounds, runs)
            for measure in ("wall", "cpu"):
                mine, plain = (figures.middle(taken[name], measure) for name in commands)
                found.append(figures.costs(f"{what}, {measure}", mine, PLAIN, plain, "s", MOST))
    return found, f"Whole processes, medians of {rounds} interleaved runs."


def _plain(at: Path) -> Path:
    """The course without us: Sphinx's own settings file, and pages that keep the text but none of our directives."""
    copied(at)
    config = at / "_config.yml"
    config.write_text(re.sub(r"\n *- alongside\.book(?=\n)", "", config.read_text("utf-8")), "utf-8")
    figures.said([BIN / "jupyter-book", "config", "sphinx", "."], at)
    for page in (at / "book").rglob("*.md"):
        page.write_text(FENCED.sub(lambda fence: fence[3] if fence[2] in FRAMES else "", page.read_text("utf-8")), "utf-8")
    return at
