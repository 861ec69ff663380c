"""What a quiz page weighs: bytes and requests on a first visit, and the quiz's own script and style."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from alongside import page

from . import figures
from .browser import Quiz, opened, serving, visit
from .course import BIN, FORM, copied
from .figures import Figure

ROUNDS = 3


def take(rounds: int) -> tuple[list[Figure], str]:
    with tempfile.TemporaryDirectory() as folder:
        course = copied(Path(folder) / "course")
        figures.said([BIN / "alongside", "book"], course)
        with serving(course / "_build" / "html") as at, opened() as browser:
            quiz = Quiz(f"{at}notebooks/{FORM}.html", "document.querySelector('.al-live')", "", "")
            taken = [visit(browser, quiz) for _ in range(rounds)]
    packed = len(gzip.compress((page.module() + page.style()).encode(), 9)) / 1000
    return [
        figures.within(f"{FORM}, on the wire", figures.middle(taken, "kB"), 300, "kB"),
        figures.within(f"{FORM}, requests", figures.middle(taken, "requests"), 20, ""),
        figures.within(f"{FORM}, requests off the site", len(taken[0]["strangers"]), 0, ""),
        figures.within("quiz.js + quiz.css, gzip -9", packed, 8, "kB"),
    ], f"A first visit, headers counted, medians of {rounds}; 1 kB is 1000 bytes."
