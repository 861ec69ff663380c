"""A reader in each engine, and the book as a folder."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alongside import offline

from . import needs
from .firefox import Firefox
from .walk import Walk
from .webkit import WebKit


@pytest.fixture(params=[Firefox, WebKit], ids=["firefox", "webkit"])
def sit_down(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Walk]]:
    """Opens a browser of one engine with an empty profile, each time as on a device of its own; nothing may go wrong in it."""
    if said := list(needs.missing()):
        pytest.fail("\n".join(said))
    with contextlib.ExitStack() as devices:
        wrong: list[Any] = []

        def another() -> Walk:
            folder = tmp_path / f"device-{len(wrong)}"
            folder.mkdir()
            browser = request.param(folder)
            devices.callback(browser.close)
            wrong.append(browser.wrong)
            return Walk(browser)

        yield another
        said = [each for tell in wrong for each in tell()]
        assert not said, "\n".join(said)


@pytest.fixture
def walk(sit_down: Callable[[], Walk]) -> Walk:
    return sit_down()


@pytest.fixture(scope="session")
def folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course unzipped, as somebody has it from a stick."""
    to = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(offline.write_zip(site, to / "site.zip")) as archive:
        archive.extractall(to / "course")
    return to / "course"
