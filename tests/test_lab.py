"""The widget in a real JupyterLab and a real Notebook 7, driven in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from alongside import scoring
from alongside.bank import Bank
from alongside.record import Record

from .conftest import ROOT

pytestmark = pytest.mark.lab
REAL = Bank(ROOT / "quizzes")
LAB = Path(os.environ.get("ALONGSIDE_LAB", ROOT / ".venv-lab"))
FIRST = REAL.item(REAL.form("mutual-respect").items[0])
KEY = scoring.keyed(FIRST, REAL.scale_of(FIRST))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the bank and its notebook; the server may write there."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("quizzes", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


@pytest.fixture(scope="module")
def lab(course):
    """A JupyterLab server in its own environment; Notebook 7 is served beside it."""
    program = LAB / "bin" / "jupyter"
    if not program.exists():
        pytest.fail(f"{LAB} is not set up. Type: make .venv-lab/ready")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = course / "home"
    command = [
        program, "lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=",
        "--ServerApp.password=", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={course}", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"), "HOME": str(home)}
    env.pop("ALONGSIDE_BANK", None)
    with (course / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=course, env=env, stdout=log, stderr=log)
    try:
        at = f"http://127.0.0.1:{port}"
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{at}/api/status", timeout=2)
                break
            assert server.poll() is None, (course / "server.log").read_text()
            time.sleep(0.25)
        yield at
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def notebook(course):
    """Writes a notebook of code cells into the course; returns its name."""

    def write(name, *cells):
        book = {
            "cells": [
                {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
                for n, cell in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (course / "notebooks" / name).write_text(json.dumps(book), "utf-8")
        return name

    return write


@pytest.fixture
def desk(browser):
    """A desktop page on which no request may leave the machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(60_000)
    page = context.new_page()
    left = []
    page.on(
        "request", lambda asked: left.append(asked.url) if re.match(r"https?://(?!127\.0\.0\.1|localhost)", asked.url) else None
    )
    yield page
    context.close()
    assert not left


expect.set_options(timeout=60_000)


def run_all(page, lab, name, app="lab"):
    page.goto(f"{lab}/lab/tree/notebooks/{name}?reset" if app == "lab" else f"{lab}/notebooks/notebooks/{name}")
    page.locator(".jp-Notebook:visible .jp-CodeCell").first.wait_for()
    run_cells(page)


def run_cells(page):
    """Run the open notebook's cells; asks again where the kernel was not there yet, which drops the request in silence."""
    started = page.locator(".jp-Notebook:visible .jp-CodeCell .jp-InputPrompt").filter(has_text=re.compile(r"[*\d]"))
    for _ in range(15):
        with contextlib.suppress(PlaywrightTimeout):  # a dialog may ask which kernel, now or a moment later
            page.locator(".jp-Dialog button.jp-mod-accept").first.click(timeout=1_000)
        with contextlib.suppress(PlaywrightTimeout):
            page.get_by_role("menuitem", name="Run", exact=True).click(timeout=4_000)
            page.get_by_text(re.compile(r"^Run All Cells$")).first.click(timeout=4_000)
            started.first.wait_for(timeout=4_000)
            return
    pytest.fail("The cells did not run.")


def live(page):
    return page.locator(".al-quiz.al-live")


def output(page, text):
    return page.locator(".jp-OutputArea-output").filter(has_text=text)


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_quiz_is_taken_in_the_browser_and_scored_in_python(desk, lab, notebook, app):
    name = notebook(
        f"take-{app}.ipynb",
        'from alongside import Quiz\nquiz = Quiz("mutual-respect")\nquiz',
        "import ipywidgets\nseen = ipywidgets.Label()\n"
        'quiz.observe(lambda _: setattr(seen, "value", f"seen {quiz.result.total} {quiz.checked}"), ["responses", "checked"])\nseen',
    )
    run_all(desk, lab, name, app)
    quiz = live(desk)
    quiz.wait_for()
    scene = quiz.get_by_role("region", name="Scene 1 of")
    best = FIRST.options[next(iter(KEY))].text
    scene.get_by_role("radio", name=best).check()
    scene.get_by_role("button", name="Check").click()
    expect(scene.get_by_text("2 of 2 · guessing")).to_be_visible()
    expect(desk.get_by_text(f"seen 1 of 16 · guessing earns about 5.9 ['{FIRST.id}']")).to_be_visible()


def test_what_is_checked_in_the_browser_stands_in_the_record_s_file(desk, lab, notebook, course):
    name = notebook("record.ipynb", 'from alongside import Quiz\nquiz = Quiz("mutual-respect", record="mine.jsonl")\nquiz')
    run_all(desk, lab, name)
    scene = live(desk).get_by_role("region", name="Scene 1 of")
    scene.get_by_role("radio", name=FIRST.options[next(iter(KEY))].text).check()
    scene.get_by_role("button", name="Check").click()
    path = course / "notebooks" / "mine.jsonl"
    for _ in range(100):
        if path.exists():
            break
        desk.wait_for_timeout(100)
    (act,) = Record.open(path, REAL.course.iri)
    assert (act.about, act.form, dict(act.given), act.points) == (FIRST.id, "mutual-respect", dict(KEY), act.possible)


def test_python_moves_the_quiz(desk, lab, notebook):
    name = notebook(
        "moved.ipynb",
        'from alongside import Quiz\nquiz = Quiz("mutual-respect")\nquiz',
        f"quiz.responses = {{{FIRST.id!r}: {dict(KEY)!r}}}\nquiz.checked = [{FIRST.id!r}]\nprint('moved', quiz.result)",
    )
    run_all(desk, lab, name)
    expect(output(desk, "moved <Result: 1 of 16")).to_be_visible()
    scene = live(desk).get_by_role("region", name="Scene 1 of")
    expect(scene.get_by_role("radio", name=FIRST.options[next(iter(KEY))].text)).to_be_checked()
    expect(scene.get_by_text("Key: fits best")).to_be_visible()


def test_keystrokes_made_in_the_quiz_stay_in_the_quiz(desk, lab, notebook):
    name = notebook("keys.ipynb", 'from alongside import Quiz\nquiz = Quiz("mutual-respect")\nquiz', "1 + 1")
    run_all(desk, lab, name)
    live(desk).wait_for()
    output(desk, "2").first.wait_for()
    cells = desk.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(2)
    radio = live(desk).get_by_role("radio").first
    radio.focus()
    for key in ["Space", "ArrowDown", "b", "d", "d", "x", "a", "Escape", "d", "d", "ArrowDown", "Enter"]:
        desk.keyboard.press(key)
    expect(cells).to_have_count(2)
    assert desk.evaluate("document.activeElement.closest('.al-quiz') !== null")


def test_two_kernels_quizzes_on_one_page_do_not_collide(desk, lab, notebook):
    code = 'from alongside import Quiz\nquiz = Quiz("mutual-respect")\nquiz'
    names = [notebook(f"twin-{n}.ipynb", code) for n in (1, 2)]
    run_all(desk, lab, names[0])
    live(desk).wait_for()
    desk.evaluate("(path) => jupyterapp.commands.execute('docmanager:open', {path})", f"notebooks/{names[1]}")
    desk.locator(".jp-NotebookPanel:visible").filter(has=desk.locator(".jp-Toolbar")).first.wait_for()
    desk.wait_for_function("(name) => jupyterapp.shell.currentWidget?.title.label === name", arg=names[1])
    run_cells(desk)
    expect(desk.locator(".al-quiz.al-live")).to_have_count(2)
    ids = desk.evaluate("[...document.querySelectorAll('.al-quiz [id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
    desk.locator(".al-quiz.al-live:visible").get_by_role("radio").first.check()
    expect(desk.locator(".al-quiz.al-live input:checked")).to_have_count(1)


def test_the_stored_notebook_shows_its_quiz_before_it_is_run(desk, lab):
    desk.goto(f"{lab}/lab/tree/notebooks/mutual-respect.ipynb")
    stored = desk.locator(".jp-OutputArea-output").first
    expect(stored.get_by_text("Scene 1 of 16")).to_be_visible()
    expect(stored.get_by_text("The key and the reason").first).to_be_visible()
    for part in ("Which way you leaned", "{shown}", "guessing earns", "Press again"):  # the sanitiser shows what was only hidden
        expect(stored.get_by_text(part)).to_have_count(0)
    expect(desk.get_by_text("Error displaying widget")).to_have_count(0)
