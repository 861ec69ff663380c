"""Copies of the course to build and to run in, each in a temporary folder; owns no figure."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
FORM = "mutual-respect"


def copied(to: Path) -> Path:
    """The course as an author has it, with nothing built."""
    for name in ("book", "notebooks", "quizzes"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, to / name)
    return to
