"""Checks of one item at a time: its scene, what it asks, and that what it refers to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Place, Problem
from ..models import Chapter, Item
from . import prose
from .check import check
from .course import Course

JUDGES = re.compile(r"\b(fits?|fitting|appropriate|appropriateness)\b", re.I)
WOULD = re.compile(r"\b(would|will|do|should|could|can|might) you\b|\byou(?:'d|’d| would| will| should)\b", re.I)


@check(
    "Every scene has 40 to 120 words.",
    do="Cut what decides nothing, or add the fact that decides.",
    reason="A shorter scene leaves the reader to guess; a longer one is a test of reading on a phone.",
)
def every_scene_has_40_to_120_words(course: Course) -> Iterator[Problem]:
    """Count words."""
    least, most = course.limits.scene_words
    for item in course.items:
        count = len(prose.words(item.scene))
        if not least <= count <= most:
            yield Problem(course.place(item, "scene"), f"The scene has {count} words.", "")


@check(
    "Every question asks what fits.",
    do="Ask “How appropriate is each of these…?” or “Which of these fits best…?”, and never what the reader would do.",
    reason="What people say they would do shows how they want to be seen; what fits can be thought about.",
)
def every_question_asks_what_fits(course: Course) -> Iterator[Problem]:
    """Look for a word of judgement, and for “would you” and its kin; a question of recall may ask what is so."""
    for item in course.items:
        place = course.place(item, "ask")
        if found := WOULD.search(item.ask):
            yield Problem(place, f"“{found[0]}” asks what the reader does.", "")
        elif not item.recall and not JUDGES.search(item.ask):
            yield Problem(place, "It does not say that fitness is asked for.", "")


@check(
    "Every value is one of the five.",
    do="Name one from the top of quizzes/standards.yml.",
    reason="Scores are shown by value; a value that is not one of the five would stand alone.",
)
def every_value_is_one_of_the_five(course: Course) -> Iterator[Problem]:
    """Look values of items and chapters up in standards.yml; a chapter that mixes them has none."""
    if course.standards is None:
        return
    things: list[Item | Chapter] = [*course.items, *course.chapters]
    for thing in things:
        if thing.value is not None and thing.value not in course.standards.values:
            known = ", ".join(course.standards.values)
            yield Problem(course.place(thing, "value"), f"There is no value “{thing.value}”; there are {known}.", "")


@check(
    "Every standard is known.",
    do="Name a line of quizzes/standards.yml, as in samhsa-I.4.",
    reason="A certifying body follows a competency from its document to the scene; a wrong name breaks the thread.",
)
def every_standard_is_known(course: Course) -> Iterator[Problem]:
    """Look up what items, chapters and objectives name."""
    if course.standards is None:
        return
    known = course.standards.statements
    things: list[Item | Chapter] = [*course.items, *course.chapters]
    for thing in things:
        for number, name in enumerate(thing.standards):
            if name not in known:
                yield Problem(course.place(thing, "standards", str(number)), f"There is no standard “{name}”.", "")
    for chapter in course.chapters:
        for objective, what in chapter.objectives.items():
            for number, name in enumerate(what.standards):
                if name not in known:
                    place = course.place(chapter, "objectives", objective, "standards", str(number))
                    yield Problem(place, f"There is no standard “{name}”.", "")


@check(
    "Every item rests on a core competency.",
    do="Name at least one samhsa- line beside the others.",
    reason="The core competencies are the common ground of every body that certifies; the coverage table is counted on them.",
)
def every_item_rests_on_a_core_competency(course: Course) -> Iterator[Problem]:
    """Look for a name from the first framework of standards.yml."""
    if course.standards is None or not course.standards.frameworks:
        return
    first = next(iter(course.standards.frameworks))
    for item in course.items:
        if not any(name.startswith(f"{first}-") for name in item.standards):
            yield Problem(course.place(item, "standards"), f"No {first}- line is named.", "")


@check(
    "Every setting is known.",
    do="Name one of quizzes/settings.yml, or add a line there.",
    reason="The spread of settings over the bank is counted by these names.",
)
def every_setting_is_known(course: Course) -> Iterator[Problem]:
    """Look settings up."""
    for item in course.items:
        if course.settings and item.setting not in course.settings:
            yield Problem(course.place(item, "setting"), f"There is no setting “{item.setting}”.", "")


@check(
    "Every objective is one of its chapter's.",
    do="Name one that stands at the top of the chapter's page.",
    reason="A trainee who misses the scene is told which objective to go back to.",
)
def every_objective_is_its_chapters(course: Course) -> Iterator[Problem]:
    """Compare an item's objective with the front matter of the chapter whose folder it is in."""
    unread = {problem.place.path for problem in course.unread}
    for item in course.items:
        chapter = course.chapter(item.chapter)
        if chapter and item.objective not in chapter.objectives:
            what = f"{item.chapter} has no objective “{item.objective}”; it has {', '.join(chapter.objectives)}."
            yield Problem(course.place(item, "objective"), what, "")
        elif not chapter and (page := course.book / f"{item.chapter}.md") not in unread and course.book.is_dir():
            missing = "states no objectives" if page.is_file() else "does not exist"
            what = f"Its folder is named {item.chapter}, and book/{item.chapter}.md {missing}."
            yield Problem(course.place(item), what, "Move the item, or write the page.")


@check(
    "Every reread has its section.",
    do="Write chapter#label, where the chapter's page has (label)= above a heading.",
    reason="“Read this part again” has to lead somewhere.",
)
def every_reread_has_its_section(course: Course) -> Iterator[Problem]:
    """Follow `reread` to the page and to the label on it."""
    unread = {problem.place.path for problem in course.unread}
    for item in course.items:
        name, _, label = item.reread.partition("#")
        path = course.book / f"{name}.md"
        page = course.by_page.get(path)
        if page is None and path not in unread:
            yield Problem(course.place(item, "reread"), f"There is no page book/{name}.md.", "")
        elif page and label not in page.labels:
            near = ", ".join(page.labels) or "none"
            yield Problem(course.place(item, "reread"), f"book/{name}.md has no label “{label}”; it has {near}.", "")


@check(
    "Every citation is in the references.",
    do="Mend the key, or add the work to book/references.bib if you have read it.",
    reason="A reader who wants to check a claim needs to find where it comes from.",
)
def every_citation_is_in_the_references(course: Course) -> Iterator[Problem]:
    """Follow `sources`, the frameworks' sources, and the `cite` roles of pages."""
    if course.references is None:
        return
    cited: list[tuple[Place, str]] = []
    for item in course.items:
        cited += [(course.place(item, "sources", str(number)), key) for number, key in enumerate(item.sources)]
    for page in course.pages:
        cited += [(Place(page.path, found.line), found.name) for found in page.cites]
    if course.standards:
        path = course.bank.folder / "standards.yml"
        sources = [framework.source for framework in course.standards.frameworks.values()]
        cited += [(course.place_of(Place(path), f"source: {source}"), source) for source in sources]
    for place, key in cited:
        if key not in course.references:
            yield Problem(place, f"There is no “{key}”.", "")


@check(
    "Every item names a source.",
    do="Name the guideline or study that the key rests on.",
    reason="An author's key is an opinion; its source is what lets a panel agree or differ.",
)
def every_item_names_a_source(course: Course) -> Iterator[Problem]:
    """Look for at least one."""
    for item in course.items:
        if not item.sources:
            yield Problem(course.place(item), f"“{item.id}” names no source.", "")
