"""What is built again: a page when what it shows has changed, and no page because another's words have."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .test_paper import TOC, course


@pytest.fixture
def built(tmp_path):
    root = course(tmp_path / "course")
    (root / "book" / "coverage.md").write_text("# What is covered\n\n:::{coverage}\n:::\n", "utf-8")
    (root / "book" / "my-record.md").write_text("# My record\n\n:::{record}\n:::\n", "utf-8")
    shown = "{file: book/only-live}, {file: book/coverage}, {file: book/my-record}"
    (root / "_toc.yml").write_text(TOC.replace("{file: book/only-live}", shown), "utf-8")

    def build():
        subprocess.run([sys.executable, "-m", "alongside.cli", "book"], cwd=root, check=True, capture_output=True)
        return {path.stem: path.stat().st_mtime_ns for path in (root / "_build" / "html" / "book").glob("*.html")}

    return root, build


def changed(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path)


def test_a_page_about_chapters_is_built_again_for_what_they_say_of_themselves_and_not_for_a_word_in_them(built):
    root, build = built
    chapter = root / "book" / "common-room.md"
    first = build()
    changed(chapter, "\n# The common room\n", "\n# The common room\n\nOne more sentence.\n")
    second = build()
    assert second["common-room"] > first["common-room"]
    assert [second[name] for name in ("coverage", "my-record")] == [first[name] for name in ("coverage", "my-record")]
    changed(chapter, "title: The common room", "title: The tea room")
    third = build()
    assert third["coverage"] > second["coverage"]
    assert third["my-record"] > second["my-record"]
    assert "The tea room" in (root / "_build" / "html" / "book" / "coverage.html").read_text("utf-8")
    changed(chapter, "What did you buy, and who ate it?", "What did you buy, and why?")
    build()
    assert "and why?" in (root / "_build" / "html" / "book" / "my-record.html").read_text("utf-8")
