"""Checks of files and names: can each be read, is it where it belongs, does what it names exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import Place, Problem
from ..frozen import frozen_path
from ..models import Item
from .check import check
from .course import Course

# A question's number or type, not its situation.
NUMBERED = re.compile(r"(?:^|-)(?:q|item|question|scene|case|test|ex)?-?\d+(?:-|$)")
TYPED = re.compile(r"^(?:q|item|question|scene|quiz|test|mc|mcq|sjt|appropriateness|best|most-least|rank|several|recall)(?:-|$)")
_WORTH = """
    good bad best worst better worse right wrong correct incorrect poor sound ideal perfect helpful unhelpful appropriate
    inappropriate key keyed answer distractor a b c d e one two three four five first second third option
    great fits drift
"""
WORTH = frozenset(_WORTH.split())


@check(
    "Every file can be read.",
    do="Mend what the line says; nothing else about this file is certain until then.",
    reason="A file that cannot be read is a scene that nobody sees.",
)
def every_file_can_be_read(course: Course) -> Iterator[Problem]:
    """Hand on what could not be read."""
    yield from course.unread


@check(
    "Every text file ends with a new line.",
    do="Press Enter at the end of the last line, and save.",
    reason="Without it the next change shows as two, and a reviewer looks at the wrong one.",
)
def every_text_file_ends_with_a_new_line(course: Course) -> Iterator[Problem]:
    """Look at the last character."""
    for path, text in course.texts.items():
        if text and not text.endswith("\n"):
            yield Problem(Place(path, text.count("\n") + 1), "The last line has no end.", "")


@check(
    "No text file holds a tab.",
    do="Put spaces in its place; most editors can be set to do so.",
    reason="A tab is as wide as each reader's editor likes, and YAML refuses it where it matters.",
)
def no_text_file_holds_a_tab(course: Course) -> Iterator[Problem]:
    """Look at each line once; a file that a tab keeps from being read is reported there."""
    unread = {problem.place.path for problem in course.unread}
    for path, text in course.texts.items():
        for number, row in enumerate(text.split("\n"), start=1):
            if "\t" in row and path not in unread:
                yield Problem(Place(path, number), "There is a tab in this line.", "")


@check(
    "Every id names its situation, not its number, its type or its chapter.",
    do="Rename the file after what happens in it, as in missed-group, and mend the form.",
    reason="A trainee sees the name in links, and a number or a topic gives the answer a place to hide.",
)
def every_id_names_its_situation(course: Course) -> Iterator[Problem]:
    """Look at file names of items and forms, which are their ids."""
    for item in course.items:
        topics = (item.chapter, item.value, item.objective, item.setting)
        if NUMBERED.search(item.id) or TYPED.match(item.id) or item.id in topics:
            yield Problem(course.place(item), f"“{item.id}” says what kind of item this is, not what happens.", "")
    for form in course.forms:
        if re.fullmatch(r"(?:form|quiz)?-?\d*", form.id):
            yield Problem(course.place(form), f"“{form.id}” says nothing of what the form is for.", "")


@check(
    "Every option id names the act.",
    do="Name what is done in it, as in second-chair.",
    reason="Ids are in the page's source, and an id that judges gives the key away.",
)
def every_option_id_names_the_act(course: Course) -> Iterator[Problem]:
    """Look for words of worth, letters and numbers."""
    keys = {key for scale in course.scales.values() for key in scale.keys}
    for item in course.items:
        for name, option in item.options.items():
            parts = set(name.split("-"))
            if (
                name in keys
                or name in WORTH
                or parts <= WORTH
                or parts & {"correct", "incorrect", "distractor"}
                or (re.fullmatch(r"(?:option|opt|o|answer)?-?\d+", name) or name == option.drift)
            ):
                yield Problem(course.place(item, "options", name), f"“{name}” says what the option is worth, or nothing.", "")


@check(
    "Every item that is named exists.",
    do="Mend the name, or write the item.",
    reason="A quiz with a hole in it does not open.",
)
def every_item_that_is_named_exists(course: Course) -> Iterator[Problem]:
    """Follow forms, enemies, replacements, and the `item` and `quiz` directives of pages."""
    known = course.present
    forms = {path.stem for path in course.bank.folder.glob("forms/*.yml")}
    for form in course.forms:
        for number, name in enumerate(form.items):
            place = course.place(form, "items", str(number))
            if name not in known:
                yield Problem(place, f"There is no item “{name}”.", "")
            elif name in form.items[:number]:
                yield Problem(place, f"“{name}” stands in this form twice.", "Keep one.")
    for item in course.items:
        for number, name in enumerate(item.enemies):
            if name not in known or name == item.id:
                yield Problem(course.place(item, "enemies", str(number)), f"There is no other item “{name}”.", "")
        if item.replaces == item.id or (item.replaces and item.replaces not in known | course.frozen.keys()):
            yield Problem(course.place(item, "replaces"), f"There is no other item “{item.replaces}” to replace.", "")
    for page in course.pages:
        for found in page.directives:
            if found.name == "item" and found.more not in known:
                yield Problem(Place(page.path, found.line), f"There is no item “{found.more}”.", "")
            if found.name == "quiz" and found.more not in forms:
                yield Problem(Place(page.path, found.line), f"There is no form “{found.more}”.", "")


@check(
    "One slug stands in four places.",
    do="Give the page, the form, the notebook and the trainer's page one name; `alongside notebooks` writes the notebook.",
    reason="Whoever knows the name of a chapter can then find all of it, and so can a program.",
)
def one_slug_stands_in_four_places(course: Course) -> Iterator[Problem]:
    """Follow every form that closes a chapter, and every chapter to its form."""
    for form in course.chapter_forms():
        place = course.place(form, "chapter")
        if form.chapter != form.id:
            yield Problem(place, f"The form is named {form.id}, and its chapter {form.chapter}.", "")
            continue
        for path in _places(course, form.id):
            if not path.is_file():
                yield Problem(place, f"There is no {path.relative_to(course.root).as_posix()}.", "")
    for chapter in course.chapters:
        if not course.bank.folder.joinpath("forms", f"{chapter.id}.yml").is_file():
            yield Problem(course.place(chapter), f"There is no quizzes/forms/{chapter.id}.yml.", "")


@check(
    "Every chapter, its quiz and its trainer's page are in the table of contents.",
    do="Add the missing line to _toc.yml.",
    reason="A page that is not in the table of contents cannot be reached.",
)
def every_chapter_is_in_the_table_of_contents(course: Course) -> Iterator[Problem]:
    """Look for the page, the notebook and the trainer's page in _toc.yml, and for what it names on the disk."""
    toc = Place(course.root / "_toc.yml")
    if course.chapters and not toc.path.is_file():
        yield Problem(toc, "There is no _toc.yml.", "Write one; it is the only place that knows the order.")
        return
    if any(problem.place.path == toc.path for problem in course.unread):
        return
    for form in course.chapter_forms():
        for path in _places(course, form.id) if form.id == form.chapter else ():
            name = path.relative_to(course.root).with_suffix("").as_posix()
            if name not in course.toc:
                yield Problem(toc, f"{name} is missing.", f"Add “- file: {name}”.")
    for name, place in course.toc.items():
        if not any(course.root.joinpath(name + ending).is_file() for ending in (".md", ".ipynb", "")) and name not in {
            path.relative_to(course.root).with_suffix("").as_posix()
            for form in course.chapter_forms()
            for path in _places(course, form.id)
        }:
            yield Problem(place, f"There is no file {name}.", "Mend the name, or delete the line.")


@check(
    "Every frozen item is unchanged.",
    do="Put the item back as it was, and make a new one with the line `replaces: old-id`.",
    reason="People's scores rest on it as it was when they answered it.",
)
def every_frozen_item_is_unchanged(course: Course) -> Iterator[Problem]:
    """Compare each released item's fingerprint with the one that was written when it was released."""
    for name, print_ in course.frozen.items():
        item: Item | None = course.by_id.get(name)
        if item and item.print != print_:
            yield Problem(course.place(item), f"“{name}” has been released, and is not what it was.", "")
        elif name not in course.present:
            path = frozen_path(course.bank)
            place = course.place_of(Place(path), f"{name}:")
            yield Problem(place, f"“{name}” has been released, and its file is gone.", "Put the file back.")


@check(
    "Every item is asked somewhere.",
    do="Name it in a form, or in a chapter as a warm-up; or delete it.",
    reason="What nobody is asked helps nobody, and nobody would notice that it has grown stale.",
    rule=False,
)
def every_item_is_asked_somewhere(course: Course) -> Iterator[Problem]:
    """Look in forms and pages; an item that another replaces has retired."""
    used = {name for form in course.forms for name in form.items}
    used |= {found.more for page in course.pages for found in page.directives if found.name == "item"}
    used |= {item.replaces for item in course.items if item.replaces}
    for item in course.items:
        if item.id not in used:
            yield Problem(course.place(item), f"“{item.id}” stands in no form and on no page.", "")


@check(
    "No warm-up counts in its chapter's quiz.",
    do="Take it out of the form, or show another item on the page.",
    reason="A scene whose reasons have just been read says nothing the second time.",
)
def no_warm_up_counts_in_its_chapters_quiz(course: Course) -> Iterator[Problem]:
    """Compare a chapter's `item` directives with its form."""
    for chapter in course.chapters:
        form, page = course.form_of(chapter), course.by_page.get(course.bank.path(chapter))
        for found in page.directives if page else ():
            if form and found.name == "item" and found.more in form.items:
                yield Problem(Place(page.path, found.line), f"“{found.more}” is asked in the quiz too.", "")  # type: ignore[union-attr]


def _places(course: Course, slug: str) -> list[Path]:
    return [
        course.book / f"{slug}.md",
        course.root / "notebooks" / f"{slug}.ipynb",
        course.book / "trainers" / f"{slug}.md",
    ]
