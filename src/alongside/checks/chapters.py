"""Checks of a chapter: what it promises, that all of it is asked, and how long it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..errors import Problem
from ..models import Chapter, Item
from . import prose
from .check import check
from .course import Course

INWARD = re.compile(
    r"^(understand|know|appreciate|learn|realise|be(?:come)? (?:aware|familiar)|believe|feel|value|grasp)\b", re.I
)


@check(
    "Every chapter has three to five objectives.",
    do="Join two that are asked together, or split one that hides two.",
    reason="A reader can hold three to five things in mind; a trainer can plan an hour around them.",
)
def every_chapter_has_three_to_five_objectives(course: Course) -> Iterator[Problem]:
    """Count objectives."""
    least, most = course.limits.objectives
    for chapter in course.chapters:
        if not least <= len(chapter.objectives) <= most:
            yield Problem(course.place(chapter, "objectives"), f"Here are {len(chapter.objectives)}.", "")


@check(
    "Every objective begins with something that can be seen.",
    do="Say what the reader will do: decide, notice, ask, own, carry.",
    reason="Nobody can tell, the reader included, whether they understand; they can tell whether they decided.",
)
def every_objective_can_be_seen(course: Course) -> Iterator[Problem]:
    """Look for verbs of the inner life at its beginning."""
    for chapter in course.chapters:
        for name, objective in chapter.objectives.items():
            if found := INWARD.match(objective.text):
                place = course.place(chapter, "objectives", name, "text")
                yield Problem(place, f"“{found[0]}” cannot be seen.", "")


@check(
    "Every objective serves competencies that its chapter claims.",
    do="Add the standard to the chapter's list, or take it from the objective.",
    reason="The coverage table is made from the chapter's list; what is not in it is not counted.",
)
def every_objective_serves_its_chapter(course: Course) -> Iterator[Problem]:
    """Compare an objective's standards with the chapter's."""
    for chapter in course.chapters:
        for name, objective in chapter.objectives.items():
            for number, standard in enumerate(objective.standards):
                if standard not in chapter.standards:
                    place = course.place(chapter, "objectives", name, "standards", str(number))
                    yield Problem(place, f"The chapter does not claim {standard}.", "")


@check(
    "Every objective of a chapter is asked by an item of its form.",
    do="Write an item for it, or take the promise back.",
    reason="What is promised and not asked cannot be shown to have been learnt.",
)
def every_objective_is_asked(course: Course) -> Iterator[Problem]:
    """Compare objectives with those that the form's items name."""
    for chapter, items in _asked(course):
        asked = {item.objective for item in items}
        for name in chapter.objectives:
            if name not in asked:
                yield Problem(course.place(chapter, "objectives", name), f"No item of the form asks “{name}”.", "")


@check(
    "Every competency that a chapter claims is asked by an item of its form.",
    do="Write an item for it, or take it from the chapter's list.",
    reason="A certifying body reads the list as a claim.",
)
def every_competency_that_is_claimed_is_asked(course: Course) -> Iterator[Problem]:
    """Compare the chapter's standards with those that the form's items name."""
    for chapter, items in _asked(course):
        asked = {name for item in items for name in item.standards}
        for number, name in enumerate(chapter.standards):
            if name not in asked:
                yield Problem(course.place(chapter, "standards", str(number)), f"No item of the form asks {name}.", "")


@check(
    "Every chapter that teaches a value has 2,000 to 3,000 words.",
    do="Cut what repeats; or tell more of the scene, the dilemma or the evidence.",
    reason="It is what can be read in one sitting, with time left for the quiz.",
)
def every_chapter_has_2000_to_3000_words(course: Course) -> Iterator[Problem]:
    """Count the words that a reader sees, tables and headings too; a chapter that mixes the values is free in length."""
    least, most = course.limits.chapter_words
    for chapter in (each for each in course.chapters if each.value):
        page = course.by_page.get(course.bank.path(chapter))
        count = sum(len(prose.words(block.text)) for block in page.blocks) if page else least
        if not least <= count <= most:
            yield Problem(course.place(chapter, "title"), f"It has {count:,} words.", "")


@check(
    "Every item of a chapter that teaches a value asks that value, and a chapter that mixes them asks all.",
    do="Name the chapter's value in the item, or move the item; to a mixed set, add items for the value that is missing.",
    reason="Scores are shown by value, and a trainee goes back to the chapter whose value they missed.",
)
def every_item_asks_its_chapters_value(course: Course) -> Iterator[Problem]:
    """Compare values of items with their chapter's, and those of a mixed form with the list in standards.yml."""
    known = course.standards.values if course.standards else {}
    for chapter, items in _asked(course):
        if chapter.value:
            for item in items:
                if item.value in known and item.value != chapter.value:
                    yield Problem(course.place(item, "value"), f"The chapter is about {chapter.value}.", "")
        elif missing := [value for value in known if value not in {item.value for item in items}]:
            yield Problem(course.place(chapter, "title"), f"No item asks {', '.join(missing)}.", "")


@check(
    "Every part of the book shows each drift at least eight times.",
    do="Write options that slide that way; a drift that is thin in the report below is a good place to begin.",
    reason="A lean is said only of a drift that was met five times, and not everybody answers everything.",
)
def every_part_shows_each_drift_often(course: Course) -> Iterator[Problem]:
    """Count options by drift over the forms of the chapters that name one part; told at the part's last chapter."""
    asked = _asked_by_part(course)
    for part, (chapter, counts) in asked.items():
        rare = [f"{name} {counts[name]}" for name in course.drifts if counts[name] < course.limits.part_drift]
        if rare:
            yield Problem(course.place(chapter, "part"), f"In “{part}”: {', '.join(rare)}.", "")


def _asked_by_part(course: Course) -> dict[str, tuple[Chapter, Counter[str]]]:
    """For each part that chapters name: the last of them that has a form, and how often its items show each drift."""
    found: dict[str, tuple[Chapter, Counter[str]]] = {}
    for chapter, items in _asked(course):
        if chapter.part:
            counts = found[chapter.part][1] if chapter.part in found else Counter[str]()
            counts.update(option.drift for item in items for option in item.options.values() if option.drift)
            found[chapter.part] = (chapter, counts)
    return found


def _asked(course: Course) -> Iterator[tuple[Chapter, list[Item]]]:
    """Each chapter that has a form all of whose items could be read, and these."""
    for chapter in course.chapters:
        form = course.form_of(chapter)
        if form and course.whole(form):
            yield chapter, [item for item, _ in course.asked(form)]
