"""The notebooks: one a form, written, run and stored with outputs, and those kept by hand, run anew; owns no quiz."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .bank import Bank
from .errors import AlongsideError
from .models import Form


class NotebookError(AlongsideError):
    """A notebook could not be run, or is not what the bank would make of it."""


KEPT = ("my-record",)
"""Notebooks that are written by hand: they are run anew, and their text is left as it is."""


def write(bank: Bank, forms: Iterable[str], folder: Path) -> Iterable[Path]:
    """Write, run and store a notebook for each form; yields each path as it is done."""
    folder.mkdir(exist_ok=True)
    for name in forms:
        path = folder / f"{name}.ipynb"
        _store(path, run(build(bank, bank.form(name)), folder))
        yield path


def run_kept(folder: Path) -> Iterable[Path]:
    """Run and store the notebooks that are kept by hand; yields each path as it is done."""
    for path in (folder / f"{name}.ipynb" for name in KEPT):
        if path.is_file():
            notebook = json.loads(path.read_text("utf-8"))
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
                if cell["cell_type"] == "code":
                    cell |= {"execution_count": None, "outputs": []}
            _store(path, run(notebook, folder))
            yield path


def stale(bank: Bank, forms: Iterable[str], folder: Path) -> Iterable[str]:
    """Sentences about notebooks that are not what the bank would make; what their outputs say is nbval's to hold."""
    from . import page

    for name in forms:
        path, fresh = folder / f"{name}.ipynb", build(bank, bank.form(name))
        if not path.is_file():
            yield f"{path} is not there."
            continue
        try:
            stored = json.loads(path.read_text("utf-8"))
        except ValueError as why:
            yield f"{path} is no notebook any more ({why})."
            continue
        if [_source(cell) for cell in stored["cells"]] != [_source(cell) for cell in fresh["cells"]]:
            yield f"{path} differs from its form."
        elif problem := unrun(stored):
            yield f"{path}: {problem}"
        elif page.render(bank, bank.form(name), links="../book/") not in _html(stored):
            yield f"{path} shows an older quiz."


def unrun(notebook: dict[str, Any], quiz: bool = True) -> str | None:
    """What says that a stored notebook was never run, or kept more than it should; None where it is sound.

    `quiz` is False for those that hold none.
    """
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if not all(cell["execution_count"] and cell["outputs"] for cell in code):
        return "a cell was never run."
    if any(output["output_type"] == "error" or output.get("name") == "stderr" for cell in code for output in cell["outputs"]):
        return "a cell failed or warned."
    if quiz and not any("data-al-quiz" in html for html in _html(notebook)):
        return "no quiz is stored for a page without a kernel."
    if "widgets" in notebook["metadata"]:
        return "it holds widget state."
    return None


def build(bank: Bank, form: Form) -> dict[str, Any]:
    """A form's notebook, not yet run. Raises NotebookError for a form that is no quiz: it stands on a page of the book."""
    if form.kind != "quiz":
        raise NotebookError(f"{form.id} is a {form.kind} form and has no notebook. Name one of the quizzes.")
    says = bank.says["notebook"]
    back = ""
    if form.chapter:
        back = says["closes"].format(chapter=f"[{form.title}](../book/{form.chapter}.md)") + " "
    texts = [
        ("markdown", f"# {says['title'].format(title=form.title)}\n\n{back}{says['begin']}\n\n{says['after']}", []),
        ("code", f'from alongside import Quiz\n\nquiz = Quiz("{form.id}")\nquiz', ["hide-input"]),
        ("markdown", f"## {says['record']}\n\n{says['pin']}", []),
        ("code", "print(quiz.pin())", ["hide-input"]),
    ]
    return {
        "cells": [_cell(kind, text, tags, number) for number, (kind, text, tags) in enumerate(texts, start=1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def run(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The notebook with its outputs, as a kernel of this environment gives them."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    node = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        node, timeout=120, kernel_name="python3", store_widget_state=False, record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )  # fmt: skip
    try:
        done: dict[str, Any] = client.execute(stderr=subprocess.DEVNULL)  # it warns of its own transport there
    except CellExecutionError as why:
        raise NotebookError(f"A cell failed: {why.ename}: {why.evalue}") from None
    done["metadata"] = notebook["metadata"]
    for cell in done["cells"]:
        for output in cell.get("outputs", []):  # its model id differs in each run and is dead in a stored page
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return done


def _store(path: Path, notebook: dict[str, Any]) -> None:
    beside = path.with_suffix(".ipynb.new")
    beside.write_text(dumps(notebook), "utf-8", newline="\n")
    beside.replace(path)


def dumps(notebook: dict[str, Any]) -> str:
    """A notebook as the same bytes every time."""
    import nbformat

    text: str = nbformat.writes(nbformat.from_dict(notebook))  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def _cell(kind: str, text: str, tags: list[str], number: int) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {"tags": tags} if tags else {},
        "source": text,
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _source(cell: dict[str, Any]) -> tuple[str, str]:
    return cell["cell_type"], "".join(cell["source"])


def _html(notebook: dict[str, Any]) -> list[str]:
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    return ["".join(output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
