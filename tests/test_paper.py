"""The course on paper, read back from its PDF: a small course made here, and with the mark `paper` the whole book."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from alongside import page as drawn
from alongside import paper
from alongside.bank import Bank
from alongside.build import build_book

from .conftest import ROOT

TOC = """format: jb-book
root: book/index
parts:
  - caption: Begin
    chapters: [{file: book/common-room}, {file: notebooks/common-room}, {file: notebooks/a-program}]
  - caption: Look up
    chapters: [{file: book/references}, {file: book/only-live}]
  - caption: For trainers
    chapters: [{file: book/trainers/common-room}]
"""
REFLECT = (
    "\n\n:::{reflect} biscuits\nWhat did you buy, and who ate it?\n:::\n\nMore stands at [a page](https://example.org/tea).\n"
)
LIVE = "# Your list\n\n<div data-al-screen>Only on a screen.</div>\n"
REFERENCES = "# References\n\n:::{bibliography}\n:all:\n:style: plain\n:::\n"


def course(to: Path) -> Path:
    """The small project of these tests as a course that builds: with a stored quiz, references, and what is nothing on paper."""
    shutil.copytree(ROOT / "tests" / "project", to)
    shutil.copy(ROOT / "_config.yml", to)
    shutil.copy(ROOT / "book" / "mark.svg", to / "book")
    (to / "_toc.yml").write_text(TOC, "utf-8")
    (to / "book" / "references.md").write_text(REFERENCES, "utf-8")
    (to / "book" / "only-live.md").write_text(LIVE, "utf-8")
    with (to / "book" / "common-room.md").open("a", encoding="utf-8") as chapter:
        chapter.write(REFLECT)
    bank = Bank(to / "quizzes")
    quiz = drawn.render(bank, bank.form("common-room"), links="../book/")
    for name, html in (("common-room", quiz), ("a-program", "<p>No quiz.</p>")):
        output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
        code = {"cell_type": "code", "id": "b", "execution_count": 1, "metadata": {}, "source": "quiz", "outputs": [output]}
        head = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Quiz: The common room\n\nPress *Check*."}
        about = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
        notebook = {"cells": [head, code], "metadata": about, "nbformat": 4, "nbformat_minor": 5}
        (to / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    return to


@dataclass
class Printed:
    bank: Bank
    path: Path
    reader: PdfReader
    pages: list[str]  # each page's text without its spaces

    @property
    def outline(self):
        """Level, title and page of each bookmark."""
        return list(entries(self.reader, self.reader.outline, 1))

    def number(self, title):
        return next(number for _, name, number in self.outline if name == title)


def entries(reader, outline, level):
    for each in outline:
        if isinstance(each, list):
            yield from entries(reader, each, level + 1)
        else:
            yield level, each.title, reader.get_destination_page_number(each) + 1


def tight(text):
    return re.sub(r"\s", "", text)


def read(bank, path):
    reader = PdfReader(path)
    return Printed(bank, path, reader, [tight(page.extract_text()) for page in reader.pages])


@pytest.fixture(scope="session")
def small_site(tmp_path_factory):
    root = course(tmp_path_factory.mktemp("small") / "course")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return build_book(root)


def printed_small(site, to, **options):
    bank = Bank(site.parent.parent / "quizzes")
    return read(bank, paper.write(bank, site, to, **options))


@pytest.fixture(scope="session")
def small(small_site, tmp_path_factory):
    return printed_small(small_site, tmp_path_factory.mktemp("paper") / "small.pdf")


@pytest.fixture(scope="session", params=["small", pytest.param("whole", marks=pytest.mark.paper)])
def printed(request, tmp_path_factory):
    if request.param == "small":
        return request.getfixturevalue("small")
    site, bank = request.getfixturevalue("site"), request.getfixturevalue("bank")
    return read(bank, paper.write(bank, site, tmp_path_factory.mktemp("whole") / "alongside.pdf"))


WORDS = Bank(ROOT / "quizzes").says["paper"]
SHEETS, KEYS, FIRST = WORDS["sheets"], WORDS["reasons"], WORDS["how"]


def forms(printed):
    return [printed.bank.form(name) for name in printed.bank.form_paths]


def items(printed):
    """Every item that stands on a page of the book: those of its forms, and its warm-ups."""
    warm_ups = re.findall(r":::\{item\} (\S+)", "".join(path.read_text("utf-8") for path in printed.bank.book.glob("*.md")))
    names = [*dict.fromkeys([*warm_ups, *(name for form in forms(printed) for name in form.items)])]
    assert len(names) > len(warm_ups) > 0
    return [printed.bank.item(name) for name in names]


def test_every_scene_and_option_is_on_its_form(printed):
    pages = printed.pages[: printed.number(SHEETS) - 1]
    for item in items(printed):
        scene = [tight(line) for line in item.scene.split("\n")]
        whole = [page for page in pages if all(line in page for line in scene)]
        assert whole, item.id
        assert tight(item.ask) in whole[0]
        for option in item.options.values():
            assert tight(option.text) in whole[0], (item.id, option.text)


def test_no_key_or_reason_stands_before_the_appendix_and_all_of_them_in_it(printed):
    before = "\n".join(printed.pages[: printed.number(KEYS) - 1])
    after = printed.pages[printed.number(KEYS) - 1 :]
    for item in items(printed):
        for option in item.options.values():
            assert tight(option.why) not in before, (item.id, option.text)
            says = [tight(option.why), tight(WORDS["key"].format(key=printed.bank.scale_of(item).keys[option.key]))]
            if option.drift:
                drift = printed.bank.drift(option.drift)
                says += [tight(drift.title), tight(drift.instead)]
            assert any(all(words in page for words in says) for page in after), (item.id, option.text)
    assert tight(WORDS["key"].split("{")[0]) not in before.replace("Ourkey:", "")


def test_each_quiz_has_an_answer_sheet_with_a_row_for_every_option(printed):
    starts = [each for each in printed.outline if printed.number(SHEETS) <= each[2] < printed.number(KEYS) and each[0] == 2]
    assert len(starts) == len(forms(printed))
    assert [each[2] for each in starts] == list(range(printed.number(SHEETS), printed.number(KEYS))), "one page each"
    for form in forms(printed):
        (number,) = [number for _, title, number in starts if title.replace("’", "'").endswith(form.title)]
        text = printed.reader.pages[number - 1].extract_text()
        rows = re.findall(r"^\s*([A-E])\s*$", text, re.MULTILINE)
        assert len(rows) == sum(len(item.options) for item in printed.bank.items_of(form)), form.id


def test_the_outline_is_the_table_of_contents_and_its_pages_are_right(printed):
    listed = "".join(printed.pages[1 : printed.number(FIRST)])
    told = [each for each in printed.outline if each[0] <= 2]
    for _, title, number in told:
        assert tight(title) in printed.pages[number - 1], title
    furniture = tight(foot(printed))
    listed = re.sub(rf"{re.escape(furniture)}\d+", "", listed)
    assert "".join(tight(f"{title}{number}") for _, title, number in told) in listed


def foot(printed):
    return printed.reader.pages[1].extract_text().strip().split("\n")[-1].rsplit(" ", 1)[0]


def test_links_within_the_book_say_the_page_that_they_lead_to(small):
    page = small.pages[small.number("A small course") - 1]
    assert f"thecommonroom(page{small.number('The common room')})" in page
    assert f"itsquiz(page{small.number('Quiz: The common room')})" in page
    assert "apage(https://example.org/tea)" in "".join(small.pages)


def test_what_only_a_screen_can_use_is_left_out(printed):
    text = "".join(printed.pages)
    for words in ("Kept on this device, for you", "Check the whole quiz", "Which way you leaned", "from alongside import", "Up↓"):
        assert tight(words) not in text
    titles = [title for _, title, _ in printed.outline]
    assert not {"Your list", "No quiz."} & set(titles)
    assert len(titles) > 9


def test_pages_for_trainers_come_only_where_they_are_asked_for(small, small_site, tmp_path):
    assert "Thenmaketea" not in "".join(small.pages)
    with_trainers = printed_small(small_site, tmp_path / "trainers.pdf", trainers=True)
    assert "Thenmaketea" in "".join(with_trainers.pages)
    assert "For trainers" in [title for _, title, _ in with_trainers.outline]


def test_no_page_is_blank_and_every_one_has_help_and_its_number(printed):
    furniture = tight(foot(printed))
    assert "988" in furniture
    for number, page in enumerate(printed.pages[1:], start=2):
        assert page.endswith(f"{furniture}{number}"), number
        assert len(page) > len(furniture) + 40, number


def test_the_paper_is_letter_unless_a4_is_asked_for(printed, small_site, tmp_path):
    assert {tuple(map(round, page.mediabox[2:])) for page in printed.reader.pages} == {(612, 792)}
    other = printed_small(small_site, tmp_path / "a4.pdf", paper="A4")
    assert {tuple(map(round, page.mediabox[2:])) for page in other.reader.pages} == {(595, 842)}


def test_the_same_course_gives_the_same_bytes(small, small_site, tmp_path):
    elsewhere = shutil.copytree(small_site.parent.parent, tmp_path / "elsewhere")
    again = printed_small(elsewhere / "_build" / "html", tmp_path / "again.pdf")
    assert again.path.read_bytes() == small.path.read_bytes()


def test_every_font_is_embedded(printed):
    fonts = {}
    for page in printed.reader.pages:
        for font in page["/Resources"].get_object().get("/Font", DictionaryObject()).values():
            fonts[font.get_object()["/BaseFont"]] = font.get_object()
    assert len(fonts) >= 2
    for name, font in fonts.items():
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), name
        assert "Course-Sans" in name, f"{name} is not the course's own: some letter is missing there"


def tags(node):
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        for each in node:
            yield from tags(each)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node["/S"], node
        yield from tags(node.get("/K"))


def test_the_structure_is_tagged_with_headings_in_steps(printed):
    root = printed.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert printed.reader.metadata.title
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    found = list(tags(root["/StructTreeRoot"]))
    levels = [int(name[2]) for name, _ in found if re.fullmatch(r"/H[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    scenes = sum(len(form.items) for form in forms(printed))
    assert len(levels) > 2 * scenes  # each scene has one, and one again in the appendix
    names = {name for name, _ in found}
    assert {"/P", "/L", "/LI", "/LBody", "/Table", "/TH", "/TD", "/Link"} <= names
    assert not [node for name, node in found if name == "/Figure" and not node.get("/Alt")]


def run(*words, **env):
    command = [sys.executable, "-m", "alongside.cli", "paper", *words]
    given = {**os.environ, **env}
    return subprocess.run(command, capture_output=True, text=True, env=given, check=False, timeout=120)


def test_without_pango_it_says_what_is_missing_and_what_to_do(small_site, tmp_path):
    broken = tmp_path / "weasyprint"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = run("--bank", str(small_site.parent.parent), "-o", str(tmp_path / "x.pdf"), PYTHONPATH=path)
    assert done.returncode == 1
    for words in ("Pango", "libpango-1.0-0", "apt-get install", "brew install"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_the_command_builds_and_prints(small, small_site, tmp_path):
    done = run("--bank", str(small_site.parent.parent), "-o", str(tmp_path / "in" / "book.pdf"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "in" / "book.pdf").read_bytes() == small.path.read_bytes()
    assert str(tmp_path / "in" / "book.pdf") in done.stdout
