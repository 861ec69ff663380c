"""Checks of blueprints: that what they name exists, and that what they ask can add up; assembles no form."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..errors import Problem
from .check import check
from .course import Course


@check(
    "Every name in a blueprint exists.",
    do="Mend the name: values stand in standards.yml, scales in scales.yml, quizzes in forms/.",
    reason="A count for a name that nothing bears is met by every form, or by none.",
)
def every_name_in_a_blueprint_exists(course: Course) -> Iterator[Problem]:
    """Look up values, scales and forms that blueprints name, and the blueprint that an assembled form names."""
    quizzes = {form.id for form in course.forms if form.assembled is None}
    broken = {problem.place.path for problem in course.unread}
    known: tuple[tuple[str, str, Collection[str]], ...] = (
        ("values", "value", course.standards.values if course.standards else ()),
        ("scales", "scale", course.scales),
    )
    for blueprint in course.blueprints:
        for line, word, names in known:
            for name in getattr(blueprint, line):
                if names and name not in names:
                    place = course.place(blueprint, line, name)
                    yield Problem(place, f"There is no {word} “{name}”; there are {', '.join(names)}.", "")
        for number, name in enumerate(blueprint.draws_on):
            if name not in quizzes and course.bank.folder / "forms" / f"{name}.yml" not in broken:
                place = course.place(blueprint, "draws_on", str(number))
                yield Problem(place, f"There is no form “{name}” that was made by hand.", "")
    for form in course.forms:
        if form.assembled and not (course.bank.folder / "blueprints" / f"{form.assembled.blueprint}.yml").is_file():
            place = course.place(form, "assembled", "blueprint")
            yield Problem(place, f"There is no blueprint “{form.assembled.blueprint}”.", "Delete the form, or name another.")


@check(
    "What every blueprint asks for adds up to a form.",
    do="Change the counts, or the number of items.",
    reason="Every item has one value and one scale, so that the counts of each have to leave room for the whole form.",
)
def what_every_blueprint_asks_for_adds_up(course: Course) -> Iterator[Problem]:
    """Add up the least, and the most where every value or scale is named, and hold them to the form's length."""
    for blueprint in course.blueprints:
        for line, names in (("values", course.standards.values if course.standards else ()), ("scales", course.scales)):
            counts = getattr(blueprint, line)
            least = sum(count.least for count in counts.values())
            most = sum(blueprint.items if count.most is None else count.most for count in counts.values())
            if least > blueprint.items:
                what = f"They ask for {least} items or more, and a form has {blueprint.items}."
                yield Problem(course.place(blueprint, line), what, "")
            elif names and set(names) <= set(counts) and most < blueprint.items:
                what = f"They let {most} items in at most, and a form has {blueprint.items}."
                yield Problem(course.place(blueprint, line), what, "")
