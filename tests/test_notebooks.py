"""The stored notebooks: run, clean, current; and what nbval alone would let pass."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys

import pytest

from alongside import example, notebooks
from alongside.bank import Bank

from .conftest import ROOT

REAL = Bank(ROOT / "quizzes")
ALL = sorted((ROOT / "notebooks").glob("*.ipynb"))
STORED = [path for path in ALL if path.stem not in notebooks.KEPT]


def read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_stored_notebook_was_run_and_keeps_no_widget_state(path):
    assert notebooks.unrun(read(path), quiz=path in STORED) is None


def test_every_form_has_its_notebook_and_it_is_current():
    assert list(notebooks.stale(REAL, REAL.quizzes, ROOT / "notebooks")) == [], "Type: alongside notebooks"


def test_the_example_record_is_current():
    assert list(example.stale(REAL, ROOT / "notebooks" / "example-record.jsonl")) == [], "Type: alongside notebooks"


def test_a_notebook_that_is_kept_by_hand_keeps_its_text_when_it_is_run_anew(tmp_path):
    path = tmp_path / "my-record.ipynb"
    shutil.copy(ROOT / "notebooks" / "my-record.ipynb", path)
    example.write(REAL, tmp_path / "example-record.jsonl")
    shutil.copytree(ROOT / "quizzes", tmp_path / "quizzes")
    shutil.copytree(ROOT / "book", tmp_path / "book")
    before = path.read_text("utf-8")
    assert list(notebooks.run_kept(tmp_path)) == [path]
    assert path.read_text("utf-8") == before


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_no_code_cell_or_printed_line_shows_a_key(path):
    notebook = read(path)
    said = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    said += "".join(
        "".join(output.get("text", [])) + "".join(output.get("data", {}).get("text/plain", []))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    )
    for item in REAL.items_of(REAL.form(path.stem)):
        for name, option in item.options.items():
            assert name not in said
            assert option.why not in said


def spoil_never_run(cells, notebook):
    for cell in cells:
        cell["execution_count"], cell["outputs"] = None, []


def spoil_widget_state(cells, notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


def spoil_error(cells, notebook):
    cells[0]["outputs"].append({"output_type": "error", "ename": "E", "evalue": "", "traceback": []})


def spoil_warning(cells, notebook):
    cells[0]["outputs"].append({"output_type": "stream", "name": "stderr", "text": ["careful"]})


def spoil_no_quiz(cells, notebook):
    cells[0]["outputs"][0]["data"].pop("text/html")


SPOILS = [spoil_never_run, spoil_widget_state, spoil_error, spoil_warning, spoil_no_quiz]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_a_spoilt_notebook_is_found(spoil):
    notebook = copy.deepcopy(read(STORED[0]))
    spoil([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], notebook)
    assert notebooks.unrun(notebook)


def nbval(folder):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "notebooks"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def course(tmp_path):
    """A copy of the course that a test may spoil."""
    for name in ("quizzes", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("what", ["key", "text", "why", "points"])
def test_nbval_fails_when_a_key_a_text_or_a_point_changes(course, what):
    form = REAL.form(STORED[0].stem)
    one = next(item for item in REAL.items_of(form) if item.scale == "appropriateness")
    path = course / "quizzes" / "items" / one.chapter / f"{one.id}.yml"
    text = path.read_text("utf-8")
    if what == "points":
        path = course / "quizzes" / "scales.yml"
        text = path.read_text("utf-8")
        changed = text.replace(
            "appropriate: {appropriate: 2, very-appropriate: 1}", "appropriate: {appropriate: 3, very-appropriate: 1}"
        )
    elif what == "key":
        changed = text.replace("key: appropriate\n", "key: very-appropriate\n", 1)
    elif what == "text":
        changed = text.replace("text: ", "text: Now ", 1)
    else:
        changed = text.replace("why: >\n      ", "why: >\n      Well, ", 1)
    assert changed != text
    path.write_text(changed, "utf-8")
    run = nbval(course)
    assert run.returncode == 1, run.stdout
