"""Checks of an item's options beside one another: each with a reason, and none that gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Problem
from ..models import Item
from . import prose
from .check import check
from .course import Course, length

ABSOLUTE = re.compile(
    r"\b(always|(?<!have )(?<!has )(?<!had )(?<!'ve )(?<!’ve )(?<!'d )(?<!’d )never|at all times|no matter what"
    r"|must (?:never|not|always)|every single|(?:all|none|both|any) of (?:the above|these|them above))\b",
    re.I,
)
NOT = r"(?:not|never|no one|nobody|nothing|without|cannot|[a-z]+n['’]t)"
DOUBLE = re.compile(
    rf"\b{NOT}\b[^.,;:!?]{{0,40}}?\b(?:not|never|no one|nobody|nothing|without|unless|[a-z]+n['’]t"
    r"|un(?:able|aware|common|fair|happy|helpful|important|kind|likely|necessary|reasonable|usual|welcome|willing)"
    r"|in(?:appropriate|correct|considerate|sensitive)|dis(?:agree|like|respectful))\b",
    re.I,
)


@check(
    "Every item has three to five options.",
    do="Add one that a good peer might choose, or take out the one that nobody would.",
    reason="Two can be guessed, and six are more than a phone or a tired reader can hold side by side.",
)
def every_item_has_three_to_five_options(course: Course) -> Iterator[Problem]:
    """Count options."""
    least, most = course.limits.options
    for item in course.items:
        if not least <= len(item.options) <= most:
            yield Problem(course.place(item, "options"), f"Here are {len(item.options)}.", "")


@check(
    "Every option says why, in one to three sentences.",
    do="Say to the reader what this does to the person and to the relationship; two sentences are usual.",
    reason="The reasons are where a trainee learns; the points only show where to look.",
)
def every_option_says_why(course: Course) -> Iterator[Problem]:
    """Count sentences and words; a reason that only repeats the value's name says nothing."""
    least, most = course.limits.why_sentences
    for item in course.items:
        value = course.standards.values.get(item.value) if course.standards else None
        for name, option in item.options.items():
            place = course.place(item, "options", name, "why")
            count, words = prose.sentences(option.why), len(prose.words(option.why))
            if not least <= count <= most:
                yield Problem(place, f"The why of “{name}” has {count} sentences.", "")
            elif words < course.limits.why_words:
                yield Problem(place, f"The why of “{name}” has {words} words.", "")
            elif value and prose.stems(option.why.lower()) <= prose.stems(value.title.lower()):
                yield Problem(place, f"The why of “{name}” only names the value.", "")


@check(
    "No two options of an item share their text or their reason.",
    do="Say what is different about this one.",
    reason="A reason that was copied is about the other option.",
)
def no_two_options_are_alike(course: Course) -> Iterator[Problem]:
    """Compare them, whatever their capitals and points."""
    for item in course.items:
        for field in ("text", "why"):
            seen: dict[str, str] = {}
            for name, option in item.options.items():
                said = " ".join(prose.words(getattr(option, field).lower()))
                if said in seen:
                    place = course.place(item, "options", name, field)
                    yield Problem(place, f"“{name}” has the {field} of “{seen[said]}”.", "")
                seen.setdefault(said, name)


@check(
    "Every option whose key asks for a drift names one.",
    do="Name the drift that it shows: one of quizzes/drifts.yml.",
    reason="A trainee learns not only what they missed but which way they lean.",
)
def every_option_that_slides_names_its_drift(course: Course) -> Iterator[Problem]:
    """Compare keys with the scale's `drift`, and what fits best with having none."""
    for item, scale in course.scaled:
        for name, option in item.options.items():
            if option.key in scale.drift and not option.drift:
                place = course.place(item, "options", name, "key")
                yield Problem(place, f"“{name}” is keyed {option.key} and names no drift.", "")
            elif option.drift and course.drifts and option.drift not in course.drifts:
                place = course.place(item, "options", name, "drift")
                yield Problem(place, f"“{option.drift}” is not in quizzes/drifts.yml.", "")


@check(
    "The options of an item are alike in length.",
    do="Cut the longest, or give the shortest the detail that the others have.",
    reason="Readers who do not know choose the longest, and are right too often.",
)
def options_are_alike_in_length(course: Course) -> Iterator[Problem]:
    """Hold the longest to 1.75 times the shortest, in words; a difference of four words or fewer is never too much."""
    for item in course.items:
        lengths = {name: length(option) for name, option in item.options.items()}
        longest, shortest = max(lengths, key=lengths.__getitem__), min(lengths, key=lengths.__getitem__)
        ratio = lengths[longest] / max(lengths[shortest], 1)
        if ratio > course.limits.length_ratio and lengths[longest] - lengths[shortest] > course.limits.length_slack:
            what = f"“{longest}” has {lengths[longest]} words, “{shortest}” {lengths[shortest]}."
            yield Problem(course.place(item, "options", longest, "text"), what, "")


@check(
    "No option speaks in absolutes.",
    do="Say it of this moment, as the other options do.",
    reason="Always and never are nearly always wrong, and readers know it without the scene.",
)
def no_option_speaks_in_absolutes(course: Course) -> Iterator[Problem]:
    """Look for always, never (but not “have never”), all of the above and their kin."""
    yield from _found(course, ABSOLUTE, "stands in “{name}”.")


@check(
    "No option holds a double negative.",
    do="Say what is done, not what is not left undone.",
    reason="It tests reading, and it tests those hardest who read in a second language.",
)
def no_option_holds_a_double_negative(course: Course) -> Iterator[Problem]:
    """Look for two negations with no comma between them, in options and in what is asked."""
    yield from _found(course, DOUBLE, "in “{name}” has to be turned round twice.")
    for item in course.items:
        if found := DOUBLE.search(item.ask):
            yield Problem(course.place(item, "ask"), f"“{found[0]}” has to be turned round twice.", "")


@check(
    "No one option alone repeats the scene's words.",
    do="Use those words in two options, or in none.",
    reason="Whoever matches words finds the answer without judging anything.",
)
def no_option_alone_repeats_the_scene(course: Course) -> Iterator[Problem]:
    """Flag an option that shares three or more stems with the scene that no other option has."""
    for item in course.items:
        for name, alone in _echoes(item).items():
            if len(alone) >= course.limits.repeated_stems:
                what = f"“{name}” alone takes up {', '.join(sorted(alone))} from the scene."
                yield Problem(course.place(item, "options", name, "text"), what, "")


def _echoes(item: Item) -> dict[str, frozenset[str]]:
    scene = prose.stems(item.scene)
    said = {name: prose.stems(option.text) for name, option in item.options.items()}
    others = {name: frozenset().union(*(said[other] for other in said if other != name)) for name in said}
    return {name: (said[name] & scene) - others[name] for name in said}


def _found(course: Course, pattern: re.Pattern[str], what: str) -> Iterator[Problem]:
    for item in course.items:
        for name, option in item.options.items():
            if found := pattern.search(option.text):
                place = course.place_of(course.place(item, "options", name, "text"), found[0])
                yield Problem(place, f"“{found[0]}” {what.format(name=name)}", "")
