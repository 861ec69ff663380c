"""The same scenes as jupyterquiz and as ipywidgets, in books to compare with; written and built in a temporary folder."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

from alongside.bank import Bank

from . import figures
from .course import BIN, FORM, ROOT, copied
from .figures import BenchmarkError

BENCH = ROOT / ".venv-bench" / "bin"
PACKED = {"requirejs@2.3.8": "require.js", "@jupyter-widgets/html-manager@1.0.15": "dist/embed-amd.js"}
FAR_REQUIRE = "https://cdnjs.cloudflare.com/ajax/libs/require.js/2.3.4/require.min.js"

# What `jupyter-book create` asks for, and nothing else; the last lines say where the page with widgets finds its scripts.
CONFIG = """title: Stock
author: Nobody
sphinx:
  config:
    nb_ipywidgets_js: {widgets/require.js: {}, widgets/embed-amd.js: {}}
"""
TOC = "format: jb-book\nroot: intro\nchapters:\n- file: jupyterquiz\n- file: widgets\n"

JUPYTERQUIZ = """from jupyterquiz import display_quiz

display_quiz("scenes.json")"""
WIDGETS = """import json
from html import escape

import ipywidgets
from ipywidgets.embed import embed_minimal_html

def scene(asks):
    reasons = "".join(f"<dt>{escape(each['answer'])}</dt><dd>{escape(each['feedback'])}</dd>" for each in asks["answers"])
    return ipywidgets.VBox([
        ipywidgets.HTML(f"<p>{escape(asks['question'])}</p>"),
        ipywidgets.RadioButtons(options=[each["answer"] for each in asks["answers"]], value=None),
        ipywidgets.HTML(f"<details><summary>Reasons</summary><dl>{reasons}</dl></details>"),
    ])

quiz = ipywidgets.VBox([scene(asks) for asks in json.load(open("scenes.json"))])
embed_minimal_html("bare.html", views=[quiz], title="Widgets", embed_url="_static/widgets/embed-amd.js")
quiz"""


def scenes(bank: Bank) -> list[dict[str, Any]]:
    """The form as jupyterquiz takes it: what fits is correct, and every option has its reason."""
    found = []
    for item in bank.items_of(bank.form(FORM)):
        fits = bank.scale_of(item).fits
        answers = [
            {"answer": option.text, "correct": option.key in fits, "feedback": option.why}
            for option in (item.options[name] for name in item.shown)
        ]
        kind = "many_choice" if sum(answer["correct"] for answer in answers) > 1 else "multiple_choice"
        found.append({"question": f"{item.scene} {item.ask}", "type": kind, "answers": answers})
    return found


def stock(at: Path, bank: Bank) -> Path:
    """A stock Jupyter Book with both notebooks, run; returns the folder of its pages."""
    if not (BENCH / "jupyter-book").is_file():
        raise BenchmarkError("The other quizzes are not installed. Type: make .venv-bench/ready")
    at.mkdir()
    (at / "_config.yml").write_text(CONFIG, "utf-8")
    (at / "_toc.yml").write_text(TOC, "utf-8")
    (at / "intro.md").write_text("# Stock\n", "utf-8")
    (at / "scenes.json").write_text(json.dumps(scenes(bank)), "utf-8")
    for name, code in {"jupyterquiz": JUPYTERQUIZ, "widgets": WIDGETS}.items():
        (at / f"{name}.ipynb").write_text(json.dumps(_notebook(f"# Quiz: {name}", code)), "utf-8")
    figures.said([BENCH / "jupyter", "execute", "--inplace", "jupyterquiz.ipynb", "widgets.ipynb"], at)
    figures.said([BENCH / "jupyter-book", "build", "--quiet", "."], at)
    pages = at / "_build" / "html"
    _unpack(pages / "_static" / "widgets", at)
    bare = (at / "bare.html").read_text("utf-8")
    if FAR_REQUIRE not in bare:
        raise BenchmarkError("ipywidgets loads another require.js than it did: see FAR_REQUIRE in benchmarks/peers.py.")
    tag = bare[: bare.index(">", bare.index(FAR_REQUIRE)) + 1].rpartition("<script")
    (pages / "bare.html").write_text(bare.replace(tag[1] + tag[2], '<script src="_static/widgets/require.js">'), "utf-8")
    return pages


def ours(at: Path, run: Path) -> Path:
    """Our book with one page more: jupyterquiz's notebook, as it was run; returns the folder of its pages."""
    copied(at)
    shutil.copy(run, at / "notebooks" / "jupyterquiz.ipynb")
    toc = at / "_toc.yml"
    last = toc.read_text("utf-8").rstrip()
    toc.write_text(f"{last}\n      - file: notebooks/jupyterquiz\n", "utf-8")
    figures.said([BIN / "alongside", "book"], at)
    pages = at / "_build" / "html"
    (pages / "_headers").unlink()  # our policy would not let jupyterquiz run
    return pages


def _unpack(to: Path, at: Path) -> None:
    """The two scripts that a page with widgets asks for, from their npm packages."""
    to.mkdir(parents=True)
    for package, member in PACKED.items():
        try:
            name = figures.said(["npm", "pack", "--silent", package], at).strip().splitlines()[-1]
        except BenchmarkError as why:
            raise BenchmarkError(f"The widgets' scripts come from npm, which did not give them: {why}") from None
        with tarfile.open(at / name) as archive:
            found = archive.extractfile(f"package/{member}")
            if found is None:
                raise BenchmarkError(f"{package} holds no {member}.")
            (to / Path(member).name).write_bytes(found.read())


def _notebook(title: str, code: str) -> dict[str, Any]:
    return {
        "cells": [
            {"cell_type": "markdown", "id": "title", "metadata": {}, "source": title},
            {
                "cell_type": "code",
                "id": "quiz",
                "metadata": {"tags": ["hide-input"]},
                "execution_count": None,
                "outputs": [],
                "source": code,
            },
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
