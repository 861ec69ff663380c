"""Builds the book with Jupyter Book, warnings as errors; knows no command line."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import shutil
from pathlib import Path

from .errors import AlongsideError
from .lines import read_yaml


class BuildError(AlongsideError):
    """The book did not build; says which pages and why."""


def build_book(root: Path, *, clean: bool = False) -> Path:
    """Build the book whose `_config.yml` stands in `root`; returns the folder of its pages.

    Raises BuildError with each warning and its file:line. The last good pages stay where the build fails early.
    """
    try:
        from jupyter_book.sphinx import build_sphinx
    except ImportError:
        raise BuildError("Jupyter Book is not installed here. Type: pip install -r requirements.txt") from None
    if not (root / "_toc.yml").is_file():
        raise BuildError(f"There is no book in {root}: it has no _toc.yml.")
    read_yaml(root / "_config.yml")  # Jupyter Book's own error would not name the file
    out = root / "_build" / "html"
    if clean:
        for folder in (out, out.parent / ".doctrees"):  # what else was made there is not ours to take away
            shutil.rmtree(folder, ignore_errors=True)
    said = io.StringIO()
    gc.disable()  # a build ends before its garbage matters, and collecting takes a tenth of it
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            status = build_sphinx(
                str(root), str(out), noconfig=True, path_config=str(root / "_config.yml"), quiet=True, warningiserror=True,
                keep_going=True, confoverrides={"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False},
            )  # fmt: skip
    finally:
        gc.enable()
    if status:
        raise BuildError("The book did not build.\n" + _readable(said.getvalue() or str(status), root))
    return out


def _readable(text: str, root: Path) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).replace(f"{root}/", "")
    return "\n".join(dict.fromkeys(line for line in plain.splitlines() if line.strip()))
