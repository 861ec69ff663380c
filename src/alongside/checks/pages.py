"""Checks of the book's pages: can they be read, do they lead on, do they warn before what is hard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ..errors import Place, Problem
from . import prose
from .check import check
from .course import Course, item_texts
from .markdown import Block, Page

HARD = {
    "suicide": re.compile(r"\bsuicid\w*", re.I),
    "self-harm": re.compile(r"\bself-(?:harm|injur)\w*", re.I),
    "overdose": re.compile(r"\boverdos\w*", re.I),
    "restraint": re.compile(r"\brestrain(?:t|ts|ed|ing)?\b", re.I),
    "psychosis": re.compile(r"\bpsycho(?:sis|ses|tic)\b", re.I),
    "abuse": re.compile(r"\babus(?:e|es|ed|ive|ing)\b", re.I),
}
# The name of a line or a body, as in “988 Suicide & Crisis Lifeline” or “Substance Abuse and Mental Health …”.
NAMED = re.compile(r"(?:[A-Z0-9][\w'’]*[ \n](?:and |& |of |for )?){1,6}(?:Lifeline|Line|Helpline|Hotline|Administration)\b")
HTML_OR_WEB = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#)", re.I)


@check(
    "Every chapter reads at grade 8 or lower, and each of its sections at grade 9 or lower.",
    do="Shorten sentences, the longest first; then long words that have a short neighbour.",
    reason="Many read on a phone, after work, in a second language; none of them should have to read a line twice.",
)
def every_chapter_reads_easily(course: Course) -> Iterator[Problem]:
    """Grade the running text of chapters and other pages: no headings, no tables. A section under 100 words is not graded."""
    for page in course.pages:
        if not page.path.is_relative_to(course.book):
            continue
        texts = _running(page.blocks)
        if len(prose.words(texts)) > course.limits.section_words:
            grade = prose.grade(texts)
            if grade > course.limits.grade:
                yield Problem(Place(page.path), f"The page reads at grade {grade:.1f}.", "")
        for line, title, blocks in page.sections():
            texts = _running(blocks)
            if len(prose.words(texts)) > course.limits.section_words:
                grade = prose.grade(texts)
                if grade > course.limits.section_grade:
                    yield Problem(Place(page.path, line), f"“{title}” reads at grade {grade:.1f}.", "")


@check(
    "Every link between pages leads somewhere.",
    do="Mend the path; it begins at the page that it stands on.",
    reason="A dead link is a promise broken in the middle of a thought.",
)
def every_link_leads_somewhere(course: Course) -> Iterator[Problem]:
    """Follow links and images to files; links to the web are left alone, and a page's own labels to the book's build."""
    for page in [*course.pages, *course.beside]:
        for found in [*page.links, *page.images]:
            target = unquote(found.name).partition("#")[0]
            if not target or HTML_OR_WEB.match(found.name):
                continue
            base = course.root if target.startswith("/") else page.path.parent
            if not (base / target.lstrip("/")).exists():
                yield Problem(Place(page.path, found.line), f"There is no {target}.", "")


@check(
    "Every image has words for those who do not see it.",
    do="Say in the brackets what the picture says.",
    reason="A screen reader reads the words or, without them, the name of the file.",
)
def every_image_has_words(course: Course) -> Iterator[Problem]:
    """Look for alternative text."""
    for page in [*course.pages, *course.beside]:
        for found in page.images:
            if not found.more.strip():
                yield Problem(Place(page.path, found.line), f"{found.name or 'An image'} has none.", "")


@check(
    "Every page that touches a hard subject opens with a content note.",
    do="Put a content-note directive at the top that says what is there and how to skip it, and list it under notes:.",
    reason="People choose when to meet these things; the page should let them.",
)
def every_hard_subject_has_a_content_note(course: Course) -> Iterator[Problem]:
    """Look for suicide, self-harm, overdose, restraint, psychosis and abuse on pages, and in a chapter's items.

    The names of lines and bodies do not count. A page that says `notes: []` has been looked at and only gives such lines, or
    names the words; a chapter cannot say so. Two things are asked for: a `content-note` directive that no such word
    comes before, and an entry of `notes` that names the subject.
    """
    chapters = {course.bank.path(chapter): chapter for chapter in course.chapters}
    for page in course.pages:
        notes = _notes(page)
        if notes == [] and page.path not in chapters:
            continue
        note = min((found.line for found in page.directives if found.name == "content-note"), default=None)
        early = [(line, word) for _, line, word in _subjects(page) if note is None or note > line]
        if early:
            said = ", ".join(f"“{word}”" for _, word in sorted(early))
            yield Problem(Place(page.path, min(early)[0]), f"No content note stands before {said}.", "")
        for subject, line, word in _subjects(page):
            if note is not None and note < line and not any(HARD[subject].search(str(each)) for each in notes or ()):
                yield Problem(Place(page.path, line), f"“{word}” stands here, and {subject} is not under notes:.", "")
    for item in course.items:
        chapter = course.chapter(item.chapter)
        for keys, text in item_texts(item) if chapter else ():
            for subject, pattern in HARD.items():
                match = pattern.search(NAMED.sub("", text))
                if match and chapter and not any(pattern.search(note) for note in chapter.notes):
                    place = course.place_of(course.place(item, *keys), match[0])
                    what = f"“{match[0]}” stands here, and {subject} is not among the notes of {chapter.id}."
                    yield Problem(place, what, "List it under notes: in the chapter's front matter.")


def _subjects(page: Page) -> Iterator[tuple[str, int, str]]:
    """The first mention of each hard subject, outside of content notes: the subject, the line, the word."""
    for subject, pattern in HARD.items():
        for block in page.blocks:
            text = NAMED.sub(lambda match: re.sub(r"[^\n]", "·", match[0]), block.text)
            if block.within != "content-note" and (match := pattern.search(text)):
                yield subject, block.line + text.count("\n", 0, match.start()), match[0]
                break


def _notes(page: Page) -> list[object] | None:
    notes = page.says.get("notes")
    return notes if isinstance(notes, list) else None


def _running(blocks: list[Block]) -> str:
    return "\n".join(prose.closed(block.text) for block in blocks if block.kind == "text")
