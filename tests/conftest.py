"""The book built once, served, and a browser to open it in."""

from __future__ import annotations

import contextlib
import shutil
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from alongside.bank import Bank
from alongside.build import build_book
from alongside.serve import open_server

from . import chromium

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def bank() -> Bank:
    return Bank(ROOT / "quizzes")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book's pages, built from nothing."""
    copy = tmp_path_factory.mktemp("course")
    for name in ("book", "notebooks", "quizzes"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, copy / name)
    with warnings.catch_warnings():  # the book's own warnings are errors all the same; these are its libraries'
        warnings.simplefilter("ignore")
        return build_book(copy)


@contextlib.contextmanager
def serving(folder: Path, prefix: str = "/") -> Iterator[str]:
    """The address at which a folder is served for as long as the block lasts."""
    server = open_server(folder, 0, prefix)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as at:
        yield at


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.find()
    if program is None:
        pytest.fail(chromium.ADVICE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test where it asks for another machine, throws, or breaks the policy of its headers."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    left = "net::ERR_ABORTED"  # what was still on its way when the reader went on
    opened.on(
        "requestfailed", lambda asked: None if asked.failure == left else wrong.append(f"failed: {asked.url} {asked.failure}")
    )
    opened.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    yield opened
    opened.close()
    assert not wrong, "\n".join(wrong)
