"""A quiz page on a slow phone: time until it can be used, against jupyterquiz and the ipywidgets embed."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from alongside.bank import Bank

from . import figures, peers
from .browser import Quiz, opened, serving, visit
from .course import FORM, ROOT
from .figures import Figure

ROUNDS = 5
NEAR = ("ours", "jupyterquiz, our theme")
NOISE = 1.1  # two medians of the same page differ by so much on a machine that does other things as well


def take(rounds: int) -> tuple[list[Figure], str]:
    bank = Bank(ROOT / "quizzes")
    count = len(bank.form(FORM).items)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stock = peers.stock(Path(folder) / "stock", bank)
        own = peers.ours(Path(folder) / "own", Path(folder) / "stock" / "jupyterquiz.ipynb")
        at, there = (stack.enter_context(serving(pages)) for pages in (own, stock))
        pages = {
            "ours": Quiz(
                f"{at}notebooks/{FORM}.html",
                ready="document.querySelector('.al-live')",
                option="[data-al-option] label",
                effect="Object.keys(localStorage).some((key) => key.startsWith('alongside:draft'))",
            ),
            "jupyterquiz, stock book": _jupyterquiz(f"{there}jupyterquiz.html", count),
            "jupyterquiz, our theme": _jupyterquiz(f"{at}notebooks/jupyterquiz.html", count),
            "ipywidgets, stock book": _widgets(f"{there}widgets.html", count),
            "ipywidgets, bare page": _widgets(f"{there}bare.html", count),
        }
        browser = stack.enter_context(opened())
        for quiz in pages.values():
            visit(browser, quiz, click=True)
        runs = {name: lambda quiz=quiz: visit(browser, quiz, slow=True) for name, quiz in pages.items()}
        taken = figures.interleaved(rounds, runs)
        near = figures.interleaved(3 * rounds, {name: runs[name] for name in NEAR})  # too alike for so few

    def ms(name: str, measure: str = "tti") -> float:
        return figures.middle(taken[name], measure)

    mine = ms("ours")
    found = [
        figures.sooner("usable", mine, "jupyterquiz, stock book", ms("jupyterquiz, stock book"), "ms", 3),
        figures.sooner("usable", mine, "ipywidgets, stock book", ms("ipywidgets, stock book"), "ms", 7),
        figures.sooner("usable", mine, "ipywidgets, bare page", ms("ipywidgets, bare page"), "ms"),
        figures.costs("usable", figures.middle(near[NEAR[0]], "tti"), NEAR[1], figures.middle(near[NEAR[1]], "tti"), "ms", NOISE),
    ]
    for name in list(pages)[1:]:
        found.append(figures.sooner("quiz ready", ms("ours", "ready"), name, ms(name, "ready"), "ms"))
        found.append(figures.costs("on the wire", ms("ours", "kB"), name, ms(name, "kB"), "kB"))
    return found, (
        f"{count} scenes each. Chromium, 390 x 844, CPU 4 x slower, 1.6 Mbit/s down, 750 kbit/s up, 150 ms, empty cache, gzip. "
        f"Usable: quiz ready, DOMContentLoaded and the end of the last long task, the latest. Medians of {rounds} interleaved "
        f"visits; against jupyterquiz on our theme, of {3 * rounds}."
    )


def _jupyterquiz(address: str, count: int) -> Quiz:
    return Quiz(
        address,
        ready=f"document.querySelectorAll('.Quiz').length >= {count} && document.querySelector('.MCButton')",
        option=".MCButton",
        effect="!!document.querySelector('.correctButton, .incorrectButton')",
    )


def _widgets(address: str, count: int) -> Quiz:
    radios = ".widget-radio-box input"
    return Quiz(
        address,
        ready=f"document.querySelectorAll('.widget-radio-box').length >= {count} && document.querySelector('{radios}')",
        option=".widget-radio-box label",
        effect=f"!!document.querySelector('{radios}:checked')",
    )
