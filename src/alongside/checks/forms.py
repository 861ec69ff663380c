"""Checks of a form as a whole: that no one rule solves it, and that it asks what its chapter teaches.

A share is judged from six items on; of fewer, one item more or less would decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Problem
from ..models import Form, Option
from . import prose
from .check import check
from .course import Asked, Course, best, length, wrong

# An act that asks or offers: “Ask her…”, “…, and see if he'd like…”, “Let them know that you're free”. Not “as he asked”,
# not “if she asks”, not “without asking”, not “accept the offer”.
WARM = re.compile(
    r"(?<!don't )(?<!don’t )(?<!not )(?<!who )(?<!they )(?<!you )(?<!the )(?<!his )(?<!her )(?<!their )(?<!an )(?<!that )"
    r"\b(?:ask|offer|invite|wonder|propose|check (?:if|whether|with|what|how|in)|see (?:if|whether|what|how|which)"
    r"|find out (?:if|whether|what|how|which)|suggest (?:that )?(?:she|he|they|you)"
    r"|let (?:her|him|them|[A-Z]\w+) know (?:that )?you(?:'re|’re| are|'d|’d|'ll|’ll| can| could) "
    r"|(?:would|do|does|could|can|shall) (?:she|he|they|you|we|it) \w+[^.]*\?)\b|\?",
)


def is_warm(option: Option) -> bool:
    """Whether an option asks or offers something: a question, or one of the verbs that make one."""
    return bool(WARM.search(option.text[:1].lower() + option.text[1:]))


@check(
    "The best option is the longest in at most a third of a form's items.",
    do="Cut words from some best options, or give a wrong one the same care.",
    reason="“Choose the longest” must not be a way to pass.",
)
def the_best_option_is_seldom_the_longest(course: Course) -> Iterator[Problem]:
    """Of items with one best option, count those in which it has more words than any other."""
    for form, asked in _judged(course):
        names = _longest(asked)
        single = [item for item, scale in asked if len(best(item, scale)) == 1]
        if len(single) >= course.limits.few and len(names) > course.limits.longest_best * len(single):
            what = f"It is the longest in {len(names)} of {len(single)} items: {', '.join(names)}."
            yield Problem(course.place(form, "items"), what, "")


@check(
    "No place in the list holds too many of the best options.",
    do="Rename an option of one of these items: the order in which options are shown comes from their ids.",
    reason="“Choose the first” must not be a way to pass.",
)
def no_place_holds_too_many_best_options(course: Course) -> Iterator[Problem]:
    """Hold each place to half of the form's items that have one best option and the same number of options.

    From six such items on. With several counts of options, first and last place are also held to half of all, so that a form
    of few items a count is judged too.
    """
    for form, asked in _judged(course):
        places: dict[str, tuple[int, int]] = {}
        for item, scale in asked:
            if len(top := best(item, scale)) == 1:
                places[item.id] = item.shown.index(top[0]), len(item.shown)
        groups: dict[str, tuple[list[str], list[str]]] = {}
        for size in sorted({size for _, size in places.values()}):
            same = [name for name in places if places[name][1] == size]
            for place in range(size):
                groups[f"Place {place + 1} of {size}"] = [name for name in same if places[name][0] == place], same
        if len({size for _, size in places.values()}) > 1:
            groups["The first place"] = [name for name in places if places[name][0] == 0], list(places)
            groups["The last place"] = [name for name in places if places[name][0] == places[name][1] - 1], list(places)
        for where, (there, same) in groups.items():
            if len(same) >= course.limits.few and len(there) > course.limits.one_place * len(same):
                what = f"{where} holds {len(there)} of {len(same)}: {', '.join(there)}."
                yield Problem(course.place(form, "items"), what, "")


@check(
    "At least a third of a form's wrong options are warm questions or offers.",
    do="Let some drifts ask kindly, or offer something.",
    reason="“Choose the one that asks the person” must fail often, as it does at work.",
)
def warm_questions_are_often_wrong(course: Course) -> Iterator[Problem]:
    """Count options that slide, and those of them that ask or offer (see `is_warm`)."""
    for form, asked in _judged(course):
        slide = [option for item, scale in asked for option in wrong(item, scale).values()]
        warm = sum(map(is_warm, slide))
        if slide and warm < course.limits.warm_wrong * len(slide):
            yield Problem(course.place(form, "items"), f"{warm} of {len(slide)} wrong options ask or offer.", "")


@check(
    "At least a third of a form's best options are plain statements or acts.",
    do="Let what fits be something said or done, at times an awkward one.",
    reason="Peer support is more than asking; sometimes the thing to do is to carry the other end of the table.",
)
def plain_acts_are_often_best(course: Course) -> Iterator[Problem]:
    """Count best options, and those of them that neither ask nor offer (see `is_warm`)."""
    for form, asked in _judged(course):
        top = [item.options[name] for item, scale in asked for name in best(item, scale)]
        plain = sum(not is_warm(option) for option in top)
        if top and plain < course.limits.plain_best * len(top):
            yield Problem(course.place(form, "items"), f"{plain} of {len(top)} best options are plain.", "")


@check(
    "At least half of a form's items are rated, ranked, or marked most and least.",
    do="Put some of its items on one of these scales.",
    reason="They ask for judgement of every option; choosing one can be done by striking out.",
)
def half_of_every_form_is_judgement(course: Course) -> Iterator[Problem]:
    """Count items on scales that are `judged`."""
    for form, asked in _judged(course):
        count = sum(scale.judged for _, scale in asked)
        if count < course.limits.judged * len(asked):
            yield Problem(course.place(form, "items"), f"{count} of {len(asked)} are.", "")


@check(
    "At most one in ten of a form's items asks for recall.",
    do="Turn one of them into a scene in which the fact has to be used.",
    reason="What a trainee can look up is not what they will need at the door.",
)
def few_items_ask_for_recall(course: Course) -> Iterator[Problem]:
    """Count items with `recall: true`; one is let pass in a form of any length."""
    for form in course.forms:
        names = [name for name in form.items if name in course.by_id and course.by_id[name].recall]
        if len(names) > max(1, course.limits.recall * len(form.items)):
            what = f"{len(names)} of {len(form.items)} do: {', '.join(names)}."
            yield Problem(course.place(form, "items"), what, "")


@check(
    "No form holds items that give each other away.",
    do="Take one of the two out of the form.",
    reason="One item's reason may be the other one's answer.",
)
def no_form_holds_enemies(course: Course) -> Iterator[Problem]:
    """Look for pairs of `enemies`, whichever of them says so, and for an item beside the one that it replaces."""
    for form in course.forms:
        for number, name in enumerate(form.items):
            item = course.by_id.get(name)
            for other in [*item.enemies, item.replaces] if item else ():
                if other in form.items:
                    place = course.place(form, "items", str(number))
                    yield Problem(place, f"“{name}” and “{other}” must not stand together.", "")


@check(
    "Every chapter's form has at least 14 items, and a mixed set at least 12.",
    do="Write more; the settings that the bank lacks are a good place to look.",
    reason="With fewer, a score is mostly chance, and no drift is met five times.",
)
def every_chapter_form_has_enough_items(course: Course) -> Iterator[Problem]:
    """Count items; a set is mixed if its chapter names no value."""
    for form in course.chapter_forms():
        chapter = course.chapter(form.chapter)
        mixed = chapter is not None and chapter.value is None
        if len(form.items) < (course.limits.mixed_items if mixed else course.limits.form_items):
            yield Problem(course.place(form, "items"), f"Here are {len(form.items)}.", "")


@check(
    "Every chapter's form shows at least six drifts.",
    do="Let some wrong options slide another way.",
    reason="A profile with three kinds in it says little about which way somebody leans.",
)
def every_chapter_form_shows_six_drifts(course: Course) -> Iterator[Problem]:
    """Count kinds of drift."""
    for form in filter(course.whole, course.chapter_forms()):
        kinds = {drift for item, _ in course.asked(form) for drift in item.drifts.values()}
        if len(kinds) < course.limits.form_drifts:
            what = f"Here are {len(kinds)}: {', '.join(sorted(kinds)) or 'none'}."
            yield Problem(course.place(form, "items"), what, "")


@check(
    "Every chapter's form mixes the kinds of scale.",
    do="Put an item on each kind: rated, best, most and least, ranked, several.",
    reason="Each kind asks another sort of judgement, and a reader who is poor at one is not poor at the work.",
)
def every_chapter_form_mixes_scales(course: Course) -> Iterator[Problem]:
    """Count kinds of scale; the rank scales are one kind."""
    for form in filter(course.whole, course.chapter_forms()):
        kinds = {re.sub(r"-\d+$", "", item.scale) for item, _ in course.asked(form)}
        if len(kinds) < course.limits.form_scales:
            what = f"Here are {len(kinds)}: {', '.join(sorted(kinds)) or 'none'}."
            yield Problem(course.place(form, "items"), what, "")


@check(
    "Every item of a chapter's form belongs to that chapter.",
    do="Take it out, or move its file to the chapter's folder.",
    reason="“Read this part again” should lead back to the chapter that the reader has just left.",
)
def every_chapter_form_asks_its_own_items(course: Course) -> Iterator[Problem]:
    """Compare the folder of each item with the form's chapter."""
    for form in course.chapter_forms():
        for number, name in enumerate(form.items):
            item = course.by_id.get(name)
            if item and item.chapter != form.chapter:
                place = course.place(form, "items", str(number))
                yield Problem(place, f"“{name}” belongs to {item.chapter}.", "")


@check(
    "The scenes and options of a form read at grade 8 or lower.",
    do="Shorten sentences; the longest ones first.",
    reason="Some readers are tired, some read in a second language, and none of them came to be tested on reading.",
)
def every_form_reads_easily(course: Course) -> Iterator[Problem]:
    """Grade all scenes and options of a form as one text."""
    for form in filter(course.whole, course.forms):
        items = [item for item, _ in course.asked(form)]
        texts = [text for item in items for text in (item.scene, *(option.text for option in item.options.values()))]
        if texts and (grade := prose.grade("\n".join(map(prose.closed, texts)))) > course.limits.grade:
            yield Problem(course.place(form, "items"), f"They read at grade {grade:.1f}.", "")


def _judged(course: Course) -> Iterator[tuple[Form, Asked]]:
    """The forms that are long enough for a share to mean something."""
    for form in filter(course.whole, course.forms):
        asked = course.asked(form)
        if len(asked) >= course.limits.few:
            yield form, asked


def _longest(asked: Asked) -> list[str]:
    found = []
    for item, scale in asked:
        top = best(item, scale)
        others = [length(option) for name, option in item.options.items() if name not in top]
        if len(top) == 1 and others and length(item.options[top[0]]) > max(others):
            found.append(item.id)
    return found
